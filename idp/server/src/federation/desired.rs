//! The federation as a file wants it: secrets settled, accounts apart, every entry judged together
//! with what is there already. Writes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use idp_domain::{Agency, AgencyId, SourceId, relying_party::Protocol, source::SourceKind};
use idp_fetch::{Fetcher, Policy};
use idp_sources::oidc::{OidcDocuments, Outside};
use idp_store::federation::Catalog;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::{
    ApplyError, Context,
    accounts::{self, Wanted},
    error::{FederationError, Problem},
    file::{AgencyEntry, Connection, FederationFile, RelyingPartyEntry, SourceEntry},
    names,
    parts::{self, Dialect, Speaker},
    plan::{Entries, EntryKind},
    read, saml,
    secrets::Vault,
};

/// What a file wants, if nothing is wrong with it.
pub(super) struct Desired {
    /// The documents to be.
    pub(super) documents: Entries,
    /// The accounts to be, by source.
    pub(super) people: Vec<(SourceId, Vec<Wanted>)>,
}

/// Judges `file` together with the documents that are there.
pub(super) fn judge(
    context: &Context,
    file: FederationFile,
    is: &Entries,
    prune: bool,
) -> Result<Desired, ApplyError> {
    let vault = Vault { sealer: &context.sealer, folder: &context.config_folder };
    let mut settled = settle(file, is, &vault);
    let whole = whole(&settled.file, is, prune);
    settled.errors.extend(read::check(&whole).err().unwrap_or_default());
    settled.errors.extend(names::check(&whole, &context.ours()?));
    if prune {
        settled.errors.extend(still_needed(&settled.file, is));
    }
    let people = make(context, &mut settled, is, &vault)?;
    if !settled.errors.is_empty() {
        return Err(ApplyError::Refused(settled.errors));
    }
    Ok(Desired { documents: documents(&settled.file), people })
}

/// The documents of the database by kind and id; those of kinds that are not known here are left
/// to the newer program that wrote them.
pub(super) fn entries(catalog: Catalog) -> Entries {
    let known = catalog.docs.into_iter().filter_map(|doc| {
        let kind = EntryKind::find(&doc.kind)?;
        let value = serde_json::from_str(&doc.text?).unwrap_or(Value::Null);
        Some(((kind, doc.id), value))
    });
    known.collect()
}

/// A file in the form in which it is kept.
struct Settled {
    file: FederationFile,
    /// The accounts of local sources, which are kept elsewhere.
    accounts: Vec<(SourceEntry, Connection)>,
    errors: Vec<FederationError>,
    /// Entries whose secrets could not be had: what would follow from that is not told.
    without_secrets: BTreeSet<(EntryKind, String)>,
}

/// Hashes, seals and takes out what must not be kept as it is written.
fn settle(file: FederationFile, is: &Entries, vault: &Vault<'_>) -> Settled {
    let (errors, accounts) = (Vec::new(), Vec::new());
    let mut settled = Settled { file, accounts, errors, without_secrets: BTreeSet::new() };
    let mut tell = |kind, id: &str, problems: Vec<Problem>| {
        for problem in problems {
            settled.without_secrets.insert((kind, id.to_owned()));
            settled.errors.push(FederationError::entry(kind, id, problem));
        }
    };
    for party in &mut settled.file.relying_parties {
        without_nulls(&mut party.connection);
        let problems = match party.kind {
            Protocol::Oidc => vault.hash(&mut party.connection.0),
            Protocol::Saml => saml::read_file(&mut party.connection.0, vault.folder),
            // Refused when it is read.
            Protocol::Own => Vec::new(),
        };
        tell(EntryKind::RelyingParty, party.id.as_str(), problems);
    }
    for source in &mut settled.file.sources {
        without_nulls(&mut source.connection);
        match source.kind {
            SourceKind::Oidc => {
                let stored = is.get(&(EntryKind::Source, source.id.to_string()));
                let stored = stored.and_then(|value| value.get("connection")?.as_object());
                let problems = vault.seal(&source.id, &mut source.connection.0, stored);
                tell(EntryKind::Source, source.id.as_str(), problems);
            }
            SourceKind::Saml => {
                let problems = saml::read_file(&mut source.connection.0, vault.folder);
                tell(EntryKind::Source, source.id.as_str(), problems);
            }
            SourceKind::Local => {
                let connection = std::mem::take(&mut source.connection);
                settled.accounts.push((source.clone(), connection));
            }
        }
    }
    settled
}

/// A key without a value is a key that is not there.
fn without_nulls(connection: &mut Connection) {
    connection.0 = std::mem::take(&mut connection.0)
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect::<Map<_, _>>();
}

/// The federation as it would be: the file, and what is kept of what it does not name.
fn whole(file: &FederationFile, is: &Entries, prune: bool) -> FederationFile {
    let mut whole = file.clone();
    if prune {
        return whole;
    }
    let named = documents(file);
    for ((kind, _), value) in is.iter().filter(|(key, _)| !named.contains_key(*key)) {
        match kind {
            EntryKind::Agency => whole.agencies.extend(AgencyEntry::deserialize(value)),
            EntryKind::Source => whole.sources.extend(SourceEntry::deserialize(value)),
            EntryKind::RelyingParty => {
                whole.relying_parties.extend(RelyingPartyEntry::deserialize(value));
            }
        }
    }
    whole
}

