//! Issuing: from a proof that policy accepts to what a protocol tells its relying party.
//!
//! The one place that makes accounts and links, and only when policy has said yes.

use idp_domain::{
    AccountId, Amr, AttributeSet, AuditEvent, AuthenticationEvent, DeviceId, FactorProof, Fault,
    Issuance, Refusal, RelyingParty, Session, SessionId, Subject, Transaction,
    audit::AuditKind,
    policy::{self, Basis, Reached},
    refusal::Need,
    relying_party::Protocol,
    session::Narrower,
};
use idp_store::journal::{Act, LinkIdentity, Outcome, Unit};

use crate::{
    Broker,
    advance::Vouched,
    factor::device_change,
    random::draw,
    visit::{Handle, LiveSession, Next, SessionChange, Visit},
};

/// What is vouched for, and towards whom.
struct Of<'a> {
    relying_party: &'a RelyingParty,
    transaction: &'a Transaction,
    reached: &'a Reached,
}

/// What became of an issuance.
type Issued = Result<Result<(Issuance, SessionChange), Refusal>, Fault>;

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
        vouched: Vouched,
        decided: AuditEvent,
        visit: &Visit,
    ) -> Result<Next, Fault> {
        let of = Of { relying_party, transaction, reached: &vouched.reached };
        let mut proofs = transaction.proofs.clone();
        let device = vouched.device.as_ref().map(|device| device.id.clone());
        proofs.extend(vouched.device.iter().map(|device| device.proof.clone()));
        if !self.all_stand(transaction, &proofs)? {
            let refused = self.too_late(transaction, "factor_removed_meanwhile", visit).await?;
            return Ok(Next::Refuse(refused));
        }
        let issued = match (vouched.basis, &transaction.event, &visit.session) {
            (Basis::Event, Some(event), _) => {
                self.issue_on_event(&of, event, proofs, device, decided, visit).await?
            }
            (Basis::Session, _, Some(live)) if proofs.is_empty() => {
                self.issue_on_session(&of, live, decided, visit).await?
            }
            (Basis::Session, _, Some(live)) => {
                self.issue_on_risen(&of, live, proofs, device, decided, visit).await?
            }
            _ => return Err(Fault::broken("finding the proof that policy accepted")),
        };
        Ok(match issued {
            Ok((issuance, session)) => {
                let device = device_change(vouched.device, &vouched.person.device);
                Next::Issue(Box::new(issuance), session, device)
            }
            Err(refusal) => Next::Refuse(refusal),
        })
    }

    async fn issue_on_event(
        &self,
        of: &Of<'_>,
        event: &AuthenticationEvent,
        proofs: Vec<FactorProof>,
        device: Option<DeviceId>,
        decided: AuditEvent,
        visit: &Visit,
    ) -> Issued {
        let transaction = of.transaction;
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
            return Ok(Err(Refusal::AccountDisabled));
        }
        if !proofs.is_empty() && transaction.person.as_ref().is_some_and(|own| *own != account) {
            return Err(Fault::broken("vouching with somebody else's proofs"));
        }
        let mut session = self.session_after(&account, event, of.relying_party.sessions, visit)?;
        if let Some(footing) = transaction.footing {
            session.started_at = session.started_at.min(footing.since);
        }
        for proof in proofs {
            session.prove(proof);
        }
        session.shared |= transaction.shared;
        session.device = device.or(session.device);
        let started = Self::about(AuditKind::SessionStarted, transaction, visit);
        trail.push(AuditEvent {
            account: Some(account),
            session: Some(session.id.clone()),
            ..started
        });
        self.vouch_in(of, session, event, trail, visit).await
    }

    /// The session under a new handle, because more was proven in it: whoever knew the old one
    /// knows nothing of what was proven since.
    async fn issue_on_risen(
        &self,
        of: &Of<'_>,
        live: &LiveSession,
        proofs: Vec<FactorProof>,
        device: Option<DeviceId>,
        decided: AuditEvent,
        visit: &Visit,
    ) -> Issued {
        let mut session = live.session.clone();
        if of.transaction.person.as_ref().is_some_and(|person| *person != session.account) {
            return Err(Fault::broken("vouching with somebody else's proofs"));
        }
        let Some(event) = session.latest().cloned() else {
            return Err(Fault::broken("reading a session without a proof"));
        };
        for proof in proofs {
            session.prove(proof);
        }
        session.shared |= of.transaction.shared;
        session.device = device.or(session.device);
        session.used_at = visit.now;
        self.vouch_in(of, session, &event, vec![decided], visit).await
    }

    /// Vouches for the person of `session`, which then lies under a new handle.
    async fn vouch_in(
        &self,
        of: &Of<'_>,
        mut session: Session,
        event: &AuthenticationEvent,
        mut trail: Vec<AuditEvent>,
        visit: &Visit,
    ) -> Issued {
        let issuance = self.issuance(of, event, &session, visit);
        trail.push(issued(&issuance, of, visit));
        // Our own pages are told nothing that they would have to be told the end of.
        let own = of.relying_party.protocol == Protocol::Own;
        if !own {
            session.tell(Self::told(&issuance));
        }
        if !self.attend(&session, (!own).then_some(&issuance), trail, visit).await? {
            return self.signed_out_meanwhile(of.transaction, visit).await;
        }
        let handle = self.replace_session(&session, visit).await?;
        Ok(Ok((issuance, SessionChange::Set(handle))))
    }

    /// The session that was to be vouched for has ended between the question and the answer.
    async fn signed_out_meanwhile(&self, transaction: &Transaction, visit: &Visit) -> Issued {
        self.too_late(transaction, "signed_out_meanwhile", visit).await.map(Err)
    }

    /// What policy accepted is gone by now: as if nobody were signed in.
    async fn too_late(
        &self,
        transaction: &Transaction,
        because: &'static str,
        visit: &Visit,
    ) -> Result<Refusal, Fault> {
        let refused = Self::about(AuditKind::LoginRefused, transaction, visit);
        self.record(vec![refused.because_of(because)]).await?;
        Ok(Refusal::InteractionNeeded(Need::Login))
    }

    async fn issue_on_session(
        &self,
        of: &Of<'_>,
        live: &LiveSession,
        decided: AuditEvent,
        visit: &Visit,
    ) -> Issued {
        let session = &live.session;
        let Some(event) = session.latest() else {
            return Err(Fault::broken("reading a session without a proof"));
        };
        let issuance = self.issuance(of, event, session, visit);
        let trail = vec![decided, issued(&issuance, of, visit)];
        let lives = if of.relying_party.protocol == Protocol::Own {
            self.keep_using(live, trail, visit).await?
        } else {
            self.go_on(live, &issuance, trail, visit).await?
        };
        if !lives {
            return self.signed_out_meanwhile(of.transaction, visit).await;
        }
        Ok(Ok((issuance, SessionChange::None)))
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
    /// that its other participants stay in it, else a new one. No sign-in moves the end of a
    /// session: one that would be past it begins anew.
    ///
    /// One that has lapsed lends its name and its participants, whom a logout has to reach, and
    /// nothing that was proven in it. `limits` are those of whom the person signs in to.
    pub(crate) fn session_after(
        &self,
        account: &AccountId,
        event: &AuthenticationEvent,
        limits: Narrower,
        visit: &Visit,
    ) -> Result<Session, Fault> {
        let own = visit.session.as_ref().map(|live| &live.session);
        let own = own.filter(|session| session.account == *account);
        let (events, used_at) = (vec![event.clone()], visit.now);
        if let Some(own) = own {
            let counts = policy::session_counts(own, self.limits_of(own).within(limits), visit.now);
            let mut session = Session { events: events.clone(), used_at, ..own.clone() };
            if !counts {
                session.proofs.clear();
                session.device = None;
            }
            // The agency that vouches now may want shorter sessions than the one before.
            if self.is_live(&session, visit.now) {
                return Ok(session);
            }
        }
        Ok(Session {
            id: SessionId::from_random(draw()?),
            account: account.clone(),
            events,
            participants: Vec::new(),
            proofs: Vec::new(),
            // With the proof: were it revoked at this moment on another node, the session would be.
            started_at: event.received_at.min(visit.now),
            used_at,
            shared: false,
            device: None,
            whereabouts: None,
            ends_at: visit.now + self.settings.absolute,
        })
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
        of: &Of<'_>,
        event: &AuthenticationEvent,
        session: &Session,
        visit: &Visit,
    ) -> Issuance {
        let Of { relying_party, transaction, reached } = of;
        Issuance {
            relying_party: relying_party.id.clone(),
            ticket: transaction.request.ticket.clone(),
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
            acr: reached.acr.clone(),
            amr: reached.amr.clone(),
            assurance: reached.worth.assurance,
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
        let account = self.account_at_hand(transaction, session).await?;
        let unknown = || Subject::new(String::new());
        Ok(Some(account.map_or_else(unknown, |account| self.subject(relying_party, &account))))
    }
}

/// What the trail says of an issuance: what was told, and what it rests on.
fn issued(issuance: &Issuance, of: &Of<'_>, visit: &Visit) -> AuditEvent {
    let names: Vec<_> = issuance.released.iter().map(|(name, _)| name.as_str()).collect();
    let methods: Vec<_> = issuance.amr.iter().map(Amr::as_str).collect();
    let event = Broker::about(AuditKind::LoginIssued, of.transaction, visit)
        .with("acr", issuance.acr.as_str())
        .with("amr", methods.join(" "))
        .with("released", names.join(" "));
    AuditEvent {
        account: Some(issuance.account.clone()),
        session: Some(issuance.session.clone()),
        source: Some(issuance.source.clone()),
        agency: Some(issuance.agency.clone()),
        because: of.reached.by.clone(),
        ..event
    }
}
