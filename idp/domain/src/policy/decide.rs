//! The decision: what happens next in a login, and why.
//!
//! Rules are asked in a fixed order, and each may end it: may anybody sign in here at all, what
//! proof is there, is it of the right person, fresh and strong enough, is consent needed.

use super::{
    Basis, Decision, Facts, Reason, Step, demand, enrol,
    evidence::{freshness, gather, is_anew, since_start},
    limits, step_up,
};
use crate::{
    Agency, AuthenticationEvent, Refusal, SourceId, Timestamp, refusal::Need,
    relying_party::Consent,
};

/// Decides the next step of a login, and why.
#[must_use]
pub fn decide(facts: &Facts<'_>, now: Timestamp) -> Decision {
    let mut because = Vec::new();
    let step = next(facts, now, &mut because);
    Decision { step, because }
}

/// Whether the decision could depend on [`Facts::factors`], which are then to be loaded.
///
/// Without them [`decide`] holds for anything that it would have to know: it fails closed.
#[must_use]
pub fn needs_factors(facts: &Facts<'_>, now: Timestamp) -> bool {
    let without = Facts { factors: None, ..facts.clone() };
    decide(&without, now).because.contains(&Reason::FactorsUnknown)
}

/// The proof to judge: what this login brought, else what the session still holds.
enum AtHand<'a> {
    Proof(&'a AuthenticationEvent, Basis),
    Nothing {
        /// Whether there was a session that is believed no longer: then the source's own does not
        /// count either.
        lapsed: bool,
    },
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
    let (event, basis) = match at_hand(facts, now, because) {
        AtHand::Proof(event, basis) => (event, basis),
        AtHand::Nothing { lapsed } => return obtain(facts, lapsed, because),
    };
    if !is_open(facts, &event.identity.source) {
        // The source was switched off, or closed to this relying party, while it was being asked.
        because.push(Reason::NotAdmitted(event.agency.clone()));
        return Step::Refuse(Refusal::SourceDisabled);
    }
    let Some(agency) = agency_of(facts, event) else {
        // What it demands is not known, and so nothing can be said to be enough.
        because.push(Reason::AgencyUnknown(event.agency.clone()));
        return Step::Refuse(Refusal::AgencyNotAllowed { agency: event.agency.clone() });
    };
    if let Some(step) = unprovable(facts, because) {
        return step;
    }
    if let Some(step) = unfit(facts, event, basis, agency, now, because) {
        return step;
    }
    let evidence = gather(facts, event, basis, agency, now);
    let unproven = step_up::missing(facts, &evidence, now, because)
        .or_else(|| step_up::recent(facts, &evidence, now, because))
        .or_else(|| enrol::suggested(facts, &evidence, now, because));
    if let Some(step) = unproven {
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

fn agency_of<'a>(facts: &Facts<'a>, event: &AuthenticationEvent) -> Option<&'a Agency> {
    facts.agency.filter(|agency| agency.id == event.agency)
}

fn at_hand<'a>(facts: &Facts<'a>, now: Timestamp, because: &mut Vec<Reason>) -> AtHand<'a> {
    let transaction = facts.transaction;
    if let Some(event) = transaction.event.as_deref() {
        return AtHand::Proof(event, Basis::Event);
    }
    let nothing = AtHand::Nothing { lapsed: false };
    let live = facts.session.filter(|session| !session.is_over(now));
    let Some((session, event)) = live.and_then(|session| Some((session, session.latest()?))) else {
        because.push(Reason::NoSession);
        return nothing;
    };
    let source = &event.identity.source;
    if !is_open(facts, source) {
        because.push(Reason::NotAdmitted(event.agency.clone()));
        return nothing;
    }
    if let Some(chosen) = &transaction.chosen
        && chosen != source
    {
        because.push(Reason::SessionOfAnotherAgency(event.agency.clone()));
        return nothing;
    }
    let demand = &transaction.request.demand;
    if demand.force {
        because.push(Reason::Forced);
        return nothing;
    }
    if demand.select {
        because.push(Reason::SelectionWanted);
        return nothing;
    }
    let limits = agency_of(facts, event).map(|agency| limits::narrowed(facts, agency));
    if let Some(limit) = limits.and_then(|limits| limits::lapsed(session, limits, now)) {
        because.push(limit);
        return AtHand::Nothing { lapsed: true };
    }
    because.push(Reason::SessionReused);
    AtHand::Proof(event, Basis::Session)
}

