//! That a session exists, and that somebody is told of it: written before they are told.

use std::collections::{BTreeSet, HashSet};

use idp_domain::{AttributeName, DeviceId};

use super::{assurance_name, mark_hash, name_hash, participant_hash};
use crate::{
    db::{Conn, Many},
    journal::{Attend, Outcome, Picked, UseSession, WriteError},
};

// Taking the row for itself, the statement makes whoever ends the session wait, and the other way
// round: nobody joins unseen. Nor does anybody whose account was put out of use since it was looked
// at, or what the session rests on: there was no row then that could have been ended.
static ATTEND: Many = Many::new(
    "with joining (id, account, source, source_name, source_mark, ends_at, agency, started_at, \
     proven_at, used_at, address, browser, assurance, phishing_resistant, shared, device) as \
     (values",
    16,
    ") insert into sessions (id, account, source, source_name, source_mark, ends_at, agency, \
     started_at, proven_at, used_at, address, browser, assurance, phishing_resistant, shared, \
     device) select * from joining \
     where not exists (select 1 from accounts where accounts.id = joining.account and disabled) \
     and not exists (select 1 from revocations where kind = 'account' \
     and key = joining.account and at >= joining.started_at) \
     and not exists (select 1 from revocations where kind = 'agency' \
     and key = joining.agency and at >= joining.proven_at) \
     and not exists (select 1 from revocations where kind = 'source' \
     and key = joining.source and at >= joining.proven_at) \
     on conflict (id) do update set source = excluded.source, \
     source_name = excluded.source_name, source_mark = excluded.source_mark, \
     ends_at = excluded.ends_at, agency = excluded.agency, proven_at = excluded.proven_at, \
     used_at = excluded.used_at, address = excluded.address, browser = excluded.browser, \
     assurance = excluded.assurance, phishing_resistant = excluded.phishing_resistant, \
     shared = excluded.shared, device = excluded.device \
     where sessions.ended_at is null returning id",
);

static JOIN: Many = Many::new(
    "insert into participants (session, name, relying_party, farewell, since, tries, released) \
     values",
    7,
    // One that was told of an end while the session went on is in it again.
    "on conflict (session, name) do update set released = excluded.released, \
     since = case when participants.standing is null then participants.since \
     else excluded.since end, standing = null, due_at = null, tries = 0",
);

static USE: Many = Many::new(
    "with latest (session_id, now, place, what) as (values",
    4,
    ") update sessions set used_at = latest.now, address = latest.place, browser = latest.what \
     from latest where id = latest.session_id and ended_at is null returning id",
);

/// Writes sessions and who joins them, unless they have ended.
pub(crate) async fn attend(
    conn: &mut Conn,
    acts: &[Picked<'_, Attend>],
    outcomes: &mut [Outcome],
) -> Result<(), WriteError> {
    let rows = ATTEND
        .fetch(conn, "sessions", acts, |args, (_, act)| {
            let said = &act.source;
            let mark = said.mark.as_deref();
            let mark = mark.map(|mark| mark_hash(&said.source, &said.issuer, mark));
            args.text(act.session.as_str())
                .text(act.account.as_str())
                .text(said.source.as_str())
                .bytes(&name_hash(&said.source, &said.issuer, &said.name))
                .maybe_bytes(mark.as_ref().map(<[u8; 32]>::as_slice))
                .int(act.ends_at.seconds())
                .text(act.agency.as_str())
                .int(act.started_at.seconds())
                .int(act.proven_at.seconds())
                .int(act.now.seconds())
                .text(&act.place.address)
                .text(&act.place.browser)
                .text(assurance_name(act.worth.assurance))
                .bool(act.worth.phishing_resistant)
                .bool(act.shared)
                .maybe_text(act.device.as_ref().map(DeviceId::as_str));
        })
        .await?;
    let live = rows.iter().map(|row| row.text(0)).collect::<Result<HashSet<_>, _>>()?;
    let mut joining = Vec::new();
    for (place, act) in acts {
        if !live.contains(act.session.as_str()) {
            if let Some(outcome) = outcomes.get_mut(*place) {
                *outcome = Outcome::SessionOver;
            }
        } else if let Some(joins) = &act.joins {
            joining.push((act, joins));
        }
    }
    JOIN.fetch(conn, "participants", &joining, |args, (act, joins)| {
        args.text(act.session.as_str())
            .bytes(&participant_hash(&joins.relying_party, joins.farewell.as_deref()))
            .text(joins.relying_party.as_str())
            .maybe_text(joins.farewell.as_deref())
            .int(act.now.seconds())
            .int(0)
            .text(&listed(&joins.released));
    })
    .await?;
    Ok(())
}

/// No name has a space in it.
fn listed(names: &BTreeSet<AttributeName>) -> String {
    let names: Vec<_> = names.iter().map(AttributeName::as_str).collect();
    names.join(" ")
}

/// Writes when and where sessions are used, unless they have ended.
pub(crate) async fn keep_using(
    conn: &mut Conn,
    acts: &[Picked<'_, UseSession>],
    outcomes: &mut [Outcome],
) -> Result<(), WriteError> {
    let rows = USE
        .fetch(conn, "sessions", acts, |args, (_, act)| {
            args.text(act.session.as_str())
                .int(act.now.seconds())
                .text(&act.place.address)
                .text(&act.place.browser);
        })
        .await?;
    let live = rows.iter().map(|row| row.text(0)).collect::<Result<HashSet<_>, _>>()?;
    for (place, act) in acts {
        if !live.contains(act.session.as_str())
            && let Some(outcome) = outcomes.get_mut(*place)
        {
            *outcome = Outcome::SessionOver;
        }
    }
    Ok(())
}
