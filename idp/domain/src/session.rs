//! Sessions: a browser's standing with the broker.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, AttributeName, AuthenticationEvent, DeviceId, FactorProof, Lifetime, RelyingPartyId,
    SessionId, Timestamp, whereabouts::Whereabouts,
};

/// What a browser has proven, and the relying parties that we vouched to.
///
/// Found on the shelf by the hash of a secret handle; the handle is in the cookie alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its name in the trail, in revocations and towards relying parties (`sid`).
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// The proofs, oldest first; never empty.
    pub events: Vec<AuthenticationEvent>,
    /// What was proven here besides, one of each credential, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<FactorProof>,
    /// Who was told of the person in this session.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<Participant>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends at the latest, used or not.
    pub ends_at: Timestamp,
    /// When it was last used, to the minute. Looking at it is no use of it: a session is used when
    /// somebody is vouched for by it, or acts on their own account.
    #[serde(default)]
    pub used_at: Timestamp,
    /// Whether others use the browser: then nothing of the session outlives it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// The remembered device that it began on, if it stood for a factor or does so from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// Where it was used lately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whereabouts: Option<Whereabouts>,
}

/// How long things are believed that a session holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A session that was not used for so long does not count.
    pub idle: Lifetime,
    /// A session that began so long ago does not count.
    pub absolute: Lifetime,
    /// A factor that was proven so long ago, here or at the source, does not count.
    pub factor: Lifetime,
}

/// Narrower limits, of an agency for its people or of a relying party for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Narrower {
    /// See [`Limits::idle`].
    #[serde(rename = "idle_minutes")]
    pub idle: Option<u32>,
    /// See [`Limits::absolute`].
    #[serde(rename = "absolute_minutes")]
    pub absolute: Option<u32>,
    /// See [`Limits::factor`].
    #[serde(rename = "factor_minutes")]
    pub factor: Option<u32>,
}

impl Limits {
    /// These limits, but nothing wider than `narrower`.
    #[must_use]
    pub fn within(self, narrower: Narrower) -> Self {
        let least = |limit: Lifetime, minutes: Option<u32>| {
            minutes.map_or(limit, |minutes| limit.min(Lifetime::minutes(minutes)))
        };
        Self {
            idle: least(self.idle, narrower.idle),
            absolute: least(self.absolute, narrower.absolute),
            factor: least(self.factor, narrower.factor),
        }
    }
}

impl Session {
    /// The latest proof.
    #[must_use]
    pub fn latest(&self) -> Option<&AuthenticationEvent> {
        self.events.last()
    }

    /// Adds a proof, in the place of an older one of the same credential.
    pub fn prove(&mut self, proof: FactorProof) {
        self.proofs
            .retain(|older| older.factor != proof.factor || older.credential != proof.credential);
        self.proofs.push(proof);
    }

    /// Whether it is over at `now`, by its own end or by that of its source's word.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        let vouched = self.latest().and_then(|event| event.valid_until);
        now >= self.ends_at || vouched.is_some_and(|end| now >= end)
    }

    /// When it was last used. Sessions of before that was kept count as used when they began.
    #[must_use]
    pub fn last_used(&self) -> Timestamp {
        self.used_at.max(self.started_at)
    }

    /// Whether it was used within `limits`: not too long ago, and not begun too long ago.
    #[must_use]
    pub fn is_within(&self, limits: Limits, now: Timestamp) -> bool {
        now.since(self.last_used()) <= limits.idle && now.since(self.started_at) < limits.absolute
    }

    /// Adds a participant, or to one that was told already what it is told besides. Whether there
    /// was anything new in it.
    pub fn tell(&mut self, told: Participant) -> bool {
        let known = self.participants.iter_mut().find(|participant| {
            participant.relying_party == told.relying_party && participant.farewell == told.farewell
        });
        let Some(known) = known else {
            self.participants.push(told);
            return true;
        };
        let before = known.released.len();
        known.released.extend(told.released);
        known.released.len() > before
    }
}

/// A relying party that a session vouched to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Which one.
    pub relying_party: RelyingPartyId,
    /// Since when.
    pub since: Timestamp,
    /// What its protocol has to remember for the day that the session ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub farewell: Option<String>,
    /// The attributes that it was told, by name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub released: BTreeSet<AttributeName>,
}

#[cfg(test)]
mod tests {
    use super::{Limits, Narrower, Participant, Session};
    use crate::{AttributeName, Lifetime, Timestamp};

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn session() -> Session {
        Session {
            id: "s".parse().unwrap(),
            account: "a".parse().unwrap(),
            events: Vec::new(),
            proofs: Vec::new(),
            participants: Vec::new(),
            started_at: NOW,
            ends_at: NOW + Lifetime::hours(12),
            used_at: NOW + Lifetime::minutes(30),
            shared: false,
            device: None,
            whereabouts: None,
        }
    }

    fn told(released: &[&str]) -> Participant {
        let names = released.iter().map(|name| AttributeName::parse(name).unwrap());
        Participant {
            relying_party: "portal".parse().unwrap(),
            since: NOW,
            farewell: None,
            released: names.collect(),
        }
    }

    #[test]
    fn a_session_counts_while_it_is_used_and_young() {
        let wide = Limits {
            idle: Lifetime::hours(1),
            absolute: Lifetime::hours(12),
            factor: Lifetime::hours(12),
        };
        let within =
            |limits, minutes| session().is_within(limits, NOW + Lifetime::minutes(minutes));
        assert!(within(wide, 90) && !within(wide, 91));
        let narrow = wide.within(Narrower { idle: Some(15), ..Narrower::default() });
        assert!(within(narrow, 45) && !within(narrow, 46));
        let short = wide.within(Narrower { absolute: Some(40), ..Narrower::default() });
        assert!(within(short, 39) && !within(short, 40));
        let wider = wide.within(Narrower { idle: Some(600), ..Narrower::default() });
        assert_eq!(wider, wide, "nothing is wider than what the broker allows");
    }

    #[test]
    fn a_participant_is_new_with_what_it_was_not_told_before() {
        let mut session = session();
        assert!(session.tell(told(&["mail"])));
        assert!(!session.tell(told(&["mail"])));
        assert!(!session.tell(told(&[])));
        assert!(session.tell(told(&["sn"])));
        assert!(session.tell(Participant { farewell: Some("x".into()), ..told(&[]) }));
        assert_eq!(session.participants.len(), 2);
        assert_eq!(session.participants[0].released.len(), 2, "all that it was told");
    }
}
