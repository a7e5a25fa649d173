//! The catalog: the federation as a node holds it in memory, indexed for the questions that a
//! login asks. Immutable; a change makes a new one.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use idp_domain::{
    Agency, AgencyId, Connector, RelyingParty, RelyingPartyId, Source, SourceId,
    agency::Domain,
    ids::relying_party_tag,
    policy::Candidate,
    relying_party::{OpenTo, Protocol},
};

/// A source with the connector that speaks to it.
#[derive(Clone)]
pub struct Registered {
    /// The source.
    pub source: Arc<Source>,
    /// Its agency.
    pub agency: Arc<Agency>,
    /// Who speaks to it.
    pub connector: Arc<dyn Connector>,
}

impl Registered {
    /// Whether it lets anybody in: it and its agency do.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.source.enabled && self.agency.enabled
    }
}

/// The federation in memory.
#[derive(Clone, Default)]
pub struct Catalog {
    agencies: BTreeMap<AgencyId, Arc<Agency>>,
    sources: BTreeMap<SourceId, Registered>,
    by_agency: HashMap<AgencyId, Vec<Candidate>>,
    everybody: Arc<[Candidate]>,
    relying_parties: HashMap<RelyingPartyId, Arc<RelyingParty>>,
    by_tag: HashMap<String, RelyingPartyId>,
    domains: HashMap<String, Vec<AgencyId>>,
}

impl Catalog {
    /// A catalog of these. Sources of unknown agencies are left out: they cannot be judged.
    #[must_use]
    pub fn new(
        agencies: impl IntoIterator<Item = Agency>,
        sources: impl IntoIterator<Item = (Source, Arc<dyn Connector>)>,
        relying_parties: impl IntoIterator<Item = RelyingParty>,
    ) -> Self {
        let agencies: BTreeMap<_, _> =
            agencies.into_iter().map(|agency| (agency.id.clone(), Arc::new(agency))).collect();
        let mut catalog = Self { agencies, ..Self::default() };
        for (source, connector) in sources {
            if let Some(agency) = catalog.agencies.get(&source.agency) {
                let registered =
                    Registered { source: Arc::new(source), agency: Arc::clone(agency), connector };
                catalog.sources.insert(registered.source.id.clone(), registered);
            }
        }
        for relying_party in relying_parties {
            catalog.by_tag.insert(relying_party_tag(&relying_party.id), relying_party.id.clone());
            catalog.relying_parties.insert(relying_party.id.clone(), Arc::new(relying_party));
        }
        catalog.index();
        catalog
    }

    fn index(&mut self) {
        let mut everybody = Vec::new();
        for registered in self.sources.values() {
            let Registered { source, agency, .. } = registered;
            if source.enabled && agency.enabled {
                let candidate = Candidate {
                    source: source.id.clone(),
                    agency: agency.id.clone(),
                    ceiling: source.trust.ceiling(),
                };
                self.by_agency.entry(agency.id.clone()).or_default().push(candidate.clone());
                everybody.push(candidate);
            }
        }
        self.everybody = everybody.into();
        for agency in self.agencies.values().filter(|agency| agency.enabled) {
            for pattern in &agency.domains {
                let claimants = self.domains.entry(pattern.domain().as_str().to_owned());
                claimants.or_default().push(agency.id.clone());
            }
        }
    }

    /// The agency of an id.
    #[must_use]
    pub fn agency(&self, id: &AgencyId) -> Option<&Arc<Agency>> {
        self.agencies.get(id)
    }

    /// The source of an id, with its connector.
    #[must_use]
    pub fn source(&self, id: &SourceId) -> Option<&Registered> {
        self.sources.get(id)
    }

    /// The relying party of an id.
    #[must_use]
    pub fn relying_party(&self, id: &RelyingPartyId) -> Option<&Arc<RelyingParty>> {
        self.relying_parties.get(id)
    }

    /// The relying party that a transaction id names, for the way back when all else is lost.
    #[must_use]
    pub fn by_tag(&self, tag: &str) -> Option<&Arc<RelyingParty>> {
        self.relying_parties.get(self.by_tag.get(tag)?)
    }

    /// The sources that people of `relying_party` may use.
    #[must_use]
    pub fn candidates(&self, relying_party: &RelyingParty) -> Arc<[Candidate]> {
        match &relying_party.open_to {
            OpenTo::All => Arc::clone(&self.everybody),
            OpenTo::Only(agencies) => agencies
                .iter()
                .filter_map(|agency| self.by_agency.get(agency))
                .flatten()
                .cloned()
                .collect(),
        }
    }

    /// The agency that claims `domain` most specifically.
    #[must_use]
    pub fn agency_of_domain(&self, domain: &Domain) -> Option<&Arc<Agency>> {
        let parents = std::iter::successors(Some(domain.as_str()), |name| {
            name.split_once('.').map(|(_, parent)| parent)
        });
        parents
            .filter_map(|name| self.domains.get(name))
            .flatten()
            .filter_map(|id| self.agencies.get(id))
            .filter_map(|agency| agency.domain_match(domain).map(|length| (length, agency)))
            .max_by_key(|(length, _)| *length)
            .map(|(_, agency)| agency)
    }

    /// All agencies.
    pub fn agencies(&self) -> impl Iterator<Item = &Agency> {
        self.agencies.values().map(AsRef::as_ref)
    }

    /// All sources, disabled ones included.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values().map(|registered| registered.source.as_ref())
    }

    /// How many agencies, sources and relying parties there are, without ourselves.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let registered = self.relying_parties.values().filter(|one| one.protocol != Protocol::Own);
        (self.agencies.len(), self.sources.len(), registered.count())
    }
}

#[cfg(test)]
mod tests {
    use idp_domain::{Agency, Localized};

    use super::Catalog;

    fn agency(id: &str, domains: &[&str]) -> Agency {
        Agency {
            id: id.parse().unwrap(),
            names: Localized::default(),
            aliases: Vec::new(),
            domains: domains.iter().map(|domain| domain.parse().unwrap()).collect(),
            scopes: Vec::new(),
            logo: None,
            contacts: Vec::new(),
            factors: idp_domain::FactorRules::default(),
            sessions: idp_domain::session::Narrower::default(),
            enabled: true,
        }
    }

    #[test]
    fn the_most_specific_claim_to_a_domain_wins() {
        let agencies = [
            agency("un", &["un.example", "*.un.example"]),
            agency("una", &["una.un.example"]),
            agency("off", &["*.una.un.example"]),
        ];
        let catalog = Catalog::new(agencies, [], []);
        let of = |domain: &str| {
            let agency = catalog.agency_of_domain(&domain.parse().unwrap());
            agency.map(|agency| agency.id.as_str())
        };
        assert_eq!(of("un.example"), Some("un"));
        assert_eq!(of("una.un.example"), Some("una"));
        assert_eq!(of("mail.una.un.example"), Some("off"));
        assert_eq!(of("unb.un.example"), Some("un"));
        assert_eq!(of("other.example"), None);
    }
}
