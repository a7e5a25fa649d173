//! Forms of ours are sent by pages of ours: a POST from elsewhere is refused.
//!
//! Cookies are `SameSite=Lax` already; this also covers sibling hosts of the same site.

use axum::{extract::Request, extract::State, middleware::Next, response::Response};
use http::{Method, header};

use crate::{App, problem::Trouble};

/// Refuses a POST whose `Origin` or `Sec-Fetch-Site` says that another site sent it.
pub async fn own(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || is_own(&app, &request) {
        return next.run(request).await;
    }
    match app.visit_of(&request) {
        Ok(visit) => app.rejected(Trouble::cross_site(), &visit).await,
        Err(response) => response,
    }
}

/// Whether a page of ours sent it, as far as a browser says.
pub(crate) fn is_own(app: &App, request: &Request) -> bool {
    let text = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text(header::ORIGIN.as_str()), text("sec-fetch-site")) {
        // Our pages have no referrer told, and so browsers say `Origin: null` even at home.
        (_, Some(site)) => site == "same-origin" || site == "none",
        (Some(origin), None) => origin == app.origin,
        // A browser that says neither is too old to be tricked by anything but the cookie rule.
        (None, None) => true,
    }
}
