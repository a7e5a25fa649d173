//! Wishes: what a relying party would like, and takes less than. Whoever can prove it is asked, and
//! may go on without it: a wish refuses nobody, and lets nobody enrol.

use super::{
    Basis, Facts, Reason, Step,
    demand::Binding,
    evidence::Evidence,
    step_up::{ceiling, known, prove},
};
use crate::{FactorKind, Factors, assurance::Worth, transaction::Wished};

/// What is asked for `wish`, which is not met, where every demand is. `None`: nothing.
///
/// Nothing is asked either where it is not known what the person has: nothing rests on it.
//= rfc9470#5-1
pub(super) fn alone<'a>(
    facts: &Facts<'a>,
    evidence: &Evidence<'a>,
    wish: &Binding<'_>,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    let wanted = unmet(facts, evidence, wish, because)?;
    if facts.transaction.request.demand.passive {
        because.push(Reason::Passive);
        return None;
    }
    if facts.transaction.declined {
        because.push(Reason::Declined);
        return None;
    }
    if let Some(step) = ask_source(facts, evidence, wanted, because) {
        return Some(step);
    }
    let factors = known(facts, because)?;
    because.extend(evidence.ignored.iter().cloned());
    let step = by_factor(evidence, factors, wanted, because);
    if step.is_none() {
        because.push(Reason::NothingForWish);
    }
    step
}

/// What is asked where `demanded` is to be proven here, if one proof of what the person has can
/// meet the demands and `wish`: nobody is asked twice. Who declines it is asked for what is
/// demanded.
pub(super) fn beside<'a>(
    facts: &Facts<'a>,
    evidence: &Evidence<'a>,
    wish: &Binding<'_>,
    demanded: Worth,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    let passive = facts.transaction.request.demand.passive;
    if passive || wish.wanted().is_none_or(|wanted| demanded.meets(wanted)) {
        return None;
    }
    let wanted = unmet(facts, evidence, wish, because)?;
    if facts.transaction.declined {
        because.push(Reason::Declined);
        return None;
    }
    by_factor(evidence, known(facts, because)?, wanted, because)
}

/// Says that `wish` is not met. What would meet it; `None`: nothing could.
fn unmet(
    facts: &Facts<'_>,
    evidence: &Evidence<'_>,
    wish: &Binding<'_>,
    because: &mut Vec<Reason>,
) -> Option<Worth> {
    let (by, wanted) = (wish.by, wish.wanted());
    if wanted.is_some() && evidence.agency.factors.accepts(FactorKind::Device) {
        // What there is besides may rest on a device.
        known(facts, because);
    }
    because.push(match wanted {
        Some(_) => Reason::Unmet { by, names: wish.names.to_vec(), has: evidence.best() },
        None => Reason::Unprovable { by },
    });
    wanted
}

/// The source, where it could prove `wanted`: once in a login, and only where none was asked yet.
fn ask_source(
    facts: &Facts<'_>,
    evidence: &Evidence<'_>,
    wanted: Worth,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    let source = evidence.event.identity.source.clone();
    let ceiling = ceiling(facts, evidence);
    if !ceiling.meets(wanted) {
        because.push(Reason::CeilingTooLow { source, ceiling });
        return None;
    }
    let asked = facts.transaction.wished != Wished::No;
    if asked || evidence.basis == Basis::Event {
        because.push(Reason::NotProven { has: evidence.of_source() });
        return None;
    }
    if evidence.pass || !facts.transaction.proofs.is_empty() {
        // Whatever was done here would have to be done once more.
        return None;
    }
    because.push(Reason::AskedOnce(source.clone()));
    Some(Step::Authenticate { source, force: true })
}

/// A proof of whatever the person has that is worth `wanted`.
fn by_factor(
    evidence: &Evidence<'_>,
    factors: &Factors,
    wanted: Worth,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    if evidence.pass || factors.must_enrol {
        return None;
    }
    prove(evidence, factors, wanted, true, because)
}

#[cfg(test)]
mod tests;
