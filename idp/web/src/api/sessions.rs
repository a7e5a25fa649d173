//! Sessions: listed a page at a time, and ended one by one or all at once.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use idp_domain::{
    AgencyId, AttributeName, AuditEvent, Fault, RelyingPartyId, SessionId, SourceId, Timestamp,
    audit::AuditKind,
};
use idp_store::{
    journal::By,
    sessions::{EndSessions, Listed, Mark, Of},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    caller::Caller,
    problem::Problem,
    read::{Body, Query, reason},
    role::Right,
};
use crate::App;

/// Sessions on a page, unless the caller says otherwise, and at most.
const PAGE: u32 = 50;
/// The most sessions on a page.
const MAX_PAGE: u32 = 200;

/// Whose sessions: exactly one is to be named; of a source, one of its own sessions as well.
#[derive(Deserialize)]
pub(crate) struct Whose {
    account: Option<String>,
    agency: Option<AgencyId>,
    source: Option<SourceId>,
    source_session: Option<String>,
    relying_party: Option<RelyingPartyId>,
}

/// A page of sessions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    account: Option<String>,
    agency: Option<AgencyId>,
    source: Option<SourceId>,
    source_session: Option<String>,
    relying_party: Option<RelyingPartyId>,
    limit: Option<u32>,
    after: Option<String>,
}

/// Sessions to be ended: one by its name, or all of somebody or something.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    session: Option<String>,
    account: Option<String>,
    agency: Option<AgencyId>,
    source: Option<SourceId>,
    source_session: Option<String>,
    relying_party: Option<RelyingPartyId>,
    reason: String,
}

/// `GET /api/v1/sessions`
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<Response, Problem> {
    let Page { account, agency, source, source_session, relying_party, limit, after } = page;
    let limit = limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Problem::Invalid(format!("limit: 1 to {MAX_PAGE}")));
    }
    let after = after.map(|text| mark(&text)).transpose()?;
    let whose = Whose { account, agency, source, source_session, relying_party };
    let of = whose.of(&app, &caller).await?;
    let listing = app.broker.live_sessions(&of, after.as_ref(), limit, caller.now).await?;
    let next = listing.next.map(|mark| format!("{}.{}", mark.at.seconds(), mark.id));
    let sessions: Vec<_> = listing.sessions.iter().map(described).collect();
    Ok(axum::Json(json!({ "sessions": sessions, "next": next })).into_response())
}

/// `POST /api/v1/sessions/end`
pub(crate) async fn end(
    State(app): State<App>,
    caller: Caller,
    Body(wish): Body<End>,
) -> Result<Response, Problem> {
    let End { session, account, agency, source, source_session, relying_party, reason: why } = wish;
    let why = reason(&why)?;
    let whose = Whose { account, agency, source, source_session, relying_party };
    let of = match session {
        Some(session) if whose.is_nobody() => one(&app, &caller, &session).await?,
        Some(_) => return Err(Problem::Invalid(format!("name `session`, or {}", Whose::ONE_OF))),
        None => whose.of(&app, &caller).await?,
    };
    let asked = asked(&of, &caller).with("why", why.as_str());
    app.broker.record(vec![asked]).await?;
    let end =
        EndSessions { of, except: None, offline: true, because: "administrator", now: caller.now };
    let by = By { name: caller.name.clone(), address: Some(caller.address) };
    let total = app.broker.end_sessions(end, &by).await?;
    let body = json!({ "sessions": total.sessions, "grants": total.grants });
    Ok(axum::Json(body).into_response())
}

impl Whose {
    /// What can be named.
    const ONE_OF: &str = "one of `account`, `agency`, `source` (and with it `source_session`), \
                          `relying_party`";

    fn is_nobody(&self) -> bool {
        let Self { account, agency, source, source_session, relying_party } = self;
        let named = account.is_some() || agency.is_some() || source.is_some();
        !named && source_session.is_none() && relying_party.is_none()
    }

