//! What a request brings: its browser, its language, its session.

use axum::{
    extract::{FromRequestParts, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Uri, header, request::Parts};
use idp_broker::{Reference, Visit};
use idp_domain::{Fault, Lang};

use crate::{
    App,
    cookies::Jar,
    middleware::address::Peer,
    page::{Wishes, negotiate},
    problem::chain,
    user_agent,
};

/// A browser at one of our pages.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    /// As the broker sees it.
    pub visit: Visit,
    /// Its cookies.
    pub jar: Jar,
    /// A language that was chosen with this request.
    pub chosen_lang: Option<Lang>,
}

impl Browser {
    /// Takes the language that a relying party wishes for, unless the person chose one here.
    pub(crate) fn wish_lang(&mut self, locales: Option<&str>) {
        let Some(locales) = locales else { return };
        let known = locales.split_ascii_whitespace().any(|tag| Lang::from_tag(tag).is_some());
        if known && self.jar.lang.is_none() && self.chosen_lang.is_none() {
            let wished = Wishes { ui_locales: Some(locales), ..Wishes::default() };
            self.visit.lang = negotiate(&wished);
        }
    }
}

impl FromRequestParts<App> for Browser {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let peer = parts.extensions.get::<Peer>().copied();
        let jar = Jar::read(&parts.headers, &app.cookies);
        let mut visit = app.visit(peer, &parts.headers, &parts.uri, &jar)?;
        if let Some(handle) = &jar.session {
            match app.broker.recognize(handle, &visit).await {
                Ok(session) => visit.session = session,
                Err(fault) => return Err(app.faulted(&fault, &visit)),
            }
        }
        let chosen_lang = parameter(&parts.uri, "lang").and_then(Lang::from_tag);
        Ok(Self { visit, jar, chosen_lang })
    }
}

impl App {
    /// What `request` brings, its session left aside.
    #[expect(clippy::result_large_err, reason = "the error is the answer")]
    pub(crate) fn visit_of(&self, request: &Request) -> Result<Visit, Response> {
        let jar = Jar::read(request.headers(), &self.cookies);
        let peer = request.extensions().get::<Peer>().copied();
        self.visit(peer, request.headers(), request.uri(), &jar)
    }

    #[expect(clippy::result_large_err, reason = "the error is the answer")]
    fn visit(
        &self,
        peer: Option<Peer>,
        headers: &HeaderMap,
        uri: &Uri,
        jar: &Jar,
    ) -> Result<Visit, Response> {
        let reference = Reference::draw().map_err(|fault| blank(&fault))?;
        // A request without a peer did not come through the server's accept loop.
        let Some(Peer(peer)) = peer else {
            return Err(blank(&Fault::broken("finding the peer of a request")));
        };
        let address = self.proxies.browser(peer.ip(), headers);
        let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let wishes = Wishes {
            choice: parameter(uri, "lang").or(jar.lang.map(Lang::tag)),
            ui_locales: None,
            accept_language: accept,
        };
        let lang = negotiate(&wishes);
        let browser = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let browser = browser.map(user_agent::label).unwrap_or_default();
        let (now, device) = ((self.clock)(), jar.device.clone());
        Ok(Visit { now, address, browser, lang, session: None, device, reference })
    }
}

/// The value of a parameter that needs no decoding; anything else counts as absent.
fn parameter<'a>(uri: &'a Uri, name: &str) -> Option<&'a str> {
    let mut pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(key, value)| (key == name).then_some(value))
}

fn blank(fault: &Fault) -> Response {
    tracing::error!(error = %chain(fault), "a request failed before anything was known of it");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
