//! Applying a federation file: everything is judged before anything is written, documents change as
//! a whole or not at all, and applying twice changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use idp_domain::{Agency, AgencyId, AuditEvent, Fault, audit::AuditKind, source::SourceKind};
use idp_factors::password::HashError;
use idp_fetch::{FetchError, Fetcher, Policy};
use idp_sources::oidc::{OidcDocuments, Outside};
use idp_store::{
    Act, Outcome, StoreError, Unit,
    federation::{Catalog, Changes, DocChange},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;
use url::Url;

use super::{
    Context,
    accounts::{self, AccountChange, AccountCount, Wanted},
    error::{FederationError, Problem},
    file::{AgencyEntry, Connection, FederationFile, RelyingPartyEntry, SourceEntry},
    parts,
    plan::{Action, Change, Entries, EntryKind, plan},
    read,
    secrets::Vault,
};

/// How many of the changed entries the trail names.
const NAMED: usize = 10;

/// Why a file was not applied.
#[derive(Debug, Error)]
pub(crate) enum ApplyError {
    /// The file is wrong; nothing was written.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<FederationError>),
    /// Somebody else changed the federation meanwhile; nothing was written.
    #[error("the federation was changed by somebody else in the meantime: look again with `plan`")]
    Conflict,
    /// Some local accounts were changed by somebody else meanwhile; everything else is written.
    #[error("{count} local accounts were changed by somebody else in the meantime: apply again")]
    Accounts {
        /// How many.
        count: usize,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The connections could not be judged.
    #[error("outbound requests cannot be judged: {0}")]
    Outbound(#[from] FetchError),
    /// Our own failure.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The issuer is no address.
    #[error("{0} is no address of the broker")]
    Issuer(String),
    /// No name could be made for an account.
    #[error("no name could be made for a local account")]
    Subject,
    /// The process is ending.
    #[error("the writing of local accounts was stopped")]
    Stopped,
}

/// What applying a file changes; nothing is written yet.
pub(crate) struct Prepared {
    against: i64,
    docs: Vec<DocChange>,
    accounts: Vec<AccountChange>,
    /// What it is and means, for people and scripts.
    pub(crate) plan: Plan,
}

/// The difference between what is and what is wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Plan {
    /// Entries that change.
    pub(crate) changes: Vec<Change>,
    /// Local accounts that change, by source.
    pub(crate) accounts: Vec<AccountCount>,
}

impl Plan {
    /// Whether everything is as it should be.
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.accounts.is_empty()
    }

    /// How many entries are new, changed and removed.
    pub(crate) fn counts(&self) -> [usize; 3] {
        let count = |wanted: fn(&Action) -> bool| {
            self.changes.iter().filter(|change| wanted(&change.action)).count()
        };
        [
            count(|action| matches!(action, Action::Create)),
            count(|action| matches!(action, Action::Update(_))),
            count(|action| matches!(action, Action::Remove)),
        ]
    }
}

/// Judges `file` against what is there, and says what applying it would change.
pub(crate) async fn prepare(
    context: &Context,
    file: FederationFile,
    prune: bool,
) -> Result<Prepared, ApplyError> {
    let catalog = context.store.federation.load().await?;
    let against = catalog.version;
    let is = entries(catalog);
    let vault = Vault { sealer: &context.sealer, folder: &context.config_folder };
    let mut settled = settle(file, &is, &vault);
    settled.errors.extend(read::check(&whole(&settled.file, &is, prune)).err().unwrap_or_default());
    if prune {
        settled.errors.extend(still_needed(&settled.file, &is));
    }
    let people = judge(context, &mut settled, &is, &vault)?;
    if !settled.errors.is_empty() {
        return Err(ApplyError::Refused(settled.errors));
    }
    let wanted = documents(&settled.file);
    let changes = plan(&is, &wanted, prune, context.surroundings());
    let docs = changes.iter().map(|change| {
        let key = (change.kind, change.id.clone());
        let text = match change.action {
            Action::Create | Action::Update(_) => wanted.get(&key).map(Value::to_string),
            Action::Remove => None,
        };
        DocChange { kind: change.kind.as_str().to_owned(), id: key.1, text }
    });
    let docs = docs.collect();
    let (mut accounts, mut counts) = (Vec::new(), Vec::new());
    for (source, people) in people {
        let (some, count) = accounts::compare(context, &source, people).await?;
        if !some.is_empty() {
            accounts.extend(some);
            counts.push(count);
        }
    }
    Ok(Prepared { against, docs, accounts, plan: Plan { changes, accounts: counts } })
}

impl Prepared {
    /// Writes the changes, with their lines in the trail.
    pub(crate) async fn commit(self, context: &Context) -> Result<Plan, ApplyError> {
        // Slow and able to fail, so before anything is written.
        let accounts = accounts::hash(context, self.accounts).await?;
        if !self.docs.is_empty() {
            let event = event(&self.plan, context);
            let act = Act::ChangeFederation(Changes { against: self.against, docs: self.docs });
            let unit = Unit::telling(act, move |outcome| match outcome {
                Outcome::Applied { version } => {
                    vec![event.clone().with("version", version.to_string())]
                }
                _ => Vec::new(),
            });
            match context.store.journal.commit(unit).await? {
                Outcome::Applied { .. } => {}
                _ => return Err(ApplyError::Conflict),
            }
        }
        accounts::write(context, accounts).await?;
        Ok(self.plan)
    }
}

fn event(plan: &Plan, context: &Context) -> AuditEvent {
    let [created, updated, removed] = plan.counts();
    let first = plan.changes.iter().take(NAMED);
    let first: Vec<_> = first.map(|one| format!("{}/{}", one.kind.section(), one.id)).collect();
    AuditEvent::new(AuditKind::FederationApplied, context.now)
        .with("created", created.to_string())
        .with("updated", updated.to_string())
        .with("removed", removed.to_string())
        .with("first", first.join(" "))
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
        let problems = vault.hash(&mut party.connection.0);
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
fn judge(
    context: &Context,
    settled: &mut Settled,
    is: &Entries,
    vault: &Vault<'_>,
) -> Result<Vec<(idp_domain::SourceId, Vec<Wanted>)>, ApplyError> {
    let outside = outside(context)?;
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
        if let Err(problems) = parts::source(entry, &context.sealer, &outside) {
            tell(EntryKind::Source, &entry.id, problems);
        }
    }
    let parties = file.relying_parties.iter();
    for entry in parties.filter(|one| has_secrets(EntryKind::RelyingParty, one.id.as_str())) {
        if let Err(problems) = parts::party(entry, context.surroundings()) {
            tell(EntryKind::RelyingParty, &entry.id, problems);
        }
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
