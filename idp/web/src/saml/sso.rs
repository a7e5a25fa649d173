//! The single sign-on endpoint: where every login of a service provider begins.
//!
//! A request that comes by a form finds our cookies missing, for another site sends it. So it is
//! judged, put aside, and gone on with when the browser comes back to us by itself.

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    response::Response,
};
use http::HeaderMap;
use idp_domain::{AuditEvent, AuthnRequest, audit::AuditKind};
use idp_saml::{
    binding::{BindingError, Incoming, post, redirect},
    idp::{self, Asked, Declined, Hinted},
};
use tower_sessions::Session;

use super::{
    answer::denied,
    parked::{self, Parked},
    path,
};
use crate::{
    App, answer::see_other, form::pairs, login::follow::Came, oidc::back::is_form,
    problem::Trouble, visit::Browser,
};

/// `GET /saml/sso` (SAML Bindings §3.4)
pub(crate) async fn by_redirect(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    cookie: Session,
    browser: Browser,
) -> Response {
    let read = redirect::read(&query.unwrap_or_default());
    match judged(&app, read, &browser).await {
        Ok(request) => begin(&app, request, browser, &cookie).await,
        Err(response) => response,
    }
}

/// `POST /saml/sso` (SAML Bindings §3.5)
pub(crate) async fn by_post(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    cookie: Session,
    browser: Browser,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let stray = query.is_some_and(|query| !query.is_empty());
    let form = (is_form(&headers) && !stray).then(|| pairs(&body)).flatten();
    let read = form.ok_or(BindingError::Binding).and_then(|form| post::read(&form));
    let request = match judged(&app, read, &browser).await {
        Ok(request) => request,
        Err(response) => return response,
    };
    if browser.jar.session.is_some() {
        return begin(&app, request, browser, &cookie).await;
    }
    match parked::put(&app, &Parked::Request(Box::new(request))).await {
        Ok(handle) => see_other(&format!("{}/{handle}", path::SSO)),
        Err(fault) => app.faulted(&fault, &browser.visit),
    }
}

/// `GET /saml/sso/{handle}`: the browser is back, with its cookies.
pub(crate) async fn back(
    State(app): State<App>,
    Path(handle): Path<String>,
    cookie: Session,
    browser: Browser,
) -> Response {
    match parked::take(&app, &handle).await {
        Ok(Some(Parked::Request(request))) => begin(&app, *request, browser, &cookie).await,
        Ok(_) => {
            let lost = Trouble::refused(&idp_domain::Refusal::TransactionLost);
            app.rejected(lost, &browser.visit).await
        }
        Err(fault) => app.faulted(&fault, &browser.visit),
    }
}

async fn begin(app: &App, request: AuthnRequest, browser: Browser, cookie: &Session) -> Response {
    let turn = app.broker.begin(request, &browser.visit).await;
    app.follow_or_fault(turn, Came::Fresh, &browser, cookie).await
}

/// The wish for a login that a message is, or the answer to what is none.
async fn judged(
    app: &App,
    read: Result<Incoming, BindingError>,
    browser: &Browser,
) -> Result<AuthnRequest, Response> {
    let visit = &browser.visit;
    let message = match read {
        Ok(message) => message,
        Err(error) => {
            let trouble = Trouble::misregistered(error.slug(), None);
            return Err(app.rejected(trouble, visit).await);
        }
    };
    let declined = {
        let registry = app.registry.load();
        let catalog = app.broker.catalog();
        let ours = app.saml.load();
        let find = |entity_id: &str| {
            let provider = registry.service_providers.called(entity_id)?;
            let enabled = catalog.relying_party(&provider.id).is_some_and(|party| party.enabled);
            enabled.then_some(&**provider)
        };
        let hint = |entity_id: &str| {
            let source = registry.entities.get(entity_id)?;
            let agency = catalog.source(source)?.agency.id.clone();
            Some(Hinted { source: source.clone(), agency })
        };
        let asked = Asked {
            message: &message,
            find: &find,
            hint: &hint,
            provider: &ours.provider,
            now: visit.now,
        };
        match idp::receive(&asked) {
            Ok(request) => return Ok(request),
            Err(declined) => declined,
        }
    };
    Err(decline(app, &declined, browser).await)
}

/// Says no, to the service provider where the request proved a way to it.
async fn decline(app: &App, declined: &Declined, browser: &Browser) -> Response {
    let visit = &browser.visit;
    let error = match declined {
        Declined::Page(error) => {
            tracing::info!(
                reason = error.slug, detail = error.detail,
                reference = %visit.reference, "a service provider's request is refused"
            );
            let trouble = Trouble::misregistered(error.slug, error.service_provider.clone());
            return app.rejected(trouble, visit).await;
        }
        Declined::Respond(error) => error,
    };
    let event = AuditEvent {
        relying_party: Some(error.service_provider.clone()),
        address: Some(visit.address),
        ..AuditEvent::new(AuditKind::RequestRejected, visit.now)
    };
    if let Err(fault) = app.broker.record(vec![event.because_of(error.rule.slug)]).await {
        return app.faulted(&fault, visit);
    }
    let registry = app.registry.load();
    match registry.service_providers.of(&error.service_provider) {
        Some(provider) => {
            let led = denied(app, provider, &error.ticket, &error.status(), visit);
            app.lead(led, Came::Fresh, visit)
        }
        None => app.rejected(Trouble::misregistered("withdrawn", None), visit).await,
    }
}
