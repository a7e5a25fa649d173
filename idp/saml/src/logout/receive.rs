//! What comes in: a request to end sessions, or the answer to one of ours.
//!
//! Structure first, then the signature, then the frame. What is returned was read from what was
//! verified, and from nothing else.

use idp_domain::{Lifetime, Timestamp};

use super::LogoutError;
use crate::{
    binding::{Binding, Incoming, Kind, soap},
    dsig::{DsigError, VerifyingKey, gate},
    schema::{Issuer, LogoutRequest, LogoutResponse, NameId, Opener, StatusCode},
    xml::{Document, Element, Limits, ns},
};

/// How old a message may be that does not say how long it counts.
const AGE: Lifetime = Lifetime::minutes(5);
/// How old a request may be whatever it says.
const OLDEST: Lifetime = Lifetime::hours(24);

/// What a message must be. All of it comes from configuration and metadata.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// Whose it must be: an entity ID.
    pub entity_id: &'a str,
    /// The keys that this entity signs with. No other key is ever tried.
    pub keys: &'a [VerifyingKey],
    /// The address that the message came to.
    pub destination: &'a str,
    /// Opens an encrypted name.
    pub opener: Opener<'a>,
    /// How far the other clock may be off.
    pub skew: Lifetime,
    /// The time.
    pub now: Timestamp,
}

/// A request to end sessions, of whom it says to be from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    request: LogoutRequest,
    /// Until when a copy of it could be believed: so long must its ID be remembered.
    pub replay_until: Timestamp,
    /// What is to be given back with the answer, byte for byte.
    pub relay_state: Option<String>,
    /// How it came.
    pub binding: Binding,
}

impl Asked {
    /// Its ID, to be named in the answer.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.request.id
    }

    /// Whose sessions.
    #[must_use]
    pub fn name(&self) -> &NameId {
        &self.request.name_id
    }

    /// Which of them; none means all.
    #[must_use]
    pub fn session_indexes(&self) -> &[String] {
        &self.request.session_indexes
    }

    /// Whether nobody waits for an answer.
    #[must_use]
    pub fn is_asynchronous(&self) -> bool {
        self.request.asynchronous
    }
}

/// An answer, of whom it says to be from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replied {
    /// The ID of the request that it answers.
    pub in_response_to: String,
    /// Whether the person is signed out there, and everywhere that it knows of.
    pub out: bool,
}

/// Who a message says to be from, to find the entity whose keys then verify it.
///
/// Danger: nothing was verified. Used for anything but that look-up it is an impersonation.
pub fn danger_unverified_issuer(message: &Incoming) -> Result<String, LogoutError> {
    let document = Document::parse(&message.xml, Limits::MESSAGE)?;
    let element = message_of(message, &document)?;
    let first = element.children().next().filter(|child| child.is(ns::SAML, "Issuer"));
    let issuer = Issuer::read(first.ok_or(LogoutError::UnexpectedIssuer)?)?;
    Ok(issuer.0)
}

/// The request that a message says to answer, to lead a person on whose answer is not believed.
///
/// Danger: nothing was verified. It may name somebody else's request.
#[must_use]
pub fn danger_unverified_answered(message: &Incoming) -> Option<String> {
    let document = Document::parse(&message.xml, Limits::MESSAGE).ok()?;
    let element = message_of(message, &document).ok()?;
    element.attribute("InResponseTo").map(str::to_owned)
}

/// Judges a request.
//= saml-profiles#4.4.4.1-1
pub fn receive_request(message: &Incoming, expected: &Expected<'_>) -> Result<Asked, LogoutError> {
    if message.kind != Kind::Request {
        return Err(LogoutError::Kind("LogoutRequest"));
    }
    let document = Document::parse(&message.xml, Limits::MESSAGE)?;
    let element = proven(message, &document, "LogoutRequest", expected.keys)?;
    let request = LogoutRequest::read(element, &expected.opener)?;
    let frame = Frame {
        issuer: request.issuer.as_ref(),
        destination: request.destination.as_deref(),
        issue_instant: request.issue_instant,
    };
    frame.holds(message.binding, expected)?;
    let end = request.not_on_or_after.unwrap_or(request.issue_instant + AGE);
    // Whatever end the peer names: a mark must not be kept for ever.
    let end = end.min(request.issue_instant + OLDEST);
    let replay_until = end + expected.skew;
    if replay_until <= expected.now {
        return Err(LogoutError::Expired);
    }
    let relay_state = message.relay_state.clone();
    Ok(Asked { request, replay_until, relay_state, binding: message.binding })
}

