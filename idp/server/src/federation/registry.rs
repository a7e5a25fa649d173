//! The federation as a node serves it: follows the documents of the database, and makes anew only
//! what changed. One bad document does not lose the rest.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use idp_broker::Catalog;
use idp_domain::{Agency, Connector, RelyingPartyId, Source, SourceId};
use idp_oidc::op::{Client, Surroundings, client::ApplicationType};
use idp_saml::metadata::Entity;
use idp_sources::{
    local::{Gate, LocalConnector},
    oidc::Outside,
    saml::{MetadataPlace, Ours, SamlConnector},
};
use idp_store::{
    Sealer,
    federation::{Catalog as Stored, Doc},
};
use idp_web::{ServiceProviders, page::Directory};
use serde::Deserialize;
use url::{Origin, Url};

use super::{
    error::Problem,
    parts::{self, Dialect, Party, Speaker},
    plan::EntryKind,
    saml::Service,
};

/// What connectors and clients are made with.
pub(crate) struct Tools {
    /// Opens the secrets that we show to sources.
    pub(crate) sealer: Arc<Sealer>,
    /// How sources are reached.
    pub(crate) outside: Outside,
    /// Who we are to SAML peers, and what they publish.
    pub(crate) ours: Ours,
    /// Our own name, without a slash at its end.
    pub(crate) issuer: String,
    /// Whether peers may be on loopback addresses.
    pub(crate) loopback_peers: bool,
}

/// The federation, ready to be served.
pub(crate) struct Built {
    /// For the broker.
    pub(crate) catalog: Catalog,
    /// For OpenID Connect.
    pub(crate) clients: HashMap<RelyingPartyId, Arc<Client>>,
    /// For SAML.
    pub(crate) service_providers: ServiceProviders,
    /// The sources of SAML, by their entity ids as far as these are known.
    pub(crate) entities: HashMap<String, SourceId>,
    /// The origins that public clients are served from.
    pub(crate) origins: HashSet<String>,
    /// For the choice of an agency.
    pub(crate) directory: Directory,
}

/// The documents as they were last seen, each as what it is served as.
pub(crate) struct Mirror {
    tools: Tools,
    gate: Arc<Gate>,
    version: i64,
    agencies: BTreeMap<String, Agency>,
    sources: BTreeMap<String, (Source, Arc<dyn Connector>)>,
    /// Where the metadata of SAML peers stands: by the entry that names it.
    places: BTreeMap<String, Peer>,
    parties: BTreeMap<String, Party>,
    unreadable: BTreeSet<(String, String)>,
}

impl Mirror {
    /// An empty federation. Passwords of its local accounts will be tried at `gate`.
    pub(crate) fn new(tools: Tools, gate: Arc<Gate>) -> Self {
        Self {
            tools,
            gate,
            version: 0,
            agencies: BTreeMap::new(),
            sources: BTreeMap::new(),
            places: BTreeMap::new(),
            parties: BTreeMap::new(),
            unreadable: BTreeSet::new(),
        }
    }

    /// The version of the whole that it shows.
    pub(crate) fn version(&self) -> i64 {
        self.version
    }

    /// Takes over what changed after [`Mirror::version`], and returns the whole if anything did.
    ///
    /// A document that cannot be read is left out, as one is that was deleted: a newer program may
    /// have written it, and the old text is not what was wanted.
    pub(crate) fn take(&mut self, changed: Stored) -> Option<Built> {
        if changed.docs.is_empty() {
            return None;
        }
        for doc in changed.docs {
            self.unreadable.remove(&(doc.kind.clone(), doc.id.clone()));
            if let Err(problems) = self.place(&doc) {
                let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
                tracing::error!(
                    entry = %format_args!("{}/{}", doc.kind, doc.id),
                    problems = problems.join("; "),
                    "an entry of the federation cannot be served and is left out"
                );
                self.unreadable.insert((doc.kind, doc.id));
            }
        }
        self.version = changed.version;
        self.measure();
        Some(self.build())
    }

    fn place(&mut self, doc: &Doc) -> Result<(), Vec<Problem>> {
        let Doc { kind, id, text, .. } = doc;
        match (EntryKind::find(kind), text) {
            (Some(EntryKind::Agency), text) => {
                self.agencies.remove(id);
                let Some(text) = text else { return Ok(()) };
                let agency = parts::agency(&entry(text)?, self.surroundings())?;
                self.agencies.insert(id.clone(), agency);
            }
            (Some(EntryKind::Source), text) => {
                self.sources.remove(id);
                self.places.remove(&format!("sources/{id}"));
                let Some(text) = text else { return Ok(()) };
                let Tools { sealer, outside, ours, .. } = &self.tools;
                let (source, speaker) = parts::source(&entry(text)?, sealer, outside, ours)?;
                if let Speaker::Saml(connector) = &speaker {
                    let peer = Peer::Source(Arc::clone(connector));
                    self.places.insert(format!("sources/{id}"), peer);
                }
                let connector = self.connector(&source, speaker);
                self.sources.insert(id.clone(), (source, connector));
            }
            (Some(EntryKind::RelyingParty), text) => {
                self.parties.remove(id);
                self.places.remove(&format!("relying_parties/{id}"));
                let Some(text) = text else { return Ok(()) };
                let party = parts::party(&entry(text)?, self.surroundings())?;
                if let Dialect::Saml(service) = &party.dialect {
                    let peer = Peer::RelyingParty(Box::new(service.clone()));
                    self.places.insert(format!("relying_parties/{id}"), peer);
                }
                self.parties.insert(id.clone(), party);
            }
            (None, Some(_)) => {
                return Err(vec![Problem::new("", "this program does not know such entries")]);
            }
            (None, None) => {}
        }
        Ok(())
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings { loopback_peers: self.tools.loopback_peers }
    }

