//! Proving a passkey: as a second factor in a login. What it showed is believed only once the new
//! counter is stored.

use idp_domain::{
    AccountId, AuditEvent, FactorKind, FactorProof, Fault, LetterKind, Refusal, SourceId,
    assurance::Worth,
    audit::AuditKind,
    transaction::{AskedFactor, Awaiting, Footing},
};
use idp_factors::webauthn::{
    CeremonyError, Outcome as Shown, PasskeyRecord, PresentedProof, ProofAsk, Proving, UserHandle,
};
use idp_store::{
    factors::act::UsePasskey,
    journal::{Act, Outcome, Unit},
};

use super::{
    FactorProblem,
    ceremony::{Ceremony, Of, Started, Work},
    person::{epoch_of, record, records, short_name},
    scene::Scene,
    step::{consumed, is_still},
    throttle::tell,
};
use crate::{
    Broker,
    visit::{Opened, Turn, Visit},
};

/// What a passkey showed.
pub(crate) enum Judged {
    /// Its owner is there.
    Proven {
        /// Who.
        account: AccountId,
        /// The proof.
        proof: FactorProof,
        /// The epoch of their factors in which it was given.
        epoch: i64,
    },
    /// Not that.
    Refused(FactorProblem),
}

/// Whose passkey is expected.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected<'a> {
    /// This person's.
    Owner(&'a AccountId),
    /// Anybody's who may sign in at this source.
    Anybody(&'a SourceId),
}

impl Broker {
    /// Begins to ask for a passkey of the person whom the login waits for.
    pub async fn start_passkey_proof(
        &self,
        opened: &Opened,
        visit: &Visit,
    ) -> Result<Result<Started, Refusal>, Fault> {
        let transaction = &opened.transaction;
        let Some(asked) = asked_for(opened, FactorKind::Passkey) else {
            return Ok(Err(Refusal::TransactionConsumed));
        };
        if !is_still(self, &asked.account, transaction, visit).await? {
            return Ok(Err(Refusal::TransactionConsumed));
        }
        let stored = self.stored(&asked.account).await?;
        let passkeys = stored.as_ref().map(records).unwrap_or_default();
        let passkeys: Vec<_> =
            passkeys.into_iter().filter(|passkey| worth(passkey).meets(asked.wanted)).collect();
        let handle = stored.and_then(|stored| stored.handle).and_then(UserHandle::from_bytes);
        let Some(handle) = handle.filter(|_| !passkeys.is_empty()) else {
            return Ok(Err(Refusal::TransactionConsumed));
        };
        let ask = ProofAsk::Owner { handle: &handle, passkeys: &passkeys };
        let (options, proving) = self
            .site
            .start_proof(ask, visit.now)
            .map_err(|error| Fault::new("asking for a passkey", error))?;
        let ceremony = Ceremony {
            of: Of::login(transaction),
            account: Some(asked.account.clone()),
            work: Work::Proof(proving),
        };
        let begun = self.begin_ceremony(&ceremony, visit).await?;
        Ok(begun.map(|ceremony| Started { options, ceremony }))
    }

    /// Takes the proof of a passkey, and goes on with the login.
    pub async fn prove_passkey(
        &self,
        mut opened: Opened,
        ceremony: &str,
        answer: &str,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let Some(asked) = asked_for(&opened, FactorKind::Passkey) else {
            return Ok(consumed(opened));
        };
        let account = asked.account.clone();
        let (expected, scene) = (Expected::Owner(&account), Scene::Login(&opened.transaction));
        if !is_still(self, &account, &opened.transaction, visit).await? {
            return Ok(consumed(opened));
        }
        let taken = self.take_ceremony(ceremony, &scene.of(), visit).await?;
        let proving = match taken {
            Some(Ceremony { work: Work::Proof(proving), account: Some(of), .. })
                if of == account =>
            {
                proving
            }
            _ => {
                let failed = scene.about_factor(
                    AuditKind::FactorFailed,
                    FactorKind::Passkey,
                    &account,
                    visit,
                );
                let failed = failed.because_of("ceremony");
                self.passkey_failed(Some(&account), expected, failed, visit).await?;
                return self.prove_again(opened, FactorProblem::Expired, visit);
            }
        };
        match self.judge_passkey(proving, answer, expected, scene, visit).await? {
            Judged::Proven { account, proof, epoch } => {
                opened.transaction.stands_on(&account, Footing { since: visit.now, epoch });
                opened.transaction.prove(&account, proof);
                self.go_on_with(opened, visit).await
            }
            Judged::Refused(problem) => {
                tell(FactorKind::Passkey.as_str(), "wrong");
                self.prove_again(opened, problem, visit)
            }
        }
    }

    /// Judges the answer to a ceremony that was taken from the shelf, and commits what it showed
    /// before it is believed.
    pub(crate) async fn judge_passkey(
        &self,
        proving: Proving,
        answer: &str,
        expected: Expected<'_>,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<Judged, Fault> {
        let failed = |account: Option<&AccountId>, reason: &'static str| {
            failure(scene, account, expected, visit).because_of(reason)
        };
        let asked = match expected {
            Expected::Owner(account) => Some(account),
            Expected::Anybody(_) => None,
        };
        let presented = match PresentedProof::parse(answer.as_bytes()) {
            Ok(presented) => presented,
            Err(error) => {
                let event = failed(asked, error.slug());
                self.passkey_failed(asked, expected, event, visit).await?;
                return Ok(Judged::Refused(FactorProblem::Passkey));
            }
        };
        let id = presented.credential_id();
        let found = self.factors.by_credential(id.as_bytes()).await;
        let found = found.map_err(|error| Fault::new("finding a passkey", error))?;
        let Some((account, stored)) = found else {
            let unknown = failed(asked, CeremonyError::UnknownCredential.slug());
            let unknown = unknown.with("credential", short_name(id));
            self.passkey_failed(asked, expected, unknown, visit).await?;
            let credential = id.to_string();
            return Ok(Judged::Refused(FactorProblem::UnknownPasskey { credential }));
        };
        let Some(record) = record(&stored) else {
            self.record(vec![failed(asked, "record_unreadable")]).await?;
            return Ok(Judged::Refused(FactorProblem::Passkey));
        };
        if asked.is_some_and(|asked| *asked != account) {
            let other = failed(asked, CeremonyError::WrongOwner.slug());
            let other = other.with("credential", short_name(id));
            self.passkey_failed(asked, expected, other, visit).await?;
            return Ok(Judged::Refused(FactorProblem::Passkey));
        }
        let failed = |reason| {
            failed(Some(&account), reason).with("credential", short_name(presented.credential_id()))
        };
        match self.site.finish_proof(proving, &presented, &record, visit.now) {
            Ok(Shown::Proven(shown)) => {
                let mut record = record;
                let previous_counter = shown.previous_counter;
                record.apply(&shown, visit.now);
                self.use_passkey(account, record, previous_counter, expected, scene, visit).await
            }
            // A key that was copied is at somebody else's too. Where keys may leave their device
            // the signal is weaker, but those that do so do not count at all: one that counted, and
            // counts backwards, has been copied by other means than its maker's.
            Ok(Shown::Cloned(signal)) => {
                let event = failed("counter")
                    .with("stored", signal.stored.to_string())
                    .with("presented", signal.presented.to_string())
                    .with("backup_eligible", signal.backup_eligible.to_string());
                self.suspect_clone(&account, event, visit).await?;
                Ok(Judged::Refused(FactorProblem::Passkey))
            }
            Err(CeremonyError::Expired) => {
                self.record(vec![failed(CeremonyError::Expired.slug())]).await?;
                Ok(Judged::Refused(FactorProblem::Expired))
            }
            Err(error) => {
                let event = failed(error.slug());
                self.passkey_failed(Some(&account), expected, event, visit).await?;
                Ok(Judged::Refused(FactorProblem::Passkey))
            }
        }
    }

    /// Stores the counter that a proof showed, where the one before still stands: of two proofs
    /// with one counter, one is a clone's.
    async fn use_passkey(
        &self,
        account: AccountId,
        record: PasskeyRecord,
        previous_counter: u32,
        expected: Expected<'_>,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<Judged, Fault> {
        let id = record.id();
        let proof = proof_of(&record, visit);
        // Read before the proof is believed: it is then of no later epoch.
        let epoch = epoch_of(self.stored(&account).await?.as_ref());
        let body = serde_json::to_string(&record)
            .map_err(|error| Fault::new("writing a passkey", error))?;
        let act = UsePasskey {
            account: account.clone(),
            credential: id.as_bytes().to_vec(),
            previous_counter,
            counter: record.counter(),
            body,
        };
        let proven = about(scene, AuditKind::FactorProven, &account, visit)
            .with("credential", proof.credential.clone())
            .with("hardware", proof.hardware.to_string());
        let unit = Unit::telling(Act::UsePasskey(act), move |outcome| match outcome {
            Outcome::Done => vec![proven.clone()],
            _ => Vec::new(),
        });
        match self.commit("using a passkey", unit).await? {
            Outcome::Done => {
                tell(FactorKind::Passkey.as_str(), "proven");
                Ok(Judged::Proven { account, proof, epoch })
            }
            Outcome::Conflict => {
                let event = failure(scene, Some(&account), expected, visit)
                    .because_of("counter_used")
                    .with("credential", short_name(&id));
                self.suspect_clone(&account, event, visit).await?;
                Ok(Judged::Refused(FactorProblem::Passkey))
            }
            _ => {
                let event = failure(scene, Some(&account), expected, visit);
                self.record(vec![event.because_of("removed_meanwhile")]).await?;
                Ok(Judged::Refused(FactorProblem::Passkey))
            }
        }
    }

    /// Writes down that a passkey did not hold, and counts it against `account`, whose it was said
    /// to be. The owner hears when there were too many, if somebody passed the first factor: that
    /// may be whoever has their password.
    async fn passkey_failed(
        &self,
        account: Option<&AccountId>,
        expected: Expected<'_>,
        event: AuditEvent,
        visit: &Visit,
    ) -> Result<(), Fault> {
        let Some(account) = account else { return self.record(vec![event]).await };
        if !self.were_too_many(account).await {
            return self.record(vec![event]).await;
        }
        let event = event.with("too_many", "true");
        let (factor, owned) = (FactorKind::Passkey, matches!(expected, Expected::Owner(_)));
        if !owned || !self.may_write(factor.as_str(), account).await {
            return self.record(vec![event]).await;
        }
        let letters = self.letters(LetterKind::FactorLocked { factor }, account, None, visit);
        let letters = letters.await?;
        let event = letters.noted(event);
        let unit = Unit::new(Act::QueueLetters(letters.into_sealed()), vec![event]);
        self.commit("recording wrong passkeys", unit).await.map(drop)
    }

    /// Says that a key may be in two places: to whoever watches, and to its owner.
    async fn suspect_clone(
        &self,
        account: &AccountId,
        event: AuditEvent,
        visit: &Visit,
    ) -> Result<(), Fault> {
        tell(FactorKind::Passkey.as_str(), "cloned");
        let event = AuditEvent { kind: AuditKind::CloneSuspected, alert: true, ..event };
        let letters = if self.may_write(FactorKind::Passkey.as_str(), account).await {
            let kind = LetterKind::FactorLocked { factor: FactorKind::Passkey };
            self.letters(kind, account, None, visit).await?
        } else {
            super::letters::Letters::none("written lately")
        };
        let event = letters.noted(event);
        let unit = Unit::new(Act::QueueLetters(letters.into_sealed()), vec![event]);
        self.commit("recording a cloned passkey", unit).await.map(drop)
    }
}

