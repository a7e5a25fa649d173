//! What a person can prove here, as it is kept: passkeys, an authenticator app, recovery codes.
//!
//! Bodies, hashes and sealed secrets are made and read by others. Of all who use up one thing at
//! the same time, on whatever node, one succeeds.

pub mod act;
mod codes;
pub mod passes;
mod passkeys;
mod reset;
mod write;

use idp_domain::{AccountId, Timestamp};

pub(crate) use codes::use_totp_steps;
pub(crate) use passkeys::use_all as use_passkeys;
pub(crate) use reset::{begin_epoch, disown};
pub(crate) use write::{account_of, write};

use crate::{
    db::{Db, Row},
    error::StoreError,
    journal::Hash,
};

/// What is kept of an account's factors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFactors {
    /// When the account was made.
    pub created_at: Timestamp,
    /// What authenticators know the account by; none before the first passkey. Never changes.
    pub handle: Option<Vec<u8>>,
    /// Its passkeys, oldest first.
    pub passkeys: Vec<StoredPasskey>,
    /// Its authenticator app.
    pub totp: Option<StoredTotp>,
    /// Its set of recovery codes, in no order that means anything.
    pub recovery: Vec<StoredCode>,
    /// Counts the changes of its factors; a device is remembered in one epoch only.
    pub epoch: i64,
    /// Whether the person has to enrol anew, because somebody reported the old factors.
    pub must_enrol: bool,
}

/// A passkey as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPasskey {
    /// What its authenticator calls it.
    pub id: Vec<u8>,
    /// What its owner calls it now; `body` knows what that was at first.
    pub name: String,
    /// The record as JSON.
    pub body: String,
    /// The signature counter at the last proof.
    pub counter: u32,
}

/// An authenticator app as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTotp {
    /// The secret, sealed by whoever enrolled it.
    pub sealed: Vec<u8>,
    /// The last step whose code was accepted: no code of it or of an earlier one is.
    pub last_step: u64,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
}

/// A recovery code as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredCode {
    /// Its hash.
    pub hash: Hash,
    /// Whether it was used.
    pub used: bool,
}

/// Reads factors. They are written through the journal. Cheap to clone.
#[derive(Clone, Debug)]
pub struct FactorTables {
    db: Db,
}

/// One statement, so that what is read belongs together.
const OF: &str = "select cast(0 as bigint) as part, f.handle, f.totp, null as name, null as body, \
     f.totp_step, a.created_at, coalesce(f.must_enrol, false), f.epoch, f.totp_at \
     from accounts a left join factors f on f.account = a.id where a.id = $1 \
     union all select 1, id, null, name, body, counter, created_at, false, null, null \
     from passkeys where account = $1 \
     union all select 2, hash, null, null, null, null, null, used_at is not null, null, null \
     from recovery_codes where account = $1 order by 1, 7, 2";

impl FactorTables {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// What `account` has; none if there is no such account.
    pub async fn of(&self, account: &AccountId) -> Result<Option<AccountFactors>, StoreError> {
        let rows = self.db.read("factors", OF, |args| {
            args.text(account.as_str());
        });
        let rows = rows.await?;
        let Some((first, rest)) = rows.split_first() else { return Ok(None) };
        let mut factors = account_row(first)?;
        for row in rest {
            if row.int(0)? == 1 {
                factors.passkeys.push(passkey(row, [1, 3, 4, 5])?);
            } else {
                factors.recovery.push(StoredCode { hash: row.hash(1)?, used: row.bool(7)? });
            }
        }
        Ok(Some(factors))
    }

    /// The passkey that its authenticator calls `id`, and whose it is.
    pub async fn by_credential(
        &self,
        id: &[u8],
    ) -> Result<Option<(AccountId, StoredPasskey)>, StoreError> {
        let sql = "select id, name, body, counter, account from passkeys where id = $1";
        let row = self.db.read_one("passkeys", sql, |args| {
            args.bytes(id);
        });
        let Some(row) = row.await? else { return Ok(None) };
        let account = row.text(4)?.parse().map_err(|_| row.corrupt("account"))?;
        Ok(Some((account, passkey(&row, [0, 1, 2, 3])?)))
    }

    /// The account that authenticators know by `handle`.
    pub async fn by_handle(&self, handle: &[u8]) -> Result<Option<AccountId>, StoreError> {
        let sql = "select account from factors where handle = $1";
        let row = self.db.read_one("factors", sql, |args| {
            args.bytes(handle);
        });
        let Some(row) = row.await? else { return Ok(None) };
        row.text(0)?.parse().map(Some).map_err(|_| row.corrupt("account"))
    }

    /// How many passkeys work for another relying party id than `site`: they would be dead there.
    pub async fn passkeys_elsewhere(&self, site: &str) -> Result<u64, StoreError> {
        let sql = "select count(*) from passkeys where site <> $1";
        let row = self.db.read_one("passkeys", sql, |args| {
            args.text(site);
        });
        let count = row.await?.map_or(Ok(0), |row| row.int(0))?;
        Ok(count.unsigned_abs())
    }
}

/// An account without passkeys and codes yet.
fn account_row(row: &Row) -> Result<AccountFactors, StoreError> {
    let totp = row.maybe_bytes(2)?.map(|sealed| {
        Ok::<_, StoreError>(StoredTotp {
            sealed: sealed.to_vec(),
            last_step: u64::try_from(row.int(5)?).map_err(|_| row.corrupt("totp_step"))?,
            enrolled_at: Timestamp::from_seconds(row.int(9)?),
        })
    });
    Ok(AccountFactors {
        created_at: Timestamp::from_seconds(row.int(6)?),
        handle: row.maybe_bytes(1)?.map(<[u8]>::to_vec),
        passkeys: Vec::new(),
        totp: totp.transpose()?,
        recovery: Vec::new(),
        epoch: row.maybe_int(8)?.unwrap_or(0),
        must_enrol: row.bool(7)?,
    })
}

/// A passkey whose id, name, body and counter stand in these columns.
fn passkey(row: &Row, columns: [usize; 4]) -> Result<StoredPasskey, StoreError> {
    let [id, name, body, counter] = columns;
    Ok(StoredPasskey {
        id: row.bytes(id)?.to_vec(),
        name: row.text(name)?.to_owned(),
        body: row.text(body)?.to_owned(),
        counter: u32::try_from(row.int(counter)?).map_err(|_| row.corrupt("counter"))?,
    })
}
