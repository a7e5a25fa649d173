//! Carrying a logout on: the browser loads frames, visits services and the source one after the
//! other, and ends where whoever wished the logout wants it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use idp_broker::SigningOut;
use idp_domain::{
    Fault, LogoutId, Outbound, RelyingPartyId, SourceId, Timestamp,
    connector::{Confirmed, Leave},
    logout::{Beginner, Logout, Standing, Step, Way},
    relying_party::Protocol,
};
use idp_oidc::op::front_channel;
use idp_store::shelf::Version;
use tower_sessions::Session;
use url::Url;

use super::{FIRST_PAGE, clear, fates::nothing_to_do};
use crate::{
    App,
    answer::see_other,
    login::follow::Came,
    oidc::answer::Led,
    page::{FormPost, Page, SigningOut as Progress},
    problem::chain,
    saml,
    session_layer::bound,
    visit::Browser,
};

/// How long a page with frames stays, in seconds: as long as anybody has to answer.
const FRAMES: u32 = 3;

/// How often a step is tried anew when another tab of the browser took it at the same time.
const TRIES: usize = 4;

/// A logout of this browser, as it was found.
struct Carried {
    logout: Logout,
    version: Version,
    /// The browser's session was one of those that ended.
    own: bool,
}

impl App {
    /// Ends sessions at the wish of somebody whose browser is here, and leads it on.
    pub(crate) async fn sign_out(
        &self,
        mut wish: SigningOut,
        browser: &Browser,
        came: Came,
    ) -> Response {
        let visit = &browser.visit;
        let own = visit
            .session
            .as_ref()
            .filter(|live| wish.sessions.iter().any(|session| session.id == live.session.id));
        if let Some(live) = own {
            wish.upstream = live.session.latest().cloned();
        }
        let (mut logout, underway) = match self.broker.sign_out(wish, visit).await {
            Ok(begun) => begun,
            Err(fault) => return self.faulted(&fault, visit),
        };
        if let Some(live) = own {
            self.broker.forget(live).await;
        }
        if matches!(logout.advance(visit.now), Step::Wait { .. }) {
            // Nothing is left for the browser to do, and most answers take no time.
            underway.wait(FIRST_PAGE).await;
        }
        // The session is over whatever happens from here on.
        if let Err(fault) = self.broker.look_after(&mut logout).await {
            tracing::warn!(error = %chain(&fault), "a logout cannot be followed");
        }
        // A browser whose cookies were left out of this request brings them with the next.
        let may_end = own.is_some() && came != Came::ByForm && awaits_answer(&logout);
        let mut response = if may_end && logout.advance(visit.now) == Step::Answer {
            self.conclude(&logout, browser, came).await
        } else if let Err(fault) = self.broker.keep_logout(&logout).await {
            tracing::warn!(error = %chain(&fault), "a logout cannot be carried on");
            self.page(&self.signed_out(&logout, None, visit.lang), visit, None)
        } else {
            // The answer to a form of ours may not lead away; a page of ours may.
            let on = if came == Came::ByForm { "" } else { "/on" };
            see_other(&format!("/logout/{}{on}", logout.id))
        };
        if own.is_some() {
            clear(self, &mut response);
        }
        response
    }

    /// Answers whoever wished the logout.
    async fn conclude(&self, logout: &Logout, browser: &Browser, came: Came) -> Response {
        let visit = &browser.visit;
        let led = match &logout.begun_by {
            Beginner::RelyingParty { id, answer: Some(answer) } => {
                self.answer_party(logout, id, answer, visit.now)
            }
            Beginner::Source { id, asked } => {
                let source = self.broker.catalog().source(id).cloned();
                let Some(source) = source else { return self.end(logout, None, browser) };
                match source.connector.confirm(asked, logout.ending(), visit.now).await {
                    Ok(Confirmed::Browser(outbound)) => led(outbound),
                    Ok(_) => None,
                    Err(fault) => return self.faulted(&fault, visit),
                }
            }
            Beginner::Person | Beginner::RelyingParty { .. } => None,
        };
        match led {
            // A person who must know something, or whose browser may not be led away, goes by a
            // link.
            Some(Led::To(way)) if came == Came::ByForm || self.must_show(logout) => {
                self.end(logout, Some(&way), browser)
            }
            Some(led) => self.lead(led, came, visit),
            None => self.end(logout, None, browser),
        }
    }

