//! What a relying party says to the broker: authorization code with PKCE, state and nonce, an ID
//! token verified to the letter, userinfo, and the way to sign out.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::HeaderValue;
use idp_domain::{Lifetime, Secret, Timestamp};
use idp_fetch::{Answer as Fetched, Fetcher, Peer, Policy, Request};
use idp_oidc::{
    jwk::JwkSet,
    keys::SigningAlg,
    pkce::Verifier,
    rp::{
        Answer, AuthorizationRequest, ClientProof, CodeExchange, Expected, ExpectedLogout, Issuer,
        LoggedOut, PeerError, Provider, Reply, Transport, VerifiedIdToken, add_userinfo,
        read_callback, read_token_answer, verify_id_token, verify_logout_token,
    },
};
use serde::Deserialize;
use url::Url;

use super::{
    ClientError, Leaving, url,
    visits::{Farewell as Way, Person},
};

/// What the broker signs our ID tokens with.
const ALGS: &[SigningAlg] = &[SigningAlg::Es256];
/// How far the broker's clock may be off.
const SKEW: Lifetime = Lifetime::seconds(60);

/// What this relying party is at the broker.
pub(super) struct Registration {
    pub(super) id: &'static str,
    pub(super) secret: Secret<String>,
    pub(super) home: String,
    pub(super) scopes: &'static [&'static str],
    pub(super) issuer: String,
}

/// Speaks to the broker.
pub(super) struct Client {
    id: &'static str,
    proof: ClientProof,
    scopes: Vec<String>,
    issuer: Issuer,
    redirect_uri: Url,
    after_logout: Url,
    fetcher: Fetcher,
    peer: Peer,
}

/// What is remembered while somebody is at the broker.
#[derive(Clone)]
pub(super) struct Memory {
    nonce: String,
    verifier: Verifier,
}

/// The part of a discovery document that is about signing out.
#[derive(Deserialize)]
struct Farewell {
    end_session_endpoint: Url,
}

impl Client {
    pub(super) fn new(registration: Registration) -> Result<Self, ClientError> {
        let Registration { id, secret, home, scopes, issuer } = registration;
        Ok(Self {
            id,
            proof: ClientProof::SecretBasic(secret),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            issuer: Issuer::parse(&issuer, Transport::HttpsOrLoopback)?,
            redirect_uri: url(&format!("{home}/callback"))?,
            after_logout: url(&format!("{home}/signed-out"))?,
            fetcher: Fetcher::new(Policy { allow_loopback: true, ..Policy::default() })?,
            peer: Peer::Source("broker".to_owned()),
        })
    }

    /// Where to send somebody to sign in, and what to remember meanwhile.
    pub(super) async fn begin(&self) -> Result<(Url, Leaving), ClientError> {
        let provider = self.provider(&self.discover().await?)?;
        let random = || idp_broker::random::<32>().map_err(|_| ClientError::Random);
        let state = URL_SAFE_NO_PAD.encode(random()?);
        let memory = Memory {
            nonce: URL_SAFE_NO_PAD.encode(random()?),
            verifier: Verifier::from_random(random()?),
        };
        let url = provider.authorization_url(&AuthorizationRequest {
            client_id: self.id,
            redirect_uri: &self.redirect_uri,
            scopes: &self.scopes,
            state: &state,
            nonce: &memory.nonce,
            verifier: &memory.verifier,
            prompt: None,
            max_age: None,
            acr_values: &[],
            login_hint: None,
            ui_locales: &[],
            claims: None,
        })?;
        Ok((url, Leaving { state, memory: super::Memory::Oidc(memory) }))
    }

