//! How a login at an OpenID Provider ends without proof, in the words of the domain.

use std::error::Error;

use idp_domain::Refusal;
use idp_domain::refusal::{Fault, Need};
use idp_fetch::{Blame, FetchError};
use idp_oidc::rp::{ErrorAnswer, PeerError};

use super::documents::Trouble;

/// The longest text that the trail keeps of a reason, in characters.
const MAX_DETAIL: usize = 200;

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

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Fetch(error) => error.into(),
            Trouble::Peer(error) => error.into(),
        }
    }
}

impl From<FetchError> for Stop {
    fn from(error: FetchError) -> Self {
        let detail = detail(&error);
        Self::Refused(match error.blame() {
            Blame::PeerMisbehaved => {
                Refusal::SourceMisbehaved { reason: "upstream_protocol", detail }
            }
            Blame::Configuration | Blame::PeerAway => {
                Refusal::SourceUnavailable { reason: error.slug(), detail }
            }
        })
    }
}

impl From<PeerError> for Stop {
    fn from(error: PeerError) -> Self {
        let (reason, mut detail) = (error.slug(), detail(&error));
        Self::Refused(match error {
            PeerError::Status { status: 500.., .. } => {
                Refusal::SourceUnavailable { reason, detail }
            }
            PeerError::TokenRefused { description: Some(description), .. } => {
                detail = cut(&format!("{detail}: {description}"));
                Refusal::SourceMisbehaved { reason, detail }
            }
            _ => Refusal::SourceMisbehaved { reason, detail },
        })
    }
}

/// What an error answer of the authorization endpoint means (OpenID Connect Core section
/// 3.1.2.6). Whoever was not to be asked anything is told what a person would have to do.
pub(super) fn refused_by_source(error: &ErrorAnswer, passive: bool) -> Stop {
    let detail = cut(error.description.as_deref().unwrap_or_default());
    let need = match error.code.as_str() {
        "login_required" | "interaction_required" => Some(Need::Login),
        "account_selection_required" => Some(Need::Selection),
        "consent_required" => Some(Need::Consent),
        _ => None,
    };
    Stop::Refused(match (error.code.as_str(), need) {
        (_, Some(need)) if passive => Refusal::InteractionNeeded(need),
        ("unmet_authentication_requirements", _) => Refusal::AssuranceUnmet,
        ("temporarily_unavailable" | "server_error", _) => {
            Refusal::SourceUnavailable { reason: "source_error", detail }
        }
        _ => Refusal::SourceRefused { code: error.code.clone(), detail },
    })
}

/// The whole chain of an error in one line.
fn detail(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    cut(&text)
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_DETAIL).collect()
}