    /// Whether the person must see how it went. Other protocols tell the relying party.
    fn must_show(&self, logout: &Logout) -> bool {
        let Beginner::RelyingParty { id, .. } = &logout.begun_by else { return false };
        let catalog = self.broker.catalog();
        let party = catalog.relying_party(id);
        party.is_some_and(|party| party.protocol == Protocol::Oidc) && logout.has_failed()
    }

    /// Whether the end is a message that the browser takes away, and no page.
    fn must_lead_away(&self, logout: &Logout) -> bool {
        match &logout.begun_by {
            Beginner::RelyingParty { id, answer: Some(_) } => {
                let catalog = self.broker.catalog();
                let party = catalog.relying_party(id);
                party.is_some_and(|party| party.protocol == Protocol::Saml)
            }
            Beginner::Source { .. } => true,
            Beginner::Person | Beginner::RelyingParty { answer: None, .. } => false,
        }
    }

    fn answer_party(
        &self,
        logout: &Logout,
        id: &RelyingPartyId,
        answer: &str,
        now: Timestamp,
    ) -> Option<Led> {
        match self.broker.catalog().relying_party(id)?.protocol {
            Protocol::Oidc => Some(Led::To(answer.to_owned())),
            Protocol::Saml => saml::farewell::answer(self, id, answer, logout.ending(), now),
        }
    }

    fn end(&self, logout: &Logout, way: Option<&str>, browser: &Browser) -> Response {
        let page = self.signed_out(logout, way, browser.visit.lang);
        self.page_for(&page, browser, &format!("/logout/{}", logout.id))
    }

    /// The logout `id`, if this browser is the one that carries it.
    async fn carried(
        &self,
        id: &LogoutId,
        browser: &Browser,
        cookie: &Session,
    ) -> Result<Option<Carried>, Fault> {
        let Some(held) = self.broker.logout(id, browser.visit.now).await? else {
            return Ok(None);
        };
        let (mut logout, version) = (held.value, held.version);
        let binding = bound(cookie, &idp_broker::random()?).await?;
        if *logout.binding.get_or_insert_with(|| binding.clone()) != binding {
            return Ok(None);
        }
        let own = match &browser.jar.session {
            Some(handle) => self.broker.adopt(&mut logout, handle).await?,
            None => false,
        };
        self.broker.look_after(&mut logout).await?;
        Ok(Some(Carried { logout, version, own }))
    }
}

/// `GET /logout/{logout}`: how far it has come. Leads on by itself.
pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    browser: Browser,
) -> Response {
    let visit = &browser.visit;
    for _ in 0..TRIES {
        let Carried { mut logout, version, own } = match found(&app, &id, &browser, &cookie).await {
            Ok(carried) => carried,
            Err(response) => return response,
        };
        let here = format!("/logout/{}", logout.id);
        let step = logout.advance(visit.now);
        let progress = |frames, onward, seconds| {
            let services = app.fates(&logout, visit.lang);
            Page::SigningOut(Progress { services, frames, onward, seconds })
        };
        let page = match step {
            Step::Frames => Some(progress(frames(&app, &logout), format!("{here}/on"), FRAMES)),
            Step::Visit(_) | Step::Upstream => Some(progress(Vec::new(), format!("{here}/on"), 1)),
            Step::Wait { until } => {
                let seconds = until.since(visit.now).as_seconds().max(1);
                Some(progress(Vec::new(), format!("{here}/on"), seconds))
            }
            Step::Answer if app.must_lead_away(&logout) => return see_other(&format!("{here}/on")),
            Step::Answer => None,
        };
        if step == Step::Frames {
            // Whoever sees this page has its frames; they are not loaded again.
            logout.framed();
        }
        match app.broker.keep_logout_on(&logout, &version).await {
            Ok(true) => {}
            Ok(false) => continue,
            Err(fault) => return app.faulted(&fault, visit),
        }
        let mut response = match page {
            Some(page) => app.page_for(&page, &browser, &here),
            None => app.conclude(&logout, &browser, Came::ByForm).await,
        };
        if own {
            clear(&app, &mut response);
        }
        return response;
    }
    see_other(&format!("/logout/{id}"))
}

