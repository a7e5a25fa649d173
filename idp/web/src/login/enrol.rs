//! The pages on which a person sets up a factor in the middle of a login, and what comes from them.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use idp_broker::{EnrolPage, EnrolProblem, Next, TotpPage, Turn};
use idp_domain::{FactorKind, Fault, Transaction};
use tower_sessions::Session;

use super::{ceremony, follow::Came};
use crate::{
    App,
    answer::see_other,
    form::{pairs, single},
    page::{
        DisplayName, Form, FormTargets, Page,
        context::{
            AppCodeError, Enrol, EnrolApp, EnrolChoice, EnrolPasskey, PasskeyError, RecoveryCodes,
            account::{Picture, Unprinted},
        },
    },
    visit::Browser,
};

/// Which of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The choice, where there is one.
    Choice,
    /// The page for a passkey.
    Passkey,
    /// The page for an app.
    App,
}

/// The page of a login that waits for an enrolment.
pub(crate) async fn show(app: &App, transaction: &Transaction, browser: &Browser) -> Response {
    at(app, transaction, Place::Choice, browser).await
}

async fn at(app: &App, transaction: &Transaction, place: Place, browser: &Browser) -> Response {
    match app.broker.enrol_page(transaction, &browser.visit) {
        Ok(Some(asked)) => page(app, transaction, &asked, place, browser),
        Ok(None) if place == Place::Choice => app.overtaken_by(transaction, browser).await,
        // The person went back in the browser: the login has gone on.
        Ok(None) => see_other(&format!("/login/{}", transaction.id)),
        Err(fault) => app.faulted(&fault, &browser.visit),
    }
}

fn page(
    app: &App,
    transaction: &Transaction,
    step: &EnrolPage,
    place: Place,
    browser: &Browser,
) -> Response {
    let here = format!("/login/{}", transaction.id);
    if let Some(codes) = &step.codes {
        let page = Page::RecoveryCodes(RecoveryCodes {
            codes: codes.iter().map(|code| Unprinted(code.to_owned())).collect(),
            form: Form::to(format!("{here}/enrol/codes")),
            targets: FormTargets::own(),
        });
        return app.page_for(&page, browser, &here);
    }
    let offers = Offers::of(step, &here);
    // What nobody has to set up, the agency alone recommends.
    let by_agency = step.by_agency || step.optional;
    let asker = || app.asker(transaction, &step.agency, by_agency, browser);
    match (place, &step.totp) {
        (Place::App, Some(totp)) => {
            let here = format!("{here}/enrol/app");
            let error = step.problem.as_ref().map(code_error);
            app.page_for(&app_page(totp, error, offers, &here), browser, &here)
        }
        (Place::Passkey, _) if offers.passkey => {
            let error = step.problem.as_ref().map(passkey_error);
            passkey_page(app, error, offers, &here, None, browser)
        }
        (Place::Choice, _) if offers.passkey && offers.app.is_none() => {
            passkey_page(app, None, offers, &here, Some(asker()), browser)
        }
        (Place::Choice, _) => {
            let page = Page::Enrol(Enrol::Choice(EnrolChoice {
                asker: asker(),
                passkey: offers.passkey.then(|| format!("{here}/enrol/passkey")),
                app: offers.app,
                later: offers.later,
                other_agency: offers.other_agency,
                targets: FormTargets::own(),
            }));
            app.page_for(&page, browser, &here)
        }
        // An app that was not begun here, or a kind that is not enough.
        (Place::App | Place::Passkey, _) => see_other(&here),
    }
}

/// What may be set up, and the ways besides.
struct Offers {
    passkey: bool,
    app: Option<Form>,
    later: Option<Form>,
    other_agency: String,
}

impl Offers {
    fn of(asked: &EnrolPage, here: &str) -> Self {
        let offered = |kind| asked.kinds.contains(&kind);
        let form = |to: &str| Form::to(format!("{here}/enrol/{to}"));
        Self {
            passkey: offered(FactorKind::Passkey),
            app: offered(FactorKind::Totp).then(|| form("app/start")),
            later: asked.optional.then(|| form("later")),
            other_agency: format!("{here}/choose"),
        }
    }
}

fn passkey_page(
    app: &App,
    error: Option<PasskeyError>,
    offers: Offers,
    login: &str,
    asker: Option<DisplayName>,
    browser: &Browser,
) -> Response {
    let here = format!("{login}/enrol/passkey");
    let page = Page::Enrol(Enrol::Passkey(EnrolPasskey {
        asker,
        passkey: app.passkey_form(&here),
        name: browser.visit.browser.clone(),
        error,
        app: offers.app,
        later: offers.later,
        other_agency: offers.other_agency,
        targets: FormTargets::own(),
    }));
    app.page_for(&page, browser, &here)
}

fn app_page(totp: &TotpPage, error: Option<AppCodeError>, offers: Offers, here: &str) -> Page {
    let picture = |qr: &idp_factors::totp::QrDrawing| Picture {
        side: qr.side(),
        path: Unprinted(qr.path().to_owned()),
    };
    let beside = here.strip_suffix("/app").unwrap_or(here);
    Page::Enrol(Enrol::App(EnrolApp {
        form: Form::to(here),
        qr: totp.qr.as_ref().map(picture),
        secret: Unprinted(totp.secret.expose().clone()),
        uri: Unprinted(totp.uri.expose().clone()),
        error,
        passkey: offers.passkey.then(|| format!("{beside}/passkey")),
        other_agency: offers.other_agency,
        targets: FormTargets::own(),
    }))
}

