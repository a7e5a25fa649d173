//! The dispatcher of a login: asks policy, and carries out the one step that it says. Steps never
//! lead to one another.

use std::sync::Arc;

use idp_domain::{
    AccountId, Agency, AuditEvent, FactorKind, Factors, Fault, Refusal, RelyingParty, Subject,
    Transaction,
    audit::AuditKind,
    policy::{self, Basis, Candidate, Decision, Facts, Reached, Reason, Step},
    session::Limits,
    transaction::{Awaiting, Footing, Wished},
};

use crate::{
    Broker,
    factor::{Device, Person, Scene, UsedDevice, Wanted},
    visit::{Next, Turn, Visit},
};

/// What a decision rests on, beside the login itself.
struct Sight<'a> {
    relying_party: &'a RelyingParty,
    candidates: Arc<[Candidate]>,
    subject: Option<Subject>,
    agency: Option<Arc<Agency>>,
    limits: Limits,
}

impl Sight<'_> {
    fn facts<'b>(
        &'b self,
        transaction: &'b Transaction,
        visit: &'b Visit,
        factors: Option<&'b Factors>,
    ) -> Facts<'b> {
        Facts {
            transaction,
            relying_party: self.relying_party,
            session: visit.session.as_ref().map(|live| &live.session),
            candidates: &self.candidates,
            subject: self.subject.as_ref(),
            agency: self.agency.as_deref(),
            factors,
            limits: self.limits,
        }
    }
}

/// What an issuance rests on, once policy has said yes.
pub(crate) struct Vouched {
    pub(crate) basis: Basis,
    pub(crate) reached: Reached,
    pub(crate) person: Person,
    /// The device that stood for a factor.
    pub(crate) device: Option<UsedDevice>,
}

impl Broker {
    /// Asks policy, and carries out the step that it says.
    pub async fn advance(
        &self,
        mut transaction: Transaction,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let catalog = self.catalog();
        let Some(relying_party) = catalog.relying_party(transaction.relying_party()) else {
            let next = Next::Refuse(Refusal::RelyingPartyDisabled);
            return Ok(Turn::to(transaction, next));
        };
        if let Some(why) = self.why_revoked(&transaction).await? {
            self.revoke_login(&mut transaction, why, visit).await?;
        }
        let known = self.hold_to_person(&mut transaction, visit).await?;
        let session = visit.session.as_ref().map(|live| &live.session);
        let event = crate::factor::at_hand(&transaction, visit);
        let sight = Sight {
            relying_party,
            candidates: catalog.candidates(relying_party),
            subject: self.subject_at_hand(relying_party, &transaction, session).await?,
            agency: event.and_then(|event| catalog.agency(&event.agency)).map(Arc::clone),
            limits: self.settings,
        };
        let without = sight.facts(&transaction, visit, None);
        let (decision, person) = if policy::needs_factors(&without, visit.now) {
            let person = if let Some(person) = known {
                person
            } else {
                let account = self.account_at_hand(&transaction, session).await?;
                self.person(account, visit).await?
            };
            if let Device::Copied(device) = &person.device {
                // To show it is to end it, and to say so.
                self.use_device(device, Scene::Login(&transaction), visit).await?;
            }
            let facts = sight.facts(&transaction, visit, Some(&person.factors));
            (policy::decide(&facts, visit.now), Some(person))
        } else {
            (policy::decide(&without, visit.now), known)
        };
        // On the heap: every way into a login would be as large as the longest step otherwise.
        Box::pin(self.carry_out(transaction, &sight, decision, person, visit)).await
    }

    /// Whatever was proven here counts for whoever proved it alone, and on the factors of then.
    /// Between two steps of a login somebody else may have signed in at the browser, or the person
    /// may have changed factors elsewhere. Gives the person, if that was looked at.
    async fn hold_to_person(
        &self,
        transaction: &mut Transaction,
        visit: &Visit,
    ) -> Result<Option<Person>, Fault> {
        if transaction.person.is_none() {
            return Ok(None);
        }
        let session = visit.session.as_ref().map(|live| &live.session);
        let account: Option<AccountId> = self.account_at_hand(transaction, session).await?;
        if account != transaction.person {
            transaction.forget_factors();
            return Ok(None);
        }
        let Some(footing) = transaction.footing else { return Ok(None) };
        let person = self.person(account, visit).await?;
        if person.epoch() != footing.epoch {
            self.outdate_factors(transaction, visit).await?;
        }
        Ok(Some(person))
    }

