//! Tests of the answers of the token endpoint.

use expect_test::{expect, expect_file};
use serde_json::json;

use super::{Mint, TokenFault};
use crate::{
    keys::{SigningAlg, testing::key_set},
    op::{
        ClientRegistration, client_auth, refresh, rules,
        testing::{ISSUER, KEYS, NOW, claims_of, form, grant, json, register, rp1, service},
    },
    scope::Scopes,
};

fn mint() -> Mint<'static> {
    Mint { issuer: &ISSUER, keys: &KEYS, now: NOW }
}

//= oidc-core#3.1.3.3-1 test
//= rfc6749#3.3-1 test
#[test]
fn a_code_yields_access_id_and_refresh_token() {
    let grant = grant(&[("scope", "openid offline_access")]);
    let (refresh_token, _) = refresh::issue(&rp1(), [5; 32], NOW);
    let answered = mint()
        .about_person(
            &rp1(),
            &grant,
            &grant.scopes,
            &[],
            Some("n-1"),
            Some(&refresh_token),
            [6; 16],
        )
        .unwrap();
    let body = json(&answered.body);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 300);
    assert_eq!(body["refresh_token"], refresh_token.value.expose().as_str());
    assert_eq!(body["scope"], "openid offline_access");
    assert!(claims_of(body["id_token"].as_str().unwrap()).contains(r#""nonce":"n-1""#));
    assert_eq!(answered.expires_at.seconds(), NOW.seconds() + 300);
    assert_eq!(answered.jti, "BgYGBgYGBgYGBgYGBgYGBg");
}

#[test]
fn without_openid_there_is_no_id_token_and_without_a_draw_no_refresh_token() {
    let grant = grant(&[("scope", "email")]);
    let answered =
        mint().about_person(&rp1(), &grant, &grant.scopes, &[], None, None, [6; 16]).unwrap();
    let body = json(&answered.body);
    let names: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["access_token", "expires_in", "scope", "token_type"]);
}

