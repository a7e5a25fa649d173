//! Revocation: a client gives back what it has (RFC 7009).

use idp_domain::{RelyingPartyId, Timestamp};

use super::{Client, Params, access_token::AccessToken};
use crate::error::{Rule, rules};

rules! {
    NO_TOKEN = "oidc.revoke.token_missing", InvalidRequest,
        "The request has no token.", "RFC 7009 2.1";
}

/// The token that a request gives back.
pub fn request<'a>(params: &'a Params<'_>) -> Result<&'a str, &'static Rule> {
    params.find("token").ok_or(&NO_TOKEN)
}

/// Whether `client` may revoke what was issued to `owner`. If not, nothing happens, and the client
/// is answered as if it had.
//= rfc7009#2.1-2
#[must_use]
pub fn is_owner(client: &Client, owner: &RelyingPartyId) -> bool {
    client.id == *owner
}

/// An access token that must not count any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedToken {
    /// Its name.
    pub jti: String,
    /// Until when the name must be remembered.
    pub remember_until: Timestamp,
}

/// What to remember of an access token that `client` gives back; `None` if it is not its own.
//= rfc7009#2-1
#[must_use]
pub fn access_token(token: &AccessToken, client: &Client) -> Option<RevokedToken> {
    (token.client_id == client.id.as_str())
        .then(|| RevokedToken { jti: token.jti.clone(), remember_until: token.expires_at })
}
