//! That a session is over: in the same commit its participants become notices to be delivered.

use std::collections::HashMap;

use idp_domain::{AccountId, SessionId, Timestamp, logout::Notice};

use super::{many::leave, participant_hash};
use crate::{
    db::{Conn, Many, Row},
    error::StoreError,
    journal::{DisableAccount, EndSession, Outcome, Picked, WriteError},
};

static END: Many = Many::new(
    "with ending (session_id, now, why) as (values",
    3,
    ") update sessions set ended_at = ending.now, ended_because = ending.why from ending \
     where id = ending.session_id and ended_at is null returning id, account",
);

static SPARE: Many = Many::new(
    "with spared (session_id, spared_name) as (values",
    2,
    ") update participants set standing = 'out' from spared \
     where session = spared.session_id and name = spared.spared_name and standing is null",
);

static LEAVE: Many = Many::new(
    "with ending (session_id, due) as (values",
    2,
    ") update participants set standing = 'waiting', tries = 1, due_at = ending.due from ending \
     where session = ending.session_id and standing is null \
     returning session, relying_party, farewell",
);

static END_OF_ACCOUNT: Many = Many::new(
    "with disabling (account_id, now) as (values",
    2,
    ") update sessions set ended_at = disabling.now, ended_because = 'account_off' \
     from disabling \
     where account = disabling.account_id and ended_at is null returning id, ended_at",
);

/// Ends sessions, and adds to the outcomes who has to be told.
pub(crate) async fn end(
    conn: &mut Conn,
    acts: &[Picked<'_, EndSession>],
    outcomes: &mut [Outcome],
) -> Result<(), WriteError> {
    let rows = END
        .fetch(conn, "sessions", acts, |args, (_, act)| {
            args.text(act.session.as_str()).int(act.now.seconds()).text(act.because);
        })
        .await?;
    let mut ended = HashMap::<&str, AccountId>::with_capacity(rows.len());
    for row in &rows {
        let account = row.text(1)?.parse().map_err(|_| row.corrupt("account"))?;
        ended.insert(row.text(0)?, account);
    }
    let spared: Vec<_> = acts
        .iter()
        .filter_map(|(_, act)| act.spares.as_ref().map(|spared| (&act.session, spared)))
        .collect();
    SPARE
        .fetch(conn, "participants", &spared, |args, (session, (relying_party, farewell))| {
            let name = participant_hash(relying_party, farewell.as_deref());
            args.text(session.as_str()).bytes(&name);
        })
        .await?;
    let rows = LEAVE
        .fetch(conn, "participants", acts, |args, (_, act)| {
            args.text(act.session.as_str()).int(act.told_until.seconds());
        })
        .await?;
    let mut leaving = HashMap::<&str, Vec<Notice>>::new();
    for row in &rows {
        let session = row.text(0)?;
        if let Some(account) = ended.get(session) {
            leaving.entry(session).or_default().push(notice(row, account)?);
        }
    }
    for (place, act) in acts {
        let found = leaving.remove(act.session.as_str()).unwrap_or_default();
        if let Some(Outcome::SessionEnded { notices, .. }) = outcomes.get_mut(*place) {
            *notices = found;
        }
    }
    Ok(())
}

fn notice(row: &Row, account: &AccountId) -> Result<Notice, StoreError> {
    Ok(Notice {
        session: row.text(0)?.parse().map_err(|_| row.corrupt("session"))?,
        account: account.clone(),
        relying_party: row.text(1)?.parse().map_err(|_| row.corrupt("relying_party"))?,
        farewell: row.maybe_text(2)?.map(str::to_owned),
        tries: 1,
    })
}

/// Ends the sessions of disabled accounts; whoever delivers notices finds those that this makes.
pub(crate) async fn end_of_accounts(
    conn: &mut Conn,
    acts: &[Picked<'_, DisableAccount>],
) -> Result<(), WriteError> {
    let rows = END_OF_ACCOUNT
        .fetch(conn, "sessions", acts, |args, (_, act)| {
            args.text(act.account.as_str()).int(act.now.seconds());
        })
        .await?;
    let mut ended = Vec::<(SessionId, i64)>::with_capacity(rows.len());
    for row in &rows {
        ended.push((row.text(0)?.parse().map_err(|_| row.corrupt("id"))?, row.int(1)?));
    }
    let ended = ended.iter().map(|(session, now)| (session, Timestamp::from_seconds(*now)));
    leave(conn, ended).await
}
