//! Reached: what may truthfully be told of a login. Never more than one piece of evidence proves.

use super::{
    Basis, DemandedBy, Facts,
    demand::{self, Binding},
    evidence::{self, Evidence, Means},
};
use crate::{Acr, Amr, Assurance, FactorProof, Timestamp, assurance::Worth};

/// What a relying party may be told of how somebody was authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The context: by the name that was asked for, where it is met.
    pub acr: Acr,
    /// The methods (RFC 8176): those of the source as far as it is believed, those that were used
    /// here, and `mfa` when two factors were.
    pub amr: Vec<Amr>,
    /// The most that is proven.
    pub worth: Worth,
    /// For each demand that is met: whose, by which name, and what met it.
    pub by: Vec<String>,
}

/// What may be told of the login that `facts` are about; `None` when nobody is signed in, or the
/// agency of the proof is not among the facts.
#[must_use]
pub fn reached(facts: &Facts<'_>, basis: Basis, now: Timestamp) -> Option<Reached> {
    let event = match basis {
        Basis::Event => facts.transaction.event.as_deref()?,
        Basis::Session => facts.session?.latest()?,
    };
    let agency = facts.agency.filter(|agency| agency.id == event.agency)?;
    let evidence = evidence::gather(facts, event, basis, agency, now);
    let own = demand::binding(facts, agency);
    let asked = demand::wish(facts);
    // The names of the request stand before those of the registration.
    let mut demands: Vec<&Binding<'_>> = asked.iter().chain(&own).collect();
    demands.sort_by_key(|binding| match binding.by {
        DemandedBy::Request | DemandedBy::Wish => 0,
        DemandedBy::Floor => 1,
        DemandedBy::Agency => 2,
    });
    let met: Vec<_> = demands
        .iter()
        .filter_map(|binding| {
            binding.met_by(&evidence.pieces).map(|(acr, piece)| (binding.by, acr, &piece.means))
        })
        .collect();
    let told =
        |(by, acr, means): &(DemandedBy, &Acr, &Means)| format!("{by} {acr} is met by {means}");
    //= rfc9470#5-3
    let acr = met.first().map_or_else(|| ours(&evidence), |(_, acr, _)| (*acr).clone());
    Some(Reached {
        acr,
        amr: methods(&evidence),
        worth: evidence.best(),
        by: met.iter().map(told).collect(),
    })
}

/// The best of our own names that one piece meets.
fn ours(evidence: &Evidence<'_>) -> Acr {
    let [best, better, least] = [Assurance::Aal3, Assurance::Aal2, Assurance::Aal1].map(Acr::of);
    let met = |acr: &Acr| {
        let wanted = acr.wants();
        wanted.is_some_and(|wanted| evidence.pieces.iter().any(|piece| piece.worth.meets(wanted)))
    };
    [best, better].into_iter().find(met).unwrap_or(least)
}

/// The methods that are believed, each once.
fn methods(evidence: &Evidence<'_>) -> Vec<Amr> {
    let mut all = of_source(evidence);
    all.extend(
        evidence
            .pieces
            .iter()
            .filter_map(|piece| piece.proof.as_ref())
            .flat_map(FactorProof::methods),
    );
    if evidence.best().meets(Worth::TWO_FACTORS) {
        all.extend(Amr::new(MFA));
    }
    let mut told: Vec<Amr> = Vec::new();
    for method in all {
        // What says how many there were stands last.
        if !told.contains(&method) {
            told.push(method);
        }
    }
    told
}

/// More than one factor (RFC 8176 section 2).
const MFA: &str = "mfa";
/// More than one channel (the same), which is not one factor either.
const MCA: &str = "mca";
/// A password (the same).
const PWD: &str = "pwd";

/// What the source says, as far as it is believed. Who is believed for one factor is repeated for
/// one method: the others would be read as a second.
fn of_source(evidence: &Evidence<'_>) -> Vec<Amr> {
    let said = &evidence.event.amr;
    if evidence.of_source().meets(Worth::TWO_FACTORS) {
        return said.iter().filter(|method| method.as_str() != MFA).cloned().collect();
    }
    let single = said.iter().filter(|method| ![MFA, MCA].contains(&method.as_str()));
    let single: Vec<_> = single.collect();
    match single.as_slice() {
        [only] => vec![(*only).clone()],
        several => several
            .iter()
            .filter(|method| method.as_str() == PWD)
            .map(|&method| method.clone())
            .collect(),
    }
}

#[cfg(test)]
mod tests;
