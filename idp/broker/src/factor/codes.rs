//! Recovery codes: proving one, and drawing a set.

use idp_domain::{AccountId, AuditEvent, FactorKind, Fault, LetterKind, audit::AuditKind};
use idp_factors::recovery::{self, RecoveryHash, RecoverySet};
use idp_store::{
    factors::act::{PutRecoveryCodes, UseRecoveryCode},
    journal::{Act, Outcome, Unit},
};

use super::{
    letters::Letters, page::Codes, person::epoch_of, register::Enrollee, scene::Scene,
    throttle::Guessed, totp::Typed,
};
use crate::{Broker, visit::Visit};

impl Broker {
    pub(crate) async fn try_recovery_code(
        &self,
        account: &AccountId,
        typed: &str,
        scene: Scene<'_>,
        visit: &Visit,
    ) -> Result<Typed, Fault> {
        let what = Guessed::RecoveryCode;
        let last = match self.may_try(what, account, scene, visit).await? {
            Ok(last) => last,
            Err(throttled) => return Ok(throttled),
        };
        let stored = self.stored(account).await?;
        let epoch = epoch_of(stored.as_ref());
        let set = stored.map(|stored| stored.recovery).unwrap_or_default();
        let hashes: Vec<_> = set.iter().map(|code| RecoveryHash::from_bytes(code.hash)).collect();
        let found = recovery::find(&hashes, typed).map_err(recovery::RecoveryRefusal::slug);
        let code = match found.map(|place| set.get(place)) {
            Ok(Some(code)) if !code.used => code,
            Ok(_) => {
                return self.was_wrong(what, account, USED, last, scene, visit).await;
            }
            Err(reason) => return self.was_wrong(what, account, reason, last, scene, visit).await,
        };
        let left = set.iter().filter(|code| !code.used).count().saturating_sub(1);
        let left = u32::try_from(left).unwrap_or(u32::MAX);
        let kind = LetterKind::RecoveryCodeUsed { left };
        let letters = self.letters(kind, account, scene.attributes(visit), visit).await?;
        let proven =
            scene.about_factor(AuditKind::FactorProven, FactorKind::RecoveryCode, account, visit);
        let proven = letters.noted(proven.with("left", left.to_string()));
        let act = UseRecoveryCode {
            account: account.clone(),
            hash: code.hash,
            letters: letters.into_sealed(),
            now: visit.now,
        };
        let unit = Unit::telling(Act::UseRecoveryCode(act), move |outcome| match outcome {
            Outcome::Done => vec![proven.clone()],
            _ => Vec::new(),
        });
        if self.commit("using a recovery code", unit).await? == Outcome::Done {
            self.forgive(what, account).await;
            return Ok(Typed::Right(epoch));
        }
        self.was_wrong(what, account, USED, last, scene, visit).await
    }

    /// Gives the account a new set, in the place of the one before. None: the account may not have
    /// one, or its factors have changed since.
    pub(crate) async fn draw_codes(
        &self,
        whose: Enrollee<'_>,
        letters: Letters,
        trail: AuditEvent,
        visit: &Visit,
    ) -> Result<Option<Codes>, Fault> {
        let set = RecoverySet::draw().map_err(|error| Fault::new("drawing codes", error))?;
        let act = PutRecoveryCodes {
            account: whose.account.clone(),
            hashes: set.hashes().iter().map(|hash| *hash.as_bytes()).collect(),
            epoch: whose.epoch,
            letters: letters.into_sealed(),
            now: visit.now,
        };
        let unit = Unit::telling(Act::PutRecoveryCodes(act), move |outcome| match outcome {
            Outcome::Done => vec![trail.clone()],
            _ => Vec::new(),
        });
        let done = self.commit("storing recovery codes", unit).await? == Outcome::Done;
        Ok(done.then(|| Codes::of(set.shown())))
    }
}

/// The slug of a code that was used before.
const USED: &str = "factors.recovery.used";