/// What the login waits for, if it is a factor of `kind`.
pub(crate) fn asked_for(opened: &Opened, kind: FactorKind) -> Option<&AskedFactor> {
    match &opened.transaction.awaiting {
        Awaiting::Factor(asked) if asked.kinds.contains(&kind) => Some(asked),
        _ => None,
    }
}

/// The proof that a passkey gives now.
pub(crate) fn proof_of(record: &PasskeyRecord, visit: &Visit) -> FactorProof {
    FactorProof {
        factor: FactorKind::Passkey,
        at: visit.now,
        credential: short_name(&record.id()),
        hardware: record.is_hardware(),
    }
}

fn worth(record: &PasskeyRecord) -> Worth {
    let proof = FactorProof {
        factor: FactorKind::Passkey,
        at: record.created_at,
        credential: String::new(),
        hardware: record.is_hardware(),
    };
    proof.worth()
}

fn about(scene: Scene<'_>, kind: AuditKind, account: &AccountId, visit: &Visit) -> AuditEvent {
    scene.about_factor(kind, FactorKind::Passkey, account, visit)
}

fn failure(
    scene: Scene<'_>,
    account: Option<&AccountId>,
    expected: Expected<'_>,
    visit: &Visit,
) -> AuditEvent {
    let event = match (account, scene) {
        (Some(account), scene) => about(scene, AuditKind::FactorFailed, account, visit),
        (None, Scene::Login(transaction)) => {
            Broker::about(AuditKind::FactorFailed, transaction, visit)
                .with("factor", FactorKind::Passkey.as_str())
        }
        (None, Scene::Page(_)) => AuditEvent::new(AuditKind::FactorFailed, visit.now),
    };
    match expected {
        Expected::Owner(_) => event,
        Expected::Anybody(source) => AuditEvent { source: Some(source.clone()), ..event },
    }
}
