//! Carrying a logout on: the browser loads frames, visits services and the source one after the
//! other, and ends where whoever wished the logout wants it.

use std::time::Duration;

use axum::{
    extract::{Path, State},
    response::Response,
};
use idp_domain::{
    Fault, LogoutId, Outbound, Timestamp,
    connector::Leave,
    logout::{Logout, Standing, Step, Way},
};
use idp_oidc::op::front_channel;
use idp_store::shelf::Version;
use tokio::time::Instant;
use tower_sessions::Session;
use url::Url;

use super::{FIRST_PAGE, clear, end::awaits_answer, fates::nothing_to_do, questions::question};
use crate::{
    App,
    answer::see_other,
    login::follow::Came,
    oidc::answer::Led,
    page::{FormPost, Page, SigningOut as Progress},
    saml,
    session_layer::bound,
    visit::Browser,
};

/// How long a page with frames stays, in seconds: as long as anybody has to answer.
const FRAMES: u32 = 3;

/// How often the database is asked whether somebody has answered.
const LOOK: Duration = Duration::from_millis(100);

/// How often a step is tried anew when another tab of the browser took it at the same time.
pub(super) const TRIES: usize = 4;

/// A logout of this browser, as it was found.
struct Carried {
    logout: Logout,
    version: Version,
    /// The browser's session was one of those that ended.
    own: bool,
}

impl App {
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
        if !logout.own {
            for leaving in logout.is_strangers() {
                self.broker.heard_by_browser(&leaving, leaving.standing, &browser.visit).await?;
            }
        }
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
            // The next address leads away or waits; meanwhile the person has this page before them.
            Step::Visit(_) | Step::Upstream | Step::Wait { .. } => {
                Some(progress(Vec::new(), format!("{here}/on"), 0))
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
    wait(app, logout).await?;
    loop {
        let here = format!("/logout/{}", logout.id);
        let led = match logout.advance((app.clock)()) {
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

/// Waits a little for whoever may still answer without the browser.
async fn wait(app: &App, logout: &mut Logout) -> Result<(), Fault> {
    let deadline = Instant::now() + FIRST_PAGE;
    while matches!(logout.advance((app.clock)()), Step::Wait { .. }) && Instant::now() < deadline {
        tokio::time::sleep(LOOK).await;
        app.broker.look_after(logout).await?;
    }
    Ok(())
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
