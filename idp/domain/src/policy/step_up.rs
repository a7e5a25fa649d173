//! Step-up: exactly what is missing. The agency is asked first where it could prove it; what it
//! cannot or does not is proven here; who has nothing to prove it with enrols it.

use super::{
    Basis, Closing, Facts, Reason, Step, demand,
    demand::Binding,
    enrol,
    evidence::{Evidence, since_start},
    limits, wish,
};
use crate::{
    Acr, FactorKind, Factors, Lifetime, Refusal, Timestamp, assurance::Worth, factor::EnrolWith,
    refusal::Need,
};

/// The kinds that a sign-in can ask for, the best first. A device is not asked for: it speaks up.
const KINDS: [FactorKind; 3] = [FactorKind::Passkey, FactorKind::Totp, FactorKind::RecoveryCode];

/// What must still be proven before anything is issued. `None`: nothing.
pub(super) fn missing<'a>(
    facts: &Facts<'a>,
    evidence: &Evidence<'a>,
    now: Timestamp,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    let mut unmet = demand::binding(facts, evidence.agency);
    unmet.retain(|binding| !is_met(facts, binding, evidence, because));
    let wished = demand::wish(facts).filter(|wish| !is_met(facts, wish, evidence, because));
    let wished = wished.as_ref();
    if unmet.is_empty() {
        return wished.and_then(|wish| wish::alone(facts, evidence, wish, because));
    }
    let Some(factors) = known(facts, because) else {
        return Some(Step::Refuse(Refusal::AssuranceUnmet));
    };
    unmet.retain(|binding| !in_grace(binding, evidence, factors, now, because));
    if unmet.is_empty() {
        return wished.and_then(|wish| wish::alone(facts, evidence, wish, because));
    }
    because.extend(evidence.ignored.iter().cloned());
    for binding in &unmet {
        let (by, has) = (binding.by, evidence.best());
        because.push(Reason::Unmet { by, names: binding.names.to_vec(), has });
    }
    let mut wanted = Worth::TWO_FACTORS;
    for binding in &unmet {
        let Some(least) = binding.wanted() else {
            because.push(Reason::Unprovable { by: binding.by });
            return Some(Step::Refuse(Refusal::AssuranceUnmet));
        };
        wanted = wanted.or(least);
    }
    let step = ask_first(facts, evidence, wanted, because)
        .or_else(|| wish::beside(facts, evidence, wished?, wanted, because))
        .unwrap_or_else(|| here(facts, evidence, factors, wanted, now, because));
    Some(unless_passive(facts, step, because))
}

/// What must still be proven before factors may be changed. `None`: nothing.
pub(super) fn recent<'a>(
    facts: &Facts<'a>,
    evidence: &Evidence<'a>,
    now: Timestamp,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    let max_age = facts.transaction.request.demand.factor_max_age?;
    let of_login = max_age.max(since_start(facts, now));
    let allowed = if evidence.basis == Basis::Event { of_login } else { max_age };
    let Some(factors) = known(facts, because) else {
        return Some(Step::Refuse(Refusal::AssuranceUnmet));
    };
    let sign_in = evidence.event.authenticated_at.is_some_and(|at| now.since(at) <= allowed);
    let fresh = evidence.pieces.iter().any(|piece| match &piece.proof {
        Some(proof) => limits::opens_change(factors, proof) && now.since(proof.at) <= of_login,
        None => sign_in && piece.worth.meets(enrol::best_of(factors)),
    });
    if fresh {
        because.push(Reason::FactorRecent);
        return None;
    }
    because.push(Reason::FactorNotRecent { max_age });
    let two = Worth::TWO_FACTORS;
    let step = if evidence.pass {
        enrol::needed(facts, evidence, factors, two, now, because)
    } else if !factors.start_anew() {
        prove_best(evidence, factors, because).unwrap_or(Step::Refuse(Refusal::EnrolmentNeedsHelp))
    } else if evidence.agency.factors.enrol_with == EnrolWith::AccessPass {
        // A sign-in that is enough for it was found above.
        enrol::needed(facts, evidence, factors, two, now, because)
    } else if !sign_in {
        because.push(Reason::EnrolmentClosed(Closing::SignInOld));
        again(facts, evidence).unwrap_or(Step::Refuse(Refusal::StaleAuthentication))
    } else {
        return None;
    };
    Some(unless_passive(facts, step, because))
}

/// What the person has enrolled. Who does not know it decides nothing that rests on it.
pub(super) fn known<'a>(facts: &Facts<'a>, because: &mut Vec<Reason>) -> Option<&'a Factors> {
    if facts.factors.is_none() && !because.contains(&Reason::FactorsUnknown) {
        because.push(Reason::FactorsUnknown);
    }
    facts.factors
}

/// The source once more, where it was not asked in this login, or only for what it knew already.
pub(super) fn again(facts: &Facts<'_>, evidence: &Evidence<'_>) -> Option<Step> {
    let source = evidence.event.identity.source.clone();
    let asked = evidence.basis == Basis::Event && facts.transaction.is_asked_anew();
    (!asked).then_some(Step::Authenticate { source, force: true })
}

