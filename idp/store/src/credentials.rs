//! Local accounts: partners whose passwords the broker itself keeps.

use idp_domain::{AttributeSet, SourceId, Timestamp, identity::SourceSubject};

use crate::{
    db::{Conn, Db, Row},
    error::StoreError,
    journal::{Outcome, WriteError},
};

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
                   updated_at from local_accounts where source = $1 and username = $2";
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
                   updated_at from local_accounts where source = $1 and subject = $2";
        let row = self.db.read_one("local_accounts", sql, |args| {
            args.text(source.as_str()).text(subject.as_str());
        });
        row.await?.map(|row| local_account(&row, source)).transpose()
    }

    /// All accounts of `source`, in the order of their names.
    pub async fn load(&self, source: &SourceId) -> Result<Vec<LocalAccount>, StoreError> {
        let sql = "select username, subject, password_hash, disabled, attributes, version, \
                   updated_at from local_accounts where source = $1 order by username";
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
    })
}

/// Writes a local account, if it is still at the version that is to be replaced.
pub(crate) async fn put(conn: &mut Conn, new: &NewLocalAccount) -> Result<Outcome, WriteError> {
    let mut args = conn.args();
    let attributes = serde_json::to_string(&new.attributes).unwrap_or_default();
    let sql = if new.replaces == 0 {
        args.text(new.source.as_str())
            .text(&new.username)
            .maybe_text(new.password_hash.as_deref())
            .bool(new.disabled)
            .text(&attributes)
            .int(new.now.seconds())
            .text(new.subject.as_str());
        "insert into local_accounts (source, username, password_hash, disabled, attributes, \
         updated_at, subject, version) values ($1, $2, $3, $4, $5, $6, $7, 1) \
         on conflict do nothing returning version"
    } else {
        args.text(new.source.as_str())
            .text(&new.username)
            .maybe_text(new.password_hash.as_deref())
            .bool(new.disabled)
            .text(&attributes)
            .int(new.now.seconds())
            .int(new.replaces);
        "update local_accounts set password_hash = $3, disabled = $4, attributes = $5, \
         updated_at = $6, version = version + 1 \
         where source = $1 and username = $2 and version = $7 returning version"
    };
    let rows = conn.fetch("local_accounts", sql, args).await?;
    Ok(if rows.is_empty() { Outcome::Conflict } else { Outcome::Done })
}

/// Replaces a password's hash, if the account has not changed since it was read.
pub(crate) async fn rehash(conn: &mut Conn, act: &Rehash) -> Result<Outcome, WriteError> {
    let mut args = conn.args();
    args.text(act.source.as_str())
        .text(&act.username)
        .text(&act.password_hash)
        .int(act.now.seconds())
        .int(act.version);
    let sql = "update local_accounts set password_hash = $3, updated_at = $4, \
               version = version + 1 \
               where source = $1 and username = $2 and version = $5 returning version";
    let rows = conn.fetch("local_accounts", sql, args).await?;
    Ok(if rows.is_empty() { Outcome::Conflict } else { Outcome::Done })
}
