//! Verifying an ID token to the letter of OpenID Connect Core section 3.1.3.7.
//!
//! The configuration says what is expected and the token has no say in how it is judged. Frame,
//! key and signature come first; no claim is looked at before.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idp_domain::identity::SourceSubject;
use idp_domain::json;
use idp_domain::{Acr, Amr, Lifetime, Timestamp};
use serde_json::{Map, Value};

use super::callback::same;
use super::discovery::Issuer;
use super::error::PeerError;
use crate::jwk::JwkSet;
use crate::jwt::{JwtError, VerifiedClaims, verify_with_jwks};
use crate::keys::SigningAlg;

/// How old an ID token may be when it comes: a login must be over by then anyway.
const MAX_AGE: Lifetime = Lifetime::minutes(10);
/// The header's members that bring a key, or lead to one.
const FOREIGN_KEYS: [&str; 4] = ["jwk", "jku", "x5c", "x5u"];
/// The longest header that is looked at, in bytes of base64url.
const MAX_HEADER: usize = 4096;

/// What an ID token must be. All of it comes from configuration and from what we asked.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Whose token it must be.
    pub issuer: &'a Issuer,
    /// Who we are there.
    pub client_id: &'a str,
    /// Audiences that may stand beside us.
    pub other_audiences: &'a [String],
    /// The algorithms that were agreed on.
    pub algs: &'a [SigningAlg],
    /// Claims that must be there with one of these values, such as `hd` or `tid`.
    pub required: &'a BTreeMap<String, Vec<String>>,
    /// The nonce that we sent.
    pub nonce: &'a str,
    /// The access token that came beside it.
    pub access_token: &'a str,
    /// How far the source's clock may be off.
    pub skew: Lifetime,
    /// The time.
    pub now: Timestamp,
}

/// What a source says about a person, verified. Only [`verify_id_token`] makes one.
#[derive(Clone, PartialEq)]
pub struct VerifiedIdToken {
    issuer: Issuer,
    subject: SourceSubject,
    acr: Option<Acr>,
    amr: Vec<Amr>,
    authenticated_at: Option<Timestamp>,
    session: Option<String>,
    pub(super) claims: Map<String, Value>,
}

impl VerifiedIdToken {
    /// Whose word it is.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// The source's name for the person (`sub`).
    //= oidc-core#5.7-1
    #[must_use]
    pub fn subject(&self) -> &SourceSubject {
        &self.subject
    }

    /// The context that the source claims; what it is worth is for policy to say.
    #[must_use]
    pub fn acr(&self) -> Option<&Acr> {
        self.acr.as_ref()
    }

    /// The methods that the source claims.
    #[must_use]
    pub fn amr(&self) -> &[Amr] {
        &self.amr
    }

    /// When the person signed in (`auth_time`), if the source says so.
    #[must_use]
    pub fn authenticated_at(&self) -> Option<Timestamp> {
        self.authenticated_at
    }

    /// The source's own session (`sid`).
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// All claims, with those of the userinfo answer once they were added.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }
}

impl std::fmt::Debug for VerifiedIdToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Claims are attributes of a person.
        f.debug_struct("VerifiedIdToken").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Verifies `token` with the keys that its issuer publishes.
pub fn verify_id_token(
    token: &str,
    keys: &JwkSet,
    expected: &Expected<'_>,
) -> Result<VerifiedIdToken, PeerError> {
    let alg = judge_header(token)?;
    //= oidc-core#3.1.3.7-6
    //= oidc-core#3.1.3.7-7
    let claims = verify_with_jwks(token, keys, expected.algs, is_id_token_type)?;
    let claims = Claims(&claims);
    verify_parties(claims, expected)?;
    verify_times(claims, expected)?;
    //= oidc-core#3.1.3.7-11
    if !same(claims.text("nonce")?, expected.nonce) {
        return Err(wrong("nonce"));
    }
    verify_access_token(claims, alg, expected.access_token)?;
    let authenticated_at = verify_sign_in(claims, expected)?;
    verify_required(claims, expected)?;
    Ok(VerifiedIdToken {
        issuer: expected.issuer.clone(),
        subject: SourceSubject::parse(claims.text("sub")?).map_err(|_| wrong("sub"))?,
        acr: claims.optional_text("acr")?.and_then(|acr| acr.parse().ok()),
        amr: claims.methods()?,
        authenticated_at,
        session: claims.optional_text("sid")?.map(str::to_owned),
        claims: claims.0.all().clone(),
    })
}

/// Refuses what must not even be verified, and says which algorithm the header names.
fn judge_header(token: &str) -> Result<SigningAlg, PeerError> {
    if token.bytes().filter(|byte| *byte == b'.').count() == 4 {
        return Err(PeerError::Encrypted);
    }
    let malformed = |what| PeerError::IdToken(JwtError::Malformed(what));
    let part = token.split('.').next().filter(|part| part.len() <= MAX_HEADER);
    let part = part.ok_or(malformed("the header is too long"))?;
    let text =
        URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed("the header is not base64url"))?;
    let header: Map<String, Value> = json::read(&text).map_err(JwtError::Json)?;
    if header.contains_key("enc") || header.contains_key("zip") {
        return Err(PeerError::Encrypted);
    }
    if let Some(member) = FOREIGN_KEYS.into_iter().find(|member| header.contains_key(*member)) {
        return Err(PeerError::ForeignKey { member });
    }
    let alg = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    SigningAlg::find(alg)
        .ok_or_else(|| JwtError::Algorithm { alg: alg.chars().take(32).collect() }.into())
}

