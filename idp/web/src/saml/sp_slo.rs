//! Single logout towards agencies (SAML Profiles 4.4): one address for all of them, for a peer
//! takes one from metadata. Whose message it is, the issuer says; whether it is, its connector.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use idp_domain::{
    SourceId,
    connector::{Confirmed, Message},
};
use idp_saml::{
    binding::{BindingError, Incoming, Kind, post, redirect, soap},
    logout::danger_unverified_issuer,
};

use crate::{
    App, form::pairs, logout::source::Deaf, oidc::back::is_form, problem::Trouble, visit::Browser,
};

/// `GET /saml/sp/slo`
pub(crate) async fn by_redirect(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    browser: Browser,
) -> Response {
    let query = query.unwrap_or_default();
    match speaker(&app, redirect::read(&query)) {
        Ok(source) => app.source_speaks(&source, Message::Query(query), &browser).await,
        Err(slug) => nobody(&app, slug, &browser).await,
    }
}

/// `POST /saml/sp/slo`
pub(crate) async fn by_post(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    browser: Browser,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let stray = query.is_some_and(|query| !query.is_empty());
    let form = (is_form(&headers) && !stray).then(|| pairs(&body)).flatten();
    let Some(form) = form else { return nobody(&app, "binding", &browser).await };
    match speaker(&app, post::read(&form)) {
        Ok(source) => app.source_speaks(&source, Message::Form(form), &browser).await,
        Err(slug) => nobody(&app, slug, &browser).await,
    }
}

/// `POST /saml/sp/slo/soap`
pub(crate) async fn by_soap(
    State(app): State<App>,
    browser: Browser,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    // Some speak as in SOAP 1.2, although the binding says 1.1.
    let known = ["text/xml", "application/soap+xml"];
    let is_xml =
        kind.is_some_and(|kind| known.iter().any(|one| kind.trim_start().starts_with(one)));
    let read = is_xml.then(|| soap::read(Kind::Request, body.to_vec()));
    let source = match speaker(&app, read.unwrap_or(Err(BindingError::Binding))) {
        Ok(source) => source,
        Err(slug) => return fault(nobody(&app, slug, &browser).await),
    };
    let message = Message::Body(body.to_vec());
    match app.source_calls(&source, message, &browser).await {
        Ok(Confirmed::Body { content_type, body }) => {
            (StatusCode::OK, [(header::CONTENT_TYPE, content_type)], body).into_response()
        }
        Ok(_) => StatusCode::NO_CONTENT.into_response(),
        Err(deaf @ Deaf::Fault(_)) => app.deaf(deaf, &browser),
        Err(Deaf::Refused(_)) => fault(StatusCode::BAD_REQUEST.into_response()),
    }
}

/// The source that a message says to be from.
fn speaker(app: &App, read: Result<Incoming, BindingError>) -> Result<SourceId, &'static str> {
    let message = read.map_err(|error| error.slug())?;
    let issuer = danger_unverified_issuer(&message).map_err(|error| error.slug())?;
    app.registry.load().entities.get(&issuer).cloned().ok_or("unknown_idp")
}

/// The page for a message of nobody whom we know, and its line in the trail.
async fn nobody(app: &App, slug: &'static str, browser: &Browser) -> Response {
    app.rejected(Trouble::misregistered(slug, None), &browser.visit).await
}

/// What a caller without a browser is told instead of a page.
fn fault(page: Response) -> Response {
    if page.status().is_server_error() {
        return page;
    }
    let body = soap::fault(soap::FaultCode::Client, "The message is not accepted.");
    let kind = [(header::CONTENT_TYPE, soap::CONTENT_TYPE)];
    (StatusCode::INTERNAL_SERVER_ERROR, kind, body).into_response()
}
