//! The steps of a login that ask for a factor: who is asked for what, and what the page says.

use idp_domain::{
    AccountId, AuditEvent, FactorKind, Fault, Kept, Refusal, RelyingParty, Transaction,
    assurance::Worth,
    audit::AuditKind,
    transaction::{AskedFactor, Awaiting, Enrolling},
};

use super::{
    EnrolPage, FactorPage, FactorProblem, Person,
    page::EnrolProblem,
    scene::{Scene, at_hand},
};
use crate::{
    Broker,
    issue::Linked,
    visit::{Next, Opened, Turn, Visit},
};

/// A factor that is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Of which kinds one is enough, the best first; empty: an access pass.
    pub(crate) kinds: Vec<FactorKind>,
    /// What a proof must be worth.
    pub(crate) worth: Worth,
}

impl Broker {
    /// Asks the person for a factor; without which they may go on, if it is `optional`.
    pub(crate) async fn ask_factor(
        &self,
        transaction: &mut Transaction,
        person: &Person,
        wanted: Wanted,
        optional: bool,
        decided: AuditEvent,
        visit: &Visit,
    ) -> Result<Next, Fault> {
        let Some(account) = person.account.clone() else {
            return Err(Fault::broken("asking nobody for a factor"));
        };
        if let Some(refused) = self.if_disabled(&account, transaction, &decided, visit).await? {
            return Ok(refused);
        }
        self.record(vec![decided]).await?;
        let kinds = wanted.kinds.into_iter().filter(|kind| *kind != FactorKind::Device).collect();
        let asked =
            AskedFactor { account, kinds, wanted: wanted.worth, optional, since: visit.now };
        let page = self.page_of(transaction, &asked, None, visit)?;
        transaction.awaiting = Awaiting::Factor(asked);
        Ok(Next::Prove(page))
    }

    /// Lets the person enrol a factor. Whoever has no account yet is given one: a factor is of an
    /// account.
    pub(crate) async fn ask_enrolment(
        &self,
        transaction: &mut Transaction,
        person: &Person,
        wanted: Wanted,
        optional: bool,
        decided: AuditEvent,
        visit: &Visit,
    ) -> Result<Next, Fault> {
        let account = self.account_for(transaction, person, decided, visit).await?;
        let account = match account {
            Ok(account) => account,
            Err(refusal) => return Ok(Next::Refuse(refusal)),
        };
        transaction.belongs_to(&account);
        let kept = match &transaction.awaiting {
            // The app that the person has begun with stays the one.
            Awaiting::Enrolment(before) if before.account == account => before.kept.clone(),
            _ => None,
        };
        let kinds = wanted.kinds.into_iter().filter(|kind| *kind != FactorKind::Device).collect();
        let (wanted, epoch, since) = (wanted.worth, person.epoch(), visit.now);
        let enrolling = Enrolling { account, kinds, wanted, optional, epoch, kept, since };
        let page = self.enrol_page_of(transaction, &enrolling, None, visit)?;
        transaction.awaiting = Awaiting::Enrolment(enrolling);
        Ok(Next::Enrol(page))
    }

    /// Nothing but the help of the agency opens enrolment: the person may type what its help desk
    /// gave out. Whoever has no account yet is given one, so that there is one to help.
    pub(crate) async fn ask_pass(
        &self,
        transaction: &mut Transaction,
        person: &Person,
        decided: AuditEvent,
        visit: &Visit,
    ) -> Result<Next, Fault> {
        let account = self.account_for(transaction, person, decided, visit).await?;
        let account = match account {
            Ok(account) => account,
            Err(refusal) => return Ok(Next::Refuse(refusal)),
        };
        let refused = Self::about(AuditKind::LoginRefused, transaction, visit);
        let refused = refused.because_of(Refusal::EnrolmentNeedsHelp.slug());
        self.record(vec![AuditEvent { account: Some(account.clone()), ..refused }]).await?;
        let asked = AskedFactor {
            account,
            kinds: Vec::new(),
            wanted: Worth::TWO_FACTORS,
            optional: false,
            since: visit.now,
        };
        let page = self.page_of(transaction, &asked, None, visit)?;
        transaction.awaiting = Awaiting::Factor(asked);
        Ok(Next::Prove(page))
    }

