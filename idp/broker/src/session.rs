//! Sessions on the shelf: found by the handle in a cookie, and by nothing else.

use std::time::Duration;

use idp_domain::{
    AuditEvent, Fault, LetterKind, Lifetime, Session, Timestamp,
    audit::AuditKind,
    session::{Limits, Narrower},
    whereabouts::{Move, Place, Whereabouts},
};
use idp_store::{
    journal::{Act, Unit},
    revocations::RevokedKind,
    shelf::Swap,
};

use crate::{
    Broker,
    attend::EXACT,
    visit::{Handle, LiveSession, Visit},
};

/// How long a session is believed unused in a browser that others use, in minutes.
const SHARED_IDLE: u32 = 15;

/// How often a change is tried that others of the same browser are in the way of.
const TRIES: usize = 8;

mod proofs;
#[cfg(test)]
mod tests;

impl Broker {
    /// The live session behind `handle`. Looking at it is no use of it: see
    /// [`Broker::keep_using`].
    pub async fn session(
        &self,
        handle: &Handle,
        now: Timestamp,
    ) -> Result<Option<LiveSession>, Fault> {
        let found = self.sessions.find(handle.as_str()).await;
        let found = found.map_err(|error| Fault::new("finding a session", error))?;
        let Some(held) = found else { return Ok(None) };
        let (mut session, version) = (held.value, held.version);
        if self.is_ended_with_others(&session)? {
            self.forget(&LiveSession { handle: handle.clone(), version, session }).await;
            return Ok(None);
        }
        // One that was ended by itself stays: a logout may go on with what it knows of its source.
        let ended = self.revoked_at(RevokedKind::Session, session.id.as_str())?.is_some();
        if ended || !self.is_live(&session, now) || self.is_closed(&session) {
            return Ok(None);
        }
        self.forget_participants(&mut session)?;
        if !self.take_back(&mut session)? {
            self.forget(&LiveSession { handle: handle.clone(), version, session }).await;
            return Ok(None);
        }
        Ok(Some(LiveSession { handle: handle.clone(), version, session }))
    }

    /// The live session behind the cookie of a browser, unless it turns out just now to be in two
    /// places at the same time and is ended for that.
    pub async fn recognize(
        &self,
        handle: &Handle,
        visit: &Visit,
    ) -> Result<Option<LiveSession>, Fault> {
        let place = Place::of(visit.address, &visit.browser);
        for _ in 0..TRIES {
            let Some(mut live) = self.session(handle, visit.now).await? else { return Ok(None) };
            let known = live.session.whereabouts.get_or_insert_with(|| Whereabouts::at(place));
            let moved = known.visit(place, visit.now);
            if moved == Move::None {
                return Ok(Some(live));
            }
            if self.swap(&live, visit.now).await? != Swap::Done {
                continue;
            }
            if moved == Move::InTwoPlaces {
                self.suspect(&live, visit).await?;
            }
            // What was written is another version than what was found.
            break;
        }
        self.session(handle, visit.now).await
    }

    /// Somebody may have stolen a cookie: whoever watches the trail hears of it, and its owner.
    async fn suspect(&self, live: &LiveSession, visit: &Visit) -> Result<(), Fault> {
        let session = &live.session;
        let latest = session.latest();
        let event = AuditEvent {
            account: Some(session.account.clone()),
            session: Some(session.id.clone()),
            source: latest.map(|event| event.identity.source.clone()),
            agency: latest.map(|event| event.agency.clone()),
            address: Some(visit.address),
            alert: true,
            reference: Some(visit.reference.to_string()),
            ..AuditEvent::new(AuditKind::SessionSuspicious, visit.now)
        };
        let outcome = if self.end_suspicious { "ended" } else { "goes_on" };
        let said = latest.map(|event| &event.identity.attributes);
        let kind = LetterKind::SessionSuspicious;
        let letters = self.letters(kind, &session.account, said, visit).await?;
        let event = letters.noted(event.because_of(outcome));
        let unit = Unit::new(Act::QueueLetters(letters.into_sealed()), vec![event]);
        self.commit("reporting a session", unit).await?;
        if self.end_suspicious {
            self.end_session(live, "suspicious", visit).await?;
        }
        Ok(())
    }

    /// Whether a session is neither past its end nor past the limits that hold for everybody.
    pub(crate) fn is_live(&self, session: &Session, now: Timestamp) -> bool {
        !session.is_over(now) && session.is_within(self.limits_of(session), now)
    }

