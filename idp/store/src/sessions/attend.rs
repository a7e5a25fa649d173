//! That a session exists, and that somebody is told of it: written before they are told.

use std::collections::HashSet;

use super::{mark_hash, name_hash, participant_hash};
use crate::{
    db::{Conn, Many},
    journal::{Attend, Outcome, Picked, WriteError},
};

// Taking the row for itself, the statement makes whoever ends the session wait, and the other way
// round: nobody joins unseen.
static ATTEND: Many = Many::new(
    "insert into sessions (id, account, source, source_name, source_mark, ends_at) values",
    6,
    "on conflict (id) do update set source = excluded.source, \
     source_name = excluded.source_name, source_mark = excluded.source_mark, \
     ends_at = excluded.ends_at where sessions.ended_at is null returning id",
);

static JOIN: Many = Many::new(
    "insert into participants (session, name, relying_party, farewell, since, tries) values",
    6,
    "on conflict do nothing",
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
                .int(act.ends_at.seconds());
        })
        .await?;
    let live = rows.iter().map(|row| row.text(0)).collect::<Result<HashSet<_>, _>>()?;
    let mut joining = Vec::new();
    for (place, act) in acts {
        if !live.contains(act.session.as_str()) {
            if let Some(outcome) = outcomes.get_mut(*place) {
                *outcome = Outcome::SessionOver;
            }
        } else if let Some((relying_party, farewell)) = &act.joins {
            joining.push((act, relying_party, farewell.as_deref()));
        }
    }
    JOIN.fetch(conn, "participants", &joining, |args, (act, relying_party, farewell)| {
        args.text(act.session.as_str())
            .bytes(&participant_hash(relying_party, *farewell))
            .text(relying_party.as_str())
            .maybe_text(*farewell)
            .int(act.now.seconds())
            .int(0);
    })
    .await?;
    Ok(())
}