    /// Which sessions are meant, if the caller may reach them.
    async fn of(self, app: &App, caller: &Caller) -> Result<Of, Problem> {
        let Self { account, agency, source, source_session, relying_party } = self;
        let of = match (account, agency, source, source_session, relying_party) {
            (Some(account), None, None, None, None) => {
                caller.demand(app, Right::SessionsOfOne).await?;
                let person = caller.person(app, &account).await?;
                return Ok(Of::Account(person.account.id));
            }
            (None, Some(agency), None, None, None) => Of::Agency(agency),
            (None, None, Some(source), None, None) => Of::Source(source),
            (None, None, Some(source), Some(mark), None) => {
                caller.demand(app, Right::SessionsOfMany).await?;
                let of = app.store.sessions.of_source_session(&source, &mark).await;
                return of
                    .map_err(|error| Fault::new("finding a session of a source", error).into());
            }
            (None, None, None, None, Some(relying_party)) => Of::RelyingParty(relying_party),
            _ => return Err(Problem::Invalid(format!("name {}", Self::ONE_OF))),
        };
        caller.demand(app, Right::SessionsOfMany).await?;
        Ok(of)
    }
}

/// The session `named`, if the caller may act on whose it is: no other is there.
async fn one(app: &App, caller: &Caller, named: &str) -> Result<Of, Problem> {
    const NONE: Problem = Problem::NotFound("there is no such session");
    caller.demand(app, Right::SessionsOfOne).await?;
    let id: SessionId = named.parse().map_err(|_| NONE)?;
    let Some(session) = app.broker.session_by_id(&id).await? else { return Err(NONE) };
    let whose = caller.person(app, session.account.as_str()).await;
    whose.map(|_| Of::Session(id)).map_err(|problem| match problem {
        Problem::NotFound(_) => NONE,
        other => other,
    })
}

/// That many sessions are to be ended: each that is has a line of its own after this one.
fn asked(of: &Of, caller: &Caller) -> AuditEvent {
    let event = AuditEvent::new(AuditKind::SessionEnded, caller.now)
        .because_of("administrator_asked")
        .with("by", caller.name.as_str());
    let event = AuditEvent { address: Some(caller.address), ..event };
    match of.clone() {
        Of::Account(id) => AuditEvent { account: Some(id), ..event },
        Of::Agency(id) => AuditEvent { agency: Some(id), ..event },
        Of::Source(source) | Of::SourceSession { source, .. } => {
            AuditEvent { source: Some(source), ..event }
        }
        Of::RelyingParty(id) => AuditEvent { relying_party: Some(id), ..event },
        Of::Session(id) => AuditEvent { session: Some(id), ..event },
    }
}

/// Where a page begins, as an earlier one said.
fn mark(text: &str) -> Result<Mark, Problem> {
    let read = || {
        let (at, id) = text.split_once('.')?;
        let id: SessionId = id.parse().ok()?;
        Some(Mark { at: Timestamp::from_seconds(at.parse().ok()?), id })
    };
    read().ok_or_else(|| Problem::Invalid("after: take what `next` said".to_owned()))
}

/// A session as API and commands show it.
#[must_use]
pub fn described(session: &Listed) -> Value {
    let services = session.services.iter().map(|service| {
        json!({
            "relying_party": service.relying_party.as_str(),
            "since": service.since.seconds(),
            "released": service.released.iter().map(AttributeName::as_str).collect::<Vec<_>>(),
        })
    });
    json!({
        "session": session.id.as_str(),
        "account": session.account.as_str(),
        "source": session.source.as_str(),
        "agency": session.agency.as_ref().map(AgencyId::as_str),
        "started_at": session.started_at.seconds(),
        "used_at": session.used_at.seconds(),
        "ends_at": session.ends_at.seconds(),
        "address": session.address,
        "browser": session.browser,
        "assurance": session.worth.assurance,
        "phishing_resistant": session.worth.phishing_resistant,
        "shared": session.shared,
        "services": services.collect::<Vec<_>>(),
    })
}
