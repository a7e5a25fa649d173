//! Tests of who signs and who is published.

use super::*;
use crate::keys::testing::{fresh_key, key, key_set, record};

#[test]
fn one_key_signs_and_all_are_published() {
    let records = [KeyState::Retired, KeyState::Active, KeyState::Next]
        .map(|state| record(fresh_key(), state, 0));
    let kids = records.each_ref().map(|record| record.key.kid().to_owned());
    let set = KeySet::new(records.to_vec()).unwrap();
    assert_eq!(set.signer(SigningAlg::Es256).map(SigningKey::kid), Some(kids[1].as_str()));
    for kid in &kids {
        assert!(set.find(kid).is_some());
        assert!(set.jwks().contains(kid.as_str()));
    }
    assert!(set.find("another").is_none());
}

#[test]
fn an_algorithm_without_an_active_key_is_not_offered() {
    let set = KeySet::new(vec![
        record(key(SigningAlg::Es256), KeyState::Active, 0),
        record(key(SigningAlg::EdDsa), KeyState::Next, 0),
        record(key(SigningAlg::Rs256), KeyState::Retired, 0),
    ])
    .unwrap();
    assert_eq!(set.algs().collect::<Vec<_>>(), [SigningAlg::Es256]);
    assert!(set.signer(SigningAlg::EdDsa).is_none());
    assert!(set.signer(SigningAlg::Rs256).is_none());
}

#[test]
fn all_nodes_publish_the_same_bytes() {
    let (one, other) =
        (record(fresh_key(), KeyState::Active, 0), record(fresh_key(), KeyState::Retired, 0));
    let here = KeySet::new(vec![one.clone(), other.clone()]).unwrap();
    let there = KeySet::new(vec![other, one]).unwrap();
    assert_eq!(here.jwks(), there.jwks());
}

#[test]
fn a_key_stored_twice_is_an_error() {
    let twice = record(fresh_key(), KeyState::Active, 0);
    let kid = twice.key.kid().to_owned();
    let retired = KeyRecord { state: KeyState::Retired, ..twice.clone() };
    let other = record(fresh_key(), KeyState::Next, 0);
    let error = KeySet::new(vec![twice, other, retired]).unwrap_err();
    assert_eq!(error, KeySetError::Repeated { kid });
}

#[test]
fn two_active_keys_of_one_algorithm_are_an_error() {
    let active = || record(fresh_key(), KeyState::Active, 0);
    let error = KeySet::new(vec![active(), active()]).unwrap_err();
    assert_eq!(error, KeySetError::TwoActive { alg: SigningAlg::Es256 });
}

#[test]
fn the_published_set_has_public_members_only() {
    let set = key_set(&[SigningAlg::Es256, SigningAlg::EdDsa, SigningAlg::Rs256]);
    let jwks: Value = serde_json::from_str(&set.jwks()).unwrap();
    let mut seen = Vec::new();
    for jwk in jwks["keys"].as_array().unwrap() {
        let mut names: Vec<&str> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        seen.push(names.join(" "));
        assert_eq!(jwk["use"], "sig");
    }
    assert_eq!(seen, ["alg crv kid kty use x y", "alg crv kid kty use x", "alg e kid kty n use"]);
    // And others can read it.
    assert_eq!(crate::jwk::JwkSet::parse(set.jwks().as_bytes()).unwrap().keys().len(), 3);
}
