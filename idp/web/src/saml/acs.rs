//! Where a SAML source answers: one address of its own for each source.
//!
//! Such an answer is a form that another site sends, and browsers leave our cookies out of it. So
//! what is worth it is put aside, and judged when the browser comes back to us by itself.

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    response::Response,
};
use http::HeaderMap;
use idp_broker::Opened;
use idp_domain::{
    AuthenticationEvent, AuthnRequest, Inbound, RelyingPartyId, SourceId, TransactionId,
    relying_party::Protocol, source::SourceKind,
};
use idp_saml::binding::{Binding, BindingError, Kind, post};
use tower_sessions::Session;

use super::parked::{self, Parked};
use crate::{
    App,
    answer::{add_cookie, see_other},
    cookies,
    form::{pairs, single},
    login::follow::Came,
    problem::Trouble,
    session_layer::{binding, bound},
    visit::Browser,
};

/// `POST /sources/{source}/acs` (SAML Bindings §3.5, Profiles §4.1.4)
pub(crate) async fn answer(
    State(app): State<App>,
    Path(source): Path<String>,
    RawQuery(query): RawQuery,
    cookie: Session,
    browser: Browser,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let source = match known(&app, &source, &browser).await {
        Ok(source) => source,
        Err(response) => return response,
    };
    let stray = query.is_some_and(|query| !query.is_empty());
    if stray || !crate::oidc::back::is_form(&headers) {
        return app.inbound_rejected(&source, "binding", &browser.visit).await;
    }
    let Some(form) = pairs(&body) else {
        return app.inbound_rejected(&source, "malformed", &browser.visit).await;
    };
    let Some(id) = transaction_of(&form) else {
        return unasked(&app, source, form, &browser, &cookie).await;
    };
    match binding(&cookie).await {
        Ok(Some(_)) => asked(&app, &source, &id, form, browser, &cookie).await,
        Ok(None) => match app.broker.awaits(&id, &source).await {
            Ok(true) => match worth_parking(form) {
                Ok(form) => park(&app, &source, Parked::Answer(form), &browser).await,
                Err(error) => app.inbound_rejected(&source, error.slug(), &browser.visit).await,
            },
            Ok(false) => app.inbound_rejected(&source, "txn_lost", &browser.visit).await,
            Err(fault) => app.faulted(&fault, &browser.visit),
        },
        Err(fault) => app.faulted(&fault, &browser.visit),
    }
}

/// `GET /sources/{source}/acs`: a Response may not come by this binding (Profiles §4.1.2).
pub(crate) async fn by_get(
    State(app): State<App>,
    Path(source): Path<String>,
    browser: Browser,
) -> Response {
    match known(&app, &source, &browser).await {
        Ok(source) => app.inbound_rejected(&source, "binding", &browser.visit).await,
        Err(response) => response,
    }
}

/// `GET /sources/{source}/acs/{handle}`: the browser is back, with its cookies.
pub(crate) async fn back(
    State(app): State<App>,
    Path((source, handle)): Path<(String, String)>,
    cookie: Session,
    browser: Browser,
) -> Response {
    let source = match known(&app, &source, &browser).await {
        Ok(source) => source,
        Err(response) => return response,
    };
    match parked::take(&app, &handle).await {
        Ok(Some(Parked::Answer(form))) => match transaction_of(&form) {
            Some(id) => asked(&app, &source, &id, form, browser, &cookie).await,
            None => app.inbound_rejected(&source, "txn_lost", &browser.visit).await,
        },
        Ok(Some(Parked::Proof { event, target, browser: brought }))
            if event.identity.source == source =>
        {
            match binding(&cookie).await {
                Ok(Some(bound)) if bound == brought => {
                    go_on(&app, *event, target, &browser, &cookie).await
                }
                Ok(_) => app.inbound_rejected(&source, "binding_missing", &browser.visit).await,
                Err(fault) => app.faulted(&fault, &browser.visit),
            }
        }
        Ok(_) => app.inbound_rejected(&source, "txn_lost", &browser.visit).await,
        Err(fault) => app.faulted(&fault, &browser.visit),
    }
}

/// The source that a path names, if it speaks this dialect.
async fn known(app: &App, source: &str, browser: &Browser) -> Result<SourceId, Response> {
    let found = source.parse::<SourceId>().ok().filter(|id| {
        let catalog = app.broker.catalog();
        catalog.source(id).is_some_and(|found| found.source.kind == SourceKind::Saml)
    });
    match found {
        Some(source) => Ok(source),
        None => Err(app.rejected(Trouble::not_found(), &browser.visit).await),
    }
}

/// The login that an answer says to belong to.
fn transaction_of(form: &[(String, String)]) -> Option<TransactionId> {
    let (id, _) = single(form, "RelayState")?.split_once('.')?;
    id.parse::<TransactionId>().ok().filter(|id| id.tag().is_some())
}

/// What of a form is an answer, if it is one. Nobody has proven anything yet, so whatever else
/// somebody sends is not worth its room on the shelf.
fn worth_parking(mut form: Vec<(String, String)>) -> Result<Vec<(String, String)>, BindingError> {
    post::read(&form)?.demand(Binding::Post, Kind::Response)?;
    form.retain(|(name, _)| matches!(name.as_str(), "SAMLResponse" | "RelayState"));
    Ok(form)
}

