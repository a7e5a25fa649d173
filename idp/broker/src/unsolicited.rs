//! What a source sends without being asked: judged by the same connector, credited in the same way,
//! and believed once. There is no login in progress, so nothing here may assume one.

use idp_domain::{
    AuditEvent, AuthenticationEvent, AuthnRequest, Fault, Inbound, Progress, Refusal, SourceId,
    Transaction, audit::AuditKind, session::Narrower,
};

use crate::{
    Broker,
    login::{credit, explained, worth},
    random::draw,
    visit::{Handle, Next, Turn, Visit},
};

impl Broker {
    /// Reads what `from` sent unasked. `Err` is a no that stands in the trail already.
    ///
    /// Of several copies one is believed, on whatever node.
    pub async fn unsolicited(
        &self,
        from: &SourceId,
        reply: Inbound,
        visit: &Visit,
    ) -> Result<Result<AuthenticationEvent, Refusal>, Fault> {
        let catalog = self.catalog();
        let Some(registered) = catalog.source(from).filter(|found| found.is_open()) else {
            return self.turn_away(from, Refusal::SourceDisabled, visit).await.map(Err);
        };
        let (event, once) = match registered.connector.unsolicited(reply).await? {
            Progress::Proven { event, once: Some(once) } => (event, once),
            // Without a mark it could be believed twice; without a login nobody can be asked again.
            Progress::Proven { once: None, .. } | Progress::Again(..) => {
                return Err(Fault::broken("reading an answer that nobody asked for"));
            }
            Progress::Refused(refusal) => {
                return self.turn_away(from, refusal, visit).await.map(Err);
            }
        };
        let event = match credit(*event, registered) {
            Ok(event) => event,
            Err(refusal) => return self.turn_away(from, refusal, visit).await.map(Err),
        };
        let proven = AuditEvent {
            source: Some(from.clone()),
            agency: Some(event.agency.clone()),
            address: Some(visit.address),
            ..AuditEvent::new(AuditKind::AuthnUnsolicited, visit.now)
        };
        let proven = worth(proven, &event);
        if !self.seen_first(Some(once), proven).await? {
            let detail = "the answer was accepted before".to_owned();
            let refusal = Refusal::SourceMisbehaved { reason: "replay", detail };
            return self.turn_away(from, refusal, visit).await.map(Err);
        }
        Ok(Ok(event))
    }

    /// Goes on with a proof that nobody asked for, towards a relying party that wants such.
    pub async fn begin_with(
        &self,
        request: AuthnRequest,
        event: AuthenticationEvent,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let catalog = self.catalog();
        let mut transaction = Transaction::begin(request, draw()?, String::new(), visit.now);
        let admitted = catalog.relying_party(transaction.relying_party()).is_some_and(|party| {
            let source = &event.identity.source;
            catalog.candidates(party).iter().any(|candidate| candidate.source == *source)
        });
        if !admitted {
            let refusal = Refusal::AgencyNotAllowed { agency: event.agency.clone() };
            let refused = Self::about(AuditKind::LoginRefused, &transaction, visit);
            self.record(vec![explained(refused, &refusal)]).await?;
            return Ok(Turn::to(transaction, Next::Refuse(refusal)));
        }
        transaction.record(event);
        self.advance(transaction, visit).await
    }

    /// Lets the person in whom `event` proves, towards no relying party yet. `Err` is a no that
    /// stands in the trail already.
    pub async fn welcome(
        &self,
        event: &AuthenticationEvent,
        visit: &Visit,
    ) -> Result<Result<Handle, Refusal>, Fault> {
        let from = &event.identity.source;
        let linked = self.link(event, Vec::new(), visit).await?;
        if linked.disabled {
            return self.turn_away(from, Refusal::AccountDisabled, visit).await.map(Err);
        }
        let session = self.session_after(&linked.account, event, Narrower::default(), visit)?;
        let about = |kind| AuditEvent {
            account: Some(linked.account.clone()),
            source: Some(from.clone()),
            address: Some(visit.address),
            ..AuditEvent::new(kind, visit.now)
        };
        let mut trail = Vec::new();
        trail.extend(linked.created.then(|| about(AuditKind::AccountCreated)));
        let started = about(AuditKind::SessionStarted);
        trail.push(AuditEvent { session: Some(session.id.clone()), ..started });
        if !self.attend(&session, None, trail, visit).await? {
            return self.turn_away(from, Refusal::TransactionConsumed, visit).await.map(Err);
        }
        self.replace_session(&session, visit).await.map(Ok)
    }

    /// Writes down that a source is not believed, and hands the no back.
    pub async fn turn_away(
        &self,
        from: &SourceId,
        refusal: Refusal,
        visit: &Visit,
    ) -> Result<Refusal, Fault> {
        let event = AuditEvent {
            source: Some(from.clone()),
            address: Some(visit.address),
            reference: Some(visit.reference.to_string()),
            alert: matches!(refusal, Refusal::SourceMisbehaved { .. }),
            ..AuditEvent::new(AuditKind::InboundRejected, visit.now)
        };
        self.record(vec![explained(event, &refusal)]).await?;
        Ok(refusal)
    }
}
