//! Logging out: the session ends first and for good; then everybody who was told of it is told.
//!
//! The database holds who has to be told, the shelf how far a browser has come. Losing the shelf
//! costs the person a page, and nobody the news.

mod courier;
mod envoy;

#[cfg(test)]
mod tests;

use std::time::Instant;

use idp_domain::{
    AuditEvent, AuthenticationEvent, Fault, Lifetime, LogoutId, RelyingPartyId, Session, Timestamp,
    audit::AuditKind,
    logout::{Beginner, LIFETIME, Leaving, Logout, Notice, Standing, Upstream, Way},
};
use idp_store::{
    journal::{Act, EndSession, Outcome, SettleNotice, TakeNotices, Unit},
    sessions::Found,
    shelf::{Held, Swap, Version},
};

pub(crate) use courier::Courier;
pub use courier::Underway;
pub use envoy::{Confirm, Envoy, Letter, Remember, Reply, Tell, Telling};

use self::courier::Fate;
use crate::{
    Broker,
    random::draw,
    visit::{Handle, LiveSession, Visit},
};

/// How long whoever takes the turn to deliver notices has for it. Should it die, they are due
/// again after that.
const TURN: Lifetime = Lifetime::seconds(15);

/// Notices that are taken at once.
const MOST: u32 = 64;

/// Sessions that are to end, and how.
#[derive(Debug)]
pub struct SigningOut {
    /// Which.
    pub sessions: Vec<Found>,
    /// Who wished it.
    pub begun_by: Beginner,
    /// A participant that knows already.
    pub spares: Option<(RelyingPartyId, Option<String>)>,
    /// What the source vouched for, where the browser of one of the sessions is there to tell it.
    pub upstream: Option<AuthenticationEvent>,
    /// Whether a browser is there that participants can be told by.
    pub by_browser: bool,
}

impl SigningOut {
    /// The browser's own session ends.
    #[must_use]
    pub fn of(session: &Session, begun_by: Beginner) -> Self {
        Self {
            sessions: vec![found(session)],
            begun_by,
            spares: None,
            upstream: session.latest().cloned(),
            by_browser: true,
        }
    }
}

/// The source that vouched hears of it too, unless it wished it.
fn go_upstream(logout: &mut Logout, event: AuthenticationEvent) {
    let source = &event.identity.source;
    if !matches!(&logout.begun_by, Beginner::Source { id, .. } if id == source) {
        logout.upstream = Some(Upstream { event, standing: Standing::Waiting, question: None });
    }
}

fn found(session: &Session) -> Found {
    Found {
        id: session.id.clone(),
        account: session.account.clone(),
        ends_at: session.ends_at,
        ended: false,
    }
}

impl Broker {
    /// The protocols speak for the broker through `envoy`; once.
    pub fn speak_through(&self, envoy: Envoy) {
        // A second one would be a bug of whoever puts the parts together; the first one speaks.
        let _ = self.envoy.set(envoy);
    }

    /// Ends sessions for good, on every node, with the grants that end with them, and begins to
    /// tell everybody who was told of them.
    ///
    /// Returns once the ends are durable: no participant can hold that up.
    pub async fn sign_out(
        &self,
        wish: SigningOut,
        visit: &Visit,
    ) -> Result<(Logout, Underway), Fault> {
        let reason = match &wish.begun_by {
            Beginner::Person => "person",
            Beginner::RelyingParty { .. } => "relying_party",
            Beginner::Source { .. } => "source",
        };
        let mut notices = Vec::new();
        for session in &wish.sessions {
            let mut told = self.end(session, wish.spares.clone(), reason, visit).await?;
            notices.append(&mut told);
        }
        let mut underway = Underway::default();
        let mut leaving = Vec::with_capacity(notices.len());
        for notice in notices {
            leaving.push(self.see_off(notice, wish.by_browser, visit.now, &mut underway));
        }
        let mut logout = Logout {
            id: LogoutId::from_random(draw()?),
            binding: None,
            own: wish.upstream.is_some(),
            sessions: wish.sessions.into_iter().map(|session| session.id).collect(),
            begun_by: wish.begun_by,
            leaving,
            upstream: None,
            begun_at: visit.now,
        };
        if let Some(event) = wish.upstream.filter(|_| wish.by_browser) {
            go_upstream(&mut logout, event);
        }
        Ok((logout, underway))
    }

