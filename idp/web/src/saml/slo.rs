//! Single logout towards service providers (SAML Profiles 4.4): what they ask, with the browser or
//! without, and what they answer when the browser comes back from them.
//!
//! Whatever they say is judged before it is looked for; nothing here needs a cookie.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use idp_broker::SigningOut;
use idp_domain::{
    AuditEvent, Fault, RelyingPartyId,
    audit::AuditKind,
    connector::Ending,
    logout::{Beginner, PATIENCE},
};
use idp_saml::{
    binding::{BindingError, Incoming, Kind, post, redirect, soap},
    dsig::DecryptionPolicy,
    idp::ServiceProvider,
    logout::{
        Expected, LogoutError, answer_by_soap, danger_unverified_answered,
        danger_unverified_issuer, names_meant, receive_request, receive_response,
    },
    schema::{Opener, new_id},
};
use idp_store::{
    journal::{Act, Outcome, Unit, UseOnce},
    sessions::Found,
};

use super::{
    farewell::{Asked, SKEW, reply, reply_of, sender},
    path,
};
use crate::{
    App, answer::see_other, form::pairs, login::follow::Came, logout::questions::logout_of,
    oidc::back::is_form, problem::Trouble, visit::Browser,
};

/// The name under which requests are marked as used.
pub(super) const USED: &str = "logout_request";

/// `GET /saml/slo` (SAML Bindings 3.4)
pub(crate) async fn by_redirect(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    browser: Browser,
) -> Response {
    let read = redirect::read(&query.unwrap_or_default());
    with_browser(&app, read, &browser).await
}

/// `POST /saml/slo` (SAML Bindings 3.5)
pub(crate) async fn by_post(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    browser: Browser,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let stray = query.is_some_and(|query| !query.is_empty());
    let form = (is_form(&headers) && !stray).then(|| pairs(&body)).flatten();
    let read = form.ok_or(BindingError::Binding).and_then(|form| post::read(&form));
    with_browser(&app, read, &browser).await
}

async fn with_browser(
    app: &App,
    read: Result<Incoming, BindingError>,
    browser: &Browser,
) -> Response {
    let message = match read {
        Ok(message) => message,
        Err(error) => return refuse(app, &error.into(), None, browser).await,
    };
    let judged = match message.kind {
        Kind::Request => asked(app, &message, browser).await,
        Kind::Response => replied(app, &message, browser).await,
    };
    judged.unwrap_or_else(|stop| stop.0)
}

/// An answer instead of an outcome.
struct Stop(Response);

/// `POST /saml/slo/soap` (SAML Bindings 3.2)
pub(crate) async fn by_soap(
    State(app): State<App>,
    browser: Browser,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let wanted = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    // Some speak as in SOAP 1.2, although the binding says 1.1.
    let known = ["text/xml", "application/soap+xml"];
    let is_xml =
        wanted.is_some_and(|kind| known.iter().any(|one| kind.trim_start().starts_with(one)));
    let read = is_xml.then(|| soap::read(Kind::Request, body.to_vec()));
    let message = match read.unwrap_or(Err(BindingError::Binding)) {
        Ok(message) => message,
        Err(error) => return fault(&app, &error.into(), None, &browser).await,
    };
    let request = match judge(&app, &message, path::SLO_SOAP, &browser).await {
        Ok(request) => request,
        Err(Unjudged::No(error, party)) => {
            return fault(&app, &error, party.as_ref(), &browser).await;
        }
        Err(Unjudged::Fault(error)) => return app.faulted(&error, &browser.visit),
    };
    match on_line(&app, request, &browser).await {
        Ok(response) => response,
        Err(error) => app.faulted(&error, &browser.visit),
    }
}

async fn on_line(app: &App, request: Request, browser: &Browser) -> Result<Response, Fault> {
    let visit = &browser.visit;
    let Request { asked, party, sessions, farewell, .. } = request;
    let ending = if sessions.is_empty() {
        Ending::Unknown
    } else {
        let wish = SigningOut {
            sessions: live(sessions),
            begun_by: Beginner::RelyingParty { id: party.clone(), answer: None },
            spares: Some((party.clone(), farewell)),
            upstream: None,
            by_browser: false,
        };
        let (mut logout, underway) = app.broker.sign_out(wish, visit).await?;
        underway.wait(PATIENCE.as_duration()).await;
        app.broker.look_after(&mut logout).await?;
        logout.ending()
    };
    let registry = app.registry.load();
    let Some(provider) = registry.service_providers.of(&party) else {
        return Err(Fault::broken("finding a service provider that was just found"));
    };
    let id = new_id(idp_broker::random()?);
    let ours = app.saml.load();
    let body = answer_by_soap(&reply_of(&id, &asked, ending), &sender(&ours, provider, visit.now))
        .map_err(|error| Fault::new("answering a logout request", error))?;
    Ok(enveloped(StatusCode::OK, body))
}

