//! Counts and times requests, by route and not by address: labels stay as few as the routes are.

use std::time::Instant;

use axum::{extract::MatchedPath, extract::Request, middleware::Next, response::Response};

/// Counts one request.
pub(crate) async fn count(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str).to_owned();
    let class = match response.status().as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    };
    metrics::counter!("idp_http_requests_total", "route" => route.clone(), "status" => class)
        .increment(1);
    metrics::histogram!("idp_http_request_seconds", "route" => route).record(begun.elapsed());
    response
}
