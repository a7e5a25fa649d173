//! Authentication events: who proved what, where and when.

use serde::{Deserialize, Serialize};

use crate::{Acr, AgencyId, Amr, Assurance, Identity, Timestamp};

/// A proof that a source vouches for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticationEvent {
    /// Who, according to which source.
    pub identity: Identity,
    /// The agency that the source belongs to.
    pub agency: AgencyId,
    /// When the person authenticated at the source, by the source's own word. `None` when the
    /// source did not say: then no demand for freshness is met.
    pub authenticated_at: Option<Timestamp>,
    /// When the proof reached us.
    pub received_at: Timestamp,
    /// The context that the source claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<Acr>,
    /// The methods that the source claims.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<Amr>,
    /// What the claim is worth here, after the trust in the source.
    pub assurance: Assurance,
    /// The source's own session, to be ended with ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_session: Option<String>,
    /// What the source calls the person when a session ends, where that is not its subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_name: Option<String>,
    /// The latest instant until which the source vouches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

impl AuthenticationEvent {
    /// Whether the proof meets the context `acr`.
    #[must_use]
    pub fn meets(&self, acr: &Acr) -> bool {
        acr.demands().is_some_and(|needed| self.assurance >= needed)
    }
}
