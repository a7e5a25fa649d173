//! The page on which a person consents to a release, and its answer.

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
};
use idp_domain::{Transaction, relying_party::Protocol, transaction::Awaiting};
use tower_sessions::Session;

use super::follow::Came;
use crate::{
    App,
    form::{pairs, single},
    oidc,
    page::{Consent, Form, FormTargets, Page, Release, context::ReleaseKind},
    problem::{Trouble, display_name},
    saml,
    visit::Browser,
};

/// The page.
pub(crate) fn page(app: &App, transaction: &Transaction, browser: &Browser) -> Response {
    let visit = &browser.visit;
    let catalog = app.broker.catalog();
    let Some(party) = catalog.relying_party(transaction.relying_party()) else {
        let refusal = idp_domain::Refusal::RelyingPartyDisabled;
        return app.problem(&Trouble::refused(&refusal), visit);
    };
    let event = transaction.event.as_deref();
    let event = event.or_else(|| visit.session.as_ref().and_then(|live| live.session.latest()));
    let held = event.map(|event| event.identity.attributes.clone()).unwrap_or_default();
    let identifier = Release { kind: ReleaseKind::Identifier, values: Vec::new() };
    let released = app.broker.released(party, transaction, &held);
    let released = released
        .iter()
        .map(|(name, values)| Release { kind: ReleaseKind::of(name), values: values.to_vec() });
    let here = format!("/login/{}", transaction.id);
    let page = Page::Consent(Consent {
        form: Form::to(format!("{here}/consent")),
        service: display_name(party, visit.lang),
        host: match transaction.request.ticket.protocol {
            Protocol::Oidc => oidc::answer::host(app, transaction),
            Protocol::Saml => saml::answer::host(app, transaction),
            Protocol::Own => None,
        }
        .unwrap_or_default(),
        verified: party.verified,
        releases: std::iter::once(identifier).chain(released).collect(),
        targets: FormTargets::own(),
    });
    app.page_for(&page, browser, &here)
}

/// `POST /login/{transaction}/consent`
pub(crate) async fn answer(
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
    if opened.transaction.awaiting != Awaiting::Consent {
        return app.overtaken(&opened, &browser).await;
    }
    let allowed =
        pairs(&body).and_then(|pairs| single(&pairs, "consent").map(|word| word == "allow"));
    opened.transaction.awaiting = Awaiting::Decision;
    if allowed == Some(true) {
        opened.transaction.consent();
    }
    match app.broker.keep_on(&opened).await {
        Ok(true) => {}
        Ok(false) => return app.overtaken(&opened, &browser).await,
        Err(fault) => return app.faulted(&fault, visit),
    }
    let turn = match allowed {
        Some(true) => app.broker.advance(opened.transaction, visit).await,
        _ => app.broker.decline(opened.transaction, visit).await,
    };
    app.follow_or_fault(turn, Came::ByForm, &browser, &cookie).await
}
