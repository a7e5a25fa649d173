//! Access passes: a help desk gives them to its own agency's people, and approves those of others
//! at the same desk.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use idp_broker::IssuePass;
use idp_domain::{AccessPassId, AgencyId, Fault, Lang};
use idp_factors::access_pass::PassLife;
use idp_store::factors::passes::StoredPass;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    caller::Caller,
    factors::refused,
    problem::Problem,
    read::{Body, reason},
    role::Right,
};
use crate::App;

/// What pass is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    reason: String,
    minutes: u32,
}

/// `POST /api/v1/accounts/{account}/access-passes`
pub(crate) async fn issue(
    State(app): State<App>,
    caller: Caller,
    Path(account): Path<String>,
    Body(wish): Body<Wish>,
) -> Result<Response, Problem> {
    let agency = desk(&app, &caller).await?;
    let reason = reason(&wish.reason)?;
    let life = PassLife::minutes(wish.minutes);
    let life = life.map_err(|error| Problem::Invalid(format!("minutes: {error}")))?;
    let person = caller.person(&app, &account).await?;
    let known = app.broker.catalog().agency(&agency).cloned();
    let known = known.ok_or(Problem::NotFound("the agency of this token is not there any more"))?;
    let pass = IssuePass {
        account: person.account.id,
        agency,
        needs_approval: known.factors.approve_access_passes,
        by: caller.name.clone(),
        reason,
        life,
        lang: Lang::En,
        now: caller.now,
    };
    let issued = app.desk.issue_access_pass(&pass).await?.map_err(refused)?;
    let body = json!({
        "id": issued.id.as_str(),
        "pass": issued.shown.expose(),
        "expires_at": issued.expires_at.seconds(),
        "needs_approval": issued.needs_approval,
    });
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

/// `GET /api/v1/access-passes`: those that wait for an approval.
pub(crate) async fn pending(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let agency = desk(&app, &caller).await?;
    let pending = app.store.access_passes.pending(Some(&agency), caller.now).await;
    let pending = pending.map_err(|error| Fault::new("listing access passes", error))?;
    let pending: Vec<_> = pending.iter().map(described).collect();
    Ok(axum::Json(json!({ "access_passes": pending })).into_response())
}

/// `POST /api/v1/access-passes/{pass}/approve`
pub(crate) async fn approve(
    State(app): State<App>,
    caller: Caller,
    Path(pass): Path<String>,
) -> Result<Response, Problem> {
    const NONE: Problem = Problem::NotFound("there is no such access pass");
    let agency = desk(&app, &caller).await?;
    let id: AccessPassId = pass.parse().map_err(|_| NONE)?;
    let found = app.store.access_passes.find(&id).await;
    let found = found.map_err(|error| Fault::new("finding an access pass", error))?.ok_or(NONE)?;
    if found.agency != agency {
        caller.deny(&app, "agency", Some(&found.account)).await?;
        return Err(NONE);
    }
    match app.desk.approve_access_pass(&id, &caller.name, caller.now).await? {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(refusal) => {
            caller.deny(&app, "approval", Some(&found.account)).await?;
            Err(refused(refusal))
        }
    }
}

/// The agency whose help desk calls.
async fn desk(app: &App, caller: &Caller) -> Result<AgencyId, Problem> {
    caller.demand(app, Right::IssuePasses).await?;
    caller.agency().cloned().ok_or(Problem::Forbidden)
}

fn described(pass: &StoredPass) -> Value {
    json!({
        "id": pass.id.as_str(),
        "account": pass.account.as_str(),
        "reason": pass.reason,
        "issued_by": pass.issued_by,
        "issued_at": pass.issued_at.seconds(),
        "expires_at": pass.expires_at.seconds(),
    })
}
