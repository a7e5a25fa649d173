//! The store: every lasting thing behind one handle.

use idp_domain::{Lifetime, Timestamp};

use crate::{
    accounts::Accounts,
    api_tokens::ApiTokens,
    audit::{Audit, Chain},
    credentials::LocalAccounts,
    db::Db,
    devices::Devices,
    error::StoreError,
    factors::{FactorTables, passes::AccessPasses},
    federation::Federation,
    grants::Grants,
    journal::{Act, Journal, Outcome, Unit},
    keys::Keys,
    letters::Letters,
    metadata::Metadata,
    revocations::Revocations,
    sessions::Sessions,
    switches::Switches,
};

/// The lasting memory of a node. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// The database itself.
    pub db: Db,
    /// Writes.
    pub journal: Journal,
    /// What is revoked.
    pub revocations: Revocations,
    /// People.
    pub accounts: Accounts,
    /// People whose passwords the broker itself keeps.
    pub local_accounts: LocalAccounts,
    /// Agencies, sources, relying parties, policy.
    pub federation: Federation,
    /// The lasting rights that codes and tokens come from.
    pub grants: Grants,
    /// Sessions by other names than their handles, and who was told of them.
    pub sessions: Sessions,
    /// What was put out of use.
    pub switches: Switches,
    /// What people can prove here.
    pub factors: FactorTables,
    /// What help desks gave to those who have lost every factor.
    pub access_passes: AccessPasses,
    /// Devices that stand for a factor.
    pub devices: Devices,
    /// Letters that wait to be sent.
    pub letters: Letters,
    /// Tokens of the administration API.
    pub api_tokens: ApiTokens,
    /// Keys, sealed.
    pub keys: Keys,
    /// The last good metadata of peers.
    pub metadata: Metadata,
    /// The trail.
    pub audit: Audit,
}

/// What a store has to know about the node that it is part of.
#[derive(Clone, Debug)]
pub struct Node {
    /// What the node is called in the trail.
    pub name: String,
    /// No access token lives longer than this: so long is a revoked grant remembered.
    pub token_lifetime: Lifetime,
    /// The time.
    pub now: Timestamp,
}

impl Store {
    /// The store over `db`, with its journal and its ear for revocations, both on the current
    /// runtime. The database may be away: then they wait for it.
    pub fn start(db: Db, node: &Node) -> Result<Self, StoreError> {
        let revocations = Revocations::start(db.clone());
        let chain = Chain::start(&node.name, node.now)?;
        let journal = Journal::start(db.clone(), chain, revocations.copy(), node.token_lifetime);
        Ok(Self {
            journal,
            revocations,
            accounts: Accounts::new(db.clone()),
            local_accounts: LocalAccounts::new(db.clone()),
            federation: Federation::new(db.clone()),
            grants: Grants::new(db.clone()),
            sessions: Sessions::new(db.clone()),
            switches: Switches::new(db.clone()),
            factors: FactorTables::new(db.clone()),
            access_passes: AccessPasses::new(db.clone()),
            devices: Devices::new(db.clone()),
            letters: Letters::new(db.clone()),
            api_tokens: ApiTokens::new(db.clone()),
            keys: Keys::new(db.clone()),
            metadata: Metadata::new(db.clone()),
            audit: Audit::new(db.clone()),
            db,
        })
    }

    /// Deletes what was over before `now`, in portions between which others can write. Returns
    /// how many rows went.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.revocations.forget(now);
        let mut total = 0;
        loop {
            let unit = Unit::new(Act::Sweep(now), Vec::new());
            match self.journal.commit(unit).await? {
                Outcome::Swept { rows } if rows > 0 => total += rows,
                _ => return Ok(total),
            }
        }
    }

    /// Writes what waits, then closes the database.
    pub async fn close(&self) {
        self.journal.close().await;
        self.db.close().await;
    }
}

#[cfg(test)]
mod tests;
