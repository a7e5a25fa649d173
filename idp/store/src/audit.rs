//! The trail at rest: append-only, each row bound to the one before it by its hash.
//!
//! Each process that writes has a chain of its own, so that nodes never wait for each other.

mod alerts;
mod chain;
mod verify;

use idp_domain::{AuditEvent, Timestamp};

pub(crate) use alerts::Alert;
pub use alerts::Listed as ListedAlert;
pub(crate) use chain::{Chain, append};
pub use verify::{Break, Verified};

use crate::{
    db::{Args, Db, Row},
    error::StoreError,
};

/// A row of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailRow {
    /// Where it stands.
    pub place: Place,
    /// What happened: an audit kind, or `trail.started` for the first row of a chain.
    pub kind: String,
    /// The slug of the outcome; may be empty.
    pub reason: String,
    /// The event as JSON.
    pub body: String,
}

impl TrailRow {
    /// The event; `None` for the first row of a chain, which is about the chain itself.
    #[must_use]
    pub fn event(&self) -> Option<AuditEvent> {
        serde_json::from_str(&self.body).ok()
    }
}

/// A place in the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// When it happened.
    pub at: Timestamp,
    /// The chain.
    pub chain: String,
    /// The place in the chain, from 0.
    pub seq: i64,
}

/// Reads the trail. It is written through the journal.
#[derive(Clone, Debug)]
pub struct Audit {
    db: Db,
}

impl Audit {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Up to `limit` rows before `place`, or the latest ones; the latest first.
    pub async fn page(
        &self,
        before: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<TrailRow>, StoreError> {
        let limit = i64::from(limit);
        let rows = match before {
            None => {
                let sql = "select at, chain, seq, kind, reason, body from audit \
                           order by at desc, chain desc, seq desc limit $1";
                self.db
                    .read("audit", sql, |args| {
                        args.int(limit);
                    })
                    .await?
            }
            Some(place) => {
                let sql = "select at, chain, seq, kind, reason, body from audit \
                           where (at, chain, seq) < ($1, $2, $3) \
                           order by at desc, chain desc, seq desc limit $4";
                let bind = |args: &mut Args| {
                    args.int(place.at.seconds()).text(&place.chain).int(place.seq).int(limit);
                };
                self.db.read("audit", sql, bind).await?
            }
        };
        rows.iter().map(trail_row).collect()
    }

    /// The names of all chains, the oldest first.
    pub async fn chains(&self) -> Result<Vec<String>, StoreError> {
        let sql = "select chain from audit where seq = 0 order by at, chain";
        let rows = self.db.read("audit", sql, |_| {}).await?;
        rows.iter().map(|row| row.text(0).map(str::to_owned)).collect()
    }
}

fn trail_row(row: &Row) -> Result<TrailRow, StoreError> {
    Ok(TrailRow {
        place: Place {
            at: Timestamp::from_seconds(row.int(0)?),
            chain: row.text(1)?.to_owned(),
            seq: row.int(2)?,
        },
        kind: row.text(3)?.to_owned(),
        reason: row.text(4)?.to_owned(),
        body: row.text(5)?.to_owned(),
    })
}