/// `GET /logout/{logout}/on`: takes the next step.
pub(crate) async fn on(
    State(app): State<App>,
    Path(id): Path<String>,
    cookie: Session,
    browser: Browser,
) -> Response {
    for _ in 0..TRIES {
        let mut carried = match found(&app, &id, &browser, &cookie).await {
            Ok(carried) => carried,
            Err(response) => return response,
        };
        let own = carried.own;
        match step(&app, &mut carried, &browser).await {
            Ok(Some(mut response)) => {
                if own {
                    clear(&app, &mut response);
                }
                return response;
            }
            Ok(None) => {}
            Err(fault) => return app.faulted(&fault, &browser.visit),
        }
    }
    see_other(&format!("/logout/{id}"))
}

async fn found(
    app: &App,
    id: &str,
    browser: &Browser,
    cookie: &Session,
) -> Result<Carried, Response> {
    let Ok(id) = id.parse::<LogoutId>() else { return Err(over(app, browser)) };
    match app.carried(&id, browser, cookie).await {
        Ok(Some(carried)) => Ok(carried),
        Ok(None) => Err(over(app, browser)),
        Err(fault) => Err(app.faulted(&fault, &browser.visit)),
    }
}

/// It is over, or another browser's: nothing is shown of it.
fn over(app: &App, browser: &Browser) -> Response {
    app.page_for(&nothing_to_do(None), browser, "/logout")
}

/// Takes one step; `None` when another request of the browser was faster.
async fn step(
    app: &App,
    carried: &mut Carried,
    browser: &Browser,
) -> Result<Option<Response>, Fault> {
    let visit = &browser.visit;
    let Carried { logout, version, .. } = carried;
    loop {
        let here = format!("/logout/{}", logout.id);
        let led = match logout.advance(visit.now) {
            Step::Frames | Step::Wait { .. } => Led::To(here),
            Step::Answer => return answer(app, logout, version, browser).await,
            Step::Visit(place) => {
                if let Some(led) = visit_of(app, logout, place, visit.now)? {
                    led
                } else {
                    logout.is_mute(place);
                    if let Some(leaving) = logout.leaving.get(place) {
                        app.broker.heard_by_browser(leaving, Standing::Mute, visit).await?;
                    }
                    continue;
                }
            }
            Step::Upstream => {
                if let Some(led) = upstream_of(app, logout, visit.now).await? {
                    led
                } else {
                    logout.upstream_is_mute();
                    continue;
                }
            }
        };
        let kept = app.broker.keep_logout_on(logout, version).await?;
        return Ok(kept.then(|| app.lead(led, Came::ByLink, visit)));
    }
}

/// Whether somebody else than the person wants to know how it went.
fn awaits_answer(logout: &Logout) -> bool {
    match &logout.begun_by {
        Beginner::RelyingParty { answer, .. } => answer.is_some(),
        Beginner::Source { .. } => true,
        Beginner::Person => false,
    }
}

/// Answers whoever wished the logout, once. A person can look at the end again.
async fn answer(
    app: &App,
    logout: &Logout,
    version: &Version,
    browser: &Browser,
) -> Result<Option<Response>, Fault> {
    if !awaits_answer(logout) || app.must_show(logout) {
        let kept = app.broker.keep_logout_on(logout, version).await?;
        return Ok(kept.then(|| see_other(&format!("/logout/{}", logout.id))));
    }
    if !app.broker.finish_logout(&logout.id).await? {
        return Ok(Some(over(app, browser)));
    }
    Ok(Some(app.conclude(logout, browser, Came::ByLink).await))
}

/// What the browser takes to the participant at `place`.
fn visit_of(
    app: &App,
    logout: &mut Logout,
    place: usize,
    now: Timestamp,
) -> Result<Option<Led>, Fault> {
    let name = question(&logout.id)?;
    let leaving = logout.leaving.get(place);
    let led = leaving.and_then(|leaving| saml::farewell::visit(app, leaving, &name, now));
    if led.is_some() {
        logout.visits(place, name, now);
    }
    Ok(led)
}

