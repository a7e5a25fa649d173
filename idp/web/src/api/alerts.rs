//! Alerts: read a page at a time by whoever watches, from a position that lasts.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use idp_domain::{
    AccountId, AgencyId, AuditEvent, Fault, RelyingPartyId, SessionId, SourceId, Timestamp,
};
use idp_store::audit::ListedAlert;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{caller::Caller, problem::Problem, read::Query, role::Right};
use crate::App;

/// Alerts on a page, unless the caller says otherwise.
const PAGE: u32 = 100;
/// The most alerts on a page.
pub const MAX_PAGE: u32 = 500;

/// An alert as API and commands show it.
#[derive(Debug, Serialize)]
pub struct Shown<'a> {
    position: i64,
    chain: &'a str,
    seq: i64,
    at: i64,
    kind: &'a str,
    reason: &'a str,
    account: Option<&'a str>,
    agency: Option<&'a str>,
    source: Option<&'a str>,
    relying_party: Option<&'a str>,
    session: Option<&'a str>,
    address: Option<String>,
    reference: Option<&'a str>,
    detail: &'a BTreeMap<String, String>,
}

impl<'a> Shown<'a> {
    /// What is shown of `listed`, the event of whose row is `event`.
    #[must_use]
    pub fn new(listed: &'a ListedAlert, event: &'a AuditEvent) -> Self {
        let place = &listed.row.place;
        Self {
            position: listed.position,
            chain: &place.chain,
            seq: place.seq,
            at: event.at.seconds(),
            kind: event.kind.as_str(),
            reason: &event.reason,
            account: event.account.as_ref().map(AccountId::as_str),
            agency: event.agency.as_ref().map(AgencyId::as_str),
            source: event.source.as_ref().map(SourceId::as_str),
            relying_party: event.relying_party.as_ref().map(RelyingPartyId::as_str),
            session: event.session.as_ref().map(SessionId::as_str),
            address: event.address.map(|address| address.to_string()),
            reference: event.reference.as_deref(),
            detail: &event.detail,
        }
    }
}

/// A page of alerts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    since: Option<i64>,
    after: Option<i64>,
    limit: Option<u32>,
}

/// `GET /api/v1/alerts`
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<Response, Problem> {
    caller.demand(&app, Right::Alerts).await?;
    let Page { since, after, limit } = page;
    let (since, after, limit) = (since.unwrap_or(0), after.unwrap_or(0), limit.unwrap_or(PAGE));
    for (name, number) in [("since", since), ("after", after)] {
        if number < 0 {
            return Err(Problem::Invalid(format!("{name}: 0 or more")));
        }
    }
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Problem::Invalid(format!("limit: 1 to {MAX_PAGE}")));
    }
    let read = app.store.audit.alerts(after, Timestamp::from_seconds(since), limit + 1).await;
    let mut alerts = read.map_err(|error| Fault::new("reading alerts", error))?;
    let more = alerts.len() > limit as usize;
    alerts.truncate(limit as usize);
    let next = alerts.last().map_or(after, |alert| alert.position);
    let alerts = told(&alerts)?;
    let alerts: Vec<_> = alerts.iter().map(|(listed, event)| Shown::new(listed, event)).collect();
    Ok(axum::Json(json!({ "alerts": alerts, "next": next, "more": more })).into_response())
}

/// Each alert with its event.
fn told(alerts: &[ListedAlert]) -> Result<Vec<(&ListedAlert, AuditEvent)>, Fault> {
    let told = alerts.iter().map(|listed| {
        let event = listed.row.event();
        let event = event.ok_or_else(|| Fault::broken("reading an event of the trail"))?;
        Ok((listed, event))
    });
    told.collect()
}
