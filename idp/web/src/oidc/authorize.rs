//! The authorization endpoint: where every OpenID Connect login begins.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::Response,
};
use idp_domain::{AuditEvent, AuthnRequest, RelyingPartyId, audit::AuditKind};
use idp_oidc::op::{self, Asked, Declined, Entry, Params};
use tower_sessions::Session;

use super::answer::{Led, led};
use crate::{
    App,
    answer::see_other,
    login::follow::Came,
    page::{FormPost, Page},
    problem::Trouble,
    visit::Browser,
};

/// `GET /oidc/authorize`
pub(crate) async fn by_get(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    cookie: Session,
    browser: Browser,
) -> Response {
    let query = query.unwrap_or_default();
    begin(&app, Entry::Get, query.as_bytes(), false, browser, &cookie).await
}

/// `POST /oidc/authorize` (OpenID Connect Core §3.1.2.1)
pub(crate) async fn by_post(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    cookie: Session,
    browser: Browser,
    headers: http::HeaderMap,
    body: Bytes,
) -> Response {
    if !super::back::is_form(&headers) {
        return http::Response::builder()
            .status(http::StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .body(axum::body::Body::empty())
            .unwrap_or_default();
    }
    let stray = query.is_some_and(|query| !query.is_empty());
    begin(&app, Entry::Post, &body, stray, browser, &cookie).await
}

async fn begin(
    app: &App,
    entry: Entry,
    text: &[u8],
    stray_query: bool,
    mut browser: Browser,
    cookie: &Session,
) -> Response {
    let request = match judge(app, entry, text, stray_query) {
        Ok(request) => request,
        Err(Unfit::Unreadable(rule)) => {
            return app.rejected(Trouble::misregistered(rule.slug, None), &browser.visit).await;
        }
        Err(Unfit::Declined(declined)) => return decline(app, &declined, &browser).await,
    };
    browser.wish_lang(request.hints.locales.as_deref());
    let turn = app.broker.begin(request, &browser.visit).await;
    app.follow_or_fault(turn, Came::Fresh, &browser, cookie).await
}

/// Why a request is none.
enum Unfit {
    Unreadable(&'static idp_oidc::error::Rule),
    Declined(Declined),
}

fn judge(app: &App, entry: Entry, text: &[u8], stray_query: bool) -> Result<AuthnRequest, Unfit> {
    let params = Params::parse(text).map_err(Unfit::Unreadable)?;
    let registry = app.registry.load();
    let id = params.find("client_id").and_then(|id| id.parse::<RelyingPartyId>().ok());
    let client = id.and_then(|id| registry.clients.get(&id));
    let published = app.keys.load();
    let asked = Asked {
        entry,
        params: &params,
        stray_query,
        client: client.map(AsRef::as_ref),
        issuer: &app.issuer,
        keys: &published.keys,
    };
    op::authorize(&asked).map_err(Unfit::Declined)
}

/// Says no, to the client where the request proved a way to it.
async fn decline(app: &App, declined: &Declined, browser: &Browser) -> Response {
    let visit = &browser.visit;
    let rule = declined.rule();
    match declined {
        Declined::Page(error) => {
            let trouble = Trouble::misregistered(rule.slug, error.client.clone());
            app.rejected(trouble, visit).await
        }
        Declined::Redirect(error) => {
            let event = AuditEvent {
                relying_party: Some(error.client.clone()),
                address: Some(visit.address),
                ..AuditEvent::new(AuditKind::RequestRejected, visit.now)
            };
            if let Err(fault) = app.broker.record(vec![event.because_of(rule.slug)]).await {
                return app.faulted(&fault, visit);
            }
            match led(error.answer(&app.issuer)) {
                Led::To(location) => see_other(&location),
                Led::Post(form) => app.page(&Page::FormPost(form), visit, None),
                Led::Nowhere(response) => *response,
            }
        }
    }
}

/// A form of the answer, for pages.
pub(super) fn form(action: &str, fields: Vec<(&'static str, String)>) -> Option<FormPost> {
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    action.parse().ok().map(|action| FormPost { action, fields })
}
