//! A source for the tests of this role: its keys, its honest token, and what is expected of it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idp_domain::{Lifetime, Timestamp};
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::jwk::JwkSet;
use crate::keys::testing::pkcs8;
use crate::keys::{KeyKind, SigningAlg, SigningKey};
use crate::pkce::Verifier;

pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub(super) const NONCE: &str = "n-0S6_WzA2Mj";
pub(super) const ACCESS_TOKEN: &str = "the-access-token";
pub(super) const CLIENT_ID: &str = "broker";

static REDIRECT_URI: LazyLock<Url> =
    LazyLock::new(|| "https://broker.example/sources/una/callback".parse().unwrap());
static VERIFIER: LazyLock<Verifier> = LazyLock::new(verifier);
static ISSUER: LazyLock<Issuer> =
    LazyLock::new(|| Issuer::parse("https://op.example", Transport::Https).unwrap());
static REQUIRED: BTreeMap<String, Vec<String>> = BTreeMap::new();
/// A JSON answer of an endpoint.
pub(super) fn reply(status: u16, body: &str) -> Reply<'_> {
    Reply { status, media_type: "application/json", body: body.as_bytes() }
}

/// The key that the source signs with.
pub(super) static KEY: LazyLock<SigningKey> = LazyLock::new(signing_key);

pub(super) fn key_of(kind: KeyKind) -> SigningKey {
    SigningKey::from_pkcs8(kind.alg(), &pkcs8(kind)).unwrap()
}

pub(super) fn signing_key() -> SigningKey {
    key_of(KeyKind::Es256)
}

pub(super) fn verifier() -> Verifier {
    Verifier::from_random([7; 32])
}

/// The published set of these keys.
pub(super) fn jwks(keys: &[&SigningKey]) -> Value {
    let keys: Vec<_> = keys.iter().map(|key| key.public().to_jwk(key.kid(), key.alg())).collect();
    json!({ "keys": keys })
}

pub(super) fn provider() -> Provider {
    let endpoints = Endpoints {
        authorization_endpoint: "https://op.example/authorize?p=1".to_owned(),
        token_endpoint: "https://op.example/token".to_owned(),
        jwks_uri: "https://op.example/keys".to_owned(),
        userinfo_endpoint: Some("https://op.example/userinfo".to_owned()),
        authorization_response_iss_parameter_supported: false,
    };
    Provider::configured(&endpoints, &ISSUER, Transport::Https).unwrap()
}

pub(super) fn request() -> AuthorizationRequest<'static> {
    AuthorizationRequest {
        client_id: CLIENT_ID,
        redirect_uri: &REDIRECT_URI,
        scopes: &[],
        state: "the-state",
        nonce: NONCE,
        verifier: &VERIFIER,
        prompt: None,
        max_age: None,
        acr_values: &[],
        login_hint: None,
        ui_locales: &[],
        claims: None,
    }
}

pub(super) fn expected() -> Expected<'static> {
    const ALGS: &[SigningAlg] = &SigningAlg::ALL;
    Expected {
        issuer: &ISSUER,
        client_id: CLIENT_ID,
        other_audiences: &[],
        algs: ALGS,
        required: &REQUIRED,
        nonce: NONCE,
        access_token: ACCESS_TOKEN,
        skew: Lifetime::seconds(60),
        now: NOW,
    }
}

/// The claims of an honest ID token.
pub(super) fn claims() -> Value {
    json!({
        "iss": "https://op.example",
        "sub": "alice",
        "aud": CLIENT_ID,
        "exp": NOW.seconds() + 300,
        "iat": NOW.seconds(),
        "nonce": NONCE,
    })
}

/// The honest claims with one changed; `Null` takes it away.
pub(super) fn with(claim: &str, value: Value) -> Value {
    let mut claims = claims();
    if value.is_null() {
        claims.as_object_mut().unwrap().remove(claim);
    } else {
        claims[claim] = value;
    }
    claims
}

/// Claims signed by the source.
pub(super) fn mint(claims: &Value) -> String {
    mint_with(&KEY, claims)
}

pub(super) fn mint_with(key: &SigningKey, claims: &Value) -> String {
    forge(key, &json!({"alg": key.alg().as_str(), "kid": key.kid(), "typ": "JWT"}), claims)
}

/// A token with any header, signed by `key`.
pub(super) fn forge(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(header), encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).unwrap());
    format!("{signed}.{signature}")
}

/// The verdict on a token with the source's own keys.
pub(super) fn verify(token: &str) -> Result<VerifiedIdToken, PeerError> {
    verify_as(token, &expected())
}

pub(super) fn verify_as(
    token: &str,
    expected: &Expected<'_>,
) -> Result<VerifiedIdToken, PeerError> {
    verify_id_token(token, &JwkSet::from_value(&jwks(&[&KEY])).unwrap(), expected)
}

/// The slug of the verdict on claims that the source signed.
pub(super) fn slug(claims: &Value) -> &'static str {
    verify(&mint(claims)).map_or_else(|error| error.slug(), |_| "fine")
}
