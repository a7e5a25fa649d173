//! `POST /sources/{source}/backchannel_logout`: an OpenID Provider says that sessions of its own
//! are over (OpenID Connect Back-Channel Logout 1.0).

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use idp_domain::{SourceId, connector::Message, source::SourceKind};

use super::back::is_form;
use crate::{App, form::pairs, logout::source::Deaf, problem::Trouble, visit::Browser};

/// Hears a source.
//= oidc-backchannel#2.5-1
pub(crate) async fn hear(
    State(app): State<App>,
    Path(source): Path<String>,
    browser: Browser,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let source = source.parse::<SourceId>().ok().filter(|id| {
        let catalog = app.broker.catalog();
        catalog.source(id).is_some_and(|found| found.source.kind == SourceKind::Oidc)
    });
    let Some(source) = source else {
        return app.rejected(Trouble::not_found(), &browser.visit).await;
    };
    let Some(form) = is_form(&headers).then(|| pairs(&body)).flatten() else {
        let page = app.inbound_rejected(&source, "malformed", &browser.visit).await;
        return if page.status().is_server_error() { page } else { no() };
    };
    match app.source_calls(&source, Message::Form(form), &browser).await {
        Ok(_) => (StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response(),
        Err(Deaf::Refused(_)) => no(),
        Err(deaf @ Deaf::Fault(_)) => app.deaf(deaf, &browser),
    }
}

/// Section 2.8.
fn no() -> Response {
    let mut response = (StatusCode::BAD_REQUEST, r#"{"error":"invalid_request"}"#).into_response();
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
