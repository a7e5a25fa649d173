//! Answers of the authorization endpoint: by redirect or by form, to a registered URI alone.

use std::fmt;

use idp_domain::{Refusal, refusal::Need};
use serde::{Deserialize, Serialize};

use super::{Issuer, RegisteredRedirectUri, params::encode_into};
use crate::error::{ErrorCode, Rule};

/// How an answer travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of a redirect.
    #[default]
    Query,
    /// In a form that the browser posts.
    FormPost,
}

impl ResponseMode {
    /// All modes.
    pub const ALL: [Self; 2] = [Self::Query, Self::FormPost];

    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }

    /// The mode of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

/// The way back to a client: whoever holds one may answer.
#[derive(Clone, PartialEq, Eq)]
pub struct WayBack {
    /// Where to.
    pub redirect_uri: RegisteredRedirectUri,
    /// What the client wants back, byte for byte.
    pub state: Option<String>,
    /// How.
    pub mode: ResponseMode,
}

/// What the browser is told to do.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// Go there (303, never 307).
    Redirect {
        /// The whole address, ASCII.
        location: String,
    },
    /// Post a form there, of hidden fields; each value must be escaped for HTML.
    FormPost {
        /// Where to.
        action: String,
        /// Names and values, in order.
        fields: Vec<(&'static str, String)>,
    },
}

impl fmt::Debug for WayBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The state is the client's secret.
        f.debug_struct("WayBack").field("to", &self.redirect_uri).finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It holds a code and a state.
        f.write_str(match self {
            Self::Redirect { .. } => "Redirect(…)",
            Self::FormPost { .. } => "FormPost(…)",
        })
    }
}

impl WayBack {
    /// The answer with an authorization code.
    //= rfc6749#4.1.2-4
    //= rfc9207#2-1
    #[must_use]
    pub fn code(&self, issuer: &Issuer, code: &str) -> Answer {
        self.answer(issuer, &[("code", code)])
    }

    /// The answer that a rule was broken.
    //= rfc6749#4.1.2.1-1
    #[must_use]
    pub fn broken(&self, issuer: &Issuer, rule: &Rule) -> Answer {
        self.error(issuer, rule.code, rule.text)
    }

    /// The answer that the login ended with a no.
    #[must_use]
    pub fn refused(&self, issuer: &Issuer, refusal: &Refusal) -> Answer {
        let (code, text) = wire(refusal);
        self.error(issuer, code, text)
    }

    /// The answer that we failed.
    #[must_use]
    pub fn failed(&self, issuer: &Issuer) -> Answer {
        self.error(issuer, ErrorCode::ServerError, "The broker failed. Try again later.")
    }

    fn error(&self, issuer: &Issuer, code: ErrorCode, text: &'static str) -> Answer {
        self.answer(issuer, &[("error", code.as_str()), ("error_description", text)])
    }

    /// The answer with `first`, then state and issuer.
    fn answer(&self, issuer: &Issuer, first: &[(&'static str, &str)]) -> Answer {
        let state = self.state.as_deref().map(|state| ("state", state));
        let fields = first.iter().copied().chain(state).chain([("iss", issuer.as_str())]);
        match self.mode {
            ResponseMode::Query => Answer::Redirect { location: self.location(fields) },
            ResponseMode::FormPost => Answer::FormPost {
                action: self.redirect_uri.as_str().to_owned(),
                fields: fields.map(|(name, value)| (name, value.to_owned())).collect(),
            },
        }
    }

    /// The URI with `fields` appended. Its own query stays as it is: registration saw to it that
    /// none of our names stands there.
    fn location<'a>(&self, fields: impl Iterator<Item = (&'static str, &'a str)>) -> String {
        append_query(self.redirect_uri.as_str(), fields)
    }
}

/// `uri` with `fields` appended to its query.
pub(super) fn append_query<'a>(
    uri: &str,
    fields: impl Iterator<Item = (&'static str, &'a str)>,
) -> String {
    let mut location = String::with_capacity(uri.len() + 256);
    location.push_str(uri);
    let mut separator = match uri.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some((_, query)) if query.ends_with('&') => "",
        Some(_) => "&",
    };
    for (name, value) in fields {
        location.push_str(separator);
        location.push_str(name);
        location.push('=');
        encode_into(&mut location, value);
        separator = "&";
    }
    location
}

/// A refusal in the words of OpenID Connect Core §3.1.2.6 and RFC 6749 §4.1.2.1.
///
/// The texts say no more than the code does: why a person was refused is theirs to know.
//= oidc-core#3.1.2.6-1
//= oidc-core#3.1.2.1-4
//= oidc-core#3.1.2.2-2
#[must_use]
pub fn wire(refusal: &Refusal) -> (ErrorCode, &'static str) {
    match refusal {
        Refusal::InteractionNeeded(Need::Login) => {
            (ErrorCode::LoginRequired, "The person must sign in, and may not be asked.")
        }
        Refusal::InteractionNeeded(Need::Selection) => (
            ErrorCode::AccountSelectionRequired,
            "The person must choose an account, and may not be asked.",
        ),
        Refusal::InteractionNeeded(Need::Consent) => {
            (ErrorCode::ConsentRequired, "The person must consent, and may not be asked.")
        }
        Refusal::StaleAuthentication => {
            (ErrorCode::LoginRequired, "The person did not sign in anew.")
        }
        Refusal::WrongPerson => {
            (ErrorCode::LoginRequired, "Somebody else signed in than was expected.")
        }
        //= oidc-core#5.5.1.1-1
        Refusal::AssuranceUnmet | Refusal::EnrolmentNeedsHelp => (
            ErrorCode::UnmetAuthenticationRequirements,
            "The authentication context that was demanded cannot be met.",
        ),
        Refusal::RelyingPartyDisabled => {
            (ErrorCode::UnauthorizedClient, "This client is switched off.")
        }
        Refusal::Busy { .. } | Refusal::Throttled { .. } | Refusal::SourceUnavailable { .. } => (
            ErrorCode::TemporarilyUnavailable,
            "The person cannot be signed in now. Try again later.",
        ),
        Refusal::SourceMisbehaved { .. } => {
            (ErrorCode::ServerError, "The person's agency gave an answer that cannot be believed.")
        }
        Refusal::AccountDisabled
        | Refusal::AgencyNotAllowed { .. }
        | Refusal::BindingMissing
        | Refusal::NoSource
        | Refusal::PersonDeclined
        | Refusal::SourceDisabled
        | Refusal::SourceRefused { .. }
        | Refusal::TransactionConsumed
        | Refusal::TransactionLost => (ErrorCode::AccessDenied, "The person was not signed in."),
    }
}

#[cfg(test)]
mod tests;
