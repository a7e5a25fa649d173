//! The choice of an agency: by mail address, by search, from the list, or as remembered.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use http::Uri;
use idp_domain::{AgencyId, SourceId, Transaction, agency::Domain, policy::Candidate};
use tower_sessions::Session;

use super::follow::Came;
use crate::{
    App,
    answer::{add_cookie, see_other},
    cookies,
    form::{pairs, single},
    page::{
        AgencyRow, Choose, Form, FormTargets, Page,
        context::{EmailBox, EmailError, Listing, SharedBox},
    },
    problem::{Trouble, display_name},
    visit::Browser,
};

/// Agencies on one page.
const PAGE: usize = 50;

/// What was typed into the box for a mail address, and what was wrong with it.
pub(crate) struct Typed {
    address: String,
    error: EmailError,
}

/// The page.
pub(crate) fn page(
    app: &App,
    transaction: &Transaction,
    query: Option<&str>,
    typed: Option<Typed>,
    browser: &Browser,
) -> Response {
    let visit = &browser.visit;
    let catalog = app.broker.catalog();
    let Some(party) = catalog.relying_party(transaction.relying_party()) else {
        let refusal = idp_domain::Refusal::RelyingPartyDisabled;
        return app.problem(&Trouble::refused(&refusal), visit);
    };
    let candidates = catalog.candidates(party);
    let here = format!("/login/{}/choose", transaction.id);
    let registry = app.registry.load();
    let query = pairs(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let open: std::collections::HashSet<&AgencyId> =
        candidates.iter().map(|candidate| &candidate.agency).collect();
    let agency = single(&query, "agency").and_then(|id| id.parse::<AgencyId>().ok());
    let listing = if let Some(agency) = agency.as_ref().filter(|agency| open.contains(agency)) {
        sources_of(app, agency, &candidates, transaction, browser)
    } else {
        let from = single(&query, "from").and_then(|from| from.parse().ok()).unwrap_or(0);
        let text = single(&query, "q").unwrap_or_default();
        let slice = registry.directory.slice(
            visit.lang,
            text,
            single(&query, "letter"),
            from,
            PAGE,
            |agency| open.contains(agency),
        );
        let href = |agency: &AgencyId| format!("/login/{}/agency/{agency}", transaction.id);
        Listing::new(&slice, visit.lang, &here, href)
    };
    let remembered: Vec<_> = browser
        .jar
        .sources
        .iter()
        .filter(|source| candidates.iter().any(|candidate| candidate.source == **source))
        .filter_map(|source| {
            let row = app.row_of(source, visit.lang)?;
            Some(AgencyRow { href: format!("/login/{}/source/{source}", transaction.id), ..row })
        })
        .collect();
    let form = Form::to(format!("/login/{}/email", transaction.id));
    let email = match typed {
        Some(Typed { address, error }) => EmailBox { form, address, error: Some(error) },
        None => EmailBox {
            form,
            address: transaction.request.hints.login.clone().unwrap_or_default(),
            error: None,
        },
    };
    let forget =
        (!remembered.is_empty()).then(|| Form::to(format!("/login/{}/forget", transaction.id)));
    let (agencies, _, _) = catalog.counts();
    let page = Page::Choose(Choose {
        service: Some(display_name(party, visit.lang)),
        remembered,
        forget,
        email,
        search: Form::to(here.clone()),
        listing,
        shared: SharedBox {
            form: Form::to(format!("/login/{}/shared", transaction.id)),
            shared: transaction.shared,
        },
        restricted: open.len() < agencies,
        targets: FormTargets::own(),
    });
    app.page_for(&page, browser, &here)
}

/// The sources of one agency that has several, as rows.
fn sources_of(
    app: &App,
    agency: &AgencyId,
    candidates: &[Candidate],
    transaction: &Transaction,
    browser: &Browser,
) -> Listing {
    let catalog = app.broker.catalog();
    let rows: Vec<_> = candidates
        .iter()
        .filter(|candidate| candidate.agency == *agency)
        .filter_map(|candidate| {
            let source = &catalog.source(&candidate.source)?.source;
            let row = app.row_of(&source.id, browser.visit.lang)?;
            let href = format!("/login/{}/source/{}", transaction.id, source.id);
            let name = match source.names.text(browser.visit.lang) {
                Some(name) => format!("{} — {name}", row.name),
                None => row.name,
            };
            Some(AgencyRow { href, name, ..row })
        })
        .collect();
    Listing {
        first: 1,
        last: rows.len(),
        total: rows.len(),
        agencies: rows,
        all: Some(format!("/login/{}/choose", transaction.id)),
        ..Listing::default()
    }
}

/// `GET /login/{transaction}/choose`: the page, whatever the login waits for.
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    cookie: Session,
    mut browser: Browser,
) -> Response {
    match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => page(&app, &opened.transaction, uri.query(), None, &browser),
        Err(response) => response,
    }
}

