//! Writing revocations so that every node finds the new ones by their number.

use std::collections::HashSet;

use super::{Revocation, RevokedKind};
use crate::{
    db::{Conn, Many},
    journal::WriteError,
};

// What is revoked stays so; only what stands for many things can be revoked again, for what began
// since.
static TELL: Many = Many::new(
    "insert into revocations (kind, key, number, at, until) values",
    5,
    "on conflict (kind, key) do update \
     set number = excluded.number, at = excluded.at, until = excluded.until \
     where revocations.kind not in ('grant', 'session', 'token') \
     and excluded.at >= revocations.at returning kind, key",
);

/// Writes `told`, and returns which of them are new.
///
/// The counter's row is held until the commit, so that numbers appear in their order: a node that
/// has seen a number has seen all below it. It is the last thing but alerts that a
/// transaction waits for.
pub(crate) async fn write(
    conn: &mut Conn,
    told: &[Revocation],
) -> Result<HashSet<(RevokedKind, Box<str>)>, WriteError> {
    let count = i64::try_from(told.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(HashSet::new());
    }
    let mut args = conn.args();
    args.int(count);
    let sql = "update counters set value = value + $1 where name = 'revocations' returning value";
    let rows = conn.fetch("counters", sql, args).await?;
    let last = rows.first().ok_or(sqlx::Error::RowNotFound)?.int(0)?;
    let numbered = told.iter().zip(last - count + 1..).collect::<Vec<_>>();
    let rows = TELL
        .fetch(conn, "revocations", &numbered, |args, (told, number)| {
            args.text(told.kind.as_str())
                .text(&told.key)
                .int(*number)
                .int(told.at.seconds())
                .int(told.until.seconds());
        })
        .await?;
    let mut new = HashSet::with_capacity(rows.len());
    for row in &rows {
        let kind = RevokedKind::read(row.text(0)?).ok_or_else(|| row.corrupt("kind"))?;
        new.insert((kind, row.text(1)?.into()));
    }
    Ok(new)
}
