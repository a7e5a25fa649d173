//! Access tokens: signed, for one audience, about one grant (RFC 9068).

use std::fmt;

use aws_lc_rs::digest::{Digest, SHA256, SHA512, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{GrantId, Lifetime, Timestamp};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Client, Grant, Issuer};
use crate::{
    jwt::{self, Audience, Expected, JwtError, MintError, TokenType, VerifiedClaims},
    keys::{KeySet, SigningAlg, SigningKey},
    scope::Scopes,
};

/// How far the clocks of nodes may be apart.
const SKEW: Lifetime = Lifetime::seconds(10);

/// An access token on its way out.
#[derive(Clone)]
pub struct Minted {
    /// The token.
    pub token: String,
    /// Its name.
    pub jti: String,
    /// How long it lives.
    pub lifetime: Lifetime,
}

impl fmt::Debug for Minted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever reads the token can use it.
        f.debug_struct("Minted").field("jti", &self.jti).finish_non_exhaustive()
    }
}

/// What an access token says.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The client that it is for.
    pub client: &'a Client,
    /// The grant that it comes from; none if it is about nobody.
    pub grant: Option<&'a Grant>,
    /// Its scopes.
    pub scopes: &'a Scopes,
    /// The resources that it is for; none means ourselves.
    pub resources: &'a [String],
}

/// The key that access tokens are signed with: the cheapest that there is.
pub(super) fn signer(keys: &KeySet) -> Option<&SigningKey> {
    SigningAlg::ALL.into_iter().find_map(|alg| keys.signer(alg))
}

/// Makes an access token, named by 128 random bits.
//= rfc9068#2.1-1
//= rfc9068#2.1-2
pub fn mint(
    wanted: &Wanted<'_>,
    issuer: &Issuer,
    key: &SigningKey,
    bits: [u8; 16],
    now: Timestamp,
) -> Result<Minted, MintError> {
    let jti = URL_SAFE_NO_PAD.encode(bits);
    let lifetime = wanted.client.access_token_lifetime;
    let claims = Claims { wanted, issuer, jti: &jti, now, expires_at: now + lifetime };
    let token = jwt::mint(key, TokenType::AccessToken, &claims)?;
    Ok(Minted { token, jti, lifetime })
}

struct Claims<'a> {
    wanted: &'a Wanted<'a>,
    issuer: &'a Issuer,
    jti: &'a str,
    now: Timestamp,
    expires_at: Timestamp,
}

impl Serialize for Claims<'_> {
    //= rfc9068#2.2-1
    //= rfc9068#2.2.1-1
    //= rfc9068#2.2.3-1
    //= rfc9470#6.1-1
    //= rfc9068#3-1
    //= rfc9700#2.3-1
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        let Wanted { client, grant, scopes, resources } = *self.wanted;
        let mut claims = writer.serialize_map(None)?;
        claims.serialize_entry("iss", self.issuer.as_str())?;
        claims
            .serialize_entry("sub", grant.map_or(client.id.as_str(), |it| it.subject.as_str()))?;
        match resources {
            [] => claims.serialize_entry("aud", self.issuer.as_str())?,
            [one] => claims.serialize_entry("aud", one)?,
            several => claims.serialize_entry("aud", several)?,
        }
        claims.serialize_entry("client_id", client.id.as_str())?;
        claims.serialize_entry("iat", &self.now.seconds())?;
        claims.serialize_entry("exp", &self.expires_at.seconds())?;
        claims.serialize_entry("jti", self.jti)?;
        if !scopes.is_empty() {
            claims.serialize_entry("scope", scopes.as_str())?;
        }
        if let Some(grant) = grant {
            claims.serialize_entry("gid", grant.id.as_str())?;
            claims.serialize_entry("acr", &grant.acr)?;
            if !grant.amr.is_empty() {
                claims.serialize_entry("amr", &grant.amr)?;
            }
            if let Some(at) = grant.authenticated_at {
                claims.serialize_entry("auth_time", &at.seconds())?;
            }
        }
        claims.end()
    }
}

/// An access token of ours that came back, verified. Whether its grant still stands is not known
/// here.
#[derive(Clone, Debug)]
pub struct AccessToken {
    claims: VerifiedClaims,
    /// The client that it was issued to.
    pub client_id: String,
    /// The grant that it comes from; none if it is about nobody.
    pub grant: Option<GrantId>,
    /// Its scopes.
    pub scopes: Scopes,
    /// Its name.
    pub jti: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ceases to count.
    pub expires_at: Timestamp,
}

impl AccessToken {
    /// Verifies a token: ours, an access token, in time. Its audience is for the caller to judge.
    //= rfc9068#4-1
    //= rfc9068#4-2
    pub fn verify(
        token: &str,
        keys: &KeySet,
        issuer: &Issuer,
        now: Timestamp,
    ) -> Result<Self, JwtError> {
        let expected = Expected {
            typ: TokenType::AccessToken,
            issuer: issuer.as_str(),
            audience: Audience::JudgedByCaller,
            now,
            skew: SKEW,
        };
        let claims = jwt::verify(token, keys, &expected)?;
        let text = |claim| claims.text(claim).ok_or(JwtError::Missing { claim });
        let client_id = text("client_id")?.to_owned();
        let jti = text("jti")?.to_owned();
        let scopes = Scopes::parse(claims.text("scope").unwrap_or_default())
            .ok_or(JwtError::Claim { claim: "scope" })?;
        let grant = match claims.text("gid").map(str::parse) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(_)) => return Err(JwtError::Claim { claim: "gid" }),
        };
        let issued_at = claims.time("iat").ok_or(JwtError::Missing { claim: "iat" })?;
        let expires_at = claims.time("exp").ok_or(JwtError::Missing { claim: "exp" })?;
        Ok(Self { claims, client_id, grant, scopes, jti, issued_at, expires_at })
    }

    /// Whether it is for `resource`.
    #[must_use]
    pub fn is_for(&self, resource: &str) -> bool {
        self.claims.audience().any(|audience| audience == resource)
    }

    /// Its claims.
    #[must_use]
    pub fn claims(&self) -> &VerifiedClaims {
        &self.claims
    }
}

/// The left half of the hash of a token, as an ID token signed with `alg` states it (OpenID
/// Connect Core §3.1.3.6).
#[must_use]
pub fn half_hash(alg: SigningAlg, token: &str) -> String {
    // Ed25519 hashes with SHA-512 itself.
    let algorithm = if alg == SigningAlg::EdDsa { &SHA512 } else { &SHA256 };
    let hash: Digest = digest(algorithm, token.as_bytes());
    let half = hash.as_ref().len() / 2;
    URL_SAFE_NO_PAD.encode(hash.as_ref().get(..half).unwrap_or_default())
}
