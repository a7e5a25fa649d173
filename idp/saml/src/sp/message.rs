//! Rules on the frame of an answer: who answers, to where, to which request, with what outcome.
//!
//! Where no signature covers the frame, what stands there is only ever compared with what must be
//! true anyway, never believed.

use idp_domain::Lifetime;

use super::{ConsumeError, Expected, Half, consume::Draft, cover::Sealed, error::shortened};
use crate::{
    dsig::Verified,
    schema::{Issuer, Response, StatusCode},
    xml::Element,
};

/// How old an unsolicited assertion may be: its bearer comes straight from who made it.
const UNSOLICITED_AGE: Lifetime = Lifetime::seconds(60);

/// The frame of an answer, and what it holds.
pub(super) struct Message<'d> {
    pub(super) response: Response,
    /// A signature covers the frame, and with it all that stands in it.
    pub(super) signed: bool,
    pub(super) content: Content<'d>,
}

/// What a frame holds. A plain assertion is covered by a signature, or it would not be here.
pub(super) enum Content<'d> {
    Nothing,
    Plain(Verified<Element<'d>>),
    Encrypted(Sealed<'d>),
}

impl Message<'_> {
    /// What a wrong `attribute` of the frame means: our peer's mistake if it is signed, and else
    /// anybody's doing.
    fn wrong(&self, attribute: &'static str, signed: ConsumeError) -> ConsumeError {
        if self.signed { signed } else { ConsumeError::UnsignedBinding { attribute } }
    }
}

/// That `found`, which issued `half`, is not who was expected.
pub(super) fn unexpected(half: Half, found: Option<&Issuer>) -> ConsumeError {
    let found = found.map(|issuer| shortened(issuer.as_str()));
    ConsumeError::UnexpectedIssuer { half, found }
}

//= saml-profiles#4.1.4.2-2
pub(super) fn issuer_was_asked(
    message: &Message<'_>,
    expected: &Expected<'_>,
) -> Result<(), ConsumeError> {
    let found = message.response.issuer.as_ref();
    match found {
        Some(issuer) if *issuer.as_str() == expected.idp.entity_id => Ok(()),
        Some(_) => Err(message.wrong("Issuer", unexpected(Half::Response, found))),
        None if message.signed || is_encrypted(message) => Err(unexpected(Half::Response, None)),
        None => Ok(()),
    }
}

//= saml-bindings#3.5.5.2-1
pub(super) fn destination_is_here(
    message: &Message<'_>,
    expected: &Expected<'_>,
) -> Result<(), ConsumeError> {
    let found = message.response.destination.as_deref();
    let may_lack = !message.signed || expected.idp.quirks.danger_absent_destination;
    if found == Some(expected.acs) || (found.is_none() && may_lack) {
        return Ok(());
    }
    let signed = ConsumeError::Destination { found: found.map(shortened) };
    Err(message.wrong("Destination", signed))
}

//= saml-core#3.2.2-1
pub(super) fn request_is_ours(
    message: &Message<'_>,
    expected: &Expected<'_>,
) -> Result<(), ConsumeError> {
    let wrong = ConsumeError::InResponseTo { half: Half::Response };
    match (&message.response.in_response_to, expected.asked) {
        (None, None) => Ok(()),
        // An assertion must name the request itself; a mere no has nowhere else to do so.
        (None, Some(_)) if !matches!(message.content, Content::Nothing) => Ok(()),
        (None, Some(_)) => Err(ConsumeError::Unsolicited),
        (Some(found), Some(asked)) if *found == asked.request_id => Ok(()),
        (Some(_), Some(_)) => Err(message.wrong("InResponseTo", wrong)),
        (Some(_), None) => Err(wrong),
    }
}

pub(super) fn issue_instant_has_come(
    message: &Message<'_>,
    expected: &Expected<'_>,
) -> Result<(), ConsumeError> {
    if expected.is_ahead(message.response.issue_instant) {
        return Err(ConsumeError::NotYetValid { what: "response" });
    }
    Ok(())
}

//= saml-core#3.2.2.2-1
pub(super) fn status_is_success(
    message: &Message<'_>,
    _: &Expected<'_>,
) -> Result<(), ConsumeError> {
    let status = &message.response.status;
    // A success with a reservation is none that we could explain to anybody.
    if status.code == StatusCode::Success && status.second.is_none() {
        return Ok(());
    }
    Err(ConsumeError::Status {
        code: status.code,
        second: status.second.as_deref().map(shortened),
        message: status.message.as_deref().map(shortened),
    })
}

fn is_encrypted(message: &Message<'_>) -> bool {
    matches!(message.content, Content::Encrypted(_))
}

pub(super) fn assertion_is_encrypted(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    if draft.expected.require_encryption && !is_encrypted(draft.message) {
        return Err(ConsumeError::EncryptionRequired);
    }
    Ok(())
}

pub(super) fn assertion_issuer_was_asked(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    let issuer = &draft.assertion.issuer;
    if *issuer.as_str() == draft.expected.idp.entity_id {
        return Ok(());
    }
    Err(unexpected(Half::Assertion, Some(issuer)))
}

pub(super) fn assertion_is_recent(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    let Draft { expected, assertion, .. } = draft;
    let issued = assertion.issue_instant;
    if expected.is_ahead(issued) {
        return Err(ConsumeError::NotYetValid { what: "assertion" });
    }
    let too_old = match expected.asked {
        Some(asked) => issued + expected.skew() < asked.issued_at,
        None => issued + UNSOLICITED_AGE < expected.now,
    };
    if too_old {
        return Err(ConsumeError::Expired { what: "assertion" });
    }
    Ok(())
}