fn enveloped(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, soap::CONTENT_TYPE)], body).into_response()
}

/// A request that is what it should be, and the sessions that it means.
struct Request {
    asked: Asked,
    party: RelyingPartyId,
    sessions: Vec<Found>,
    farewell: Option<String>,
    /// Nobody waits for an answer, where the browser would bring it.
    asynchronous: bool,
}

/// Why a request goes no further.
enum Unjudged {
    No(LogoutError, Option<RelyingPartyId>),
    Fault(Fault),
}

/// Judges a request, and finds the sessions that it means: those in which this service provider
/// takes part under this very name.
async fn judge(
    app: &App,
    message: &Incoming,
    at: &str,
    browser: &Browser,
) -> Result<Request, Unjudged> {
    let now = browser.visit.now;
    let (asked, party, texts) = {
        let (registry, ours) = (app.registry.load(), app.saml.load());
        let issuer = danger_unverified_issuer(message);
        let issuer = issuer.map_err(|error| Unjudged::No(error, None))?;
        let provider = registry.service_providers.called(&issuer);
        let provider = provider.filter(|provider| !provider.is_expired(now));
        let provider = provider.ok_or(Unjudged::No(LogoutError::UnexpectedIssuer, None))?;
        let no = |error| Unjudged::No(error, Some(provider.id.clone()));
        let destination = app.issuer.url(at);
        let opener = Opener::new(&ours.keys.decryption, DecryptionPolicy::default());
        let expected = expected(provider, &destination, opener, browser);
        let asked = receive_request(message, &expected).map_err(no)?;
        let names = names_meant(asked.name(), &ours.provider.entity_id, &provider.entity_id);
        (asked, provider.id.clone(), names)
    };
    let mark =
        UseOnce { kind: USED, key: format!("{party} {}", asked.id()), until: asked.replay_until };
    let unit = Unit::new(Act::UseOnce(mark), Vec::new());
    let used = app.broker.commit("marking a logout request", unit).await;
    if used.map_err(Unjudged::Fault)? == Outcome::Used {
        return Err(Unjudged::No(LogoutError::Replayed, Some(party)));
    }
    let mut found = (Vec::new(), None);
    for text in texts {
        let sessions = app.store.sessions.of_participant(&party, Some(&text)).await;
        let sessions = sessions.map_err(|error| {
            Unjudged::Fault(Fault::new("finding the sessions of a name", error))
        })?;
        let indexes = asked.session_indexes();
        let meant = sessions.into_iter().filter(|session| {
            let names = app.broker.passing_names(&party, &session.id);
            indexes.is_empty() || indexes.contains(&names.session)
        });
        let meant: Vec<_> = meant.collect();
        if !meant.is_empty() {
            found = (meant, Some(text));
            break;
        }
    }
    let (sessions, farewell) = found;
    let (relay_state, asynchronous) = (asked.relay_state.clone(), asked.is_asynchronous());
    let asked = Asked { id: asked.id().to_owned(), relay_state };
    Ok(Request { asked, party, sessions, farewell, asynchronous })
}

fn expected<'a>(
    provider: &'a ServiceProvider,
    destination: &'a str,
    opener: Opener<'a>,
    browser: &Browser,
) -> Expected<'a> {
    Expected {
        entity_id: &provider.entity_id,
        keys: &provider.keys,
        destination,
        opener,
        skew: SKEW,
        now: browser.visit.now,
    }
}

/// Those that have not ended yet.
fn live(sessions: Vec<Found>) -> Vec<Found> {
    sessions.into_iter().filter(|session| !session.ended).collect()
}

/// A service provider asks that sessions be ended, and its browser is here.
async fn asked(app: &App, message: &Incoming, browser: &Browser) -> Result<Response, Stop> {
    let visit = &browser.visit;
    let request = match judge(app, message, path::SLO, browser).await {
        Ok(request) => request,
        Err(Unjudged::No(error, party)) => {
            return Err(Stop(refuse(app, &error, party.as_ref(), browser).await));
        }
        Err(Unjudged::Fault(fault)) => return Err(Stop(app.faulted(&fault, visit))),
    };
    let Request { asked, party, sessions, farewell, asynchronous } = request;
    let known = !sessions.is_empty();
    let sessions = live(sessions);
    if sessions.is_empty() {
        // It ended before, or there never was one: either way there is nothing to do.
        let ending = if known { Ending::Complete } else { Ending::Unknown };
        let registry = app.registry.load();
        let provider = registry.service_providers.of(&party);
        let provider = provider.filter(|_| !asynchronous);
        let led = provider.and_then(|provider| reply(app, provider, &asked, ending, visit.now));
        if !known {
            unknown(app, &party, browser).await.map_err(Stop)?;
        }
        return Ok(match led {
            Some(led) => app.lead(led, Came::ByLink, visit),
            // There the person sees that nobody is signed in, or may wish the same here.
            None => see_other("/logout"),
        });
    }
    // Texts always serialize.
    let answer = serde_json::to_string(&asked).ok().filter(|_| !asynchronous);
    let wish = SigningOut {
        sessions,
        begun_by: Beginner::RelyingParty { id: party.clone(), answer },
        spares: Some((party, farewell)),
        upstream: None,
        by_browser: true,
    };
    Ok(app.sign_out(wish, browser, Came::ByLink).await)
}

