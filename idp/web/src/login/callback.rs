//! Where a source sends the browser back: one address of its own for each source.

use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use idp_domain::{Inbound, SourceId};
use tower_sessions::Session;

use super::follow::Came;
use crate::{App, form::pairs, problem::Trouble, visit::Browser};

/// The longest answer of a source that is read, in bytes.
const MAX_QUERY: usize = 16 * 1024;

/// `GET /sources/{source}/callback`
pub(crate) async fn callback(
    State(app): State<App>,
    Path(source): Path<String>,
    RawQuery(query): RawQuery,
    cookie: Session,
    mut browser: Browser,
) -> Response {
    let known = source.parse::<SourceId>().ok();
    let known = known.filter(|id| app.broker.catalog().source(id).is_some());
    let Some(source) = known else {
        return app.rejected(Trouble::not_found(), &browser.visit).await;
    };
    let query = query.unwrap_or_default();
    let read = (query.len() <= MAX_QUERY).then(|| pairs(query.as_bytes())).flatten();
    let Some(query) = read else {
        return app.inbound_rejected(&source, "malformed", &browser.visit).await;
    };
    let mut states = query.iter().filter(|(name, _)| name == "state").map(|(_, value)| value);
    let (Some(correlator), None) = (states.next().cloned(), states.next()) else {
        return app.inbound_rejected(&source, "state", &browser.visit).await;
    };
    let Some((id, _)) = correlator.split_once('.') else {
        return app.inbound_rejected(&source, "state", &browser.visit).await;
    };
    let opened = match app.open(id, &mut browser, &cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let visit = &browser.visit;
    let reply = Inbound {
        query,
        form: Vec::new(),
        certificate: None,
        address: visit.address,
        now: visit.now,
    };
    let turn = app.broker.resume(opened, &source, &correlator, reply, visit).await;
    app.follow_or_fault(turn, Came::ByLink, &browser, &cookie).await
}