    /// Ends the session of a browser that goes on with another one.
    pub(crate) async fn end_session(
        &self,
        live: &LiveSession,
        reason: &'static str,
        visit: &Visit,
    ) -> Result<(), Fault> {
        let mut underway = Underway::default();
        for notice in self.end(&found(&live.session), None, reason, visit).await? {
            self.see_off(notice, false, visit.now, &mut underway);
        }
        self.forget(live).await;
        Ok(())
    }

    async fn end(
        &self,
        session: &Found,
        spares: Option<(RelyingPartyId, Option<String>)>,
        reason: &'static str,
        visit: &Visit,
    ) -> Result<Vec<Notice>, Fault> {
        let event = AuditEvent {
            account: Some(session.account.clone()),
            session: Some(session.id.clone()),
            address: Some(visit.address),
            ..AuditEvent::new(AuditKind::SessionEnded, visit.now)
        };
        let end = EndSession {
            session: session.id.clone(),
            because: reason,
            until: session.ends_at,
            spares,
            told_until: visit.now + TURN,
            now: visit.now,
        };
        let unit = Unit::new(Act::EndSession(end), vec![event.because_of(reason)]);
        match self.commit("ending a session", unit).await? {
            Outcome::SessionEnded { notices, .. } => Ok(notices),
            _ => Err(Fault::broken("ending a session")),
        }
    }

    /// Takes a session that has ended off the shelf. The database has said it: this only tidies.
    pub async fn forget(&self, live: &LiveSession) {
        if let Err(error) = self.sessions.remove(live.handle.as_str()).await {
            let id = &live.session.id;
            tracing::warn!(%error, session.id = %id, "an ended session stays on the shelf");
        }
    }

    /// A browser goes on with a logout that began without its cookies: if its own session is one
    /// of those that ended, that is tidied up, and its source hears of it too. Whether it was.
    pub async fn adopt(&self, logout: &mut Logout, handle: &Handle) -> Result<bool, Fault> {
        let held = self.sessions.find(handle.as_str()).await;
        let held = held.map_err(|error| Fault::new("finding an ended session", error))?;
        let Some(held) = held.filter(|held| logout.sessions.contains(&held.value.id)) else {
            return Ok(false);
        };
        logout.own = true;
        if let Some(event) = held.value.latest().filter(|_| logout.upstream.is_none()) {
            go_upstream(logout, event.clone());
        }
        let session = held.value;
        self.forget(&LiveSession { handle: handle.clone(), version: held.version, session }).await;
        Ok(true)
    }

    /// Begins to tell a participant, if that needs no browser.
    fn see_off(
        &self,
        notice: Notice,
        by_browser: bool,
        now: Timestamp,
        underway: &mut Underway,
    ) -> Leaving {
        let telling = self.envoy.get().map_or(Telling::Mute, |envoy| (envoy.tell)(&notice, now));
        let mut leaving = Leaving {
            session: notice.session.clone(),
            relying_party: notice.relying_party.clone(),
            farewell: notice.farewell.clone(),
            way: Way::Back,
            otherwise: None,
            standing: Standing::Waiting,
            question: None,
        };
        let courier = self.courier.clone();
        match telling {
            Telling::Letter(letter) => {
                leaving.otherwise = letter.otherwise.filter(|_| by_browser);
                underway.add(courier.deliver(notice, letter, now));
            }
            Telling::Browser(way) if by_browser => {
                leaving.way = way;
                let told = if way == Way::Frame { Standing::Told } else { Standing::Waiting };
                underway
                    .add(async move { courier.settle(&notice, &Fate::Stands(told), now).await });
            }
            Telling::Browser(_) => {
                leaving.standing = Standing::Failed;
                let fate = Fate::Stands(Standing::Failed);
                underway.add(async move { courier.settle(&notice, &fate, now).await });
            }
            Telling::Mute => {
                leaving.way = Way::None;
                leaving.standing = Standing::Mute;
                let fate = Fate::Stands(Standing::Mute);
                underway.add(async move { courier.settle(&notice, &fate, now).await });
            }
        }
        leaving
    }

    /// Tells who is due: notices whose first attempt failed, those that a node left behind, and
    /// those of sessions that were ended by the thousand. Returns how many there were.
    pub async fn tell_due(&self, now: Timestamp) -> Result<usize, Fault> {
        let begun = Instant::now();
        let mut count = 0;
        loop {
            let told = self.tell_some(now).await?;
            count += told;
            // What is due by the clock of the call is due; a long list goes on with the next call.
            if told < MOST as usize || begun.elapsed() > TURN.as_duration() {
                return Ok(count);
            }
        }
    }

