//! Answers to browsers: pages and redirects, with the cookies that go with them.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use idp_broker::Visit;

use crate::{
    App, cookies,
    page::{Frame, Nonce, Page, context::Script},
    visit::Browser,
};

impl App {
    /// A page. `here` is the path at which it can be had again by GET.
    pub(crate) fn page(&self, page: &Page, visit: &Visit, here: Option<&str>) -> Response {
        let mut random = [0; 16];
        if page.script() == Script::Inline && aws_lc_rs::rand::fill(&mut random).is_err() {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        let nonce = Nonce::new(random);
        let frame = Frame { lang: visit.lang, nonce: &nonce, here };
        let rendered = self.pages.render(page, frame);
        let mut response = Response::new(Body::empty());
        *response.status_mut() =
            StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in rendered.headers() {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        *response.body_mut() = Body::from(rendered.html);
        response
    }

    /// A page for a browser that may just have chosen a language, which is remembered.
    pub(crate) fn page_for(&self, page: &Page, browser: &Browser, here: &str) -> Response {
        let mut response = self.page(page, &browser.visit, Some(here));
        let chosen = browser.chosen_lang.and_then(|lang| cookies::set_lang(&self.cookies, lang));
        add_cookie(&mut response, chosen);
        response
    }
}

/// Sends the browser on by GET, whatever it came with (RFC 9110 §15.4.4).
pub(crate) fn see_other(location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        // An address that is no header value was made from input that should not have got here.
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Adds a cookie, if there is one to add.
pub(crate) fn add_cookie(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
