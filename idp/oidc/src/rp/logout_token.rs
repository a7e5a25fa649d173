//! A source's word that sessions of its own are over, verified to the letter of OpenID Connect
//! Back-Channel Logout 1.0 section 2.6.

use std::fmt;

use idp_domain::{Lifetime, Timestamp};
use serde_json::Value;
use thiserror::Error;

use super::discovery::Issuer;
use crate::{
    jwk::JwkSet,
    jwt::{JwtError, VerifiedClaims, verify_with_jwks},
    keys::SigningAlg,
    op::logout_token::EVENT,
};

/// How old a logout token may be when it comes; a source that retries makes a new one.
const MAX_AGE: Lifetime = Lifetime::minutes(5);
/// The longest name of a token, a session or a person, in bytes.
const MAX_NAME: usize = 255;

/// Why a logout token is not believed. Quotes nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LogoutTokenError {
    /// Its frame, key or signature is wrong.
    #[error("the logout token is not believed")]
    Token(#[from] JwtError),
    /// A claim is missing, wrong, or stands where it must not.
    #[error("the logout token's claim {claim} is missing, wrong or forbidden")]
    Claim {
        /// The claim.
        claim: &'static str,
    },
    /// It was issued too long ago, its time is over, or has not come.
    #[error("the logout token's time ({claim}) is too far from ours")]
    Time {
        /// The claim.
        claim: &'static str,
    },
}

impl LogoutTokenError {
    /// The stable name of what was wrong: the same in trail, log and metric.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Token(JwtError::Signature | JwtError::UnknownKey) => "signature_invalid",
            Self::Token(JwtError::Algorithm { .. }) => "algorithm",
            Self::Token(JwtError::Type { .. }) => "token_type",
            Self::Token(_) => "malformed",
            Self::Claim { .. } => "claim",
            Self::Time { .. } => "expired",
        }
    }

    /// Whether other keys of the source might verify it.
    #[must_use]
    pub const fn is_unknown_key(&self) -> bool {
        matches!(self, Self::Token(JwtError::UnknownKey))
    }
}

/// What a logout token must be.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedLogout<'a> {
    /// Whose it must be.
    pub issuer: &'a Issuer,
    /// Who we are there.
    pub client_id: &'a str,
    /// The algorithms that were agreed on.
    pub algs: &'a [SigningAlg],
    /// How far the source's clock may be off.
    pub skew: Lifetime,
    /// The time.
    pub now: Timestamp,
}

/// Sessions of a source that are over.
#[derive(Clone, PartialEq, Eq)]
pub struct LoggedOut {
    /// The person (`sub`), if the token says so.
    pub subject: Option<String>,
    /// The session (`sid`); without it, all sessions of the person.
    pub session: Option<String>,
    /// The token's own name.
    pub jti: String,
    /// Until when a copy of it could be believed: so long must its name be remembered.
    pub replay_until: Timestamp,
}

impl fmt::Debug for LoggedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It names a person.
        f.debug_struct("LoggedOut").field("jti", &self.jti).finish_non_exhaustive()
    }
}

/// Verifies `token` with the keys that its issuer publishes.
//= oidc-backchannel#2.6-1
pub fn verify_logout_token(
    token: &str,
    keys: &JwkSet,
    expected: &ExpectedLogout<'_>,
) -> Result<LoggedOut, LogoutTokenError> {
    // A token of another type could have been made for another purpose (RFC 8725 3.11).
    let is_logout =
        |typ: Option<&str>| typ.is_some_and(|typ| typ.eq_ignore_ascii_case("logout+jwt"));
    let claims = verify_with_jwks(token, keys, expected.algs, is_logout)?;
    if text(&claims, "iss")? != Some(expected.issuer.as_str()) {
        return Err(wrong("iss"));
    }
    if !claims.audience().any(|audience| audience == expected.client_id) {
        return Err(wrong("aud"));
    }
    let replay_until = verify_times(&claims, expected)?;
    let event = claims.all().get("events").and_then(|events| events.get(EVENT));
    if !event.is_some_and(Value::is_object) {
        return Err(wrong("events"));
    }
    if claims.all().contains_key("nonce") {
        return Err(wrong("nonce"));
    }
    let (subject, session) = (name(&claims, "sub")?, name(&claims, "sid")?);
    if subject.is_none() && session.is_none() {
        return Err(wrong("sub"));
    }
    let jti = name(&claims, "jti")?.ok_or(wrong("jti"))?;
    Ok(LoggedOut { subject, session, jti, replay_until })
}

/// `exp` and `iat`; returns when the token can no longer be believed.
fn verify_times(
    claims: &VerifiedClaims,
    expected: &ExpectedLogout<'_>,
) -> Result<Timestamp, LogoutTokenError> {
    let ExpectedLogout { now, skew, .. } = *expected;
    let time = |claim| match (claims.time(claim), claims.all().contains_key(claim)) {
        (Some(at), _) => Ok(Some(at)),
        (None, false) => Ok(None),
        (None, true) => Err(wrong(claim)),
    };
    let issued_at = time("iat")?.ok_or(wrong("iat"))?;
    let oldest = issued_at + MAX_AGE + skew;
    if issued_at > now + skew || oldest <= now {
        return Err(LogoutTokenError::Time { claim: "iat" });
    }
    let end = time("exp")?.ok_or(wrong("exp"))? + skew;
    if end <= now {
        return Err(LogoutTokenError::Time { claim: "exp" });
    }
    Ok(oldest.min(end))
}

fn text<'a>(
    claims: &'a VerifiedClaims,
    claim: &'static str,
) -> Result<Option<&'a str>, LogoutTokenError> {
    let value = claims.all().get(claim);
    value.map(|value| value.as_str().ok_or(wrong(claim))).transpose()
}

fn name(claims: &VerifiedClaims, claim: &'static str) -> Result<Option<String>, LogoutTokenError> {
    let name = text(claims, claim)?;
    if name.is_some_and(|name| name.is_empty() || name.len() > MAX_NAME) {
        return Err(wrong(claim));
    }
    Ok(name.map(str::to_owned))
}

const fn wrong(claim: &'static str) -> LogoutTokenError {
    LogoutTokenError::Claim { claim }
}

#[cfg(test)]
mod tests;