//= rfc9068#2.1-1 test
//= rfc9068#2.1-2 test
//= rfc9068#2.2-1 test
//= rfc9068#2.2.1-1 test
//= rfc9068#2.2.3-1 test
#[test]
fn an_access_token_says_whose_it_is_and_for_what() {
    let grant = grant(&[("scope", "openid email")]);
    let answered =
        mint().about_person(&rp1(), &grant, &grant.scopes, &[], None, None, [6; 16]).unwrap();
    let body = json(&answered.body);
    let token = body["access_token"].as_str().unwrap();
    expect![[r#"{"iss":"https://broker.example","sub":"alice-for-rp1","aud":"https://broker.example","client_id":"rp1","iat":1800000000,"exp":1800000300,"jti":"BgYGBgYGBgYGBgYGBgYGBg","scope":"openid email","gid":"AwMDAwMDAwMDAwMDAwMDAw","acr":"https://refeds.org/profile/mfa","amr":["pwd","otp"],"auth_time":1799999940}"#]]
        .assert_eq(&claims_of(token));
}

//= rfc9068#3-1 test
//= rfc9700#2.3-1 test
#[test]
fn tok_20_an_access_token_is_for_what_was_asked_or_for_us() {
    let audience = |resources: &[&str]| {
        let resources: Vec<String> = resources.iter().map(|it| (*it).to_owned()).collect();
        let answered =
            mint().about_nobody(&service(), &Scopes::default(), &resources, [1; 16]).unwrap();
        let token = json(&answered.body)["access_token"].as_str().unwrap().to_owned();
        json(claims_of(&token).as_bytes())["aud"].clone()
    };
    assert_eq!(audience(&[]), ISSUER.as_str());
    assert_eq!(audience(&["https://a.example"]), "https://a.example");
    let both = json!(["https://a.example", "https://b.example"]);
    assert_eq!(audience(&["https://a.example", "https://b.example"]), both);
}

//= rfc6749#4.4.3-1 test
#[test]
fn a_token_about_nobody_names_the_client_and_no_grant() {
    let scopes = Scopes::parse("metrics").unwrap();
    let answered = mint().about_nobody(&service(), &scopes, &[], [1; 16]).unwrap();
    let body = json(&answered.body);
    assert!(body.get("refresh_token").is_none() && body.get("id_token").is_none());
    expect![[r#"{"iss":"https://broker.example","sub":"service","aud":"https://broker.example","client_id":"service","iat":1800000000,"exp":1800000300,"jti":"AQEBAQEBAQEBAQEBAQEBAQ","scope":"metrics"}"#]]
        .assert_eq(&claims_of(body["access_token"].as_str().unwrap()));
}

//= oidc-core#2-5 test
#[test]
fn an_id_token_is_signed_as_registered_or_not_made() {
    let rs256 = ClientRegistration { id_token_signed_response_alg: SigningAlg::Rs256, ..form() };
    let client = register("rp1", &rs256);
    let grant = grant(&[]);
    let fault = mint().about_person(&client, &grant, &grant.scopes, &[], None, None, [1; 16]);
    assert!(matches!(fault, Err(TokenFault::NoKey { alg: SigningAlg::Rs256 })));
    let keys = key_set(&[SigningAlg::Es256, SigningAlg::Rs256]);
    let answered = Mint { keys: &keys, ..mint() }
        .about_person(&client, &grant, &grant.scopes, &[], None, None, [1; 16])
        .unwrap();
    let body = json(&answered.body);
    let alg = |name: &str| {
        let header = body[name].as_str().unwrap().split('.').next().unwrap().to_owned();
        json(claims_of(&format!(".{header}")).as_bytes())["alg"].clone()
    };
    assert_eq!(alg("id_token"), "RS256");
    // An access token is for us and for resources: the cheapest key will do.
    assert_eq!(alg("access_token"), "ES256");
}

//= rfc6749#5.2-1 test
#[test]
fn an_error_is_json_with_code_and_text_and_its_status() {
    let rule = crate::op::code::unknown();
    assert_eq!(
        String::from_utf8(rule.body()).unwrap(),
        r#"{"error":"invalid_grant","error_description":"The code is unknown, expired or was redeemed."}"#
    );
    assert_eq!(rule.status().as_u16(), 400);
    assert_eq!(client_auth::assertion_used_before().status().as_u16(), 401);
    assert!(client_auth::CHALLENGE.starts_with("Basic "));
}

#[test]
fn the_page_of_rules_is_generated() {
    let mut page = vec![
        "# What the provider refuses, and by which rule".to_owned(),
        String::new(),
        "Written by a test from the rules in `idp/oidc/src/op`.".to_owned(),
        "The name stands in the trail, in logs and on pages; the code and the text go to the client."
            .to_owned(),
        String::new(),
        "| name | code | text | where it is written |".to_owned(),
        "| --- | --- | --- | --- |".to_owned(),
    ];
    page.extend(rules().map(|rule| {
        format!("| `{}` | `{}` | {} | {} |", rule.slug, rule.code, rule.text, rule.cites)
    }));
    page.push(String::new());
    expect_file!["../../../../../docs/generated/errors-oidc.md"].assert_eq(&page.join("\n"));
}

#[test]
fn every_rule_has_a_name_of_its_own_and_a_safe_text() {
    let mut slugs = std::collections::BTreeSet::new();
    for rule in rules() {
        assert!(slugs.insert(rule.slug), "{} stands twice", rule.slug);
        // RFC 6749 §5.2: what error_description may hold; and it stands in a quoted header too.
        let safe = |b: u8| (0x20..=0x7e).contains(&b) && b != b'"' && b != b'\\';
        assert!(rule.text.bytes().all(safe), "{}", rule.slug);
        assert!(rule.text.ends_with('.') && !rule.cites.is_empty(), "{}", rule.slug);
    }
    assert!(slugs.len() > 60, "{}", slugs.len());
}
