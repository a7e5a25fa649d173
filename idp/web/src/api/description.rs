//! The description of the administration API, for programs that make programs of it.

use axum::response::{IntoResponse, Response};
use http::header;

/// `OpenAPI` 3.1. Tests hold it against the routes and the answers.
pub(super) const DESCRIPTION: &str = include_str!("openapi.json");

/// `GET /api/openapi.json`
pub(crate) async fn show() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DESCRIPTION).into_response()
}
