//! Entries that speak SAML: what is made of them and of the metadata that they name.

use std::sync::Arc;

use idp_domain::Timestamp;
use idp_oidc::op::Surroundings;
use idp_saml::{
    idp::{ServiceProvider, ServiceProviderRegistration, Surroundings as SamlSurroundings},
    metadata::Entity,
    quirks::{Preset, Quirk, fill},
};
use idp_sources::saml::{
    ConnectionError, MetadataPlace, Ours, PlaceError, SamlConnection, SamlConnector,
};
use serde_json::{Map, Value};

use super::{
    error::Problem,
    file::{RelyingPartyEntry, SourceEntry},
    parts::{hint, parse},
};

/// The key of a connection under which metadata stands.
pub(super) const METADATA: &str = "metadata";
/// The key of a connection that names a product.
const PRESET: &str = "preset";

/// Who speaks to the source of `entry`.
pub(super) fn connector(
    entry: &SourceEntry,
    ours: &Ours,
) -> Result<Arc<SamlConnector>, Vec<Problem>> {
    let (place, keys) = split(&entry.connection.0, |preset| &preset.source)?;
    let mut connection: SamlConnection = parse(&keys, &[])?;
    connection.metadata = place;
    SamlConnector::new(entry.id.clone(), entry.agency.clone(), connection, ours.clone())
        .map(Arc::new)
        .map_err(|error| {
            vec![match error {
                ConnectionError::Place(error) => in_metadata(&error),
                ConnectionError::Peer(error) => Problem::new(METADATA, error.to_string()),
                error => Problem::new("", error.to_string()),
            }]
        })
}

/// The service provider of `entry`, with what it has published where it publishes. `None` as long
/// as that is not known.
pub(super) fn service_provider(
    entry: &RelyingPartyEntry,
    surroundings: Surroundings,
    published: Option<&Entity>,
) -> Result<Option<ServiceProvider>, Vec<Problem>> {
    let (place, keys) = split(&entry.connection.0, |preset| &preset.service)?;
    let registration: ServiceProviderRegistration = parse(&keys, &[])?;
    let loopback_peers = surroundings.loopback_peers;
    let inline = place.settle(loopback_peers).map_err(|error| vec![in_metadata(&error)])?;
    let Some(entity) = inline.as_ref().or(published) else { return Ok(None) };
    let surroundings = SamlSurroundings { loopback_peers };
    ServiceProvider::register(entry.id.clone(), entity, &registration, surroundings)
        .map(Some)
        .map_err(|errors| {
            let told = errors.iter().map(|error| {
                let message = format!("{} ({}). {}", error.problem, error.slug, error.hint);
                Problem::new(error.field, message)
            });
            told.collect()
        })
}

/// Where the metadata of a connection stands.
pub(super) fn place(connection: &Map<String, Value>) -> Option<MetadataPlace> {
    connection.get(METADATA).and_then(|value| serde_json::from_value(value.clone()).ok())
}

/// The entity id that an entry names or brings along; none where only its publisher knows it.
pub(super) fn named_entity(connection: &Map<String, Value>, loopback: bool) -> Option<String> {
    let place = place(connection)?;
    match place.settle(loopback) {
        Ok(Some(entity)) => Some(entity.entity_id),
        _ => place.entity_id,
    }
}

/// That metadata which stands in the file has ended.
pub(super) fn ended(valid_until: Option<Timestamp>, now: Timestamp) -> Option<Problem> {
    let end = valid_until.filter(|end| *end <= now)?;
    let end = idp_saml::xml::write_instant(end);
    Some(Problem::new(METADATA, format!("it was valid until {end}; ask for newer metadata")))
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
