//! A registered peer that speaks SAML, judged by the clauses of a profile: its entry, and its
//! metadata as it is in force.

use idp_domain::{
    AgencyId, Lifetime, RelyingPartyId, SourceId, Timestamp, agency::Domain,
    relying_party::Protocol, source::SourceKind,
};
use idp_saml::{
    conformance::{
        Provenance, Registered, Report, judge_identity_provider, judge_service_provider,
    },
    dsig::DecryptionPolicy,
    idp::{ServiceProvider, Surroundings},
    metadata::Entity,
};
use idp_sources::saml::{MetadataPlace, NameIdFormat, RequestBinding, SubjectPlace};
use idp_store::{Store, StoreError, federation::Catalog};
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::{
    error::{FederationError, Problem},
    file::{AgencyEntry, RelyingPartyEntry, SourceEntry},
    plan::EntryKind,
    saml,
};

/// What was found about a peer.
pub(crate) struct Judged {
    /// Its name on the wire.
    pub(crate) entity_id: String,
    /// The clauses.
    pub(crate) report: Report,
}

/// Why a peer cannot be judged.
#[derive(Debug, Error)]
pub(crate) enum Unjudged {
    /// There is no such entry.
    #[error("there is no {0}; `idp export` shows what there is")]
    Nobody(String),
    /// The entry is about something else.
    #[error("{0} does not speak SAML")]
    OtherDialect(String),
    /// The entry cannot be read.
    #[error(transparent)]
    Entry(#[from] FederationError),
    /// Its metadata is published, and was not fetched yet.
    #[error("{0}: what it publishes is not known yet; a running node fetches it")]
    Unknown(String),
    /// Its metadata makes no peer.
    #[error("{entry} cannot be served: {problem}")]
    Unfit {
        /// Which entry.
        entry: String,
        /// What is wrong.
        problem: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The federation, and what it takes to judge.
pub(crate) struct Court<'a> {
    store: &'a Store,
    catalog: Catalog,
    loopback_peers: bool,
    now: Timestamp,
}

impl<'a> Court<'a> {
    /// Reads the federation.
    pub(crate) async fn open(
        store: &'a Store,
        loopback_peers: bool,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let catalog = store.federation.load().await?;
        Ok(Self { store, catalog, loopback_peers, now })
    }

    /// Judges a relying party.
    pub(crate) async fn relying_party(&self, id: &RelyingPartyId) -> Result<Judged, Unjudged> {
        let kind = EntryKind::RelyingParty;
        let name = format!("{}/{id}", kind.section());
        let entry: RelyingPartyEntry = self.entry(kind, id.as_str())?;
        if entry.kind != Protocol::Saml {
            return Err(Unjudged::OtherDialect(name));
        }
        let (place, form) = saml::service(&entry.connection.0)
            .map_err(|all| unreadable(kind, id.as_str(), &all))?;
        let entity = self.entity(&name, &place).await?;
        let surroundings = Surroundings { loopback_peers: self.loopback_peers };
        let provider = ServiceProvider::register(id.clone(), &entity, &form, surroundings);
        let provider = provider.map_err(|errors| {
            let problems: Vec<_> = errors.iter().map(ToString::to_string).collect();
            Unjudged::Unfit { entry: name, problem: problems.join("; ") }
        })?;
        let from = provenance(&place);
        let report = judge_service_provider(&entity, &provider, &form, from, self.now);
        Ok(Judged { entity_id: entity.entity_id, report })
    }

    /// Judges a source.
    pub(crate) async fn source(&self, id: &SourceId) -> Result<Judged, Unjudged> {
        let kind = EntryKind::Source;
        let name = format!("{}/{id}", kind.section());
        let entry: SourceEntry = self.entry(kind, id.as_str())?;
        if entry.kind != SourceKind::Saml {
            return Err(Unjudged::OtherDialect(name));
        }
        let connection =
            saml::source(&entry.connection.0).map_err(|all| unreadable(kind, id.as_str(), &all))?;
        let entity = self.entity(&name, &connection.metadata).await?;
        if entity.idp.is_none() {
            let problem = "the metadata describes no identity provider".to_owned();
            return Err(Unjudged::Unfit { entry: name, problem });
        }
        let cbc_until = connection.cbc_until();
        let cbc_until = cbc_until.map_err(|error| {
            unreadable(kind, id.as_str(), &[Problem::new("connection", error.to_string())])
        })?;
        let by_subject_id = connection
            .subject_places()
            .iter()
            .any(|place| matches!(place, SubjectPlace::SubjectId | SubjectPlace::PairwiseId));
        let report = judge_identity_provider(&Registered {
            entity: &entity,
            provenance: provenance(&connection.metadata),
            by_post: connection.request_binding == Some(RequestBinding::Post),
            name_format: connection.name_id_format.map(NameIdFormat::uri),
            by_subject_id,
            require_encryption: connection.require_encryption,
            policy: DecryptionPolicy {
                oaep_sha1: connection.encryption.allow_oaep_sha1,
                cbc: cbc_until.is_some_and(|end| self.now < end),
            },
            skew: Lifetime::seconds(connection.clock_skew_seconds),
            scopes: &self.scopes(&entry.agency),
            now: self.now,
        });
        Ok(Judged { entity_id: entity.entity_id, report })
    }

    fn entry<T: DeserializeOwned>(&self, kind: EntryKind, id: &str) -> Result<T, Unjudged> {
        let mut docs = self.catalog.docs.iter();
        let doc = docs.find(|doc| doc.kind == kind.as_str() && doc.id == id);
        let text = doc.and_then(|doc| doc.text.as_deref());
        let nobody = || Unjudged::Nobody(format!("{}/{id}", kind.section()));
        serde_json::from_str(text.ok_or_else(nobody)?)
            .map_err(|error| unreadable(kind, id, &[Problem::unreadable("", &error.to_string())]))
    }

    /// What a peer says of itself: in its entry, or where it publishes it, as it was last good.
    async fn entity(&self, entry: &str, place: &MetadataPlace) -> Result<Entity, Unjudged> {
        let unfit = |problem: String| Unjudged::Unfit { entry: entry.to_owned(), problem };
        let inline = place.settle(self.loopback_peers);
        if let Some(entity) = inline.map_err(|error| unfit(error.to_string()))? {
            return Ok(entity);
        }
        let document = self.store.metadata.find(entry).await?;
        let current = document.filter(|document| Some(&document.url) == place.url.as_ref());
        let text = current.and_then(|document| document.text);
        let text = text.ok_or_else(|| Unjudged::Unknown(entry.to_owned()))?;
        // That it has ended is a finding of its own.
        let read = place.read(text.as_bytes(), None, self.loopback_peers);
        read.map_err(|error| unfit(error.to_string()))
    }

    fn scopes(&self, agency: &AgencyId) -> Vec<Domain> {
        let entry = self.entry::<AgencyEntry>(EntryKind::Agency, agency.as_str());
        entry.map(|entry| entry.scopes).unwrap_or_default()
    }
}

fn provenance(place: &MetadataPlace) -> Provenance<'_> {
    Provenance { address: place.url.as_deref(), signed: !place.signing_certificates.is_empty() }
}

fn unreadable(kind: EntryKind, id: &str, problems: &[Problem]) -> Unjudged {
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    FederationError::entry(kind, id, Problem::new("", problems.join("; "))).into()
}
