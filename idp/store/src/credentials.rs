//! Local accounts: partners whose passwords the broker itself keeps.

use aws_lc_rs::digest::{SHA256, digest};
use idp_domain::{AttributeSet, SourceId, Timestamp, identity::SourceSubject};

pub(crate) use write::{put, rehash};

use crate::{
    db::{Db, Row},
    error::StoreError,
};

mod write;

/// A local account as it stands in the database.
#[derive(Clone, PartialEq, Eq)]
pub struct LocalAccount {
    /// The source that it belongs to.
    pub source: SourceId,
    /// What the person types, in canonical form; compared byte for byte.
    pub username: String,
    /// The source's lasting name for the person; never reused.
    pub subject: SourceSubject,
    /// The password's hash in PHC format; none when the person has no password yet.
    pub password_hash: Option<String>,
    /// A disabled account signs in nowhere.
    pub disabled: bool,
    /// What the source says about the person.
    pub attributes: AttributeSet,
    /// Counts the changes.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
    given: Option<Vec<u8>>,
}

impl LocalAccount {
    /// Whether `phc` is the hash that an administrator gave last, though the same password may have
    /// been hashed anew since.
    #[must_use]
    pub fn was_given(&self, phc: &str) -> bool {
        self.given.as_deref() == Some(given(phc).as_slice())
    }
}

/// A local account to be written.
#[derive(Clone)]
pub struct NewLocalAccount {
    /// The source that it belongs to.
    pub source: SourceId,
    /// What the person types, in canonical form.
    pub username: String,
    /// The source's lasting name for the person; kept as it is when the account exists.
    pub subject: SourceSubject,
    /// The password's hash in PHC format; none when the person has no password yet.
    pub password_hash: Option<String>,
    /// A disabled account signs in nowhere.
    pub disabled: bool,
    /// What the source says about the person.
    pub attributes: AttributeSet,
    /// The version that is to be replaced; 0 when there must be none yet.
    pub replaces: i64,
    /// The time.
    pub now: Timestamp,
}

/// Replaces a password's hash, if the account has not changed since it was read.
#[derive(Clone)]
pub struct Rehash {
    /// The source that the account belongs to.
    pub source: SourceId,
    /// What the person types, in canonical form.
    pub username: String,
    /// The version that was read.
    pub version: i64,
    /// The new hash in PHC format.
    pub password_hash: String,
    /// The time.
    pub now: Timestamp,
}

macro_rules! names_only {
    ($($type:ident),*) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                // The rest is personal or secret.
                f.debug_struct(stringify!($type))
                    .field("source", &self.source)
                    .finish_non_exhaustive()
            }
        }
    )*};
}
names_only!(LocalAccount, NewLocalAccount, Rehash);

/// Reads local accounts. They are written through the journal.
#[derive(Clone, Debug)]
pub struct LocalAccounts {
    db: Db,
}

impl LocalAccounts {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// The account that a person of `source` names `username`.
    pub async fn find(
        &self,
        source: &SourceId,
        username: &str,
    ) -> Result<Option<LocalAccount>, StoreError> {
        if username.contains('\0') {
            return Ok(None);
        }
        let sql = "select username, subject, password_hash, disabled, attributes, version, \
                   updated_at, given from local_accounts where source = $1 and username = $2";
        let row = self.db.read_one("local_accounts", sql, |args| {
            args.text(source.as_str()).text(username);
        });
        row.await?.map(|row| local_account(&row, source)).transpose()
    }

    /// The account that `source` has under its lasting name for the person.
    pub async fn of_subject(
        &self,
        source: &SourceId,
        subject: &SourceSubject,
    ) -> Result<Option<LocalAccount>, StoreError> {
        let sql = "select username, subject, password_hash, disabled, attributes, version, \
                   updated_at, given from local_accounts where source = $1 and subject = $2";
        let row = self.db.read_one("local_accounts", sql, |args| {
            args.text(source.as_str()).text(subject.as_str());
        });
        row.await?.map(|row| local_account(&row, source)).transpose()
    }

    /// All accounts of `source`, in the order of their names.
    pub async fn load(&self, source: &SourceId) -> Result<Vec<LocalAccount>, StoreError> {
        let sql = "select username, subject, password_hash, disabled, attributes, version, \
                   updated_at, given from local_accounts where source = $1 order by username";
        let rows = self.db.read("local_accounts", sql, |args| {
            args.text(source.as_str());
        });
        rows.await?.iter().map(|row| local_account(row, source)).collect()
    }
}

fn local_account(row: &Row, source: &SourceId) -> Result<LocalAccount, StoreError> {
    let corrupt = || row.corrupt(source.as_str());
    Ok(LocalAccount {
        source: source.clone(),
        username: row.text(0)?.to_owned(),
        subject: SourceSubject::parse(row.text(1)?).map_err(|_| corrupt())?,
        password_hash: row.maybe_text(2)?.map(str::to_owned),
        disabled: row.bool(3)?,
        attributes: serde_json::from_str(row.text(4)?).map_err(|_| corrupt())?,
        version: row.int(5)?,
        updated_at: Timestamp::from_seconds(row.int(6)?),
        given: row.maybe_bytes(7)?.map(<[u8]>::to_vec),
    })
}

/// What is kept of a hash that an administrator gave: enough to know it again.
fn given(phc: &str) -> Vec<u8> {
    digest(&SHA256, phc.as_bytes()).as_ref().to_vec()
}