/// The agencies that would go though the file still builds on them.
fn still_needed(file: &FederationFile, is: &Entries) -> Vec<FederationError> {
    let named: BTreeSet<_> = file.agencies.iter().map(|entry| &entry.id).collect();
    let sources = file.sources.iter().map(|one| (&one.agency, EntryKind::Source, one.id.as_str()));
    let parties = file.relying_parties.iter();
    let parties = parties.map(|one| (&one.agency, EntryKind::RelyingParty, one.id.as_str()));
    let builds = sources.chain(parties).filter(|(agency, ..)| !named.contains(agency));
    let mut needed: BTreeMap<&AgencyId, (EntryKind, &str)> = BTreeMap::new();
    for (agency, kind, id) in builds {
        if is.contains_key(&(EntryKind::Agency, agency.to_string())) {
            needed.entry(agency).or_insert((kind, id));
        }
    }
    let errors = needed.into_iter().map(|(agency, (kind, id))| {
        let message = format!("it cannot go: {}/{id} still belongs to it", kind.section());
        FederationError::entry(EntryKind::Agency, agency, Problem::new("", message))
    });
    errors.collect()
}

/// Makes of each entry what a node would make of it, and collects what is wrong. Returns the
/// accounts of each local source.
fn make(
    context: &Context,
    settled: &mut Settled,
    is: &Entries,
    vault: &Vault<'_>,
) -> Result<Vec<(SourceId, Vec<Wanted>)>, ApplyError> {
    let outside = outside(context)?;
    let ours = context.ours()?;
    let Settled { file, accounts, errors, without_secrets } = settled;
    let has_secrets = |kind, id: &str| !without_secrets.contains(&(kind, id.to_owned()));
    let mut agencies = BTreeMap::new();
    let mut tell = |kind, id: &dyn std::fmt::Display, problems: Vec<Problem>| {
        errors.extend(problems.into_iter().map(|one| FederationError::entry(kind, id, one)));
    };
    for entry in &file.agencies {
        match parts::agency(entry, context.surroundings()) {
            Ok(agency) => drop(agencies.insert(agency.id.clone(), agency)),
            Err(problems) => tell(EntryKind::Agency, &entry.id, problems),
        }
    }
    let sources = file.sources.iter();
    for entry in sources.filter(|one| has_secrets(EntryKind::Source, one.id.as_str())) {
        let made = parts::source(entry, &context.sealer, &outside, &ours);
        let made = made.and_then(|(_, speaker)| match speaker {
            Speaker::Saml(connector) => saml::not_over(connector.valid_until(), context.now),
            _ => Ok(()),
        });
        made.unwrap_or_else(|problems| tell(EntryKind::Source, &entry.id, problems));
    }
    let parties = file.relying_parties.iter();
    for entry in parties.filter(|one| has_secrets(EntryKind::RelyingParty, one.id.as_str())) {
        let made = parts::party(entry, context.surroundings());
        let made = made.and_then(|party| match party.dialect {
            Dialect::Saml(service) => {
                let end = service.fixed().and_then(|provider| provider.valid_until);
                saml::not_over(end, context.now)
            }
            Dialect::Oidc(_) => Ok(()),
        });
        made.unwrap_or_else(|problems| tell(EntryKind::RelyingParty, &entry.id, problems));
    }
    let mut people = Vec::new();
    for (entry, connection) in accounts.iter() {
        let agency = agencies.get(&entry.agency).cloned();
        let Some(agency) = agency.or_else(|| stored_agency(&entry.agency, is, context)) else {
            // What is wrong with the agency is told already.
            continue;
        };
        match accounts::wanted(connection, &agency, vault) {
            Ok(wanted) => people.push((entry.id.clone(), wanted)),
            Err(problems) => {
                let problems = problems.into_iter().map(|one| one.within("connection")).collect();
                tell(EntryKind::Source, &entry.id, problems);
            }
        }
    }
    Ok(people)
}

fn stored_agency(id: &AgencyId, is: &Entries, context: &Context) -> Option<Agency> {
    let value = is.get(&(EntryKind::Agency, id.to_string()))?;
    let entry = AgencyEntry::deserialize(value).ok()?;
    parts::agency(&entry, context.surroundings()).ok()
}

/// What connectors are judged with. Nothing is fetched.
fn outside(context: &Context) -> Result<Outside, ApplyError> {
    let policy = Policy { allow_loopback: context.loopback_peers, ..Policy::default() };
    let base_url = Url::parse(&context.issuer);
    Ok(Outside {
        fetcher: Fetcher::new(policy)?,
        documents: Arc::new(OidcDocuments::default()),
        base_url: base_url.map_err(|_| ApplyError::Issuer(context.issuer.clone()))?,
    })
}

/// The documents of `file`.
fn documents(file: &FederationFile) -> Entries {
    let agencies = file.agencies.iter().map(|one| doc(EntryKind::Agency, one.id.as_str(), one));
    let sources = file.sources.iter().map(|one| doc(EntryKind::Source, one.id.as_str(), one));
    let parties = file.relying_parties.iter();
    let parties = parties.map(|one| doc(EntryKind::RelyingParty, one.id.as_str(), one));
    agencies.chain(sources).chain(parties).collect()
}

fn doc(kind: EntryKind, id: &str, entry: &impl Serialize) -> ((EntryKind, String), Value) {
    // Texts, lists and maps with text keys always have a JSON form.
    ((kind, id.to_owned()), serde_json::to_value(entry).unwrap_or_default())
}
