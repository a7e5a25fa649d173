//! The form for a user name and a password, and for a passkey instead.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use idp_broker::FactorProblem;
use idp_domain::{
    Inbound, SourceId, Transaction,
    connector::{Form, FormProblem},
    source::SourceKind,
    transaction::Awaiting,
};
use tower_sessions::Session;

use super::{ceremony, follow::Came, shared};
use crate::{
    App,
    form::pairs,
    page::{AttemptError, Form as PageForm, FormTargets, Page, Password, context::PasskeyForm},
    problem::{Trouble, display_name},
    visit::Browser,
};

/// What is shown in the form.
#[derive(Clone, Debug, Default)]
struct Shown {
    username: String,
    error: Option<AttemptError>,
    unknown: Option<String>,
}

/// The page with the form.
pub(crate) fn form(
    app: &App,
    transaction: &Transaction,
    source: &SourceId,
    form: &Form,
    browser: &Browser,
) -> Response {
    let Form::Password { problem, username } = form;
    let error = problem.map(|problem| match problem {
        FormProblem::WrongCredentials => AttemptError::Wrong,
        FormProblem::Throttled { retry_after } | FormProblem::Busy { retry_after } => {
            AttemptError::Throttled { seconds: retry_after.as_seconds() }
        }
    });
    let shown = Shown { username: username.clone(), error, unknown: None };
    page(app, transaction, source, shown, browser)
}

/// The page with the form, after a passkey that was not accepted.
pub(crate) fn after_passkey(
    app: &App,
    transaction: &Transaction,
    source: &SourceId,
    problem: FactorProblem,
    browser: &Browser,
) -> Response {
    let error = match &problem {
        FactorProblem::Wrong | FactorProblem::Passkey => AttemptError::Passkey,
        FactorProblem::UnknownPasskey { .. } => AttemptError::UnknownPasskey,
        FactorProblem::Expired => AttemptError::Late,
        FactorProblem::Throttled { retry_after } => {
            AttemptError::Throttled { seconds: retry_after.as_seconds() }
        }
    };
    let unknown = match problem {
        FactorProblem::UnknownPasskey { credential } => Some(credential),
        _ => None,
    };
    let shown = Shown { error: Some(error), unknown, ..Shown::default() };
    page(app, transaction, source, shown, browser)
}

fn page(
    app: &App,
    transaction: &Transaction,
    source: &SourceId,
    shown: Shown,
    browser: &Browser,
) -> Response {
    let Shown { username, error, unknown } = shown;
    let visit = &browser.visit;
    let catalog = app.broker.catalog();
    let party = catalog.relying_party(transaction.relying_party());
    let Some(agency) = app.row_of(source, visit.lang) else {
        let refusal = idp_domain::Refusal::SourceDisabled;
        return app.problem(&Trouble::refused(&refusal).of(transaction.relying_party()), visit);
    };
    let here = format!("/login/{}", transaction.id);
    let several = party.is_some_and(|party| catalog.candidates(party).len() > 1);
    // Accounts elsewhere have no passkeys that would sign somebody in here.
    let ours = is_local(app, source);
    let page = Page::Password(Password {
        form: PageForm::to(format!("{here}/password")),
        agency,
        service: party.map(|party| display_name(party, visit.lang)),
        username,
        shared: transaction.shared,
        passkey: ours
            .then(|| PasskeyForm { unknown, ..app.passkey_form(&format!("{here}/passkey")) }),
        error,
        other_agency: several.then(|| format!("{here}/choose")),
        targets: FormTargets::own(),
    });
    app.page_for(&page, browser, &here)
}

/// Whether the accounts of `source` are ours.
pub(crate) fn is_local(app: &App, source: &SourceId) -> bool {
    let catalog = app.broker.catalog();
    catalog.source(source).is_some_and(|found| found.source.kind == SourceKind::Local)
}

/// `POST /login/{transaction}/password`
pub(crate) async fn sign_in(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    mut browser: Browser,
    body: Bytes,
) -> Response {
    let mut opened = match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let visit = &browser.visit;
    let Awaiting::Source(asked) = &opened.transaction.awaiting else {
        return app.overtaken(&opened, &browser).await;
    };
    let (source, correlator) = (asked.source.clone(), asked.correlator.clone());
    let Some(fields) = pairs(&body) else {
        return app.inbound_rejected(&source, "malformed", visit).await;
    };
    opened.transaction.shared = shared::is_ticked(&fields);
    let reply = Inbound {
        query: Vec::new(),
        form: fields,
        certificate: None,
        address: visit.address,
        now: visit.now,
    };
    let turn = app.broker.resume(opened, &source, &correlator, reply, visit).await;
    app.follow_or_fault(turn, Came::ByForm, &browser, &cookie).await
}

/// `POST /login/{transaction}/passkey/start`
pub(crate) async fn start_passkey(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    cookie: Session,
    mut browser: Browser,
    body: Bytes,
) -> Response {
    let Some(beginning) = ceremony::beginning(&headers, &body) else {
        return ceremony::malformed();
    };
    let opened = match ceremony::open(&app, &id, &mut browser, &cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let (here, autofill) = (format!("/login/{}", opened.transaction.id), beginning.autofill);
    let begun = app.broker.start_passkey_sign_in(&opened, autofill, &browser.visit).await;
    ceremony::started(&app, begun, &here, &browser)
}

/// `POST /login/{transaction}/passkey/finish`
pub(crate) async fn finish_passkey(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    mut browser: Browser,
    body: Bytes,
) -> Response {
    let mut opened = match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let visit = &browser.visit;
    let fields = pairs(&body).unwrap_or_default();
    let Some(done) = ceremony::answer(&fields) else {
        let Awaiting::Source(asked) = &opened.transaction.awaiting else {
            return app.overtaken(&opened, &browser).await;
        };
        let shown = Shown { error: Some(AttemptError::Script), ..Shown::default() };
        return page(&app, &opened.transaction, &asked.source, shown, &browser);
    };
    opened.transaction.shared = shared::is_ticked(&fields);
    let turn = app.broker.sign_in_with_passkey(opened, done.ceremony, done.answer, visit).await;
    app.follow_or_fault(turn, Came::ByForm, &browser, &cookie).await
}
