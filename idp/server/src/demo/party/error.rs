//! What can go wrong between a relying party and the broker.

use http::StatusCode;
use idp_fetch::FetchError;
use idp_oidc::rp::PeerError;

/// Why somebody cannot be signed in, or out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// What came back belongs to no sign-in of this browser.
    #[error("what came back belongs to no sign-in that this browser began")]
    Lost,
    /// The broker said no.
    #[error("the broker said {0}")]
    Declined(String),
    /// The broker cannot be reached.
    #[error("the broker cannot be reached")]
    Fetch(#[from] FetchError),
    /// The broker's answer is not believed.
    #[error("the broker's answer is not believed")]
    Peer(#[from] PeerError),
    /// The broker's SAML is not believed.
    #[error("the broker's message is not believed: {0}")]
    Saml(&'static str),
    /// An address cannot be used.
    #[error("an address cannot be used")]
    Address,
    /// Chance is out, or our proof of who we are cannot be made.
    #[error("nothing random is to be had")]
    Random,
}

impl ClientError {
    /// What stands on the page, for whoever looks after this relying party.
    pub(super) fn slug(&self) -> String {
        match self {
            Self::Lost => "lost".to_owned(),
            Self::Declined(code) => code.clone(),
            Self::Fetch(error) => error.slug().to_owned(),
            Self::Peer(error) => error.slug().to_owned(),
            Self::Saml(slug) => (*slug).to_owned(),
            Self::Address => "address".to_owned(),
            Self::Random => "random".to_owned(),
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Lost => StatusCode::BAD_REQUEST,
            Self::Declined(_) => StatusCode::FORBIDDEN,
            Self::Fetch(_) | Self::Peer(_) | Self::Saml(_) => StatusCode::BAD_GATEWAY,
            Self::Address | Self::Random => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
