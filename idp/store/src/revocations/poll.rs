//! Listening to the database: one small question every poll, and more only when something is new.

use std::time::Instant;

use idp_domain::Timestamp;
use tokio::sync::watch;

use super::{Copied, POLL, Revocation, RevokedKind, Versions};
use crate::{
    db::{Db, Row},
    error::StoreError,
};

/// Numbers that are read again with each new one. They appear in the order of commits, but a
/// database that failed over to a copy of itself may have lost some and given them out anew.
const OVERLAP: i64 = 1_000;

/// Rows that are read at once.
const PAGE: i64 = 2_000;

/// Polls until nobody listens to `tell` any more.
pub(super) async fn listen(db: Db, copy: Copied, tell: watch::Sender<Versions>) {
    let mut last = None;
    let mut is_away = false;
    loop {
        match poll(&db, &copy, &tell, &mut last).await {
            Ok(()) => is_away = false,
            Err(error) if !is_away => {
                is_away = true;
                tracing::warn!(error.slug = error.slug(), %error, "revocations cannot be polled");
            }
            Err(_) => {}
        }
        tokio::select! {
            () = tell.closed() => return,
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

async fn poll(
    db: &Db,
    copy: &Copied,
    tell: &watch::Sender<Versions>,
    last: &mut Option<i64>,
) -> Result<(), StoreError> {
    let began = Instant::now();
    let rows = db.read("counters", "select name, value from counters", |_| {}).await?;
    let mut newest = 0;
    let mut versions = Versions::default();
    for row in &rows {
        match row.text(0)? {
            "revocations" => newest = row.int(1)?,
            "federation" => versions.federation = row.int(1)?,
            "keys" => versions.keys = row.int(1)?,
            "metadata" => versions.metadata = row.int(1)?,
            "switches" => versions.switches = row.int(1)?,
            _ => {}
        }
    }
    if *last != Some(newest) {
        // A counter that went back is that of a database restored to an earlier state.
        let from = last.filter(|last| *last <= newest).map_or(i64::MIN, |last| last - OVERLAP);
        load(db, copy, from).await?;
        *last = Some(newest);
    }
    copy.heard(began);
    tell.send_if_modified(|told| std::mem::replace(told, versions) != versions);
    Ok(())
}

/// Loads the revocations with numbers above `from`.
async fn load(db: &Db, copy: &Copied, mut from: i64) -> Result<(), StoreError> {
    let sql = "select kind, key, at, until, number from revocations \
               where number > $1 order by number limit $2";
    loop {
        let rows = db.read("revocations", sql, |args| {
            args.int(from).int(PAGE);
        });
        let rows = rows.await?;
        let Some(row) = rows.last() else { return Ok(()) };
        from = row.int(4)?;
        copy.add(rows.iter().map(revocation).collect::<Result<Vec<_>, _>>()?);
    }
}

fn revocation(row: &Row) -> Result<Revocation, StoreError> {
    Ok(Revocation {
        kind: RevokedKind::read(row.text(0)?).ok_or_else(|| row.corrupt("kind"))?,
        key: row.text(1)?.into(),
        at: Timestamp::from_seconds(row.int(2)?),
        until: Timestamp::from_seconds(row.int(3)?),
    })
}
