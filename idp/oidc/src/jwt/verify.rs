//! Verifying: first the frame, then the key, then the signature, and only then the claims.

use idp_domain::json::JsonError;
use idp_domain::{Lifetime, Timestamp};
use thiserror::Error;

use super::TokenType;
use super::claims::VerifiedClaims;
use super::compact::{Compact, MAX_TOKEN_BYTES};
use crate::jwk::JwkSet;
use crate::keys::{KeySet, SigningAlg};

/// Why a token is not believed. It quotes nothing of the token but short names from its header.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JwtError {
    /// Longer than any token that we accept.
    #[error("the token has {bytes} bytes, more than {MAX_TOKEN_BYTES}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Not a compact JWS.
    #[error("the token is malformed: {0}")]
    Malformed(&'static str),
    /// Header or claims are not JSON that we accept.
    #[error("the token's JSON is not acceptable")]
    Json(#[from] JsonError),
    /// The header asks for an extension.
    #[error("the token's header asks for an extension (crit or b64)")]
    Critical,
    /// Signed with an algorithm that was not agreed on.
    #[error("the token says alg {alg:?}, which was not agreed on")]
    Algorithm {
        /// What the header says, cut to 32 characters.
        alg: String,
    },
    /// Of another type.
    #[error("the token is of another type: typ {typ:?}")]
    Type {
        /// What the header says, cut to 32 characters.
        typ: Option<String>,
    },
    /// No key of that name for that algorithm, or several without a name.
    #[error("no single key of the expected ones can have signed the token")]
    UnknownKey,
    /// The signature is not the key's.
    #[error("the token's signature is wrong")]
    Signature,
    /// A claim is missing.
    #[error("the claim {claim} is missing")]
    Missing {
        /// Its name.
        claim: &'static str,
    },
    /// A claim has the wrong type or value.
    #[error("the claim {claim} is wrong")]
    Claim {
        /// Its name.
        claim: &'static str,
    },
    /// The token's time is over.
    #[error("the token expired at {at:?}")]
    Expired {
        /// Its `exp`.
        at: Timestamp,
    },
    /// The token's time has not come.
    #[error("the token is not valid before {from:?}")]
    Early {
        /// Its `nbf` or `iat`.
        from: Timestamp,
    },
    /// The token would live too long to remember that it was used.
    #[error("the token lives until {until:?}, which is too long")]
    TooLongLived {
        /// Its `exp`.
        until: Timestamp,
    },
}

/// Whom a token of ours must be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience<'a> {
    /// This one must be among those that `aud` names.
    Includes(&'a str),
    /// The caller compares [`VerifiedClaims::audience`] itself.
    JudgedByCaller,
}

/// What a token of ours must be.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// What it is for.
    pub typ: TokenType,
    /// Our issuer identifier.
    pub issuer: &'a str,
    /// Whom it is for.
    pub audience: Audience<'a>,
    /// The time.
    pub now: Timestamp,
    /// How far the clocks of nodes may be apart.
    pub skew: Lifetime,
}

/// Verifies a token of ours.
pub fn verify(
    token: &str,
    keys: &KeySet,
    expected: &Expected<'_>,
) -> Result<VerifiedClaims, JwtError> {
    let claims = verify_frame(token, keys, expected.typ, expected.issuer)?;
    verify_audience(&claims, expected.audience)?;
    verify_times(&claims, expected.now, expected.skew)?;
    Ok(claims)
}

/// Verifies an ID token of ours that a relying party sends back as a hint.
///
/// It may have expired: it only says whom the relying party means (OpenID Connect Core section
/// 3.1.2.1, RP-Initiated Logout section 2). The caller compares its audience.
pub fn verify_hint(token: &str, keys: &KeySet, issuer: &str) -> Result<VerifiedClaims, JwtError> {
    verify_frame(token, keys, TokenType::IdToken, issuer)
}

