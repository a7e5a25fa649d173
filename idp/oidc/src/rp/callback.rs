//! What came back with the browser from the authorization endpoint.
//!
//! Judged in the order that lets nobody else speak: whose answer it is, then what it says.

use subtle::ConstantTimeEq;

use super::discovery::Provider;
use super::error::{PeerError, code_of, shortened};

/// The longest code that is passed on, in bytes.
const MAX_CODE: usize = 4096;

/// What the authorization endpoint answers.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// A code to be redeemed.
    Code(String),
    /// A no.
    Error(ErrorAnswer),
}

/// A no of the authorization endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorAnswer {
    /// The error code, at most 64 visible ASCII characters.
    pub code: String,
    /// What else it says, at most 200 characters without control characters. For the log alone:
    /// anybody could have written it.
    pub description: Option<String>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(_) => f.write_str("Code(…)"),
            Self::Error(error) => f.debug_tuple("Error").field(error).finish(),
        }
    }
}

/// Reads the decoded parameters that came back to the redirect URI of `provider`.
///
/// `state` is the one that this browser was sent away with.
//= oidc-core#3.1.2.7-1
pub fn read_callback(
    parameters: &[(String, String)],
    state: &str,
    provider: &Provider,
) -> Result<Answer, PeerError> {
    for (position, (name, _)) in parameters.iter().enumerate() {
        if parameters.iter().take(position).any(|(other, _)| other == name) {
            return Err(PeerError::Repeated { name: name.chars().take(64).collect() });
        }
    }
    let find = |wanted: &str| {
        parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    };
    let same_state = find("state").is_some_and(|found| same(found, state));
    if !same_state {
        return Err(PeerError::State);
    }
    match find("iss") {
        //= rfc9207#2.4-1
        //= rfc9700#2.1-4
        Some(found) if found == provider.issuer.as_str() => {}
        //= rfc9207#2.4-2
        None if !provider.answers_name_issuer => {}
        //= rfc9207#2.4-3
        _ => return Err(PeerError::AnswerIssuer),
    }
    if let Some(code) = find("error") {
        let description = find("error_description").map(shortened);
        return Ok(Answer::Error(ErrorAnswer { code: code_of(code), description }));
    }
    let code = find("code").filter(|code| is_code(code)).ok_or(PeerError::NoAnswer)?;
    Ok(Answer::Code(code.to_owned()))
}

/// RFC 6749 appendix A.11, and of a length that a token request can carry.
fn is_code(code: &str) -> bool {
    (1..=MAX_CODE).contains(&code.len()) && code.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

/// Whether both are the same, without telling by time where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests;
