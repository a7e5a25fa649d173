//! Writing remembered devices. Whoever shows a handle that was exchanged ends the device.

use std::collections::HashSet;

use super::{ForgetDevices, RememberDevice, RotateDevice, Which};
use crate::{
    db::{Conn, Many},
    journal::{Outcome, Picked, WriteError},
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
    "with shown (device_id, account_id, old_hash, new_hash, now) as (values",
    5,
    ") update devices set hash = shown.new_hash, used_at = shown.now from shown \
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
) -> Result<(), WriteError> {
    let rows = ROTATE
        .fetch(conn, "devices", acts, |args, (_, act)| {
            args.text(act.device.as_str())
                .text(act.account.as_str())
                .bytes(&act.old_hash)
                .bytes(&act.new_hash)
                .int(act.now.seconds());
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
        if let Some(place) = outcomes.get_mut(place) {
            *place = outcome;
        }
    }
    Ok(())
}

/// Judges a handle that was not exchanged, and ends the device if it had been before.
async fn lost(conn: &mut Conn, act: &RotateDevice) -> Result<Outcome, WriteError> {
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

/// Forgets devices.
pub(crate) async fn forget(conn: &mut Conn, act: &ForgetDevices) -> Result<Outcome, WriteError> {
    let mut args = conn.args();
    args.int(act.now.seconds()).text(act.account.as_str());
    let sql = match &act.which {
        Which::All => {
            "update devices set revoked_at = $1 where account = $2 and revoked_at is null"
        }
        Which::One(device) => {
            args.text(device.as_str());
            "update devices set revoked_at = $1 \
             where account = $2 and revoked_at is null and id = $3"
        }
        Which::AllBut(device) => {
            args.text(device.as_str());
            "update devices set revoked_at = $1 \
             where account = $2 and revoked_at is null and id <> $3"
        }
    };
    let rows = conn.execute(sql, args).await?;
    Ok(if rows > 0 { Outcome::Done } else { Outcome::Unknown })
}
