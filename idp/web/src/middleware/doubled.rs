//! Cookies of ours that come twice are somebody's toss: the request goes on without them.

use axum::{extract::Request, extract::State, middleware::Next, response::Response};
use http::{HeaderValue, header};

use crate::{
    App,
    cookies::{Jar, clear},
};

/// Drops all cookies of a request in which one of ours comes twice, and clears ours.
pub async fn refuse(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let doubled = Jar::read(request.headers(), &app.cookies).doubled;
    if doubled.is_empty() {
        return next.run(request).await;
    }
    request.headers_mut().remove(header::COOKIE);
    let mut response = next.run(request).await;
    for cleared in doubled.iter().filter_map(|name| clear(name)) {
        response.headers_mut().append(header::SET_COOKIE, cleared);
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
