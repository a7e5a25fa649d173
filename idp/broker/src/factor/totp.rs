//! Codes of an authenticator app: proving one in a login. Counted first, then compared, then used
//! up, and only then believed.

use idp_domain::{
    AccountId, FactorKind, FactorProof, Fault, LetterKind, Secret, audit::AuditKind,
    transaction::Footing,
};
use idp_factors::totp::{self, Step, TotpCode, TotpSecret, Window};
use idp_store::{
    factors::{AccountFactors, act::UseTotpStep},
    journal::{Act, Outcome, Unit},
    seal::Purpose,
};

use super::{
    FactorProblem,
    letters::Letters,
    passkey::asked_for,
    person::epoch_of,
    scene::Scene,
    step::{consumed, is_still},
    throttle::{Guess, Guessed, Leave, tell},
};
use crate::{
    Broker,
    visit::{Opened, Turn, Visit},
};

/// What became of a typed code.
pub(crate) enum Typed {
    /// It is right, and nobody else has used it; in this epoch of the person's factors.
    Right(i64),
    /// It is not, and the trail knows why.
    Wrong,
    /// It was not looked at.
    Throttled(FactorProblem),
}

impl Broker {
    /// Takes a code that the person typed, and goes on with the login. With `remember` the device
    /// stands for it the next time, where the page offered that.
    pub async fn prove_code(
        &self,
        mut opened: Opened,
        kind: FactorKind,
        typed: &str,
        remember: bool,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let Some(asked) = asked_for(&opened, kind) else { return Ok(consumed(opened)) };
        let account = asked.account.clone();
        let offered = self.page_of(&opened.transaction, asked, None, visit)?.can_remember.is_some();
        if !is_still(self, &account, &opened.transaction, visit).await? {
            return Ok(consumed(opened));
        }
        let scene = Scene::Login(&opened.transaction);
        let outcome = match kind {
            FactorKind::Totp => self.try_totp(&account, typed, scene, visit).await?,
            FactorKind::RecoveryCode => {
                self.try_recovery_code(&account, typed, scene, visit).await?
            }
            FactorKind::Passkey | FactorKind::Device => return Ok(consumed(opened)),
        };
        match outcome {
            Typed::Right(epoch) => {
                let proof = FactorProof {
                    factor: kind,
                    at: visit.now,
                    credential: String::new(),
                    hardware: false,
                };
                let footing = Footing { since: visit.now, epoch };
                opened.transaction.stands_on(&account, footing);
                opened.transaction.prove(&account, proof);
                opened.transaction.remember = remember && offered && kind == FactorKind::Totp;
                self.go_on_with(opened, visit).await
            }
            Typed::Wrong => self.prove_again(opened, FactorProblem::Wrong, visit),
            Typed::Throttled(problem) => self.prove_again(opened, problem, visit),
        }
    }

