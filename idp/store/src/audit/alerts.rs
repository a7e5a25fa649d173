//! Alerts: the rows of the trail that somebody should look at now, numbered in the order of
//! commits, and told to the log and the meters by the process that wrote them.

use idp_domain::{AccountId, AgencyId, AuditEvent, RelyingPartyId, SessionId, SourceId, Timestamp};
use metrics::counter;

use super::{Audit, TrailRow, chain::NewRow, trail_row};
use crate::{
    db::{Args, Conn, Many},
    error::StoreError,
    journal::WriteError,
};

/// An alert as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its position among all alerts, from 1. Whatever is committed later has a higher one.
    pub position: i64,
    /// The row of the trail.
    pub row: TrailRow,
}

/// An alert that was written.
#[derive(Clone, Debug)]
pub(crate) struct Alert {
    chain: String,
    seq: i64,
    event: AuditEvent,
}

impl Alert {
    /// Tells whoever watches the log and the meters: once, after the commit.
    ///
    /// Slugs and ids alone: what else the trail knows is read there.
    pub(crate) fn sound(&self) {
        let Self { chain, seq, event } = self;
        let (kind, reason) = (event.kind.as_str(), event.reason.as_str());
        tracing::warn!(
            target: "idp_alert",
            kind,
            reason,
            account = event.account.as_ref().map(AccountId::as_str),
            agency = event.agency.as_ref().map(AgencyId::as_str),
            source = event.source.as_ref().map(SourceId::as_str),
            relying_party = event.relying_party.as_ref().map(RelyingPartyId::as_str),
            session = event.session.as_ref().map(SessionId::as_str),
            chain,
            seq,
            at = event.at.seconds(),
            "alert"
        );
        counter!("idp_alerts_total", "kind" => kind, "reason" => event.reason.clone()).increment(1);
    }
}

static LIST: Many = Many::new("insert into alerts (position, at, chain, seq) values", 4, "");

/// Lists those of `rows` that are alerts.
///
/// The counter's row is held until the commit, so that numbers appear in their order. It is the
/// last thing that a transaction waits for, after the counter of revocations.
pub(super) async fn list(
    conn: &mut Conn,
    chain: &str,
    rows: Vec<NewRow>,
) -> Result<Vec<Alert>, WriteError> {
    let alerts = rows.into_iter().filter_map(|row| {
        let event = row.alert?;
        Some(Alert { chain: chain.to_owned(), seq: row.seq, event })
    });
    let alerts: Vec<_> = alerts.collect();
    let count = i64::try_from(alerts.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(alerts);
    }
    let mut args = conn.args();
    args.int(count);
    let sql = "update counters set value = value + $1 where name = 'alerts' returning value";
    let counted = conn.fetch("counters", sql, args).await?;
    let last = counted.first().ok_or(sqlx::Error::RowNotFound)?.int(0)?;
    let numbered: Vec<_> = alerts.iter().zip(last - count + 1..).collect();
    LIST.fetch(conn, "alerts", &numbered, |args, (alert, position)| {
        args.int(*position).int(alert.event.at.seconds()).text(&alert.chain).int(alert.seq);
    })
    .await?;
    Ok(alerts)
}

impl Audit {
    /// Up to `limit` alerts that follow the position `after`, of events at `since` or later; the
    /// earliest commit first.
    pub async fn alerts(
        &self,
        after: i64,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<Listed>, StoreError> {
        let sql = "select audit.at, audit.chain, audit.seq, audit.kind, audit.reason, audit.body, \
                   alerts.position from alerts \
                   join audit on audit.chain = alerts.chain and audit.seq = alerts.seq \
                   where alerts.position > $1 and alerts.at >= $2 \
                   order by alerts.position limit $3";
        let bind = |args: &mut Args| {
            args.int(after).int(since.seconds()).int(limit.into());
        };
        let rows = self.db.read("alerts", sql, bind).await?;
        rows.iter().map(|row| Ok(Listed { position: row.int(6)?, row: trail_row(row)? })).collect()
    }
}
