//! What the FIDO Metadata Service says of models of authenticators (FIDO Metadata Service 3.0): read
//! from a file that the operator brings, for no request is made here.
//!
//! The file counts only with a signature that leads to the root that is configured, made by the name
//! that is configured: the root of the service signs for half of the web besides.

mod blob;
mod entry;

use std::collections::{BTreeMap, BTreeSet};

use idp_domain::Timestamp;
use thiserror::Error;

use super::credential::Aaguid;
use super::policy::TrustedModels;
use blob::verified;
use entry::{Entry, Payload};

/// The largest file that is read, in bytes: the service's own has about a tenth.
pub const MAX_BLOB: usize = 64 * 1024 * 1024;
/// Who signs the file of the FIDO Alliance.
pub const FIDO_SIGNER: &str = "mds.fidoalliance.org";
/// The longest name of a model that is kept, in characters.
const MAX_NAME: usize = 100;

/// Whose signature a metadata file needs.
#[derive(Debug, Clone)]
pub struct Publisher {
    /// The root certificate, in PEM or in DER.
    pub root: Vec<u8>,
    /// The host name in the certificate of the signer, [`FIDO_SIGNER`] as a rule.
    pub signer: String,
}

/// Why a metadata file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MdsError {
    /// The file is larger than [`MAX_BLOB`].
    #[error("the file is larger than {MAX_BLOB} bytes")]
    Oversized,
    /// It is no signed token, or the token says something else than the specification.
    #[error("{0}")]
    Malformed(&'static str),
    /// The root is no certificate.
    #[error("the root is no certificate in PEM or DER")]
    Root,
    /// The name of the signer is no host name.
    #[error("the signer is no host name")]
    Signer,
    /// The certificates in the file do not lead to the root, or are of another time or name.
    #[error("its certificates do not lead to the root that is configured: {0}")]
    Untrusted(String),
    /// The signature does not hold.
    #[error("its signature does not hold")]
    Signature,
}

/// The models that a metadata file tells of.
#[derive(Debug, Clone, Default)]
pub struct Models {
    number: u64,
    next_update: Option<Timestamp>,
    unreadable: usize,
    names: BTreeMap<Aaguid, String>,
    compromised: BTreeMap<Aaguid, &'static str>,
    trusted: TrustedModels,
}

impl Models {
    /// Reads the file `blob`, which `publisher` must have signed, at `now`. Revocation lists are not
    /// looked at.
    pub fn read(blob: &[u8], publisher: &Publisher, now: Timestamp) -> Result<Self, MdsError> {
        if blob.len() > MAX_BLOB {
            return Err(MdsError::Oversized);
        }
        let payload: Payload = serde_json::from_slice(&verified(blob, publisher, now)?)
            .map_err(|_| MdsError::Malformed("the payload is not what the specification says"))?;
        let next_update = entry::end_of_day(&payload.next_update);
        let next_update = next_update.ok_or(MdsError::Malformed("`nextUpdate` is no date"))?;
        let mut models =
            Self { number: payload.no, next_update: Some(next_update), ..Self::default() };
        for entry in payload.entries {
            match serde_json::from_value(entry) {
                Ok(entry) => models.take(&entry),
                Err(_) => models.unreadable += 1,
            }
        }
        Ok(models)
    }

    fn take(&mut self, entry: &Entry) {
        let Some(aaguid) = entry.aaguid().filter(|aaguid| !aaguid.is_unknown()) else { return };
        if let Some(status) = entry.compromise() {
            self.compromised.insert(aaguid, status);
        }
        let Some(statement) = &entry.metadata_statement else { return };
        let name = statement.description.chars().filter(|one| !one.is_control());
        self.names.insert(aaguid, name.take(MAX_NAME).collect());
        if statement.keeps_keys_in_hardware() {
            for root in &statement.attestation_root_certificates {
                // A root that cannot be read vouches for nobody.
                let _ = self.trusted.trust(aaguid, &as_pem(root));
            }
        }
    }

    /// The number of the file; each later one has a higher.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// When the publisher promised a newer file; none where there is no file.
    #[must_use]
    pub fn next_update(&self) -> Option<Timestamp> {
        self.next_update
    }

    /// How many entries could not be read: their makers are not trusted.
    #[must_use]
    pub fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// How many models have a name.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether no model is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// What its maker calls `model`.
    #[must_use]
    pub fn name(&self, model: Aaguid) -> Option<&str> {
        self.names.get(&model).map(String::as_str)
    }

    /// Why keys of `model` are worth nothing, in the service's own word; none if they are good.
    #[must_use]
    pub fn compromise(&self, model: Aaguid) -> Option<&'static str> {
        self.compromised.get(&model).copied()
    }

    /// The models of which a report says that their keys are worth nothing.
    pub(super) fn compromised(&self) -> BTreeSet<Aaguid> {
        self.compromised.keys().copied().collect()
    }

    /// The models that keep their keys in hardware, with the roots of their makers.
    pub(super) fn trusted(&self) -> &TrustedModels {
        &self.trusted
    }
}

/// A certificate in base64, as the service writes it, with the lines around it that PEM has.
fn as_pem(base64: &str) -> String {
    let digits: String = base64.split_ascii_whitespace().collect();
    let (lines, _) = digits.as_bytes().as_chunks::<64>();
    let rest = digits.get(lines.len() * 64..).unwrap_or_default();
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in lines {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    if !rest.is_empty() {
        pem.push_str(rest);
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}

#[cfg(test)]
mod tests;
