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

fn plan_at(records: &[KeyRecord], kinds: &[KeyKind], why: Rotation, now: i64) -> Vec<KeyChange> {
    plan(&KeySet::new(records.to_vec()).unwrap(), &policy(kinds), why, at(now))
}

fn due(records: &[KeyRecord], now: i64) -> Vec<KeyChange> {
    plan_at(records, &[KeyKind::Es256], Rotation::WhenDue, now)
}

fn kid(record: &KeyRecord) -> String {
    record.key.kid().to_owned()
}

#[test]
fn the_first_key_signs_at_once() {
    let kinds = [KeyKind::EdDsa, KeyKind::Es256];
    assert_eq!(
        plan_at(&[], &kinds, Rotation::WhenDue, 7),
        [
            KeyChange::Publish { kind: KeyKind::Es256, state: KeyState::Active },
            KeyChange::Publish { kind: KeyKind::EdDsa, state: KeyState::Active },
        ]
    );
}

#[test]
fn a_successor_is_published_a_lead_before_it_is_due() {
    let keys = [record(fresh_key(), KeyState::Active, 0)];
    assert_eq!(due(&keys, 29 * DAY - 1), []);
    assert_eq!(
        due(&keys, 29 * DAY),
        [KeyChange::Publish { kind: KeyKind::Es256, state: KeyState::Next }]
    );
}

#[test]
fn a_successor_relieves_the_active_key_once_it_was_published_for_the_lead() {
    let active = record(fresh_key(), KeyState::Active, 0);
    // Published late, so the active key is overdue; the lead is kept all the same.
    let next = record(fresh_key(), KeyState::Next, 40 * DAY);
    let keys = [active.clone(), next.clone()];
    for why in [Rotation::WhenDue, Rotation::Now] {
        assert_eq!(plan_at(&keys, &[KeyKind::Es256], why, 41 * DAY - 1), []);
    }
    assert_eq!(
        due(&keys, 41 * DAY),
        [KeyChange::Activate { kid: kid(&next), retires: Some(kid(&active)) }]
    );
}

#[test]
fn an_operator_may_begin_a_rotation_early_but_not_skip_the_lead() {
    let keys = [record(fresh_key(), KeyState::Active, 0)];
    assert_eq!(
        plan_at(&keys, &[KeyKind::Es256], Rotation::Now, DAY),
        [KeyChange::Publish { kind: KeyKind::Es256, state: KeyState::Next }]
    );
}

#[test]
fn a_next_key_need_not_wait_when_nobody_signs() {
    let next = record(fresh_key(), KeyState::Next, 100);
    assert_eq!(
        due(std::slice::from_ref(&next), 101),
        [KeyChange::Activate { kid: kid(&next), retires: None }]
    );
}

#[test]
fn a_retired_key_stays_until_its_last_token_has_expired() {
    let old = record(fresh_key(), KeyState::Retired, 100);
    let keys = [old.clone(), record(fresh_key(), KeyState::Active, 100)];
    let last = 100 + 3_600 + 60;
    assert_eq!(due(&keys, last), []);
    assert_eq!(due(&keys, last + 1), [KeyChange::Remove { kid: kid(&old) }]);
}

#[test]
fn a_kind_that_is_no_longer_wanted_stops_and_goes() {
    let active = record(fresh_key(), KeyState::Active, 0);
    let next = record(fresh_key(), KeyState::Next, 10);
    assert_eq!(
        plan_at(&[active.clone(), next.clone()], &[], Rotation::Now, 50),
        [KeyChange::Remove { kid: kid(&next) }, KeyChange::Retire { kid: kid(&active) }]
    );
}

#[test]
fn a_longer_rsa_key_succeeds_a_shorter_one_of_the_same_algorithm() {
    let keys = [record(key(SigningAlg::Rs256), KeyState::Active, 0)];
    assert_eq!(plan_at(&keys, &[KeyKind::Rs256Bits2048], Rotation::WhenDue, DAY), []);
    assert_eq!(
        plan_at(&keys, &[KeyKind::Rs256Bits3072], Rotation::WhenDue, DAY),
        [KeyChange::Publish { kind: KeyKind::Rs256Bits3072, state: KeyState::Next }]
    );
}

/// A record, and when its key was first published.
type Known = BTreeMap<String, (KeyRecord, Timestamp)>;

/// Carries `changes` out.
fn carry_out(known: &mut Known, changes: Vec<KeyChange>, now: Timestamp) {
    let mut enter = |kid: &str, state| {
        let (record, _) = known.get_mut(kid).unwrap();
        (record.state, record.since) = (state, now);
    };
    let mut made = Vec::new();
    let mut removed = Vec::new();
    for change in changes {
        match change {
            KeyChange::Publish { state, .. } => {
                made.push(record(fresh_key(), state, now.seconds()));
            }
            KeyChange::Activate { kid, retires } => {
                enter(&kid, KeyState::Active);
                if let Some(retired) = retires {
                    enter(&retired, KeyState::Retired);
                }
            }
            KeyChange::Retire { kid } => enter(&kid, KeyState::Retired),
            KeyChange::Remove { kid } => removed.push(kid),
        }
    }
    for record in made {
        known.insert(kid(&record), (record, now));
    }
    for kid in removed {
        known.remove(&kid).unwrap();
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
        let (mut known, mut now) = (Known::new(), at(0));
        let mut first = None;
        let mut signed: BTreeMap<String, Timestamp> = BTreeMap::new();
        let set = |known: &Known| {
            KeySet::new(known.values().map(|(record, _)| record.clone()).collect()).unwrap()
        };
        for (step, impatient) in steps {
            let why = if impatient { Rotation::Now } else { Rotation::WhenDue };
            let changes = plan(&set(&known), &policy, why, now);
            carry_out(&mut known, changes, now);
            let keys = set(&known);
            prop_assert_eq!(plan(&keys, &policy, Rotation::WhenDue, now), vec![]);

            let signer = keys.signer(SigningAlg::Es256).map(SigningKey::kid).unwrap();
            let (_, published) = known[signer];
            first.get_or_insert_with(|| signer.to_owned());
            let is_known = published + policy.publish_lead <= now;
            prop_assert!(is_known || first.as_deref() == Some(signer));
            signed.insert(signer.to_owned(), now);
            for (kid, last) in &signed {
                let token_lives = now <= *last + policy.longest_token;
                prop_assert!(!token_lives || keys.find(kid).is_some());
            }
            now = at(now.seconds() + step);
        }
    }
}
