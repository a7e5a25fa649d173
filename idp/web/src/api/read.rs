//! What a request of the administration API says: JSON and queries, strictly.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Query as Pairs, Request},
};
use http::{header, request::Parts};
use idp_factors::access_pass::PassReason;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::App;

/// The largest body, in bytes: a name and a reason.
const MAX_BODY: usize = 4 * 1024;

/// A body of JSON.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Problem::Invalid("the body is to be application/json".to_owned()));
        }
        let body = Bytes::from_request(request, app).await;
        let body = body.ok().filter(|body| body.len() <= MAX_BODY);
        let body = body.ok_or_else(|| Problem::Invalid("the body is too large".to_owned()))?;
        match serde_json::from_slice(&body) {
            Ok(read) => Ok(Self(read)),
            Err(error) => Err(Problem::Invalid(error.to_string())),
        }
    }
}

/// A query.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        match Pairs::try_from_uri(&parts.uri) {
            Ok(Pairs(read)) => Ok(Self(read)),
            Err(rejection) => Err(Problem::Invalid(rejection.body_text())),
        }
    }
}

/// Why something is done, for the trail.
pub(crate) fn reason(text: &str) -> Result<PassReason, Problem> {
    PassReason::parse(text).map_err(|error| Problem::Invalid(format!("reason: {error}")))
}
