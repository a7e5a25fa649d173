//! Sources that are OpenID Providers: the connector that sends a browser there and judges what
//! comes back.
//!
//! Owns the order of the steps and what is remembered between them. The wire is judged in
//! `idp_oidc::rp`, every request goes through `idp_fetch`. Either all checks pass and there is an
//! event, or there is a refusal.

mod attributes;
mod connection;
mod documents;
mod logout;
mod memory;
mod stop;

use std::sync::Arc;

use http::HeaderValue;
use idp_domain::connector::{Begun, Confirmed, Ending, Heard, Said};
use idp_domain::refusal::Fault;
use idp_domain::{
    Acr, AgencyId, Ask, Assurance, AuthenticationEvent, Connector, Identity, Inbound, Kept,
    Lifetime, Outbound, Pending, Progress, Refusal, SourceId, Timestamp,
};
use idp_fetch::{Answer, Fetcher, Peer, Request};
use idp_oidc::jwk::JwkSet;
use idp_oidc::rp::{
    self, AuthorizationRequest, ClientProof, CodeExchange, Expected, Issuer, Prompt, Provider,
    Reply, TokenAnswer, Transport, VerifiedIdToken, add_userinfo, read_callback, read_token_answer,
    verify_id_token,
};
use url::Url;

use attributes::Reading;
pub use connection::{
    AssertionAudience, ConnectionError, OidcConnection, PromptWish, TokenEndpointAuth,
};
pub use documents::OidcDocuments;
use memory::Memory;
use stop::{Stop, refused_by_source};

/// What all connectors of OpenID Providers have in common.
#[derive(Clone, Debug)]
pub struct Outside {
    /// Sends every request.
    pub fetcher: Fetcher,
    /// What sources publish about themselves. Outlives a change of configuration.
    pub documents: Arc<OidcDocuments>,
    /// Where browsers reach us; sources send them back below it.
    pub base_url: Url,
}

/// Speaks to one source that is an OpenID Provider.
#[derive(Debug)]
pub struct OidcConnector {
    source: SourceId,
    agency: AgencyId,
    peer: Peer,
    issuer: Issuer,
    transport: Transport,
    redirect_uri: Url,
    proof: ClientProof,
    reading: Reading,
    connection: OidcConnection,
    outside: Outside,
}

impl OidcConnector {
    /// A connector for `source` of `agency`; fails if `connection` can never work.
    pub fn new(
        source: SourceId,
        agency: AgencyId,
        connection: OidcConnection,
        outside: Outside,
    ) -> Result<Self, ConnectionError> {
        let transport = if outside.fetcher.allows_loopback() {
            Transport::HttpsOrLoopback
        } else {
            Transport::Https
        };
        let issuer = Issuer::parse(&connection.issuer, transport)?;
        connection.verify(&issuer, transport)?;
        let base = outside.base_url.as_str().trim_end_matches('/');
        let redirect_uri = Url::parse(&format!("{base}/sources/{source}/callback"))
            .map_err(|_| ConnectionError::BaseUrl)?;
        Ok(Self {
            peer: Peer::Source(source.to_string()),
            proof: connection.proof(&issuer)?,
            reading: Reading::new(&connection.claims)?,
            source,
            agency,
            issuer,
            transport,
            redirect_uri,
            connection,
            outside,
        })
    }

    async fn ask(&self, ask: &Ask) -> Result<Begun, Fault> {
        let provider = match self.provider().await {
            Ok(provider) => provider,
            Err(stop) => return stop.into_refusal().map(Begun::Refused),
        };
        let memory = Memory::new(ask, self.issuer.as_str())?;
        let acr_values = self.acr_values(&ask.acr);
        let request = AuthorizationRequest {
            client_id: &self.connection.client_id,
            redirect_uri: &self.redirect_uri,
            scopes: &self.connection.scopes,
            state: &memory.state,
            nonce: &memory.nonce,
            verifier: &memory.verifier()?,
            prompt: self.prompt(ask),
            max_age: max_age(ask),
            acr_values: &acr_values,
            login_hint: ask.login_hint.as_deref(),
            ui_locales: &[ask.lang.tag()],
            claims: None,
        };
        match provider.authorization_url(&request) {
            Ok(url) => Ok(Begun::Go(Outbound::Redirect(url), memory.keep()?)),
            Err(error) => Stop::from(error).into_refusal().map(Begun::Refused),
        }
    }

    async fn judge(&self, kept: &Kept, reply: &Inbound) -> Result<Progress, Fault> {
        match self.prove(kept, reply).await {
            Ok(event) => Ok(Progress::Proven { event: Box::new(event), once: None }),
            Err(stop) => stop.into_refusal().map(Progress::Refused),
        }
    }

