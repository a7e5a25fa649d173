//! Verifying a chain: every row is read again, and must be what its hash and its successor say.

use serde::Deserialize;

use super::{
    Audit, Timestamp,
    chain::{NOTHING, column_text, row_hash},
};
use crate::{
    db::{Args, Row},
    error::StoreError,
};

/// Rows that are read at once.
const PAGE: i64 = 1_000;

/// What the verification of a chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The chain.
    pub chain: String,
    /// How many rows stand, from the first one on.
    pub rows: i64,
    /// The hash of the last row that stands. Whoever keeps it elsewhere notices a chain that was
    /// cut short.
    pub head: [u8; 32],
    /// Alerts that are on no list: it was shortened, or a process of before there was one wrote
    /// them.
    pub unlisted: i64,
    /// The first row that does not stand.
    pub broken: Option<(i64, Break)>,
}

/// Why a row does not stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// It is missing.
    Missing,
    /// It does not follow the row before it.
    Unlinked,
    /// Its hash is not the hash of what it says.
    Altered,
    /// Its columns say something else than its body.
    Disagrees,
}

impl Break {
    /// A stable word for reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unlinked => "unlinked",
            Self::Altered => "altered",
            Self::Disagrees => "disagrees",
        }
    }
}

/// What a body says about the columns beside it.
#[derive(Deserialize)]
struct Said {
    at: Timestamp,
    kind: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    alert: bool,
}

impl Audit {
    /// Verifies `chain`, up to the first row that does not stand.
    pub async fn verify(&self, chain: &str) -> Result<Verified, StoreError> {
        let sql = "select audit.seq, audit.at, kind, reason, body, prev, hash, position from audit \
                   left join alerts on alerts.chain = audit.chain and alerts.seq = audit.seq \
                   where audit.chain = $1 and audit.seq >= $2 order by audit.seq limit $3";
        let mut verified =
            Verified { chain: chain.to_owned(), rows: 0, head: NOTHING, unlisted: 0, broken: None };
        loop {
            let bind = |args: &mut Args| {
                args.text(chain).int(verified.rows).int(PAGE);
            };
            let rows = self.db.read("audit", sql, bind).await?;
            if rows.is_empty() {
                if verified.rows == 0 {
                    verified.broken = Some((0, Break::Missing));
                }
                return Ok(verified);
            }
            for row in &rows {
                match judge(&verified, row)? {
                    Ok(Stands { hash, unlisted }) => {
                        verified.rows += 1;
                        verified.head = hash;
                        verified.unlisted += i64::from(unlisted);
                    }
                    Err(why) => {
                        verified.broken = Some((verified.rows, why));
                        return Ok(verified);
                    }
                }
            }
        }
    }
}

/// A row that stands.
struct Stands {
    hash: [u8; 32],
    /// Whether it is an alert that the list does not have.
    unlisted: bool,
}

/// The row if it stands after all that was verified, else why it does not.
fn judge(before: &Verified, row: &Row) -> Result<Result<Stands, Break>, StoreError> {
    if row.int(0)? != before.rows {
        return Ok(Err(Break::Missing));
    }
    let body = row.text(4)?;
    let (prev, hash) = (row.hash(5)?, row.hash(6)?);
    if prev != before.head {
        return Ok(Err(Break::Unlinked));
    }
    if row_hash(&prev, &before.chain, before.rows, body) != hash {
        return Ok(Err(Break::Altered));
    }
    let Ok(said) = serde_json::from_str::<Said>(body) else { return Ok(Err(Break::Altered)) };
    let listed = row.maybe_int(7)?.is_some();
    let agrees = said.at.seconds() == row.int(1)?
        && said.kind == row.text(2)?
        && column_text(&said.reason) == row.text(3)?
        && (said.alert || !listed);
    let stands = Stands { hash, unlisted: said.alert && !listed };
    Ok(if agrees { Ok(stands) } else { Err(Break::Disagrees) })
}
