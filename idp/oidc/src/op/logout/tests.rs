//! Tests of logout that a relying party starts.

use serde_json::{Value, json};

use super::LogoutRequest;
use crate::{
    jwt::{TokenType, mint},
    keys::{SigningAlg, testing::key},
    op::{
        Params,
        id_token::sid,
        testing::{ISSUER, KEYS, encode, id, rp1, rp2},
    },
};
use idp_domain::SessionId;

const BYE: &str = "https://rp1.example/bye";

fn session() -> SessionId {
    "session-1".parse().unwrap()
}

/// An ID token of ours that expired long ago.
fn hint(changes: &[(&str, Value)]) -> String {
    let mut claims = json!({ "iss": ISSUER.as_str(), "aud": "rp1", "sub": "alice-for-rp1",
        "exp": 1, "sid": sid(&session(), &id("rp1")) });
    for (name, value) in changes {
        claims[*name] = value.clone();
    }
    mint(&key(SigningAlg::Es256), TokenType::IdToken, &claims).unwrap()
}

/// Where a request of RP1 leads, whether the person is asked, or the rule that it breaks.
fn judge(pairs: &[(&str, &str)]) -> Result<(Option<String>, bool), &'static str> {
    let text = encode(pairs);
    let params = Params::parse(text.as_bytes()).unwrap();
    let slug = |rule: &'static crate::error::Rule| rule.slug.trim_start_matches("oidc.logout.");
    let request = LogoutRequest::read(&params, &KEYS, &ISSUER).map_err(slug)?;
    let clients = [rp1(), rp2()];
    let client = clients.iter().find(|client| Some(&client.id) == request.client.as_ref());
    let way_back = request.way_back(client).map_err(slug)?;
    Ok((way_back.map(|it| it.location().to_owned()), request.must_ask(&session())))
}

//= oidc-rpinitiated#2-2 test
//= oidc-rpinitiated#3-2 test
#[test]
fn a_hint_of_this_session_ends_it_without_a_question() {
    let judged = judge(&[
        ("id_token_hint", &hint(&[])),
        ("post_logout_redirect_uri", BYE),
        ("state", "a b&c"),
        ("ui_locales", "ar"),
    ]);
    assert_eq!(judged, Ok((Some(format!("{BYE}?state=a%20b%26c")), false)));
}

//= oidc-rpinitiated#2-4 test
#[test]
fn without_a_hint_of_this_session_the_person_is_asked() {
    assert_eq!(judge(&[]), Ok((None, true)));
    assert_eq!(
        judge(&[("client_id", "rp1"), ("post_logout_redirect_uri", BYE)]),
        Ok((Some(BYE.to_owned()), true))
    );
    let of_another = hint(&[("sid", json!(sid(&"session-2".parse().unwrap(), &id("rp1"))))]);
    let of_another_client = hint(&[("sid", json!(sid(&session(), &id("rp2"))))]);
    for hint in [of_another, of_another_client, hint(&[("sid", Value::Null)])] {
        assert_eq!(judge(&[("id_token_hint", &hint)]), Ok((None, true)));
    }
}

//= oidc-rpinitiated#3-1 test
//= oidc-rpinitiated#4-1 test
#[test]
fn the_browser_goes_to_a_registered_address_or_nowhere() {
    for uri in [
        "https://evil.example/",
        "https://rp1.example/bye/",
        "https://rp1.example/bye?x=1",
        "https://RP1.example/bye",
        "https://rp1.example/cb",
        "javascript:alert(1)",
    ] {
        let judged = judge(&[("client_id", "rp1"), ("post_logout_redirect_uri", uri)]);
        assert_eq!(judged, Err("redirect_uri"), "{uri}");
    }
    let of_another = judge(&[("client_id", "rp2"), ("post_logout_redirect_uri", BYE)]);
    assert_eq!(of_another, Err("redirect_uri"));
}

//= oidc-rpinitiated#2-5 test
#[test]
fn an_address_needs_a_client() {
    assert_eq!(judge(&[("post_logout_redirect_uri", BYE)]), Err("client_missing"));
    for client in ["rp9", "r p"] {
        let judged = judge(&[("client_id", client), ("post_logout_redirect_uri", BYE)]);
        assert_eq!(judged, Err("client_unknown"), "{client}");
    }
}

//= oidc-rpinitiated#2-3 test
#[test]
fn the_client_is_the_one_that_the_hint_was_issued_to() {
    assert!(judge(&[("id_token_hint", &hint(&[])), ("client_id", "rp1")]).is_ok());
    let other = judge(&[("id_token_hint", &hint(&[])), ("client_id", "rp2")]);
    assert_eq!(other, Err("client"));
}

//= oidc-rpinitiated#2-2 test
#[test]
fn a_hint_that_is_not_ours_is_refused() {
    let access = mint(
        &key(SigningAlg::Es256),
        TokenType::AccessToken,
        &json!({ "iss": ISSUER.as_str(), "aud": "rp1", "sub": "alice" }),
    )
    .unwrap();
    for token in [
        "x".to_owned(),
        access,
        hint(&[("iss", json!("https://other.example"))]),
        hint(&[("aud", json!(["rp1", "rp2"]))]),
        hint(&[("sub", Value::Null)]),
    ] {
        assert_eq!(judge(&[("id_token_hint", &token)]), Err("id_token_hint"));
    }
    let long = "x".repeat(4_097);
    assert_eq!(judge(&[("client_id", "rp1"), ("state", &long)]), Err("state_too_long"));
}
