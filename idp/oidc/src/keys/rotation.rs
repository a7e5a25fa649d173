//! When keys come and go. Pure: records, policy and an instant in, changes out.

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

/// One change to the stored keys, to be made in one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyChange {
    /// Make a key of this kind, and publish it.
    Publish {
        /// What to make.
        kind: KeyKind,
        /// `Next`, or `Active` when nobody signs with its algorithm.
        state: KeyState,
    },
    /// Let this key sign.
    Activate {
        /// Which key.
        kid: String,
        /// The key that it relieves, which is retired in the same commit.
        retires: Option<String>,
    },
    /// Let this key sign no more: its algorithm is no longer wanted.
    Retire {
        /// Which key.
        kid: String,
    },
    /// Publish this key no more: nothing that it signed is valid, or it never signed.
    Remove {
        /// Which key.
        kid: String,
    },
}

impl KeyPolicy {
    /// How long a retired key stays published: until its last token has expired everywhere.
    #[must_use]
    pub fn retention(&self) -> Lifetime {
        let seconds = self.longest_token.as_seconds().saturating_add(self.skew.as_seconds());
        Lifetime::seconds(seconds)
    }
}

/// What must change at `now` so that `keys` follow `policy`; nothing once it was done.
#[must_use]
pub fn plan(keys: &KeySet, policy: &KeyPolicy, why: Rotation, now: Timestamp) -> Vec<KeyChange> {
    let wanted = |alg: SigningAlg| policy.kinds.iter().rfind(|kind| kind.alg() == alg).copied();
    let mut changes: Vec<KeyChange> = SigningAlg::ALL
        .into_iter()
        .filter_map(|alg| succession(keys, policy, wanted(alg)?, why, now))
        .collect();
    for record in keys.records() {
        let kid = record.key.kid().to_owned();
        let is_wanted = wanted(record.key.alg()).is_some();
        match record.state {
            KeyState::Retired if record.since + policy.retention() < now => {
                changes.push(KeyChange::Remove { kid });
            }
            KeyState::Active if !is_wanted => changes.push(KeyChange::Retire { kid }),
            KeyState::Next if !is_wanted => changes.push(KeyChange::Remove { kid }),
            _ => {}
        }
    }
    changes
}

/// How the key for one algorithm is relieved, as far as it is time for it.
fn succession(
    keys: &KeySet,
    policy: &KeyPolicy,
    kind: KeyKind,
    why: Rotation,
    now: Timestamp,
) -> Option<KeyChange> {
    let active = keys.record(kind.alg(), KeyState::Active);
    let next = keys.record(kind.alg(), KeyState::Next);
    match (active, next) {
        // Nobody can sign, so this key cannot wait until everybody knows it.
        (None, None) => Some(KeyChange::Publish { kind, state: KeyState::Active }),
        (None, Some(next)) => {
            Some(KeyChange::Activate { kid: next.key.kid().to_owned(), retires: None })
        }
        // A next key is published a lead before the active one is due, so it need not ask again
        // whether that is due.
        (Some(active), Some(next)) => {
            (next.since + policy.publish_lead <= now).then(|| KeyChange::Activate {
                kid: next.key.kid().to_owned(),
                retires: Some(active.key.kid().to_owned()),
            })
        }
        (Some(active), None) => {
            let due = active.since + policy.rotate_every;
            let begin = why == Rotation::Now
                || active.key.kind() != kind
                || due <= now + policy.publish_lead;
            begin.then_some(KeyChange::Publish { kind, state: KeyState::Next })
        }
    }
}

#[cfg(test)]
mod tests;
