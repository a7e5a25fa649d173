//! Access passes in a login: what a help desk gave out opens enrolment, once, and nothing else.

use idp_domain::{
    Fault, LetterKind, Timestamp,
    audit::AuditKind,
    transaction::{Awaiting, Footing},
};
use idp_factors::access_pass::{PassHash, PassReason, PassRecord, PassRefusal};
use idp_store::{
    factors::{
        AccountFactors,
        passes::{StoredPass, UseAccessPass},
    },
    journal::{Act, Outcome, Unit},
};

use super::{
    FactorProblem,
    person::{epoch_of, records},
    scene::Scene,
    step::{consumed, is_still},
    throttle::Guessed,
    totp::Typed,
};
use crate::{
    Broker,
    visit::{Opened, Turn, Visit},
};

impl Broker {
    /// Takes an access pass that the person typed, and goes on with the login: to an enrolment, if
    /// the pass is good.
    pub async fn use_pass(
        &self,
        mut opened: Opened,
        typed: &str,
        visit: &Visit,
    ) -> Result<Turn, Fault> {
        let Awaiting::Factor(asked) = &opened.transaction.awaiting else {
            return Ok(consumed(opened));
        };
        if asked.optional {
            return Ok(consumed(opened));
        }
        let account = asked.account.clone();
        if !is_still(self, &account, &opened.transaction, visit).await? {
            return Ok(consumed(opened));
        }
        let scene = Scene::Login(&opened.transaction);
        let what = Guessed::AccessPass;
        let last = match self.may_try(what, &account, scene, visit).await? {
            Ok(last) => last,
            Err(Typed::Throttled(problem)) => return self.prove_again(opened, problem, visit),
            Err(_) => return self.prove_again(opened, FactorProblem::Wrong, visit),
        };
        let passes = self.passes.of(&account).await;
        let passes = passes.map_err(|error| Fault::new("finding access passes", error))?;
        let stored = self.stored(&account).await?;
        let pass = match judge(&passes, stored.as_ref(), typed, visit.now) {
            Ok(pass) => pass,
            Err(reason) => {
                self.was_wrong(what, &account, reason, last, scene, visit).await?;
                return self.prove_again(opened, FactorProblem::Wrong, visit);
            }
        };
        let letters = self.letters(LetterKind::AccessPassUsed, &account, None, visit).await?;
        let used = scene.about(AuditKind::AccessPassUsed, &account, visit);
        let used = letters.noted(used.with("pass", pass.id.as_str()));
        let act = UseAccessPass {
            account: account.clone(),
            hash: pass.hash,
            letters: letters.into_sealed(),
            now: visit.now,
        };
        let unit = Unit::telling(Act::UseAccessPass(act), move |outcome| match outcome {
            Outcome::Done => vec![used.clone()],
            _ => Vec::new(),
        });
        if self.commit("using an access pass", unit).await? != Outcome::Done {
            self.was_wrong(what, &account, PassRefusal::Used.slug(), last, scene, visit).await?;
            return self.prove_again(opened, FactorProblem::Wrong, visit);
        }
        self.forgive(what, &account).await;
        let id = pass.id.clone();
        let footing = Footing { since: visit.now, epoch: epoch_of(stored.as_ref()) };
        opened.transaction.stands_on(&account, footing);
        opened.transaction.pass = Some(id);
        opened.transaction.awaiting = Awaiting::Decision;
        self.go_on_with(opened, visit).await
    }
}

/// The pass that was typed, if it may be used.
fn judge<'a>(
    passes: &'a [StoredPass],
    stored: Option<&AccountFactors>,
    typed: &str,
    now: Timestamp,
) -> Result<&'a StoredPass, &'static str> {
    let mut refused = PassRefusal::Wrong.slug();
    for pass in passes {
        let Ok(reason) = PassReason::parse(&pass.reason) else { continue };
        let record = PassRecord {
            hash: PassHash::from_bytes(pass.hash),
            reason,
            issued_at: pass.issued_at,
            expires_at: pass.expires_at,
            used_at: pass.used_at,
        };
        match record.verify(typed, now) {
            Ok(()) if pass.is_pending() => refused = "factors.access_pass.pending",
            Ok(()) if enrolled_since(stored, pass.issued_at) => {
                refused = "factors.access_pass.overtaken";
            }
            Ok(()) => return Ok(pass),
            Err(PassRefusal::Wrong) => {}
            Err(other) => refused = other.slug(),
        }
    }
    Err(refused)
}

/// Whether the person has enrolled something after the pass was issued: it has done its work then.
fn enrolled_since(stored: Option<&AccountFactors>, issued_at: Timestamp) -> bool {
    let Some(stored) = stored else { return false };
    let apps = stored.totp.iter().map(|app| app.enrolled_at);
    let passkeys = records(stored).into_iter().map(|record| record.created_at);
    apps.chain(passkeys).any(|at| at > issued_at)
}
