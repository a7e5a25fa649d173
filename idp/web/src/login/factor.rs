//! The page on which a person proves a factor, and what comes from it.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use idp_broker::{FactorPage, FactorProblem, Next, Turn};
use idp_domain::{AgencyId, FactorKind, Fault, Transaction};
use tower_sessions::Session;

use super::{ceremony, follow::Came};
use crate::{
    App,
    form::{pairs, single},
    page::{
        DisplayName, Form, FormTargets, Page,
        context::{Factor, FactorError, PasskeyForm},
    },
    problem::display_name,
    visit::Browser,
};

/// The page. `wrong` says which field a wrong proof was typed into.
pub(crate) fn page(
    app: &App,
    transaction: &Transaction,
    asked: &FactorPage,
    wrong: FactorError,
    browser: &Browser,
) -> Response {
    let error = asked.problem.as_ref().map(|problem| error_of(problem, wrong));
    shown(app, transaction, asked, error, browser)
}

fn shown(
    app: &App,
    transaction: &Transaction,
    asked: &FactorPage,
    error: Option<FactorError>,
    browser: &Browser,
) -> Response {
    let here = format!("/login/{}", transaction.id);
    let offered = |kind| asked.kinds.contains(&kind);
    let form = |to: &str| Form::to(format!("{here}/factor/{to}"));
    let page = Page::Factor(Factor {
        asker: app.asker(transaction, &asked.agency, asked.by_agency, browser),
        passkey: offered(FactorKind::Passkey).then(|| PasskeyForm {
            unknown: match &asked.problem {
                Some(FactorProblem::UnknownPasskey { credential }) => Some(credential.clone()),
                _ => None,
            },
            ..app.passkey_form(&format!("{here}/factor/passkey"))
        }),
        code: offered(FactorKind::Totp).then(|| form("code")),
        recovery: offered(FactorKind::RecoveryCode).then(|| form("code")),
        pass: asked.pass.then(|| form("pass")),
        without: asked.optional.then(|| form("without")),
        // What others use remembers nobody.
        remember_days: asked.can_remember.filter(|_| !transaction.shared),
        error,
        other_agency: format!("{here}/choose"),
        targets: FormTargets::own(),
    });
    app.page_for(&page, browser, &here)
}

fn error_of(problem: &FactorProblem, wrong: FactorError) -> FactorError {
    match problem {
        FactorProblem::Wrong => wrong,
        FactorProblem::Passkey => FactorError::Passkey,
        FactorProblem::UnknownPasskey { .. } => FactorError::UnknownPasskey,
        FactorProblem::Throttled { retry_after } => {
            FactorError::Throttled { seconds: retry_after.as_seconds() }
        }
        FactorProblem::Expired => FactorError::Late,
    }
}

impl App {
    /// Who asks for a proof: the relying party, or the person's agency.
    pub(crate) fn asker(
        &self,
        transaction: &Transaction,
        agency: &AgencyId,
        by_agency: bool,
        browser: &Browser,
    ) -> DisplayName {
        let (catalog, lang) = (self.broker.catalog(), browser.visit.lang);
        let party = catalog.relying_party(transaction.relying_party());
        if let Some(party) = party.filter(|_| !by_agency) {
            return display_name(party, lang);
        }
        let names = catalog.agency(agency).map(|agency| &agency.names);
        let name = names.and_then(|names| names.text(lang)).unwrap_or_default();
        DisplayName::new(name, agency.as_str())
    }

    /// The form of a ceremony whose two steps are at `under`.
    pub(crate) fn passkey_form(&self, under: &str) -> PasskeyForm {
        PasskeyForm {
            form: Form::to(format!("{under}/finish")),
            start: format!("{under}/start"),
            rp: self.broker.site().id().to_owned(),
            unknown: None,
        }
    }

    /// The page again after a proof that was not accepted; the next step after one that was.
    async fn after_proof(
        &self,
        turn: Result<Turn, Fault>,
        wrong: FactorError,
        browser: &Browser,
        cookie: &Session,
    ) -> Response {
        if let Ok(Turn { transaction, next: Next::Prove(asked), kept: true }) = &turn
            && asked.problem.is_some()
        {
            return page(self, transaction, asked, wrong, browser);
        }
        self.follow_or_fault(turn, Came::ByForm, browser, cookie).await
    }
}

/// `POST /login/{transaction}/factor/code`: a code of an app in the field `code`, or a recovery
/// code in the field `recovery`.
pub(crate) async fn code(
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
    let fields = pairs(&body).unwrap_or_default();
    let (kind, typed, wrong) = match (single(&fields, "code"), single(&fields, "recovery")) {
        (Some(typed), None) => (FactorKind::Totp, typed, FactorError::Code),
        (None, Some(typed)) => (FactorKind::RecoveryCode, typed, FactorError::Recovery),
        _ => return app.malformed(&browser).await,
    };
    let shared = opened.transaction.shared;
    let remember = single(&fields, "remember") == Some("yes") && !shared;
    let turn = app.broker.prove_code(opened, kind, typed, remember, &browser.visit).await;
    app.after_proof(turn, wrong, &browser, &cookie).await
}

/// `POST /login/{transaction}/factor/pass`
pub(crate) async fn pass(
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
    let fields = pairs(&body).unwrap_or_default();
    let Some(typed) = single(&fields, "pass") else { return app.malformed(&browser).await };
    let turn = app.broker.use_pass(opened, typed, &browser.visit).await;
    app.after_proof(turn, FactorError::Pass, &browser, &cookie).await
}

/// `POST /login/{transaction}/factor/without`: the person goes on without a factor.
pub(crate) async fn without(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    mut browser: Browser,
) -> Response {
    let opened = match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let turn = app.broker.go_without(opened, &browser.visit).await;
    app.follow_or_fault(turn, Came::ByForm, &browser, &cookie).await
}

/// `POST /login/{transaction}/factor/passkey/start`
pub(crate) async fn start(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    cookie: Session,
    mut browser: Browser,
    body: Bytes,
) -> Response {
    if ceremony::beginning(&headers, &body).is_none() {
        return ceremony::malformed();
    }
    let opened = match ceremony::open(&app, &id, &mut browser, &cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let here = format!("/login/{}", opened.transaction.id);
    let begun = app.broker.start_passkey_proof(&opened, &browser.visit).await;
    ceremony::started(&app, begun, &here, &browser)
}

/// `POST /login/{transaction}/factor/passkey/finish`
pub(crate) async fn finish(
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
    let fields = pairs(&body).unwrap_or_default();
    let Some(done) = ceremony::answer(&fields) else {
        return without_script(&app, &opened.transaction, &browser).await;
    };
    let turn = app.broker.prove_passkey(opened, done.ceremony, done.answer, &browser.visit).await;
    app.after_proof(turn, FactorError::Passkey, &browser, &cookie).await
}

/// The page for somebody whose browser sent the form by itself: no script ran.
async fn without_script(app: &App, transaction: &Transaction, browser: &Browser) -> Response {
    match app.broker.factor_page(transaction, &browser.visit) {
        Ok(Some(asked)) => shown(app, transaction, &asked, Some(FactorError::Script), browser),
        Ok(None) => app.overtaken_by(transaction, browser).await,
        Err(fault) => app.faulted(&fault, &browser.visit),
    }
}