/// `GET /login/{transaction}/agency/{agency}`
pub(crate) async fn agency(
    State(app): State<App>,
    Path((id, agency)): Path<(String, String)>,
    cookie: Session,
    mut browser: Browser,
) -> Response {
    let Ok(agency) = agency.parse::<AgencyId>() else {
        return app.rejected(Trouble::not_found(), &browser.visit).await;
    };
    choose(&app, &id, &mut browser, &cookie, Came::ByLink, |candidate| candidate.agency == agency)
        .await
}

/// `GET /login/{transaction}/source/{source}`
pub(crate) async fn source(
    State(app): State<App>,
    Path((id, source)): Path<(String, String)>,
    cookie: Session,
    mut browser: Browser,
) -> Response {
    let Ok(source) = source.parse::<SourceId>() else {
        return app.rejected(Trouble::not_found(), &browser.visit).await;
    };
    choose(&app, &id, &mut browser, &cookie, Came::ByLink, |candidate| candidate.source == source)
        .await
}

/// `POST /login/{transaction}/email`
pub(crate) async fn email(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    mut browser: Browser,
    body: Bytes,
) -> Response {
    let fields = pairs(&body).unwrap_or_default();
    let address: String =
        single(&fields, "email").unwrap_or_default().trim().chars().take(320).collect();
    let catalog = app.broker.catalog();
    // The answer depends on the domain alone, never on whether somebody has an account.
    let agency = Domain::of_mail(&address)
        .map(|domain| catalog.agency_of_domain(&domain).map(|agency| agency.id.clone()));
    let error = match agency {
        Some(Some(agency)) => {
            let opened = match app.open(&id, &mut browser, &cookie).await {
                Ok(opened) => opened,
                Err(response) => return response,
            };
            let party = catalog.relying_party(opened.transaction.relying_party());
            let open = party.is_some_and(|party| {
                catalog.candidates(party).iter().any(|candidate| candidate.agency == agency)
            });
            if open {
                let hint = Some(address);
                return choose_as(
                    &app,
                    &id,
                    &mut browser,
                    &cookie,
                    Came::ByForm,
                    hint,
                    |candidate| candidate.agency == agency,
                )
                .await;
            }
            EmailError::Unknown
        }
        Some(None) => EmailError::Unknown,
        None => EmailError::Malformed,
    };
    match app.open(&id, &mut browser, &cookie).await {
        Ok(opened) => {
            let typed = Typed { address, error };
            page(&app, &opened.transaction, None, Some(typed), &browser)
        }
        Err(response) => response,
    }
}

/// `POST /login/{transaction}/forget`: this device forgets its agencies.
pub(crate) async fn forget(State(app): State<App>, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<idp_domain::TransactionId>() else {
        return see_other("/");
    };
    let mut response = see_other(&format!("/login/{id}/choose"));
    add_cookie(&mut response, cookies::clear(&app.cookies.agencies));
    response
}

async fn choose(
    app: &App,
    id: &str,
    browser: &mut Browser,
    cookie: &Session,
    came: Came,
    meant: impl Fn(&Candidate) -> bool,
) -> Response {
    choose_as(app, id, browser, cookie, came, None, meant).await
}

/// Goes to the one source that is meant; to the choice among them where it is several.
async fn choose_as(
    app: &App,
    id: &str,
    browser: &mut Browser,
    cookie: &Session,
    came: Came,
    login: Option<String>,
    meant: impl Fn(&Candidate) -> bool,
) -> Response {
    let mut opened = match app.open(id, browser, cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let catalog = app.broker.catalog();
    let party = catalog.relying_party(opened.transaction.relying_party());
    let candidates = party.map(|party| catalog.candidates(party)).unwrap_or_default();
    let mut found = candidates.iter().filter(|candidate| meant(candidate));
    match (found.next(), found.next()) {
        (Some(only), None) => opened.transaction.choose(only.source.clone()),
        (Some(first), Some(_)) => {
            return see_other(&format!("/login/{id}/choose?agency={}", first.agency));
        }
        (None, _) => {
            let refusal = idp_domain::Refusal::SourceDisabled;
            let trouble = Trouble::refused(&refusal).choose_again(&opened.transaction.id);
            return app.rejected(trouble, &browser.visit).await;
        }
    }
    if login.is_some() {
        opened.transaction.request.hints.login = login;
    }
    match app.broker.keep_on(&opened).await {
        Ok(true) => {}
        Ok(false) => return app.overtaken(&opened, browser).await,
        Err(fault) => return app.faulted(&fault, &browser.visit),
    }
    let turn = app.broker.advance(opened.transaction, &browser.visit).await;
    app.follow_or_fault(turn, came, browser, cookie).await
}
