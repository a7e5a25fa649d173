//! Issuing: from a proof that policy accepts to what a protocol tells its relying party.
//!
//! The one place that makes accounts and links, and only when policy has said yes.

use idp_domain::{
    AccountId, Acr, AttributeSet, AuditEvent, AuthenticationEvent, Fault, Issuance,
    Refusal, RelyingParty, Session, SessionId, Subject, Transaction,
    audit::AuditKind,
    policy::{self, Basis},
    refusal::Need,
};
use idp_store::journal::{Act, LinkIdentity, Outcome, Unit};

use crate::{
    Broker,
    random::draw,
    visit::{Handle, LiveSession, Next, SessionChange, Visit},
};

/// What a link led to.
pub(crate) struct Linked {
    /// The account.
    pub(crate) account: AccountId,
    /// Whether it was made just now.
    pub(crate) created: bool,
    /// Whether it may not sign in.
    pub(crate) disabled: bool,
}

impl Broker {
    /// Vouches for the person, on the proof that policy named.
    pub(crate) async fn issue(
        &self,
        relying_party: &RelyingParty,
        transaction: &Transaction,
        basis: Basis,
        decided: AuditEvent,
        visit: &Visit,
    ) -> Result<Next, Fault> {
        match (basis, &transaction.event, &visit.session) {
            (Basis::Event, Some(event), _) => {
                self.issue_on_event(relying_party, transaction, event, decided, visit).await
            }
            (Basis::Session, _, Some(live)) => {
                self.issue_on_session(relying_party, transaction, live, decided, visit).await
            }
            _ => Err(Fault::broken("finding the proof that policy accepted")),
        }
    }

    async fn issue_on_event(
        &self,
        relying_party: &RelyingParty,
        transaction: &Transaction,
        event: &AuthenticationEvent,
        decided: AuditEvent,
        visit: &Visit,
    ) -> Result<Next, Fault> {
        let Linked { account, created, disabled } = self.link(event, vec![decided], visit).await?;
        let mut trail = Vec::new();
        if created {
            let made = Self::about(AuditKind::AccountCreated, transaction, visit);
            trail.push(AuditEvent { account: Some(account.clone()), ..made });
        }
        if disabled {
            let refused = Self::about(AuditKind::LoginRefused, transaction, visit);
            let refused = refused.because_of(Refusal::AccountDisabled.slug());
            trail.push(AuditEvent { account: Some(account), ..refused });
            self.record(trail).await?;
            return Ok(Next::Refuse(Refusal::AccountDisabled));
        }
        let mut session = self.session_after(&account, event, visit)?;
        let started = Self::about(AuditKind::SessionStarted, transaction, visit);
        trail.push(AuditEvent {
            account: Some(account),
            session: Some(session.id.clone()),
            ..started
        });
        let issuance = self.issuance(relying_party, transaction, event, &session, visit);
        session.tell(Self::told(&issuance));
        trail.push(Self::issued(&issuance, transaction, visit));
        if !self.attend(&session, Some(&issuance), trail, visit).await? {
            return self.signed_out_meanwhile(transaction, visit).await;
        }
        let handle = self.replace_session(&session, visit).await?;
        Ok(Next::Issue(Box::new(issuance), SessionChange::Set(handle)))
    }

    /// The session that was to be vouched for has ended between the question and the answer: as if
    /// nobody were signed in.
    async fn signed_out_meanwhile(
        &self,
        transaction: &Transaction,
        visit: &Visit,
    ) -> Result<Next, Fault> {
        let refusal = Refusal::InteractionNeeded(Need::Login);
        let refused = Self::about(AuditKind::LoginRefused, transaction, visit);
        self.record(vec![refused.because_of("signed_out_meanwhile")]).await?;
        Ok(Next::Refuse(refusal))
    }

    async fn issue_on_session(
        &self,
        relying_party: &RelyingParty,
        transaction: &Transaction,
        live: &LiveSession,
        decided: AuditEvent,
        visit: &Visit,
    ) -> Result<Next, Fault> {
        let session = &live.session;
        let Some(event) = session.latest() else {
            return Err(Fault::broken("reading a session without a proof"));
        };
        let issuance = self.issuance(relying_party, transaction, event, session, visit);
        let issued = Self::issued(&issuance, transaction, visit);
        let trail = vec![decided, issued];
        if !self.go_on(live, &issuance, trail, visit).await? {
            return self.signed_out_meanwhile(transaction, visit).await;
        }
        Ok(Next::Issue(Box::new(issuance), SessionChange::None))
    }

    /// The account of the identity that `event` proves, made if there is none.
    pub(crate) async fn link(
        &self,
        event: &AuthenticationEvent,
        trail: Vec<AuditEvent>,
        visit: &Visit,
    ) -> Result<Linked, Fault> {
        let identity = &event.identity;
        let link = LinkIdentity {
            source: identity.source.clone(),
            issuer: identity.issuer.clone(),
            subject: identity.subject.clone(),
            account_if_new: AccountId::from_random(draw()?),
            attributes: identity.attributes.clone(),
            now: visit.now,
        };
        match self.commit("linking an identity", Unit::new(Act::Link(link), trail)).await? {
            Outcome::Linked { account, created, disabled } => {
                Ok(Linked { account, created, disabled })
            }
            _ => Err(Fault::broken("linking an identity")),
        }
    }

