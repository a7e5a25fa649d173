//! Logout with an identity provider: told of ours, heard of its own, answered.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use idp_domain::connector::{Confirmed, Ending, Heard, Leave, Message, Once, Over, Said};
use idp_domain::refusal::Fault;
use idp_domain::{AuthenticationEvent, Kept, Lifetime, Outbound, Timestamp};
use idp_saml::binding::{Binding, Incoming, Kind, post, redirect, soap};
use idp_saml::dsig::DecryptionPolicy;
use idp_saml::keys::SamlKeys;
use idp_saml::logout::{
    Asked, Expected, LogoutError, Outcome, Outgoing, Question, Reply, Sender, answer,
    answer_by_soap, ask, front_way, names_meant, read_name, receive_request, receive_response,
};
use idp_saml::schema::{Opener, new_id};
use serde::{Deserialize, Serialize};

use super::SamlConnector;
use super::peer::IdentityProvider;
use super::place::chain;
use super::request::{address, posted};
use super::stop::{Stop, misbehaved};

/// What an answer needs of the request, between hearing and confirming.
#[derive(Serialize, Deserialize)]
struct Memory {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    relay_state: Option<String>,
    /// It came on a connection of the source's own, which waits for the answer.
    on_line: bool,
}

impl SamlConnector {
    /// The request that ends the source's session; none where the source takes none, or told us
    /// no name.
    pub(super) fn say_goodbye(
        &self,
        event: &AuthenticationEvent,
        leave: &Leave,
    ) -> Result<Option<Outbound>, Fault> {
        let Ok(peer) = self.peer(leave.now) else { return Ok(None) };
        let name = event.source_name.as_deref().and_then(read_name);
        let (Some(name), Some(endpoint)) = (name, front_way(&peer.slo)) else { return Ok(None) };
        let keys = self.keys()?;
        let question = Question {
            // An ID must not begin with a digit.
            id: &format!("_{}", leave.correlator),
            name: &name,
            session_index: event.source_session.as_deref(),
            relay_state: None,
        };
        let sent = ask(endpoint, &question, &self.sender(&peer, &keys, leave.now));
        let sent = sent.map_err(|error| Fault::new("asking a source to end a session", error))?;
        going(sent)
    }

    pub(super) fn listen(&self, said: &Said) -> Result<Heard, Fault> {
        let heard = self.judge_logout(said);
        heard.or_else(|stop| stop.into_refusal().map(Heard::Refused))
    }

    fn judge_logout(&self, said: &Said) -> Result<Heard, Stop> {
        let peer = self.peer(said.now)?;
        let keys = self.keys()?;
        let (message, destination) = match &said.message {
            Message::Query(query) => (redirect::read(query)?, self.ours.slo()),
            Message::Form(form) => (post::read(form)?, self.ours.slo()),
            Message::Body(body) => {
                (soap::read(Kind::Request, body.clone())?, format!("{}/soap", self.ours.slo()))
            }
        };
        let policy = DecryptionPolicy {
            oaep_sha1: self.connection.encryption.allow_oaep_sha1,
            ..DecryptionPolicy::default()
        };
        let expected = Expected {
            entity_id: &peer.trust.entity_id,
            keys: &peer.trust.keys,
            destination: &destination,
            opener: Opener::new(&keys.decryption, policy),
            skew: Lifetime::seconds(self.connection.clock_skew_seconds),
            now: said.now,
        };
        match message.kind {
            Kind::Request => self.over(&message, &expected),
            Kind::Response => {
                let replied = receive_response(&message, &expected).map_err(|error| no(&error))?;
                let correlator = replied.in_response_to.trim_start_matches('_').to_owned();
                Ok(Heard::Left { correlator, out: replied.out })
            }
        }
    }

    fn over(&self, message: &Incoming, expected: &Expected<'_>) -> Result<Heard, Stop> {
        let asked: Asked = receive_request(message, expected).map_err(|error| no(&error))?;
        let memory = Memory {
            id: asked.id().to_owned(),
            relay_state: asked.relay_state.clone(),
            on_line: asked.binding == Binding::Soap,
        };
        let kept = serde_json::to_string(&memory)
            .map_err(|error| Fault::new("keeping a logout of a source", error))?;
        Ok(Heard::Over(Box::new(Over {
            issuer: expected.entity_id.to_owned(),
            names: names_meant(asked.name(), expected.entity_id, &self.entity_id),
            marks: asked.session_indexes().to_vec(),
            once: Once {
                key: format!("logout {} {}", expected.entity_id, asked.id()),
                until: asked.replay_until,
            },
            asked: Kept::new(kept),
        })))
    }

    pub(super) fn reply(
        &self,
        asked: &Kept,
        ending: Ending,
        now: Timestamp,
    ) -> Result<Confirmed, Fault> {
        let Ok(peer) = self.peer(now) else { return Ok(Confirmed::Nothing) };
        let memory: Memory = serde_json::from_str(asked.as_str())
            .map_err(|error| Fault::new("recalling a logout of a source", error))?;
        let keys = self.keys()?;
        let mut random = [0; 20];
        let drawn = SystemRandom::new().fill(&mut random);
        drawn.map_err(|_| Fault::broken("drawing random bytes"))?;
        let reply = Reply {
            id: &new_id(random),
            in_response_to: &memory.id,
            outcome: match ending {
                Ending::Complete => Outcome::Complete,
                Ending::Partial => Outcome::Partial,
                Ending::Unknown => Outcome::UnknownPrincipal,
            },
            relay_state: memory.relay_state.as_deref(),
        };
        let sender = self.sender(&peer, &keys, now);
        let failed = |error| Fault::new("answering a source's logout", error);
        if memory.on_line {
            let body = answer_by_soap(&reply, &sender).map_err(failed)?;
            return Ok(Confirmed::Body { content_type: soap::CONTENT_TYPE, body });
        }
        let Some(endpoint) = front_way(&peer.slo) else { return Ok(Confirmed::Nothing) };
        let sent = answer(endpoint, &reply, &sender).map_err(failed)?;
        Ok(going(sent)?.map_or(Confirmed::Nothing, Confirmed::Browser))
    }

    fn sender<'a>(
        &'a self,
        peer: &IdentityProvider,
        keys: &'a SamlKeys,
        now: Timestamp,
    ) -> Sender<'a> {
        Sender { entity_id: &self.entity_id, key: &keys.signing, alg: peer.alg(&keys.signing), now }
    }
}

/// What a browser takes along; an envelope is nothing for it.
fn going(sent: Outgoing) -> Result<Option<Outbound>, Fault> {
    Ok(match sent {
        Outgoing::Redirect(url) => Some(Outbound::Redirect(address(&url)?)),
        Outgoing::Post(form) => Some(posted(form)?),
        Outgoing::Soap { .. } => None,
    })
}

fn no(error: &LogoutError) -> Stop {
    misbehaved(error.slug(), &chain(error))
}
