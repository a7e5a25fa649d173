//! The state of a login in progress: named by what it waits for.

use serde::{Deserialize, Serialize};

use super::AuthnRequest;
use crate::{
    AuthenticationEvent, Kept, Lifetime, RelyingPartyId, SourceId, Timestamp, TransactionId,
};

/// How long a person has for a login.
pub const LIFETIME: Lifetime = Lifetime::minutes(60);

/// How long a source has to send the browser back.
pub const SOURCE_LIFETIME: Lifetime = Lifetime::minutes(10);

/// One login in progress.
///
/// It belongs to the browser that started it: `binding` is the hash of a secret that only that
/// browser's cookie leads to. Its id stands in URLs and opens nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// Its name.
    pub id: TransactionId,
    /// The hash of the browser binding.
    pub binding: String,
    /// What was asked.
    pub request: AuthnRequest,
    /// When it began.
    pub started_at: Timestamp,
    /// What it waits for.
    pub awaiting: Awaiting,
    /// The source that was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<SourceId>,
    /// The proof that this login has brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Box<AuthenticationEvent>>,
    /// Whether the person consented to the release.
    #[serde(default)]
    pub consented: bool,
}

/// What a transaction waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaiting {
    /// The person's choice of an agency.
    SourceChoice,
    /// A source's answer.
    Source(AskedSource),
    /// The person's consent.
    Consent,
    /// Nothing yet: policy is to be asked.
    Decision,
}

/// A source that has been asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedSource {
    /// Which source.
    pub source: SourceId,
    /// What must come back with the browser.
    pub correlator: String,
    /// The connector's own memory.
    pub kept: Kept,
    /// Since when.
    pub since: Timestamp,
}

impl Transaction {
    /// A new login for `request`, bound to a browser.
    #[must_use]
    pub fn begin(request: AuthnRequest, random: [u8; 16], binding: String, now: Timestamp) -> Self {
        Self {
            id: TransactionId::for_relying_party(random, &request.relying_party),
            binding,
            request,
            started_at: now,
            awaiting: Awaiting::Decision,
            chosen: None,
            event: None,
            consented: false,
        }
    }

    /// Whether its time is up at `now`.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.started_at) > LIFETIME || now < self.started_at.minus(LIFETIME)
    }

    /// The relying party that asked.
    #[must_use]
    pub fn relying_party(&self) -> &RelyingPartyId {
        &self.request.relying_party
    }

    /// The person chose a source: whatever was proven elsewhere no longer counts.
    pub fn choose(&mut self, source: SourceId) {
        self.chosen = Some(source);
        self.event = None;
        self.consented = false;
        self.awaiting = Awaiting::Decision;
    }

    /// The person wants to choose again.
    pub fn reconsider(&mut self) {
        self.chosen = None;
        self.event = None;
        self.consented = false;
        self.awaiting = Awaiting::SourceChoice;
    }

    /// A source was asked and is to answer.
    pub fn ask(&mut self, source: SourceId, correlator: String, kept: Kept, now: Timestamp) {
        self.awaiting = Awaiting::Source(AskedSource { source, correlator, kept, since: now });
    }

    /// A source vouched. An answer from any source but the one that was asked does not get here.
    pub fn record(&mut self, event: AuthenticationEvent) {
        self.chosen = Some(event.identity.source.clone());
        self.event = Some(Box::new(event));
        self.awaiting = Awaiting::Decision;
    }

    /// The person consented.
    pub fn consent(&mut self) {
        self.consented = true;
        self.awaiting = Awaiting::Decision;
    }
}