/// Nobody may be asked anything where the relying party says so.
pub(super) fn unless_passive(facts: &Facts<'_>, step: Step, because: &mut Vec<Reason>) -> Step {
    if facts.transaction.request.demand.passive && !matches!(step, Step::Refuse(_)) {
        because.push(Reason::Passive);
        return Step::Refuse(Refusal::InteractionNeeded(Need::Login));
    }
    step
}

/// Whether `binding` is met, and by what.
///
/// A device could meet a name that is wanted more than the one that is met without it: whether there
/// is one depends on what the person has enrolled.
fn is_met(
    facts: &Facts<'_>,
    binding: &Binding<'_>,
    evidence: &Evidence<'_>,
    because: &mut Vec<Reason>,
) -> bool {
    let met = binding.met_by(&evidence.pieces);
    let preferred = binding.names.iter().take_while(|acr| met.is_none_or(|(met, _)| *acr != met));
    let mut wanted = preferred.filter_map(Acr::wants);
    let by_device = evidence.agency.factors.accepts(FactorKind::Device);
    if by_device && wanted.any(Worth::is_met_by_codes) {
        known(facts, because);
    }
    if let Some((acr, piece)) = met {
        let (by, acr, means) = (binding.by, acr.clone(), piece.means.clone());
        because.push(Reason::Met { by, acr, means });
    }
    met.is_some()
}

/// Whether the agency does not enforce its own rule yet.
fn in_grace(
    binding: &Binding<'_>,
    evidence: &Evidence<'_>,
    factors: &Factors,
    now: Timestamp,
    because: &mut Vec<Reason>,
) -> bool {
    let days = evidence.agency.factors.grace_days;
    if binding.by != demand::DemandedBy::Agency || days == 0 {
        return false;
    }
    // The account of a person without one is made when this login ends.
    let until = |since: Timestamp| since + Lifetime::hours(days.saturating_mul(24));
    let grace = factors.account_since.is_none_or(|since| now < until(since));
    if grace {
        because.push(Reason::Grace { days });
    }
    grace
}

/// The source, where it could prove `wanted` and did not have its chance yet.
fn ask_first(
    facts: &Facts<'_>,
    evidence: &Evidence<'_>,
    wanted: Worth,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    let source = &evidence.event.identity.source;
    let ceiling = ceiling(facts, evidence);
    if !ceiling.meets(wanted) {
        because.push(Reason::CeilingTooLow { source: source.clone(), ceiling });
        return None;
    }
    // A source that answered from memory has not been asked for a new sign-in.
    let unasked = evidence.basis == Basis::Session || evidence.aged;
    let step = again(facts, evidence).filter(|_| unasked);
    because.push(match step {
        Some(_) => Reason::AskedFirst(source.clone()),
        None => Reason::NotProven { has: evidence.of_source() },
    });
    step
}

/// The most that the source of the proof can prove.
pub(super) fn ceiling(facts: &Facts<'_>, evidence: &Evidence<'_>) -> Worth {
    let source = &evidence.event.identity.source;
    let candidate = facts.candidates.iter().find(|candidate| candidate.source == *source);
    candidate.map_or(Worth::ONE_FACTOR, |candidate| candidate.ceiling)
}

/// What the person does here to prove `wanted`.
fn here(
    facts: &Facts<'_>,
    evidence: &Evidence<'_>,
    factors: &Factors,
    wanted: Worth,
    now: Timestamp,
    because: &mut Vec<Reason>,
) -> Step {
    if !evidence.pass
        && !factors.must_enrol
        && let Some(step) = prove(evidence, factors, wanted, false, because)
    {
        return step;
    }
    enrol::needed(facts, evidence, factors, wanted, now, because)
}

/// A proof of whatever the person has that is worth `wanted`, the best first; `None` if that is
/// nothing. Weaker kinds are not offered beside it. `optional`: the person may go on without it.
pub(super) fn prove(
    evidence: &Evidence<'_>,
    factors: &Factors,
    wanted: Worth,
    optional: bool,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    offer(evidence, factors, wanted, optional, because, |kind| factors.can_prove(kind, wanted))
}

/// The same, for changing factors: the best that the person has, or a recovery code.
fn prove_best(
    evidence: &Evidence<'_>,
    factors: &Factors,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    let best = enrol::best_of(factors);
    offer(evidence, factors, Worth::TWO_FACTORS, false, because, |kind| {
        kind == FactorKind::RecoveryCode || factors.can_prove(kind, best)
    })
}

/// A proof of what is accepted and `fits`, the best first.
fn offer(
    evidence: &Evidence<'_>,
    factors: &Factors,
    wanted: Worth,
    optional: bool,
    because: &mut Vec<Reason>,
    fits: impl Fn(FactorKind) -> bool,
) -> Option<Step> {
    let rules = &evidence.agency.factors;
    let accepted = KINDS.into_iter().filter(|kind| rules.accepts(*kind));
    let has = accepted.filter(|kind| factors.can_prove(*kind, Worth::TWO_FACTORS));
    let (kinds, weaker): (Vec<_>, Vec<_>) = has.partition(|kind| fits(*kind));
    if kinds.is_empty() {
        return None;
    }
    because.extend(weaker.into_iter().map(Reason::WeakerNotOffered));
    because.push(Reason::Provable(kinds.clone()));
    Some(Step::ProveFactor { kinds, wanted, optional })
}

#[cfg(test)]
mod tests;
