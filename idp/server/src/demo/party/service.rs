//! What a service provider says to the broker: a signed request, a response judged to the letter,
//! and the way to sign out, which the broker may begin as well.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{Timestamp, attribute::by_uri};
use idp_fetch::{Fetcher, Peer, Policy, Request};
use idp_saml::{
    binding::{Binding, Incoming, Kind, post, redirect, soap},
    dsig::{DecryptionKey, DecryptionPolicy, KeyError, KeyKind, SigningKey, self_signed},
    logout::{self, Outcome, Outgoing, Question, Reply, Sender},
    metadata::{
        self, AcsEndpoint, Endpoint, Entity, IdpRole, Key, KeyUse, Keys, Location, Reading, SpRole,
    },
    schema::{Attribute, AttributeValue, Opener, format, new_id},
    sp::{self, Accepted, Asked, ConsumeError, DEFAULT_SKEW, Expected, IdpTrust, Quirks, Wanted},
};
use serde_json::{Map, Value};
use url::Url;

use super::{
    ClientError, Leaving, url,
    visits::{Farewell, Person},
};

/// How long the certificate of a demonstration counts, in years.
const YEARS: u8 = 1;

/// Speaks to the broker by SAML.
pub(super) struct ServiceProvider {
    home: String,
    broker: String,
    key: Arc<SigningKey>,
    decryption: DecryptionKey,
    fetcher: Fetcher,
    peer: Peer,
}

/// What the broker says of itself.
struct Broker {
    trust: IdpTrust,
    role: IdpRole,
}

impl ServiceProvider {
    /// A service provider at `home`, with keys of its own.
    pub(super) fn new(home: String, broker: String, now: Timestamp) -> Result<Self, ClientError> {
        let no_key = |_: KeyError| ClientError::Saml("key");
        let private = KeyKind::Rsa2048.generate().map_err(no_key)?;
        let serial = random::<16>()?;
        let certificate = self_signed(private.expose(), "demonstration", now, YEARS, serial);
        let certificate = certificate.map_err(no_key)?;
        Ok(Self {
            key: Arc::new(SigningKey::new(private.expose(), &certificate).map_err(no_key)?),
            decryption: DecryptionKey::new(private.expose(), &certificate).map_err(no_key)?,
            fetcher: Fetcher::new(Policy { allow_loopback: true, ..Policy::default() })?,
            peer: Peer::Source("broker".to_owned()),
            home,
            broker,
        })
    }

    /// Its name.
    fn entity_id(&self) -> String {
        format!("{}/saml/metadata", self.home)
    }

    fn acs(&self) -> String {
        format!("{}/saml/acs", self.home)
    }

    fn slo(&self) -> String {
        format!("{}/saml/slo", self.home)
    }

    /// What it says of itself.
    pub(super) fn metadata(&self) -> Result<String, ClientError> {
        let at = |text: &str| Location::parse(text, true).map_err(|_| ClientError::Address);
        let slo = |binding, path: &str| {
            let location = at(path)?;
            Ok::<_, ClientError>(Endpoint { binding, location, response_location: None })
        };
        let certificate = self.key.certificate().to_vec();
        let role = SpRole {
            acs: vec![AcsEndpoint {
                index: 0,
                is_default: Some(true),
                binding: Binding::Post,
                location: at(&self.acs())?,
            }],
            slo: vec![
                slo(Binding::Soap, &format!("{}/soap", self.slo()))?,
                slo(Binding::Redirect, &self.slo())?,
            ],
            name_id_formats: vec![format::PERSISTENT.to_owned()],
            authn_requests_signed: true,
            want_assertions_signed: true,
            keys: Keys(vec![Key {
                usage: KeyUse::Both,
                certificates: vec![certificate],
                encryption_methods: Vec::new(),
            }]),
            ..SpRole::default()
        };
        let entity = Entity { entity_id: self.entity_id(), sp: Some(role), ..Entity::default() };
        let written = metadata::write(&entity, &self.key, self.key.default_alg());
        let written = written.map_err(|_| ClientError::Saml("key"))?;
        String::from_utf8(written).map_err(|_| ClientError::Saml("encoding"))
    }

