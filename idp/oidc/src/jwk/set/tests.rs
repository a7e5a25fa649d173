//! Tests of registered key sets.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::keys::testing::{self, vector};

fn ec() -> Value {
    let key = testing::key(SigningAlg::Es256);
    Value::Object(key.public().to_jwk("ec-1", SigningAlg::Es256))
}

fn rsa() -> Value {
    let key = testing::key(SigningAlg::Rs256);
    Value::Object(key.public().to_jwk("rsa-1", SigningAlg::Rs256))
}

fn with(mut jwk: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        if value.is_null() {
            jwk.as_object_mut().unwrap().remove(*name);
        } else {
            jwk[*name] = value.clone();
        }
    }
    jwk
}

fn parse(keys: &[Value]) -> Result<JwkSet, JwkSetError> {
    JwkSet::parse(json!({ "keys": keys }).to_string().as_bytes())
}

#[test]
fn a_registered_key_is_found_by_its_name_and_algorithm() {
    let set = parse(&[ec(), rsa()]).unwrap();
    assert_eq!(set.find(Some("ec-1"), SigningAlg::Es256).unwrap().kid(), Some("ec-1"));
    assert!(set.find(Some("EC-1"), SigningAlg::Es256).is_none());
    assert!(set.find(Some("rsa-1"), SigningAlg::Es256).is_none());
    assert!(set.find(Some("rsa-1"), SigningAlg::Ps256).is_none(), "it is registered for RS256");
}

#[test]
fn without_a_name_only_a_single_fitting_key_is_found() {
    let other = testing::fresh_key();
    let other = Value::Object(other.public().to_jwk("ec-2", SigningAlg::Es256));
    assert!(parse(&[ec(), rsa()]).unwrap().find(None, SigningAlg::Es256).is_some());
    assert!(parse(&[ec(), other]).unwrap().find(None, SigningAlg::Es256).is_none());
}

#[test]
fn an_rsa_key_without_alg_serves_both_paddings() {
    let set = parse(&[with(rsa(), &[("alg", Value::Null)])]).unwrap();
    assert!(set.find(Some("rsa-1"), SigningAlg::Rs256).is_some());
    assert!(set.find(Some("rsa-1"), SigningAlg::Ps256).is_some());
    assert!(set.find(Some("rsa-1"), SigningAlg::EdDsa).is_none());
}

#[test]
fn jwt_10_a_set_with_a_private_key_is_refused_as_a_whole() {
    for member in PRIVATE_MEMBERS {
        let private = with(rsa(), &[(member, json!("AQAB")), ("kid", json!("other"))]);
        assert_eq!(parse(&[ec(), private]).unwrap_err(), JwkSetError::Private { index: 1 });
    }
    // Also when the key is one that we would otherwise pass over.
    let unknown = json!({ "kty": "OKP", "crv": "X25519", "x": "AA", "d": "AA" });
    assert_eq!(parse(&[ec(), unknown]).unwrap_err(), JwkSetError::Private { index: 1 });
}

#[test]
fn jwt_10_a_set_with_a_symmetric_key_is_refused_as_a_whole() {
    let symmetric = json!({ "kty": "oct", "k": "c2VjcmV0", "alg": "HS256" });
    assert_eq!(parse(&[ec(), symmetric]).unwrap_err(), JwkSetError::Symmetric { index: 1 });
}

#[test]
fn jwt_10_a_repeated_or_overlong_kid_is_refused() {
    let twin = with(rsa(), &[("kid", json!("ec-1"))]);
    assert_eq!(parse(&[ec(), twin]).unwrap_err(), JwkSetError::RepeatedKid { index: 1 });
    let unused = json!({ "kty": "EC", "crv": "P-521", "kid": "ec-1" });
    assert_eq!(parse(&[ec(), unused]).unwrap_err(), JwkSetError::RepeatedKid { index: 1 });
    let long = with(ec(), &[("kid", json!("k".repeat(257)))]);
    assert_eq!(parse(&[long]).unwrap_err(), JwkSetError::Member { index: 0, member: "kid" });
}

#[test]
fn jwt_10_a_key_that_contradicts_itself_is_refused() {
    for changes in [
        &[("use", json!("enc"))][..],
        &[("key_ops", json!(["sign"]))],
        &[("use", json!("enc")), ("key_ops", json!(["verify"])), ("alg", Value::Null)],
        &[("use", json!("sig")), ("key_ops", json!(["wrapKey"])), ("alg", Value::Null)],
        &[("alg", json!("RS256"))],
        &[("alg", json!("EdDSA"))],
    ] {
        let error = parse(&[with(ec(), changes)]).unwrap_err();
        assert_eq!(error, JwkSetError::Conflict { index: 0 }, "{changes:?}");
    }
}

