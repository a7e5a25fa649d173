//! Signing in with a passkey alone, at a source of ours: by a button, or by the list that a browser
//! offers in the field for the name. Who is unknown, disabled or another source's hears the same.

use std::sync::Arc;

use idp_domain::{
    AccountId, AuditEvent, AuthenticationEvent, Fault, Refusal, SourceId, Transaction,
    audit::AuditKind,
    source::SourceKind,
    transaction::{Awaiting, Footing},
};
use idp_factors::webauthn::ProofAsk;

use super::{
    FactorProblem, Started,
    ceremony::{Ceremony, Of, Work},
    passkey::{Expected, Judged},
    scene::Scene,
    step::consumed,
    throttle::tell,
};
use crate::{
    Broker,
    catalog::Registered,
    login::credit,
    visit::{Next, Opened, Turn, Visit},
};

impl Broker {
    /// Begins a sign-in with a passkey, where the login waits for a form of a source of ours. What
    /// the browser is asked is the same for everybody.
    pub async fn start_passkey_sign_in(
        &self,
        opened: &Opened,
        autofill: bool,
        visit: &Visit,
    ) -> Result<Result<Started, Refusal>, Fault> {
        let Some(source) = self.awaited_local(&opened.transaction) else {
            return Ok(Err(Refusal::TransactionConsumed));
        };
        let ask = if autofill { ProofAsk::Autofill } else { ProofAsk::Anyone };
        let (options, proving) = self
            .site
            .start_proof(ask, visit.now)
            .map_err(|error| Fault::new("asking for a passkey", error))?;
        let ceremony = Ceremony {
            of: Of::login(&opened.transaction),
            account: None,
            work: Work::SignIn(source, proving),
        };
        let begun = self.begin_ceremony(&ceremony, visit).await?;
        Ok(begun.map(|ceremony| Started { options, ceremony }))
    }

    /// Takes the proof of a passkey for a sign-in, and goes on with the login.
    pub async fn sign_in_with_passkey(
        &self,
        mut opened: Opened,
        ceremony: &str,
        answer: &str,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let Some(source) = self.awaited_local(&opened.transaction) else {
            return Ok(consumed(opened));
        };
        let scene = Scene::Login(&opened.transaction);
        let taken = self.take_ceremony(ceremony, &scene.of(), visit).await?;
        let proving = match taken.map(|ceremony| ceremony.work) {
            Some(Work::SignIn(of, proving)) if of == source => proving,
            _ => {
                let failed = Self::about(AuditKind::AuthnFailed, &opened.transaction, visit);
                let failed = AuditEvent { source: Some(source.clone()), ..failed };
                self.record(vec![failed.because_of("ceremony")]).await?;
                return Ok(again(opened, source, FactorProblem::Expired));
            }
        };
        let expected = Expected::Anybody(&source);
        let judged = self.judge_passkey(proving, answer, expected, scene, visit).await?;
        let (account, proof, epoch) = match judged {
            Judged::Proven { account, proof, epoch } => (account, proof, epoch),
            Judged::Refused(problem) => {
                tell("passkey", "wrong");
                return Ok(again(opened, source, problem));
            }
        };
        let of = |kind| AuditEvent {
            account: Some(account.clone()),
            source: Some(source.clone()),
            ..Self::about(kind, &opened.transaction, visit)
        };
        let event = match self.recall(&account, &source, visit).await? {
            Ok(event) => event,
            Err(reason) => {
                self.record(vec![of(AuditKind::AuthnFailed).because_of(reason)]).await?;
                return Ok(again(opened, source, FactorProblem::Passkey));
            }
        };
        let proven = of(AuditKind::AuthnSucceeded).with("method", "passkey");
        self.record(vec![crate::login::worth(proven, &event)]).await?;
        opened.transaction.record(event);
        opened.transaction.stands_on(&account, Footing { since: visit.now, epoch });
        opened.transaction.prove(&account, proof);
        self.go_on_with(opened, visit).await
    }

    /// The source of ours whose form the login waits for.
    fn awaited_local(&self, transaction: &Transaction) -> Option<SourceId> {
        let Awaiting::Source(asked) = &transaction.awaiting else { return None };
        let catalog = self.catalog();
        let registered = catalog.source(&asked.source).filter(|found| found.is_open())?;
        (registered.source.kind == SourceKind::Local).then(|| asked.source.clone())
    }

    /// What `source` knows of the person of `account`; `Err` says for the trail alone why nothing.
    async fn recall(
        &self,
        account: &AccountId,
        source: &SourceId,
        visit: &Visit,
    ) -> Result<Result<AuthenticationEvent, &'static str>, Fault> {
        let found = self.accounts.find(account).await;
        let found = found.map_err(|error| Fault::new("finding an account", error))?;
        if found.is_none_or(|account| account.disabled) {
            return Ok(Err(Refusal::AccountDisabled.slug()));
        }
        let registered: Option<Registered> = self.catalog().source(source).cloned();
        let Some(registered) = registered else { return Ok(Err("source_gone")) };
        let links = self.accounts.links(account).await;
        let links = links.map_err(|error| Fault::new("finding links", error))?;
        let connector = Arc::clone(&registered.connector);
        for link in links.iter().filter(|link| link.source == *source) {
            let Some(event) = connector.recall(&link.subject, visit.now).await? else { continue };
            if event.identity.issuer != link.issuer || event.identity.subject != link.subject {
                continue;
            }
            return Ok(credit(*event, &registered).map_err(|refusal| refusal.reason()));
        }
        Ok(Err("not_of_this_source"))
    }
}

/// The form again. The login stays as it is.
fn again(opened: Opened, source: SourceId, problem: FactorProblem) -> Turn {
    Turn::kept(opened.transaction, Next::SignIn(source, problem))
}
