//! Writing passkeys. Of two proofs with one signature counter, one is a clone's.

use std::collections::HashSet;

use idp_domain::FactorKind;

use super::{
    act::{PutPasskey, RemovePasskey, RenamePasskey, UsePasskey},
    reset::{For, begin_epoch, follow_epoch, hold, revoked_since},
};
use crate::{
    db::{Args, Conn, Many},
    grants::Revoking,
    journal::{Outcome, Picked, WriteError},
    revocations::{RevokedKind, proofs_of},
};

/// Enrols a passkey, unless anybody has one of its id, or the factors have changed since.
pub(crate) async fn put(conn: &mut Conn, act: &PutPasskey) -> Result<Outcome, WriteError> {
    if !hold(conn, &act.account, For::Live, act.now).await? {
        return Ok(Outcome::Unknown);
    }
    if revoked_since(conn, &act.account, act.since).await? {
        return Ok(Outcome::Overtaken);
    }
    // An authenticator that was told another handle than the account's would name nobody.
    let sql = "update factors set handle = $2 where account = $1 and (handle = $2 \
               or handle is null and not exists (select 1 from factors where handle = $2)) \
               returning account";
    let mut args = conn.args();
    args.text(act.account.as_str()).bytes(&act.handle);
    if conn.fetch("factors", sql, args).await?.is_empty() {
        return Ok(Outcome::Conflict);
    }
    let sql = "insert into passkeys (id, account, site, name, body, counter, created_at) \
               values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning account";
    let mut args = conn.args();
    args.bytes(&act.credential)
        .text(act.account.as_str())
        .text(&act.site)
        .text(&act.name)
        .text(&act.body)
        .int(act.counter.into())
        .int(act.now.seconds());
    if conn.fetch("passkeys", sql, args).await?.is_empty() {
        return Ok(Outcome::Conflict);
    }
    let mut args = conn.args();
    args.text(act.account.as_str());
    conn.execute("update factors set must_enrol = false where account = $1", args).await?;
    let follows = follow_epoch(conn, &act.account, act.epoch, act.now).await?;
    Ok(if follows { Outcome::Done } else { Outcome::Overtaken })
}

// A counter that stays at zero is none.
static USE: Many = Many::new(
    "with used (credential, account_id, previous, shown, record) as (values",
    5,
    ") update passkeys set counter = used.shown, body = used.record from used \
     where id = used.credential and account = used.account_id and counter = used.previous \
     and (used.shown > used.previous or used.shown = 0 and used.previous = 0) returning id",
);

static KNOWN: Many = Many::new(
    "with used (credential, account_id) as (values",
    2,
    ") select id from used join passkeys on id = used.credential and account = used.account_id",
);

/// Takes over what proofs showed, where the counter is what they were compared with.
pub(crate) async fn use_all(
    conn: &mut Conn,
    acts: &[Picked<'_, UsePasskey>],
    outcomes: &mut [Outcome],
) -> Result<(), WriteError> {
    let rows = USE
        .fetch(conn, "passkeys", acts, |args, (_, act)| {
            name(args, act)
                .int(act.previous_counter.into())
                .int(act.counter.into())
                .text(&act.body);
        })
        .await?;
    let won = rows.iter().map(|row| row.bytes(0)).collect::<Result<HashSet<_>, _>>()?;
    let rest = acts.iter().filter(|(_, act)| !won.contains(act.credential.as_slice()));
    let rest = rest.collect::<Vec<_>>();
    let rows = KNOWN
        .fetch(conn, "passkeys", &rest, |args, (_, act)| {
            name(args, act);
        })
        .await?;
    let known = rows.iter().map(|row| row.bytes(0)).collect::<Result<HashSet<_>, _>>()?;
    for (place, act) in rest {
        let is_known = known.contains(act.credential.as_slice());
        if let Some(outcome) = outcomes.get_mut(*place) {
            *outcome = if is_known { Outcome::Conflict } else { Outcome::Unknown };
        }
    }
    Ok(())
}

fn name<'a>(args: &'a mut Args, act: &UsePasskey) -> &'a mut Args {
    args.bytes(&act.credential).text(act.account.as_str())
}

/// Gives a passkey another name.
pub(crate) async fn rename(conn: &mut Conn, act: &RenamePasskey) -> Result<Outcome, WriteError> {
    let mut args = conn.args();
    args.bytes(&act.credential).text(act.account.as_str()).text(&act.name);
    let sql = "update passkeys set name = $3 where id = $1 and account = $2";
    let rows = conn.execute(sql, args).await?;
    Ok(if rows > 0 { Outcome::Done } else { Outcome::Unknown })
}

/// Removes a passkey, unless it is the last factor and must stay.
pub(crate) async fn remove(
    conn: &mut Conn,
    act: &RemovePasskey,
    revoking: &mut Revoking,
) -> Result<Outcome, WriteError> {
    if !hold(conn, &act.account, For::Any, act.now).await? {
        return Ok(Outcome::Unknown);
    }
    let mut args = conn.args();
    args.bytes(&act.credential).text(act.account.as_str());
    let sql = "select 1 from passkeys where id = $1 and account = $2";
    if conn.fetch("passkeys", sql, args).await?.is_empty() {
        return Ok(Outcome::Unknown);
    }
    let mut args = conn.args();
    args.bytes(&act.credential).text(act.account.as_str()).bool(act.must_keep_one);
    let sql = "delete from passkeys where id = $1 and account = $2 and (not $3 \
               or exists (select 1 from factors where account = $2 and totp is not null) \
               or exists (select 1 from passkeys where account = $2 and id <> $1))";
    if conn.execute(sql, args).await? == 0 {
        return Ok(Outcome::Conflict);
    }
    begin_epoch(conn, &act.account, act.now).await?;
    let proofs = proofs_of(&act.account, FactorKind::Passkey, &act.named);
    revoking.tell(RevokedKind::Proof, &proofs, act.now, act.until);
    Ok(Outcome::Done)
}
