//! Our metadata: for everybody.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use idp_domain::{Fault, SourceId};

use crate::{
    App,
    form::{pairs, single},
    problem::chain,
};

/// How long it may be kept without asking again.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// `GET /saml/metadata`: as identity provider.
pub(crate) async fn identity_provider(State(app): State<App>) -> Response {
    document(app.saml.load().idp.clone())
}

/// `GET /saml/sp/metadata`: as service provider. `?source=ID` is for one source alone, which need
/// not be registered yet: its agency registers us first.
pub(crate) async fn service_provider(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Response {
    let published = app.saml.load();
    let Some(query) = query.filter(|query| !query.is_empty()) else {
        return match &published.sp {
            Some(metadata) => document(metadata.clone()),
            None => (
                StatusCode::NOT_FOUND,
                "No source answers by SAML yet. Add ?source=ID for the one to be.\n",
            )
                .into_response(),
        };
    };
    let query = pairs(query.as_bytes()).unwrap_or_default();
    let source = single(&query, "source").and_then(|id| id.parse::<SourceId>().ok());
    let Some(source) = source else {
        return (StatusCode::BAD_REQUEST, "The source is no id of a source.\n").into_response();
    };
    match published.towards(&source, (app.clock)()) {
        Ok(metadata) => document(metadata),
        Err(error) => {
            let fault = Fault::new("signing our metadata", error);
            tracing::error!(error = %chain(&fault), "our metadata cannot be signed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn document(body: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/samlmetadata+xml")),
        (header::CACHE_CONTROL, CACHE),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
    ];
    (headers, body).into_response()
}
