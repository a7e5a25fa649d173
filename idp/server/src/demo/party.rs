//! A relying party with pages of its own: who a person is it learns from the broker alone.
//!
//! Knows the broker by its address, as any relying party does; no code of the broker is called.

mod client;
mod error;
mod page;
mod service;
mod visits;
mod words;

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
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
use client::{Client, Registration};
pub(crate) use error::ClientError;
use page::{PageError, Pages, View};
use service::ServiceProvider;
use visits::{Farewell, Visits};

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
    /// What it speaks.
    pub(crate) speaks: Speaks,
    /// The broker's address.
    pub(crate) issuer: String,
    /// The other relying party: its names and its address.
    pub(crate) other: ([(&'static str, &'static str); 6], String),
}

/// What a relying party speaks.
pub(crate) enum Speaks {
    /// OpenID Connect.
    Oidc {
        /// The secret that it shares with the broker.
        secret: Secret<String>,
        /// The scopes that it asks for.
        scopes: &'static [&'static str],
    },
    /// SAML.
    Saml,
}

/// Who speaks to the broker.
enum Speaker {
    Oidc(Box<Client>),
    Saml(Box<ServiceProvider>),
}

/// What is remembered while somebody is at the broker.
#[derive(Clone)]
struct Leaving {
    /// What comes back with the browser.
    state: String,
    memory: Memory,
}

#[derive(Clone)]
enum Memory {
    Oidc(client::Memory),
    Saml(idp_saml::sp::Asked),
}

/// A relying party.
pub(crate) struct Party {
    speaker: Speaker,
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
        let (id, home, issuer) = (parts.id, parts.home, parts.issuer);
        let speaker = match parts.speaks {
            Speaks::Oidc { secret, scopes } => {
                Speaker::Oidc(Box::new(Client::new(Registration {
                    id,
                    secret,
                    home,
                    scopes,
                    issuer,
                })?))
            }
            Speaks::Saml => {
                Speaker::Saml(Box::new(ServiceProvider::new(home, issuer, clock::now())?))
            }
        };
        Ok(Arc::new(Self { speaker, pages, visits: Visits::default(), cookie }))
    }

    /// What it says of itself, if it speaks SAML.
    pub(crate) fn metadata(&self) -> Result<Option<String>, PartError> {
        match &self.speaker {
            Speaker::Oidc(_) => Ok(None),
            Speaker::Saml(service) => Ok(Some(service.metadata()?)),
        }
    }

    async fn begin(&self) -> Result<(Url, Leaving), ClientError> {
        match &self.speaker {
            Speaker::Oidc(client) => client.begin().await,
            Speaker::Saml(service) => service.begin(clock::now()).await,
        }
    }

    async fn farewell(&self, farewell: &Farewell) -> Result<Url, ClientError> {
        match (&self.speaker, farewell) {
            (Speaker::Oidc(client), Farewell::IdToken(token)) => client.farewell(token).await,
            (Speaker::Saml(service), name) => service.farewell(name, clock::now()).await,
            (Speaker::Oidc(_), Farewell::Name(..)) => Err(ClientError::Lost),
        }
    }

    /// It, if it speaks SAML.
    fn service(&self) -> Result<&ServiceProvider, ClientError> {
        match &self.speaker {
            Speaker::Saml(service) => Ok(service),
            Speaker::Oidc(_) => Err(ClientError::Lost),
        }
    }

    /// All its routes.
    pub(crate) fn routes(self: Arc<Self>) -> Router {
        Router::new()
            .route("/", get(home))
            .route("/sign-in", get(sign_in))
            .route("/callback", get(callback))
            .route("/back-channel-logout", post(back_channel_logout))
            .route("/saml/metadata", get(metadata))
            .route("/saml/acs", post(acs))
            .route("/saml/slo", get(slo))
            .route("/saml/slo/soap", post(slo_soap))
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
    let begun = party.begin().await;
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
    match arrive(&party, "state", &answer, &headers).await {
        Ok(handle) => party.lead("/", &handle),
        Err(error) => party.failed(&error, &headers),
    }
}