    /// The session that a new proof leads to: the browser's own if it is the same person's, so
    /// that its other participants stay in it, else a new one.
    pub(crate) fn session_after(
        &self,
        account: &AccountId,
        event: &AuthenticationEvent,
        visit: &Visit,
    ) -> Result<Session, Fault> {
        let same = visit.session.as_ref().map(|live| &live.session);
        let same = same.filter(|session| session.account == *account);
        let mut session = match same {
            Some(session) => session.clone(),
            None => Session {
                id: SessionId::from_random(draw()?),
                account: account.clone(),
                events: Vec::new(),
                participants: Vec::new(),
                proofs: Vec::new(),
                started_at: visit.now,
                used_at: visit.now,
                shared: false,
                device: None,
                whereabouts: None,
                ends_at: visit.now + self.settings.absolute,
            },
        };
        session.events = vec![event.clone()];
        session.used_at = visit.now;
        Ok(session)
    }

    /// Puts `session` under a new handle and forgets the old one: whoever knew it knows nothing.
    pub(crate) async fn replace_session(
        &self,
        session: &Session,
        visit: &Visit,
    ) -> Result<Handle, Fault> {
        let handle = Handle::draw()?;
        self.shelve_session(&handle, session, visit).await?;
        if let Some(old) = &visit.session {
            if old.session.id == session.id {
                self.sessions
                    .remove(old.handle.as_str())
                    .await
                    .map_err(|error| Fault::new("forgetting a session's old handle", error))?;
            } else {
                // Somebody else signed in at this browser.
                self.end_session(old, "replaced", visit).await?;
            }
        }
        Ok(handle)
    }

    fn issuance(
        &self,
        relying_party: &RelyingParty,
        transaction: &Transaction,
        event: &AuthenticationEvent,
        session: &Session,
        visit: &Visit,
    ) -> Issuance {
        let request = &transaction.request;
        let meets =
            |acr: &Acr| acr.wants().is_some_and(|wanted| event.worth(visit.now).meets(wanted));
        let wished = request.demand.acr.iter().find(|acr| meets(acr));
        let met = wished.or_else(|| relying_party.floor.as_ref().filter(|acr| meets(acr)));
        Issuance {
            relying_party: relying_party.id.clone(),
            ticket: request.ticket.clone(),
            account: session.account.clone(),
            subject: self.subject(relying_party, &session.account),
            agency: event.agency.clone(),
            source: event.identity.source.clone(),
            issuer: event.identity.issuer.clone(),
            session: session.id.clone(),
            received_at: event.received_at,
            session_ends_at: event
                .valid_until
                .map_or(session.ends_at, |until| until.min(session.ends_at)),
            authenticated_at: event.authenticated_at,
            acr: met.cloned().unwrap_or_else(|| Acr::of(event.assurance)),
            amr: event.amr.clone(),
            assurance: event.assurance,
            released: self.released(relying_party, transaction, &event.identity.attributes),
            at: visit.now,
        }
    }

    /// What a relying party may be told of the attributes in `held`.
    #[must_use]
    pub fn released(
        &self,
        relying_party: &RelyingParty,
        transaction: &Transaction,
        held: &AttributeSet,
    ) -> AttributeSet {
        policy::release(held, &transaction.request.wanted, relying_party)
    }

    fn issued(issuance: &Issuance, transaction: &Transaction, visit: &Visit) -> AuditEvent {
        let names: Vec<_> = issuance.released.iter().map(|(name, _)| name.as_str()).collect();
        let event = Self::about(AuditKind::LoginIssued, transaction, visit)
            .with("acr", issuance.acr.as_str())
            .with("released", names.join(" "));
        AuditEvent {
            account: Some(issuance.account.clone()),
            session: Some(issuance.session.clone()),
            source: Some(issuance.source.clone()),
            agency: Some(issuance.agency.clone()),
            ..event
        }
    }

    /// The name that the relying party knows for whom the proof at hand is about, where a request
    /// names somebody. A person without an account is nobody whom it knows.
    pub(crate) async fn subject_at_hand(
        &self,
        relying_party: &RelyingParty,
        transaction: &Transaction,
        session: Option<&Session>,
    ) -> Result<Option<Subject>, Fault> {
        if transaction.request.demand.subject.is_none() {
            return Ok(None);
        }
        let account = match &transaction.event {
            Some(event) => {
                let identity = &event.identity;
                self.accounts
                    .of_identity(&identity.source, &identity.issuer, &identity.subject)
                    .await
                    .map_err(|error| Fault::new("finding a link", error))?
            }
            None => session.map(|session| session.account.clone()),
        };
        let unknown = || Subject::new(String::new());
        Ok(Some(account.map_or_else(unknown, |account| self.subject(relying_party, &account))))
    }
}
