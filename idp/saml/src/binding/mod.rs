//! How messages travel: Redirect, POST, SOAP.

/// A binding that is spoken here (SAML Bindings 3). Artifact, PAOS and SimpleSign are not.
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
