//! The form for a user name and a password.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use idp_domain::{
    Inbound, SourceId, Transaction,
    connector::{Form, FormProblem},
    transaction::Awaiting,
};
use tower_sessions::Session;

use super::follow::Came;
use crate::{
    App,
    form::pairs,
    page::{AttemptError, Form as PageForm, FormTargets, Page, Password},
    problem::{Trouble, display_name},
    visit::Browser,
};

/// The page with the form.
pub(crate) fn form(
    app: &App,
    transaction: &Transaction,
    source: &SourceId,
    form: &Form,
    browser: &Browser,
) -> Response {
    let Form::Password { problem, username } = form;
    let visit = &browser.visit;
    let catalog = app.broker.catalog();
    let party = catalog.relying_party(transaction.relying_party());
    let Some(agency) = app.row_of(source, visit.lang) else {
        let refusal = idp_domain::Refusal::SourceDisabled;
        return app.problem(&Trouble::refused(&refusal).of(transaction.relying_party()), visit);
    };
    let here = format!("/login/{}", transaction.id);
    let several = party.is_some_and(|party| catalog.candidates(party).len() > 1);
    let error = problem.map(|problem| match problem {
        FormProblem::WrongCredentials => AttemptError::Wrong,
        FormProblem::Throttled { retry_after } | FormProblem::Busy { retry_after } => {
            AttemptError::Throttled { seconds: retry_after.as_seconds() }
        }
    });
    let page = Page::Password(Password {
        form: PageForm::to(format!("{here}/password")),
        agency,
        service: party.map(|party| display_name(party, visit.lang)),
        username: username.clone(),
        error,
        other_agency: several.then(|| format!("{here}/choose")),
        targets: FormTargets::own(),
    });
    app.page_for(&page, browser, &here)
}

/// `POST /login/{transaction}/password`
pub(crate) async fn sign_in(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    mut browser: Browser,
    body: Bytes,
) -> Response {
    let opened = match app.open(&id, &mut browser, &cookie).await {
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
