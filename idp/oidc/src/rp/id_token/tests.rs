//! Honest ID tokens at the edge of what is accepted, and the crate `openidconnect` as second
//! opinion.

use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet};
use openidconnect::{ClientId, IssuerUrl, Nonce};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::keys::KeyKind;
use crate::rp::op::{
    self, ACCESS_TOKEN, CLIENT_ID, KEY, NONCE, NOW, claims, expected, mint, slug, verify, with,
};

#[test]
fn an_honest_token_says_who_and_how() {
    let mut claims = claims();
    claims["acr"] = json!("https://refeds.org/profile/mfa");
    claims["amr"] = json!(["pwd", "otp", "a word of their own"]);
    claims["auth_time"] = json!(NOW.seconds() - 5);
    claims["sid"] = json!("s1");
    claims["email"] = json!("alice@una.example");
    let token = verify(&mint(&claims)).unwrap();
    assert_eq!(token.subject().as_str(), "alice");
    assert_eq!(token.issuer().as_str(), "https://op.example");
    assert_eq!(token.acr().unwrap().as_str(), "https://refeds.org/profile/mfa");
    assert_eq!(token.amr().iter().map(Amr::as_str).collect::<Vec<_>>(), ["pwd", "otp"]);
    assert_eq!(token.authenticated_at(), Some(NOW.minus(Lifetime::seconds(5))));
    assert_eq!(token.session(), Some("s1"));
    assert_eq!(token.claims()["email"], "alice@una.example");
    assert!(!format!("{token:?}").contains("alice"));
}

//= oidc-core#3.1.3.7-6 test
#[test]
fn every_agreed_algorithm_is_verified_with_its_key() {
    for kind in [KeyKind::Es256, KeyKind::EdDsa, KeyKind::Rs256Bits2048, KeyKind::Ps256Bits2048] {
        let key = op::key_of(kind);
        let keys = JwkSet::from_value(&op::jwks(&[&KEY, &key])).unwrap();
        let token = op::mint_with(&key, &claims());
        assert!(verify_id_token(&token, &keys, &expected()).is_ok(), "{kind:?}");
        let mut broken = token.into_bytes();
        let place = broken.len() - 8;
        broken[place] = if broken[place] == b'A' { b'B' } else { b'A' };
        let broken = String::from_utf8(broken).unwrap();
        let error = verify_id_token(&broken, &keys, &expected()).unwrap_err();
        assert_eq!(error.slug(), "signature", "{kind:?}");
    }
}

//= oidc-core#3.1.3.7-9 test
//= oidc-core#3.1.3.7-10 test
#[test]
fn times_may_be_off_by_the_skew_and_no_more() {
    let at = |offset: i64| json!(NOW.seconds() + offset);
    for (claim, offset, verdict) in [
        ("exp", -59, "fine"),
        ("exp", -60, "expired"),
        ("iat", 60, "fine"),
        ("iat", 61, "id_token_time"),
        ("iat", -660, "fine"),
        ("iat", -661, "id_token_time"),
        ("nbf", 60, "fine"),
        ("nbf", 61, "id_token_time"),
        ("auth_time", 60, "fine"),
        ("auth_time", 61, "id_token_time"),
    ] {
        assert_eq!(slug(&with(claim, at(offset))), verdict, "{claim} {offset}");
    }
    for claim in ["exp", "iat"] {
        assert_eq!(slug(&with(claim, Value::Null)), "malformed", "{claim}");
    }
    for claim in ["exp", "iat", "nbf", "auth_time"] {
        assert_eq!(slug(&with(claim, json!("1800000100"))), "malformed", "{claim}");
    }
}

//= oidc-core#3.1.3.7-11 test
#[test]
fn the_nonce_is_the_one_that_was_sent() {
    for nonce in [Value::Null, json!(""), json!("n-0S6_WzA2M"), json!("N-0S6_WzA2Mj")] {
        assert_eq!(slug(&with("nonce", nonce)), "nonce");
    }
}

#[test]
fn a_subject_has_1_to_255_bytes() {
    assert_eq!(slug(&with("sub", json!("x".repeat(255)))), "fine");
    for sub in [Value::Null, json!(""), json!(" "), json!("x".repeat(256)), json!(7), json!("a\n")]
    {
        assert_eq!(slug(&with("sub", sub)), "subject");
    }
}

#[test]
fn an_audience_that_was_configured_may_stand_beside_us_if_azp_names_us() {
    let others = ["api".to_owned()];
    let expected = Expected { other_audiences: &others, ..expected() };
    let mut claims = with("aud", json!([CLIENT_ID, "api"]));
    let error = op::verify_as(&mint(&claims), &expected).unwrap_err();
    assert_eq!(error, PeerError::Claim { claim: "azp" });
    claims["azp"] = json!(CLIENT_ID);
    assert!(op::verify_as(&mint(&claims), &expected).is_ok());
    claims["aud"] = json!(["api"]);
    let error = op::verify_as(&mint(&claims), &expected).unwrap_err();
    assert_eq!(error, PeerError::Claim { claim: "aud" });
}