    /// Where to send somebody to sign in, and what to remember meanwhile.
    pub(super) async fn begin(&self, now: Timestamp) -> Result<(Url, Leaving), ClientError> {
        let broker = self.broker(now).await?;
        let redirects = |endpoint: &&Endpoint| endpoint.binding == Binding::Redirect;
        let sso = broker.role.sso.iter().find(redirects).ok_or(ClientError::Saml("sso"))?;
        let state = URL_SAFE_NO_PAD.encode(random::<32>()?);
        let (request_id, acs, entity_id) = (new_id(random()?), self.acs(), self.entity_id());
        let request = sp::authn_request(&Wanted {
            id: &request_id,
            now,
            our_entity_id: &entity_id,
            destination: sso.location.as_str(),
            acs: &acs,
            contexts: &[],
            force: false,
            passive: false,
            name_format: Some(format::PERSISTENT),
            requester: None,
            proxy_count: None,
            attribute_set: None,
            attributes: &[],
        });
        let location = redirect::write(
            sso.location.as_str(),
            Kind::Request,
            &request.to_canonical(),
            Some(&state),
            &self.key,
            self.key.default_alg(),
        );
        let location = url(&location.map_err(|error| ClientError::Saml(error.slug()))?)?;
        let asked = Asked { request_id, issued_at: now };
        Ok((location, Leaving { state, memory: super::Memory::Saml(asked) }))
    }

    /// Who it is that came back with `form`.
    pub(super) async fn finish(
        &self,
        asked: &Asked,
        form: &[(String, String)],
        now: Timestamp,
    ) -> Result<Person, ClientError> {
        let message = post::read(form).map_err(|error| ClientError::Saml(error.slug()))?;
        let broker = self.broker(now).await?;
        let (acs, entity_id) = (self.acs(), self.entity_id());
        let expected = Expected {
            idp: &broker.trust,
            our_entity_id: &entity_id,
            acs: &acs,
            asked: Some(asked),
            decryption: std::slice::from_ref(&self.decryption),
            // The broker takes the usual OAEP where our metadata names no better one.
            policy: DecryptionPolicy { oaep_sha1: true, cbc: false },
            require_encryption: true,
            skew: DEFAULT_SKEW,
            now,
        };
        match sp::consume(&message.xml, &expected) {
            Ok(accepted) => person(accepted),
            Err(ConsumeError::Status { second, .. }) => {
                let second = second.unwrap_or_default();
                let code = second.rsplit(':').next().unwrap_or_default();
                Err(ClientError::Declined(code.to_owned()))
            }
            Err(error) => Err(ClientError::Saml(error.slug())),
        }
    }

    /// Where to send somebody to sign out.
    pub(super) async fn farewell(
        &self,
        farewell: &Farewell,
        now: Timestamp,
    ) -> Result<Url, ClientError> {
        let Farewell::Name(name, session) = farewell else { return Err(ClientError::Lost) };
        let broker = self.broker(now).await?;
        let way = logout::front_way(&broker.role.slo).ok_or(ClientError::Saml("slo"))?;
        let id = new_id(random()?);
        let question =
            Question { id: &id, name, session_index: session.as_deref(), relay_state: None };
        sent(logout::ask(way, &question, &self.sender(&self.entity_id(), now)))
    }

    /// Judges what the broker sent about a logout with the browser: a wish of its own, which is
    /// done by `forget`, or the answer to ours. Answers whereto the browser goes.
    pub(super) async fn logout(
        &self,
        query: &str,
        forget: impl FnOnce(&idp_saml::schema::NameId, &[String]) -> bool,
        now: Timestamp,
    ) -> Result<Option<Url>, ClientError> {
        let message = redirect::read(query).map_err(|error| ClientError::Saml(error.slug()))?;
        let broker = self.broker(now).await?;
        let slo = self.slo();
        let expected = expected(&broker, &slo, now);
        if message.kind == Kind::Response {
            let replied = logout::receive_response(&message, &expected);
            return replied.map(|_| None).map_err(|error| ClientError::Saml(error.slug()));
        }
        let asked = logout::receive_request(&message, &expected);
        let asked = asked.map_err(|error| ClientError::Saml(error.slug()))?;
        let found = forget(asked.name(), asked.session_indexes());
        let way = logout::front_way(&broker.role.slo).ok_or(ClientError::Saml("slo"))?;
        let id = new_id(random()?);
        let reply = Reply {
            id: &id,
            in_response_to: asked.id(),
            outcome: if found { Outcome::Complete } else { Outcome::UnknownPrincipal },
            relay_state: asked.relay_state.as_deref(),
        };
        let answer = logout::answer(way, &reply, &self.sender(&self.entity_id(), now));
        sent(answer).map(Some)
    }

