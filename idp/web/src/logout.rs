//! Signing out: by the person, or by a relying party's wish (OpenID Connect RP-Initiated Logout).

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::Response,
};
use http::HeaderValue;
use idp_broker::SigningOut;
use idp_domain::{AttributeName, RelyingPartyId, logout::Beginner};
use idp_oidc::op::{Params, logout::LogoutRequest};

use crate::{
    App,
    answer::{add_cookie, see_other},
    cookies,
    form::{pairs, single},
    page::{Form, FormTargets, Page, SignOut, SignedOut},
    problem::{Trouble, display_name},
    visit::Browser,
};

/// `GET /logout`: asks the person.
pub(crate) async fn ask(State(app): State<App>, browser: Browser) -> Response {
    confirm(&app, &browser, None, "")
}

/// `GET /oidc/logout`
pub(crate) async fn by_get(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    browser: Browser,
) -> Response {
    wished(&app, query.unwrap_or_default().as_bytes(), &browser).await
}

/// `POST /oidc/logout`
pub(crate) async fn by_post(State(app): State<App>, browser: Browser, body: Bytes) -> Response {
    wished(&app, &body, &browser).await
}

/// A relying party wishes that the person is signed out.
async fn wished(app: &App, text: &[u8], browser: &Browser) -> Response {
    let visit = &browser.visit;
    let judged = judge(app, text);
    let wish = match judged {
        Ok(wish) => wish,
        Err((slug, client)) => {
            return app.rejected(Trouble::misregistered(slug, client), visit).await;
        }
    };
    match &visit.session {
        // Nobody is signed in here: there is nothing to end, and the browser may go back.
        None => leave(app, browser, &wish, false),
        Some(live) if wish.names_session(&live.session.id) => {
            let begun_by = Beginner::Person;
            match app.broker.sign_out(SigningOut::of(&live.session, begun_by), visit).await {
                Ok(_) => leave(app, browser, &wish, true),
                Err(fault) => app.faulted(&fault, visit),
            }
        }
        Some(_) => confirm(app, browser, Some(&wish), &String::from_utf8_lossy(text)),
    }
}

/// A relying party's wish that was found to be in order.
struct Wish {
    client: Option<RelyingPartyId>,
    way_back: Option<String>,
    sure: Box<dyn Fn(&idp_domain::SessionId) -> bool + Send + Sync>,
}

impl Wish {
    fn names_session(&self, session: &idp_domain::SessionId) -> bool {
        (self.sure)(session)
    }
}

fn judge(app: &App, text: &[u8]) -> Result<Wish, (&'static str, Option<RelyingPartyId>)> {
    let params = Params::parse(text).and_then(Params::once).map_err(|rule| (rule.slug, None))?;
    let published = app.keys.load();
    let request = LogoutRequest::read(&params, &published.keys, &app.issuer)
        .map_err(|rule| (rule.slug, None))?;
    let registry = app.registry.load();
    let client = request.client.as_ref().and_then(|id| registry.clients.get(id));
    let known = client.map(|client| client.id.clone());
    let way_back =
        request.way_back(client.map(AsRef::as_ref)).map_err(|rule| (rule.slug, known.clone()))?;
    let way_back = way_back.map(|way| way.location().to_owned());
    let (hint, named) = (request.hint, request.client);
    let sure = move |session: &idp_domain::SessionId| match (&hint, &named) {
        (Some(hint), Some(client)) => hint.names(session, client),
        _ => false,
    };
    Ok(Wish { client: known, way_back, sure: Box::new(sure) })
}

/// Asks the person whether they mean it. The wish travels with the form and is judged again.
fn confirm(app: &App, browser: &Browser, wish: Option<&Wish>, text: &str) -> Response {
    let visit = &browser.visit;
    let catalog = app.broker.catalog();
    let party = wish.and_then(|wish| catalog.relying_party(wish.client.as_ref()?));
    let person = visit.session.as_ref().and_then(|live| {
        let said = &live.session.latest()?.identity.attributes;
        let of = |name| AttributeName::parse(name).and_then(|name| said.single(&name));
        of("displayName").or_else(|| of("mail")).map(str::to_owned)
    });
    let mut form = Form::to("/logout");
    if !text.is_empty() {
        form = form.with("wish", text);
    }
    let page = Page::SignOut(SignOut {
        form,
        person,
        service: party.map(|party| display_name(party, visit.lang)),
        stay: "/".to_owned(),
        targets: FormTargets::own(),
    });
    app.page_for(&page, browser, "/logout")
}

/// `POST /logout`: the person means it.
pub(crate) async fn confirmed(State(app): State<App>, browser: Browser, body: Bytes) -> Response {
    let visit = &browser.visit;
    let fields = pairs(&body).unwrap_or_default();
    let text = single(&fields, "wish").unwrap_or_default();
    let wish = match judge(&app, text.as_bytes()) {
        Ok(wish) => wish,
        Err((slug, client)) => {
            return app.rejected(Trouble::misregistered(slug, client), visit).await;
        }
    };
    if let Some(live) = &visit.session
        && let Err(fault) =
            app.broker.sign_out(SigningOut::of(&live.session, Beginner::Person), visit).await
    {
        return app.faulted(&fault, visit);
    }
    // The answer to a form must not lead away by itself; a link does.
    let back = Wish { way_back: None, ..wish };
    let way = judge(&app, text.as_bytes()).ok().and_then(|wish| wish.way_back);
    signed_out(&app, &browser, &back, way, true)
}

/// Sends the browser where the relying party wants it, else says that all is done.
fn leave(app: &App, browser: &Browser, wish: &Wish, was_signed_in: bool) -> Response {
    match &wish.way_back {
        Some(location) => {
            let mut response = see_other(location);
            clear(app, &mut response);
            response
        }
        None => signed_out(app, browser, wish, None, was_signed_in),
    }
}

fn signed_out(
    app: &App,
    browser: &Browser,
    wish: &Wish,
    way: Option<String>,
    was_signed_in: bool,
) -> Response {
    let visit = &browser.visit;
    let catalog = app.broker.catalog();
    let party = wish.client.as_ref().and_then(|id| catalog.relying_party(id));
    let back = party.and_then(|party| {
        let home = party.home.as_ref().map(|home| home.as_str().to_owned());
        Some((display_name(party, visit.lang), way.or(home)?))
    });
    let page = Page::SignedOut(SignedOut { was_signed_in, services: Vec::new(), back, home: "/".to_owned() });
    let mut response = app.page(&page, visit, None);
    clear(app, &mut response);
    response
}

fn clear(app: &App, response: &mut Response) {
    add_cookie(response, cookies::clear(&app.cookies.session));
    let site = HeaderValue::from_static("\"storage\"");
    response.headers_mut().insert("clear-site-data", site);
}
