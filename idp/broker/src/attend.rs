//! Joining a session: written before a relying party is told of it, so that whoever ends the
//! session knows whom to tell.

use idp_domain::{AuditEvent, Fault, Issuance, Session, Timestamp};
use idp_store::{
    journal::{Act, Attend, Outcome, Unit},
    sessions::SourceSession,
};

use crate::Broker;

impl Broker {
    /// Writes that `session` lives, and that the relying party of `issuance` is about to be told
    /// of it, together with `trail`. `false` when the session has ended in the meantime: then
    /// nothing is written, and nobody may be told.
    pub(crate) async fn attend(
        &self,
        session: &Session,
        issuance: Option<&Issuance>,
        trail: Vec<AuditEvent>,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let Some(event) = session.latest() else {
            return Err(Fault::broken("reading a session without a proof"));
        };
        let identity = &event.identity;
        let name = event.source_name.as_deref().unwrap_or(identity.subject.as_str());
        let joins = issuance.map(|issuance| {
            let farewell = self.envoy.get().and_then(|envoy| (envoy.farewell)(issuance));
            (issuance.relying_party.clone(), farewell)
        });
        let attend = Attend {
            session: session.id.clone(),
            account: session.account.clone(),
            ends_at: session.ends_at,
            source: SourceSession {
                source: identity.source.clone(),
                issuer: identity.issuer.clone(),
                name: name.to_owned(),
                mark: event.source_session.clone(),
            },
            joins,
            now,
        };
        let unit = Unit::telling(Act::Attend(attend), move |outcome| match outcome {
            Outcome::SessionOver => Vec::new(),
            _ => trail.clone(),
        });
        Ok(self.commit("joining a session", unit).await? != Outcome::SessionOver)
    }
}