    /// The same without a browser: answers the envelope to send back.
    pub(super) async fn logout_by_soap(
        &self,
        body: Vec<u8>,
        forget: impl FnOnce(&idp_saml::schema::NameId, &[String]) -> bool,
        now: Timestamp,
    ) -> Result<Vec<u8>, ClientError> {
        let message: Incoming =
            soap::read(Kind::Request, body).map_err(|error| ClientError::Saml(error.slug()))?;
        let broker = self.broker(now).await?;
        let here = format!("{}/soap", self.slo());
        let asked = logout::receive_request(&message, &expected(&broker, &here, now));
        let asked = asked.map_err(|error| ClientError::Saml(error.slug()))?;
        let found = forget(asked.name(), asked.session_indexes());
        let id = new_id(random()?);
        let reply = Reply {
            id: &id,
            in_response_to: asked.id(),
            outcome: if found { Outcome::Complete } else { Outcome::UnknownPrincipal },
            relay_state: None,
        };
        let envelope = logout::answer_by_soap(&reply, &self.sender(&self.entity_id(), now));
        envelope.map_err(|_| ClientError::Saml("key"))
    }

    fn sender<'a>(&'a self, entity_id: &'a str, now: Timestamp) -> Sender<'a> {
        Sender { entity_id, key: &self.key, alg: self.key.default_alg(), now }
    }

    /// What the broker says of itself. Asked for each time: nothing here can be out of date after
    /// it has changed its keys.
    async fn broker(&self, now: Timestamp) -> Result<Broker, ClientError> {
        let entity_id = format!("{}/saml/metadata", self.broker);
        let fetched = self.fetcher.fetch(&self.peer, Request::get(url(&entity_id)?)).await?;
        let reading = Reading { trust: metadata::Trust::Unsigned, now, loopback_http: true };
        let entity = metadata::read_one(&fetched.body, &entity_id, &reading)
            .map_err(|error| ClientError::Saml(error.slug()))?;
        let role = entity.idp.ok_or(ClientError::Saml("role"))?;
        let quirks = Quirks::default();
        let trust = IdpTrust { entity_id, keys: role.keys.verifying(), quirks };
        Ok(Broker { trust, role })
    }
}

/// What a message of the broker about a logout must be.
fn expected<'a>(broker: &'a Broker, destination: &'a str, now: Timestamp) -> logout::Expected<'a> {
    logout::Expected {
        entity_id: &broker.trust.entity_id,
        keys: &broker.trust.keys,
        destination,
        opener: Opener::CLOSED,
        skew: DEFAULT_SKEW,
        now,
    }
}

/// Where the browser goes with a message.
fn sent(outgoing: Result<Outgoing, logout::SendError>) -> Result<Url, ClientError> {
    match outgoing {
        Ok(Outgoing::Redirect(location)) => url(&location),
        // The broker takes messages by Redirect, which is preferred.
        Ok(_) => Err(ClientError::Saml("binding")),
        Err(_) => Err(ClientError::Saml("key")),
    }
}

/// Who an assertion is about, in the words that the pages know.
fn person(accepted: Accepted) -> Result<Person, ClientError> {
    let name = accepted.name_id.ok_or(ClientError::Saml("identifier"))?;
    let mut claims: Map<String, Value> = accepted.attributes.iter().filter_map(claim).collect();
    claims.insert("sub".to_owned(), name.value.clone().into());
    claims.insert("iss".to_owned(), accepted.issuer.into());
    if let Some(session) = &accepted.session_index {
        claims.insert("sid".to_owned(), session.clone().into());
    }
    Ok(Person {
        farewell: Farewell::Name(name, accepted.session_index),
        acr: accepted.context,
        authenticated_at: Some(accepted.authn_instant),
        claims,
    })
}

fn claim(attribute: &Attribute) -> Option<(String, Value)> {
    let known = by_uri(&attribute.name);
    let values: Vec<_> = attribute
        .values
        .iter()
        .filter_map(AttributeValue::as_text)
        .map(|text| Value::from(text.to_owned()))
        .collect();
    let name = known.map_or(attribute.name.as_str(), |def| def.claim).to_owned();
    match <[Value; 1]>::try_from(values) {
        Ok([one]) => Some((name, one)),
        Err(several) if several.is_empty() => None,
        Err(several) => Some((name, Value::Array(several))),
    }
}

fn random<const N: usize>() -> Result<[u8; N], ClientError> {
    idp_broker::random().map_err(|_| ClientError::Random)
}
