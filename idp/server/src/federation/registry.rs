//! The federation as a node serves it: follows the documents of the database, and makes anew only
//! what changed. One bad document does not lose the rest.

mod peers;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use idp_broker::Catalog;
use idp_domain::{Agency, Connector, RelyingParty, RelyingPartyId, Source, SourceId};
use idp_oidc::op::{Client, Surroundings, client::ApplicationType};
use idp_saml::idp::ServiceProvider;
use idp_sources::{
    local::{Gate, LocalConnector},
    oidc::Outside,
    saml::Ours,
};
use idp_store::{
    Sealer,
    federation::{Catalog as Stored, Doc},
    switches::Off,
};
use idp_web::{ServiceProviders, page::Directory};
use serde::Deserialize;
use tokio::sync::watch;
use url::{Origin, Url};

use super::{
    error::Problem,
    metadata::{Followed, look},
    parts::{self, Dialect, Party, Speaker},
    plan::EntryKind,
};
pub(crate) use peers::Peer;

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
    /// The broker's own pages, as a relying party.
    pub(crate) account: RelyingParty,
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
    /// How far the metadata of peers was read.
    learned: i64,
    /// Entries whose metadata may have been read before they were there.
    unread: BTreeSet<String>,
    /// What is out of use, whatever the documents say.
    off: Off,
    /// Whether something is there that was not built yet.
    has_news: bool,
    followed: watch::Sender<Arc<Followed>>,
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
            learned: 0,
            unread: BTreeSet::new(),
            off: Off::default(),
            has_news: false,
            followed: watch::Sender::default(),
        }
    }

    /// The version of the whole that it shows.
    pub(crate) fn version(&self) -> i64 {
        self.version
    }

    /// Takes over what changed after [`Mirror::version`].
    ///
    /// A document that cannot be read is left out, as one is that was deleted: a newer program may
    /// have written it, and the old text is not what was wanted.
    pub(crate) fn take(&mut self, changed: Stored) {
        if changed.docs.is_empty() {
            return;
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
        self.has_news = true;
    }

    /// Takes over what is out of use.
    pub(crate) fn switch(&mut self, off: Off) {
        self.has_news |= self.off != off;
        self.off = off;
    }

    /// The whole, if anything in it is new.
    pub(crate) fn news(&mut self) -> Option<Built> {
        if !std::mem::take(&mut self.has_news) {
            return None;
        }
        self.measure();
        self.followed.send_replace(Arc::new(self.follow()));
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
                let made = text.as_ref().map(|text| {
                    let Tools { sealer, outside, ours, .. } = &self.tools;
                    parts::source(&entry(text)?, sealer, outside, ours)
                });
                let peer = made.as_ref().and_then(|made| match made {
                    Ok((_, Speaker::Saml(connector))) => Some(Peer::Source(Arc::clone(connector))),
                    _ => None,
                });
                self.settle(format!("sources/{id}"), peer);
                let Some((source, speaker)) = made.transpose()? else { return Ok(()) };
                let connector = self.connector(&source, speaker);
                self.sources.insert(id.clone(), (source, connector));
            }
            (Some(EntryKind::RelyingParty), text) => {
                self.parties.remove(id);
                let made =
                    text.as_ref().map(|text| parts::party(&entry(text)?, self.surroundings()));
                let peer = made.as_ref().and_then(|made| match made {
                    Ok(Party { dialect: Dialect::Saml(service), .. }) => {
                        Some(Peer::RelyingParty(Arc::clone(service)))
                    }
                    _ => None,
                });
                self.settle(format!("relying_parties/{id}"), peer);
                let Some(party) = made.transpose()? else { return Ok(()) };
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

    /// What is served, with what peers have published by now.
    fn build(&self) -> Built {
        let (mut clients, mut parties) = (HashMap::new(), vec![self.tools.account.clone()]);
        let mut providers: Vec<Arc<ServiceProvider>> = Vec::new();
        let taken = &self.followed.borrow().taken;
        for party in self.parties.values() {
            let id = &party.relying_party.id;
            match &party.dialect {
                Dialect::Oidc(client) => {
                    clients.insert(id.clone(), Arc::clone(client));
                    parties.push(self.off.over_relying_party(party.relying_party.clone()));
                }
                // Whose metadata is not known yet is nobody yet.
                Dialect::Saml(service) => {
                    let Some(provider) = service.provider(&self.tools.ours.book) else { continue };
                    let entry = format!("relying_parties/{id}");
                    let first = taken.get(&look(&entry, &provider.entity_id));
                    if let Some(other) = first.filter(|first| **first != entry) {
                        tracing::error!(entry, other, "left out: its entity id looks the same");
                        continue;
                    }
                    let relying_party = self.off.over_relying_party(party.relying_party.clone());
                    parties.push(service.relying_party(relying_party, &provider));
                    providers.push(provider);
                }
            }
        }
        let sources = self.sources.values().map(|(source, connector)| {
            (self.off.over_source(source.clone()), Arc::clone(connector))
        });
        let agencies: Vec<_> =
            self.agencies.values().map(|one| self.off.over_agency(one.clone())).collect();
        Built {
            origins: self.parties.values().flat_map(origins).collect(),
            directory: Directory::new(&agencies),
            catalog: Catalog::new(agencies, sources, parties),
            clients,
            service_providers: ServiceProviders::new(providers),
            entities: self.entities(),
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
