//! Switches: what is out of use, whatever the federation file says of it.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use idp_domain::{Fault, Switched};
use idp_store::switches::{Standing, Switch};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    caller::Caller,
    problem::Problem,
    read::{Body, reason},
    role::Right,
};
use crate::App;

/// `GET /api/v1/switches`
pub(crate) async fn list(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.demand(&app, Right::Switches).await?;
    let all = app.store.switches.all().await;
    let all = all.map_err(|error| Fault::new("reading switches", error))?;
    let off: Vec<_> = all.iter().filter(|one| one.off).map(described).collect();
    Ok(axum::Json(json!({ "off": off })).into_response())
}

/// What is to be switched, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    kind: String,
    id: String,
    reason: String,
}

/// `POST /api/v1/switches/off`
pub(crate) async fn off(
    State(app): State<App>,
    caller: Caller,
    Body(wish): Body<Wish>,
) -> Result<Response, Problem> {
    throw(&app, &caller, &wish, true).await
}

/// `POST /api/v1/switches/on`
pub(crate) async fn on(
    State(app): State<App>,
    caller: Caller,
    Body(wish): Body<Wish>,
) -> Result<Response, Problem> {
    throw(&app, &caller, &wish, false).await
}

async fn throw(app: &App, caller: &Caller, wish: &Wish, off: bool) -> Result<Response, Problem> {
    const NOTHING: Problem = Problem::NotFound("there is nothing of this kind and id");
    caller.demand(app, Right::Switches).await?;
    let reason = reason(&wish.reason)?;
    let what = Switched::parse(&wish.kind, &wish.id);
    let what = what.map_err(|error| Problem::Invalid(error.to_string()))?;
    let failed = |error| Fault::new("throwing a switch", error);
    if off && !app.store.switches.is_known(&what).await.map_err(failed)? {
        return Err(NOTHING);
    }
    let switch = Switch {
        what,
        off,
        by: caller.name.clone(),
        reason: reason.as_str().to_owned(),
        now: caller.now,
    };
    let thrown = app.store.journal.switch(switch, Some(caller.address)).await.map_err(failed)?;
    let thrown = thrown.ok_or(NOTHING)?;
    let body = json!({
        "changed": thrown.changed,
        "sessions": thrown.total.sessions,
        "grants": thrown.total.grants,
    });
    Ok(axum::Json(body).into_response())
}

fn described(standing: &Standing) -> Value {
    json!({
        "kind": standing.what.kind(),
        "id": standing.what.id(),
        "since": standing.since.seconds(),
        "by": standing.by,
        "reason": standing.reason,
    })
}
