//! What must hold of a scene, written down once more and more plainly than policy does: every
//! piece of evidence by itself, every demand by itself.

use super::{Case, NOW, acr};
use crate::{
    Acr, Assurance, AuthenticationEvent, FactorKind, FactorProof, Lifetime, assurance::Worth,
    policy::Basis,
};

/// What the login rests on.
pub(crate) fn sign_in(case: &Case, basis: Basis) -> &AuthenticationEvent {
    match basis {
        Basis::Event => case.event.as_ref().unwrap(),
        Basis::Session => case.session.as_ref().unwrap(),
    }
}

/// How old a factor may be.
fn factor_limit(case: &Case) -> Lifetime {
    let own = [case.narrower.0.factor, case.narrower.1.factor];
    let own = own.into_iter().flatten().map(Lifetime::minutes).min();
    own.unwrap_or(Lifetime::hours(4)).min(Lifetime::hours(4))
}

/// Whether everything must be proven in this login.
pub(crate) fn anew(case: &Case) -> bool {
    case.demand.force || case.demand.max_age == Some(Lifetime::seconds(0))
}

fn young_enough(case: &Case, proof: &FactorProof, in_this_login: bool) -> bool {
    let age = NOW.since(proof.at).as_seconds();
    let limit = match proof.factor {
        FactorKind::Device => {
            let days = case.rules.remember_device_days * 86_400;
            case.narrower.1.factor.map_or(days, |minutes| days.min(minutes * 60))
        }
        _ => factor_limit(case).as_seconds(),
    };
    let grace = if in_this_login { case.begun + 60 } else { 0 };
    let asked = case.demand.max_age.map_or(u32::MAX, |asked| asked.as_seconds().max(grace));
    age <= limit && age <= asked && (in_this_login || !anew(case))
}

/// Whether the session speaks for whoever signed in.
fn session_counts(case: &Case, event: &AuthenticationEvent) -> bool {
    let Some(own) = &case.session else { return false };
    let minutes = |of: [Option<u32>; 2], else_: u32| {
        of.into_iter().flatten().min().map_or(else_, |minutes| else_.min(minutes * 60))
    };
    let (agency, party) = case.narrower;
    let most = if demands_aal3(case) { 900 } else { 3_600 };
    let idle = minutes([agency.idle, party.idle], most);
    let absolute = minutes([agency.absolute, party.absolute], 28_800);
    let signed_in = own.authenticated_at.map_or(u32::MAX, |at| NOW.since(at).as_seconds());
    own.identity.subject == event.identity.subject
        && own.identity.source == event.identity.source
        && case.session_age.1 <= idle
        && case.session_age.0.min(signed_in) <= absolute
}

/// Whether somebody takes nothing but the highest assurance, an agency in its grace too.
fn demands_aal3(case: &Case) -> bool {
    let floor = case.floor.map(acr).into_iter().collect::<Vec<_>>();
    let rule = case.rules.demand.clone().into_iter().collect();
    let asked = if case.demand.essential { case.demand.acr.clone() } else { Vec::new() };
    let highest = |names: &Vec<Acr>| {
        let least = names.iter().filter_map(Acr::wants).min();
        least.is_some_and(|worth| worth.assurance == Assurance::Aal3)
    };
    [floor, rule, asked].iter().any(highest)
}

/// The worth of every piece of evidence, the source's word first.
pub(crate) fn proven(case: &Case, basis: Basis) -> Vec<Worth> {
    let event = sign_in(case, basis);
    let age = NOW.since(event.authenticated_at.unwrap_or(event.received_at));
    let word = if age <= factor_limit(case) { event.worth(NOW) } else { Worth::ONE_FACTOR };
    let session = session_counts(case, event).then_some(case.session_proofs.as_slice());
    let session_proofs = session.unwrap_or_default();
    let device = case.factors.iter().filter_map(|factors| factors.device.as_ref());
    let others =
        session_proofs.iter().chain(device).filter(|proof| young_enough(case, proof, false));
    let own = case.proofs.iter().filter(|proof| young_enough(case, proof, true));
    let accepted = own.chain(others).filter(|proof| case.rules.accepts(proof.factor));
    std::iter::once(word).chain(accepted.map(FactorProof::worth)).collect()
}

/// Whether one of `names` is met by one of `proven`.
pub(crate) fn met(names: &[Acr], proven: &[Worth]) -> bool {
    let wanted = names.iter().filter_map(Acr::wants);
    wanted.into_iter().any(|wanted| proven.iter().any(|worth| worth.meets(wanted)))
}

/// What is wished besides, and worth how much at least; `None` where nothing that is known here is.
pub(crate) fn wish(case: &Case) -> Option<(Vec<Acr>, Worth)> {
    let names = case.demand.acr.clone();
    let least = names.iter().filter_map(Acr::wants).min();
    least.filter(|_| !case.demand.essential).map(|least| (names, least))
}

/// Everything that must be met: one of each list.
pub(crate) fn demands(case: &Case) -> Vec<Vec<Acr>> {
    let floor = case.floor.map(|name| vec![acr(name)]);
    let demand = &case.demand;
    let essential = (demand.essential && !demand.acr.is_empty()).then(|| demand.acr.clone());
    let since = case.factors.as_ref().and_then(|factors| factors.account_since);
    let days = case.rules.grace_days;
    let age = since.map_or(0, |since| NOW.since(since).as_seconds());
    let grace = case.factors.is_some() && age < days * 86_400;
    let rule = case.rules.demand.clone().filter(|_| !grace).map(|acr| vec![acr]);
    floor.into_iter().chain(essential).chain(rule).collect()
}
