//! Refresh tokens: opaque, rotated at every use, never more than was granted.
//!
//! Which token of a family is the present one, and what becomes of a family whose old token comes
//! back, is written down durably by the store.

use std::fmt;

use idp_domain::Timestamp;

use super::{Client, Grant, Opaque, Params, opaque::OpaqueKind, token};
use crate::{
    error::{Rule, rules},
    scope::Scopes,
};

rules! {
    UNKNOWN = "oidc.token.refresh_token", InvalidGrant,
        "The refresh token is unknown, expired, revoked or was used.", "RFC 6749 6";
    OTHER_CLIENT = "oidc.token.refresh_client", InvalidGrant,
        "The refresh token was issued to another client.", "RFC 6749 6";
    WIDER = "oidc.token.refresh_scope", InvalidScope,
        "The scope is malformed or wider than what was granted.", "RFC 6749 6";
}

/// The rule that a refresh token breaks which nobody knows, or which was used before.
pub fn unknown() -> &'static Rule {
    &UNKNOWN
}

/// What a client sends to refresh.
#[derive(Clone)]
pub struct Refreshing<'a> {
    /// The refresh token.
    pub token: &'a str,
    scope: Option<&'a str>,
    resources: Vec<&'a str>,
}

impl fmt::Debug for Refreshing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The token is a secret.
        f.debug_struct("Refreshing")
            .field("scope", &self.scope)
            .field("resources", &self.resources)
            .finish_non_exhaustive()
    }
}

impl<'a> Refreshing<'a> {
    pub(super) fn read(token: &'a str, params: &'a Params<'_>) -> Self {
        let resources = token::resources(params);
        Self { token, scope: params.find("scope"), resources }
    }

    /// What the new access token may say, for `client`, which has proven itself.
    //= rfc6749#6-1
    //= rfc6749#6-2
    pub fn admit(
        &self,
        grant: &Grant,
        client: &Client,
    ) -> Result<(Scopes, Vec<String>), &'static Rule> {
        if grant.client != client.id {
            return Err(&OTHER_CLIENT);
        }
        let scopes = match self.scope {
            None => grant.scopes.clone(),
            Some(text) => {
                let asked = Scopes::parse(text).ok_or(&WIDER)?;
                Some(asked)
                    .filter(|it| !it.is_empty() && it.is_within(&grant.scopes))
                    .ok_or(&WIDER)?
            }
        };
        Ok((scopes, token::narrow(&grant.resources, &self.resources)?))
    }
}

/// Whether a grant of these scopes gives `client` a refresh token.
//= oidc-core#11-1
#[must_use]
pub fn is_due(client: &Client, scopes: &Scopes) -> bool {
    client.offline_access && scopes.has_offline_access()
}

/// A new refresh token of 256 random bits, and when it ceases to count if it is not used.
//= rfc9700#4.14.2-2
#[must_use]
pub fn issue(client: &Client, bits: [u8; 32], now: Timestamp) -> (Opaque, Timestamp) {
    (Opaque::from_random(OpaqueKind::RefreshToken, bits), now + client.refresh_token_lifetime)
}

#[cfg(test)]
mod tests;