    async fn carry_out(
        &self,
        mut transaction: Transaction,
        sight: &Sight<'_>,
        decision: Decision,
        person: Option<Person>,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let decided = Self::about(AuditKind::LoginDecided, &transaction, visit);
        let decided = AuditEvent {
            reason: decision.step.as_str().to_owned(),
            because: decision.because.iter().map(ToString::to_string).collect(),
            ..decided
        };
        let catalog = self.catalog();
        let next = match decision.step {
            Step::ChooseSource => {
                transaction.awaiting = Awaiting::SourceChoice;
                self.record(vec![decided]).await?;
                Next::Choose
            }
            Step::ProveFactor { kinds, wanted, optional } => {
                let person = person.unwrap_or_default();
                let wanted = Wanted { kinds, worth: wanted };
                self.ask_factor(&mut transaction, &person, wanted, optional, decided, visit).await?
            }
            Step::Enrol { kinds, wanted, optional } => {
                let person = person.unwrap_or_default();
                let wanted = Wanted { kinds, worth: wanted };
                self.ask_enrolment(&mut transaction, &person, wanted, optional, decided, visit)
                    .await?
            }
            Step::Consent => {
                transaction.awaiting = Awaiting::Consent;
                self.record(vec![decided]).await?;
                Next::Consent
            }
            Step::Authenticate { source, force } => {
                let wished = decision.because.contains(&Reason::AskedOnce(source.clone()));
                transaction.wished = if wished { Wished::AtSource } else { transaction.wished };
                self.record(vec![decided]).await?;
                let next = self.ask(&catalog, &mut transaction, &source, force, visit).await?;
                if wished && matches!(next, Next::Refuse(_)) {
                    // It was only wished: the login goes on without that source.
                    transaction.wished = Wished::Answered;
                    return self.advance(transaction, visit).await;
                }
                next
            }
            Step::Issue(basis) => {
                let vouched = self.vouch(&transaction, sight, basis, person, visit).await?;
                let Some(vouched) = vouched else {
                    // The device that had stood for a factor does so no more: it is another login.
                    let visit = Visit { device: None, ..visit.clone() };
                    return self.advance(transaction, &visit).await;
                };
                let party = sight.relying_party;
                self.issue(party, &transaction, vouched, decided, visit).await?
            }
            Step::Refuse(Refusal::EnrolmentNeedsHelp) if may_help(&transaction, visit) => {
                let person = person.unwrap_or_default();
                self.ask_pass(&mut transaction, &person, decided, visit).await?
            }
            Step::Refuse(refusal) => {
                let refused = Self::about(AuditKind::LoginRefused, &transaction, visit);
                self.record(vec![decided, refused.because_of(refusal.reason())]).await?;
                Next::Refuse(refusal)
            }
        };
        Ok(Turn::to(transaction, next))
    }

    /// What is vouched for. A device that makes a difference to it is used, which it can be once
    /// by each of its handles; `None`: it could not.
    async fn vouch(
        &self,
        transaction: &Transaction,
        sight: &Sight<'_>,
        basis: Basis,
        person: Option<Person>,
        visit: &Visit,
    ) -> Result<Option<Vouched>, Fault> {
        let person = match person {
            Some(person) => person,
            // Nothing rests on the device; but one that is no more is to be taken back.
            None if visit.device.is_some() && !transaction.proofs.is_empty() => {
                self.person(transaction.person.clone(), visit).await?
            }
            None => Person::default(),
        };
        let facts = sight.facts(transaction, visit, Some(&person.factors));
        let reached = policy::reached(&facts, basis, visit.now);
        let reached =
            reached.ok_or_else(|| Fault::broken("finding the proof that policy accepted"))?;
        let mut device = None;
        if let Device::Known(known) = &person.device {
            let bare = Factors { device: None, ..person.factors.clone() };
            let bare = sight.facts(transaction, visit, Some(&bare));
            let issued = matches!(policy::decide(&bare, visit.now).step, Step::Issue(_));
            let less = policy::reached(&bare, basis, visit.now);
            if !issued || less.is_none_or(|less| less.worth != reached.worth) {
                let scene = Scene::Login(transaction);
                device = self.use_device(known, scene, visit).await?;
                if device.is_none() {
                    return Ok(None);
                }
            }
        }
        let remembers = transaction.remember && !transaction.shared;
        let typed = transaction.proofs.iter().rev().find(|proof| proof.factor == FactorKind::Totp);
        if device.is_none()
            && remembers
            && let (Some(proof), Some(Footing { epoch, .. })) = (typed, transaction.footing)
        {
            let person = self.person(transaction.person.clone(), visit).await?;
            let scene = Scene::Login(transaction);
            device = self.remember_device(&person, proof, epoch, scene, visit).await?;
        }
        Ok(Some(Vouched { basis, reached, person, device }))
    }
}

/// Whether the person is there and may be asked for what the help desk gave out.
fn may_help(transaction: &Transaction, visit: &Visit) -> bool {
    let there = crate::factor::at_hand(transaction, visit).is_some();
    there && !transaction.request.demand.passive && transaction.pass.is_none()
}
