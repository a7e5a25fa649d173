//! Tests of introspection, and of revocation beside it.

use expect_test::expect;

use super::{INACTIVE, Presented, access_token, refresh_token, request};
use crate::op::{
    Client, ClientRegistration, Params,
    access_token::AccessToken,
    revoke,
    testing::{ISSUER, KEYS, NOW, form, grant, id, json, register, rp1, rp2, service_form},
    token::Mint,
};

fn token_for(resources: &[&str]) -> AccessToken {
    let grant = grant(&[("scope", "openid email")]);
    let mint = Mint { issuer: &ISSUER, keys: &KEYS, now: NOW };
    let resources: Vec<String> = resources.iter().map(|it| (*it).to_owned()).collect();
    let answered =
        mint.about_person(&rp1(), &grant, &grant.scopes, &resources, None, None, [6; 16]).unwrap();
    let token = json(&answered.body)["access_token"].as_str().unwrap().to_owned();
    match Presented::read(&token, &KEYS, &ISSUER, NOW) {
        Presented::Access(token) => *token,
        other => panic!("{other:?}"),
    }
}

/// A resource server.
fn api() -> Client {
    register(
        "api",
        &ClientRegistration { resources: vec!["https://api.example".to_owned()], ..service_form() },
    )
}

//= rfc7662#2.2-1 test
#[test]
fn an_active_token_is_described_to_whom_it_is_for() {
    let answer = String::from_utf8(access_token(&token_for(&["https://api.example"]), &api()));
    expect![[r#"{"active":true,"token_type":"Bearer","acr":"https://refeds.org/profile/mfa","amr":["pwd","otp"],"aud":"https://api.example","auth_time":1799999940,"client_id":"rp1","exp":1800000300,"iat":1800000000,"iss":"https://broker.example","jti":"BgYGBgYGBgYGBgYGBgYGBg","scope":"openid email","sub":"alice-for-rp1"}"#]]
        .assert_eq(&answer.unwrap());
    assert_ne!(access_token(&token_for(&["https://api.example"]), &rp1()), INACTIVE);
}

//= rfc7662#2.2-2 test
//= rfc7662#2.2-3 test
#[test]
fn tok_14_a_caller_outside_the_audience_learns_nothing() {
    let rpx = register("rpx", &form());
    for caller in [&rpx, &api()] {
        assert_eq!(access_token(&token_for(&[]), caller), INACTIVE);
        assert_eq!(access_token(&token_for(&["https://files.example"]), caller), INACTIVE);
    }
    let grant = grant(&[("scope", "openid offline_access")]);
    assert_eq!(refresh_token(&grant, NOW, &ISSUER, &rpx), INACTIVE);
    assert_eq!(refresh_token(&grant, NOW, &ISSUER, &api()), INACTIVE);
    assert_eq!(json(INACTIVE), serde_json::json!({ "active": false }));
}

//= rfc7662#2.1-1 test
#[test]
fn tok_14_a_public_client_may_not_ask() {
    let params = Params::parse(b"token=x").unwrap();
    let rule = request(&params, &rp2()).unwrap_err();
    assert_eq!((rule.code.as_str(), rule.status().as_u16()), ("invalid_client", 401));
    assert_eq!(request(&params, &rp1()), Ok("x"));
    let nothing = Params::parse(b"token=&token_type_hint=access_token").unwrap();
    assert_eq!(request(&nothing, &rp1()).unwrap_err().code.as_str(), "invalid_request");
}

#[test]
fn a_refresh_token_is_described_to_its_own_client() {
    let grant = grant(&[("scope", "openid offline_access")]);
    let answer = String::from_utf8(refresh_token(&grant, NOW, &ISSUER, &rp1())).unwrap();
    expect![[r#"{"active":true,"iss":"https://broker.example","client_id":"rp1","sub":"alice-for-rp1","scope":"openid offline_access","exp":1800000000}"#]]
        .assert_eq(&answer);
}

//= rfc7662#2.1-2 test
//= rfc7009#2.1-4 test
#[test]
fn a_token_is_recognised_by_itself_and_not_by_a_hint() {
    for text in ["", "x", "a.b.c", &"A".repeat(42), &"A".repeat(44), "<saml:Assertion/>"] {
        assert!(matches!(Presented::read(text, &KEYS, &ISSUER, NOW), Presented::Nothing), "{text}");
    }
    let maybe = Presented::read(&"A".repeat(43), &KEYS, &ISSUER, NOW);
    assert!(matches!(maybe, Presented::Refresh(_)));
}

//= rfc7009#2-1 test
//= rfc7009#2.1-2 test
#[test]
fn tok_15_a_client_gives_back_only_its_own_tokens() {
    let token = token_for(&[]);
    let revoked = revoke::access_token(&token, &rp1()).unwrap();
    assert_eq!(revoked.jti, token.jti);
    assert_eq!(revoked.remember_until.seconds(), NOW.seconds() + 300);
    assert_eq!(revoke::access_token(&token, &register("rpx", &form())), None);
    assert!(revoke::is_owner(&rp1(), &id("rp1")));
    assert!(!revoke::is_owner(&rp1(), &id("rpx")));
    let params = Params::parse(b"token_type_hint=refresh_token").unwrap();
    assert_eq!(revoke::request(&params).unwrap_err().code.as_str(), "invalid_request");
}
