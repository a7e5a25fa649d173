//! What somebody has enrolled: shown without any secret, and removed.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use idp_broker::{DeskRefusal, PasskeyShown, ResetBy, ShownFactors};
use idp_domain::Lang;
use idp_factors::webauthn::{Aaguid, mds::Models};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    caller::Caller,
    problem::Problem,
    read::{Body, reason},
    role::Right,
};
use crate::App;

/// `GET /api/v1/accounts/{account}/factors`
pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(account): Path<String>,
) -> Result<Response, Problem> {
    caller.demand(&app, Right::ShowFactors).await?;
    let person = caller.person(&app, &account).await?;
    let shown = app.desk.show_factors(&person.account.id, caller.now).await?;
    let shown = shown.ok_or(Problem::NotFound("there is no such account"))?;
    Ok(axum::Json(described(&shown, app.broker.models())).into_response())
}

/// What is to be removed, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reset {
    reason: String,
    #[serde(default = "yes")]
    must_enrol: bool,
}

fn yes() -> bool {
    true
}

/// `POST /api/v1/accounts/{account}/factors/reset`
pub(crate) async fn reset(
    State(app): State<App>,
    caller: Caller,
    Path(account): Path<String>,
    Body(wish): Body<Reset>,
) -> Result<Response, Problem> {
    caller.demand(&app, Right::ResetFactors).await?;
    let reason = reason(&wish.reason)?;
    let person = caller.person(&app, &account).await?;
    let reset = ResetBy {
        account: person.account.id,
        by: caller.name.clone(),
        reason,
        must_enrol: wish.must_enrol,
        lang: Lang::En,
        now: caller.now,
    };
    match app.desk.reset_factors(&reset).await? {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(refusal) => Err(refused(refusal)),
    }
}

/// What a help desk's refusal is here.
pub(super) fn refused(refusal: DeskRefusal) -> Problem {
    match refusal {
        DeskRefusal::Unknown => Problem::NotFound("there is no such account or access pass"),
        DeskRefusal::SamePerson => Problem::Conflict("whoever issued a pass does not approve it"),
        DeskRefusal::Over => Problem::Conflict("the pass is over, was used or needs no approval"),
    }
}

fn described(shown: &ShownFactors, models: &Models) -> Value {
    let passkey = |passkey: &PasskeyShown| {
        let model = Aaguid::try_from(passkey.model.clone()).ok();
        json!({
            "id": passkey.credential,
            "name": passkey.name,
            "model": passkey.model,
            "model_name": model.and_then(|model| models.name(model)),
            "compromise": model.and_then(|model| models.compromise(model)),
            "synced": passkey.synced,
            "hardware": passkey.hardware,
            "created_at": passkey.created_at.seconds(),
            "last_used_at": passkey.last_used_at.map(idp_domain::Timestamp::seconds),
        })
    };
    json!({
        "passkeys": shown.passkeys.iter().map(passkey).collect::<Vec<_>>(),
        "totp_since": shown.totp_since.map(idp_domain::Timestamp::seconds),
        "recovery_codes": shown.recovery_codes,
        "devices": shown.devices,
        "must_enrol": shown.must_enrol,
    })
}
