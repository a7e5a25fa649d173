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

use crate::{
    App,
    answer::add_cookie,
    cookies::{self, CookieNames},
};

/// How long the first page waits for the back channel; after that it shows who has still to
/// answer.
pub(crate) const FIRST_PAGE: Duration = Duration::from_secs(1);

/// Takes the session away from a browser, and what scripts may have kept.
///
/// Cookies are taken away by name: `Clear-Site-Data: "cookies"` would take those of every other
/// service under the same registrable domain as well.
pub(crate) fn clear(app: &App, response: &mut Response) {
    take(&app.cookies, r#""storage""#, response);
}

/// Takes away whatever a person may have left in a browser that others use, at other services
/// beside us too.
pub(crate) fn clear_shared(app: &App, response: &mut Response) {
    take(&app.cookies, r#""cache", "cookies", "storage""#, response);
}

fn take(names: &CookieNames, all: &'static str, response: &mut Response) {
    add_cookie(response, cookies::clear(&names.session));
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static(all));
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, response::Response};
    use http::header::SET_COOKIE;

    use super::take;
    use crate::cookies::CookieNames;

    #[test]
    fn ses_14_a_logout_takes_the_session_away_and_what_was_kept() {
        let mut response = Response::new(Body::empty());
        take(&CookieNames::new("t"), r#""storage""#, &mut response);
        let headers = response.headers();
        assert_eq!(headers["clear-site-data"], r#""storage""#);
        let cookie = headers[SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with("__Host-lp-t-session=; Max-Age=0; "), "{cookie}");
    }
}
