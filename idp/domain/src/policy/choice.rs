//! Which sources are open to a relying party, and which of them a hint means.

use crate::{
    Agency, AgencyId, Assurance, RelyingParty, Source, SourceId, agency::Domain, transaction::Hints,
};

/// A source that is open to a relying party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The source.
    pub source: SourceId,
    /// Its agency.
    pub agency: AgencyId,
    /// The most that it can prove here.
    pub ceiling: Assurance,
}

/// The sources of `all` that people may use for `relying_party`, in their order.
pub fn candidates<'a>(
    relying_party: &RelyingParty,
    all: impl Iterator<Item = (&'a Source, &'a Agency)>,
) -> Vec<Candidate> {
    all.filter(|(source, agency)| {
        source.enabled && agency.enabled && relying_party.open_to.admits(&agency.id)
    })
    .map(|(source, agency)| Candidate {
        source: source.id.clone(),
        agency: agency.id.clone(),
        ceiling: source.trust.ceiling(),
    })
    .collect()
}

/// The agency that claims `domain` most specifically.
pub fn by_domain<'a>(
    domain: &Domain,
    agencies: impl Iterator<Item = &'a Agency>,
) -> Option<&'a Agency> {
    agencies
        .filter_map(|agency| agency.domain_match(domain).map(|length| (length, agency)))
        .max_by_key(|(length, _)| *length)
        .map(|(_, agency)| agency)
}

/// The one candidate that the hints mean, if they mean exactly one.
///
/// A named source counts most, then a named agency, then the agency of a mail domain, which the
/// caller has looked up as `agency_of_domain`.
#[must_use]
pub fn hinted<'a>(
    hints: &Hints,
    agency_of_domain: Option<&AgencyId>,
    candidates: &'a [Candidate],
) -> Option<&'a Candidate> {
    if let Some(source) = &hints.source {
        return candidates.iter().find(|candidate| candidate.source == *source);
    }
    let agency = hints.agency.as_ref().or(agency_of_domain)?;
    let mut of_agency = candidates.iter().filter(|candidate| candidate.agency == *agency);
    match (of_agency.next(), of_agency.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}
