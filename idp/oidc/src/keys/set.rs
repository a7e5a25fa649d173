//! All keys of the house at one time: who signs, who is published, who verifies.
//!
//! The state of a key follows from instants that were written down when it was made, so every
//! node that has read the same records switches keys in the same second, and nobody gives a sign.

use std::sync::Arc;

use idp_domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

use super::{SigningAlg, SigningKey};

/// A signing key and its times.
#[derive(Debug, Clone)]
pub struct KeyRecord {
    /// The key.
    pub key: Arc<SigningKey>,
    /// When it was first published.
    pub published_at: Timestamp,
    /// From when on it signs.
    pub signs_from: Timestamp,
    /// When it was stopped without a successor. A successor ends it without this.
    pub stopped_at: Option<Timestamp>,
}

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// Published, so that everybody knows it when it begins to sign.
    Next,
    /// Signs.
    Active,
    /// Signs no more, and stays published for what it signed.
    Retired,
}

/// Why records are no set.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeySetError {
    /// Two records hold the same key.
    #[error("the key {kid} is stored twice")]
    Repeated {
        /// Its name.
        kid: String,
    },
}

/// The keys of the house. Made anew whenever a record changes, and shared by all requests.
#[derive(Debug, Clone)]
pub struct KeySet {
    /// By algorithm, and by the time from which they sign.
    records: Vec<KeyRecord>,
    jwks: Arc<str>,
}

impl KeySet {
    /// The set of these keys.
    pub fn new(mut records: Vec<KeyRecord>) -> Result<Self, KeySetError> {
        // The kid decides between keys of one instant, so that all nodes choose the same.
        records.sort_by(|a, b| order(a).cmp(&order(b)));
        let mut kids: Vec<&str> = records.iter().map(|record| record.key.kid()).collect();
        kids.sort_unstable();
        if let Some([kid, _]) = kids.array_windows().find(|[one, other]| one == other) {
            return Err(KeySetError::Repeated { kid: (*kid).to_owned() });
        }
        let keys: Vec<Value> = records
            .iter()
            .map(|KeyRecord { key, .. }| key.public().to_jwk(key.kid(), key.alg()).into())
            .collect();
        let jwks = json!({ "keys": keys }).to_string().into();
        Ok(Self { records, jwks })
    }

    /// The key that signs with `alg` at `now`.
    #[must_use]
    pub fn signer(&self, alg: SigningAlg, now: Timestamp) -> Option<&SigningKey> {
        self.records
            .iter()
            .rfind(|record| record.key.alg() == alg && self.state(record, now) == KeyState::Active)
            .map(|record| record.key.as_ref())
    }

    /// The algorithms that a key signs with at `now`, for discovery.
    pub fn algs(&self, now: Timestamp) -> impl Iterator<Item = SigningAlg> {
        SigningAlg::ALL.into_iter().filter(move |alg| self.signer(*alg, now).is_some())
    }

    /// The published key of that name.
    #[must_use]
    pub fn find(&self, kid: &str) -> Option<&SigningKey> {
        self.records.iter().map(|record| record.key.as_ref()).find(|key| key.kid() == kid)
    }

    /// The published set as JSON (RFC 7517): the next, the active and the retired keys.
    #[must_use]
    pub fn jwks(&self) -> Arc<str> {
        Arc::clone(&self.jwks)
    }

    /// All keys with their states at `now`.
    pub fn states(&self, now: Timestamp) -> impl Iterator<Item = (&KeyRecord, KeyState)> {
        self.records.iter().map(move |record| (record, self.state(record, now)))
    }

    /// When `record` signs for the last time, as far as is known.
    pub(super) fn end(&self, record: &KeyRecord) -> Option<Timestamp> {
        let successor = self
            .records
            .iter()
            .find(|later| later.key.alg() == record.key.alg() && order(later) > order(record))
            .map(|later| later.signs_from);
        match (successor, record.stopped_at) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    fn state(&self, record: &KeyRecord, now: Timestamp) -> KeyState {
        if self.end(record).is_some_and(|end| end <= now) {
            KeyState::Retired
        } else if record.signs_from <= now {
            KeyState::Active
        } else {
            KeyState::Next
        }
    }
}

fn order(record: &KeyRecord) -> (SigningAlg, Timestamp, &str) {
    (record.key.alg(), record.signs_from, record.key.kid())
}

#[cfg(test)]
mod tests;
