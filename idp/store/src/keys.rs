//! Keys at rest: sealed by the caller, with a state on which all nodes agree.

use idp_domain::Timestamp;

use crate::{
    db::{Conn, Db, Row},
    error::StoreError,
    journal::{Outcome, WriteError},
};

/// Where a key is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// Published, does not sign yet. At most one for each purpose and algorithm.
    Next,
    /// Signs. At most one for each purpose and algorithm.
    Active,
    /// Signs no more, still published until its last token has expired.
    Retired,
    /// No longer published.
    Gone,
}

/// A key as it stands in the database.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Its id.
    pub kid: String,
    /// What it is for, such as `oidc`.
    pub purpose: String,
    /// Its algorithm, such as `ES256`.
    pub alg: String,
    /// Where it is in its life.
    pub state: KeyState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it became active.
    pub active_from: Option<Timestamp>,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
    /// When it is, or was, no longer published.
    pub gone_at: Option<Timestamp>,
    /// The key itself, sealed.
    pub sealed: Vec<u8>,
    /// Counts the changes.
    pub version: i64,
}

/// A key to be brought in.
#[derive(Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Its id.
    pub kid: String,
    /// What it is for.
    pub purpose: String,
    /// Its algorithm.
    pub alg: String,
    /// The state that it begins in.
    pub state: KeyState,
    /// When it was made.
    pub created_at: Timestamp,
    /// The key itself, sealed.
    pub sealed: Vec<u8>,
}

/// A key's way from one state to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChange {
    /// Which key.
    pub kid: String,
    /// The version that was read.
    pub version: i64,
    /// The state that it goes to.
    pub to: KeyState,
    /// The time.
    pub now: Timestamp,
    /// When it is to be no longer published, if that is known.
    pub gone_at: Option<Timestamp>,
}

macro_rules! ids_only {
    ($($type:ident),*) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($type))
                    .field("kid", &self.kid)
                    .field("state", &self.state)
                    .finish_non_exhaustive()
            }
        }
    )*};
}
ids_only!(StoredKey, NewKey);

/// Reads keys. They are changed through the journal.
#[derive(Clone, Debug)]
pub struct Keys {
    db: Db,
}

impl KeyState {
    /// Its stable name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Gone => "gone",
        }
    }

    fn read(text: &str) -> Option<Self> {
        [Self::Next, Self::Active, Self::Retired, Self::Gone]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

impl Keys {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// All keys that are not gone, oldest first.
    pub async fn load(&self) -> Result<Vec<StoredKey>, StoreError> {
        let sql = "select kid, purpose, alg, state, created_at, active_from, retired_at, \
                   gone_at, sealed, version from keys where state <> 'gone' \
                   order by created_at, kid";
        self.db.read("keys", sql, |_| {}).await?.iter().map(stored_key).collect()
    }
}

fn stored_key(row: &Row) -> Result<StoredKey, StoreError> {
    let kid = row.text(0)?;
    let instant = |column| Ok(row.maybe_int(column)?.map(Timestamp::from_seconds));
    Ok(StoredKey {
        kid: kid.to_owned(),
        purpose: row.text(1)?.to_owned(),
        alg: row.text(2)?.to_owned(),
        state: KeyState::read(row.text(3)?).ok_or_else(|| row.corrupt(kid))?,
        created_at: Timestamp::from_seconds(row.int(4)?),
        active_from: instant(5)?,
        retired_at: instant(6)?,
        gone_at: instant(7)?,
        sealed: row.bytes(8)?.to_owned(),
        version: row.int(9)?,
    })
}

/// Brings a key in, unless its place is taken.
pub(crate) async fn insert(conn: &mut Conn, key: &NewKey) -> Result<Outcome, WriteError> {
    let mut args = conn.args();
    let active_from = (key.state == KeyState::Active).then(|| key.created_at.seconds());
    args.text(&key.kid)
        .text(&key.purpose)
        .text(&key.alg)
        .text(key.state.as_str())
        .int(key.created_at.seconds())
        .maybe_int(active_from)
        .bytes(&key.sealed);
    let sql = "insert into keys (kid, purpose, alg, state, created_at, active_from, sealed, \
               version) values ($1, $2, $3, $4, $5, $6, $7, 1) \
               on conflict do nothing returning kid";
    if conn.fetch("keys", sql, args).await?.is_empty() {
        return Ok(Outcome::Conflict);
    }
    count(conn).await?;
    Ok(Outcome::Done)
}

/// Moves keys from state to state, all or none.
pub(crate) async fn change(conn: &mut Conn, changes: &[KeyChange]) -> Result<Outcome, WriteError> {
    // A place must be left before another key can take it.
    let mut changes = changes.iter().collect::<Vec<_>>();
    changes.sort_by_key(|change| match change.to {
        KeyState::Gone => 0,
        KeyState::Retired => 1,
        KeyState::Active => 2,
        KeyState::Next => 3,
    });
    conn.execute("savepoint keys", conn.args()).await?;
    for change in changes {
        if !change_one(conn, change).await? {
            conn.execute("rollback to savepoint keys", conn.args()).await?;
            return Ok(Outcome::Conflict);
        }
    }
    count(conn).await?;
    Ok(Outcome::Done)
}

async fn change_one(conn: &mut Conn, change: &KeyChange) -> Result<bool, WriteError> {
    let mut args = conn.args();
    let at = |state| (change.to == state).then(|| change.now.seconds());
    args.text(&change.kid)
        .int(change.version)
        .text(change.to.as_str())
        .maybe_int(at(KeyState::Active))
        .maybe_int(at(KeyState::Retired))
        .maybe_int(change.gone_at.map(Timestamp::seconds).or(at(KeyState::Gone)));
    let sql = "update keys set state = $3, version = version + 1, \
               active_from = coalesce($4, active_from), \
               retired_at = coalesce($5, retired_at), gone_at = coalesce($6, gone_at) \
               where kid = $1 and version = $2 and ($3 not in ('next', 'active') or not exists \
               (select 1 from keys as other where other.purpose = keys.purpose \
               and other.alg = keys.alg and other.state = $3 and other.kid <> keys.kid)) \
               returning kid";
    Ok(!conn.fetch("keys", sql, args).await?.is_empty())
}

async fn count(conn: &mut Conn) -> Result<(), WriteError> {
    conn.execute("update counters set value = value + 1 where name = 'keys'", conn.args()).await?;
    Ok(())
}