/// `POST /saml/acs`: back from the broker. All of the demonstration is one site to browsers, so
/// that the cookie comes with this form.
async fn acs(State(party): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let answer: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    match arrive(&party, "RelayState", &answer, &headers).await {
        Ok(handle) => party.lead("/", &handle),
        Err(error) => party.failed(&error, &headers),
    }
}

async fn arrive(
    party: &Party,
    state: &str,
    answer: &[(String, String)],
    headers: &HeaderMap,
) -> Result<String, ClientError> {
    let now = clock::now();
    let handle = party.handle(headers).ok_or(ClientError::Lost)?;
    let state = answer.iter().find(|(name, _)| name == state).ok_or(ClientError::Lost)?;
    let Leaving { state, memory } =
        party.visits.take_leaving(handle, &state.1, now).ok_or(ClientError::Lost)?;
    let person = match (&party.speaker, &memory) {
        (Speaker::Oidc(client), Memory::Oidc(memory)) => {
            client.finish((&state, memory), answer, now).await?
        }
        (Speaker::Saml(service), Memory::Saml(asked)) => service.finish(asked, answer, now).await?,
        _ => return Err(ClientError::Lost),
    };
    party.visits.arrive(handle, person, now)
}

/// `POST /back-channel-logout`: the broker says that a session is over (OpenID Connect
/// Back-Channel Logout 1.0, 2.5).
async fn back_channel_logout(State(party): Shared, body: Bytes) -> Response {
    let done = async {
        let Speaker::Oidc(client) = &party.speaker else { return Err(ClientError::Lost) };
        let mut fields = url::form_urlencoded::parse(&body);
        let token = fields.find(|(name, _)| name == "logout_token").ok_or(ClientError::Lost)?.1;
        client.signed_out(&token, clock::now()).await
    };
    match done.await {
        Ok(over) => {
            party.visits.forget_session(&over);
            ([(header::CACHE_CONTROL, "no-store")], StatusCode::OK).into_response()
        }
        Err(error) => {
            tracing::warn!(error = %crate::demo::whole(&error), "a logout is not believed");
            StatusCode::BAD_REQUEST.into_response()
        }
    }
}

/// `GET /saml/metadata`: what it says of itself.
async fn metadata(State(party): Shared) -> Response {
    match party.service().and_then(ServiceProvider::metadata) {
        Ok(text) => {
            ([(header::CONTENT_TYPE, "application/samlmetadata+xml")], text).into_response()
        }
        Err(error) => error.status().into_response(),
    }
}

/// `GET /saml/slo`: the broker, about a logout, with the browser.
async fn slo(State(party): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let done = async {
        let forget = |name: &_, sessions: &[_]| party.visits.forget_called(name, sessions);
        party.service()?.logout(&query.unwrap_or_default(), forget, clock::now()).await
    };
    match done.await {
        Ok(Some(url)) => see_other(url.as_str()),
        Ok(None) => see_other("/signed-out"),
        Err(error) => party.failed(&error, &headers),
    }
}

/// `POST /saml/slo/soap`: the broker, about a logout, by itself.
async fn slo_soap(State(party): Shared, body: Bytes) -> Response {
    let done = async {
        let forget = |name: &_, sessions: &[_]| party.visits.forget_called(name, sessions);
        party.service()?.logout_by_soap(body.to_vec(), forget, clock::now()).await
    };
    match done.await {
        Ok(envelope) => {
            ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], envelope).into_response()
        }
        Err(error) => {
            tracing::warn!(error = %crate::demo::whole(&error), "a logout is not believed");
            error.status().into_response()
        }
    }
}

/// `POST /sign-out`: here at once, then at the broker.
async fn sign_out(State(party): Shared, headers: HeaderMap) -> Response {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if !matches!(site, None | Some(b"same-origin" | b"none")) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let person = party.handle(&headers).and_then(|handle| party.visits.forget(handle));
    let Some(person) = person else { return see_other("/") };
    match party.farewell(&person.farewell).await {
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
