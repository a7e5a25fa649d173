//! Tests of the plan, by carrying it out on records that never leave the test.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::keys::testing::{fresh_key, key, record};
use crate::keys::{KeyRecord, SigningKey};

const DAY: i64 = 86_400;

fn policy(kinds: &[KeyKind]) -> KeyPolicy {
    KeyPolicy {
        kinds: kinds.to_vec(),
        rotate_every: Lifetime::hours(24 * 30),
        publish_lead: Lifetime::hours(24),
        longest_token: Lifetime::hours(1),
        skew: Lifetime::minutes(1),
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn set(records: Vec<KeyRecord>) -> KeySet {
    KeySet::new(records).unwrap()
}

#[test]
fn the_first_key_signs_at_once() {
    assert_eq!(
        plan(&set(vec![]), &policy(&[KeyKind::Es256, KeyKind::EdDsa]), Rotation::WhenDue, at(7)),
        [
            KeyChange::Publish { kind: KeyKind::Es256, signs_from: at(7) },
            KeyChange::Publish { kind: KeyKind::EdDsa, signs_from: at(7) },
        ]
    );
}

#[test]
fn a_successor_is_published_a_lead_before_it_signs() {
    let keys = set(vec![record(fresh_key(), 0)]);
    let policy = policy(&[KeyKind::Es256]);
    assert_eq!(plan(&keys, &policy, Rotation::WhenDue, at(29 * DAY - 1)), []);
    assert_eq!(
        plan(&keys, &policy, Rotation::WhenDue, at(29 * DAY)),
        [KeyChange::Publish { kind: KeyKind::Es256, signs_from: at(30 * DAY) }]
    );
    // A plan that comes late does not cut the lead short.
    assert_eq!(
        plan(&keys, &policy, Rotation::WhenDue, at(40 * DAY)),
        [KeyChange::Publish { kind: KeyKind::Es256, signs_from: at(41 * DAY) }]
    );
}

#[test]
fn a_published_successor_is_waited_for_even_by_the_impatient() {
    let keys = set(vec![record(fresh_key(), 0), record(fresh_key(), 30 * DAY)]);
    let policy = policy(&[KeyKind::Es256]);
    for why in [Rotation::WhenDue, Rotation::Now] {
        assert_eq!(plan(&keys, &policy, why, at(29 * DAY + 5)), []);
    }
}

#[test]
fn an_operator_may_begin_a_rotation_early_but_not_skip_the_lead() {
    let keys = set(vec![record(fresh_key(), 0)]);
    assert_eq!(
        plan(&keys, &policy(&[KeyKind::Es256]), Rotation::Now, at(DAY)),
        [KeyChange::Publish { kind: KeyKind::Es256, signs_from: at(2 * DAY) }]
    );
}

#[test]
fn a_retired_key_stays_until_its_last_token_has_expired() {
    let (old, new) = (record(fresh_key(), 0), record(fresh_key(), 100));
    let kid = old.key.kid().to_owned();
    let keys = set(vec![old, new]);
    let policy = policy(&[KeyKind::Es256]);
    let last = 100 + 3_600 + 60;
    assert_eq!(plan(&keys, &policy, Rotation::WhenDue, at(last)), []);
    assert_eq!(plan(&keys, &policy, Rotation::WhenDue, at(last + 1)), [KeyChange::Remove { kid }]);
}

#[test]
fn a_kind_that_is_no_longer_wanted_stops_and_goes() {
    let (active, next) = (record(fresh_key(), 0), record(fresh_key(), 100));
    let (kid, next_kid) = (active.key.kid().to_owned(), next.key.kid().to_owned());
    let keys = set(vec![active.clone(), next]);
    assert_eq!(
        plan(&keys, &policy(&[]), Rotation::WhenDue, at(50)),
        [KeyChange::Stop { kid: kid.clone() }, KeyChange::Remove { kid: next_kid }]
    );
    let stopped = KeyRecord { stopped_at: Some(at(50)), ..active };
    let keys = set(vec![stopped]);
    assert_eq!(plan(&keys, &policy(&[]), Rotation::WhenDue, at(3_710)), []);
    assert_eq!(
        plan(&keys, &policy(&[]), Rotation::WhenDue, at(3_711)),
        [KeyChange::Remove { kid }]
    );
}

#[test]
fn a_longer_rsa_key_succeeds_a_shorter_one_of_the_same_algorithm() {
    let keys = set(vec![record(key(SigningAlg::Rs256), 0)]);
    assert_eq!(
        plan(&keys, &policy(&[KeyKind::Rs256Bits3072]), Rotation::WhenDue, at(DAY)),
        [KeyChange::Publish { kind: KeyKind::Rs256Bits3072, signs_from: at(2 * DAY) }]
    );
}

/// Carries `changes` out.
fn carry_out(records: &mut BTreeMap<String, KeyRecord>, changes: Vec<KeyChange>, now: Timestamp) {
    for change in changes {
        match change {
            KeyChange::Publish { signs_from, .. } => {
                let mut made = record(fresh_key(), signs_from.seconds());
                made.published_at = now;
                records.insert(made.key.kid().to_owned(), made);
            }
            KeyChange::Stop { kid } => records.get_mut(&kid).unwrap().stopped_at = Some(now),
            KeyChange::Remove { kid } => {
                records.remove(&kid).unwrap();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// However irregularly the plan is made, somebody always signs, with a key that was published
    /// long enough, and whoever signed stays published for as long as its tokens live.
    #[test]
    fn somebody_always_signs_and_is_known(
        steps in prop::collection::vec((1..20 * DAY, any::<bool>()), 1..40),
    ) {
        let policy = policy(&[KeyKind::Es256]);
        let (mut records, mut now) = (BTreeMap::new(), at(0));
        let mut first = None;
        let mut signed: BTreeMap<String, Timestamp> = BTreeMap::new();
        for (step, impatient) in steps {
            let why = if impatient { Rotation::Now } else { Rotation::WhenDue };
            let keys = set(records.values().cloned().collect());
            carry_out(&mut records, plan(&keys, &policy, why, now), now);
            let keys = set(records.values().cloned().collect());
            prop_assert_eq!(plan(&keys, &policy, Rotation::WhenDue, now), vec![]);

            let signer = keys.signer(SigningAlg::Es256, now).map(SigningKey::kid).unwrap();
            let published_at = records[signer].published_at;
            first.get_or_insert_with(|| signer.to_owned());
            let known = published_at + policy.publish_lead <= now;
            prop_assert!(known || first.as_deref() == Some(signer));
            signed.insert(signer.to_owned(), now);
            for (kid, last) in &signed {
                let token_lives = now <= *last + policy.longest_token;
                prop_assert!(!token_lives || keys.find(kid).is_some());
            }
            now = at(now.seconds() + step);
        }
    }
}
