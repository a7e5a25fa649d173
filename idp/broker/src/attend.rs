//! Joining a session: written before a relying party is told of it, so that whoever ends the
//! session knows whom to tell.

use idp_domain::{
    AuditEvent, Fault, Issuance, Lifetime, Participant, Session, Timestamp, assurance::Worth,
};
use idp_store::{
    journal::{Act, Attend, Joining, Outcome, Unit, UseSession, UsedAt},
    sessions::SourceSession,
};

use crate::{
    Broker,
    visit::{LiveSession, Visit},
};

/// How exactly it is known when a session was used: more exactly would be a write for each use.
pub(crate) const EXACT: Lifetime = Lifetime::minutes(1);

impl Broker {
    /// Writes that `session` lives, and that the relying party of `issuance` is about to be told
    /// of it, together with `trail`. `false` when the session has ended in the meantime: then
    /// nothing is written, and nobody may be told.
    ///
    /// The relying party is among the session's participants already, see [`Session::tell`].
    pub(crate) async fn attend(
        &self,
        session: &Session,
        issuance: Option<&Issuance>,
        trail: Vec<AuditEvent>,
        visit: &Visit,
    ) -> Result<bool, Fault> {
        let Some(event) = session.latest() else {
            return Err(Fault::broken("reading a session without a proof"));
        };
        let identity = &event.identity;
        let name = event.source_name.as_deref().unwrap_or(identity.subject.as_str());
        let joins = issuance.map(|issuance| self.joining(session, issuance));
        let attend = Attend {
            session: session.id.clone(),
            account: session.account.clone(),
            started_at: session.started_at,
            ends_at: session.ends_at,
            source: SourceSession {
                source: identity.source.clone(),
                issuer: identity.issuer.clone(),
                name: name.to_owned(),
                mark: event.source_session.clone(),
            },
            agency: event.agency.clone(),
            proven_at: event.received_at,
            worth: reached(session, visit.now),
            place: place(visit),
            shared: session.shared,
            device: session.device.clone(),
            joins,
            now: visit.now,
        };
        self.unless_over("joining a session", Act::Attend(attend), trail).await
    }

    /// Vouches once more for the person of a session that the browser has: writes that it is used,
    /// and whatever the relying party was not told in it before. `false` as for
    /// [`Broker::attend`].
    pub(crate) async fn go_on(
        &self,
        live: &LiveSession,
        issuance: &Issuance,
        trail: Vec<AuditEvent>,
        visit: &Visit,
    ) -> Result<bool, Fault> {
        let told = Self::told(issuance);
        let mut session = live.session.clone();
        if session.tell(told.clone()) {
            if !self.attend(&session, Some(issuance), trail, visit).await? {
                return Ok(false);
            }
            self.update(live, visit, |session| session.tell(told.clone())).await?;
            return Ok(true);
        }
        self.keep_using(live, trail, visit).await
    }

    /// Writes that a session is used, together with `trail`; a session that was used within the
    /// last minute is known to be. `false` when it has ended in the meantime: then nothing is
    /// written.
    pub async fn keep_using(
        &self,
        live: &LiveSession,
        trail: Vec<AuditEvent>,
        visit: &Visit,
    ) -> Result<bool, Fault> {
        if visit.now.since(live.session.last_used()) < EXACT {
            self.record(trail).await?;
            return Ok(true);
        }
        let act =
            UseSession { session: live.session.id.clone(), place: place(visit), now: visit.now };
        if !self.unless_over("using a session", Act::UseSession(act), trail).await? {
            return Ok(false);
        }
        self.update(live, visit, |_| false).await?;
        Ok(true)
    }

    /// What the relying party of an issuance is told.
    pub(crate) fn told(issuance: &Issuance) -> Participant {
        Participant {
            relying_party: issuance.relying_party.clone(),
            since: issuance.at,
            farewell: issuance.ticket.farewell.clone(),
            released: issuance.released.iter().map(|(name, _)| name.clone()).collect(),
        }
    }

    fn joining(&self, session: &Session, issuance: &Issuance) -> Joining {
        let told = Self::told(issuance);
        let same = |known: &&Participant| {
            known.relying_party == told.relying_party && known.farewell == told.farewell
        };
        let before = session.participants.iter().find(same);
        Joining {
            farewell: self.envoy.get().and_then(|envoy| (envoy.farewell)(issuance)),
            released: before.map_or(told.released, |before| before.released.clone()),
            relying_party: told.relying_party,
        }
    }

    async fn unless_over(
        &self,
        doing: &'static str,
        act: Act,
        trail: Vec<AuditEvent>,
    ) -> Result<bool, Fault> {
        let unit = Unit::telling(act, move |outcome| match outcome {
            Outcome::SessionOver => Vec::new(),
            _ => trail.clone(),
        });
        Ok(self.commit(doing, unit).await? != Outcome::SessionOver)
    }
}

/// The most that was proven in a session.
fn reached(session: &Session, now: Timestamp) -> Worth {
    let said = session.events.iter().map(|event| event.worth(now));
    let proven = session.proofs.iter().map(idp_domain::FactorProof::worth);
    said.chain(proven).fold(Worth::ONE_FACTOR, Worth::or)
}

fn place(visit: &Visit) -> UsedAt {
    UsedAt { address: visit.address.to_string(), browser: visit.browser.clone() }
}
