//! How messages travel: Redirect, POST, SOAP. Envelopes are opened and closed here; what lies in
//! them is not parsed, and not believed.

mod encoding;
mod error;
mod incoming;
pub mod post;
pub mod redirect;
pub mod soap;

pub use error::BindingError;
pub use incoming::{Incoming, QuerySignature};

/// The longest message that is accepted, in bytes of XML.
pub const MAX_MESSAGE: usize = 256 * 1024;

/// The longest `RelayState` that is accepted, in bytes: SAML Bindings 3.4.3 allows 80, and real
/// services send thousands.
pub const MAX_RELAY_STATE: usize = 4 * 1024;

/// A binding that is spoken here (SAML Bindings 3). Artifact, PAOS and `SimpleSign` are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binding {
    /// HTTP Redirect: a deflated message in the query (3.4).
    Redirect,
    /// HTTP POST: a message in a form (3.5).
    Post,
    /// SOAP 1.1 over HTTP, without a browser (3.2).
    Soap,
}

impl Binding {
    /// Its URI.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Redirect => "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
            Self::Post => "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
            Self::Soap => "urn:oasis:names:tc:SAML:2.0:bindings:SOAP",
        }
    }

    /// The binding of a URI.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        [Self::Redirect, Self::Post, Self::Soap].into_iter().find(|binding| binding.uri() == uri)
    }
}

/// Which of the two parameters carries a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

impl Kind {
    /// The name of the parameter.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}
