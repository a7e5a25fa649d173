//! All keys of the house at one time: who signs, who is published, who verifies.

use std::sync::Arc;

use idp_domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

use super::{SigningAlg, SigningKey};

/// A signing key and where it is in its life.
#[derive(Debug, Clone)]
pub struct KeyRecord {
    /// The key.
    pub key: Arc<SigningKey>,
    /// Where it is.
    pub state: KeyState,
    /// Since when.
    pub since: Timestamp,
}

/// Where a key is in its life. All of these are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// Does not sign yet, so that everybody knows it when it begins to.
    Next,
    /// Signs.
    Active,
    /// Signs no more, and stays for what it signed.
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
    /// Two keys are to sign with one algorithm.
    #[error("two keys for {alg} are active")]
    TwoActive {
        /// The algorithm.
        alg: SigningAlg,
    },
}

/// The keys of the house. Made anew whenever a record changes, and shared by all requests.
#[derive(Debug, Clone)]
pub struct KeySet {
    /// By algorithm, then by state.
    records: Vec<KeyRecord>,
    jwks: Arc<str>,
}

impl KeySet {
    /// The set of these keys.
    pub fn new(mut records: Vec<KeyRecord>) -> Result<Self, KeySetError> {
        // In one order, so that all nodes publish the same bytes.
        records.sort_by(|a, b| order(a).cmp(&order(b)));
        let mut kids: Vec<&str> = records.iter().map(|record| record.key.kid()).collect();
        kids.sort_unstable();
        if let Some([kid, _]) = kids.array_windows().find(|[one, other]| one == other) {
            return Err(KeySetError::Repeated { kid: (*kid).to_owned() });
        }
        let active = |record: &KeyRecord| record.state == KeyState::Active;
        if let Some([two, _]) = records
            .array_windows()
            .find(|[one, other]| active(one) && active(other) && one.key.alg() == other.key.alg())
        {
            return Err(KeySetError::TwoActive { alg: two.key.alg() });
        }
        let keys: Vec<Value> = records
            .iter()
            .map(|KeyRecord { key, .. }| key.public().to_jwk(key.kid(), key.alg()).into())
            .collect();
        let jwks = json!({ "keys": keys }).to_string().into();
        Ok(Self { records, jwks })
    }

    /// The key that signs with `alg`.
    #[must_use]
    pub fn signer(&self, alg: SigningAlg) -> Option<&SigningKey> {
        self.record(alg, KeyState::Active).map(|record| record.key.as_ref())
    }

    /// The algorithms that a key signs with, for discovery.
    pub fn algs(&self) -> impl Iterator<Item = SigningAlg> {
        SigningAlg::ALL.into_iter().filter(|alg| self.signer(*alg).is_some())
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

    /// All keys, by algorithm and then by state.
    pub fn records(&self) -> &[KeyRecord] {
        &self.records
    }

    /// The key for `alg` that is in this state.
    pub(super) fn record(&self, alg: SigningAlg, state: KeyState) -> Option<&KeyRecord> {
        self.records.iter().find(|record| record.key.alg() == alg && record.state == state)
    }
}

fn order(record: &KeyRecord) -> (SigningAlg, KeyState, &str) {
    (record.key.alg(), record.state, record.key.kid())
}

#[cfg(test)]
mod tests;
