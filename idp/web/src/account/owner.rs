//! Who is at self-service: a person with a live session, and whether a form comes from a page of
//! theirs.

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    body::Bytes,
    extract::{FromRequestParts, Path, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Method, StatusCode, request::Parts};
use idp_broker::LiveSession;
use idp_domain::{
    Acr, AuthnRequest, Demand, Fault, ReturnTicket, Subject,
    assurance::REFEDS_MFA,
    factor::EnrolWith,
    policy::CHANGE_WINDOW,
    relying_party::{ACCOUNT, Protocol},
};
use tower_sessions::Session;

use super::place::Place;
use crate::{
    App,
    answer::see_other,
    form::{pairs, single},
    login::follow::Came,
    middleware::origin,
    page::Form,
    problem::Trouble,
    session_layer::{binding, bound},
    visit::Browser,
};

/// The field in which each form carries what its page was given.
const TOKEN: &str = "token";

/// Somebody at their own account. A request without a live session is led to a login, and from
/// there back to the page that it was for.
pub(crate) struct Owner {
    pub(super) browser: Browser,
    pub(super) live: LiveSession,
    pub(super) cookie: Session,
    token: String,
}

impl FromRequestParts<App> for Owner {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let cookie = Session::from_request_parts(parts, app).await;
        let cookie = cookie.map_err(IntoResponse::into_response)?;
        let browser = Browser::from_request_parts(parts, app).await?;
        if let Some(live) = browser.visit.session.clone() {
            let token = token(&cookie, &live).await;
            let token = token.map_err(|fault| app.faulted(&fault, &browser.visit))?;
            return Ok(Self { browser, live, cookie, token });
        }
        let path = parts.uri.path();
        let again = path.strip_prefix("/account/again/").and_then(Place::called);
        let place = again.unwrap_or_else(|| Place::at(path));
        if parts.method == Method::POST {
            // What was asked is gone with the session that it was asked in.
            return Err(see_other(place.path()));
        }
        Err(begin(app, place, Demand::default(), &browser, &cookie).await)
    }
}

impl Owner {
    /// A form of a page of theirs.
    pub(super) fn form(&self, action: &str) -> Form {
        Form::to(action).with(TOKEN, self.token.as_str())
    }

    /// The fields of a form, if it comes from a page that was made for this session in this
    /// browser. `Origin` was looked at before; a sibling host that learnt to forge that, or a page
    /// of the person who was signed in here before, ends here.
    pub(super) async fn fields(
        &self,
        app: &App,
        body: &Bytes,
    ) -> Result<Vec<(String, String)>, Response> {
        let visit = &self.browser.visit;
        let fields = pairs(body).unwrap_or_default();
        if single(&fields, TOKEN) != Some(self.token.as_str()) {
            return Err(forbidden(app.rejected(Trouble::cross_site(), visit).await));
        }
        // Whoever changes something uses the session, which may have ended meanwhile.
        match app.broker.keep_using(&self.live, Vec::new(), visit).await {
            Ok(true) => Ok(fields),
            Ok(false) => Err(see_other(Place::Overview.path())),
            Err(fault) => Err(app.faulted(&fault, visit)),
        }
    }
}

/// What binds a form to its session and its browser: nobody else can know it, and it tells nothing
/// of what it is made of.
async fn token(cookie: &Session, live: &LiveSession) -> Result<String, Fault> {
    let binding = match binding(cookie).await? {
        Some(binding) => binding,
        None => bound(cookie, &idp_broker::random()?).await?,
    };
    let text = format!("account form\0{binding}\0{}", live.session.id);
    Ok(URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes())))
}

/// Refuses what another site sends (403).
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || origin::is_own(&app, &request) {
        return next.run(request).await;
    }
    match app.visit_of(&request) {
        Ok(visit) => forbidden(app.rejected(Trouble::cross_site(), &visit).await),
        Err(response) => response,
    }
}

fn forbidden(mut response: Response) -> Response {
    if response.status() == StatusCode::BAD_REQUEST {
        *response.status_mut() = StatusCode::FORBIDDEN;
    }
    response
}

/// `GET /account/again/{place}`: proves anew who is there, and comes back.
pub(crate) async fn again(
    State(app): State<App>,
    Path(word): Path<String>,
    owner: Owner,
) -> Response {
    let browser = &owner.browser;
    let Some(place) = Place::called(&word) else {
        return app.rejected(Trouble::not_found(), &browser.visit).await;
    };
    let view = match app.broker.account_view(&owner.live, &browser.visit).await {
        Ok(view) => view,
        Err(fault) => return app.faulted(&fault, &browser.visit),
    };
    let mut demand = Demand {
        factor_max_age: Some(CHANGE_WINDOW),
        // Somebody else who signs in on the way is told so, and changes nothing here.
        subject: subject(&app, &owner.live),
        ..Demand::default()
    };
    let has_none = view.must_enrol || (view.passkeys.is_empty() && !view.totp);
    if !has_none || view.rules.enrol_with == EnrolWith::SignIn {
        return begin(&app, place, demand, browser, &owner.cookie).await;
    }
    // A sign-in alone does not open enrolment: it is done on the way, where a pass can be given.
    demand.acr.extend(REFEDS_MFA.parse::<Acr>());
    demand.essential = true;
    let place = if place == Place::NotMe { place } else { Place::Security };
    begin(&app, place, demand, browser, &owner.cookie).await
}

/// The name of the person towards our own pages.
pub(super) fn subject(app: &App, live: &LiveSession) -> Option<Subject> {
    let catalog = app.broker.catalog();
    let own = catalog.relying_party(&ACCOUNT.parse().ok()?)?;
    Some(app.broker.subject(own, &live.session.account))
}

/// Begins a login that leads back to `place`.
async fn begin(
    app: &App,
    place: Place,
    demand: Demand,
    browser: &Browser,
    cookie: &Session,
) -> Response {
    let Ok(relying_party) = ACCOUNT.parse() else {
        return app.faulted(&Fault::broken("naming our own pages"), &browser.visit);
    };
    let ticket =
        ReturnTicket { protocol: Protocol::Own, sealed: place.path().to_owned(), farewell: None };
    let request = AuthnRequest {
        relying_party,
        demand,
        ticket,
        hints: idp_domain::transaction::Hints::default(),
        wanted: std::collections::BTreeSet::new(),
    };
    let turn = app.broker.begin(request, &browser.visit).await;
    app.follow_or_fault(turn, Came::Fresh, browser, cookie).await
}
