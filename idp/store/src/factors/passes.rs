//! Access passes: what a help desk gives to somebody who has lost every factor, and who approved
//! it. Each is used once; the latest of an account alone counts.

use idp_domain::{AccessPassId, AccountId, AgencyId, Timestamp};

use crate::{
    db::{Conn, Db, Row},
    error::StoreError,
    journal::{Hash, Outcome, WriteError},
    letters::SealedLetter,
};

/// Issues an access pass. Those of the account that were not used are void from then on.
#[derive(Clone, Debug)]
pub struct IssueAccessPass {
    /// Its id.
    pub pass: AccessPassId,
    /// Whose factors it opens.
    pub account: AccountId,
    /// Whose help desk issues it.
    pub agency: AgencyId,
    /// Its hash.
    pub hash: Hash,
    /// Why it is issued, in the help desk's words.
    pub reason: String,
    /// Who issues it.
    pub issued_by: String,
    /// Whether somebody else has to approve it first.
    pub needs_approval: bool,
    /// When it ends.
    pub expires_at: Timestamp,
    /// What the person is written about it.
    pub letters: Vec<SealedLetter>,
    /// The time.
    pub now: Timestamp,
}

/// Approves an access pass of somebody else.
#[derive(Clone, Debug)]
pub struct ApproveAccessPass {
    /// Which one.
    pub pass: AccessPassId,
    /// Who approves it.
    pub approved_by: String,
    /// What the person is written about it.
    pub letters: Vec<SealedLetter>,
    /// The time.
    pub now: Timestamp,
}

/// Uses up an access pass.
#[derive(Clone, Debug)]
pub struct UseAccessPass {
    /// Who uses it.
    pub account: AccountId,
    /// Its hash.
    pub hash: Hash,
    /// What the person is written about it.
    pub letters: Vec<SealedLetter>,
    /// The time.
    pub now: Timestamp,
}

/// An access pass as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPass {
    /// Its id.
    pub id: AccessPassId,
    /// Whose factors it opens.
    pub account: AccountId,
    /// Whose help desk issued it.
    pub agency: AgencyId,
    /// Its hash.
    pub hash: Hash,
    /// Why it was issued.
    pub reason: String,
    /// Who issued it.
    pub issued_by: String,
    /// When.
    pub issued_at: Timestamp,
    /// Whether it opens nothing before somebody else approves it.
    pub needs_approval: bool,
    /// Who approved it, and when.
    pub approved: Option<(String, Timestamp)>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

impl StoredPass {
    /// Whether it waits for somebody's approval.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.needs_approval && self.approved.is_none()
    }
}

/// Reads access passes. They are issued, approved and used through the journal. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AccessPasses {
    db: Db,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, account, agency, hash, reason, issued_by, issued_at, needs_approval, \
             approved_by, approved_at, expires_at, used_at from access_passes ",
            $rest
        )
    };
}

impl AccessPasses {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// The pass `id`.
    pub async fn find(&self, id: &AccessPassId) -> Result<Option<StoredPass>, StoreError> {
        let row = self.db.read_one("access_passes", select!("where id = $1"), |args| {
            args.text(id.as_str());
        });
        row.await?.as_ref().map(pass).transpose()
    }

    /// The passes of `account`, the latest first: used ones and those that are over for thirty
    /// days, too.
    pub async fn of(&self, account: &AccountId) -> Result<Vec<StoredPass>, StoreError> {
        let sql = select!("where account = $1 order by issued_at desc, id");
        let rows = self.db.read("access_passes", sql, |args| {
            args.text(account.as_str());
        });
        rows.await?.iter().map(pass).collect()
    }

    /// The passes that wait for an approval at `now`, the one that ends first at the beginning:
    /// those of `agency`, or of all.
    pub async fn pending(
        &self,
        agency: Option<&AgencyId>,
        now: Timestamp,
    ) -> Result<Vec<StoredPass>, StoreError> {
        let sql = select!(
            "where expires_at > $1 and needs_approval and approved_at is null \
             and used_at is null and ($2 = '' or agency = $2) order by expires_at, id"
        );
        let rows = self.db.read("access_passes", sql, |args| {
            args.int(now.seconds()).text(agency.map_or("", AgencyId::as_str));
        });
        rows.await?.iter().map(pass).collect()
    }
}

