//! Grants: the lasting rights that codes and tokens come from.

use idp_domain::{AccountId, GrantId, RelyingPartyId, SessionId, Timestamp};

use crate::{
    db::{Db, Row},
    error::StoreError,
    journal::Hash,
};

mod open;
mod revoke;
mod rotate;

pub(crate) use open::open;
pub(crate) use revoke::{
    Revoking, disable_accounts, end_sessions, end_with_accounts, revoke, tell_grant,
};
pub(crate) use rotate::rotate;

/// A grant to be.
#[derive(Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// Its id.
    pub id: GrantId,
    /// Who may use it.
    pub relying_party: RelyingPartyId,
    /// Whose it is.
    pub account: AccountId,
    /// The session that it was opened in, if any.
    pub session: Option<SessionId>,
    /// Whether it ends with that session. An offline grant does not.
    pub bound: bool,
    /// When it is opened.
    pub created_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// What userinfo and refresh need, as JSON; opaque here.
    pub body: String,
}

impl std::fmt::Debug for NewGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The body holds attributes of a person.
        f.debug_struct("NewGrant").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A grant as it stands in the database.
#[derive(Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// Who may use it.
    pub relying_party: RelyingPartyId,
    /// Whose it is.
    pub account: AccountId,
    /// The session that it was opened in, if any.
    pub session: Option<SessionId>,
    /// Whether it ends with that session.
    pub bound: bool,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// What userinfo and refresh need, as JSON; opaque here.
    pub body: String,
}

impl std::fmt::Debug for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The body holds attributes of a person.
        f.debug_struct("Grant")
            .field("id", &self.id)
            .field("revoked_at", &self.revoked_at)
            .finish_non_exhaustive()
    }
}

impl Grant {
    /// Whether it holds at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// Reads grants. They are opened, rotated and revoked through the journal.
#[derive(Clone, Debug)]
pub struct Grants {
    db: Db,
}

/// A refresh token as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// Its grant.
    pub grant: Grant,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was exchanged, if it was.
    pub used_at: Option<Timestamp>,
}

impl Grants {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// The grant `id`.
    pub async fn find(&self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        let sql = "select id, relying_party, account, session, bound, created_at, expires_at, \
                   revoked_at, body from grants where id = $1";
        let row = self.db.read_one("grants", sql, |args| {
            args.text(id.as_str());
        });
        row.await?.as_ref().map(grant).transpose()
    }

    /// The grant that the code with this hash opened.
    pub async fn find_by_code(&self, code_hash: &Hash) -> Result<Option<Grant>, StoreError> {
        let sql = "select id, relying_party, account, session, bound, created_at, expires_at, \
                   revoked_at, body from grants where code_hash = $1";
        let row = self.db.read_one("grants", sql, |args| {
            args.bytes(code_hash);
        });
        row.await?.as_ref().map(grant).transpose()
    }

    /// The refresh token with this hash.
    pub async fn find_by_refresh_token(
        &self,
        hash: &Hash,
    ) -> Result<Option<RefreshToken>, StoreError> {
        let sql = "select g.id, g.relying_party, g.account, g.session, g.bound, g.created_at, \
                   g.expires_at, g.revoked_at, g.body, t.expires_at, t.used_at \
                   from refresh_tokens t join grants g on g.id = t.grant_id where t.hash = $1";
        let row = self.db.read_one("refresh_tokens", sql, |args| {
            args.bytes(hash);
        });
        let read = |row: Row| {
            Ok(RefreshToken {
                grant: grant(&row)?,
                expires_at: Timestamp::from_seconds(row.int(9)?),
                used_at: row.maybe_int(10)?.map(Timestamp::from_seconds),
            })
        };
        row.await?.map(read).transpose()
    }

    /// The grants of the account `id` that are neither revoked nor over at `now`, newest first.
    pub async fn of_account(
        &self,
        id: &AccountId,
        now: Timestamp,
    ) -> Result<Vec<Grant>, StoreError> {
        let sql = "select id, relying_party, account, session, bound, created_at, expires_at, \
                   revoked_at, body from grants \
                   where account = $1 and revoked_at is null and expires_at > $2 \
                   order by created_at desc, id";
        let rows = self.db.read("grants", sql, |args| {
            args.text(id.as_str()).int(now.seconds());
        });
        rows.await?.iter().map(grant).collect()
    }
}

/// A grant from the first nine columns of a row.
fn grant(row: &Row) -> Result<Grant, StoreError> {
    let id = row.text(0)?;
    let corrupt = || row.corrupt(id);
    Ok(Grant {
        id: id.parse().map_err(|_| corrupt())?,
        relying_party: row.text(1)?.parse().map_err(|_| corrupt())?,
        account: row.text(2)?.parse().map_err(|_| corrupt())?,
        session: row.maybe_text(3)?.map(str::parse).transpose().map_err(|_| corrupt())?,
        bound: row.bool(4)?,
        created_at: Timestamp::from_seconds(row.int(5)?),
        expires_at: Timestamp::from_seconds(row.int(6)?),
        revoked_at: row.maybe_int(7)?.map(Timestamp::from_seconds),
        body: row.text(8)?.to_owned(),
    })
}
