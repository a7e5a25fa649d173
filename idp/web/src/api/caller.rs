//! Who calls the administration API: counted, then known by a token, or told no and on the trail.

use std::{collections::BTreeSet, net::IpAddr, time::Duration};

use axum::extract::{FromRequestParts, MatchedPath};
use http::{HeaderMap, header, request::Parts};
use idp_domain::{
    Account, AccountId, AgencyId, AuditEvent, Fault, Lifetime, Link, Timestamp, audit::AuditKind,
    relying_party::OWN_AGENCY,
};
use idp_factors::api_token;
use idp_store::{
    api_tokens::{StoredApiToken, UseApiToken},
    journal::{Act, Unit},
    throttle::{Allowance, Counted, Limit, Reservation},
};

use super::{
    problem::Problem,
    role::{Right, Role},
};
use crate::{App, middleware::address::Peer};

/// What calls are counted as.
const WHAT: &str = "administration";
/// Calls of one address, and of one token, in a minute.
const CALLS: u32 = 300;
/// How exactly it is kept when a token was last used.
const USED_TO_THE: Lifetime = Lifetime::minutes(1);

/// Somebody with a token that counts.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// What the trail calls them.
    pub(crate) name: String,
    /// Where they are.
    pub(crate) address: IpAddr,
    /// The time of the call.
    pub(crate) now: Timestamp,
    role: Role,
    /// What was called, as the table of routes has it.
    called: String,
}

/// A person whom a caller may act on.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// The account.
    pub(crate) account: Account,
    /// The identities that are linked to it.
    pub(crate) links: Vec<Link>,
    /// The agencies of these.
    pub(crate) agencies: BTreeSet<AgencyId>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<Peer>();
        let peer = peer.ok_or_else(|| Fault::broken("finding the peer of a request"))?;
        let stranger = Stranger {
            address: app.proxies.browser(peer.0.ip(), &parts.headers),
            now: (app.clock)(),
            called: called(parts),
        };
        stranger.counted(app, Counted::Address(stranger.address)).await?;
        let token = match stranger.token(app, &parts.headers).await? {
            Ok(token) => token,
            Err(reason) => {
                app.broker.record(vec![stranger.denied(reason)]).await?;
                return Err(Problem::Unauthorized);
            }
        };
        stranger.counted(app, Counted::Name(&token.name)).await?;
        stranger.known(token)
    }
}

/// Somebody who is not known yet.
struct Stranger {
    address: IpAddr,
    now: Timestamp,
    called: String,
}

impl Stranger {
    /// Counts a call before anything is looked at.
    async fn counted(&self, app: &App, whose: Counted<'_>) -> Result<(), Problem> {
        let allowance = Allowance::requests(CALLS, Duration::from_mins(1));
        match app.throttle.reserve(Limit { what: WHAT, whose, allowance }).await {
            Reservation::Allowed { .. } => Ok(()),
            Reservation::Refused { retry_after } => {
                self.throttled(app).await?;
                let seconds = u32::try_from(retry_after.as_secs()).unwrap_or(u32::MAX);
                Err(Problem::TooMany(seconds.max(1)))
            }
        }
    }

    /// Writes to the trail that an address calls too often, once a minute: each call that is refused
    /// for it is in the metrics of the throttle, and must not cost a commit.
    async fn throttled(&self, app: &App) -> Result<(), Fault> {
        let once = Allowance::requests(1, Duration::from_mins(1));
        let whose = Counted::Address(self.address);
        let told = Limit { what: "administration.throttled", whose, allowance: once };
        if app.throttle.reserve(told).await.is_allowed() {
            app.broker.record(vec![self.denied("throttled")]).await?;
        }
        Ok(())
    }