/// An ID token bears no type, or the type of any token: not that of an access or logout token.
fn is_id_token_type(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| typ.eq_ignore_ascii_case("JWT"))
}

/// `iss`, `aud` and `azp`.
fn verify_parties(claims: Claims<'_>, expected: &Expected<'_>) -> Result<(), PeerError> {
    //= oidc-core#3.1.3.7-2
    if claims.text("iss")? != expected.issuer.as_str() {
        return Err(wrong("iss"));
    }
    //= oidc-core#3.1.3.7-3
    let audience = claims.audience()?;
    let trusted = |aud: &str| {
        aud == expected.client_id || expected.other_audiences.iter().any(|other| other == aud)
    };
    if !audience.contains(&expected.client_id) || !audience.iter().all(|aud| trusted(aud)) {
        return Err(wrong("aud"));
    }
    //= oidc-core#3.1.3.7-5
    match claims.optional_text("azp")? {
        Some(azp) if azp == expected.client_id => Ok(()),
        None if audience.len() == 1 => Ok(()),
        _ => Err(wrong("azp")),
    }
}

/// `exp`, `iat` and `nbf`.
fn verify_times(claims: Claims<'_>, expected: &Expected<'_>) -> Result<(), PeerError> {
    let Expected { now, skew, .. } = *expected;
    //= oidc-core#3.1.3.7-9
    if claims.time("exp")?.ok_or(wrong("exp"))? + skew <= now {
        return Err(PeerError::Expired);
    }
    //= oidc-core#3.1.3.7-10
    let issued_at = claims.time("iat")?.ok_or(wrong("iat"))?;
    if issued_at > now + skew || issued_at + MAX_AGE + skew < now {
        return Err(PeerError::Time { claim: "iat" });
    }
    match claims.time("nbf")? {
        Some(not_before) if not_before > now + skew => Err(PeerError::Time { claim: "nbf" }),
        _ => Ok(()),
    }
}

/// `at_hash`, where it is present, fits the access token.
//= oidc-core#3.1.3.8-1
fn verify_access_token(
    claims: Claims<'_>,
    alg: SigningAlg,
    access_token: &str,
) -> Result<(), PeerError> {
    let Some(found) = claims.optional_text("at_hash")? else { return Ok(()) };
    let hash = match alg {
        SigningAlg::Es256 | SigningAlg::Ps256 | SigningAlg::Rs256 => &SHA256,
        // Ed25519 hashes with SHA-512 itself, and so do those who write this claim beside it.
        SigningAlg::EdDsa => &SHA512,
    };
    let hash = digest(hash, access_token.as_bytes());
    let (left, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    if same(found, &URL_SAFE_NO_PAD.encode(left)) { Ok(()) } else { Err(wrong("at_hash")) }
}

/// `auth_time`, if it is told: not from the future. Whether it is recent enough is not judged here.
fn verify_sign_in(
    claims: Claims<'_>,
    expected: &Expected<'_>,
) -> Result<Option<Timestamp>, PeerError> {
    let signed_in = claims.time("auth_time")?;
    if signed_in.is_some_and(|at| at > expected.now + expected.skew) {
        return Err(PeerError::Time { claim: "auth_time" });
    }
    Ok(signed_in)
}

/// Claims that must have one of the configured values, letter for letter.
fn verify_required(claims: Claims<'_>, expected: &Expected<'_>) -> Result<(), PeerError> {
    for (claim, values) in expected.required {
        let found = claims.0.text(claim);
        if !found.is_some_and(|found| values.iter().any(|value| value == found)) {
            return Err(PeerError::RequiredClaim { claim: claim.clone() });
        }
    }
    Ok(())
}

/// Claims read by the form that each must have.
#[derive(Clone, Copy)]
struct Claims<'a>(&'a VerifiedClaims);

impl<'a> Claims<'a> {
    fn text(self, claim: &'static str) -> Result<&'a str, PeerError> {
        self.optional_text(claim)?.filter(|text| !text.is_empty()).ok_or(wrong(claim))
    }

    fn optional_text(self, claim: &'static str) -> Result<Option<&'a str>, PeerError> {
        let value = self.0.all().get(claim);
        value.map(|value| value.as_str().ok_or(wrong(claim))).transpose()
    }

    fn time(self, claim: &'static str) -> Result<Option<Timestamp>, PeerError> {
        match self.0.all().get(claim) {
            None => Ok(None),
            Some(_) => self.0.time(claim).map(Some).ok_or(wrong(claim)),
        }
    }

    fn audience(self) -> Result<Vec<&'a str>, PeerError> {
        match self.0.all().get("aud") {
            Some(Value::String(one)) => Ok(vec![one]),
            Some(Value::Array(several)) => {
                several.iter().map(|one| one.as_str().ok_or(wrong("aud"))).collect()
            }
            _ => Err(wrong("aud")),
        }
    }

    /// The methods; those whose names no method can have are left out.
    fn methods(self) -> Result<Vec<Amr>, PeerError> {
        let Some(value) = self.0.all().get("amr") else { return Ok(Vec::new()) };
        let names = value.as_array().ok_or(wrong("amr"))?;
        let names: Option<Vec<_>> = names.iter().map(Value::as_str).collect();
        Ok(names.ok_or(wrong("amr"))?.into_iter().filter_map(Amr::new).collect())
    }
}

const fn wrong(claim: &'static str) -> PeerError {
    PeerError::Claim { claim }
}

#[cfg(test)]
mod tests;