/// Judges an answer that the browser brought. Whether we asked what it answers is for the caller
/// to find, by [`Replied::in_response_to`].
//= saml-profiles#4.4.4.2-1
pub fn receive_response(
    message: &Incoming,
    expected: &Expected<'_>,
) -> Result<Replied, LogoutError> {
    if message.kind != Kind::Response || message.binding == Binding::Soap {
        return Err(LogoutError::Kind("LogoutResponse"));
    }
    let document = Document::parse(&message.xml, Limits::MESSAGE)?;
    let element = proven(message, &document, "LogoutResponse", expected.keys)?;
    replied(LogoutResponse::read(element)?, message.binding, expected)
}

/// Judges the answer that came back on our own connection to `expected.destination`, to the
/// request `id`.
///
/// Over TLS the connection says who answers (SAML Profiles 4.4.4.2); one that is signed must be
/// signed rightly all the same.
pub fn receive_soap_response(
    body: Vec<u8>,
    id: &str,
    over_tls: bool,
    expected: &Expected<'_>,
) -> Result<Replied, LogoutError> {
    let message = soap::read(Kind::Response, body)?;
    let document = Document::parse(&message.xml, Limits::MESSAGE)?;
    let element = match proven(&message, &document, "LogoutResponse", expected.keys) {
        Err(LogoutError::Signature(DsigError::Unsigned)) if over_tls => soap::body(&document)?,
        proven => proven?,
    };
    // Nobody can have carried it astray: whatever address it was made for does not matter here.
    let response = LogoutResponse { destination: None, ..LogoutResponse::read(element)? };
    let replied = replied(response, Binding::Soap, expected)?;
    if replied.in_response_to == id { Ok(replied) } else { Err(LogoutError::InResponseTo) }
}

fn replied(
    response: LogoutResponse,
    binding: Binding,
    expected: &Expected<'_>,
) -> Result<Replied, LogoutError> {
    let frame = Frame {
        issuer: response.issuer.as_ref(),
        destination: response.destination.as_deref(),
        issue_instant: response.issue_instant,
    };
    frame.holds(binding, expected)?;
    if response.issue_instant + AGE + expected.skew <= expected.now {
        return Err(LogoutError::Expired);
    }
    let in_response_to = response.in_response_to.ok_or(LogoutError::InResponseTo)?;
    // A success with a reservation is one about somebody else's services.
    let out = response.status.code == StatusCode::Success;
    Ok(Replied { in_response_to, out })
}

/// The element that is the message: the root, or what an envelope carries.
fn message_of<'d>(
    message: &Incoming,
    document: &'d Document<'_>,
) -> Result<Element<'d>, LogoutError> {
    match message.binding {
        Binding::Soap => Ok(soap::body(document)?),
        Binding::Redirect | Binding::Post => Ok(document.root()),
    }
}

/// The element whose values may be read: signed by one of `keys`, in the place that the binding
/// has for a signature.
fn proven<'d>(
    message: &Incoming,
    document: &'d Document<'_>,
    name: &'static str,
    keys: &[VerifyingKey],
) -> Result<Element<'d>, LogoutError> {
    let element = message_of(message, document)?;
    if !element.is(ns::SAMLP, name) {
        return Err(LogoutError::Kind(name));
    }
    let signatures = gate(document)?;
    if message.binding == Binding::Redirect {
        if !signatures.is_empty() {
            return Err(LogoutError::Unsigned);
        }
        message.verify_query(keys)?;
        return Ok(element);
    }
    Ok(signatures.verify(element, keys)?.into_inner())
}

/// What all messages say about themselves.
struct Frame<'a> {
    issuer: Option<&'a Issuer>,
    destination: Option<&'a str>,
    issue_instant: Timestamp,
}

impl Frame<'_> {
    fn holds(&self, binding: Binding, expected: &Expected<'_>) -> Result<(), LogoutError> {
        if self.issuer.is_none_or(|issuer| issuer.as_str() != expected.entity_id) {
            return Err(LogoutError::UnexpectedIssuer);
        }
        // A browser can take a message elsewhere than it was made for; a connection cannot.
        let may_lack = binding == Binding::Soap;
        if self.destination.map_or(!may_lack, |found| found != expected.destination) {
            return Err(LogoutError::Destination);
        }
        if expected.now + expected.skew < self.issue_instant {
            return Err(LogoutError::NotYetValid);
        }
        Ok(())
    }
}