async fn park(app: &App, source: &SourceId, parked: Parked, browser: &Browser) -> Response {
    match parked::put(app, &parked).await {
        Ok(handle) => see_other(&format!("/sources/{source}/acs/{handle}")),
        Err(fault) => app.faulted(&fault, &browser.visit),
    }
}

/// An answer to what we asked.
async fn asked(
    app: &App,
    source: &SourceId,
    id: &TransactionId,
    form: Vec<(String, String)>,
    mut browser: Browser,
    cookie: &Session,
) -> Response {
    let opened: Opened = match app.open(id.as_str(), &mut browser, cookie).await {
        Ok(opened) => opened,
        Err(response) => return response,
    };
    let correlator = single(&form, "RelayState").unwrap_or_default().to_owned();
    let reply = inbound(form, &browser);
    let turn = app.broker.resume(opened, source, &correlator, reply, &browser.visit).await;
    app.follow_or_fault(turn, Came::ByLink, &browser, cookie).await
}

/// An answer that nobody asked for.
async fn unasked(
    app: &App,
    source: SourceId,
    form: Vec<(String, String)>,
    browser: &Browser,
    cookie: &Session,
) -> Response {
    let visit = &browser.visit;
    let target = single(&form, "RelayState").and_then(|text| text.parse::<RelyingPartyId>().ok());
    let target = target.filter(|id| app.broker.catalog().relying_party(id).is_some());
    let event = match app.broker.unsolicited(&source, inbound(form, browser), visit).await {
        Ok(Ok(event)) => event,
        Ok(Err(refusal)) => return app.problem(&Trouble::refused(&refusal), visit),
        Err(fault) => return app.faulted(&fault, visit),
    };
    if browser.jar.session.is_some() {
        return go_on(app, event, target, browser, cookie).await;
    }
    let brought = async { bound(cookie, &idp_broker::random()?).await };
    match brought.await {
        Ok(brought) => {
            let proof = Parked::Proof { event: Box::new(event), target, browser: brought };
            park(app, &source, proof, browser).await
        }
        Err(fault) => app.faulted(&fault, visit),
    }
}

/// Leads a person whom a source vouched for unasked to where they want to go, if that wants them.
async fn go_on(
    app: &App,
    event: AuthenticationEvent,
    target: Option<RelyingPartyId>,
    browser: &Browser,
    cookie: &Session,
) -> Response {
    let visit = &browser.visit;
    if let Some(request) = target.as_ref().and_then(|target| wanted_by(app, target)) {
        let turn = app.broker.begin_with(request, event, visit).await;
        return app.follow_or_fault(turn, Came::Fresh, browser, cookie).await;
    }
    let handle = match app.broker.welcome(&event, visit).await {
        Ok(Ok(handle)) => handle,
        Ok(Err(refusal)) => return app.problem(&Trouble::refused(&refusal), visit),
        Err(fault) => return app.faulted(&fault, visit),
    };
    let mut response = see_other(&initiate(app, target.as_ref()).unwrap_or_else(|| "/".to_owned()));
    // The session that the browser has goes on, and where others use it, no longer than its windows.
    let shared = visit.session.as_ref().is_some_and(|live| live.session.shared);
    let life = (!shared).then_some(app.session_life);
    add_cookie(&mut response, cookies::set_session(&app.cookies, &handle, life));
    response
}

/// A request of `target` that it did not make, where it is registered for that.
fn wanted_by(app: &App, target: &RelyingPartyId) -> Option<AuthnRequest> {
    let catalog = app.broker.catalog();
    let party = catalog.relying_party(target)?;
    if party.protocol != Protocol::Saml {
        return None;
    }
    let registry = app.registry.load();
    let provider = registry.service_providers.of(target)?;
    idp_saml::idp::unsolicited(provider, None, None, (app.clock)()).ok()
}

/// Where `target` begins a login by itself (OpenID Connect Core §4): it finds the session here.
fn initiate(app: &App, target: Option<&RelyingPartyId>) -> Option<String> {
    let catalog = app.broker.catalog();
    let party = catalog.relying_party(target?).filter(|party| party.enabled)?;
    let mut url = party.initiate.clone()?;
    url.query_pairs_mut().append_pair("iss", app.issuer.as_str());
    Some(url.into())
}

fn inbound(form: Vec<(String, String)>, browser: &Browser) -> Inbound {
    let visit = &browser.visit;
    Inbound { query: Vec::new(), form, certificate: None, address: visit.address, now: visit.now }
}

#[cfg(test)]
mod tests {
    use super::worth_parking;

    fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_nobody_has_proven_takes_no_more_room_than_an_answer_needs() {
        let answer = [("SAMLResponse", "PHg+PC94Pg=="), ("RelayState", "a.b")];
        let more = [answer[0], ("x", "\u{1}\u{1}"), answer[1]];
        assert_eq!(worth_parking(form(&more)).unwrap(), form(&answer));
        let long = "A".repeat(400 * 1024);
        for other in [
            [("SAMLResponse", "\u{1}\u{1}\u{1}\u{1}"), answer[1]],
            [("SAMLResponse", long.as_str()), answer[1]],
            [("SAMLRequest", "PHg+PC94Pg=="), answer[1]],
            [answer[0], ("RelayState", long.as_str())],
        ] {
            assert!(worth_parking(form(&other)).is_err(), "{}", other[0].0);
        }
    }
}
