//! The page on which an authenticator app is added or replaced.

use axum::{body::Bytes, extract::State, response::Response};
use idp_broker::{Denied, EnrolProblem, TotpStarted};
use idp_domain::Fault;

use super::{Place, change, owner::Owner, passkey::finished, shown};
use crate::{
    App,
    answer::see_other,
    form::single,
    page::context::{
        AccountPage, AppCodeError,
        account::{AddApp, Asked, Done, Picture, Unprinted},
    },
};

/// The field with the name of the ceremony.
const CEREMONY: &str = "ceremony";

/// `GET /account/security/app`: the same secret for as long as it waits for its first code.
pub(crate) async fn show(State(app): State<App>, owner: Owner) -> Response {
    match begun(&app, &owner).await {
        Ok(Ok(started)) => page(&app, &started, None, &owner).await,
        Ok(Err(Denied::Problem(EnrolProblem::Throttled { retry_after }))) => {
            let refusal = idp_domain::Refusal::Throttled { retry_after };
            app.problem(&crate::problem::Trouble::refused(&refusal), &owner.browser.visit)
        }
        Ok(Err(Denied::StepUpNeeded)) => change::first(&app, Asked::AddApp, Place::App, &owner),
        Ok(Err(_)) => see_other(Place::Security.path()),
        Err(fault) => app.faulted(&fault, &owner.browser.visit),
    }
}

/// The ceremony that this browser has begun, or a new one.
async fn begun(app: &App, owner: &Owner) -> Result<Result<TotpStarted, Denied>, Fault> {
    let (live, visit) = (&owner.live, &owner.browser.visit);
    let view = app.broker.account_view(live, visit).await?;
    if !view.rules.totp {
        return Ok(Err(Denied::Unknown));
    }
    if !view.may_change {
        return Ok(Err(Denied::StepUpNeeded));
    }
    if let Some(ceremony) = owner.desk().app().await?
        && let Ok(started) = app.broker.totp_page_for(live, &ceremony, visit).await?
    {
        return Ok(Ok(started));
    }
    let started = app.broker.start_totp_for(live, visit).await?;
    if let Ok(started) = &started {
        owner.desk().keep_app(Some(&started.ceremony)).await?;
    }
    Ok(started)
}

async fn page(
    app: &App,
    started: &TotpStarted,
    error: Option<AppCodeError>,
    owner: &Owner,
) -> Response {
    let view = app.broker.account_view(&owner.live, &owner.browser.visit).await;
    let page = view.map(|view| {
        AccountPage::AddApp(AddApp {
            form: owner.form(Place::App.path()).with(CEREMONY, started.ceremony.as_str()),
            qr: started.page.qr.as_ref().map(Picture::of),
            secret: Unprinted(started.page.secret.expose().clone()),
            uri: Unprinted(started.page.uri.expose().clone()),
            replaces: view.totp,
            error,
            back: Place::Security.path().to_owned(),
        })
    });
    shown(app, page, owner, Place::App)
}

/// `POST /account/security/app`: the first code.
pub(crate) async fn confirm(State(app): State<App>, owner: Owner, body: Bytes) -> Response {
    let fields = match owner.fields(&app, &body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let (live, visit) = (&owner.live, &owner.browser.visit);
    let typed = single(&fields, "code").unwrap_or_default();
    let Some(ceremony) = single(&fields, CEREMONY) else {
        return see_other(Place::App.path());
    };
    match app.broker.add_totp(live, ceremony, typed, visit).await {
        Ok(Ok(added)) => match owner.desk().keep_app(None).await {
            Ok(()) => finished(&app, added, Done::AppAdded, &owner).await,
            Err(fault) => app.faulted(&fault, visit),
        },
        Ok(Err(Denied::Problem(problem))) => {
            let error = match problem {
                EnrolProblem::Throttled { retry_after } => {
                    AppCodeError::Throttled { seconds: retry_after.as_seconds() }
                }
                _ => AppCodeError::Wrong,
            };
            again(&app, ceremony, error, &owner).await
        }
        // The page itself leads to the proof, and begins anew what took too long.
        Ok(Err(Denied::StepUpNeeded | Denied::Unknown)) => see_other(Place::App.path()),
        Err(fault) => app.faulted(&fault, visit),
    }
}

/// The page after a code that was not accepted.
async fn again(app: &App, ceremony: &str, error: AppCodeError, owner: &Owner) -> Response {
    match app.broker.totp_page_for(&owner.live, ceremony, &owner.browser.visit).await {
        Ok(Ok(started)) => page(app, &started, Some(error), owner).await,
        Ok(Err(_)) => see_other(Place::App.path()),
        Err(fault) => app.faulted(&fault, &owner.browser.visit),
    }
}
