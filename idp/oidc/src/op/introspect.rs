//! Introspection: is a token good, asked by whom it is for (RFC 7662).

use idp_domain::Timestamp;
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Client, Grant, Handle, Issuer, Params, access_token::AccessToken, opaque::OpaqueKind};
use crate::{
    error::{Rule, rules},
    keys::KeySet,
};

/// The answer for every token that is not good, or that is none of the caller's business.
//= rfc7662#2.2-2
//= rfc7662#2.2-3
pub const INACTIVE: &[u8] = br#"{"active":false}"#;

rules! {
    PUBLIC = "oidc.introspect.public", InvalidClient,
        "Client authentication failed.", "RFC 7662 2.1";
    NO_TOKEN = "oidc.introspect.token_missing", InvalidRequest,
        "The request has no token.", "RFC 7662 2.1";
}

/// A token that somebody asks about, by what it looks like.
///
/// A hint at its kind changes nothing: the two kinds cannot be confused.
#[derive(Clone, Debug)]
pub enum Presented {
    /// An access token that we signed and whose time is not over.
    Access(Box<AccessToken>),
    /// What may be a refresh token.
    Refresh(Handle),
    /// Neither.
    Nothing,
}

impl Presented {
    /// Reads the parameter `token`.
    //= rfc7662#2.1-2
    //= rfc7009#2.1-4
    #[must_use]
    pub fn read(token: &str, keys: &KeySet, issuer: &Issuer, now: Timestamp) -> Self {
        if let Some(handle) = Handle::of(OpaqueKind::RefreshToken, token) {
            return Self::Refresh(handle);
        }
        AccessToken::verify(token, keys, issuer, now)
            .map_or(Self::Nothing, |token| Self::Access(Box::new(token)))
    }
}

/// The token that a request asks about, if its caller may ask at all.
//= rfc7662#2.1-1
pub fn request<'a>(params: &'a Params<'_>, caller: &Client) -> Result<&'a str, &'static Rule> {
    if caller.is_public() {
        return Err(&PUBLIC);
    }
    params.find("token").ok_or(&NO_TOKEN)
}

/// The answer about an access token whose grant stands, and that was not revoked.
//= rfc7662#2.2-1
#[must_use]
pub fn access_token(token: &AccessToken, caller: &Client) -> Vec<u8> {
    let is_own = token.client_id == caller.id.as_str();
    let is_for = is_own
        || token.is_for(caller.id.as_str())
        || caller.resources.iter().any(|resource| token.is_for(resource));
    if !is_for {
        return INACTIVE.to_vec();
    }
    serde_json::to_vec(&Active(token)).unwrap_or_else(|_| INACTIVE.to_vec())
}

/// The answer about a refresh token that is the present one of its family.
#[must_use]
pub fn refresh_token(
    grant: &Grant,
    expires_at: Timestamp,
    issuer: &Issuer,
    caller: &Client,
) -> Vec<u8> {
    #[derive(Serialize)]
    struct Body<'a> {
        active: bool,
        iss: &'a str,
        client_id: &'a str,
        sub: &'a str,
        scope: &'a str,
        exp: i64,
    }
    if grant.client != caller.id {
        return INACTIVE.to_vec();
    }
    let body = Body {
        active: true,
        iss: issuer.as_str(),
        client_id: grant.client.as_str(),
        sub: grant.subject.as_str(),
        scope: grant.scopes.as_str(),
        exp: expires_at.seconds(),
    };
    serde_json::to_vec(&body).unwrap_or_else(|_| INACTIVE.to_vec())
}

struct Active<'a>(&'a AccessToken);

impl Serialize for Active<'_> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        let mut members = writer.serialize_map(None)?;
        members.serialize_entry("active", &true)?;
        members.serialize_entry("token_type", "Bearer")?;
        // `gid` is ours to know alone.
        for (name, value) in self.0.claims().all().iter().filter(|(name, _)| *name != "gid") {
            members.serialize_entry(name, value)?;
        }
        members.end()
    }
}

#[cfg(test)]
mod tests;
