//! Who wishes to sign out: the person, or a relying party (OpenID Connect RP-Initiated Logout).

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::Response,
};
use idp_broker::SigningOut;
use idp_domain::{AttributeName, RelyingPartyId, SessionId, logout::Beginner};
use idp_oidc::op::{Params, issuer::path, logout::LogoutRequest};

use super::{clear, fates::nothing_to_do};
use crate::{
    App,
    answer::see_other,
    form::{pairs, single},
    login::follow::Came,
    page::{Form, FormTargets, Page, SignOut},
    problem::{Trouble, display_name},
    visit::Browser,
};

/// The longest wish that fits into an address, in bytes.
const MAX_QUERY: usize = 8 * 1024;

/// `GET /logout`: asks the person.
pub(crate) async fn ask(State(app): State<App>, browser: Browser) -> Response {
    match browser.visit.session {
        Some(_) => confirm(&app, &browser, None, ""),
        None => app.page_for(&nothing_to_do(None), &browser, "/logout"),
    }
}

/// `GET /oidc/logout`
pub(crate) async fn by_get(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    browser: Browser,
) -> Response {
    wished(&app, query.unwrap_or_default().as_bytes(), &browser).await
}

/// `POST /oidc/logout`: from a page of the relying party, to which browsers give no cookies of
/// ours. They bring them with the request that follows.
pub(crate) async fn by_post(State(app): State<App>, browser: Browser, body: Bytes) -> Response {
    let text = std::str::from_utf8(&body)
        .ok()
        .filter(|text| browser.jar.session.is_none() && text.len() <= MAX_QUERY && text.is_ascii());
    match text {
        Some("") => see_other(path::LOGOUT),
        Some(query) => see_other(&format!("{}?{query}", path::LOGOUT)),
        None => wished(&app, &body, &browser).await,
    }
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
        None => match &wish.way_back {
            Some(location) => {
                let mut response = see_other(location);
                tidy(app, browser, &mut response);
                response
            }
            None => nobody(app, browser, &wish),
        },
        Some(live) if wish.names_session(&live.session.id) => {
            let out = SigningOut::of(&live.session, wish.beginner());
            app.sign_out(out, browser, Came::ByLink).await
        }
        Some(_) => confirm(app, browser, Some(&wish), &String::from_utf8_lossy(text)),
    }
}

/// A relying party's wish that was found to be in order.
struct Wish {
    client: Option<RelyingPartyId>,
    way_back: Option<String>,
    sure: Box<dyn Fn(&SessionId) -> bool + Send + Sync>,
}

impl Wish {
    fn names_session(&self, session: &SessionId) -> bool {
        (self.sure)(session)
    }

    /// Who wishes it: the relying party, if it said who it is.
    fn beginner(&self) -> Beginner {
        match &self.client {
            Some(id) => Beginner::RelyingParty { id: id.clone(), answer: self.way_back.clone() },
            None => Beginner::Person,
        }
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
    let sure = move |session: &SessionId| match (&hint, &named) {
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
    match &visit.session {
        Some(live) => {
            let out = SigningOut::of(&live.session, wish.beginner());
            app.sign_out(out, &browser, Came::ByForm).await
        }
        None => nobody(&app, &browser, &wish),
    }
}

/// Nobody is signed in: there is a way back at most.
fn nobody(app: &App, browser: &Browser, wish: &Wish) -> Response {
    let visit = &browser.visit;
    let catalog = app.broker.catalog();
    let party = wish.client.as_ref().and_then(|id| catalog.relying_party(id));
    let back = party.and_then(|party| {
        let home = party.home.as_ref().map(|home| home.as_str().to_owned());
        Some((display_name(party, visit.lang), wish.way_back.clone().or(home)?))
    });
    let mut response = app.page(&nothing_to_do(back), visit, None);
    tidy(app, browser, &mut response);
    response
}

/// Takes away the cookie of a session that is over. A browser that brought none may have left it
/// out, because another site sent it here: it keeps its session.
fn tidy(app: &App, browser: &Browser, response: &mut Response) {
    if browser.jar.session.is_some() {
        clear(app, response);
    }
}
