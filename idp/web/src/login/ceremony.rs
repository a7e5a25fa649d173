//! Where `passkey.js` begins a ceremony: the one place of a login that speaks JSON.
//!
//! The answer of the authenticator comes back as a form, like everything else.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use idp_broker::{Opened, Started};
use idp_domain::{Fault, Refusal, TransactionId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions::Session;

use crate::{App, form::single, problem::is_temporary, visit::Browser};

/// What the script says when it begins.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Beginning {
    /// Whether the browser is to offer passkeys in a field, instead of asking at once.
    pub(crate) autofill: bool,
}

/// What the script is told.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Told {
    /// What to ask the authenticator, and what to send with its answer.
    Begun { options: Value, ceremony: String },
    /// Nothing, and where to go instead.
    Not {
        problem: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        go: Option<String>,
    },
}

/// Reads what the script says. A form of another site cannot say so without asking us first
/// (Fetch §3.3.4), besides what the check of its origin keeps out.
pub(crate) fn beginning(headers: &HeaderMap, body: &[u8]) -> Option<Beginning> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let kind = kind.split(';').next()?.trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return None;
    }
    serde_json::from_slice(body).ok()
}

/// The script's answer for whatever cannot be understood.
pub(crate) fn malformed() -> Response {
    told(StatusCode::BAD_REQUEST, &Told::Not { problem: "malformed", go: None })
}

/// The script's answer.
pub(crate) fn started(
    app: &App,
    begun: Result<Result<Started, Refusal>, Fault>,
    here: &str,
    browser: &Browser,
) -> Response {
    match begun {
        Ok(Ok(started)) => self::begun(started),
        Ok(Err(refusal)) => refused(&refusal, here),
        Err(fault) => faulted(app, &fault, browser),
    }
}

/// The script's answer when a ceremony has begun.
pub(crate) fn begun(Started { options, ceremony }: Started) -> Response {
    told(StatusCode::OK, &Told::Begun { options, ceremony })
}

/// The script's answer when none has, and where the page goes instead.
pub(crate) fn not(status: StatusCode, problem: &'static str, go: Option<&str>) -> Response {
    told(status, &Told::Not { problem, go: go.map(str::to_owned) })
}

/// The script's answer when policy or person says no.
fn refused(refusal: &Refusal, here: &str) -> Response {
    let Some(wait) = refusal.retry_after() else {
        let go = Some(here.to_owned());
        return told(StatusCode::CONFLICT, &Told::Not { problem: refusal.slug(), go });
    };
    let not = Told::Not { problem: refusal.slug(), go: None };
    let mut response = told(StatusCode::TOO_MANY_REQUESTS, &not);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_seconds()));
    response
}

/// The script's answer when we failed.
pub(crate) fn faulted(app: &App, fault: &Fault, browser: &Browser) -> Response {
    // Logged here with its chain, under the reference that pages would show.
    drop(app.faulted(fault, &browser.visit));
    let status = if is_temporary(fault) {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::INTERNAL_SERVER_ERROR
    };
    told(status, &Told::Not { problem: "fault", go: None })
}

fn told(status: StatusCode, told: &Told) -> Response {
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (status, [no_store], axum::Json(told)).into_response()
}

/// The login `id`, for the script.
pub(crate) async fn open(
    app: &App,
    id: &str,
    browser: &mut Browser,
    cookie: &Session,
) -> Result<Opened, Response> {
    match app.open(id, browser, cookie).await {
        Ok(opened) => Ok(opened),
        Err(page) => {
            // The page says it in words; the script leads there.
            let go = id.parse::<TransactionId>().ok().map(|id| format!("/login/{id}"));
            Err(told(page.status(), &Told::Not { problem: "login", go }))
        }
    }
}

/// What the script sends when the authenticator has answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done<'a> {
    /// Which ceremony it is.
    pub(crate) ceremony: &'a str,
    /// The answer, as JSON.
    pub(crate) answer: &'a str,
}

/// The answer in a form; none where no script filled it in.
pub(crate) fn answer(fields: &[(String, String)]) -> Option<Done<'_>> {
    let filled = |name| single(fields, name).filter(|value| !value.is_empty());
    Some(Done { ceremony: filled("ceremony")?, answer: filled("answer")? })
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::{answer, beginning};

    fn said(kind: &'static str, body: &str) -> Option<bool> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        beginning(&headers, body.as_bytes()).map(|beginning| beginning.autofill)
    }

    #[test]
    fn wan_14_a_ceremony_begins_by_json_alone() {
        assert_eq!(said("application/json", "{\"autofill\":true}"), Some(true));
        assert_eq!(said("application/json; charset=utf-8", "{}"), Some(false));
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
            assert_eq!(said(kind, "{}"), None, "{kind}");
        }
        assert_eq!(beginning(&HeaderMap::new(), b"{}").map(|_| ()), None);
        for body in ["", "7", "{\"autofill\":1}", "{\"challenge\":\"x\"}", "{}x"] {
            assert_eq!(said("application/json", body), None, "{body}");
        }
    }

    #[test]
    fn an_answer_has_both_parts_once() {
        let pairs = |pairs: &[(&str, &str)]| {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            pairs.iter().map(owned).collect::<Vec<_>>()
        };
        let whole = pairs(&[("ceremony", "c"), ("answer", "{}"), ("name", "x")]);
        assert!(answer(&whole).is_some_and(|done| done.ceremony == "c" && done.answer == "{}"));
        for broken in [
            &[("ceremony", "c")][..],
            &[("ceremony", ""), ("answer", "")],
            &[("ceremony", "c"), ("answer", "{}"), ("answer", "{}")],
        ] {
            assert!(answer(&pairs(broken)).is_none(), "{broken:?}");
        }
    }
}