    async fn prove(&self, kept: &Kept, reply: &Inbound) -> Result<AuthenticationEvent, Stop> {
        let memory = Memory::recall(kept, reply.now)?;
        if memory.issuer != self.issuer.as_str() {
            // The source was pointed elsewhere in the middle of this login.
            return Err(Refusal::TransactionLost.into());
        }
        let provider = self.provider().await?;
        let code = match read_callback(&reply.query, &memory.state, &provider)? {
            rp::Answer::Code(code) => code,
            rp::Answer::Error(error) => return Err(refused_by_source(&error, memory.passive)),
        };
        let answer = self.redeem(&provider, &memory, &code, reply.now).await?;
        let token = self.verified(&provider, &memory, &answer, reply.now).await?;
        let token = self.with_userinfo(&provider, token, &answer).await?;
        Ok(self.event(&token, reply.now))
    }

    /// What the source is, from its own document or from the configuration.
    async fn provider(&self) -> Result<Arc<Provider>, Stop> {
        if let Some(endpoints) = &self.connection.endpoints {
            return Ok(Arc::new(Provider::configured(endpoints, &self.issuer, self.transport)?));
        }
        let algs = &self.connection.id_token_algs;
        let key = format!("{} {} {algs:?}", self.source, self.issuer.as_str());
        let provider = self.outside.documents.provider(&key, async || {
            let url = self.issuer.discovery_url()?;
            let answer = self.fetch(Request::get(url).accept("application/json")).await?;
            documents::expect_ok(rp::Document::Discovery, &answer)?;
            Ok(Provider::discovered(&answer.body, &self.issuer, self.transport, algs)?)
        });
        Ok(provider.await?)
    }

    async fn redeem(
        &self,
        provider: &Provider,
        memory: &Memory,
        code: &str,
        now: Timestamp,
    ) -> Result<TokenAnswer, Stop> {
        let exchange = CodeExchange {
            client_id: &self.connection.client_id,
            proof: &self.proof_for(provider),
            code,
            redirect_uri: &self.redirect_uri,
            verifier: &memory.verifier()?,
            nonce: memory::draw()?,
            now,
        };
        let sent = exchange
            .request()
            .map_err(|error| Fault::new("signing an assertion for a source", error))?;
        let mut request = Request::post_form(provider.token_endpoint().clone(), sent.form)
            .accept("application/json");
        if let Some(authorization) = sent.authorization {
            request = request.authorization(header(&authorization)?);
        }
        let answer = self.fetch(request).await?;
        Ok(read_token_answer(&reply_of(&answer, &answer.media_type()))?)
    }

    /// The ID token, verified; with newer keys, once, if none of those at hand is its own.
    //= oidc-core#10.1.1-2
    async fn verified(
        &self,
        provider: &Provider,
        memory: &Memory,
        answer: &TokenAnswer,
        now: Timestamp,
    ) -> Result<VerifiedIdToken, Stop> {
        let expected = Expected {
            issuer: &self.issuer,
            client_id: &self.connection.client_id,
            other_audiences: &self.connection.other_audiences,
            algs: &self.connection.id_token_algs,
            required: &self.connection.required_claims,
            nonce: &memory.nonce,
            access_token: answer.access_token.expose(),
            skew: Lifetime::seconds(self.connection.clock_skew_seconds),
            now,
        };
        let key = format!("{} {}", self.source, provider.jwks_uri());
        let documents = &self.outside.documents;
        let keys = documents.keys(&key, || self.fetch_keys(provider)).await?;
        match verify_id_token(&answer.id_token, &keys, &expected) {
            Err(error) if error.wants_newer_keys() => {
                let newer = documents.newer_keys(&key, &keys, || self.fetch_keys(provider)).await?;
                Ok(verify_id_token(&answer.id_token, &newer, &expected)?)
            }
            verdict => Ok(verdict?),
        }
    }

    async fn fetch_keys(&self, provider: &Provider) -> Result<JwkSet, documents::Trouble> {
        let request = Request::get(provider.jwks_uri().clone())
            .accept("application/jwk-set+json, application/json");
        let answer = self.fetch(request).await?;
        documents::expect_ok(rp::Document::Keys, &answer)?;
        Ok(JwkSet::parse(&answer.body).map_err(rp::PeerError::KeySet)?)
    }

    /// Adds what the userinfo endpoint says, if there is one and we are to ask it.
    async fn with_userinfo(
        &self,
        provider: &Provider,
        token: VerifiedIdToken,
        answer: &TokenAnswer,
    ) -> Result<VerifiedIdToken, Stop> {
        let endpoint = provider.userinfo_endpoint().filter(|_| self.connection.userinfo);
        let Some(endpoint) = endpoint else { return Ok(token) };
        let bearer = header(&format!("Bearer {}", answer.access_token.expose()))?;
        let request = Request::get(endpoint.clone()).accept("application/json");
        let answer = self.fetch(request.authorization(bearer)).await?;
        Ok(add_userinfo(token, &reply_of(&answer, &answer.media_type()))?)
    }

