//! The test bed of the provider's role: an issuer, its keys, clients, and a login that succeeded.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{
    AttributeName, AttributeSet, AuthnRequest, GrantId, Issuance, RelyingPartyId, Subject,
    Timestamp, assurance::REFEDS_MFA,
};
use serde_json::Value;

use super::{
    Asked, Client, ClientRegistration, Declined, Endpoints, Entry, Grant, Issuer, Params,
    Surroundings, Ticket, authorize,
    client::{ApplicationType, AuthMethod, GrantType, Profile, RegisteredSecret},
    params::encode_into,
};
use crate::{
    keys::{KeySet, SigningAlg, testing::key_set},
    pkce::Verifier,
};

pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub(super) const CALLBACK: &str = "https://rp1.example/cb";
pub(super) const SECRET: &str = "Zx%41+b:c-9fQ2k7dR0tW8yU";
/// SHA-256 of [`SECRET`].
pub(super) static SECRET_HASH: LazyLock<String> = LazyLock::new(|| sha256(SECRET));
pub(super) static ISSUER: LazyLock<Issuer> =
    LazyLock::new(|| Issuer::parse("https://broker.example").unwrap());
pub(super) static ENDPOINTS: LazyLock<Endpoints> = LazyLock::new(|| Endpoints::of(&ISSUER));
pub(super) static KEYS: LazyLock<KeySet> = LazyLock::new(|| key_set(&[SigningAlg::Es256]));

pub(super) fn sha256(text: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

pub(super) fn id(text: &str) -> RelyingPartyId {
    text.parse().unwrap()
}

/// RP1 of the attack catalogue: confidential, on the web.
pub(super) fn form() -> ClientRegistration {
    ClientRegistration {
        redirect_uris: vec![CALLBACK.to_owned()],
        post_logout_redirect_uris: vec!["https://rp1.example/bye".to_owned()],
        client_secrets: vec![RegisteredSecret { sha256: SECRET_HASH.clone(), expires_at: None }],
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        scopes: ["openid", "profile", "email", "groups", "offline_access"]
            .map(str::to_owned)
            .to_vec(),
        audiences: vec!["https://api.example".to_owned(), "https://files.example".to_owned()],
        offline_access: true,
        ..ClientRegistration::default()
    }
}

/// RP2 of the attack catalogue: public, native.
pub(super) fn native_form() -> ClientRegistration {
    ClientRegistration {
        redirect_uris: vec!["http://127.0.0.1/cb".to_owned(), "com.example.app:/cb".to_owned()],
        application_type: ApplicationType::Native,
        token_endpoint_auth_method: AuthMethod::None,
        ..ClientRegistration::default()
    }
}

/// A service that asks only in its own name.
pub(super) fn service_form() -> ClientRegistration {
    ClientRegistration {
        client_secrets: form().client_secrets,
        grant_types: vec![GrantType::ClientCredentials],
        scopes: vec!["metrics".to_owned(), "logs".to_owned()],
        audiences: vec!["https://api.example".to_owned()],
        ..ClientRegistration::default()
    }
}

pub(super) fn register(name: &str, form: &ClientRegistration) -> Client {
    Client::register(id(name), form, Surroundings::default()).unwrap()
}

pub(super) fn rp1() -> Client {
    register("rp1", &form())
}

pub(super) fn rp2() -> Client {
    register("rp2", &native_form())
}

pub(super) fn service() -> Client {
    register("service", &service_form())
}

/// RP1 as old software: no PKCE, a nonce instead.
pub(super) fn legacy() -> Client {
    register("rp1", &ClientRegistration { profile: Profile::Baseline, ..form() })
}

pub(super) fn verifier() -> Verifier {
    Verifier::from_random([7; 32])
}

/// A query or form of these pairs, in order.
pub(super) fn encode(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        encode_into(&mut text, name);
        text.push('=');
        encode_into(&mut text, value);
    }
    text
}

/// A sound request of RP1 with `changes`: a value replaces or adds, an empty one removes.
pub(super) fn request(changes: &[(&str, &str)]) -> String {
    let challenge = verifier().challenge();
    let mut pairs = vec![
        ("client_id", "rp1"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid email"),
        ("state", "s t=a/t%e"),
        ("nonce", "n-1"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changes {
        pairs.retain(|(other, _)| other != name);
        if !value.is_empty() {
            pairs.push((name, value));
        }
    }
    encode(&pairs)
}

pub(super) fn ask_as(client: Option<&Client>, text: &str) -> Result<AuthnRequest, Declined> {
    let params = Params::parse(text.as_bytes()).unwrap();
    authorize(&Asked {
        entry: Entry::Get,
        params: &params,
        stray_query: false,
        client,
        issuer: &ISSUER,
        keys: &KEYS,
    })
}

pub(super) fn ask(changes: &[(&str, &str)]) -> Result<AuthnRequest, Declined> {
    ask_as(Some(&rp1()), &request(changes))
}

/// How a request ended: `ok`, or who is told which rule was broken.
pub(super) fn outcome(answer: &Result<AuthnRequest, Declined>) -> String {
    match answer {
        Ok(_) => "ok".to_owned(),
        Err(Declined::Page(error)) => format!("page {}", error.rule.slug),
        Err(Declined::Redirect(error)) => {
            format!("redirect {} {}", error.rule.code, error.rule.slug)
        }
    }
}

pub(super) fn attributes(pairs: &[(&str, &str)]) -> AttributeSet {
    let mut set = AttributeSet::default();
    for (name, value) in pairs {
        set.add(AttributeName::parse(name).unwrap(), (*value).to_owned());
    }
    set
}

/// Alice signed in at her agency, with two factors, a minute ago.
pub(super) fn issuance(request: &AuthnRequest) -> Issuance {
    Issuance {
        issuer: "https://idp.una.example".into(),
        received_at: NOW,
        session_ends_at: NOW + idp_domain::Lifetime::hours(12),
        relying_party: request.relying_party.clone(),
        ticket: request.ticket.clone(),
        account: "account-of-alice".parse().unwrap(),
        subject: Subject::new("alice-for-rp1".to_owned()),
        agency: "una".parse().unwrap(),
        source: "una-oidc".parse().unwrap(),
        session: "session-1".parse().unwrap(),
        authenticated_at: Some(NOW.minus(idp_domain::Lifetime::minutes(1))),
        acr: REFEDS_MFA.parse().unwrap(),
        amr: ["pwd", "otp"].iter().filter_map(|name| idp_domain::Amr::new(name)).collect(),
        assurance: idp_domain::Assurance::Aal2,
        released: attributes(&[
            ("mail", "alice@una.example"),
            ("displayName", "Alice Ångström"),
            ("isMemberOf", "staff"),
            ("isMemberOf", "editors"),
        ]),
        at: NOW,
    }
}

/// The grant of a request with `changes` that Alice met.
pub(super) fn grant(changes: &[(&str, &str)]) -> Grant {
    let request = ask(changes).unwrap();
    let ticket = Ticket::open(&request.ticket, &rp1()).unwrap();
    Grant::new(GrantId::from_random([3; 16]), &ticket, &issuance(&request))
}

/// The claims of a token, unverified, in their order.
pub(super) fn claims_of(token: &str) -> String {
    let payload = token.split('.').nth(1).unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

pub(super) fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap()
}
