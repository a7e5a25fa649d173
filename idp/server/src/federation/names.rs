//! Names of SAML peers across a whole federation: two that could be taken for one another are one
//! too many, for one of them may be an impostor.

use std::{collections::HashMap, fmt::Display};

use idp_domain::{relying_party::Protocol, source::SourceKind};
use idp_sources::saml::Ours;
use serde_json::{Map, Value};

use super::{
    error::{FederationError, Problem},
    file::FederationFile,
    metadata::look,
    plan::EntryKind,
    saml,
};

/// What is wrong with the entity ids in `file`, as far as its entries tell them.
pub(super) fn check(file: &FederationFile, ours: &Ours) -> Vec<FederationError> {
    let mut found = Found { taken: HashMap::new(), loopback: ours.loopback_peers, errors: vec![] };
    for source in file.sources.iter().filter(|one| one.kind == SourceKind::Saml) {
        found.enter(EntryKind::Source, &source.id, &source.connection.0);
    }
    // A source that is ourselves is refused by its connector.
    for name in ours.names() {
        let looks = look(EntryKind::RelyingParty.section(), &name);
        found.taken.insert(looks, "the broker itself".to_owned());
    }
    for party in file.relying_parties.iter().filter(|one| one.kind == Protocol::Saml) {
        found.enter(EntryKind::RelyingParty, &party.id, &party.connection.0);
    }
    found.errors
}

/// What the check found.
struct Found {
    /// Who has a name, by what it looks like.
    taken: HashMap<String, String>,
    loopback: bool,
    errors: Vec<FederationError>,
}

impl Found {
    fn enter(&mut self, kind: EntryKind, id: &dyn Display, connection: &Map<String, Value>) {
        let Some(name) = saml::entity_id(connection, self.loopback) else { return };
        let entry = format!("{}/{id}", kind.section());
        let other = self.taken.entry(look(&entry, &name)).or_insert_with(|| entry.clone());
        if *other != entry {
            let message = format!("the entity id `{name}` is that of {other}, or looks like it");
            let problem = Problem::new("connection.metadata", message);
            self.errors.push(FederationError::entry(kind, id, problem));
        }
    }
}
