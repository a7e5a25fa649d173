//! Rules on the subject's confirmations: that whoever brings the assertion may (SAML Profiles
//! 3.3 and 4.1.4.2).

use super::{ConsumeError, Half, consume::Draft};
use crate::schema::{ConfirmationLimits, SubjectConfirmation, method};

const fn unconfirmed(problem: &'static str) -> ConsumeError {
    ConsumeError::Confirmation { problem }
}

/// Every confirmation is by bearer, and at least one holds here and now.
//= saml-profiles#3.3-1
pub(super) fn bearer_is_confirmed(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    let subject = draft.assertion.subject.as_ref();
    let subject = subject.ok_or(unconfirmed("there is no subject"))?;
    if subject.confirmations.iter().any(|one| one.method != method::BEARER) {
        return Err(unconfirmed("there is a method other than bearer"));
    }
    let mut first = None;
    for one in &subject.confirmations {
        match holds(one, draft) {
            Ok(()) => return Ok(()),
            Err(error) => first.get_or_insert(error),
        };
    }
    Err(first.unwrap_or(unconfirmed("there is no confirmation")))
}

//= saml-profiles#4.1.4.3-2
fn holds(confirmation: &SubjectConfirmation, draft: &Draft<'_>) -> Result<(), ConsumeError> {
    if confirmation.name_id.is_some() {
        return Err(unconfirmed("it names somebody else who may act"));
    }
    let data = confirmation.data.as_ref().ok_or(unconfirmed("it has no data"))?;
    if data.recipient.as_deref() != Some(draft.expected.acs) {
        return Err(ConsumeError::Recipient);
    }
    lasts(data, draft)?;
    answers_us(data, draft)
}

fn lasts(data: &ConfirmationLimits, draft: &Draft<'_>) -> Result<(), ConsumeError> {
    if let Some(begin) = data.not_before {
        // A bearer's confirmation has no beginning at all.
        return Err(if draft.expected.is_ahead(begin) {
            ConsumeError::NotYetValid { what: "confirmation" }
        } else {
            unconfirmed("it has a NotBefore")
        });
    }
    let end = data.not_on_or_after.ok_or(unconfirmed("it has no NotOnOrAfter"))?;
    if draft.expected.is_over(end) {
        return Err(ConsumeError::Expired { what: "confirmation" });
    }
    Ok(())
}

/// The request is named where a signature covers it, or no request is named at all.
fn answers_us(data: &ConfirmationLimits, draft: &Draft<'_>) -> Result<(), ConsumeError> {
    let message = draft.message;
    match (&data.in_response_to, draft.expected.asked) {
        (None, None) => Ok(()),
        (Some(found), Some(asked)) if *found == asked.request_id => Ok(()),
        (None, Some(_)) if message.response.in_response_to.is_none() => {
            Err(ConsumeError::Unsolicited)
        }
        (None, Some(_)) if !message.signed => {
            Err(ConsumeError::UnsignedBinding { attribute: "InResponseTo" })
        }
        _ => Err(ConsumeError::InResponseTo { half: Half::Assertion }),
    }
}
