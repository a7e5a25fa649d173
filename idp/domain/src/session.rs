//! Sessions: a browser's standing with the broker.

use serde::{Deserialize, Serialize};

use crate::{AccountId, AuthenticationEvent, RelyingPartyId, SessionId, Timestamp};

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
    /// Who was told of the person in this session.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<Participant>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends at the latest, used or not.
    pub ends_at: Timestamp,
}

impl Session {
    /// The latest proof.
    #[must_use]
    pub fn latest(&self) -> Option<&AuthenticationEvent> {
        self.events.last()
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
