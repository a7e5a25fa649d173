//! Signing out: who wishes it, how everybody hears of it, and what the person sees of that.
//!
//! Whatever began it, the session ends before anything else is done; the rest is carried on from
//! page to page by the machine of `idp_domain::logout`.

mod carry;
mod end;
mod envoy;
mod fates;
pub(crate) mod questions;
pub(crate) mod source;
mod wish;

pub(crate) use carry::{on, show};
pub(crate) use envoy::envoy;
pub(crate) use wish::{ask, by_get, by_post, confirmed};

use std::time::Duration;

use axum::response::Response;
use http::HeaderValue;

use crate::{App, answer::add_cookie, cookies};

/// How long the first page waits for the back channel; after that it shows who has still to
/// answer.
pub(crate) const FIRST_PAGE: Duration = Duration::from_secs(1);

/// Takes the session away from a browser, and what scripts may have kept.
///
/// Cookies are taken away by name: `Clear-Site-Data: "cookies"` would take those of every other
/// service under the same registrable domain as well, and the logout's own.
pub(crate) fn clear(app: &App, response: &mut Response) {
    add_cookie(response, cookies::clear(&app.cookies.session));
    let site = HeaderValue::from_static("\"storage\"");
    response.headers_mut().insert("clear-site-data", site);
}
