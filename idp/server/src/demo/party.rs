//! A relying party with pages of its own: who a person is it learns from the broker alone.
//!
//! Knows the broker by its address, as any relying party does; no code of the broker is called.

mod client;
mod page;
mod visits;
mod words;

use std::sync::Arc;

use axum::{
    Router,
    extract::{RawQuery, State},
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use idp_domain::{Lang, Secret};
use idp_web::page::{Wishes, negotiate};
use url::Url;

use crate::clock;
use client::{Client, ClientError, Registration};
use page::{PageError, Pages, View};
use visits::Visits;

/// What a relying party has to know of itself and of its surroundings.
pub(crate) struct Parts {
    /// Its id at the broker.
    pub(crate) id: &'static str,
    /// Its names, by language.
    pub(crate) names: [(&'static str, &'static str); 6],
    /// Its port, which sets its cookie apart.
    pub(crate) port: u16,
    /// Its address, without a slash at its end.
    pub(crate) home: String,
    /// The secret that it shares with the broker.
    pub(crate) secret: Secret<String>,
    /// The scopes that it asks for.
    pub(crate) scopes: &'static [&'static str],
    /// The broker's address.
    pub(crate) issuer: String,
    /// The other relying party: its names and its address.
    pub(crate) other: ([(&'static str, &'static str); 6], String),
}

/// A relying party.
pub(crate) struct Party {
    client: Client,
    pages: Pages,
    visits: Visits,
    cookie: String,
}

type Shared = State<Arc<Party>>;

impl Party {
    /// A relying party of these parts.
    pub(crate) fn new(parts: Parts) -> Result<Arc<Self>, PartError> {
        let pages = Pages::new(parts.id, parts.names, parts.other, &parts.issuer)?;
        let cookie = format!("__Host-demo-{}", parts.port);
        let client = Client::new(Registration {
            id: parts.id,
            secret: parts.secret,
            home: parts.home,
            scopes: parts.scopes,
            issuer: parts.issuer,
        })?;
        Ok(Arc::new(Self { client, pages, visits: Visits::default(), cookie }))
    }

    /// All its routes.
    pub(crate) fn routes(self: Arc<Self>) -> Router {
        Router::new()
            .route("/", get(home))
            .route("/sign-in", get(sign_in))
            .route("/callback", get(callback))
            .route("/sign-out", post(sign_out))
            .route("/signed-out", get(signed_out))
            .route("/style.css", get(async || asset("text/css; charset=utf-8", page::STYLE)))
            .route("/icon.svg", get(async || asset("image/svg+xml", page::ICON)))
            .layer(from_fn(idp_web::middleware::headers::add))
            .with_state(self)
    }

    /// The handle in the cookie. One that comes twice was planted, and is not believed.
    fn handle<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let mut found = headers
            .get_all(header::COOKIE)
            .into_iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter_map(|(name, value)| (name == self.cookie).then_some(value));
        found.next().filter(|_| found.next().is_none())
    }

    /// Leads the browser to `location`, with `handle` as its cookie.
    fn lead(&self, location: &str, handle: &str) -> Response {
        let mut response = see_other(location);
        let cookie = format!("{}={handle}; Path=/; HttpOnly; Secure; SameSite=Lax", self.cookie);
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    fn failed(&self, error: &ClientError, headers: &HeaderMap) -> Response {
        tracing::warn!(error = %crate::demo::whole(error), "a relying party cannot sign a person in");
        let view = View::Problem { slug: error.slug(), lost: matches!(error, ClientError::Lost) };
        self.pages.show(error.status(), &view, lang(headers))
    }
}

/// Why a relying party cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PartError {
    /// Its pages.
    #[error(transparent)]
    Page(#[from] PageError),
    /// What it says to the broker.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// `GET /`: what this is, and who is signed in.
async fn home(State(party): Shared, headers: HeaderMap) -> Response {
    let handle = party.handle(&headers);
    let person = handle.and_then(|handle| party.visits.person(handle, clock::now()));
    let view = match person {
        Some(person) => View::person(&person),
        None => View::Nobody { signed_out: false },
    };
    party.pages.show(StatusCode::OK, &view, lang(&headers))
}

/// `GET /sign-in`: to the broker. A link, so that no form has to say whereto its answer may lead.
async fn sign_in(State(party): Shared, headers: HeaderMap) -> Response {
    let begun = party.client.begin().await;
    let kept = begun.and_then(|(url, leaving)| {
        let handle = party.visits.leave(party.handle(&headers), leaving, clock::now())?;
        Ok((url, handle))
    });
    match kept {
        Ok((url, handle)) => party.lead(url.as_str(), &handle),
        Err(error) => party.failed(&error, &headers),
    }
}

/// `GET /callback`: back from the broker.
async fn callback(State(party): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = query.unwrap_or_default();
    let answer: Vec<(String, String)> =
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    match arrive(&party, &answer, &headers).await {
        Ok(handle) => party.lead("/", &handle),
        Err(error) => party.failed(&error, &headers),
    }
}

async fn arrive(
    party: &Party,
    answer: &[(String, String)],
    headers: &HeaderMap,
) -> Result<String, ClientError> {
    let now = clock::now();
    let handle = party.handle(headers).ok_or(ClientError::Lost)?;
    let state = answer.iter().find(|(name, _)| name == "state").ok_or(ClientError::Lost)?;
    let leaving = party.visits.take_leaving(handle, &state.1, now).ok_or(ClientError::Lost)?;
    let person = party.client.finish(&leaving, answer, now).await?;
    party.visits.arrive(handle, person, now)
}

/// `POST /sign-out`: here at once, then at the broker.
async fn sign_out(State(party): Shared, headers: HeaderMap) -> Response {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if !matches!(site, None | Some(b"same-origin" | b"none")) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let person = party.handle(&headers).and_then(|handle| party.visits.forget(handle));
    let Some(person) = person else { return see_other("/") };
    match party.client.farewell(&person.id_token).await {
        Ok(url) => see_other(url.as_str()),
        Err(error) => party.failed(&error, &headers),
    }
}

/// `GET /signed-out`: back from the broker's sign-out.
async fn signed_out(State(party): Shared, headers: HeaderMap) -> Response {
    party.pages.show(StatusCode::OK, &View::Nobody { signed_out: true }, lang(&headers))
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
    (headers, text).into_response()
}

fn lang(headers: &HeaderMap) -> Lang {
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    negotiate(&Wishes { choice: None, ui_locales: None, accept_language: accept })
}

fn see_other(location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

/// `text` as a URL that was made from parts of our own.
fn url(text: &str) -> Result<Url, ClientError> {
    Url::parse(text).map_err(|_| ClientError::Address)
}

#[cfg(test)]
mod tests;
