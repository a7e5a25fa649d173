//! What was left of many sessions by a node that died while it ended them: found by what was
//! revoked, and ended by whoever tidies up.

use idp_domain::{SessionId, Timestamp};

use super::many::{PORTION, leave};
use crate::{db::Conn, journal::WriteError};

/// What was revoked longer ago than this has nothing left: no session lives for two days.
const LOOK_BACK: i64 = 2 * 86_400;

/// Sessions that rest on what was revoked after their proof came.
macro_rules! of_revoked {
    ($kind:literal, $join:literal) => {
        concat!(
            "update sessions set ended_at = $1, ended_because = '",
            $kind,
            "_revoked' where id in (select sessions.id from revocations ",
            $join,
            " where revocations.kind = '",
            $kind,
            "' and revocations.at > $3 and sessions.ended_at is null and sessions.ends_at > $1 \
             limit $2) and ended_at is null returning id"
        )
    };
}

const STATEMENTS: [&str; 4] = [
    of_revoked!(
        "account",
        "join sessions on sessions.account = revocations.key \
         and sessions.started_at <= revocations.at"
    ),
    of_revoked!(
        "agency",
        "join sessions on sessions.agency = revocations.key \
         and sessions.started_at <= revocations.at and sessions.proven_at <= revocations.at"
    ),
    of_revoked!(
        "source",
        "join sessions on sessions.source = revocations.key \
         and sessions.started_at <= revocations.at and sessions.proven_at <= revocations.at"
    ),
    of_revoked!(
        "participant",
        "join participants on participants.relying_party = revocations.key \
         and participants.since <= revocations.at and participants.standing is null \
         join sessions on sessions.id = participants.session"
    ),
];

/// What a relying party still knows that was revoked since.
const PARTICIPANTS: &str = "update participants set standing = 'waiting', tries = 0, due_at = $1 \
     where (session, name) in (select participants.session, participants.name from revocations \
     join participants on participants.relying_party = revocations.key \
     and participants.since <= revocations.at and participants.standing is null \
     join sessions on sessions.id = participants.session \
     where revocations.kind = 'relying_party' and revocations.at > $3 \
     and sessions.ended_at is null and sessions.ends_at > $1 limit $2) \
     and standing is null returning session";

/// Ends a portion of what is left, and returns how much that was. Nodes know of the revocations,
/// so that nothing of it was of use to anybody.
pub(crate) async fn end_rest(conn: &mut Conn, now: Timestamp) -> Result<u64, WriteError> {
    let mut found = 0;
    for sql in STATEMENTS {
        let mut args = conn.args();
        args.int(now.seconds()).int(PORTION.into()).int(now.seconds() - LOOK_BACK);
        let rows = conn.fetch("sessions", sql, args).await?;
        let mut ended = Vec::<SessionId>::with_capacity(rows.len());
        for row in &rows {
            ended.push(row.text(0)?.parse().map_err(|_| row.corrupt("id"))?);
        }
        leave(conn, ended.iter().map(|session| (session, now))).await?;
        found += rows.len() as u64;
    }
    let mut args = conn.args();
    args.int(now.seconds()).int(PORTION.into()).int(now.seconds() - LOOK_BACK);
    found += conn.fetch("participants", PARTICIPANTS, args).await?.len() as u64;
    Ok(found)
}
