//! Authentication events: who proved what, where and when.

use serde::{Deserialize, Serialize};

use crate::{
    Acr, AgencyId, Amr, Assurance, Identity, Timestamp,
    assurance::Worth,
    trust::{Credit, Says},
};

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
    /// Whether it is believed that the person used something that resists phishing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub phishing_resistant: bool,
    /// The word of the source that the credit rests on, where it is worth more than one factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credited_by: Option<Says>,
    /// Until when it is worth more than one factor, or was; none: as long as the session lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credited_until: Option<Timestamp>,
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
    /// What the source's word is worth at `now`.
    #[must_use]
    pub fn worth(&self, now: Timestamp) -> Worth {
        if self.credited_until.is_some_and(|until| now >= until) {
            return Worth::ONE_FACTOR;
        }
        Worth { assurance: self.assurance, phishing_resistant: self.phishing_resistant }
    }

    /// Writes down what the source's word is worth here.
    pub fn credit(&mut self, credit: &Credit) {
        self.assurance = credit.worth.assurance;
        self.phishing_resistant = credit.worth.phishing_resistant;
        self.credited_by.clone_from(&credit.by);
        self.credited_until = credit.until;
    }

    /// Takes back what the source's word is worth beyond one factor.
    pub fn discredit(&mut self) {
        if !Worth::ONE_FACTOR.meets(self.worth(self.received_at)) {
            self.credited_until = Some(self.received_at);
        }
    }
}
