//! Entries that speak SAML: what is made of them and of the metadata that they name.

use std::{path::Path, sync::Arc};

use arc_swap::ArcSwapOption;
use idp_domain::{AgencyId, RelyingParty, RelyingPartyId, SourceId, Timestamp};
use idp_saml::{
    idp::{ServiceProvider, ServiceProviderRegistration, Surroundings},
    metadata::Entity,
    quirks::{Preset, Quirk, fill},
    xml::{Limits, write_instant},
};
use idp_sources::saml::{
    ConnectionError, EntityBook, MetadataPlace, Ours, PlaceError, SamlConnection, SamlConnector,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    error::Problem,
    file::RelyingPartyEntry,
    metadata::facts,
    parts::{hint, parse},
};

/// The key of a connection under which metadata stands.
const METADATA: &str = "metadata";
/// The key of a connection that names a product.
const PRESET: &str = "preset";

/// The largest file with metadata that is read, in bytes.
const MAX_FILE: u64 = Limits::METADATA.bytes as u64;

/// Who speaks to the source `id` of `agency`.
pub(super) fn connector(
    id: &SourceId,
    agency: &AgencyId,
    connection: &Map<String, Value>,
    ours: &Ours,
) -> Result<Arc<SamlConnector>, Vec<Problem>> {
    let connection = source(connection)?;
    SamlConnector::new(id.clone(), agency.clone(), connection, ours.clone()).map(Arc::new).map_err(
        |error| {
            vec![match error {
                ConnectionError::Place(error) => in_metadata(&error),
                ConnectionError::Peer(error) => Problem::new(METADATA, error.to_string()),
                error => Problem::new("", error.to_string()),
            }]
        },
    )
}

/// What a connection says of a source, with what its product needs.
pub(super) fn source(connection: &Map<String, Value>) -> Result<SamlConnection, Vec<Problem>> {
    let (place, keys) = split(connection, |preset| &preset.source)?;
    let mut connection: SamlConnection = parse(&keys, &[])?;
    connection.metadata = place;
    Ok(connection)
}

/// What a connection says of a service provider, with what its product needs.
pub(super) fn service(
    connection: &Map<String, Value>,
) -> Result<(MetadataPlace, ServiceProviderRegistration), Vec<Problem>> {
    let (place, keys) = split(connection, |preset| &preset.service)?;
    Ok((place, parse(&keys, &[])?))
}

/// What an entry says of a service provider; its metadata may come later.
pub(crate) struct ServiceEntry {
    id: RelyingPartyId,
    /// Where its metadata stands.
    pub(crate) place: MetadataPlace,
    registration: ServiceProviderRegistration,
    surroundings: Surroundings,
    /// Whether the entry says what it may be told.
    is_told: bool,
    /// The service provider, where its metadata stands in the entry.
    fixed: Option<Arc<ServiceProvider>>,
    /// The service provider as made of what it last published.
    published: ArcSwapOption<(Arc<Entity>, Arc<ServiceProvider>)>,
}

impl ServiceEntry {
    /// The service provider of `entry`, as far as the entry says it.
    pub(super) fn new(
        entry: &RelyingPartyEntry,
        loopback_peers: bool,
    ) -> Result<Self, Vec<Problem>> {
        let (place, registration) = service(&entry.connection.0)?;
        let mut service = Self {
            id: entry.id.clone(),
            registration,
            surroundings: Surroundings { loopback_peers },
            is_told: entry.attributes.is_some(),
            fixed: None,
            published: ArcSwapOption::empty(),
            place,
        };
        let inline = service.place.settle(loopback_peers);
        if let Some(entity) = inline.map_err(|error| vec![in_metadata(&error)])? {
            service.fixed = Some(Arc::new(service.judge(&entity)?));
        }
        Ok(service)
    }

    /// The service provider that `entity` makes of it.
    pub(crate) fn judge(&self, entity: &Entity) -> Result<ServiceProvider, Vec<Problem>> {
        let (id, registration) = (self.id.clone(), &self.registration);
        ServiceProvider::register(id, entity, registration, self.surroundings).map_err(|errors| {
            let told = errors.iter().map(|error| {
                let message = format!("{} ({}). {}", error.problem, error.slug, error.hint);
                Problem::new(error.field, message)
            });
            told.collect()
        })
    }

    /// What policy needs of it, where only its metadata says that.
    pub(super) fn relying_party(
        &self,
        entry: RelyingParty,
        provider: &ServiceProvider,
    ) -> RelyingParty {
        let (subject, sector) = (provider.subject, provider.sector.clone());
        let releasable = if self.is_told { entry.releasable } else { provider.releasable.clone() };
        RelyingParty { subject, sector, releasable, ..entry }
    }

    /// Its name, where the entry says it.
    pub(crate) fn entity_id(&self) -> Option<&str> {
        let fixed = self.fixed.as_ref().map(|provider| provider.entity_id.as_str());
        fixed.or(self.place.entity_id.as_deref())
    }

    /// The service provider, where the entry brings its metadata.
    pub(crate) fn fixed(&self) -> Option<&Arc<ServiceProvider>> {
        self.fixed.as_ref()
    }

