//! Writing remembered devices. Whoever shows a handle that was exchanged ends the device, but for
//! windows that show it at the same instant.

use std::collections::HashSet;

use idp_domain::{AccountId, FactorKind, Timestamp};

use super::{ForgetDevices, RememberDevice, RotateDevice, SAME_INSTANT, Which};
use crate::{
    db::{Conn, Many},
    grants::Revoking,
    journal::{Outcome, Picked, WriteError},
    revocations::{RevokedKind, proofs_of},
};

/// Remembers a device, unless the account's factors have changed since its own was proven.
pub(crate) async fn remember(conn: &mut Conn, act: &RememberDevice) -> Result<Outcome, WriteError> {
    let sql = "insert into devices (id, account, hash, epoch, factor, proven_at, label, \
               created_at, used_at, expires_at) \
               select $1, account, $2, epoch, $3, $4, $5, $6, $6, $7 from factors \
               where account = $8 and epoch = $9 \
               and exists (select 1 from accounts where id = $8 and not disabled) returning id";
    let mut args = conn.args();
    args.text(act.device.as_str())
        .bytes(&act.hash)
        .text(act.factor.as_str())
        .int(act.proven_at.seconds())
        .text(&act.label)
        .int(act.now.seconds())
        .int(act.expires_at.seconds())
        .text(act.account.as_str())
        .int(act.epoch);
    if !conn.fetch("devices", sql, args).await?.is_empty() {
        return Ok(Outcome::Done);
    }
    let sql = "select 1 from factors where account = $1 \
               and exists (select 1 from accounts where id = $1 and not disabled)";
    let mut args = conn.args();
    args.text(act.account.as_str());
    let known = conn.fetch("factors", sql, args).await?;
    Ok(if known.is_empty() { Outcome::Unknown } else { Outcome::Conflict })
}

// Whoever changes the hash has won.
static ROTATE: Many = Many::new(
    "with shown (device_id, account_id, old_hash, new_hash, now, place) as (values",
    6,
    ") update devices set hash = shown.new_hash, previous = shown.old_hash, \
     used_at = shown.now, used_from = shown.place from shown \
     where id = shown.device_id and account = shown.account_id and hash = shown.old_hash \
     and revoked_at is null and expires_at > shown.now \
     and epoch = (select f.epoch from factors f where f.account = shown.account_id) \
     returning id",
);

static KEEP: Many = Many::new("insert into past_devices (hash, device) values", 2, "");

/// Exchanges handles.
pub(crate) async fn rotate_all(
    conn: &mut Conn,
    acts: &[Picked<'_, RotateDevice>],
    outcomes: &mut [Outcome],
    revoking: &mut Revoking,
) -> Result<(), WriteError> {
    let rows = ROTATE
        .fetch(conn, "devices", acts, |args, (_, act)| {
            args.text(act.device.as_str())
                .text(act.account.as_str())
                .bytes(&act.old_hash)
                .bytes(&act.new_hash)
                .int(act.now.seconds())
                .bytes(&act.from);
        })
        .await?;
    let won = rows.iter().map(|row| row.text(0)).collect::<Result<HashSet<_>, _>>()?;
    let (winners, losers) =
        acts.iter().copied().partition::<Vec<_>, _>(|(_, act)| won.contains(act.device.as_str()));
    KEEP.fetch(conn, "past_devices", &winners, |args, (_, act)| {
        args.bytes(&act.old_hash).text(act.device.as_str());
    })
    .await?;
    for (place, act) in losers {
        let outcome = lost(conn, act).await?;
        if outcome == Outcome::DeviceReused {
            take_back(&act.account, act.device.as_str(), act.now, act.until, revoking);
        }
        if let Some(place) = outcomes.get_mut(place) {
            *place = outcome;
        }
    }
    Ok(())
}

/// Judges a handle that was not exchanged, and ends the device if it had been before.
async fn lost(conn: &mut Conn, act: &RotateDevice) -> Result<Outcome, WriteError> {
    if is_same_use(conn, act).await? {
        return Ok(Outcome::DeviceJustUsed);
    }
    let sql = "update devices set revoked_at = coalesce(revoked_at, $1) \
               where id = $2 and account = $3 \
               and exists (select 1 from past_devices where device = $2 and hash = $4) \
               returning id";
    let mut args = conn.args();
    args.int(act.now.seconds())
        .text(act.device.as_str())
        .text(act.account.as_str())
        .bytes(&act.old_hash);
    if !conn.fetch("devices", sql, args).await?.is_empty() {
        return Ok(Outcome::DeviceReused);
    }
    let sql = "select expires_at from devices where id = $1 and account = $2 and hash = $3";
    let mut args = conn.args();
    args.text(act.device.as_str()).text(act.account.as_str()).bytes(&act.old_hash);
    let rows = conn.fetch("devices", sql, args).await?;
    let Some(row) = rows.first() else { return Ok(Outcome::Unknown) };
    let over = act.now.seconds() >= row.int(0)?;
    Ok(if over { Outcome::Expired } else { Outcome::Revoked })
}

/// Whether the handle was exchanged at this instant by another window of the same browser. Nothing
/// older than the handle before the present one can have been.
async fn is_same_use(conn: &mut Conn, act: &RotateDevice) -> Result<bool, WriteError> {
    let sql = "select 1 from devices where id = $1 and account = $2 and previous = $3 \
               and used_from = $4 and used_at >= $5 and revoked_at is null and expires_at > $6 \
               and epoch = (select f.epoch from factors f where f.account = $2)";
    let mut args = conn.args();
    args.text(act.device.as_str())
        .text(act.account.as_str())
        .bytes(&act.old_hash)
        .bytes(&act.from)
        .int(act.now.minus(SAME_INSTANT).seconds())
        .int(act.now.seconds());
    Ok(!conn.fetch("devices", sql, args).await?.is_empty())
}

/// What a device stood for in sessions counts no more: whoever copied it may have begun one.
fn take_back(
    account: &AccountId,
    device: &str,
    now: Timestamp,
    until: Timestamp,
    revoking: &mut Revoking,
) {
    let proofs = proofs_of(account, FactorKind::Device, device);
    revoking.tell(RevokedKind::Proof, &proofs, now, until);
}

/// Forgets devices.
pub(crate) async fn forget(
    conn: &mut Conn,
    act: &ForgetDevices,
    revoking: &mut Revoking,
) -> Result<Outcome, WriteError> {
    let mut args = conn.args();
    args.int(act.now.seconds()).text(act.account.as_str());
    let sql = match &act.which {
        Which::All => {
            "update devices set revoked_at = $1 where account = $2 and revoked_at is null \
             returning id"
        }
        Which::One(device) => {
            args.text(device.as_str());
            "update devices set revoked_at = $1 \
             where account = $2 and revoked_at is null and id = $3 returning id"
        }
        Which::AllBut(device) => {
            args.text(device.as_str());
            "update devices set revoked_at = $1 \
             where account = $2 and revoked_at is null and id <> $3 returning id"
        }
    };
    let rows = conn.fetch("devices", sql, args).await?;
    for row in &rows {
        take_back(&act.account, row.text(0)?, act.now, act.until, revoking);
    }
    Ok(if rows.is_empty() { Outcome::Unknown } else { Outcome::Done })
}