    async fn fetch(&self, request: Request) -> Result<Answer, idp_fetch::FetchError> {
        self.outside.fetcher.fetch(&self.peer, request).await
    }

    //= oidc-core#5.7-1
    fn event(&self, token: &VerifiedIdToken, now: Timestamp) -> AuthenticationEvent {
        AuthenticationEvent {
            identity: Identity {
                source: self.source.clone(),
                issuer: token.issuer().as_str().to_owned(),
                subject: token.subject().clone(),
                attributes: self.reading.read(token.claims()),
            },
            agency: self.agency.clone(),
            authenticated_at: token.authenticated_at(),
            received_at: now,
            acr: token.acr().map(|acr| self.our_name_for(acr)),
            amr: token.amr().to_vec(),
            // One factor is certain; the broker credits more where it trusts the source for it.
            assurance: Assurance::Aal1,
            phishing_resistant: false,
            credited_by: None,
            credited_until: None,
            source_session: token.session().map(str::to_owned),
            source_name: None,
            valid_until: None,
        }
    }

    fn our_name_for(&self, acr: &Acr) -> Acr {
        self.connection.acr.get(acr.as_str()).unwrap_or(acr).clone()
    }

    /// What is asked for, in the source's words where it has its own.
    fn acr_values(&self, asked: &[Acr]) -> Vec<Acr> {
        let mut values = Vec::new();
        for acr in asked {
            let theirs = self.connection.acr.iter().filter(|(_, ours)| *ours == acr);
            let theirs: Vec<Acr> = theirs.filter_map(|(name, _)| name.parse().ok()).collect();
            let names = if theirs.is_empty() { vec![acr.clone()] } else { theirs };
            values.extend(names);
        }
        values
    }

    fn prompt(&self, ask: &Ask) -> Option<Prompt> {
        if ask.passive {
            return Some(Prompt::None);
        }
        if ask.force {
            return Some(Prompt::Login);
        }
        self.connection.prompt.map(|wish| match wish {
            PromptWish::Login => Prompt::Login,
            PromptWish::SelectAccount => Prompt::SelectAccount,
            PromptWish::Consent => Prompt::Consent,
        })
    }

    /// The proof of who we are, addressed to the token endpoint where the source wants that.
    fn proof_for(&self, provider: &Provider) -> ClientProof {
        match (&self.proof, self.connection.assertion_audience) {
            (ClientProof::PrivateKey { key, .. }, AssertionAudience::TokenEndpoint) => {
                ClientProof::PrivateKey {
                    key: Arc::clone(key),
                    audience: provider.token_endpoint().as_str().to_owned(),
                }
            }
            (proof, _) => proof.clone(),
        }
    }
}

impl Connector for OidcConnector {
    fn begin<'a>(&'a self, ask: &'a Ask) -> Pending<'a, Begun> {
        Box::pin(self.ask(ask))
    }

    fn resume(&self, kept: Kept, reply: Inbound) -> Pending<'_, Progress> {
        Box::pin(async move { self.judge(&kept, &reply).await })
    }

    fn hear(&self, said: Said) -> Pending<'_, Heard> {
        Box::pin(async move { self.listen(&said).await })
    }

    fn confirm<'a>(&'a self, _: &'a Kept, _: Ending, _: Timestamp) -> Pending<'a, Confirmed> {
        Box::pin(async { Ok(Confirmed::Nothing) })
    }
}

/// How old a sign-in is asked for: a new one if the person must prove themselves again, for a
/// source may overlook `prompt=login` but has to tell `auth_time` where an age was asked for.
/// Policy judges what it tells.
fn max_age(ask: &Ask) -> Option<Lifetime> {
    if ask.force { Some(Lifetime::seconds(0)) } else { ask.max_age }
}

fn reply_of<'a>(answer: &'a Answer, media_type: &'a str) -> Reply<'a> {
    Reply { status: answer.status.as_u16(), media_type, body: &answer.body }
}

/// A header's value. What a source or an operator wrote cannot add a line to the request.
fn header(value: &str) -> Result<HeaderValue, Stop> {
    HeaderValue::from_str(value).map_err(|_| {
        Refusal::SourceMisbehaved {
            reason: "upstream_protocol",
            detail: "the access token cannot stand in a header".to_owned(),
        }
        .into()
    })
}

#[cfg(test)]
mod provider;
#[cfg(test)]
mod tests;
