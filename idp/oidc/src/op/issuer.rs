//! The issuer: our own name towards relying parties, and the addresses that hang on it.

use std::{fmt, sync::Arc};

use thiserror::Error;
use url::{Host, Url};

/// Where the endpoints lie under the issuer. Relying parties find them by discovery.
pub mod path {
    /// The authorization endpoint.
    pub const AUTHORIZE: &str = "/oidc/authorize";
    /// The token endpoint.
    pub const TOKEN: &str = "/oidc/token";
    /// The userinfo endpoint.
    pub const USERINFO: &str = "/oidc/userinfo";
    /// The introspection endpoint.
    pub const INTROSPECT: &str = "/oidc/introspect";
    /// The revocation endpoint.
    pub const REVOKE: &str = "/oidc/revoke";
    /// The endpoint of RP-initiated logout.
    pub const LOGOUT: &str = "/oidc/logout";
    /// The key set.
    pub const JWKS: &str = "/oidc/jwks";
    /// The discovery document of OpenID Connect.
    pub const DISCOVERY: &str = "/.well-known/openid-configuration";
    /// The same document by its OAuth name.
    pub const METADATA: &str = "/.well-known/oauth-authorization-server";
}

/// Why a text is no issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum IssuerError {
    /// Not an absolute URL.
    #[error("the issuer is not an absolute URL")]
    NotAUrl,
    /// Not https, and not http on a loopback address either.
    #[error("the issuer is not an https URL")]
    NotHttps,
    /// It has parts that an issuer may not have.
    #[error("the issuer has a query, a fragment or credentials")]
    Parts,
}

/// Our name as relying parties compare it: one text, character for character.
#[derive(Clone, PartialEq, Eq)]
pub struct Issuer(Arc<str>);

impl Issuer {
    /// Admits `text` as issuer: an https URL without query and fragment.
    ///
    /// Plain http is admitted on loopback hosts, where a demonstration runs.
    //= rfc8414#2-1
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        let url = Url::parse(text).map_err(|_| IssuerError::NotAUrl)?;
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err(IssuerError::NotAUrl),
        };
        if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
            return Err(IssuerError::NotHttps);
        }
        if text.contains(['?', '#', '@']) {
            return Err(IssuerError::Parts);
        }
        Ok(Self(text.into()))
    }

    /// The issuer as it stands in tokens and documents.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An address under the issuer.
    //= oidc-discovery#4.1-1
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        let base = self.0.strip_suffix('/').unwrap_or(&self.0);
        [base, path].concat()
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Issuer({})", self.0)
    }
}

/// The addresses of the endpoints, computed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The authorization endpoint.
    pub authorize: String,
    /// The token endpoint; an audience of old client assertions.
    pub token: String,
    /// The userinfo endpoint.
    pub userinfo: String,
    /// The introspection endpoint.
    pub introspect: String,
    /// The revocation endpoint.
    pub revoke: String,
    /// The endpoint of RP-initiated logout.
    pub logout: String,
    /// The key set.
    pub jwks: String,
}

impl Endpoints {
    /// The endpoints of `issuer`.
    #[must_use]
    pub fn of(issuer: &Issuer) -> Self {
        Self {
            authorize: issuer.url(path::AUTHORIZE),
            token: issuer.url(path::TOKEN),
            userinfo: issuer.url(path::USERINFO),
            introspect: issuer.url(path::INTROSPECT),
            revoke: issuer.url(path::REVOKE),
            logout: issuer.url(path::LOGOUT),
            jwks: issuer.url(path::JWKS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Issuer, IssuerError};

    //= rfc8414#2-1 test
    #[test]
    fn an_issuer_is_an_https_url_without_query_and_fragment() {
        for (text, error) in [
            ("login.example", IssuerError::NotAUrl),
            ("http://login.example", IssuerError::NotHttps),
            ("http://localhost.example", IssuerError::NotHttps),
            ("ftp://login.example", IssuerError::NotHttps),
            ("https://login.example?", IssuerError::Parts),
            ("https://login.example#x", IssuerError::Parts),
            ("https://a:b@login.example", IssuerError::Parts),
        ] {
            assert_eq!(Issuer::parse(text).unwrap_err(), error, "{text}");
        }
        for text in ["https://login.example", "http://localhost:8080", "http://[::1]:8080/x"] {
            assert_eq!(Issuer::parse(text).unwrap().as_str(), text);
        }
    }

    //= oidc-discovery#4.1-1 test
    #[test]
    fn an_address_has_one_slash_after_the_issuer() {
        for text in ["https://login.example/x", "https://login.example/x/"] {
            assert_eq!(Issuer::parse(text).unwrap().url("/y"), "https://login.example/x/y");
        }
    }
}
