//! Enrolment within a login: when it is needed, when it is suggested, and what opens it.
//!
//! Whoever has stolen a first factor must not be the one who enrols the second.

use super::{
    Basis, Closing, Facts, Opening, Reason, Step,
    evidence::{Evidence, since_start},
    step_up::{again, ceiling, known, prove, unless_passive},
};
use crate::{
    FactorKind, Factors, Lifetime, Refusal, Timestamp, assurance::Worth, factor::EnrolWith,
};

/// How old a sign-in may be that opens enrolment.
const WINDOW: Lifetime = Lifetime::minutes(5);

/// Enrolment, because something must be proven that the person has nothing for.
pub(super) fn needed(
    facts: &Facts<'_>,
    evidence: &Evidence<'_>,
    factors: &Factors,
    wanted: Worth,
    now: Timestamp,
    because: &mut Vec<Reason>,
) -> Step {
    if factors.must_enrol {
        because.push(Reason::MustEnrol);
    }
    match opening(facts, evidence, factors, now) {
        Ok(opening) => {
            because.push(Reason::EnrolmentOpen(opening));
            enrol(evidence, wanted, false)
        }
        Err(closing) => {
            because.push(Reason::EnrolmentClosed(closing));
            let step = match closing {
                Closing::SignInWanted | Closing::SignInOld => again(facts, evidence),
                Closing::HasFactor => prove(evidence, factors, best_of(factors), false, because),
                Closing::PassWanted => None,
            };
            step.unwrap_or(Step::Refuse(Refusal::EnrolmentNeedsHelp))
        }
    }
}

/// Enrolment that no demand asks for, right after a sign-in: after a report of the old factors, or
/// as a suggestion. `None`: nothing of that.
pub(super) fn suggested<'a>(
    facts: &Facts<'a>,
    evidence: &Evidence<'a>,
    now: Timestamp,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    let proven = facts.transaction.proofs.iter().any(|proof| proof.factor != FactorKind::Device);
    let by_source = evidence.of_source().meets(Worth::TWO_FACTORS);
    if evidence.basis == Basis::Session || proven || by_source {
        return None;
    }
    let Some(factors) = known(facts, because) else {
        return Some(Step::Refuse(Refusal::AssuranceUnmet));
    };
    if factors.must_enrol {
        let step = needed(facts, evidence, factors, Worth::TWO_FACTORS, now, because);
        return Some(unless_passive(facts, step, because));
    }
    let asks = evidence.agency.factors.nudge && !facts.transaction.nudged;
    let may = !facts.transaction.request.demand.passive && !factors.any();
    if !asks || !may {
        return None;
    }
    let opening = opening(facts, evidence, factors, now).ok()?;
    because.push(Reason::Nudged);
    because.push(Reason::EnrolmentOpen(opening));
    Some(enrol(evidence, Worth::TWO_FACTORS, true))
}

fn enrol(evidence: &Evidence<'_>, wanted: Worth, optional: bool) -> Step {
    let rules = &evidence.agency.factors;
    let fits = |kind: &FactorKind| {
        rules.accepts(*kind) && (*kind == FactorKind::Passkey || wanted.is_met_by_codes())
    };
    let kinds = [FactorKind::Passkey, FactorKind::Totp].into_iter().filter(fits).collect();
    Step::Enrol { kinds, wanted, optional }
}

/// What opens enrolment now, or what keeps it closed.
fn opening(
    facts: &Facts<'_>,
    evidence: &Evidence<'_>,
    factors: &Factors,
    now: Timestamp,
) -> Result<Opening, Closing> {
    if evidence.pass {
        return Ok(Opening::Pass);
    }
    let has_factor = !factors.start_anew();
    let alone = has_factor || evidence.agency.factors.enrol_with == EnrolWith::SignIn;
    // What the sign-in is worth that a session makes necessary can be hoped for, no more.
    let at_source = match evidence.basis {
        Basis::Event => evidence.of_source(),
        Basis::Session => ceiling(facts, evidence),
    };
    if !alone && !at_source.meets(Worth::TWO_FACTORS) {
        return Err(Closing::PassWanted);
    }
    if evidence.basis == Basis::Session {
        return Err(Closing::SignInWanted);
    }
    let window = WINDOW.max(since_start(facts, now));
    let signed_in = evidence.event.authenticated_at;
    if signed_in.is_none_or(|at| now.since(at) > window) {
        return Err(Closing::SignInOld);
    }
    if !has_factor {
        return Ok(Opening::SignIn);
    }
    let proven = facts.transaction.proofs.iter().any(|proof| {
        let counts = evidence.pieces.iter().any(|piece| piece.proof.as_ref() == Some(proof));
        counts && proof.factor != FactorKind::Device && proof.worth().meets(best_of(factors))
    });
    if proven { Ok(Opening::Factor) } else { Err(Closing::HasFactor) }
}

/// The most that the person can prove, hardware not considered: what is enrolled beside a factor
/// is enrolled by the best that there is.
pub(super) fn best_of(factors: &Factors) -> Worth {
    Worth { phishing_resistant: factors.passkeys > 0, ..Worth::TWO_FACTORS }
}

#[cfg(test)]
mod tests;
