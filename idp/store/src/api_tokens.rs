//! Tokens of the administration API: who may call it, as what, and until when. What a role may do
//! is decided elsewhere.

use idp_domain::{AgencyId, Timestamp};

use crate::{
    db::{Conn, Db, Row},
    error::StoreError,
    journal::{Hash, Outcome, WriteError},
};

/// How exactly a token's last use is kept, in seconds: not every call has to be written.
const USED_TO_THE: i64 = 60;

/// Makes a token.
#[derive(Clone, Debug)]
pub struct PutApiToken {
    /// Its hash.
    pub hash: Hash,
    /// What it is called in the trail; no two tokens that are kept have one name.
    pub name: String,
    /// The name of its role.
    pub role: String,
    /// The agency that it is bound to, if it is.
    pub agency: Option<AgencyId>,
    /// Who makes it.
    pub created_by: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The time.
    pub now: Timestamp,
}

/// Records that a token is used.
#[derive(Clone, Copy, Debug)]
pub struct UseApiToken {
    /// Its hash.
    pub hash: Hash,
    /// The time.
    pub now: Timestamp,
}

/// Revokes a token.
#[derive(Clone, Debug)]
pub struct RevokeApiToken {
    /// What it is called.
    pub name: String,
    /// The time.
    pub now: Timestamp,
}

/// A token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredApiToken {
    /// What it is called in the trail.
    pub name: String,
    /// The name of its role.
    pub role: String,
    /// The agency that it is bound to, if it is.
    pub agency: Option<AgencyId>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
}

impl StoredApiToken {
    /// Whether it counts at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// Reads tokens. They are made, used and revoked through the journal. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ApiTokens {
    db: Db,
}

impl ApiTokens {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// The token with `hash`, whether it still counts or not.
    pub async fn find(&self, hash: &Hash) -> Result<Option<StoredApiToken>, StoreError> {
        let sql = "select name, role, agency, created_by, created_at, expires_at, revoked_at, \
                   used_at from api_tokens where hash = $1";
        let row = self.db.read_one("api_tokens", sql, |args| {
            args.bytes(hash);
        });
        row.await?.as_ref().map(token).transpose()
    }

    /// All tokens in the order of their names: those that are over for thirty days, too.
    pub async fn list(&self) -> Result<Vec<StoredApiToken>, StoreError> {
        let sql = "select name, role, agency, created_by, created_at, expires_at, revoked_at, \
                   used_at from api_tokens order by name";
        self.db.read("api_tokens", sql, |_| {}).await?.iter().map(token).collect()
    }
}

fn token(row: &Row) -> Result<StoredApiToken, StoreError> {
    let agency = row.maybe_text(2)?.map(str::parse).transpose();
    Ok(StoredApiToken {
        name: row.text(0)?.to_owned(),
        role: row.text(1)?.to_owned(),
        agency: agency.map_err(|_| row.corrupt("agency"))?,
        created_by: row.text(3)?.to_owned(),
        created_at: Timestamp::from_seconds(row.int(4)?),
        expires_at: Timestamp::from_seconds(row.int(5)?),
        revoked_at: row.maybe_int(6)?.map(Timestamp::from_seconds),
        used_at: row.maybe_int(7)?.map(Timestamp::from_seconds),
    })
}

/// Makes a token, unless its name is taken.
pub(crate) async fn put(conn: &mut Conn, act: &PutApiToken) -> Result<Outcome, WriteError> {
    let sql = "insert into api_tokens (hash, name, role, agency, created_by, created_at, \
               expires_at) values ($1, $2, $3, $4, $5, $6, $7) \
               on conflict do nothing returning name";
    let mut args = conn.args();
    args.bytes(&act.hash)
        .text(&act.name)
        .text(&act.role)
        .maybe_text(act.agency.as_ref().map(AgencyId::as_str))
        .text(&act.created_by)
        .int(act.now.seconds())
        .int(act.expires_at.seconds());
    let rows = conn.fetch("api_tokens", sql, args).await?;
    Ok(if rows.is_empty() { Outcome::Conflict } else { Outcome::Done })
}

/// Records that a token is used, and judges it.
pub(crate) async fn use_token(conn: &mut Conn, act: &UseApiToken) -> Result<Outcome, WriteError> {
    let mut args = conn.args();
    args.bytes(&act.hash).int(act.now.seconds()).int(USED_TO_THE);
    let sql = "update api_tokens set used_at = $2 where hash = $1 and revoked_at is null \
               and expires_at > $2 and (used_at is null or used_at <= $2 - $3)";
    conn.execute(sql, args).await?;
    let mut args = conn.args();
    args.bytes(&act.hash);
    let sql = "select expires_at, revoked_at from api_tokens where hash = $1";
    let rows = conn.fetch("api_tokens", sql, args).await?;
    let Some(row) = rows.first() else { return Ok(Outcome::Unknown) };
    Ok(if row.maybe_int(1)?.is_some() {
        Outcome::Revoked
    } else if act.now.seconds() >= row.int(0)? {
        Outcome::Expired
    } else {
        Outcome::Done
    })
}

/// Revokes a token.
pub(crate) async fn revoke(conn: &mut Conn, act: &RevokeApiToken) -> Result<Outcome, WriteError> {
    let sql = "update api_tokens set revoked_at = $2 where name = $1 and revoked_at is null";
    let mut args = conn.args();
    args.text(&act.name).int(act.now.seconds());
    if conn.execute(sql, args).await? > 0 {
        return Ok(Outcome::Done);
    }
    let mut args = conn.args();
    args.text(&act.name);
    let sql = "select 1 from api_tokens where name = $1";
    let known = conn.fetch("api_tokens", sql, args).await?;
    Ok(if known.is_empty() { Outcome::Unknown } else { Outcome::Revoked })
}
