//! The federation as a node serves it: follows the documents of the database, and makes anew only
//! what changed. One bad document does not lose the rest.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use idp_broker::Catalog;
use idp_domain::{Agency, Connector, RelyingPartyId, Source};
use idp_oidc::op::{Client, Surroundings, client::ApplicationType};
use idp_sources::{
    local::{Gate, LocalConnector},
    oidc::Outside,
};
use idp_store::{
    Sealer,
    federation::{Catalog as Stored, Doc},
};
use idp_web::page::Directory;
use serde::Deserialize;
use url::{Origin, Url};

use super::{
    error::Problem,
    parts::{self, Party, Speaker},
    plan::EntryKind,
};

/// What connectors and clients are made with.
pub(crate) struct Tools {
    /// Opens the secrets that we show to sources.
    pub(crate) sealer: Arc<Sealer>,
    /// How sources are reached.
    pub(crate) outside: Outside,
    /// Our own name, without a slash at its end.
    pub(crate) issuer: String,
    /// Whether peers may be on loopback addresses.
    pub(crate) loopback_peers: bool,
}

/// The federation, ready to be served.
pub(crate) struct Built {
    /// For the broker.
    pub(crate) catalog: Catalog,
    /// For the dialect.
    pub(crate) clients: HashMap<RelyingPartyId, Arc<Client>>,
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
                let Some(text) = text else { return Ok(()) };
                let (source, speaker) =
                    parts::source(&entry(text)?, &self.tools.sealer, &self.tools.outside)?;
                let connector = self.connector(&source, speaker);
                self.sources.insert(id.clone(), (source, connector));
            }
            (Some(EntryKind::RelyingParty), text) => {
                self.parties.remove(id);
                let Some(text) = text else { return Ok(()) };
                let party = parts::party(&entry(text)?, self.surroundings())?;
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

    fn build(&self) -> Built {
        let parties = self.parties.values();
        let clients: HashMap<_, _> = parties
            .clone()
            .map(|party| (party.relying_party.id.clone(), Arc::clone(&party.client)))
            .collect();
        let sources = self.sources.values();
        Built {
            catalog: Catalog::new(
                self.agencies.values().cloned(),
                sources.map(|(source, connector)| (source.clone(), Arc::clone(connector))),
                parties.clone().map(|party| party.relying_party.clone()),
            ),
            clients,
            origins: parties
                .filter(|party| party.relying_party.enabled)
                .flat_map(origins)
                .collect(),
            directory: Directory::new(self.agencies.values()),
        }
    }
}

/// The origins that pages of a public client are served from.
fn origins(party: &Party) -> impl Iterator<Item = String> {
    let client = &party.client;
    let in_browser = client.is_public() && client.application_type == ApplicationType::Web;
    let uris = client.redirect_uris.iter().filter(move |_| in_browser);
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