    /// The service provider as it is now known; none before its metadata is.
    pub(crate) fn provider(&self, book: &EntityBook) -> Option<Arc<ServiceProvider>> {
        if let Some(fixed) = &self.fixed {
            return Some(Arc::clone(fixed));
        }
        let entity = book.find(&format!("relying_parties/{}", self.id))?;
        if let Some(known) = &*self.published.load()
            && Arc::ptr_eq(&known.0, &entity)
        {
            return Some(Arc::clone(&known.1));
        }
        // It was judged before it came into the book.
        let provider = Arc::new(self.judge(&entity).ok()?);
        self.published.store(Some(Arc::new((entity, Arc::clone(&provider)))));
        Some(provider)
    }
}

/// Replaces a file that an entry names by what stands in it.
pub(super) fn read_file(connection: &mut Map<String, Value>, folder: &Path) -> Vec<Problem> {
    let place = format!("connection.{METADATA}.file");
    let Some(Value::Object(metadata)) = connection.get_mut(METADATA) else { return Vec::new() };
    let Some(Value::String(name)) = metadata.get("file") else { return Vec::new() };
    let path = folder.join(name);
    let unreadable = |error: std::io::Error| {
        vec![Problem::new(place.as_str(), format!("{}: {error}", path.display()))]
    };
    let size = match std::fs::metadata(&path) {
        Ok(found) => found.len(),
        Err(error) => return unreadable(error),
    };
    if size > MAX_FILE {
        let message = format!("{}: {size} bytes are too many", path.display());
        return vec![Problem::new(place, message)];
    }
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            metadata.remove("file");
            metadata.insert("xml".to_owned(), Value::String(text));
            Vec::new()
        }
        Err(error) => unreadable(error),
    }
}

/// Refuses metadata in the file that has ended.
pub(super) fn not_over(valid_until: Option<Timestamp>, now: Timestamp) -> Result<(), Vec<Problem>> {
    let Some(end) = valid_until.filter(|end| *end <= now) else { return Ok(()) };
    let message = format!("it was valid until {}; ask for newer metadata", write_instant(end));
    Err(vec![Problem::new(METADATA, message).within("connection")])
}

/// The entity id that a connection names or brings along; none where only its publisher knows it.
pub(super) fn entity_id(connection: &Map<String, Value>, loopback: bool) -> Option<String> {
    let place = place(connection)?;
    let inline = place.settle(loopback).ok().flatten();
    inline.map(|entity| entity.entity_id).or(place.entity_id)
}

/// What a change of the metadata in an entry means for people who sign in.
pub(super) fn changed(old: &Value, new: &Value, loopback: bool) -> Vec<String> {
    let connection = |entry: &Value| {
        let speaks = entry.get("kind").and_then(Value::as_str) == Some("saml");
        place(entry.get("connection").filter(|_| speaks)?.as_object()?)
    };
    let (Some(old), Some(new)) = (connection(old), connection(new)) else { return Vec::new() };
    let mut means = Vec::new();
    if new.url.is_some() && old.url != new.url {
        means.push("what it says of itself is fetched from another address".to_owned());
    }
    if old.signing_certificates != new.signing_certificates && !new.signing_certificates.is_empty()
    {
        means.push("only metadata that one of the new keys signed is believed".to_owned());
    }
    let inline = |place: &MetadataPlace| place.settle(loopback).ok().flatten();
    if let (Some(old), Some(new)) = (inline(&old), inline(&new)) {
        if old.entity_id != new.entity_id && new.idp.is_some() {
            means.push("people get new accounts: a link holds for one issuer only".to_owned());
        }
        means.extend(facts::change(Some(&old), &new).map(|change| change.words()));
    }
    means
}

/// What an operator should know of a service provider, although it is served.
pub(super) fn doubts(provider: &ServiceProvider) -> Vec<String> {
    let doubts = provider.doubts.iter();
    doubts.map(|doubt| format!("note: {}. {}", doubt.problem, doubt.hint)).collect()
}

fn place(connection: &Map<String, Value>) -> Option<MetadataPlace> {
    MetadataPlace::deserialize(connection.get(METADATA)?).ok()
}

/// A connection's metadata, and its other keys with those that its product needs.
fn split(
    connection: &Map<String, Value>,
    side: fn(&Preset) -> &Vec<Quirk>,
) -> Result<(MetadataPlace, Map<String, Value>), Vec<Problem>> {
    let mut keys = connection.clone();
    let metadata = match keys.remove(METADATA) {
        Some(Value::Object(metadata)) => metadata,
        Some(_) => {
            let message = "write { url: … }, { xml: … } or { file: … }";
            return Err(vec![Problem::new(METADATA, message)]);
        }
        None => return Err(vec![Problem::new(METADATA, "it is missing")]),
    };
    let place = parse::<MetadataPlace>(&metadata, &[]).map_err(|problems| {
        problems.into_iter().map(|one| one.within(METADATA)).collect::<Vec<_>>()
    })?;
    if let Some(name) = keys.remove(PRESET) {
        let preset = name.as_str().and_then(Preset::find).ok_or_else(|| {
            let known = Preset::all().iter().map(|preset| preset.name);
            let name = name.as_str().unwrap_or_default();
            let mut meant = hint(name, known.clone());
            if meant.is_empty() {
                meant = format!("; there is {}", known.collect::<Vec<_>>().join(", "));
            }
            vec![Problem::new(PRESET, format!("there is no such preset{meant}"))]
        })?;
        fill(&mut keys, side(preset));
    }
    Ok((place, keys))
}

fn in_metadata(error: &PlaceError) -> Problem {
    Problem::new(METADATA, error.to_string())
}
