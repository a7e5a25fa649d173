//! Rules on the authentication statement (SAML Core 2.7.2, Profiles 4.1.4.2).

use super::{ConsumeError, consume::Draft};
use crate::schema::AuthnStatement;

/// The longest name of a session, in bytes: it is kept as long as the session lasts.
const MAX_SESSION_INDEX: usize = 1_024;

/// The one authentication statement; [`stands_once`] has seen that there is no other.
pub(super) fn of<'a>(draft: &'a Draft<'_>) -> Result<&'a AuthnStatement, ConsumeError> {
    match draft.assertion.authn_statements.as_slice() {
        [one] => Ok(one),
        [] => Err(ConsumeError::AuthnStatement { problem: "there is none" }),
        _ => Err(ConsumeError::AuthnStatement { problem: "there are several" }),
    }
}

pub(super) fn stands_once(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    of(draft).map(|_| ())
}

pub(super) fn instant_has_come(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    if draft.expected.is_ahead(of(draft)?.authn_instant) {
        return Err(ConsumeError::NotYetValid { what: "authentication" });
    }
    Ok(())
}

//= saml-core#2.7.2-1
pub(super) fn session_lasts(draft: &Draft<'_>) -> Result<(), ConsumeError> {
    if of(draft)?.session_index.as_ref().is_some_and(|index| index.len() > MAX_SESSION_INDEX) {
        return Err(ConsumeError::AuthnStatement { problem: "its session's name is too long" });
    }
    let end = of(draft)?.session_not_on_or_after;
    if end.is_some_and(|end| end <= draft.expected.now) {
        return Err(ConsumeError::AuthnStatement { problem: "its session is over" });
    }
    Ok(())
}
