//! How the administration API says no: `application/problem+json` (RFC 9457).

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use idp_domain::Fault;
use serde_json::json;

use super::caller::Caller;
use crate::{
    App,
    problem::{chain, is_temporary},
};

/// Seconds after which a store that is away is worth another try.
const SOON: u32 = 5;

/// A no.
#[derive(Debug)]
pub(crate) enum Problem {
    /// There is no token, or none that counts.
    Unauthorized,
    /// The token's role does not do this.
    Forbidden,
    /// There is no such thing, or it is none of the caller's business.
    NotFound(&'static str),
    /// The request does not say what it should.
    Invalid(String),
    /// It cannot be done as things stand.
    Conflict(&'static str),
    /// Too many requests; when to try again, in seconds.
    TooMany(u32),
    /// We failed.
    Failed(Fault),
}

impl Problem {
    /// Stable name, title and status.
    fn kind(&self) -> (&'static str, &'static str, StatusCode) {
        match self {
            Self::Unauthorized => {
                ("unauthorized", "A token is needed that counts", StatusCode::UNAUTHORIZED)
            }
            Self::Forbidden => {
                ("forbidden", "The role of the token does not do this", StatusCode::FORBIDDEN)
            }
            Self::NotFound(_) => ("not_found", "There is no such thing", StatusCode::NOT_FOUND),
            Self::Invalid(_) => {
                ("invalid", "The request does not say what it should", StatusCode::BAD_REQUEST)
            }
            Self::Conflict(_) => {
                ("conflict", "This cannot be done as things stand", StatusCode::CONFLICT)
            }
            Self::TooMany(_) => {
                ("too_many_requests", "Too many requests", StatusCode::TOO_MANY_REQUESTS)
            }
            Self::Failed(fault) if is_temporary(fault) => {
                ("busy", "A store is away or busy", StatusCode::SERVICE_UNAVAILABLE)
            }
            Self::Failed(_) => {
                ("failed", "Something failed on our side", StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    fn detail(&self) -> Option<&str> {
        match self {
            Self::NotFound(detail) | Self::Conflict(detail) => Some(detail),
            Self::Invalid(detail) => Some(detail),
            _ => None,
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (name, title, status) = self.kind();
        if let Self::Failed(fault) = &self {
            tracing::error!(error = %chain(fault), "a request of the administration API failed");
        }
        let mut body = json!({
            "type": format!("urn:laissez-passer:problem:{name}"),
            "title": title,
            "status": status.as_u16(),
        });
        if let (Some(detail), Some(body)) = (self.detail(), body.as_object_mut()) {
            body.insert("detail".to_owned(), detail.into());
        }
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, kind, body.to_string()).into_response();
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"administration\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        let wait = match self {
            Self::TooMany(seconds) => Some(seconds),
            _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(SOON),
            _ => None,
        };
        if let Some(seconds) = wait {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The answer to a request for what is not there: to whoever has a token. Nobody else learns what
/// is.
pub(crate) async fn nowhere(State(_): State<App>, _: Caller, _: Request) -> Problem {
    Problem::NotFound("there is no such endpoint")
}