    fn connector(&self, source: &Source, speaker: Speaker) -> Arc<dyn Connector> {
        match speaker {
            Speaker::Oidc(connector) => connector,
            Speaker::Saml(connector) => connector,
            Speaker::Local => Arc::new(LocalConnector::new(
                source.id.clone(),
                source.agency.clone(),
                self.tools.issuer.clone(),
                Arc::clone(&self.gate),
            )),
        }
    }

    fn measure(&self) {
        for kind in EntryKind::ALL {
            let count = self.unreadable.iter().filter(|(of, _)| of == kind.as_str()).count();
            measure("idp_federation_entries_left_out", kind.as_str(), count);
        }
        let known = |of: &String| EntryKind::find(of).is_some();
        let others = self.unreadable.iter().filter(|(of, _)| !known(of)).count();
        measure("idp_federation_entries_left_out", "other", others);
        for (kind, count) in [
            (EntryKind::Agency, self.agencies.len()),
            (EntryKind::Source, self.sources.len()),
            (EntryKind::RelyingParty, self.parties.len()),
        ] {
            measure("idp_federation_entries", kind.as_str(), count);
        }
    }

    /// The peers whose metadata has to be fetched, by the entries that name them.
    pub(crate) fn published(&self) -> BTreeMap<String, Peer> {
        let fetched = self.places.iter().filter(|(_, peer)| peer.place().url.is_some());
        fetched.map(|(entry, peer)| (entry.clone(), peer.clone())).collect()
    }

    /// What is served, with what peers have published by now.
    pub(crate) fn build(&self) -> Built {
        let book = &self.tools.ours.book;
        let (mut clients, mut providers, mut parties) = (HashMap::new(), Vec::new(), Vec::new());
        for party in self.parties.values() {
            let id = &party.relying_party.id;
            match &party.dialect {
                Dialect::Oidc(client) => {
                    clients.insert(id.clone(), Arc::clone(client));
                    parties.push(party.relying_party.clone());
                }
                // Whose metadata is not known yet is nobody yet.
                Dialect::Saml(service) => {
                    let Some(provider) = service.provider(book) else { continue };
                    parties.push(party.relying_party_of(&provider));
                    providers.push(provider);
                }
            }
        }
        let sources = self.sources.values();
        Built {
            origins: self.parties.values().flat_map(origins).collect(),
            catalog: Catalog::new(
                self.agencies.values().cloned(),
                sources.map(|(source, connector)| (source.clone(), Arc::clone(connector))),
                parties,
            ),
            clients,
            service_providers: ServiceProviders::new(providers),
            entities: self.entities(),
            directory: Directory::new(self.agencies.values()),
        }
    }

    /// Of two sources of one identity provider none can be meant by its name.
    fn entities(&self) -> HashMap<String, SourceId> {
        let (mut found, mut doubled) = (HashMap::new(), Vec::new());
        let book = &self.tools.ours.book;
        for (entry, peer) in &self.places {
            let Peer::Source(connector) = peer else { continue };
            let published = || Some(book.find(entry)?.entity_id.clone());
            let Some(name) = connector.peer_name().or_else(published) else { continue };
            let Some(id) = entry.strip_prefix("sources/").and_then(|id| id.parse().ok()) else {
                continue;
            };
            if found.insert(name.clone(), id).is_some() {
                doubled.push(name);
            }
        }
        for name in doubled {
            found.remove(&name);
        }
        found
    }
}

/// Somebody who has metadata.
#[derive(Clone)]
pub(crate) enum Peer {
    /// A source.
    Source(Arc<SamlConnector>),
    /// A relying party.
    RelyingParty(Box<Service>),
}

impl Peer {
    /// Where its metadata stands.
    pub(crate) fn place(&self) -> &MetadataPlace {
        match self {
            Self::Source(connector) => connector.place(),
            Self::RelyingParty(service) => &service.place,
        }
    }

    /// What is wrong with `entity` for it.
    pub(crate) fn judge(&self, entity: &Entity) -> Result<(), String> {
        match self {
            Self::Source(connector) => connector.judge(entity).map_err(|error| error.to_string()),
            Self::RelyingParty(service) => service.judge(entity).map(drop).map_err(|problems| {
                let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
                told.join("; ")
            }),
        }
    }
}

/// The origins that pages of a public client are served from.
fn origins(party: &Party) -> impl Iterator<Item = String> {
    let client = match &party.dialect {
        Dialect::Oidc(client) if party.relying_party.enabled => Some(client),
        _ => None,
    };
    let in_browser = client
        .filter(|client| client.is_public() && client.application_type == ApplicationType::Web);
    let uris = in_browser.into_iter().flat_map(|client| client.redirect_uris.iter());
    uris.filter_map(|uri| match Url::parse(uri).ok()?.origin() {
        origin @ Origin::Tuple(..) => Some(origin.ascii_serialization()),
        Origin::Opaque(_) => None,
    })
}

fn entry<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Vec<Problem>> {
    serde_json::from_str(text).map_err(|error| vec![Problem::unreadable("", &error.to_string())])
}

fn measure(name: &'static str, kind: &'static str, count: usize) {
    // Far below 2^32 entries.
    metrics::gauge!(name, "kind" => kind).set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
}