/// The trail hears of a name that nobody has here.
async fn unknown(app: &App, party: &RelyingPartyId, browser: &Browser) -> Result<(), Response> {
    let visit = &browser.visit;
    let event = AuditEvent {
        relying_party: Some(party.clone()),
        address: Some(visit.address),
        ..AuditEvent::new(AuditKind::RequestRejected, visit.now)
    };
    let recorded = app.broker.record(vec![event.because_of("unknown_principal")]).await;
    recorded.map_err(|fault| app.faulted(&fault, visit))
}

/// A service provider answers what the browser took there.
async fn replied(app: &App, message: &Incoming, browser: &Browser) -> Result<Response, Stop> {
    let visit = &browser.visit;
    let judged = {
        let registry = app.registry.load();
        match danger_unverified_issuer(message) {
            Err(error) => Err((error, None)),
            Ok(issuer) => match registry.service_providers.called(&issuer) {
                None => Err((LogoutError::UnexpectedIssuer, None)),
                Some(provider) => {
                    let destination = app.issuer.url(path::SLO);
                    let expected = expected(provider, &destination, Opener::CLOSED, browser);
                    let replied = receive_response(message, &expected);
                    let id = provider.id.clone();
                    replied.map_err(|error| (error, Some(id.clone()))).map(|it| (it, id))
                }
            },
        }
    };
    let (replied, party) = match judged {
        Ok(judged) => judged,
        Err((error, party)) => {
            return Err(Stop(disbelieve(app, message, &error, party.as_ref(), browser).await));
        }
    };
    let question = replied.in_response_to.strip_prefix('_').unwrap_or_default();
    let no = LogoutError::InResponseTo;
    let Some(id) = logout_of(question) else {
        return Err(Stop(refuse(app, &no, Some(&party), browser).await));
    };
    match app.party_answers(&id, &party, question, replied.out, browser).await {
        Ok(true) => Ok(see_other(&format!("/logout/{id}/on"))),
        Ok(false) => Err(Stop(disbelieve(app, message, &no, Some(&party), browser).await)),
        Err(fault) => Err(Stop(app.faulted(&fault, visit))),
    }
}

/// The page for an answer that is not believed. A person whose logout it says to belong to finds
/// the way on there; nobody else does.
async fn disbelieve(
    app: &App,
    message: &Incoming,
    error: &LogoutError,
    party: Option<&RelyingPartyId>,
    browser: &Browser,
) -> Response {
    let answered = danger_unverified_answered(message);
    let logout = answered.as_deref().and_then(|id| logout_of(id.strip_prefix('_')?));
    let trouble = Trouble::misregistered(error.slug(), party.cloned());
    let trouble = match logout {
        Some(id) => trouble.sign_out(&id),
        None => trouble,
    };
    said(error, browser);
    app.rejected(trouble, &browser.visit).await
}

fn said(error: &LogoutError, browser: &Browser) {
    tracing::info!(
        reason = error.slug(), %error, reference = %browser.visit.reference,
        "a logout message of a service provider is refused"
    );
}

/// The page for a message that is not believed, and its line in the trail.
async fn refuse(
    app: &App,
    error: &LogoutError,
    party: Option<&RelyingPartyId>,
    browser: &Browser,
) -> Response {
    said(error, browser);
    let trouble = Trouble::misregistered(error.slug(), party.cloned());
    app.rejected(trouble, &browser.visit).await
}

/// The same for one that came without a browser.
async fn fault(
    app: &App,
    error: &LogoutError,
    party: Option<&RelyingPartyId>,
    browser: &Browser,
) -> Response {
    // The line in the trail is the same; the page is for nobody.
    let refused = refuse(app, error, party, browser).await;
    if refused.status().is_server_error() {
        return refused;
    }
    let body = soap::fault(soap::FaultCode::Client, "The message is not accepted.");
    enveloped(StatusCode::INTERNAL_SERVER_ERROR, body)
}