fn pass(row: &Row) -> Result<StoredPass, StoreError> {
    let approved = row.maybe_text(8)?.zip(row.maybe_int(9)?);
    Ok(StoredPass {
        id: row.text(0)?.parse().map_err(|_| row.corrupt("id"))?,
        account: row.text(1)?.parse().map_err(|_| row.corrupt("account"))?,
        agency: row.text(2)?.parse().map_err(|_| row.corrupt("agency"))?,
        hash: row.hash(3)?,
        reason: row.text(4)?.to_owned(),
        issued_by: row.text(5)?.to_owned(),
        issued_at: Timestamp::from_seconds(row.int(6)?),
        needs_approval: row.bool(7)?,
        approved: approved.map(|(by, at)| (by.to_owned(), Timestamp::from_seconds(at))),
        expires_at: Timestamp::from_seconds(row.int(10)?),
        used_at: row.maybe_int(11)?.map(Timestamp::from_seconds),
    })
}

/// Issues a pass, and voids those that it takes the place of.
pub(crate) async fn issue(conn: &mut Conn, act: &IssueAccessPass) -> Result<Outcome, WriteError> {
    // Held, lest two help desks issue at once and both passes count.
    if !super::reset::hold(conn, &act.account, super::reset::For::Live, act.now).await? {
        return Ok(Outcome::Unknown);
    }
    let mut args = conn.args();
    args.text(act.account.as_str());
    let sql = "delete from access_passes where account = $1 and used_at is null";
    conn.execute(sql, args).await?;
    let sql = "insert into access_passes (id, account, agency, hash, reason, issued_by, \
               issued_at, needs_approval, expires_at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let mut args = conn.args();
    args.text(act.pass.as_str())
        .text(act.account.as_str())
        .text(act.agency.as_str())
        .bytes(&act.hash)
        .text(&act.reason)
        .text(&act.issued_by)
        .int(act.now.seconds())
        .bool(act.needs_approval)
        .int(act.expires_at.seconds());
    conn.execute(sql, args).await?;
    Ok(Outcome::Done)
}

/// Approves a pass that somebody else issued.
pub(crate) async fn approve(
    conn: &mut Conn,
    act: &ApproveAccessPass,
) -> Result<Outcome, WriteError> {
    let sql = "update access_passes set approved_by = $2, approved_at = $3 \
               where id = $1 and issued_by <> $2 and needs_approval and approved_at is null \
               and used_at is null and expires_at > $3 returning id";
    let mut args = conn.args();
    args.text(act.pass.as_str()).text(&act.approved_by).int(act.now.seconds());
    if !conn.fetch("access_passes", sql, args).await?.is_empty() {
        return Ok(Outcome::Done);
    }
    let mut args = conn.args();
    args.text(act.pass.as_str());
    let rows = conn.fetch("access_passes", select!("where id = $1"), args).await?;
    let Some(row) = rows.first() else { return Ok(Outcome::Unknown) };
    Ok(why_not(&pass(row)?, act.now))
}

/// Uses up a pass.
pub(crate) async fn use_pass(conn: &mut Conn, act: &UseAccessPass) -> Result<Outcome, WriteError> {
    let sql = "update access_passes set used_at = $3 where hash = $1 and account = $2 \
               and used_at is null and expires_at > $3 \
               and (not needs_approval or approved_at is not null) \
               and exists (select 1 from accounts where accounts.id = $2 and not disabled) \
               returning id";
    let mut args = conn.args();
    args.bytes(&act.hash).text(act.account.as_str()).int(act.now.seconds());
    if !conn.fetch("access_passes", sql, args).await?.is_empty() {
        return Ok(Outcome::Done);
    }
    let sql = select!(
        "where hash = $1 and account = $2 \
         and exists (select 1 from accounts where accounts.id = $2 and not disabled)"
    );
    let mut args = conn.args();
    args.bytes(&act.hash).text(act.account.as_str());
    let rows = conn.fetch("access_passes", sql, args).await?;
    let Some(row) = rows.first() else { return Ok(Outcome::Unknown) };
    Ok(why_not(&pass(row)?, act.now))
}

/// Why a pass was neither approved nor used.
fn why_not(pass: &StoredPass, now: Timestamp) -> Outcome {
    if pass.used_at.is_some() {
        Outcome::Used
    } else if now >= pass.expires_at {
        Outcome::Expired
    } else {
        Outcome::Conflict
    }
}
