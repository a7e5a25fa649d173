//! Tests of who signs and who is published.

use super::*;
use crate::keys::testing::{fresh_key, key, key_set, record};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn states(set: &KeySet, now: i64) -> Vec<KeyState> {
    set.states(at(now)).map(|(_, state)| state).collect()
}

fn signer(set: &KeySet, now: i64) -> Option<&str> {
    set.signer(SigningAlg::Es256, at(now)).map(SigningKey::kid)
}

#[test]
fn the_key_that_signs_changes_at_the_written_second_and_all_stay_published() {
    let (one, other) = (fresh_key(), fresh_key());
    let (old, new) = (one.kid().to_owned(), other.kid().to_owned());
    let set = KeySet::new(vec![record(other, 200), record(one, 100)]).unwrap();
    assert_eq!(signer(&set, 99), None);
    assert_eq!(signer(&set, 100), Some(old.as_str()));
    assert_eq!(signer(&set, 199), Some(old.as_str()));
    assert_eq!(signer(&set, 200), Some(new.as_str()));
    assert_eq!(states(&set, 99), [KeyState::Next, KeyState::Next]);
    assert_eq!(states(&set, 150), [KeyState::Active, KeyState::Next]);
    assert_eq!(states(&set, 200), [KeyState::Retired, KeyState::Active]);
    for kid in [&old, &new] {
        assert!(set.find(kid).is_some());
        assert!(set.jwks().contains(kid.as_str()));
    }
}

#[test]
fn a_stopped_key_signs_no_more_though_nobody_succeeds_it() {
    let mut stopped = record(fresh_key(), 100);
    stopped.stopped_at = Some(at(150));
    let set = KeySet::new(vec![stopped]).unwrap();
    assert!(signer(&set, 149).is_some());
    assert_eq!(signer(&set, 150), None);
    assert_eq!(states(&set, 150), [KeyState::Retired]);
}

#[test]
fn of_two_keys_of_one_second_all_nodes_choose_the_same() {
    let (one, other) = (record(fresh_key(), 100), record(fresh_key(), 100));
    let here = KeySet::new(vec![one.clone(), other.clone()]).unwrap();
    let there = KeySet::new(vec![other, one]).unwrap();
    assert!(signer(&here, 100).is_some());
    assert_eq!(signer(&here, 100), signer(&there, 100));
    assert_eq!(here.jwks(), there.jwks());
}

#[test]
fn keys_of_one_algorithm_do_not_retire_those_of_another() {
    let set =
        KeySet::new(vec![record(key(SigningAlg::Es256), 100), record(key(SigningAlg::EdDsa), 200)])
            .unwrap();
    assert_eq!(set.algs(at(150)).collect::<Vec<_>>(), [SigningAlg::Es256]);
    assert_eq!(set.algs(at(200)).collect::<Vec<_>>(), [SigningAlg::Es256, SigningAlg::EdDsa]);
}

#[test]
fn a_key_stored_twice_is_an_error() {
    let twice = record(fresh_key(), 100);
    let kid = twice.key.kid().to_owned();
    let error = KeySet::new(vec![twice.clone(), record(fresh_key(), 1), twice]).unwrap_err();
    assert_eq!(error, KeySetError::Repeated { kid });
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