/// Where to get a proof from, when there is none that counts.
fn obtain(facts: &Facts<'_>, lapsed: bool, because: &mut Vec<Reason>) -> Step {
    let demand = &facts.transaction.request.demand;
    if demand.passive {
        because.push(Reason::Passive);
        let need = if demand.select { Need::Selection } else { Need::Login };
        return Step::Refuse(Refusal::InteractionNeeded(need));
    }
    if let Some(step) = unprovable(facts, because) {
        return step;
    }
    let force = demand.select || is_anew(demand) || lapsed;
    let authenticate = |source: &SourceId| Step::Authenticate { source: source.clone(), force };
    if let Some(chosen) = &facts.transaction.chosen {
        if is_open(facts, chosen) {
            because.push(Reason::Hinted(chosen.clone()));
            return authenticate(chosen);
        }
        return Step::Refuse(Refusal::SourceDisabled);
    }
    match facts.candidates {
        [only] => {
            because.push(Reason::OnlySource(only.source.clone()));
            authenticate(&only.source)
        }
        several => {
            because.push(Reason::Undecided { open: several.len() });
            Step::ChooseSource
        }
    }
}

/// Refuses at once what nothing could ever prove.
fn unprovable(facts: &Facts<'_>, because: &mut Vec<Reason>) -> Option<Step> {
    let demand = &facts.transaction.request.demand;
    let demands = demand::of_relying_party(facts.relying_party, demand);
    let unprovable = demands.iter().find(|binding| binding.wanted().is_none())?;
    because.push(Reason::Unprovable { by: unprovable.by });
    Some(Step::Refuse(Refusal::AssuranceUnmet))
}

/// Judges whose a sign-in is, and how old: nobody else does. `None`: nothing speaks against it.
//= oidc-core#3.1.3.7-13
fn unfit(
    facts: &Facts<'_>,
    event: &AuthenticationEvent,
    basis: Basis,
    agency: &Agency,
    now: Timestamp,
    because: &mut Vec<Reason>,
) -> Option<Step> {
    let demand = &facts.transaction.request.demand;
    let again = Step::Authenticate { source: event.identity.source.clone(), force: true };
    if let (Some(named), Some(subject)) = (&demand.subject, facts.subject)
        && named != subject
    {
        because.push(Reason::AnotherPerson);
        return Some(match basis {
            Basis::Event => Step::Refuse(Refusal::WrongPerson),
            Basis::Session => step_up::unless_passive(facts, again, because),
        });
    }
    let revived = revived(facts, event, agency);
    let anew = revived.as_ref().map(|_| since_start(facts, now));
    let max_age = anew.or_else(|| freshness(facts, basis, now))?;
    let age = event.authenticated_at.map(|at| now.since(at));
    if age.is_some_and(|age| age <= max_age) {
        return None;
    }
    because.extend(revived);
    because.push(Reason::Stale { age, max_age });
    // A source that answered from memory is asked once to authenticate anew, in case that it can
    // only be told so.
    let told = is_anew(demand) || facts.transaction.is_asked_anew();
    Some(match basis {
        Basis::Event if told => Step::Refuse(Refusal::StaleAuthentication),
        _ => step_up::unless_passive(facts, again, because),
    })
}

/// The limit that the browser's session had passed when its source vouched once more. What the
/// source remembers does not revive it: only a new sign-in does.
fn revived(facts: &Facts<'_>, event: &AuthenticationEvent, agency: &Agency) -> Option<Reason> {
    // Only a login in progress has another sign-in than the session's own.
    facts.transaction.event.as_deref()?;
    let session = facts.session.filter(|session| !session.is_over(event.received_at))?;
    let own = session.latest()?;
    let limits = limits::narrowed(facts, agency);
    let lapsed = limits::lapsed(session, limits, event.received_at);
    lapsed.filter(|_| own.identity.source == event.identity.source)
}

#[cfg(test)]
mod stale;
#[cfg(test)]
mod tests;
