//! Which sources are open to a relying party, and which of them a hint means.

use crate::{
    Agency, AgencyId, RelyingParty, Source, SourceId, agency::Domain, assurance::Worth,
    transaction::Hints,
};

/// A source that is open to a relying party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The source.
    pub source: SourceId,
    /// Its agency.
    pub agency: AgencyId,
    /// The most that it can prove here.
    pub ceiling: Worth,
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
/// caller has looked up as `agency_of_domain`. A name that is none of these means nothing.
#[must_use]
pub fn hinted<'a>(
    hints: &Hints,
    agency_of_domain: Option<&AgencyId>,
    candidates: &'a [Candidate],
) -> Option<&'a Candidate> {
    let named = hints.source.as_ref();
    let named = named.and_then(|id| candidates.iter().find(|candidate| candidate.source == *id));
    let only_of = |agency: &AgencyId| {
        let mut found = candidates.iter().filter(|candidate| candidate.agency == *agency);
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    };
    named
        .or_else(|| hints.agency.as_ref().and_then(only_of))
        .or_else(|| agency_of_domain.and_then(only_of))
}

#[cfg(test)]
mod tests {
    use super::{Candidate, hinted};
    use crate::{assurance::Worth, transaction::Hints};

    fn candidate(source: &str, agency: &str) -> Candidate {
        Candidate {
            source: source.parse().unwrap(),
            agency: agency.parse().unwrap(),
            ceiling: Worth::ONE_FACTOR,
        }
    }

    fn means(word: &str, domain: Option<&str>) -> Option<String> {
        let candidates = [
            candidate("una", "una"),
            candidate("unb-staff", "unb"),
            candidate("unb-guests", "unb"),
        ];
        let hints =
            Hints { source: word.parse().ok(), agency: word.parse().ok(), ..Hints::default() };
        let domain = domain.map(|agency| agency.parse().unwrap());
        let found = hinted(&hints, domain.as_ref(), &candidates);
        found.map(|candidate| candidate.source.to_string())
    }

    #[test]
    fn a_word_means_a_source_before_it_means_an_agency() {
        assert_eq!(means("unb-staff", None), Some("unb-staff".into()));
        assert_eq!(means("una", None), Some("una".into()));
        assert_eq!(means("unb", None), None, "the agency has two sources");
    }

    #[test]
    fn a_word_that_means_nothing_leaves_it_to_the_domain() {
        assert_eq!(means("nobody", Some("una")), Some("una".into()));
        assert_eq!(means("nobody", None), None);
    }
}
