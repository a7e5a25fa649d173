//! Sessions on the shelf: found by the handle in a cookie, and by nothing else.

use std::time::Duration;

use idp_domain::{Fault, Participant, RelyingParty, Session, Timestamp};
use idp_store::{revocations::RevokedKind, shelf::Swap};

use crate::{
    Broker,
    visit::{Handle, LiveSession, Visit},
};

impl Broker {
    /// The live session behind `handle`. Looking at it begins its idle time anew.
    pub async fn session(
        &self,
        handle: &Handle,
        now: Timestamp,
    ) -> Result<Option<LiveSession>, Fault> {
        let idle = self.settings.idle.as_duration();
        let found = self.sessions.find_and_touch(handle.as_str(), idle).await;
        let found = found.map_err(|error| Fault::new("finding a session", error))?;
        let Some(held) = found else { return Ok(None) };
        let session = &held.value;
        let account = self.revoked_at(RevokedKind::Account, session.account.as_str())?;
        let revoked = self.revoked_at(RevokedKind::Session, session.id.as_str())?.is_some()
            || account.is_some_and(|at| session.started_at <= at);
        if revoked || session.is_over(now) {
            return Ok(None);
        }
        Ok(Some(LiveSession { handle: handle.clone(), version: held.version, session: held.value }))
    }

    /// Puts a session under its handle, for its idle time but not past its end.
    pub(crate) async fn shelve_session(
        &self,
        handle: &Handle,
        session: &Session,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let ttl = self.time_to_lie(session, now);
        let put = self.sessions.put(handle.as_str(), session, ttl).await;
        put.map_err(|error| Fault::new("keeping a session", error))
    }

    /// Adds a relying party to a session. When another request of the same browser was faster, its
    /// word stands and ours is added to it.
    pub(crate) async fn join(
        &self,
        live: &LiveSession,
        relying_party: &RelyingParty,
        farewell: Option<&String>,
        visit: &Visit,
    ) -> Result<(), Fault> {
        const TRIES: usize = 8;
        let mut live = live.clone();
        for _ in 0..TRIES {
            if live.session.has_participant(&relying_party.id, farewell) {
                return Ok(());
            }
            live.session.participants.push(Participant {
                relying_party: relying_party.id.clone(),
                since: visit.now,
                farewell: farewell.cloned(),
            });
            let ttl = self.time_to_lie(&live.session, visit.now);
            let swapped = self
                .sessions
                .swap(live.handle.as_str(), &live.version, &live.session, ttl)
                .await
                .map_err(|error| Fault::new("adding a participant", error))?;
            if swapped == Swap::Done {
                return Ok(());
            }
            match self.session(&live.handle, visit.now).await? {
                Some(found) => live = found,
                // It ended in the meantime, and the logout knows of this relying party.
                None => return Ok(()),
            }
        }
        Err(Fault::broken("adding a participant while others do"))
    }

    fn time_to_lie(&self, session: &Session, now: Timestamp) -> Duration {
        let left = session.ends_at.since(now);
        self.settings.idle.min(left).as_duration().max(Duration::from_secs(1))
    }
}
