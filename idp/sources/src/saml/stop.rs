//! How a login at an identity provider ends without proof, in the words of the domain.

use std::error::Error;

use idp_domain::Refusal;
use idp_domain::refusal::{Fault, Need};
use idp_saml::binding::BindingError;
use idp_saml::schema::{StatusCode, second};
use idp_saml::sp::ConsumeError;

use super::place::chain;

/// The longest text that the trail keeps of a reason, in characters.
const MAX_DETAIL: usize = 200;
/// The longest code that is kept of a no, in characters.
const MAX_CODE: usize = 64;

/// Why there is no event.
#[derive(Debug)]
pub(super) enum Stop {
    /// Somebody says no, or cannot be believed.
    Refused(Refusal),
    /// We failed.
    Fault(Fault),
}

impl Stop {
    pub(super) fn into_refusal(self) -> Result<Refusal, Fault> {
        match self {
            Self::Refused(refusal) => Ok(refusal),
            Self::Fault(fault) => Err(fault),
        }
    }

    /// What is wrong with an answer. Whoever was not to be asked anything is told what a person
    /// would have to do.
    pub(super) fn judged(error: &ConsumeError, passive: bool) -> Self {
        Self::Refused(match error {
            ConsumeError::Status { code, second, message } => {
                declined(*code, second.as_deref(), message.as_deref(), passive)
            }
            error => Refusal::SourceMisbehaved { reason: error.slug(), detail: detail(error) },
        })
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<BindingError> for Stop {
    fn from(error: BindingError) -> Self {
        misbehaved(error.slug(), &detail(&error))
    }
}

/// The source broke its protocol, or said what it may not say.
pub(super) fn misbehaved(reason: &'static str, detail: &str) -> Stop {
    Stop::Refused(Refusal::SourceMisbehaved { reason, detail: cut(detail) })
}

/// What the identity provider's no means (SAML Core 3.2.2.2).
fn declined(
    code: StatusCode,
    minor: Option<&str>,
    message: Option<&str>,
    passive: bool,
) -> Refusal {
    match minor {
        Some(second::NO_PASSIVE) if passive => Refusal::InteractionNeeded(Need::Login),
        Some(second::NO_AUTHN_CONTEXT) => Refusal::AssuranceUnmet,
        minor => {
            let uri = minor.unwrap_or(code.uri());
            let name = uri.rsplit(':').next().unwrap_or_default();
            let code = name.chars().filter(char::is_ascii_graphic).take(MAX_CODE).collect();
            Refusal::SourceRefused { code, detail: cut(message.unwrap_or_default()) }
        }
    }
}

fn detail(error: &dyn Error) -> String {
    cut(&chain(error))
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_DETAIL).collect()
}
