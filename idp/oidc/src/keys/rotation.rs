//! When keys come and go. Pure: records, policy and an instant in, changes out.

use std::collections::BTreeSet;

use idp_domain::{Lifetime, Timestamp};

use super::{KeyKind, KeySet, KeyState, SigningAlg};

/// How keys are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPolicy {
    /// The kinds of keys that sign, one an algorithm; of several for one the last counts.
    pub kinds: Vec<KeyKind>,
    /// How long a key signs.
    pub rotate_every: Lifetime,
    /// How long a key is published before it signs: longer than anybody caches the set.
    pub publish_lead: Lifetime,
    /// The longest life of what a key signs.
    pub longest_token: Lifetime,
    /// How far the clocks of nodes and of relying parties may be apart.
    pub skew: Lifetime,
}

/// Why the plan is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The time has come round, or the node starts.
    WhenDue,
    /// An operator wants new keys, published at once and signing after the lead.
    Now,
}

/// One change to the stored keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyChange {
    /// Make a key of this kind, publish it, and let it sign from then on.
    Publish {
        /// What to make.
        kind: KeyKind,
        /// From when on it signs.
        signs_from: Timestamp,
    },
    /// Let this key sign no more: its algorithm is no longer wanted.
    Stop {
        /// Which key.
        kid: String,
    },
    /// Forget this key: nothing that it signed is valid any more, or it never signed.
    Remove {
        /// Which key.
        kid: String,
    },
}

/// What must change at `now` so that `keys` follow `policy`; nothing once it was done.
#[must_use]
pub fn plan(keys: &KeySet, policy: &KeyPolicy, why: Rotation, now: Timestamp) -> Vec<KeyChange> {
    let mut changes = Vec::new();
    let wanted: BTreeSet<SigningAlg> = policy.kinds.iter().map(|kind| kind.alg()).collect();
    for alg in &wanted {
        if let Some(kind) = policy.kinds.iter().rfind(|kind| kind.alg() == *alg) {
            changes.extend(publication(keys, policy, *kind, why, now));
        }
    }
    for (record, state) in keys.states(now) {
        let kid = record.key.kid().to_owned();
        let is_over = |end: Timestamp| end + policy.longest_token + policy.skew < now;
        match state {
            KeyState::Retired if keys.end(record).is_some_and(is_over) => {
                changes.push(KeyChange::Remove { kid });
            }
            KeyState::Active if !wanted.contains(&record.key.alg()) => {
                changes.push(KeyChange::Stop { kid });
            }
            KeyState::Next if !wanted.contains(&record.key.alg()) => {
                changes.push(KeyChange::Remove { kid });
            }
            _ => {}
        }
    }
    changes
}

/// The key that must be published for `kind`, if one must.
fn publication(
    keys: &KeySet,
    policy: &KeyPolicy,
    kind: KeyKind,
    why: Rotation,
    now: Timestamp,
) -> Option<KeyChange> {
    let at = |wanted| {
        keys.states(now)
            .filter(|(record, _)| record.key.alg() == kind.alg())
            .find_map(|(record, state)| (state == wanted).then_some(record))
    };
    let Some(active) = at(KeyState::Active) else {
        // Nobody can sign, so this key cannot wait until everybody knows it.
        return Some(KeyChange::Publish { kind, signs_from: now });
    };
    if at(KeyState::Next).is_some() {
        return None;
    }
    let soonest = now + policy.publish_lead;
    let due = active.signs_from + policy.rotate_every;
    if why == Rotation::Now || active.key.kind() != kind {
        return Some(KeyChange::Publish { kind, signs_from: soonest });
    }
    (due <= soonest).then_some(KeyChange::Publish { kind, signs_from: soonest.max(due) })
}

#[cfg(test)]
mod tests;
