//! What a source says of itself (OpenID Connect Discovery 1.0), checked before it is used.

use idp_domain::json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::{Host, Url};

use super::error::{Document, PeerError, shortened};
use crate::keys::SigningAlg;

/// Where endpoints may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Anywhere by https.
    Https,
    /// There, and by plain http on this machine: for tests and the demonstration.
    HttpsOrLoopback,
}

/// An issuer identifier, kept and compared byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer(String);

/// Endpoints that the operator wrote down, for a source without a discovery document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// Where browsers are sent.
    pub authorization_endpoint: String,
    /// Where codes are redeemed.
    pub token_endpoint: String,
    /// Where the keys are.
    pub jwks_uri: String,
    /// Where more is told about a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<String>,
    /// Whether every answer says which issuer it comes from (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// A source as it was found, its endpoints known to be where they may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    pub(super) issuer: Issuer,
    pub(super) authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    userinfo_endpoint: Option<Url>,
    pub(super) answers_name_issuer: bool,
}

impl Issuer {
    /// Reads an issuer: an https URL without user name, query and fragment (Discovery section 2).
    ///
    /// A template such as `https://login.example/{directory}` is no issuer: whose tokens would be
    /// believed would then be the token's choice.
    pub fn parse(text: &str, transport: Transport) -> Result<Self, PeerError> {
        let url = endpoint(text, transport).filter(|url| url.query().is_none());
        match url {
            Some(_) if !text.contains(['{', '}']) => Ok(Self(text.to_owned())),
            _ => Err(PeerError::NotAnIssuer { issuer: shortened(text) }),
        }
    }

    /// The identifier, byte for byte.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where its discovery document lies.
    //= oidc-discovery#4.1-1
    pub fn discovery_url(&self) -> Result<Url, PeerError> {
        let base = self.0.strip_suffix('/').unwrap_or(&self.0);
        Url::parse(&format!("{base}/.well-known/openid-configuration"))
            .map_err(|_| PeerError::NotAnIssuer { issuer: self.0.clone() })
    }
}

impl Provider {
    /// Reads a discovery document that was fetched for `issuer`, and finds out whether we can
    /// work with that source: by code, with an ID token of one of `algs`.
    pub fn discovered(
        document: &[u8],
        issuer: &Issuer,
        transport: Transport,
        algs: &[SigningAlg],
    ) -> Result<Self, PeerError> {
        let members: Map<String, Value> = json::read(document)
            .map_err(|source| PeerError::Unreadable { document: Document::Discovery, source })?;
        let found = Found { members, transport };
        //= oidc-discovery#4.3-1
        let named = found.text("issuer")?;
        if named != issuer.as_str() {
            return Err(PeerError::OtherIssuer { found: shortened(named) });
        }
        if !found.list("response_types_supported")?.contains(&"code") {
            return Err(PeerError::Incompatible { wanted: "response type code" });
        }
        let offered = found.list("id_token_signing_alg_values_supported")?;
        if !algs.iter().any(|alg| offered.contains(&alg.as_str())) {
            return Err(PeerError::Incompatible { wanted: "an agreed signature algorithm" });
        }
        Ok(Self {
            issuer: issuer.clone(),
            authorization_endpoint: found.endpoint("authorization_endpoint")?,
            token_endpoint: found.endpoint("token_endpoint")?,
            jwks_uri: found.endpoint("jwks_uri")?,
            userinfo_endpoint: found.optional_endpoint("userinfo_endpoint")?,
            answers_name_issuer: found.truth("authorization_response_iss_parameter_supported")?,
        })
    }

    /// The source as the operator described it.
    pub fn configured(
        endpoints: &Endpoints,
        issuer: &Issuer,
        transport: Transport,
    ) -> Result<Self, PeerError> {
        let judged =
            |member, text: &str| endpoint(text, transport).ok_or(PeerError::Endpoint { member });
        let userinfo = endpoints.userinfo_endpoint.as_deref();
        Ok(Self {
            issuer: issuer.clone(),
            authorization_endpoint: judged(
                "authorization_endpoint",
                &endpoints.authorization_endpoint,
            )?,
            token_endpoint: judged("token_endpoint", &endpoints.token_endpoint)?,
            jwks_uri: judged("jwks_uri", &endpoints.jwks_uri)?,
            userinfo_endpoint: userinfo
                .map(|text| judged("userinfo_endpoint", text))
                .transpose()?,
            answers_name_issuer: endpoints.authorization_response_iss_parameter_supported,
        })
    }

    /// Whose tokens these are.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Where codes are redeemed.
    #[must_use]
    pub fn token_endpoint(&self) -> &Url {
        &self.token_endpoint
    }

    /// Where the keys are.
    #[must_use]
    pub fn jwks_uri(&self) -> &Url {
        &self.jwks_uri
    }

    /// Where more is told about a person, if anywhere.
    #[must_use]
    pub fn userinfo_endpoint(&self) -> Option<&Url> {
        self.userinfo_endpoint.as_ref()
    }
}

/// The members of a discovery document.
struct Found {
    members: Map<String, Value>,
    transport: Transport,
}

impl Found {
    fn text(&self, member: &'static str) -> Result<&str, PeerError> {
        self.members.get(member).and_then(Value::as_str).ok_or(wrong(member))
    }

    fn list(&self, member: &'static str) -> Result<Vec<&str>, PeerError> {
        let items = self.members.get(member).and_then(Value::as_array).ok_or(wrong(member))?;
        items.iter().map(|item| item.as_str().ok_or(wrong(member))).collect()
    }

    fn truth(&self, member: &'static str) -> Result<bool, PeerError> {
        self.members.get(member).map_or(Ok(false), |value| value.as_bool().ok_or(wrong(member)))
    }

    fn endpoint(&self, member: &'static str) -> Result<Url, PeerError> {
        endpoint(self.text(member)?, self.transport).ok_or(PeerError::Endpoint { member })
    }

    fn optional_endpoint(&self, member: &'static str) -> Result<Option<Url>, PeerError> {
        match self.members.get(member) {
            None => Ok(None),
            Some(_) => self.endpoint(member).map(Some),
        }
    }
}

const fn wrong(member: &'static str) -> PeerError {
    PeerError::Member { document: Document::Discovery, member }
}

/// The URL that `text` is, if a browser or we may be sent there.
fn endpoint(text: &str, transport: Transport) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let by_https = url.scheme() == "https";
    let on_loopback =
        transport == Transport::HttpsOrLoopback && url.scheme() == "http" && is_loopback(&url);
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (plain && (by_https || on_loopback)).then_some(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests;