/// What the browser takes to the source.
async fn upstream_of(app: &App, logout: &mut Logout, now: Timestamp) -> Result<Option<Led>, Fault> {
    let Some(upstream) = &logout.upstream else { return Ok(None) };
    let source = app.broker.catalog().source(&upstream.event.identity.source).cloned();
    let Some(source) = source else { return Ok(None) };
    let leave = Leave { correlator: question(&logout.id)?, now };
    match source.connector.leave(&upstream.event, &leave).await?.and_then(led) {
        Some(led) => {
            logout.goes_upstream(leave.correlator, now);
            Ok(Some(led))
        }
        None => Ok(None),
    }
}

/// What a connector says that the browser does.
pub(super) fn led(outbound: Outbound) -> Option<Led> {
    match outbound {
        Outbound::Redirect(url) => Some(Led::To(url.into())),
        Outbound::Post { url, fields } => Some(Led::Post(FormPost { action: url, fields })),
        Outbound::Form(_) => None,
    }
}

/// What the browser loads in frames.
fn frames(app: &App, logout: &Logout) -> Vec<Url> {
    let registry = app.registry.load();
    let waiting = logout
        .leaving
        .iter()
        .filter(|leaving| leaving.way == Way::Frame && leaving.standing == Standing::Waiting);
    let urls = waiting.filter_map(|leaving| {
        let client = registry.clients.get(&leaving.relying_party)?;
        front_channel::frame(client, &app.issuer, &leaving.session)?.parse().ok()
    });
    urls.collect()
}

/// A name for a question: unguessable, and it leads back to its logout. All of its letters may
/// stand in an ID of XML, though not the first of each.
fn question(id: &LogoutId) -> Result<String, Fault> {
    let random = idp_broker::random::<16>()?;
    Ok(format!("q{id}.{}", LogoutId::from_random(random)))
}

/// The logout of a question.
pub(crate) fn logout_of(question: &str) -> Option<LogoutId> {
    question.strip_prefix('q')?.split_once('.')?.0.parse().ok()
}

impl App {
    /// A relying party says whether the person is signed out there. Whether it was asked that.
    pub(crate) async fn party_answers(
        &self,
        id: &LogoutId,
        party: &RelyingPartyId,
        question: &str,
        out: bool,
        browser: &Browser,
    ) -> Result<bool, Fault> {
        let visit = &browser.visit;
        for _ in 0..TRIES {
            let Some(held) = self.broker.logout(id, visit.now).await? else { return Ok(false) };
            let mut logout = held.value;
            let Some(leaving) = logout.answers(party, question, out).cloned() else {
                return Ok(false);
            };
            if self.broker.keep_logout_on(&logout, &held.version).await? {
                self.broker.heard_by_browser(&leaving, leaving.standing, visit).await?;
                return Ok(true);
            }
        }
        Err(Fault::broken("noting an answer while others do"))
    }

    /// The source says whether the person is signed out there.
    pub(crate) async fn source_left(
        &self,
        source: &SourceId,
        question: &str,
        out: bool,
        browser: &Browser,
    ) -> Response {
        let visit = &browser.visit;
        let Some(id) = logout_of(question) else {
            return self.inbound_rejected(source, "in_response_to", visit).await;
        };
        for _ in 0..TRIES {
            let held = match self.broker.logout(&id, visit.now).await {
                Ok(Some(held)) => held,
                Ok(None) => break,
                Err(fault) => return self.faulted(&fault, visit),
            };
            let mut logout = held.value;
            let asked = logout.upstream.as_ref().map(|it| &it.event.identity.source);
            if asked != Some(source) || !logout.source_answers(question, out) {
                break;
            }
            match self.broker.keep_logout_on(&logout, &held.version).await {
                Ok(true) => return see_other(&format!("/logout/{id}/on")),
                Ok(false) => {}
                Err(fault) => return self.faulted(&fault, visit),
            }
        }
        self.inbound_rejected(source, "in_response_to", visit).await
    }
}