    async fn tell_some(&self, now: Timestamp) -> Result<usize, Fault> {
        let due = self.known.next_due().await;
        let due = due.map_err(|error| Fault::new("looking for logout notices", error))?;
        if due.is_none_or(|due| due > now) {
            return Ok(0);
        }
        let turn = TakeNotices { now, until: now + TURN, most: MOST };
        let unit = Unit::new(Act::TakeNotices(turn), Vec::new());
        let Outcome::Claimed { notices } = self.commit("taking logout notices", unit).await? else {
            return Err(Fault::broken("taking logout notices"));
        };
        let count = notices.len();
        let mut underway = Underway::default();
        for notice in notices {
            self.see_off(notice, false, now, &mut underway);
        }
        underway.wait(TURN.as_duration()).await;
        Ok(count)
    }

    /// Asks the database how the back channel fares.
    pub async fn look_after(&self, logout: &mut Logout) -> Result<(), Fault> {
        let mut sessions: Vec<_> = logout
            .leaving
            .iter()
            .filter(|leaving| leaving.way == Way::Back)
            .map(|leaving| leaving.session.clone())
            .collect();
        sessions.dedup();
        for session in sessions {
            let found = self.known.participants(&session).await;
            let found = found.map_err(|error| Fault::new("following a logout", error))?;
            for one in found {
                if let Some(standing) = one.standing {
                    let farewell = one.farewell.as_deref();
                    logout.heard(&session, &one.relying_party, farewell, standing);
                }
            }
        }
        Ok(())
    }

    /// Writes down what a participant said to the browser.
    pub async fn heard_by_browser(
        &self,
        leaving: &Leaving,
        standing: Standing,
        visit: &Visit,
    ) -> Result<(), Fault> {
        let kind = match standing {
            Standing::Out | Standing::Told => AuditKind::LogoutTold,
            Standing::Waiting | Standing::Failed | Standing::Mute => AuditKind::LogoutFailed,
        };
        let event = AuditEvent {
            session: Some(leaving.session.clone()),
            relying_party: Some(leaving.relying_party.clone()),
            address: Some(visit.address),
            ..AuditEvent::new(kind, visit.now)
        };
        let act = Act::SettleNotice(SettleNotice {
            session: leaving.session.clone(),
            relying_party: leaving.relying_party.clone(),
            farewell: leaving.farewell.clone(),
            standing,
            again_at: None,
        });
        let unit = Unit::new(act, vec![event.because_of(standing.as_str())]);
        self.commit("writing what a participant said", unit).await.map(drop)
    }

    /// Keeps a logout that has just begun.
    pub async fn keep_logout(&self, logout: &Logout) -> Result<(), Fault> {
        let put = self.logouts.put(logout.id.as_str(), logout, LIFETIME.as_duration()).await;
        put.map_err(|error| Fault::new("keeping a logout", error))
    }

    /// The logout of that name, if it is not too old.
    pub async fn logout(
        &self,
        id: &LogoutId,
        now: Timestamp,
    ) -> Result<Option<Held<Logout>>, Fault> {
        let found = self.logouts.find(id.as_str()).await;
        let found = found.map_err(|error| Fault::new("finding a logout", error))?;
        Ok(found.filter(|held| !held.value.is_over(now)))
    }

    /// Keeps a logout that has moved on, unless another request of the same browser was faster.
    pub async fn keep_logout_on(&self, logout: &Logout, version: &Version) -> Result<bool, Fault> {
        let ttl = LIFETIME.as_duration();
        let swapped = self.logouts.swap(logout.id.as_str(), version, logout, ttl).await;
        let swapped = swapped.map_err(|error| Fault::new("keeping a logout", error))?;
        Ok(swapped == Swap::Done)
    }

    /// Takes a logout off the shelf: whoever wished it is answered. Of two callers one gets
    /// `true`.
    pub async fn finish_logout(&self, id: &LogoutId) -> Result<bool, Fault> {
        let taken = self.logouts.take(id.as_str()).await;
        Ok(taken.map_err(|error| Fault::new("finishing a logout", error))?.is_some())
    }
}
