//! The decision: what happens next in a login, and why.
//!
//! Rules are asked in a fixed order, and each may end it: may anybody sign in here at all, what
//! proof is there, is it of the right person, fresh and strong enough, is consent needed.

use super::{Basis, Candidate, Decision, Facts, Reason, Step};
use crate::{
    Acr, AuthenticationEvent, Lifetime, Refusal, SourceId, Timestamp, refusal::Need,
    relying_party::Consent, transaction::Demand,
};

/// Decides the next step of a login, and why.
#[must_use]
pub fn decide(facts: &Facts<'_>, now: Timestamp) -> Decision {
    let mut because = Vec::new();
    let step = next(facts, now, &mut because);
    Decision { step, because }
}

fn next(facts: &Facts<'_>, now: Timestamp, because: &mut Vec<Reason>) -> Step {
    if !facts.relying_party.enabled {
        because.push(Reason::RelyingPartyOff);
        return Step::Refuse(Refusal::RelyingPartyDisabled);
    }
    if facts.candidates.is_empty() {
        because.push(Reason::NoSourceOpen);
        return Step::Refuse(Refusal::NoSource);
    }
    let Some((event, basis)) = evidence(facts, now, because) else {
        return obtain(facts, because);
    };
    if !is_open(facts, &event.identity.source) {
        // The source was switched off, or closed to this relying party, while it was being asked.
        because.push(Reason::NotAdmitted(event.agency.clone()));
        return Step::Refuse(Refusal::SourceDisabled);
    }
    if let Some(step) = judge(facts, event, basis, now, because) {
        return step;
    }
    let demand = &facts.transaction.request.demand;
    let ask_consent = demand.consent || facts.relying_party.consent == Consent::Ask;
    if ask_consent && !facts.transaction.consented {
        because.push(Reason::ConsentWanted);
        return if demand.passive {
            because.push(Reason::Passive);
            Step::Refuse(Refusal::InteractionNeeded(Need::Consent))
        } else {
            Step::Consent
        };
    }
    because.push(Reason::DemandMet);
    Step::Issue(basis)
}

fn is_open(facts: &Facts<'_>, source: &SourceId) -> bool {
    facts.candidates.iter().any(|candidate| candidate.source == *source)
}

/// The proof to judge: what this login brought, else what the session still holds.
fn evidence<'a>(
    facts: &Facts<'a>,
    now: Timestamp,
    because: &mut Vec<Reason>,
) -> Option<(&'a AuthenticationEvent, Basis)> {
    let transaction = facts.transaction;
    if let Some(event) = transaction.event.as_deref() {
        return Some((event, Basis::Event));
    }
    let live = facts.session.filter(|session| !session.is_over(now));
    let Some(event) = live.and_then(|session| session.latest()) else {
        because.push(Reason::NoSession);
        return None;
    };
    let source = &event.identity.source;
    if !is_open(facts, source) {
        because.push(Reason::NotAdmitted(event.agency.clone()));
        return None;
    }
    if let Some(chosen) = &transaction.chosen
        && chosen != source
    {
        because.push(Reason::SessionOfAnotherAgency(event.agency.clone()));
        return None;
    }
    let demand = &transaction.request.demand;
    if demand.force {
        because.push(Reason::Forced);
        return None;
    }
    if demand.select {
        because.push(Reason::SelectionWanted);
        return None;
    }
    because.push(Reason::SessionReused);
    Some((event, Basis::Session))
}

/// Where to get a proof from, when there is none that counts.
fn obtain(facts: &Facts<'_>, because: &mut Vec<Reason>) -> Step {
    let demand = &facts.transaction.request.demand;
    if demand.passive {
        because.push(Reason::Passive);
        let need = if demand.select { Need::Selection } else { Need::Login };
        return Step::Refuse(Refusal::InteractionNeeded(need));
    }
    if let Some(refused) = unprovable(facts, because) {
        return refused;
    }
    if let Some(chosen) = &facts.transaction.chosen {
        if is_open(facts, chosen) {
            because.push(Reason::Hinted(chosen.clone()));
            return authenticate(demand, chosen);
        }
        return Step::Refuse(Refusal::SourceDisabled);
    }
    match facts.candidates {
        [only] => {
            because.push(Reason::OnlySource(only.source.clone()));
            authenticate(demand, &only.source)
        }
        several => {
            because.push(Reason::Undecided { open: several.len() });
            Step::ChooseSource
        }
    }
}

fn authenticate(demand: &Demand, source: &SourceId) -> Step {
    let force = demand.force || demand.select || demand.max_age == Some(Lifetime::seconds(0));
    Step::Authenticate { source: source.clone(), force }
}