    /// How long a session counts, before a relying party narrows it.
    pub(crate) fn limits_of(&self, session: &Session) -> Limits {
        let catalog = self.catalog();
        let agency = session.latest().and_then(|event| catalog.agency(&event.agency));
        let limits = agency.map_or(self.settings, |agency| self.settings.within(agency.sessions));
        if session.shared {
            limits.within(Narrower { idle: Some(SHARED_IDLE), ..Narrower::default() })
        } else {
            limits
        }
    }

    /// Whether a session was ended with all that began at some instant or before.
    fn is_ended_with_others(&self, session: &Session) -> Result<bool, Fault> {
        let ended = |kind, key: &str, began: Timestamp| {
            self.revoked_at(kind, key).map(|at| at.is_some_and(|at| began <= at))
        };
        if ended(RevokedKind::Account, session.account.as_str(), session.started_at)? {
            return Ok(true);
        }
        for event in &session.events {
            let source = event.identity.source.as_str();
            if ended(RevokedKind::Source, source, event.received_at)?
                || ended(RevokedKind::Agency, event.agency.as_str(), event.received_at)?
            {
                return Ok(true);
            }
        }
        for participant in &session.participants {
            let party = participant.relying_party.as_str();
            if ended(RevokedKind::Participant, party, participant.since)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whoever was put out of use since has been told that the session is over: when it is back in
    /// use it is told anew.
    fn forget_participants(&self, session: &mut Session) -> Result<(), Fault> {
        let mut known = Vec::with_capacity(session.participants.len());
        for participant in session.participants.drain(..) {
            let party = participant.relying_party.as_str();
            let told = self.revoked_at(RevokedKind::RelyingParty, party)?;
            if told.is_none_or(|at| participant.since > at) {
                known.push(participant);
            }
        }
        session.participants = known;
        Ok(())
    }

    /// Whether the source that a session rests on lets nobody in now. What one vouched for that is
    /// gone altogether, policy does not admit.
    fn is_closed(&self, session: &Session) -> bool {
        let catalog = self.catalog();
        let source = session.latest().and_then(|event| catalog.source(&event.identity.source));
        source.is_some_and(|registered| !registered.is_open())
    }

    /// Puts a session under its handle, for its idle time but not past its end.
    pub(crate) async fn shelve_session(
        &self,
        handle: &Handle,
        session: &Session,
        visit: &Visit,
    ) -> Result<(), Fault> {
        let mut session = session.clone();
        let place = Place::of(visit.address, &visit.browser);
        session.whereabouts.get_or_insert_with(|| Whereabouts::at(place));
        let ttl = self.time_to_lie(&session, visit.now);
        let put = self.sessions.put(handle.as_str(), &session, ttl).await;
        put.map_err(|error| Fault::new("keeping a session", error))
    }

    /// Changes a session where it lies, and writes that it is used now. When another request of
    /// the same browser was faster, its word stands and ours is added to it: `change` says whether
    /// there is anything of ours that is not there yet.
    pub(crate) async fn update(
        &self,
        live: &LiveSession,
        visit: &Visit,
        change: impl Fn(&mut Session) -> bool,
    ) -> Result<(), Fault> {
        let mut live = live.clone();
        for _ in 0..TRIES {
            let is_used = visit.now.since(live.session.last_used()) < EXACT;
            if !change(&mut live.session) && is_used {
                return Ok(());
            }
            live.session.used_at = visit.now;
            if self.swap(&live, visit.now).await? == Swap::Done {
                return Ok(());
            }
            match self.session(&live.handle, visit.now).await? {
                Some(found) => live = found,
                // It ended in the meantime, and whoever ended it knows all that is in it.
                None => return Ok(()),
            }
        }
        Err(Fault::broken("changing a session while others do"))
    }

    async fn swap(&self, live: &LiveSession, now: Timestamp) -> Result<Swap, Fault> {
        let LiveSession { handle, version, session } = live;
        let ttl = self.time_to_lie(session, now);
        let swapped = self.sessions.swap(handle.as_str(), version, session, ttl).await;
        swapped.map_err(|error| Fault::new("changing a session", error))
    }

    /// The idle time from now on, and as much as it may be written down too late.
    fn time_to_lie(&self, session: &Session, now: Timestamp) -> Duration {
        let left = session.ends_at.since(now);
        let idle = self.limits_of(session).idle.as_seconds().saturating_add(EXACT.as_seconds());
        Lifetime::seconds(idle).min(left).as_duration().max(Duration::from_secs(1))
    }
}