    /// The account of whoever the login is about, made if there is none.
    async fn account_for(
        &self,
        transaction: &Transaction,
        person: &Person,
        decided: AuditEvent,
        visit: &Visit,
    ) -> Result<Result<AccountId, Refusal>, Fault> {
        if let Some(account) = &person.account {
            if self.if_disabled(account, transaction, &decided, visit).await?.is_some() {
                return Ok(Err(Refusal::AccountDisabled));
            }
            self.record(vec![decided]).await?;
            return Ok(Ok(account.clone()));
        }
        let Some(event) = &transaction.event else {
            return Err(Fault::broken("making an account for nobody"));
        };
        let Linked { account, created, disabled } = self.link(event, vec![decided], visit).await?;
        let of = |kind| AuditEvent {
            account: Some(account.clone()),
            ..Self::about(kind, transaction, visit)
        };
        if disabled {
            let refused = of(AuditKind::LoginRefused);
            self.record(vec![refused.because_of(Refusal::AccountDisabled.slug())]).await?;
            return Ok(Err(Refusal::AccountDisabled));
        }
        if created {
            self.record(vec![of(AuditKind::AccountCreated)]).await?;
        }
        Ok(Ok(account))
    }

    /// A disabled account proves and enrols nothing.
    async fn if_disabled(
        &self,
        account: &AccountId,
        transaction: &Transaction,
        decided: &AuditEvent,
        visit: &Visit,
    ) -> Result<Option<Next>, Fault> {
        let found = self.accounts.find(account).await;
        let found = found.map_err(|error| Fault::new("finding an account", error))?;
        if found.is_some_and(|account| !account.disabled) {
            return Ok(None);
        }
        let refusal = Refusal::AccountDisabled;
        let refused = Self::about(AuditKind::LoginRefused, transaction, visit);
        let refused = AuditEvent { account: Some(account.clone()), ..refused };
        self.record(vec![decided.clone(), refused.because_of(refusal.slug())]).await?;
        Ok(Some(Next::Refuse(refusal)))
    }

    /// The page of a login that waits for a factor; none if it waits for something else.
    pub fn factor_page(
        &self,
        transaction: &Transaction,
        visit: &Visit,
    ) -> Result<Option<FactorPage>, Fault> {
        match &transaction.awaiting {
            Awaiting::Factor(asked) => self.page_of(transaction, asked, None, visit).map(Some),
            _ => Ok(None),
        }
    }

