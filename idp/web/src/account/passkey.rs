//! The page on which a passkey is added, and the two steps of its ceremony.

use axum::{body::Bytes, extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use idp_broker::{Added, Denied, SessionChange};
use idp_domain::Fault;
use tower_sessions::Session;

use super::{Place, change, codes, owner::Owner, shown};
use crate::{
    App,
    answer::{add_cookie, see_other},
    cookies,
    form::single,
    login::{ceremony, enrol::passkey_error},
    page::context::{
        AccountPage, PasskeyError, PasskeyForm,
        account::{AddPasskey, Asked, Done},
    },
    visit::Browser,
};

/// `GET /account/security/passkey`
pub(crate) async fn show(State(app): State<App>, owner: Owner) -> Response {
    match app.broker.account_view(&owner.live, &owner.browser.visit).await {
        Ok(view) if view.may_change => page(&app, None, &owner),
        Ok(_) => change::first(&app, Asked::AddPasskey, Place::Passkey, &owner),
        Err(fault) => app.faulted(&fault, &owner.browser.visit),
    }
}

fn page(app: &App, problem: Option<PasskeyError>, owner: &Owner) -> Response {
    let form = app.passkey_form(Place::Passkey.path());
    let page = AddPasskey {
        passkey: PasskeyForm { form: owner.form(&form.form.action), ..form },
        name: owner.browser.visit.browser.clone(),
        problem,
        back: Place::Security.path().to_owned(),
    };
    shown(app, Ok(AccountPage::AddPasskey(page)), owner, Place::Passkey)
}

/// `POST /account/security/passkey/start`, by the script.
pub(crate) async fn start(
    State(app): State<App>,
    headers: HeaderMap,
    _cookie: Session,
    browser: Browser,
    body: Bytes,
) -> Response {
    if ceremony::beginning(&headers, &body).is_none() {
        return ceremony::malformed();
    }
    let visit = &browser.visit;
    let Some(live) = &visit.session else {
        return ceremony::not(
            StatusCode::UNAUTHORIZED,
            "login_needed",
            Some(Place::Passkey.path()),
        );
    };
    match app.broker.start_passkey_for(live, visit).await {
        Ok(Ok(started)) => ceremony::begun(started),
        Ok(Err(Denied::StepUpNeeded)) => {
            ceremony::not(StatusCode::FORBIDDEN, "step_up_required", Some(Place::Passkey.path()))
        }
        Ok(Err(Denied::Problem(_))) => {
            ceremony::not(StatusCode::TOO_MANY_REQUESTS, "throttled", None)
        }
        Ok(Err(Denied::Unknown)) => ceremony::not(StatusCode::CONFLICT, "unknown", None),
        Err(fault) => ceremony::faulted(&app, &fault, &browser),
    }
}

/// `POST /account/security/passkey/finish`
pub(crate) async fn finish(State(app): State<App>, owner: Owner, body: Bytes) -> Response {
    let fields = match owner.fields(&app, &body).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let Some(done) = ceremony::answer(&fields) else {
        return page(&app, Some(PasskeyError::Script), &owner);
    };
    let (live, visit) = (&owner.live, &owner.browser.visit);
    let name = single(&fields, "name").unwrap_or_default();
    match app.broker.add_passkey(live, done.ceremony, done.answer, name, visit).await {
        Ok(Ok(added)) => finished(&app, added, Done::PasskeyAdded, &owner).await,
        // The page itself leads to the proof.
        Ok(Err(Denied::StepUpNeeded)) => see_other(Place::Passkey.path()),
        Ok(Err(Denied::Problem(problem))) => page(&app, Some(passkey_error(&problem)), &owner),
        Ok(Err(Denied::Unknown)) => page(&app, Some(PasskeyError::Late), &owner),
        Err(fault) => app.faulted(&fault, visit),
    }
}

/// The page after a factor was added: the codes that came with it, or all factors. The browser
/// keeps the session under its new handle.
pub(super) async fn finished(app: &App, added: Added, done: Done, owner: &Owner) -> Response {
    let said: Result<(), Fault> = owner.desk().done(done).await;
    let mut response = match (said, added.codes) {
        (Err(fault), _) => app.faulted(&fault, &owner.browser.visit),
        (Ok(()), Some(made)) => codes(app, &made, owner),
        (Ok(()), None) => see_other(Place::Security.path()),
    };
    if let SessionChange::Set(handle) = added.session {
        let life = (!owner.live.session.shared).then_some(app.session_life);
        add_cookie(&mut response, cookies::set_session(&app.cookies, &handle, life));
    }
    response
}