/// The page's word for it.
pub(crate) fn passkey_error(problem: &EnrolProblem) -> PasskeyError {
    match problem {
        EnrolProblem::Wrong | EnrolProblem::Passkey => PasskeyError::Refused,
        EnrolProblem::NotAllowed => PasskeyError::NotAllowed,
        EnrolProblem::AlreadyRegistered => PasskeyError::Known,
        EnrolProblem::Name => PasskeyError::Name,
        EnrolProblem::Expired => PasskeyError::Late,
        EnrolProblem::Throttled { retry_after } => {
            PasskeyError::Throttled { seconds: retry_after.as_seconds() }
        }
    }
}

fn code_error(problem: &EnrolProblem) -> AppCodeError {
    match problem {
        EnrolProblem::Throttled { retry_after } => {
            AppCodeError::Throttled { seconds: retry_after.as_seconds() }
        }
        _ => AppCodeError::Wrong,
    }
}

impl App {
    /// The page at `place` again after what was not accepted there; the next step otherwise.
    async fn after_enrolment(
        &self,
        turn: Result<Turn, Fault>,
        place: Place,
        browser: &Browser,
        cookie: &Session,
    ) -> Response {
        if let Ok(Turn { transaction, next: Next::Enrol(asked), kept: true }) = &turn
            && asked.problem.is_some()
        {
            return page(self, transaction, asked, place, browser);
        }
        self.follow_or_fault(turn, Came::ByForm, browser, cookie).await
    }
}

/// `GET /login/{transaction}/enrol/passkey`
pub(crate) async fn passkey(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    mut browser: Browser,
) -> Response {
    match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => at(&app, &opened.transaction, Place::Passkey, &browser).await,
        Err(response) => response,
    }
}

/// `POST /login/{transaction}/enrol/passkey/start`
pub(crate) async fn start_passkey(
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
    let begun = app.broker.start_passkey_enrolment(&opened, &browser.visit).await;
    ceremony::started(&app, begun, &here, &browser)
}

/// `POST /login/{transaction}/enrol/passkey/finish`
pub(crate) async fn finish_passkey(
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
    let fields = pairs(&body).unwrap_or_default();
    let name = single(&fields, "name").unwrap_or_default();
    let Some(done) = ceremony::answer(&fields) else {
        return without_script(&app, &opened.transaction, &browser);
    };
    let turn = app.broker.enrol_passkey(opened, done.ceremony, done.answer, name, visit).await;
    app.after_enrolment(turn, Place::Passkey, &browser, &cookie).await
}

/// The page for somebody whose browser sent the form by itself: no script ran.
fn without_script(app: &App, transaction: &Transaction, browser: &Browser) -> Response {
    let here = format!("/login/{}", transaction.id);
    match app.broker.enrol_page(transaction, &browser.visit) {
        Ok(Some(asked)) if asked.codes.is_none() => {
            let offers = Offers::of(&asked, &here);
            passkey_page(app, Some(PasskeyError::Script), offers, &here, None, browser)
        }
        Ok(_) => see_other(&here),
        Err(fault) => app.faulted(&fault, &browser.visit),
    }
}

/// `POST /login/{transaction}/enrol/app/start`
pub(crate) async fn start_app(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    mut browser: Browser,
) -> Response {
    let opened = match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let there = format!("/login/{}/enrol/app", opened.transaction.id);
    let turn = app.broker.start_totp(opened, &browser.visit).await;
    if let Ok(Turn { next: Next::Enrol(EnrolPage { totp: Some(_), .. }), kept: true, .. }) = &turn {
        return see_other(&there);
    }
    app.follow_or_fault(turn, Came::ByForm, &browser, &cookie).await
}

/// `GET /login/{transaction}/enrol/app`
pub(crate) async fn app(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    mut browser: Browser,
) -> Response {
    match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => at(&app, &opened.transaction, Place::App, &browser).await,
        Err(response) => response,
    }
}

/// `POST /login/{transaction}/enrol/app`
pub(crate) async fn finish_app(
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
    let Some(typed) = single(&fields, "code") else { return app.malformed(&browser).await };
    let turn = app.broker.enrol_totp(opened, typed, &browser.visit).await;
    app.after_enrolment(turn, Place::App, &browser, &cookie).await
}

/// `POST /login/{transaction}/enrol/later`
pub(crate) async fn later(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    mut browser: Browser,
) -> Response {
    let opened = match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let turn = app.broker.enrol_later(opened, &browser.visit).await;
    app.follow_or_fault(turn, Came::ByForm, &browser, &cookie).await
}

/// `POST /login/{transaction}/enrol/codes`: the person says that the codes are kept.
pub(crate) async fn kept(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    mut browser: Browser,
) -> Response {
    let opened = match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let turn = app.broker.codes_kept(opened, &browser.visit).await;
    app.follow_or_fault(turn, Came::ByForm, &browser, &cookie).await
}