    pub(super) async fn try_totp(
        &self,
        account: &AccountId,
        typed: &str,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<Typed, Fault> {
        let last = match self.may_try(Guessed::Totp, account, scene, visit).await? {
            Ok(last) => last,
            Err(throttled) => return Ok(throttled),
        };
        let stored = self.stored(account).await?;
        let (secret, last_step) = self.app_of(account, stored.as_ref())?;
        let judged = match TotpCode::typed(typed) {
            None => Err("factors.totp.malformed"),
            Some(code) => {
                let last_step = last_step.map(Step::from_number);
                totp::verify(&secret, code, visit.now, Window::One, last_step)
                    .map_err(totp::TotpRefusal::slug)
            }
        };
        // An app that there is not is proven by no code.
        let judged = if last_step.is_some() { judged } else { Err("factors.totp.none") };
        let step = match judged {
            Ok(step) => step,
            Err(reason) => {
                return self.was_wrong(Guessed::Totp, account, reason, last, scene, visit).await;
            }
        };
        let act = UseTotpStep { account: account.clone(), step: step.number() };
        let proven = scene.about_factor(AuditKind::FactorProven, FactorKind::Totp, account, visit);
        let unit = Unit::telling(Act::UseTotpStep(act), move |outcome| match outcome {
            Outcome::Done => vec![proven.clone()],
            _ => Vec::new(),
        });
        if self.commit("using a code", unit).await? == Outcome::Done {
            self.forgive(Guessed::Totp, account).await;
            return Ok(Typed::Right(epoch_of(stored.as_ref())));
        }
        let reason = totp::TotpRefusal::Used.slug();
        self.was_wrong(Guessed::Totp, account, reason, last, scene, visit).await
    }

    /// The secret of the account's app and the last step that was used; without an app a secret
    /// that nobody has, so that as much is done.
    fn app_of(
        &self,
        account: &AccountId,
        stored: Option<&AccountFactors>,
    ) -> Result<(TotpSecret, Option<u64>), Fault> {
        let Some(app) = stored.and_then(|stored| stored.totp.as_ref()) else {
            let nobodys = TotpSecret::draw();
            let nobodys = nobodys.map_err(|error| Fault::new("drawing a secret", error))?;
            return Ok((nobodys, None));
        };
        let bytes = self
            .sealer
            .open(Purpose::FactorSecret, &place_of(account), &app.sealed)
            .map_err(|error| Fault::new("opening the secret of an app", error))?;
        let bytes = Secret::new(bytes);
        let secret = TotpSecret::from_bytes(bytes.expose())
            .map_err(|error| Fault::new("reading the secret of an app", error))?;
        Ok((secret, Some(app.last_step)))
    }

    /// Counts a guess. `Ok`: it may be looked at; whether it is the last before a wait.
    pub(crate) async fn may_try(
        &self,
        what: Guessed,
        account: &AccountId,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<Result<bool, Typed>, Fault> {
        let agency = self.agency_in(scene, visit)?;
        let (address, now) = (visit.address, visit.now);
        let guess = Guess { what, account, agency: &agency.id, address, now };
        match self.may_guess(&guess).await? {
            Leave::Granted { last } => Ok(Ok(last)),
            Leave::Denied { retry_after } => {
                tell(what.word(), "throttled");
                let failed = failed(what, account, scene, visit);
                self.record(vec![failed.because_of("throttled")]).await?;
                Ok(Err(Typed::Throttled(FactorProblem::Throttled { retry_after })))
            }
        }
    }

    /// Writes down that a guess was wrong, and tells the owner when there were too many.
    pub(crate) async fn was_wrong(
        &self,
        what: Guessed,
        account: &AccountId,
        reason: &'static str,
        last: bool,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<Typed, Fault> {
        tell(what.word(), "wrong");
        let event = failed(what, account, scene, visit).because_of(reason);
        let locked = what.kind().filter(|_| last);
        let locked = match locked {
            Some(factor) if self.may_write(factor.as_str(), account).await => {
                let kind = LetterKind::FactorLocked { factor };
                Some(self.letters(kind, account, None, visit).await?)
            }
            _ => None,
        };
        let Some(letters) = locked else {
            self.record(vec![event]).await?;
            return Ok(Typed::Wrong);
        };
        let event = letters.noted(event.with("locked", "true"));
        let unit = Unit::new(Act::QueueLetters(Letters::into_sealed(letters)), vec![event]);
        self.commit("recording wrong codes", unit).await?;
        Ok(Typed::Wrong)
    }
}

fn failed(
    what: Guessed,
    account: &AccountId,
    scene: Scene<'_>,
    visit: &Visit,
) -> idp_domain::AuditEvent {
    scene.about(AuditKind::FactorFailed, account, visit).with("factor", what.word())
}

/// Where the secret of an account's app is kept: sealed for there, it opens nowhere else.
pub(crate) fn place_of(account: &AccountId) -> Vec<u8> {
    format!("factors.totp\0{account}").into_bytes()
}
