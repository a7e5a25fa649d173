//! Enrolling a factor in a login that policy has opened for it. Whoever enrols one has proven it.

use idp_domain::{
    AccountId, FactorKind, FactorProof, Fault, Kept, LetterKind, Refusal,
    audit::AuditKind,
    transaction::{Awaiting, Enrolling, Footing},
};

use super::{
    EnrolProblem, Started,
    ceremony::{Ceremony, Of, SealedText, Work},
    letters::Letters,
    register::{Enrollee, Given, Registered},
    scene::Scene,
    step::{consumed, is_about_codes, is_still},
};
use crate::{
    Broker,
    visit::{Next, Opened, Turn, Visit},
};

impl Broker {
    /// Begins to register a passkey, where the login waits for that.
    pub async fn start_passkey_enrolment(
        &self,
        opened: &Opened,
        visit: &Visit,
    ) -> Result<Result<Started, Refusal>, Fault> {
        let Some(enrolling) = self.enrolling(opened, FactorKind::Passkey, visit).await? else {
            return Ok(Err(Refusal::TransactionConsumed));
        };
        let scene = Scene::Login(&opened.transaction);
        let (account, wanted) = (&enrolling.account, enrolling.wanted);
        let (options, registering) = self.ask_for_passkey(account, wanted, scene, visit).await?;
        let ceremony = Ceremony {
            of: Of::login(&opened.transaction),
            account: Some(account.clone()),
            work: Work::Passkey(registering),
        };
        let begun = self.begin_ceremony(&ceremony, visit).await?;
        Ok(begun.map(|ceremony| Started { options, ceremony }))
    }

    /// Takes a new passkey, and goes on with the login. It is called `name`, or by its model where
    /// that is empty.
    pub async fn enrol_passkey(
        &self,
        opened: Opened,
        ceremony: &str,
        answer: &str,
        name: &str,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let Some(enrolling) = self.enrolling(&opened, FactorKind::Passkey, visit).await? else {
            return Ok(consumed(opened));
        };
        let Enrolling { account, wanted, epoch, .. } = enrolling.clone();
        let (whose, scene) =
            (Enrollee { account: &account, epoch }, Scene::Login(&opened.transaction));
        let given = Given { ceremony, answer, name };
        let added = self.add_passkey_in(whose, wanted, scene, given, visit).await?;
        self.go_on_after(opened, whose, added, visit).await
    }

    /// Goes on after an enrolment that was tried. Where the person has other factors by now than
    /// when it was opened, whether it may be is decided anew.
    async fn go_on_after(
        &self,
        mut opened: Opened,
        whose: Enrollee<'_>,
        added: Registered,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        match added {
            Registered::Done(proof) => self.enrolled(opened, whose, proof, visit).await,
            Registered::Refused(problem) => self.enrol_again(opened, Some(problem), visit),
            Registered::Overtaken => {
                opened.transaction.awaiting = Awaiting::Decision;
                self.go_on_with(opened, visit).await
            }
        }
    }

    /// Begins to enrol an authenticator app, where the login waits for that. One that has begun
    /// keeps its secret.
    pub async fn start_totp(&self, mut opened: Opened, visit: &Visit) -> Result<Turn, Fault> {
        if self.enrolling(&opened, FactorKind::Totp, visit).await?.is_none() {
            return Ok(consumed(opened));
        }
        let SealedText(sealed) = self.draw_app(&Scene::Login(&opened.transaction).of())?;
        let Awaiting::Enrolment(enrolling) = &mut opened.transaction.awaiting else {
            return Ok(consumed(opened));
        };
        if enrolling.kept.is_none() {
            enrolling.kept = Some(Kept::new(sealed));
            if !self.keep_on(&opened).await? {
                return Ok(consumed(opened));
            }
        }
        self.enrol_again(opened, None, visit)
    }

    /// Takes the first code of an app, and goes on with the login.
    pub async fn enrol_totp(
        &self,
        opened: Opened,
        typed: &str,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let enrolling = self.enrolling(&opened, FactorKind::Totp, visit).await?.cloned();
        let Some(Enrolling { account, epoch, kept: Some(kept), .. }) = enrolling else {
            return Ok(consumed(opened));
        };
        let (whose, scene) =
            (Enrollee { account: &account, epoch }, Scene::Login(&opened.transaction));
        let added = self.add_app_in(whose, scene, kept.as_str(), typed, visit).await?;
        self.go_on_after(opened, whose, added, visit).await
    }

    /// The person enrols nothing now, where nothing demands it.
    pub async fn enrol_later(&self, mut opened: Opened, visit: &Visit) -> Result<Turn, Fault> {
        let optional = matches!(
            &opened.transaction.awaiting,
            Awaiting::Enrolment(enrolling) if enrolling.optional && !is_about_codes(enrolling)
        );
        if !optional {
            return Ok(consumed(opened));
        }
        opened.transaction.nudged = true;
        opened.transaction.awaiting = Awaiting::Decision;
        self.go_on_with(opened, visit).await
    }

