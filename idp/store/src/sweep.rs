//! Housekeeping: rows whose time is up are deleted, a bounded number at once.

use idp_domain::Timestamp;

use crate::{
    db::Conn,
    journal::{Outcome, WriteError},
    sessions,
};

/// Rows of each table that one sweep deletes at most.
pub(crate) const SWEEP: u64 = 500;

/// Each by its own time: a refresh token that outlives its grant is of no use to anybody.
const STATEMENTS: [&str; 10] = [
    "delete from used_once where (kind, key) in \
     (select kind, key from used_once where until < $1 order by until limit $2)",
    "delete from revocations where (kind, key) in \
     (select kind, key from revocations where until < $1 order by until limit $2)",
    "delete from refresh_tokens where hash in \
     (select hash from refresh_tokens where expires_at < $1 order by expires_at limit $2)",
    "delete from grants where id in \
     (select id from grants where expires_at < $1 order by expires_at limit $2)",
    // Nodes renew what is due. What none has renewed for thirty days belongs to no entry.
    "delete from metadata where entry in \
     (select entry from metadata where due_at < $1 - 2592000 order by due_at limit $2)",
    // They are a person's recent sign-ins for thirty days. Their participants go with them, unless
    // one of them has still to be told.
    "delete from sessions where id in (select id from sessions \
     where ends_at < $1 - 2592000 and not exists \
     (select 1 from participants where session = sessions.id and due_at is not null) \
     order by ends_at limit $2)",
    // Their old handles go with them.
    "delete from devices where id in \
     (select id from devices where expires_at < $1 order by expires_at limit $2)",
    // Help desks look back thirty days.
    "delete from access_passes where id in (select id from access_passes \
     where expires_at < $1 - 2592000 order by expires_at limit $2)",
    "delete from api_tokens where hash in (select hash from api_tokens \
     where expires_at < $1 - 2592000 order by expires_at limit $2)",
    // Whoever sends letters gives them up in the trail; a week later there is nobody who does.
    "delete from letters where id in \
     (select id from letters where until < $1 - 604800 order by until limit $2)",
];

/// Deletes what was over before `now`.
pub(crate) async fn sweep(conn: &mut Conn, now: Timestamp) -> Result<Outcome, WriteError> {
    let mut rows = 0;
    for sql in STATEMENTS {
        let mut args = conn.args();
        args.int(now.seconds()).int(i64::try_from(SWEEP).unwrap_or(i64::MAX));
        rows += conn.execute(sql, args).await?;
    }
    rows += sessions::end_rest(conn, now).await?;
    Ok(Outcome::Swept { rows })
}
