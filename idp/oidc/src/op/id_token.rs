//! ID tokens: our word about a person, to one client (OpenID Connect Core §2).

use aws_lc_rs::digest::{Context, SHA256};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{Lifetime, RelyingPartyId, SessionId, Timestamp};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Client, Grant, Issuer, access_token::half_hash};
use crate::{
    claims::Told,
    jwt::{self, MintError, TokenType},
    keys::SigningKey,
};

/// How long an ID token can be presented as proof of a login.
pub const LIFETIME: Lifetime = Lifetime::minutes(10);

/// The name of a session towards one client (`sid`).
///
/// Each client is told another one, so that two of them cannot tell by it that they serve the
/// same person; whoever knows session and client computes it again.
#[must_use]
pub fn sid(session: &SessionId, client: &RelyingPartyId) -> String {
    let mut context = Context::new(&SHA256);
    for part in ["sid", session.as_str(), client.as_str()] {
        context.update(part.as_bytes());
        context.update(b"\n");
    }
    let hash = context.finish();
    URL_SAFE_NO_PAD.encode(hash.as_ref().get(..16).unwrap_or_default())
}

/// Makes the ID token that goes with `access_token`, signed with `key`.
//= oidc-core#2-5
pub fn mint(
    grant: &Grant,
    client: &Client,
    issuer: &Issuer,
    nonce: Option<&str>,
    access_token: &str,
    key: &SigningKey,
    now: Timestamp,
) -> Result<String, MintError> {
    let at_hash = half_hash(key.alg(), access_token);
    let claims = Claims { grant, client, issuer, nonce, at_hash: &at_hash, now };
    jwt::mint(key, TokenType::IdToken, &claims)
}

struct Claims<'a> {
    grant: &'a Grant,
    client: &'a Client,
    issuer: &'a Issuer,
    nonce: Option<&'a str>,
    at_hash: &'a str,
    now: Timestamp,
}

impl Serialize for Claims<'_> {
    //= oidc-core#2-1
    //= oidc-core#2-4
    //= oidc-core#12.2-1
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        let Self { grant, client, issuer, nonce, at_hash, now } = *self;
        let mut claims = writer.serialize_map(None)?;
        claims.serialize_entry("iss", issuer.as_str())?;
        claims.serialize_entry("sub", &grant.subject)?;
        claims.serialize_entry("aud", client.id.as_str())?;
        claims.serialize_entry("exp", &(now + LIFETIME).seconds())?;
        claims.serialize_entry("iat", &now.seconds())?;
        if let Some(at) = grant.authenticated_at {
            claims.serialize_entry("auth_time", &at.seconds())?;
        }
        if let Some(nonce) = nonce {
            claims.serialize_entry("nonce", nonce)?;
        }
        claims.serialize_entry("acr", &grant.acr)?;
        if !grant.amr.is_empty() {
            claims.serialize_entry("amr", &grant.amr)?;
        }
        claims.serialize_entry("sid", &sid(&grant.session, &client.id))?;
        claims.serialize_entry("at_hash", at_hash)?;
        let told = Told {
            released: &grant.released,
            scopes: client.claims_in_id_token.then_some(&grant.scopes),
            names: &grant.claims.id_token,
        };
        told.write(&mut claims)?;
        claims.end()
    }
}

#[cfg(test)]
mod tests;
