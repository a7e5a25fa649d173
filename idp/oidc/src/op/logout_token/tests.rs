//! Tests of logout tokens.

use expect_test::expect;
use idp_domain::Subject;
use serde_json::{Value, json};

use super::{Ended, is_confirmed, letter};
use crate::{
    jwt::{Audience, Expected, TokenType, verify},
    keys::{
        SigningAlg,
        testing::{key, key_set},
    },
    op::{
        ClientRegistration, Params,
        testing::{ISSUER, NOW, form, register},
    },
};

/// What RP1's server is sent.
fn sent() -> (String, String) {
    let uri = Some("https://rp1.example/out?from=idp".to_owned());
    let client = register("rp1", &ClientRegistration { backchannel_logout_uri: uri, ..form() });
    let subject = Subject::new("alice-for-rp1".to_owned());
    let ended =
        Ended { session: &"session-1".parse().unwrap(), subject: &subject, jti: "jti-1", now: NOW };
    let letter = letter(&client, &ISSUER, &ended, &key(SigningAlg::Es256)).unwrap().unwrap();
    let params = Params::parse(letter.body.as_bytes()).unwrap();
    (letter.url.into(), params.find("logout_token").unwrap().to_owned())
}

fn part(token: &str, number: usize) -> Value {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

//= oidc-backchannel#2.4-1 test
//= oidc-backchannel#2.4-2 test
#[test]
fn lgo_04_a_logout_token_names_person_session_and_event_and_lasts_two_minutes() {
    let (url, token) = sent();
    assert_eq!(url, "https://rp1.example/out?from=idp");
    let claims = part(&token, 1);
    expect![[r#"{"aud":"rp1","events":{"http://schemas.openid.net/event/backchannel-logout":{}},"exp":1800000120,"iat":1800000000,"iss":"https://broker.example","jti":"jti-1","sid":"hkTd2ziAvCx5k3duDanzLQ","sub":"alice-for-rp1"}"#]]
    .assert_eq(&claims.to_string());
    assert_eq!(part(&token, 0)["typ"], json!("logout+jwt"));
    assert!(claims.get("nonce").is_none());
}

#[test]
fn a_logout_token_passes_for_no_other_token() {
    let (_, token) = sent();
    let keys = key_set(&[SigningAlg::Es256]);
    let check = |typ| {
        let expected = Expected {
            typ,
            issuer: ISSUER.as_str(),
            audience: Audience::Includes("rp1"),
            now: NOW,
            skew: idp_domain::Lifetime::seconds(0),
        };
        verify(&token, &keys, &expected)
    };
    assert!(check(TokenType::LogoutToken).is_ok());
    assert!(check(TokenType::AccessToken).is_err() && check(TokenType::IdToken).is_err());
}

#[test]
fn a_client_without_an_address_is_sent_nothing() {
    let subject = Subject::new("x".to_owned());
    let ended = Ended { session: &"s".parse().unwrap(), subject: &subject, jti: "j", now: NOW };
    let client = register("rp1", &form());
    let letter = letter(&client, &ISSUER, &ended, &key(SigningAlg::Es256)).unwrap();
    assert!(letter.is_none());
}

//= oidc-backchannel#2.8-1 test
#[test]
fn only_a_plain_yes_confirms_a_logout() {
    for status in [200, 204] {
        assert!(is_confirmed(status));
    }
    for status in [100, 201, 202, 301, 302, 400, 401, 404, 500, 503] {
        assert!(!is_confirmed(status), "{status}");
    }
}
