//! What goes out: requests to end sessions, and answers. All of it is signed.

use idp_domain::{Lifetime, Timestamp};
use thiserror::Error;

use crate::{
    binding::{
        Binding, BindingError, Kind,
        post::{self, PostForm},
        redirect, soap,
    },
    dsig::{self, KeyError, Place, SignatureAlg, SigningKey},
    metadata::Endpoint,
    schema::{Issuer, LogoutRequest, LogoutResponse, NameId, Status, StatusCode, second},
    xml::{Markup, Prefixes, ns},
};

/// How long a request of ours counts: longer than a browser needs to bring it.
const LIFETIME: Lifetime = Lifetime::minutes(5);

/// That the person wished it (SAML Core 3.7.3).
const BY_PERSON: &str = "urn:oasis:names:tc:SAML:2.0:logout:user";

/// Some readers write a message anew when they take it out of its envelope, with prefixes that
/// they number in the order of appearance, and verify its signature after that. Written with these
/// from the start, it stays what it was.
const NUMBERED: Prefixes = &[(ns::SAMLP, "ns0"), (ns::SAML, "ns1"), (ns::DS, "ns2")];

/// Who we are towards the peer.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// Our entity ID, in the role that we speak in.
    pub entity_id: &'a str,
    /// The key that signs.
    pub key: &'a SigningKey,
    /// What the peer understands.
    pub alg: SignatureAlg,
    /// The time.
    pub now: Timestamp,
}

/// What a request says.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Its ID.
    pub id: &'a str,
    /// Whose sessions: the name as it was issued or received, with all its qualifiers.
    pub name: &'a NameId,
    /// Which of them, as the peer calls it.
    pub session_index: Option<&'a str>,
    /// What the peer is to give back with the answer.
    pub relay_state: Option<&'a str>,
}

/// What an answer says.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// Its ID.
    pub id: &'a str,
    /// The ID of the request.
    pub in_response_to: &'a str,
    /// How it fared.
    pub outcome: Outcome,
    /// What the peer wants back.
    pub relay_state: Option<&'a str>,
}

/// How a logout that a peer asked for fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person is signed out everywhere.
    Complete,
    /// The session is over, but not everybody who was told of it has confirmed that.
    Partial,
    /// There is no session of that name in which the peer takes part.
    UnknownPrincipal,
    /// We failed.
    Failed,
}

/// A message, ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// The browser goes to this address.
    Redirect(String),
    /// The browser posts this form.
    Post(PostForm),
    /// We post this envelope.
    Soap {
        /// Where to.
        location: String,
        /// The envelope.
        body: Vec<u8>,
    },
}

/// Why a message did not come about.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SendError {
    /// It could not be put into its envelope.
    #[error(transparent)]
    Binding(#[from] BindingError),
    /// It could not be signed.
    #[error("the message could not be signed")]
    Key(#[from] KeyError),
}

/// The endpoint of a peer that needs no browser.
#[must_use]
pub fn back_way(endpoints: &[Endpoint]) -> Option<&Endpoint> {
    endpoints.iter().find(|endpoint| endpoint.binding == Binding::Soap)
}

/// The endpoint of a peer that the browser goes to: by Redirect if it can be, for browsers bring
/// cookies with that.
#[must_use]
pub fn front_way(endpoints: &[Endpoint]) -> Option<&Endpoint> {
    let by = |binding| endpoints.iter().find(move |endpoint| endpoint.binding == binding);
    by(Binding::Redirect).or_else(|| by(Binding::Post))
}

/// Asks at `endpoint` that sessions be ended.
//= saml-profiles#4.4.3.1-1
pub fn ask(
    endpoint: &Endpoint,
    question: &Question<'_>,
    sender: &Sender<'_>,
) -> Result<Outgoing, SendError> {
    let location = endpoint.location.as_str();
    let request = LogoutRequest {
        id: question.id.to_owned(),
        issue_instant: sender.now,
        destination: Some(location.to_owned()),
        issuer: Some(Issuer(sender.entity_id.to_owned())),
        not_on_or_after: Some(sender.now + LIFETIME),
        reason: Some(BY_PERSON.to_owned()),
        name_id: question.name.clone(),
        session_indexes: question.session_index.map(str::to_owned).into_iter().collect(),
        asynchronous: false,
    };
    let way = (endpoint.binding, location);
    send(way, Kind::Request, request.write(), question.relay_state, sender)
}

/// Answers a request at `endpoint`.
pub fn answer(
    endpoint: &Endpoint,
    reply: &Reply<'_>,
    sender: &Sender<'_>,
) -> Result<Outgoing, SendError> {
    let location = endpoint.for_responses().as_str();
    let response = response(reply, Some(location), sender);
    send((endpoint.binding, location), Kind::Response, response, reply.relay_state, sender)
}

/// Answers a request on the connection that it came by: the envelope.
pub fn answer_by_soap(reply: &Reply<'_>, sender: &Sender<'_>) -> Result<Vec<u8>, SendError> {
    let response = response(reply, None, sender).prefixed(NUMBERED);
    Ok(soap::write(dsig::sign(response, sender.key, sender.alg, Place::AfterIssuer)?))
}

fn response(reply: &Reply<'_>, destination: Option<&str>, sender: &Sender<'_>) -> Markup {
    let response = LogoutResponse {
        id: reply.id.to_owned(),
        in_response_to: Some(reply.in_response_to.to_owned()),
        issue_instant: sender.now,
        destination: destination.map(str::to_owned),
        issuer: Some(Issuer(sender.entity_id.to_owned())),
        status: status(reply.outcome),
    };
    response.write()
}

/// The status that says an outcome (SAML Core 3.7.3.2): our own session is over in both cases of
/// success.
fn status(outcome: Outcome) -> Status {
    let with = |code, second: &str| Status { code, second: Some(second.to_owned()), message: None };
    match outcome {
        Outcome::Complete => Status::success(),
        Outcome::Partial => with(StatusCode::Success, second::PARTIAL_LOGOUT),
        Outcome::UnknownPrincipal => with(StatusCode::Requester, second::UNKNOWN_PRINCIPAL),
        Outcome::Failed => Status { code: StatusCode::Responder, second: None, message: None },
    }
}

fn send(
    (binding, location): (Binding, &str),
    kind: Kind,
    message: Markup,
    relay_state: Option<&str>,
    sender: &Sender<'_>,
) -> Result<Outgoing, SendError> {
    let Sender { key, alg, .. } = *sender;
    let signed = |message| dsig::sign(message, key, alg, Place::AfterIssuer);
    match binding {
        Binding::Redirect => {
            let xml = message.to_canonical();
            let url = redirect::write(location, kind, &xml, relay_state, key, alg)?;
            Ok(Outgoing::Redirect(url))
        }
        Binding::Post => {
            let xml = signed(message)?.to_canonical();
            Ok(Outgoing::Post(post::write(location, kind, &xml, relay_state)))
        }
        Binding::Soap => {
            let body = soap::write(signed(message.prefixed(NUMBERED))?);
            Ok(Outgoing::Soap { location: location.to_owned(), body })
        }
    }
}