/// Refuses at once what no open source could ever prove.
fn unprovable(facts: &Facts<'_>, because: &mut Vec<Reason>) -> Option<Step> {
    let chosen = facts.transaction.chosen.as_ref();
    let could = |acr: &Acr| {
        facts
            .candidates
            .iter()
            .filter(|candidate| chosen.is_none_or(|chosen| *chosen == candidate.source))
            .any(|candidate: &Candidate| {
                acr.wants().is_some_and(|wanted| candidate.ceiling.meets(wanted))
            })
    };
    if binding_demands(facts).iter().all(|alternatives| alternatives.iter().any(&could)) {
        return None;
    }
    because.push(Reason::Unprovable);
    Some(Step::Refuse(Refusal::AssuranceUnmet))
}

/// What must be met: one of each list. The relying party's floor is never lowered by a request.
fn binding_demands(facts: &Facts<'_>) -> Vec<Vec<Acr>> {
    let demand = &facts.transaction.request.demand;
    let floor = facts.relying_party.floor.clone().map(|acr| vec![acr]);
    let essential = (demand.essential && !demand.acr.is_empty()).then(|| demand.acr.clone());
    floor.into_iter().chain(essential).collect()
}

/// Judges a proof. `None`: nothing speaks against it.
fn judge(
    facts: &Facts<'_>,
    event: &AuthenticationEvent,
    basis: Basis,
    now: Timestamp,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    let demand = &facts.transaction.request.demand;
    if let (Some(named), Some(subject)) = (&demand.subject, facts.subject)
        && named != subject
    {
        because.push(Reason::AnotherPerson);
        return Some(again_or(facts, event, basis, Refusal::WrongPerson, because));
    }
    if let Some(max_age) = freshness(facts, basis, now) {
        let age = event.authenticated_at.map(|at| now.since(at));
        if age.is_none_or(|age| age > max_age) {
            because.push(Reason::Stale { age, max_age });
            return Some(again_or(facts, event, basis, Refusal::StaleAuthentication, because));
        }
    }
    for alternatives in binding_demands(facts) {
        let Some(met) = alternatives
            .iter()
            .find(|acr| acr.wants().is_some_and(|wanted| event.worth(now).meets(wanted)))
        else {
            because.push(Reason::TooWeak { has: event.assurance });
            return Some(stronger(facts, event, basis, because));
        };
        because.push(Reason::ContextMet(met.clone()));
    }
    None
}

/// How old the proof may be, if that is limited.
///
/// Authentication anew must have happened since this login began: the source's word for it may
/// differ from our clock by a minute.
fn freshness(facts: &Facts<'_>, basis: Basis, now: Timestamp) -> Option<Lifetime> {
    const SKEW: u32 = 60;
    let demand = &facts.transaction.request.demand;
    let since_start = now.since(facts.transaction.started_at).as_seconds().saturating_add(SKEW);
    let anew = demand.force || demand.max_age == Some(Lifetime::seconds(0));
    match (basis, anew, demand.max_age) {
        (Basis::Event, true, _) => Some(Lifetime::seconds(since_start)),
        (Basis::Event, false, Some(max_age)) => {
            // What was fresh enough when this login began does not grow stale while a person
            // reads a consent page.
            Some(Lifetime::seconds(max_age.as_seconds().max(since_start)))
        }
        (Basis::Session, _, Some(max_age)) => Some(max_age),
        (_, _, None) => None,
    }
}

/// Asks the source again if it was not asked in this login, else says no.
fn again_or(
    facts: &Facts<'_>,
    event: &AuthenticationEvent,
    basis: Basis,
    refusal: Refusal,
    because: &mut Vec<Reason>,
) -> Step {
    let passive = facts.transaction.request.demand.passive;
    match (basis, passive) {
        (Basis::Event, _) => Step::Refuse(refusal),
        (Basis::Session, true) => {
            because.push(Reason::Passive);
            Step::Refuse(Refusal::InteractionNeeded(Need::Login))
        }
        (Basis::Session, false) => {
            Step::Authenticate { source: event.identity.source.clone(), force: true }
        }
    }
}

/// Asks for a stronger proof where the source could give one.
fn stronger(
    facts: &Facts<'_>,
    event: &AuthenticationEvent,
    basis: Basis,
    because: &mut Vec<Reason>,
) -> Step {
    if basis == Basis::Event {
        because.push(Reason::NotProven { has: event.assurance });
        return Step::Refuse(Refusal::AssuranceUnmet);
    }
    let source = &event.identity.source;
    let ceiling = facts
        .candidates
        .iter()
        .find(|candidate| candidate.source == *source)
        .map(|candidate| candidate.ceiling);
    let could = binding_demands(facts).iter().all(|alternatives| {
        alternatives.iter().any(|acr| {
            acr.wants().zip(ceiling).is_some_and(|(wanted, ceiling)| ceiling.meets(wanted))
        })
    });
    if could {
        again_or(facts, event, basis, Refusal::AssuranceUnmet, because)
    } else {
        because.push(Reason::Unprovable);
        Step::Refuse(Refusal::AssuranceUnmet)
    }
}

#[cfg(test)]
mod tests;