#[test]
fn jwt_10_a_short_rsa_key_is_refused() {
    let short = URL_SAFE_NO_PAD.encode([0xc1; 128]);
    let error = parse(&[with(rsa(), &[("n", json!(short))])]).unwrap_err();
    let source = JwkError::RsaSize { bits: 1024 };
    assert_eq!(error, JwkSetError::Key { index: 0, source });
}

#[test]
fn jwt_10_a_set_without_usable_keys_is_refused() {
    assert_eq!(parse(&[]).unwrap_err(), JwkSetError::NoneUsable);
    for unusable in [
        with(ec(), &[("crv", json!("P-384"))]),
        with(ec(), &[("crv", json!("secp256k1")), ("alg", json!("ES256K"))]),
        with(ec(), &[("kty", json!("AKP"))]),
        with(ec(), &[("alg", json!("ES384"))]),
        with(rsa(), &[("alg", json!("RSA-OAEP-256")), ("use", json!("enc"))]),
    ] {
        assert_eq!(
            parse(std::slice::from_ref(&unusable)).unwrap_err(),
            JwkSetError::NoneUsable,
            "{unusable}"
        );
        // Beside a key that can be used they do no harm.
        let unusable = with(unusable, &[("kid", json!("unusable"))]);
        assert_eq!(parse(&[unusable, ec()]).unwrap().keys().len(), 1);
    }
}

#[test]
fn jwt_10_texts_that_are_no_set_are_refused() {
    for text in ["null", "[]", "{}", r#"{"keys":null}"#, r#"{"keys":[null]}"#, r#"{"keys":{}}"#] {
        assert_eq!(JwkSet::parse(text.as_bytes()).unwrap_err(), JwkSetError::Shape, "{text}");
    }
    let twice = br#"{"keys":[],"keys":[]}"#;
    assert!(matches!(JwkSet::parse(twice).unwrap_err(), JwkSetError::Json(_)));
    assert_eq!(JwkSet::parse(&vec![b' '; 65_537]).unwrap_err(), JwkSetError::TooLong);
    let many: Vec<Value> = (0..65).map(|_| json!({ "kty": "EC" })).collect();
    assert_eq!(parse(&many).unwrap_err(), JwkSetError::TooMany);
}

#[test]
fn members_of_the_wrong_type_are_refused() {
    for (member, value) in [
        ("kid", json!(7)),
        ("use", json!(["sig"])),
        ("alg", json!(256)),
        ("key_ops", json!("verify")),
        ("x", json!(null)),
        ("x", json!("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=")),
        ("y", json!("not base64url!")),
        ("crv", json!(1)),
        ("kty", json!(1)),
    ] {
        let error = parse(&[with(ec(), &[(member, value.clone())])]).unwrap_err();
        assert!(
            matches!(error, JwkSetError::Member { index: 0, member: found } if found == member),
            "{member}: {value} gives {error:?}"
        );
    }
}

#[test]
fn rfc_7520_public_keys_are_read() {
    if let Some(jwk) = vector("jose-cookbook/jwk/3_3.rsa_public_key.json") {
        let set = parse(&[jwk]).unwrap();
        assert!(set.find(Some("bilbo.baggins@hobbiton.example"), SigningAlg::Rs256).is_some());
    }
    // Its EC key is on P-521, and its private keys must not be registered.
    if let Some(jwk) = vector("jose-cookbook/jwk/3_1.ec_public_key.json") {
        assert_eq!(parse(&[jwk]).unwrap_err(), JwkSetError::NoneUsable);
    }
    for file in ["3_2.ec_private_key.json", "3_4.rsa_private_key.json"] {
        if let Some(jwk) = vector(&format!("jose-cookbook/jwk/{file}")) {
            assert_eq!(parse(&[jwk]).unwrap_err(), JwkSetError::Private { index: 0 });
        }
    }
    if let Some(jwk) = vector("jose-cookbook/jwk/3_5.symmetric_key_mac_computation.json") {
        assert_eq!(parse(&[jwk]).unwrap_err(), JwkSetError::Symmetric { index: 0 });
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<Vec<u8>>()) {
        let _ = JwkSet::parse(&text);
    }

    #[test]
    fn no_member_makes_the_parser_panic(
        member in prop::sample::select(vec!["kty", "crv", "x", "y", "n", "e", "alg", "use"]),
        value in "[A-Za-z0-9_-]{0,90}",
        of_rsa in any::<bool>(),
    ) {
        let jwk = if of_rsa { rsa() } else { ec() };
        let _ = parse(&[with(jwk, &[(member, json!(value))])]);
    }
}