#[test]
fn a_key_without_a_name_serves_if_it_is_the_only_one_that_fits() {
    let mut set = op::jwks(&[&KEY]);
    set["keys"][0].as_object_mut().unwrap().remove("kid");
    let header = json!({"alg": "ES256"});
    let token = op::forge(&KEY, &header, &claims());
    assert!(verify_id_token(&token, &JwkSet::from_value(&set).unwrap(), &expected()).is_ok());
}

/// What the crate `openidconnect` says to the same token, its clock set to ours.
fn second_opinion(token: &str, set: &Value) -> bool {
    let keys: CoreJsonWebKeySet = serde_json::from_value(set.clone()).unwrap();
    let issuer = IssuerUrl::new("https://op.example".to_owned()).unwrap();
    let client_id = ClientId::new(CLIENT_ID.to_owned());
    let algs = ["RS256", "PS256", "ES256", "EdDSA"];
    let verifier = CoreIdTokenVerifier::new_public_client(client_id, issuer, keys)
        .set_allowed_algs(algs.map(|alg| serde_json::from_value(json!(alg)).unwrap()))
        .set_time_fn(|| serde_json::from_value(json!("2027-01-15T08:00:00Z")).unwrap());
    let token: Result<CoreIdToken, _> = serde_json::from_value(json!(token));
    token.is_ok_and(|token| token.claims(&verifier, &Nonce::new(NONCE.to_owned())).is_ok())
}

#[test]
fn the_second_opinion_agrees_on_honest_and_on_forged_tokens() {
    for kind in [KeyKind::Es256, KeyKind::EdDsa, KeyKind::Rs256Bits2048, KeyKind::Ps256Bits2048] {
        let key = op::key_of(kind);
        let set = op::jwks(&[&key]);
        let keys = JwkSet::from_value(&set).unwrap();
        let agree = |claims: &Value, ours: bool| {
            let token = op::mint_with(&key, claims);
            assert_eq!(verify_id_token(&token, &keys, &expected()).is_ok(), ours, "{claims}");
            assert_eq!(second_opinion(&token, &set), ours, "second opinion: {claims}");
        };
        agree(&claims(), true);
        agree(&with("aud", json!([CLIENT_ID])), true);
        agree(&with("exp", json!(NOW.seconds() - 61)), false);
        agree(&with("iss", json!("https://op.example/")), false);
        agree(&with("aud", json!("other")), false);
        agree(&with("aud", json!([CLIENT_ID, "other"])), false);
        agree(&with("nonce", json!("other")), false);
        agree(&with("nonce", Value::Null), false);
        let stranger = op::mint_with(&op::key_of(kind), &claims());
        assert!(!second_opinion(&stranger, &set));
    }
}

//= oidc-core#3.1.3.8-1 test
#[test]
fn at_hash_fits_the_access_token_by_the_hash_of_the_algorithm() {
    // The example of OpenID Connect Core, appendix A.3, under RS256.
    let key = op::key_of(KeyKind::Rs256Bits2048);
    let keys = JwkSet::from_value(&op::jwks(&[&key])).unwrap();
    let verdict = |at_hash: Value, access_token: &str| {
        let token = op::mint_with(&key, &with("at_hash", at_hash));
        verify_id_token(&token, &keys, &Expected { access_token, ..expected() }).is_ok()
    };
    let example = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert!(verdict(json!("77QmUPtjPfzWtF2AnpK9RQ"), example));
    assert!(!verdict(json!("77QmUPtjPfzWtF2AnpK9RQ"), ACCESS_TOKEN));
    assert!(!verdict(json!(""), example));
    assert!(!verdict(json!(7), example));
    assert!(verdict(Value::Null, example), "it may be left out");
}

#[test]
fn at_hash_beside_eddsa_is_made_with_sha_512() {
    let key = op::key_of(KeyKind::EdDsa);
    let keys = JwkSet::from_value(&op::jwks(&[&key])).unwrap();
    let hash = |algorithm| digest(algorithm, ACCESS_TOKEN.as_bytes()).as_ref().to_vec();
    for (half, fits) in [(&hash(&SHA512)[..32], true), (&hash(&SHA256)[..16], false)] {
        let token = op::mint_with(&key, &with("at_hash", json!(URL_SAFE_NO_PAD.encode(half))));
        assert_eq!(verify_id_token(&token, &keys, &expected()).is_ok(), fits);
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_verification_panic(text in "\\PC{0,200}") {
        prop_assert!(verify(&text).is_err());
    }

    #[test]
    fn no_header_makes_the_verification_panic_or_changes_who_signed(
        header in "\\{\"alg\":\"(ES256|none|HS256|.{0,6})\"(,\"(kid|typ|jwk|crit|x5u|enc|.{0,5})\":.{0,12})?\\}",
        payload in "[A-Za-z0-9_-]{0,40}",
    ) {
        let token = format!("{}.{payload}.AAAA", URL_SAFE_NO_PAD.encode(header));
        prop_assert!(verify(&token).is_err());
    }

    #[test]
    fn a_token_changed_in_one_byte_is_refused(place in 0_usize..10_000, byte in 0_u8..128) {
        let honest = mint(&claims());
        let mut changed = honest.clone().into_bytes();
        let place = place % changed.len();
        changed[place] = byte;
        let changed = String::from_utf8(changed).unwrap();
        prop_assert!(changed == honest || verify(&changed).is_err());
    }
}
