//! Files of the theme, whose names hold a hash of what is in them, so that they never change; and
//! what browsers look up about passkeys under well-known names.

use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use serde_json::{Value, json};

use crate::App;

/// `GET /static/{path}`
pub(crate) async fn asset(State(app): State<App>, uri: Uri) -> Response {
    let Some(asset) = app.pages.theme().asset(uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let content = match asset.content() {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => Bytes::copy_from_slice(bytes),
    };
    let mut response = Response::new(Body::from(content));
    for (name, value) in asset.headers() {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// `GET /.well-known/passkey-endpoints`: where password managers lead a person who wants a passkey
/// (W3C, A Well-Known URL for Relying Party Passkey Endpoints, section 2).
pub(crate) async fn passkey_endpoints(State(app): State<App>) -> Response {
    let manage = format!("{}/account/security", app.origin);
    document(&json!({ "enroll": format!("{manage}/passkey"), "manage": manage }))
}

/// `GET /.well-known/webauthn`: who else may use our passkeys, if anybody (WebAuthn section 5.11).
pub(crate) async fn related_origins(State(app): State<App>) -> Response {
    match app.broker.site().related_origins() {
        Some(origins) => document(&origins),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A document for browsers, which may keep it for an hour.
fn document(content: &Value) -> Response {
    let cache = (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    ([cache], axum::Json(content)).into_response()
}
