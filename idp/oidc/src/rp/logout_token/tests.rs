//! Tests of what sources say about logout, with the attacks on it.

use idp_domain::{Lifetime, Timestamp};
use serde_json::{Value, json};

use super::{ExpectedLogout, LoggedOut, LogoutTokenError, verify_logout_token};
use crate::{
    jwk::JwkSet,
    jwt::{TokenType, mint},
    keys::{
        SigningAlg, SigningKey,
        testing::{fresh_key, key, key_set},
    },
    op::logout_token::EVENT,
    rp::{Issuer, Transport},
};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn claims() -> Value {
    json!({
        "iss": "https://op.unb.example", "aud": "broker", "iat": NOW.seconds() - 5,
        "exp": NOW.seconds() + 115, "jti": "t1", "sub": "bob", "sid": "s1",
        "events": { EVENT: {} },
    })
}

fn published() -> JwkSet {
    let jwks = key_set(&[SigningAlg::Es256]).jwks();
    JwkSet::from_value(&serde_json::from_str(&jwks).unwrap()).unwrap()
}

fn judge_token(token: &str) -> Result<LoggedOut, LogoutTokenError> {
    let issuer = Issuer::parse("https://op.unb.example", Transport::Https).unwrap();
    let expected = ExpectedLogout {
        issuer: &issuer,
        client_id: "broker",
        algs: &[SigningAlg::Es256],
        skew: Lifetime::seconds(60),
        now: NOW,
    };
    verify_logout_token(token, &published(), &expected)
}

fn signed(by: &SigningKey, typ: TokenType, claims: &Value) -> String {
    mint(by, typ, claims).unwrap()
}

/// What becomes of a token with `changes`: a null takes a claim away.
fn judge(changes: &Value) -> Result<LoggedOut, &'static str> {
    let mut claims = claims();
    let members = claims.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => members.remove(name),
            value => members.insert(name.clone(), value.clone()),
        };
    }
    let token = signed(&key(SigningAlg::Es256), TokenType::LogoutToken, &claims);
    judge_token(&token).map_err(|error| match error {
        LogoutTokenError::Claim { claim } | LogoutTokenError::Time { claim } => claim,
        LogoutTokenError::Token(_) => "token",
    })
}

//= oidc-backchannel#2.6-1 test
#[test]
fn a_logout_token_names_a_person_a_session_or_both() {
    let both = judge(&json!({})).unwrap();
    assert_eq!((both.subject.as_deref(), both.session.as_deref()), (Some("bob"), Some("s1")));
    assert_eq!((both.jti.as_str(), both.replay_until), ("t1", NOW + Lifetime::seconds(175)));
    assert_eq!(judge(&json!({ "sid": null })).unwrap().session, None);
    assert_eq!(judge(&json!({ "sub": null })).unwrap().subject, None);
    assert!(judge(&json!({ "aud": ["other", "broker"] })).is_ok());
    assert_eq!(judge(&json!({ "sub": null, "sid": null })), Err("sub"));
}

#[test]
fn lgo_03_a_logout_token_with_a_wrong_claim_ends_nothing() {
    for (changes, claim) in [
        (json!({ "iss": "https://op.unm.example" }), "iss"),
        (json!({ "iss": null }), "iss"),
        (json!({ "iss": ["https://op.unb.example"] }), "iss"),
        (json!({ "aud": "another" }), "aud"),
        (json!({ "aud": null }), "aud"),
        (json!({ "nonce": "n" }), "nonce"),
        (json!({ "nonce": null, "events": null }), "events"),
        (json!({ "events": [] }), "events"),
        (json!({ "events": { EVENT: "yes" } }), "events"),
        (json!({ "events": { "http://schemas.openid.net/event/other": {} } }), "events"),
        (json!({ "iat": NOW.seconds() - 3_600 }), "iat"),
        (json!({ "iat": NOW.seconds() + 3_600 }), "iat"),
        (json!({ "iat": null }), "iat"),
        (json!({ "iat": "now" }), "iat"),
        (json!({ "exp": NOW.seconds() - 61 }), "exp"),
        (json!({ "exp": null }), "exp"),
        (json!({ "jti": null }), "jti"),
        (json!({ "jti": "" }), "jti"),
        (json!({ "jti": "x".repeat(256) }), "jti"),
        (json!({ "sub": 7 }), "sub"),
        (json!({ "sid": "x".repeat(256) }), "sid"),
    ] {
        assert_eq!(judge(&changes), Err(claim), "{changes}");
    }
}

#[test]
fn lgo_03_a_logout_token_of_another_type_key_or_algorithm_ends_nothing() {
    let slug = |token: &str| judge_token(token).unwrap_err().slug();
    let ours = key(SigningAlg::Es256);
    for typ in [TokenType::IdToken, TokenType::AccessToken] {
        assert_eq!(slug(&signed(&ours, typ, &claims())), "token_type");
    }
    let foreign = signed(&fresh_key(), TokenType::LogoutToken, &claims());
    assert_eq!(slug(&foreign), "signature_invalid");
    let other = signed(&key(SigningAlg::EdDsa), TokenType::LogoutToken, &claims());
    assert_eq!(slug(&other), "algorithm");
    let token = signed(&ours, TokenType::LogoutToken, &claims());
    let (frame, _) = token.rsplit_once('.').unwrap();
    assert_eq!(slug(&format!("{frame}.")), "signature_invalid");
    // {"alg":"none","typ":"logout+jwt"}
    let (_, payload) = frame.split_once('.').unwrap();
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9.{payload}.");
    assert!(judge_token(&none).is_err());
    assert!(judge_token(&"x".repeat(1_000_000)).is_err());
}
