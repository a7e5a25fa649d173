//! Client assertions: a client proves itself with a token that it signed (RFC 7523, FAPI 2.0).

use idp_domain::{Lifetime, Timestamp};
use serde_json::Value;

use super::claims::VerifiedClaims;
use super::compact::Compact;
use super::verify::{JwtError, same_type, verify_times, verify_with_jwks};
use crate::jwk::JwkSet;
use crate::keys::SigningAlg;

/// How far ahead an assertion may expire: so long must its `jti` be remembered.
const MAX_LIFETIME: Lifetime = Lifetime::hours(1);
/// The longest `jti`, in bytes.
const MAX_JTI_BYTES: usize = 256;

/// What an assertion must be, from the client's registration.
#[derive(Debug, Clone, Copy)]
pub struct AssertionRules<'a> {
    /// The client that it must be of.
    pub client_id: &'a str,
    /// The client's registered keys.
    pub keys: &'a JwkSet,
    /// The algorithms that the client registered.
    pub algs: &'a [SigningAlg],
    /// Our issuer identifier, the one audience.
    pub issuer: &'a str,
    /// Another audience that this client is registered to use: the token endpoint.
    pub legacy_audience: Option<&'a str>,
    /// The time.
    pub now: Timestamp,
    /// How far the client's clock may be off.
    pub skew: Lifetime,
}

/// An assertion that holds. It must still be used only once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAssertion {
    /// Its name, unique among the client's.
    pub jti: String,
    /// Until when that name must be remembered: skew included.
    pub remember_until: Timestamp,
}

/// Verifies a client's assertion; whether its `jti` is new is for the caller to find.
pub fn verify_client_assertion(
    assertion: &str,
    rules: &AssertionRules<'_>,
) -> Result<ClientAssertion, JwtError> {
    let claims = verify_with_jwks(assertion, rules.keys, rules.algs, is_assertion_type)?;
    //= rfc7523#3-1
    for claim in ["iss", "sub"] {
        if claims.required_text(claim)? != rules.client_id {
            return Err(JwtError::Claim { claim });
        }
    }
    verify_audience(&claims, rules)?;
    verify_times(&claims, rules.now, rules.skew)?;
    let exp = claims.required_time("exp")?;
    if exp > rules.now + MAX_LIFETIME + rules.skew {
        return Err(JwtError::TooLongLived { until: exp });
    }
    let jti = claims.required_text("jti")?;
    if jti.len() > MAX_JTI_BYTES {
        return Err(JwtError::Claim { claim: "jti" });
    }
    Ok(ClientAssertion { jti: jti.to_owned(), remember_until: exp + rules.skew })
}

/// Who an assertion says that it is of, to find the client whose keys then verify it.
///
/// Danger: nothing was verified. Used for anything but that look-up it is an impersonation.
pub fn danger_unverified_issuer(assertion: &str) -> Result<String, JwtError> {
    match Compact::parse(assertion)?.claims()?.remove("iss") {
        None => Err(JwtError::Missing { claim: "iss" }),
        Some(Value::String(iss)) if !iss.is_empty() => Ok(iss),
        Some(_) => Err(JwtError::Claim { claim: "iss" }),
    }
}

/// The audience is a single text (draft-ietf-oauth-rfc7523bis section 4): in a list, an assertion
/// made for another server would do here too.
fn verify_audience(claims: &VerifiedClaims, rules: &AssertionRules<'_>) -> Result<(), JwtError> {
    let aud = claims.required_text("aud")?;
    if aud == rules.issuer || Some(aud) == rules.legacy_audience {
        return Ok(());
    }
    Err(JwtError::Claim { claim: "aud" })
}

/// Assertions of before RFC 7523bis have no type, or the type of any token.
fn is_assertion_type(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| same_type(typ, "JWT") || same_type(typ, "client-authentication+jwt"))
}

#[cfg(test)]
mod tests;
