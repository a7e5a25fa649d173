//! Logout tokens: that a session is over, told to a client's server (OpenID Connect Back-Channel
//! Logout 1.0).

use idp_domain::{Lifetime, RelyingPartyId, SessionId, Subject, Timestamp};
use serde::Serialize;
use url::Url;

use super::{Client, Issuer, id_token::sid, params::encode_into};
use crate::{
    jwt::{self, MintError, TokenType},
    keys::SigningKey,
};

/// How long a logout token counts: as long as section 2.4 recommends.
const LIFETIME: Lifetime = Lifetime::minutes(2);

/// The one event of a logout token (section 2.4).
pub const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A request to a client's server.
#[derive(Clone, PartialEq, Eq)]
pub struct LogoutLetter {
    /// Where to.
    pub url: Url,
    /// The body: a form.
    pub body: String,
}

/// What a logout token is about.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// The session.
    pub session: &'a SessionId,
    /// The person, as the client knows them.
    pub subject: &'a Subject,
    /// A name for the token, unguessable.
    pub jti: &'a str,
    /// The time.
    pub now: Timestamp,
}

/// Tells `client` that a session is over; `None` if it has no ear for it.
pub fn letter(
    client: &Client,
    issuer: &Issuer,
    ended: &Ended<'_>,
    key: &SigningKey,
) -> Result<Option<LogoutLetter>, MintError> {
    let Some(url) = &client.backchannel_logout_uri else { return Ok(None) };
    let token = mint(&client.id, issuer, ended, key)?;
    let mut body = String::from("logout_token=");
    encode_into(&mut body, &token);
    Ok(Some(LogoutLetter { url: url.clone(), body }))
}

//= oidc-backchannel#2.4-1
//= oidc-backchannel#2.4-2
fn mint(
    client: &RelyingPartyId,
    issuer: &Issuer,
    ended: &Ended<'_>,
    key: &SigningKey,
) -> Result<String, MintError> {
    let claims = Claims {
        iss: issuer.as_str(),
        sub: ended.subject.as_str(),
        aud: client.as_str(),
        iat: ended.now.seconds(),
        exp: (ended.now + LIFETIME).seconds(),
        jti: ended.jti,
        events: Events { ended: Empty {} },
        sid: sid(ended.session, client),
    };
    jwt::mint(key, TokenType::LogoutToken, &claims)
}

/// A nonce may not stand here: the token could pass for an ID token.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: &'a str,
    events: Events,
    sid: String,
}

#[derive(Serialize)]
struct Events {
    #[serde(rename = "http://schemas.openid.net/event/backchannel-logout")]
    ended: Empty,
}

#[derive(Serialize)]
struct Empty {}

/// Whether the status of a client's answer says that the person is signed out there
/// (section 2.8; some frameworks say 204 for an answer without a body).
//= oidc-backchannel#2.8-1
#[must_use]
pub fn is_confirmed(status: u16) -> bool {
    matches!(status, 200 | 204)
}

#[cfg(test)]
mod tests;
