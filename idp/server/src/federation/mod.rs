//! The federation: its file, its documents in the database, and what a node makes of them.
//!
//! | module | owns |
//! |---|---|
//! | [`file`] | the schema of the file and of the documents |
//! | [`read`], [`export`] | text in three formats, to and from the schema |
//! | [`parts`], [`saml`], [`trust`], [`factors`] | from an entry to what is served, or what is wrong with it |
//! | [`names`] | the names of peers, of which no two may look alike |
//! | [`desired`], [`plan`], [`apply`] | what a file wants, what that would change, the change itself |
//! | [`asked`] | who proves a second factor where, for a plan to say |
//! | [`registry`], [`own`] | the documents as a node serves them, and what is served besides |
//! | [`metadata`] | what peers publish: fetched in time, kept when good |

pub(crate) mod accounts;
pub(crate) mod apply;
mod asked;
pub(crate) mod conformance;
mod desired;
pub(crate) mod error;
pub(crate) mod export;
mod factors;
pub(crate) mod file;
pub(crate) mod metadata;
mod names;
pub(crate) mod own;
pub(crate) mod parts;
pub(crate) mod plan;
pub(crate) mod read;
pub(crate) mod registry;
pub(crate) mod saml;
mod secrets;
#[cfg(test)]
mod tests;
mod trust;

use std::{path::PathBuf, sync::Arc};

pub(crate) use apply::{ApplyError, Plan};
pub(crate) use error::FederationError;
use file::FederationFile;
use idp_domain::Timestamp;
use idp_factors::password::Hasher;
use idp_oidc::op::Surroundings;
use idp_sources::saml::Ours;
use idp_store::{Sealer, Store};
use url::Url;

/// What reading and changing the federation takes.
pub(crate) struct Context {
    /// The lasting memory, up to date.
    pub(crate) store: Store,
    /// Seals the secrets that we show to sources.
    pub(crate) sealer: Arc<Sealer>,
    /// Hashes the passwords of local accounts.
    pub(crate) hasher: Hasher,
    /// Our own name, without a slash at its end.
    pub(crate) issuer: String,
    /// Whether peers may be on loopback addresses.
    pub(crate) loopback_peers: bool,
    /// The time at which it began.
    pub(crate) now: Timestamp,
    /// The time of each write: hashing many passwords takes its time.
    pub(crate) clock: fn() -> Timestamp,
    /// Where relative paths of secrets start.
    pub(crate) config_folder: PathBuf,
}

impl Context {
    /// Makes the federation what `file` says; what it does not name goes only if `prune`.
    pub(crate) async fn apply(
        &self,
        file: FederationFile,
        prune: bool,
    ) -> Result<Plan, ApplyError> {
        apply::prepare(self, file, prune).await?.commit(self).await
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings { loopback_peers: self.loopback_peers }
    }

    /// Who we are to SAML peers, without keys: nothing is signed where entries are judged.
    fn ours(&self) -> Result<Ours, ApplyError> {
        let base_url = Url::parse(&self.issuer);
        Ok(Ours {
            base_url: base_url.map_err(|_| ApplyError::Issuer(self.issuer.clone()))?,
            keys: Arc::default(),
            book: Arc::default(),
            loopback_peers: self.loopback_peers,
        })
    }
}
