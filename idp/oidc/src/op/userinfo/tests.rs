//! Tests of the userinfo endpoint.

use expect_test::expect;
use idp_domain::GrantId;

use super::{admit, bearer, body, challenge, revoked};
use crate::op::{
    Grant, Params,
    testing::{ISSUER, KEYS, NOW, grant, json, rp1, service},
    token::Mint,
};
use crate::scope::Scopes;

fn token_for(grant: &Grant, scopes: &str, resources: &[&str]) -> String {
    let mint = Mint { issuer: &ISSUER, keys: &KEYS, now: NOW };
    let resources: Vec<String> = resources.iter().map(|it| (*it).to_owned()).collect();
    let scopes = Scopes::parse(scopes).unwrap();
    let answered =
        mint.about_person(&rp1(), grant, &scopes, &resources, None, None, [6; 16]).unwrap();
    json(&answered.body)["access_token"].as_str().unwrap().to_owned()
}

fn told(grant: &Grant, scopes: &str) -> String {
    let token = admit(&token_for(grant, scopes, &[]), &KEYS, &ISSUER, NOW).unwrap();
    String::from_utf8(body(&token, grant).unwrap()).unwrap()
}

//= oidc-core#5.3.2-1 test
#[test]
fn the_answer_is_sub_and_what_the_token_reaches() {
    let grant = grant(&[
        ("scope", "openid email profile groups"),
        ("claims", r#"{"userinfo":{"name":null},"id_token":{"groups":null}}"#),
    ]);
    expect![[r#"{"sub":"alice-for-rp1","email":"alice@una.example","email_verified":true,"name":"Alice Ångström","groups":["staff","editors"]}"#]]
        .assert_eq(&told(&grant, "openid email groups"));
    // Narrowed by a refresh: what was asked for by name remains.
    expect![[r#"{"sub":"alice-for-rp1","name":"Alice Ångström"}"#]]
        .assert_eq(&told(&grant, "openid"));
}

#[test]
fn a_token_that_is_not_for_this_endpoint_does_not_open_it() {
    let grant = grant(&[("scope", "openid email")]);
    let end = |token: &str| admit(token, &KEYS, &ISSUER, NOW).map(|_| ()).map_err(|it| it.slug);
    assert_eq!(end(&token_for(&grant, "openid", &[])), Ok(()));
    let also = ["https://api.example", ISSUER.as_str()];
    assert_eq!(end(&token_for(&grant, "openid", &also)), Ok(()));
    let elsewhere = token_for(&grant, "openid", &["https://api.example"]);
    assert_eq!(end(&elsewhere), Err("oidc.bearer.token"));
    assert_eq!(end(&token_for(&grant, "email", &[])), Err("oidc.userinfo.scope"));
    assert_eq!(end("x"), Err("oidc.bearer.token"));
    let mint = Mint { issuer: &ISSUER, keys: &KEYS, now: NOW };
    let scopes = Scopes::parse("openid").unwrap();
    let nobody = mint.about_nobody(&service(), &scopes, &[], [1; 16]).unwrap();
    let nobody = json(&nobody.body)["access_token"].as_str().unwrap().to_owned();
    assert_eq!(end(&nobody), Err("oidc.bearer.token"));
}

#[test]
fn another_grant_than_that_of_the_token_tells_nothing() {
    let grant = grant(&[("scope", "openid email")]);
    let token = admit(&token_for(&grant, "openid email", &[]), &KEYS, &ISSUER, NOW).unwrap();
    let other = Grant { id: GrantId::from_random([4; 16]), ..grant };
    assert_eq!(body(&token, &other).unwrap_err().slug, "oidc.bearer.token");
}

//= rfc6750#2-1 test
//= rfc6750#2.1-1 test
//= rfc6750#2.3-1 test
#[test]
fn a_token_comes_in_the_header_or_in_the_form_and_once() {
    let find = |header: Option<&str>, query: &str, form: Option<&str>| {
        let query = Params::parse(query.as_bytes()).unwrap();
        let form = form.map(|form| Params::parse(form.as_bytes()).unwrap());
        bearer(header, &query, form.as_ref()).map(str::to_owned).map_err(|rule| rule.slug)
    };
    let missing = Err("oidc.bearer.missing");
    assert_eq!(find(Some("Bearer abc"), "", None), Ok("abc".into()));
    assert_eq!(find(Some("bearer  abc"), "", None), Ok("abc".into()));
    assert_eq!(find(None, "", Some("access_token=abc")), Ok("abc".into()));
    assert_eq!(find(Some("Bearer a"), "", Some("access_token=a")), Err("oidc.bearer.several"));
    assert_eq!(find(None, "access_token=abc", None), Err("oidc.bearer.query"));
    assert_eq!(find(Some("Bearer a"), "access_token=a", None), Err("oidc.bearer.query"));
    for header in [None, Some("Basic YTpi"), Some("Bearer"), Some("")] {
        assert_eq!(find(header, "", None), missing, "{header:?}");
    }
}

//= oidc-core#5.3.3-1 test
//= rfc6750#3-1 test
//= rfc6750#3.1-1 test
#[test]
fn errors_are_those_of_bearer_tokens() {
    let lines: Vec<_> = super::RULES
        .iter()
        .map(|rule| format!("{} {}", rule.status().as_u16(), challenge(rule)))
        .collect();
    expect![[r#"
        400 Bearer error="invalid_request", error_description="The request carries its token in more than one way."
        400 Bearer error="invalid_request", error_description="A token does not belong into an address."
        401 Bearer
        401 Bearer error="invalid_token", error_description="The access token is malformed, expired, revoked or not for this endpoint."
        403 Bearer error="insufficient_scope", error_description="The access token needs the scope openid.""#]]
    .assert_eq(&lines.join("\n"));
    assert_eq!(revoked().status().as_u16(), 401);
}
