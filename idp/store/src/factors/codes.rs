//! Writing the authenticator app and the recovery codes. A step and a code are used up once.

use std::collections::HashSet;

use idp_domain::{AccountId, FactorKind, Lifetime, Timestamp};

use super::{
    act::{PutRecoveryCodes, PutTotp, RemoveTotp, UseRecoveryCode, UseTotpStep},
    reset::{For, begin_epoch, follow_epoch, hold, revoked_since},
};
use crate::{
    db::{Conn, Many},
    grants::Revoking,
    journal::{Outcome, Picked, WriteError},
    revocations::{RevokedKind, proofs_of},
};

/// Enrols an authenticator app in the place of another, unless the factors have changed since.
pub(crate) async fn put_totp(
    conn: &mut Conn,
    act: &PutTotp,
    revoking: &mut Revoking,
) -> Result<Outcome, WriteError> {
    if !hold(conn, &act.account, For::Live, act.now).await? {
        return Ok(Outcome::Unknown);
    }
    if revoked_since(conn, &act.account, act.since).await? {
        return Ok(Outcome::Overtaken);
    }
    let before = has_app(conn, &act.account).await?;
    let mut args = conn.args();
    args.text(act.account.as_str()).bytes(&act.sealed).int(number(act.step)).int(act.now.seconds());
    let sql = "update factors set totp = $2, totp_step = $3, totp_at = $4, must_enrol = false \
               where account = $1";
    conn.execute(sql, args).await?;
    if !follow_epoch(conn, &act.account, act.epoch, act.now).await? {
        return Ok(Outcome::Overtaken);
    }
    if before {
        // The first code of the new one proves it in this very second.
        take_back(&act.account, act.now.minus(Lifetime::seconds(1)), act.until, revoking);
    }
    Ok(Outcome::Done)
}

static USE: Many = Many::new(
    "with used (account_id, step) as (values",
    2,
    ") update factors set totp_step = used.step from used \
     where account = used.account_id and totp is not null and totp_step < used.step \
     returning account",
);

static KNOWN: Many = Many::new(
    "with used (account_id) as (values",
    1,
    ") select account from used join factors on account = used.account_id \
     where totp is not null",
);

/// Uses up steps, with those before them.
pub(crate) async fn use_totp_steps(
    conn: &mut Conn,
    acts: &[Picked<'_, UseTotpStep>],
    outcomes: &mut [Outcome],
) -> Result<(), WriteError> {
    let rows = USE
        .fetch(conn, "factors", acts, |args, (_, act)| {
            args.text(act.account.as_str()).int(number(act.step));
        })
        .await?;
    let won = rows.iter().map(|row| row.text(0)).collect::<Result<HashSet<_>, _>>()?;
    let rest = acts.iter().filter(|(_, act)| !won.contains(act.account.as_str()));
    let rest = rest.collect::<Vec<_>>();
    let rows = KNOWN
        .fetch(conn, "factors", &rest, |args, (_, act)| {
            args.text(act.account.as_str());
        })
        .await?;
    let known = rows.iter().map(|row| row.text(0)).collect::<Result<HashSet<_>, _>>()?;
    for (place, act) in rest {
        let is_known = known.contains(act.account.as_str());
        if let Some(outcome) = outcomes.get_mut(*place) {
            *outcome = if is_known { Outcome::Used } else { Outcome::Unknown };
        }
    }
    Ok(())
}

/// A step as the database holds it; no clock ever reaches the bound.
fn number(step: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}

/// Removes the authenticator app, unless it is the last factor and must stay.
pub(crate) async fn remove_totp(
    conn: &mut Conn,
    act: &RemoveTotp,
    revoking: &mut Revoking,
) -> Result<Outcome, WriteError> {
    let known = hold(conn, &act.account, For::Any, act.now).await?;
    if !known || !has_app(conn, &act.account).await? {
        return Ok(Outcome::Unknown);
    }
    let mut args = conn.args();
    args.text(act.account.as_str()).bool(act.must_keep_one);
    let sql = "update factors set totp = null, totp_step = null, totp_at = null \
               where account = $1 and (not $2 \
               or exists (select 1 from passkeys where passkeys.account = $1))";
    if conn.execute(sql, args).await? == 0 {
        return Ok(Outcome::Conflict);
    }
    begin_epoch(conn, &act.account, act.now).await?;
    take_back(&act.account, act.now, act.until, revoking);
    Ok(Outcome::Done)
}

async fn has_app(conn: &mut Conn, account: &AccountId) -> Result<bool, WriteError> {
    let mut args = conn.args();
    args.text(account.as_str());
    let sql = "select 1 from factors where account = $1 and totp is not null";
    Ok(!conn.fetch("factors", sql, args).await?.is_empty())
}

/// What was proven by the app until `at` counts no more, and neither do devices that stood for it.
fn take_back(account: &AccountId, at: Timestamp, until: Timestamp, revoking: &mut Revoking) {
    for factor in [FactorKind::Totp, FactorKind::Device] {
        revoking.tell(RevokedKind::Proof, &proofs_of(account, factor, ""), at, until);
    }
}

static CODES: Many =
    Many::new("insert into recovery_codes (account, hash) values", 2, "on conflict do nothing");

/// Replaces the set of recovery codes, unless the factors have changed since.
pub(crate) async fn put_codes(
    conn: &mut Conn,
    act: &PutRecoveryCodes,
) -> Result<Outcome, WriteError> {
    if !hold(conn, &act.account, For::Live, act.now).await? {
        return Ok(Outcome::Unknown);
    }
    let mut args = conn.args();
    args.text(act.account.as_str());
    conn.execute("delete from recovery_codes where account = $1", args).await?;
    CODES
        .fetch(conn, "recovery_codes", &act.hashes, |args, hash| {
            args.text(act.account.as_str()).bytes(hash);
        })
        .await?;
    let follows = follow_epoch(conn, &act.account, act.epoch, act.now).await?;
    Ok(if follows { Outcome::Done } else { Outcome::Overtaken })
}

/// Uses up a recovery code.
pub(crate) async fn use_code(
    conn: &mut Conn,
    act: &UseRecoveryCode,
) -> Result<Outcome, WriteError> {
    let mut args = conn.args();
    args.text(act.account.as_str()).bytes(&act.hash).int(act.now.seconds());
    let sql = "update recovery_codes set used_at = $3 \
               where account = $1 and hash = $2 and used_at is null returning hash";
    if !conn.fetch("recovery_codes", sql, args).await?.is_empty() {
        return Ok(Outcome::Done);
    }
    let mut args = conn.args();
    args.text(act.account.as_str()).bytes(&act.hash);
    let sql = "select 1 from recovery_codes where account = $1 and hash = $2";
    let known = conn.fetch("recovery_codes", sql, args).await?;
    Ok(if known.is_empty() { Outcome::Unknown } else { Outcome::Used })
}
