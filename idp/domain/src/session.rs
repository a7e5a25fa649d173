//! Sessions: a browser's standing with the broker.

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, AuthenticationEvent, FactorProof, Lifetime, RelyingPartyId, SessionId, Timestamp,
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
    /// When it was last used, to the minute.
    #[serde(default)]
    pub used_at: Timestamp,
    /// Whether others use the browser: then nothing of the session outlives it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
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

    /// Whether `relying_party` was told of this session already, and would be told of its end in
    /// the same way.
    #[must_use]
    pub fn has_participant(
        &self,
        relying_party: &RelyingPartyId,
        farewell: Option<&String>,
    ) -> bool {
        self.participants.iter().any(|participant| {
            participant.relying_party == *relying_party && participant.farewell.as_ref() == farewell
        })
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
}
