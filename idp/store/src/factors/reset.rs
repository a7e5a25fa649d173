//! The row of an account that its changes wait for, and removing everything at once.

use idp_domain::{AccountId, Timestamp};

use super::act::ResetFactors;
use crate::{
    db::{Conn, Many},
    journal::{Outcome, WriteError},
};

/// Which accounts a change is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// One that may sign in.
    Live,
    /// Any one.
    Any,
}

/// Holds the row of `account` until the commit, and makes it if there is none. Says whether there
/// is such an account.
pub(super) async fn hold(
    conn: &mut Conn,
    account: &AccountId,
    which: For,
    now: Timestamp,
) -> Result<bool, WriteError> {
    let sql = "insert into factors (account, epoch, must_enrol, changed_at) \
               select id, 0, false, $3 from accounts where id = $1 and (not disabled or $2) \
               on conflict (account) do update set epoch = factors.epoch returning epoch";
    let mut args = conn.args();
    args.text(account.as_str()).bool(which == For::Any).int(now.seconds());
    Ok(!conn.fetch("factors", sql, args).await?.is_empty())
}

/// Whether `account` was revoked at `since` or later. A node may not have heard of it yet.
pub(super) async fn revoked_since(
    conn: &mut Conn,
    account: &AccountId,
    since: Timestamp,
) -> Result<bool, WriteError> {
    let sql = "select 1 from revocations where kind = 'account' and key = $1 and at >= $2";
    let mut args = conn.args();
    args.text(account.as_str()).int(since.seconds());
    Ok(!conn.fetch("revocations", sql, args).await?.is_empty())
}

/// Begins a new epoch: devices that were remembered before are not remembered any more.
pub(crate) async fn begin_epoch(
    conn: &mut Conn,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), WriteError> {
    let sql = "update factors set epoch = epoch + 1, changed_at = $2 where account = $1";
    let mut args = conn.args();
    args.text(account.as_str()).int(now.seconds());
    conn.execute(sql, args).await?;
    Ok(())
}

/// The same, unless another epoch has begun since `before`: what was decided on the factors of
/// then must not be done to others. Says whether it has not.
pub(super) async fn follow_epoch(
    conn: &mut Conn,
    account: &AccountId,
    before: i64,
    now: Timestamp,
) -> Result<bool, WriteError> {
    let sql = "update factors set epoch = epoch + 1, changed_at = $2 \
               where account = $1 and epoch = $3";
    let mut args = conn.args();
    args.text(account.as_str()).int(now.seconds()).int(before);
    Ok(conn.execute(sql, args).await? > 0)
}

/// Removes everything.
pub(crate) async fn reset(conn: &mut Conn, act: &ResetFactors) -> Result<Outcome, WriteError> {
    if !hold(conn, &act.account, For::Any, act.now).await? {
        return Ok(Outcome::Unknown);
    }
    for sql in [
        "delete from passkeys where account = $1",
        "delete from recovery_codes where account = $1",
        "delete from access_passes where account = $1",
        "delete from devices where account = $1",
    ] {
        let mut args = conn.args();
        args.text(act.account.as_str());
        conn.execute(sql, args).await?;
    }
    let sql = "update factors set totp = null, totp_step = null, totp_at = null, must_enrol = $2 \
               where account = $1";
    let mut args = conn.args();
    args.text(act.account.as_str()).bool(act.must_enrol);
    conn.execute(sql, args).await?;
    begin_epoch(conn, &act.account, act.now).await?;
    Ok(Outcome::Done)
}

static LAST_EPOCH: Many = Many::new(
    "with disabling (account_id, now) as (values",
    2,
    ") update factors set epoch = epoch + 1, changed_at = disabling.now from disabling \
     where account = disabling.account_id",
);

static VOID: Many = Many::new(
    "with disabling (account_id) as (values",
    1,
    ") delete from access_passes where used_at is null \
     and account in (select account_id from disabling)",
);

/// Whoever is disabled keeps the factors, and loses what opens anything without them.
pub(crate) async fn disown(
    conn: &mut Conn,
    accounts: impl Iterator<Item = (&AccountId, Timestamp)>,
) -> Result<(), WriteError> {
    let accounts = accounts.collect::<Vec<_>>();
    LAST_EPOCH
        .fetch(conn, "factors", &accounts, |args, (account, now)| {
            args.text(account.as_str()).int(now.seconds());
        })
        .await?;
    VOID.fetch(conn, "access_passes", &accounts, |args, (account, _)| {
        args.text(account.as_str());
    })
    .await?;
    Ok(())
}