    /// Who it is that came back with `answer`.
    pub(super) async fn finish(
        &self,
        (state, memory): (&str, &Memory),
        answer: &[(String, String)],
        now: Timestamp,
    ) -> Result<Person, ClientError> {
        let provider = self.provider(&self.discover().await?)?;
        let code = match read_callback(answer, state, &provider)? {
            Answer::Code(code) => code,
            Answer::Error(error) => return Err(ClientError::Declined(error.code)),
        };
        let exchange = CodeExchange {
            client_id: self.id,
            proof: &self.proof,
            code: &code,
            redirect_uri: &self.redirect_uri,
            verifier: &memory.verifier,
            nonce: idp_broker::random().map_err(|_| ClientError::Random)?,
            now,
        };
        let sent = exchange.request().map_err(|_| ClientError::Random)?;
        let mut request = Request::post_form(provider.token_endpoint().clone(), sent.form)
            .accept("application/json");
        if let Some(authorization) = sent.authorization {
            request = request.authorization(header(&authorization)?);
        }
        let fetched = self.fetch(request).await?;
        let tokens = read_token_answer(&reply(&fetched, &fetched.media_type()))?;
        let keys = self.fetch(Request::get(provider.jwks_uri().clone())).await?;
        let keys = JwkSet::parse(&keys.body).map_err(PeerError::KeySet)?;
        let expected = Expected {
            issuer: &self.issuer,
            client_id: self.id,
            other_audiences: &[],
            algs: ALGS,
            required: &BTreeMap::new(),
            nonce: &memory.nonce,
            access_token: tokens.access_token.expose(),
            skew: SKEW,
            now,
        };
        let verified = verify_id_token(&tokens.id_token, &keys, &expected)?;
        let verified = self.with_userinfo(&provider, verified, &tokens.access_token).await?;
        Ok(Person {
            farewell: Way::IdToken(Secret::new(tokens.id_token)),
            acr: verified.acr().map(|acr| acr.as_str().to_owned()),
            authenticated_at: verified.authenticated_at(),
            claims: verified.claims().clone(),
        })
    }

    /// The session that the broker says is over.
    pub(super) async fn signed_out(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<LoggedOut, ClientError> {
        let provider = self.provider(&self.discover().await?)?;
        let keys = self.fetch(Request::get(provider.jwks_uri().clone())).await?;
        let keys = JwkSet::parse(&keys.body).map_err(PeerError::KeySet)?;
        let expected = ExpectedLogout {
            issuer: &self.issuer,
            client_id: self.id,
            algs: ALGS,
            skew: SKEW,
            now,
        };
        verify_logout_token(token, &keys, &expected).map_err(|_| ClientError::Lost)
    }

    async fn with_userinfo(
        &self,
        provider: &Provider,
        verified: VerifiedIdToken,
        access_token: &Secret<String>,
    ) -> Result<VerifiedIdToken, ClientError> {
        let Some(endpoint) = provider.userinfo_endpoint() else { return Ok(verified) };
        let bearer = header(&format!("Bearer {}", access_token.expose()))?;
        let request = Request::get(endpoint.clone()).accept("application/json");
        let fetched = self.fetch(request.authorization(bearer)).await?;
        Ok(add_userinfo(verified, &reply(&fetched, &fetched.media_type()))?)
    }

    /// Where to send somebody to sign out: `id_token` says whose session ends, so that the broker
    /// need not ask.
    pub(super) async fn farewell(&self, id_token: &Secret<String>) -> Result<Url, ClientError> {
        let document = self.discover().await?;
        self.provider(&document)?;
        let Farewell { end_session_endpoint: mut url } = document.json()?;
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token.expose())
            .append_pair("post_logout_redirect_uri", self.after_logout.as_str());
        Ok(url)
    }

    /// The broker's discovery document. Asked for each time: there is nothing here that could be
    /// out of date after the broker has changed its keys.
    async fn discover(&self) -> Result<Fetched, ClientError> {
        let request = Request::get(self.issuer.discovery_url()?).accept("application/json");
        self.fetch(request).await
    }

    fn provider(&self, document: &Fetched) -> Result<Provider, ClientError> {
        let transport = Transport::HttpsOrLoopback;
        Ok(Provider::discovered(&document.body, &self.issuer, transport, ALGS)?)
    }

    async fn fetch(&self, request: Request) -> Result<Fetched, ClientError> {
        Ok(self.fetcher.fetch(&self.peer, request).await?)
    }
}

fn reply<'a>(fetched: &'a Fetched, media_type: &'a str) -> Reply<'a> {
    Reply { status: fetched.status.as_u16(), media_type, body: &fetched.body }
}

fn header(value: &str) -> Result<HeaderValue, ClientError> {
    HeaderValue::from_str(value).map_err(|_| ClientError::Address)
}