    /// The page of a login that waits for an enrolment; none if it waits for something else.
    pub fn enrol_page(
        &self,
        transaction: &Transaction,
        visit: &Visit,
    ) -> Result<Option<EnrolPage>, Fault> {
        match &transaction.awaiting {
            Awaiting::Enrolment(enrolling) => {
                self.enrol_page_of(transaction, enrolling, None, visit).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The page that asks for a factor, after an attempt with this problem.
    pub(crate) fn page_of(
        &self,
        transaction: &Transaction,
        asked: &AskedFactor,
        problem: Option<FactorProblem>,
        visit: &Visit,
    ) -> Result<FactorPage, Fault> {
        let agency = self.agency_in(Scene::Login(transaction), visit)?;
        let rules = &agency.factors;
        let remembers = rules.remember_device_days > 0
            && asked.kinds.contains(&FactorKind::Totp)
            && asked.wanted.is_met_by_codes()
            && !transaction.shared;
        Ok(FactorPage {
            kinds: asked.kinds.clone(),
            // A pass opens enrolment, which a wish never does.
            pass: !asked.optional,
            optional: asked.optional,
            can_remember: remembers.then_some(rules.remember_device_days),
            by_agency: !asked.optional && self.is_by_agency(transaction, asked.wanted, visit)?,
            agency: agency.id.clone(),
            problem,
        })
    }

    /// The page of an enrolment, after an attempt with this problem.
    pub(crate) fn enrol_page_of(
        &self,
        transaction: &Transaction,
        enrolling: &Enrolling,
        problem: Option<EnrolProblem>,
        visit: &Visit,
    ) -> Result<EnrolPage, Fault> {
        let scene = Scene::Login(transaction);
        let agency = self.agency_in(scene, visit)?;
        let kept = enrolling.kept.as_ref().map(Kept::as_str);
        let (mut totp, mut codes) = (None, None);
        if is_about_codes(enrolling) {
            codes = kept.map(|kept| self.open_codes(scene, kept)).transpose()?;
        } else {
            totp = kept.map(|kept| self.app_page(scene, kept, visit)).transpose()?;
        }
        Ok(EnrolPage {
            kinds: enrolling.kinds.clone(),
            optional: enrolling.optional,
            by_agency: self.is_by_agency(transaction, enrolling.wanted, visit)?,
            agency: agency.id.clone(),
            totp,
            codes,
            problem,
        })
    }

    /// Whether the agency wants so much, and the relying party does not.
    fn is_by_agency(
        &self,
        transaction: &Transaction,
        wanted: Worth,
        visit: &Visit,
    ) -> Result<bool, Fault> {
        let agency = self.agency_in(Scene::Login(transaction), visit)?;
        let catalog = self.catalog();
        let relying_party = catalog.relying_party(transaction.relying_party());
        let floor =
            relying_party.and_then(|party: &std::sync::Arc<RelyingParty>| party.floor.as_ref());
        let demand = &transaction.request.demand;
        let asked = demand.acr.iter().filter(|_| demand.essential);
        let by_party = floor.into_iter().chain(asked).any(|acr| acr.wants() == Some(wanted));
        let by_agency = agency.factors.demand.as_ref().and_then(idp_domain::Acr::wants);
        Ok(by_agency == Some(wanted) && !by_party && demand.factor_max_age.is_none())
    }

    /// The login goes on with what was proven in it. Of two requests that bring it on at once, one
    /// does.
    pub(crate) async fn go_on_with(&self, opened: Opened, visit: &Visit) -> Result<Turn, Fault> {
        if !self.keep_on(&opened).await? {
            return Ok(consumed(opened));
        }
        self.advance(opened.transaction, visit).await
    }

    /// The same page again, and what was wrong. The login stays as it is.
    pub(crate) fn prove_again(
        &self,
        opened: Opened,
        problem: FactorProblem,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let Awaiting::Factor(asked) = &opened.transaction.awaiting else {
            return Ok(consumed(opened));
        };
        let page = self.page_of(&opened.transaction, asked, Some(problem), visit)?;
        Ok(Turn::kept(opened.transaction, Next::Prove(page)))
    }

    /// The same page again, and what was wrong. The login stays as it is.
    pub(crate) fn enrol_again(
        &self,
        opened: Opened,
        problem: Option<EnrolProblem>,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let Awaiting::Enrolment(enrolling) = &opened.transaction.awaiting else {
            return Ok(consumed(opened));
        };
        let page = self.enrol_page_of(&opened.transaction, enrolling, problem, visit)?;
        Ok(Turn::kept(opened.transaction, Next::Enrol(page)))
    }
}

/// A step that the login does not wait for, or that another request has made already. Nothing
/// changes.
pub(crate) fn consumed(opened: Opened) -> Turn {
    Turn::kept(opened.transaction, Next::Refuse(Refusal::TransactionConsumed))
}

/// Whether all that is left of an enrolment is to keep the codes.
pub(crate) fn is_about_codes(enrolling: &Enrolling) -> bool {
    enrolling.kinds == [FactorKind::RecoveryCode]
}

/// Whether the person at the browser is who was asked: between the question and the answer
/// somebody else may have signed in there.
pub(crate) async fn is_still(
    broker: &Broker,
    account: &AccountId,
    transaction: &Transaction,
    visit: &Visit,
) -> Result<bool, Fault> {
    let session = visit.session.as_ref().map(|live| &live.session);
    let there = broker.account_at_hand(transaction, session).await?;
    Ok(at_hand(transaction, visit).is_some() && there.as_ref() == Some(account))
}