    /// The token that was shown, or why it does not count.
    async fn token(
        &self,
        app: &App,
        headers: &HeaderMap,
    ) -> Result<Result<StoredApiToken, &'static str>, Fault> {
        let Some(shown) = bearer(headers) else { return Ok(Err("token_absent")) };
        let Some(hash) = api_token::hash(shown) else { return Ok(Err("token_unknown")) };
        let found = app.store.api_tokens.find(&hash).await;
        let found = found.map_err(|error| Fault::new("finding a token", error))?;
        let Some(token) = found else { return Ok(Err("token_unknown")) };
        if token.revoked_at.is_some() {
            return Ok(Err("token_revoked"));
        }
        if !token.is_live(self.now) {
            return Ok(Err("token_expired"));
        }
        if token.used_at.is_none_or(|at| self.now.since(at) >= USED_TO_THE) {
            let used = Act::UseApiToken(UseApiToken { hash, now: self.now });
            app.broker.commit("noting the use of a token", Unit::new(used, Vec::new())).await?;
        }
        Ok(Ok(token))
    }

    fn known(self, token: StoredApiToken) -> Result<Caller, Problem> {
        let role = Role::parse(&token.role, token.agency);
        let role = role.map_err(|error| Fault::new("reading the role of a token", error))?;
        let Self { address, now, called } = self;
        Ok(Caller { name: format!("token:{}", token.name), address, now, role, called })
    }

    fn denied(&self, reason: &'static str) -> AuditEvent {
        denied(self.now, self.address, &self.called, reason)
    }
}

impl Caller {
    /// Says no unless the caller's role may do `right`.
    pub(crate) async fn demand(&self, app: &App, right: Right) -> Result<(), Problem> {
        if self.role.may(right) {
            return Ok(());
        }
        self.deny(app, "role", None).await?;
        Err(Problem::Forbidden)
    }

    /// The agency that the caller acts for, if it is one.
    pub(crate) fn agency(&self) -> Option<&AgencyId> {
        self.role.agency()
    }

    /// The person of `account`, if the caller may act on them: whom they may not reach is nobody.
    pub(crate) async fn person(&self, app: &App, account: &str) -> Result<Person, Problem> {
        const NOBODY: Problem = Problem::NotFound("there is no such account");
        let account: AccountId = account.parse().map_err(|_| NOBODY)?;
        let Some(person) = person(app, &account).await? else { return Err(NOBODY) };
        if !self.reaches(&person.agencies) {
            self.deny(app, "agency", Some(&account)).await?;
            return Err(NOBODY);
        }
        Ok(person)
    }

    /// Whether the caller may act on people of these agencies.
    pub(crate) fn reaches(&self, agencies: &BTreeSet<AgencyId>) -> bool {
        self.role.reaches(agencies)
    }

    /// Writes to the trail that the caller was told no.
    pub(crate) async fn deny(
        &self,
        app: &App,
        reason: &'static str,
        account: Option<&AccountId>,
    ) -> Result<(), Fault> {
        let denied = denied(self.now, self.address, &self.called, reason)
            .with("by", self.name.as_str())
            .with("role", self.role.name());
        let denied =
            AuditEvent { account: account.cloned(), agency: self.role.agency().cloned(), ..denied };
        app.broker.record(vec![denied]).await
    }
}

fn denied(now: Timestamp, address: IpAddr, called: &str, reason: &'static str) -> AuditEvent {
    let event = AuditEvent::new(AuditKind::AdminDenied, now).because_of(reason);
    AuditEvent { address: Some(address), ..event.with("called", called) }
}

fn called(parts: &Parts) -> String {
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    format!("{} {path}", parts.method)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// The person of `account`, whoever asks.
pub(crate) async fn person(app: &App, account: &AccountId) -> Result<Option<Person>, Fault> {
    let failed = |error| Fault::new("finding an account", error);
    let Some(account) = app.store.accounts.find(account).await.map_err(failed)? else {
        return Ok(None);
    };
    let links = app.store.accounts.links(&account.id).await.map_err(failed)?;
    let catalog = app.broker.catalog();
    // A source that is gone was some agency's all the same, of which no help desk is.
    let agencies = links.iter().map(|link| {
        let source = catalog.source(&link.source).map(|known| known.source.agency.clone());
        source.map_or_else(|| OWN_AGENCY.parse(), Ok)
    });
    let agencies = agencies.collect::<Result<_, _>>();
    let agencies = agencies.map_err(|error| Fault::new("naming an agency", error))?;
    Ok(Some(Person { account, links, agencies }))
}