    /// The person has kept the recovery codes.
    pub async fn codes_kept(&self, mut opened: Opened, visit: &Visit) -> Result<Turn, Fault> {
        let shown = matches!(
            &opened.transaction.awaiting,
            Awaiting::Enrolment(enrolling) if is_about_codes(enrolling)
        );
        if !shown {
            return Ok(consumed(opened));
        }
        opened.transaction.awaiting = Awaiting::Decision;
        self.go_on_with(opened, visit).await
    }

    /// The enrolment that the login waits for, if it is one of a factor of `kind`, and the person is
    /// still there.
    async fn enrolling<'a>(
        &self,
        opened: &'a Opened,
        kind: FactorKind,
        visit: &Visit,
    ) -> Result<Option<&'a Enrolling>, Fault> {
        let Awaiting::Enrolment(enrolling) = &opened.transaction.awaiting else {
            return Ok(None);
        };
        let account = &enrolling.account;
        if !enrolling.kinds.contains(&kind)
            || !is_still(self, account, &opened.transaction, visit).await?
        {
            return Ok(None);
        }
        Ok(Some(enrolling))
    }

    /// A factor was enrolled, and so proven, in this login. The first one comes with recovery
    /// codes, where the agency has them.
    async fn enrolled(
        &self,
        mut opened: Opened,
        whose: Enrollee<'_>,
        proof: FactorProof,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let Enrollee { account, epoch } = whose;
        let scene = Scene::Login(&opened.transaction);
        let codes = self.first_codes(account, scene, visit).await?;
        let kept =
            codes.as_ref().map(|codes| self.seal_text(&scene.of(), codes.text())).transpose()?;
        let before = std::mem::replace(&mut opened.transaction.awaiting, Awaiting::Decision);
        opened.transaction.prove(account, proof);
        // The factor began one epoch, and its codes another.
        let epoch = epoch + 1 + i64::from(codes.is_some());
        opened.transaction.moves_on(Footing { since: visit.now, epoch });
        let (Some(codes), Some(SealedText(kept)), Awaiting::Enrolment(enrolling)) =
            (codes, kept, before)
        else {
            return self.go_on_with(opened, visit).await;
        };
        opened.transaction.awaiting = Awaiting::Enrolment(Enrolling {
            kinds: vec![FactorKind::RecoveryCode],
            optional: false,
            kept: Some(Kept::new(kept)),
            since: visit.now,
            ..enrolling
        });
        if !self.keep_on(&opened).await? {
            return Ok(consumed(opened));
        }
        Ok(Turn::kept(opened.transaction, Next::Codes(codes)))
    }

    /// Recovery codes for an account that has just enrolled its first factor; none where it has a
    /// set, or the agency has no such codes.
    pub(crate) async fn first_codes(
        &self,
        account: &AccountId,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<Option<super::Codes>, Fault> {
        let rules = &self.agency_in(scene, visit)?.factors;
        let stored = self.stored(account).await?;
        let Some(stored) = stored.filter(|stored| stored.recovery.is_empty()) else {
            return Ok(None);
        };
        if !rules.recovery_codes {
            return Ok(None);
        }
        let whose = Enrollee { account, epoch: stored.epoch };
        let made =
            scene.about_factor(AuditKind::FactorEnrolled, FactorKind::RecoveryCode, account, visit);
        // The letter about the factor itself goes out in the same minute.
        self.draw_codes(whose, Letters::none("with the factor's"), made, visit).await
    }

    /// The letter that `account` has a new factor.
    pub(crate) async fn letters_of_enrolment(
        &self,
        factor: FactorKind,
        name: &str,
        account: &AccountId,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<Letters, Fault> {
        let kind = LetterKind::FactorEnrolled { factor, name: name.to_owned() };
        self.letters(kind, account, scene.attributes(visit), visit).await
    }

    /// A problem that no new factor can have got past.
    pub(crate) async fn enrolment_failed(
        &self,
        factor: FactorKind,
        reason: &'static str,
        account: &AccountId,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<(), Fault> {
        let failed = scene.about_factor(AuditKind::FactorFailed, factor, account, visit);
        self.record(vec![failed.because_of(reason).with("enrolment", "true")]).await
    }
}

/// What the person hears when a new passkey is not taken.
pub(crate) fn problem_of(error: idp_factors::webauthn::CeremonyError) -> EnrolProblem {
    use idp_factors::webauthn::CeremonyError as Error;
    match error {
        Error::Expired => EnrolProblem::Expired,
        Error::AlreadyRegistered => EnrolProblem::AlreadyRegistered,
        Error::ModelNotAllowed
        | Error::NotAttested
        | Error::BadAttestation
        | Error::UntrustedAttestation
        | Error::NotDeviceBound => EnrolProblem::NotAllowed,
        _ => EnrolProblem::Passkey,
    }
}