/// Verifies signature and header of a token that somebody else signed, with their keys.
///
/// The claims are theirs; the caller judges them. `typ` says which types are acceptable; a token
/// without one is handed over as `None`.
pub fn verify_with_jwks(
    token: &str,
    keys: &JwkSet,
    algs: &[SigningAlg],
    typ: impl FnOnce(Option<&str>) -> bool,
) -> Result<VerifiedClaims, JwtError> {
    let compact = open(token, keys, algs)?;
    if !typ(compact.typ.as_deref().map(without_application)) {
        return Err(wrong_type(&compact));
    }
    Ok(VerifiedClaims::new(compact.claims()?))
}

/// The parts of `token`, once one of `keys` was found to have signed it.
pub(super) fn open<'a>(
    token: &'a str,
    keys: &JwkSet,
    algs: &[SigningAlg],
) -> Result<Compact<'a>, JwtError> {
    let compact = Compact::parse(token)?;
    let alg = agreed_alg(&compact, algs)?;
    let jwk = keys.find(compact.kid.as_deref(), alg).ok_or(JwtError::UnknownKey)?;
    if !jwk.key().verify(alg, compact.signed, &compact.signature) {
        return Err(JwtError::Signature);
    }
    Ok(compact)
}

/// Type, key, signature and issuer of a token of ours.
fn verify_frame(
    token: &str,
    keys: &KeySet,
    typ: TokenType,
    issuer: &str,
) -> Result<VerifiedClaims, JwtError> {
    let compact = Compact::parse(token)?;
    //= rfc8725#3.11-1
    if !compact.typ.as_deref().is_some_and(|found| same_type(found, typ.as_str())) {
        return Err(wrong_type(&compact));
    }
    let kid = compact.kid.as_deref().ok_or(JwtError::UnknownKey)?;
    let key = keys.find(kid).ok_or(JwtError::UnknownKey)?;
    //= rfc8725#3.1-1
    let alg = agreed_alg(&compact, &[key.alg()])?;
    if !key.public().verify(alg, compact.signed, &compact.signature) {
        return Err(JwtError::Signature);
    }
    let claims = VerifiedClaims::new(compact.claims()?);
    if claims.required_text("iss")? != issuer {
        return Err(JwtError::Claim { claim: "iss" });
    }
    Ok(claims)
}

fn verify_audience(claims: &VerifiedClaims, audience: Audience<'_>) -> Result<(), JwtError> {
    match audience {
        Audience::JudgedByCaller => Ok(()),
        Audience::Includes(wanted) if claims.audience().any(|aud| aud == wanted) => Ok(()),
        Audience::Includes(_) => Err(JwtError::Claim { claim: "aud" }),
    }
}

/// `exp` must be there and ahead; `nbf` and `iat`, where they are, must not be.
pub(super) fn verify_times(
    claims: &VerifiedClaims,
    now: Timestamp,
    skew: Lifetime,
) -> Result<(), JwtError> {
    let exp = claims.required_time("exp")?;
    if exp + skew <= now {
        return Err(JwtError::Expired { at: exp });
    }
    for name in ["nbf", "iat"] {
        if let Some(from) = claims.optional_time(name)?
            && from > now + skew
        {
            return Err(JwtError::Early { from });
        }
    }
    Ok(())
}

/// The token's algorithm, if it is one of those agreed on beforehand.
fn agreed_alg(compact: &Compact<'_>, algs: &[SigningAlg]) -> Result<SigningAlg, JwtError> {
    SigningAlg::find(&compact.alg)
        .filter(|alg| algs.contains(alg))
        .ok_or_else(|| JwtError::Algorithm { alg: compact.alg.chars().take(32).collect() })
}

fn wrong_type(compact: &Compact<'_>) -> JwtError {
    JwtError::Type { typ: compact.typ.as_ref().map(|typ| typ.chars().take(32).collect()) }
}

/// Media types are compared without regard to case (RFC 7515 section 4.1.9).
pub(super) fn same_type(found: &str, wanted: &str) -> bool {
    without_application(found).eq_ignore_ascii_case(wanted)
}

fn without_application(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match typ.split_at_checked(PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) => rest,
        _ => typ,
    }
}
