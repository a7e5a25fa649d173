//! Requests of applications that run in a browser: allowed from the origins of public clients.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::App;

/// `OPTIONS` of an endpoint that such applications call.
pub(crate) async fn preflight(State(app): State<App>, headers: HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    allow(&app, &headers, &mut response);
    if response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        let more = [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
            (header::ACCESS_CONTROL_MAX_AGE, "600"),
        ];
        for (name, value) in more {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// Lets the origin of the request read the answer, if a public client is served from it. Cookies
/// are never part of it.
pub(super) fn allow(app: &App, headers: &HeaderMap, response: &mut Response) {
    let Some(origin) = headers.get(header::ORIGIN) else { return };
    let known = origin.to_str().is_ok_and(|text| app.registry.load().origins.contains(text));
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    if known {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        );
    }
}
