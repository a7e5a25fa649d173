//! Discovery and the key set: for everybody, from any origin.

use axum::{
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, header};

use crate::App;

/// How long both may be kept: shorter than a new key is published before it signs.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// `GET /.well-known/openid-configuration` (OpenID Connect Discovery §4)
pub(crate) async fn document(State(app): State<App>) -> Response {
    let published = app.keys.load();
    json(published.discovery.clone(), HeaderValue::from_static("application/json"))
}

/// `GET /oidc/jwks` (RFC 7517 §5)
pub(crate) async fn keys(State(app): State<App>) -> Response {
    let published = app.keys.load();
    json(published.jwks.clone(), HeaderValue::from_static("application/jwk-set+json"))
}

fn json(body: Bytes, kind: HeaderValue) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, CACHE),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
    ];
    (headers, body).into_response()
}
