//! Sources that are SAML identity providers: the connector that sends a browser there and judges
//! what comes back.
//!
//! Owns the order of the steps and what is remembered between them. The wire is judged in
//! `idp_saml::sp`. Either all checks pass and there is an event, or there is a refusal.

mod attributes;
mod book;
mod connection;
mod logout;
mod memory;
mod peer;
mod place;
mod request;
mod stop;
mod subject;

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use idp_domain::connector::{Begun, Confirmed, Ending, Heard, Leave, Once, Said};
use idp_domain::refusal::Fault;
use idp_domain::{
    Acr, AgencyId, Amr, Ask, Assurance, AuthenticationEvent, Connector, Identity, Inbound, Kept,
    Lifetime, Outbound, Pending, Progress, Refusal, SourceId, Timestamp,
};
use idp_saml::binding::{Binding, Kind, post};
use idp_saml::dsig::DecryptionPolicy;
use idp_saml::keys::SamlKeys;
use idp_saml::logout::name_text;
use idp_saml::metadata::Entity;
use idp_saml::sp::{Accepted, Expected, consume};
use url::Url;

use attributes::{Reading, texts};
pub use book::EntityBook;
pub use connection::{
    ConnectionError, Exceptions, NameIdFormat, Names, RequestAcr, RequestBinding, SamlConnection,
    SubjectPlace,
};
use memory::Memory;
use peer::IdentityProvider;
pub use peer::PeerError;
pub use place::{MetadataPlace, PlaceError};
use stop::{Stop, misbehaved};
use subject::subject;

/// The most methods that are kept of one sign-in: more than any product knows.
const MAX_METHODS: usize = 32;

/// Who we are towards identity providers: what all connectors have in common.
#[derive(Clone, Debug)]
pub struct Ours {
    /// Where browsers reach us; sources send them back below it.
    pub base_url: Url,
    /// Our keys, as they now are. They are there before the first login.
    pub keys: Arc<ArcSwapOption<SamlKeys>>,
    /// What peers publish. Outlives a change of configuration.
    pub book: Arc<EntityBook>,
    /// Whether peers may be on loopback addresses, over plain `http`.
    pub loopback_peers: bool,
}

impl Ours {
    /// Our entity id as service provider: the address of that metadata.
    #[must_use]
    pub fn entity_id(&self) -> String {
        format!("{}/saml/sp/metadata", self.base())
    }

    /// Where the answers of `source` come.
    #[must_use]
    pub fn acs(&self, source: &SourceId) -> String {
        format!("{}/sources/{source}/acs", self.base())
    }

    /// Where logouts come, of all sources.
    fn slo(&self) -> String {
        format!("{}/saml/sp/slo", self.base())
    }

    /// Our names in both roles: nobody else may be called so.
    #[must_use]
    pub fn names(&self) -> [String; 2] {
        [self.entity_id(), format!("{}/saml/metadata", self.base())]
    }

    fn base(&self) -> &str {
        self.base_url.as_str().trim_end_matches('/')
    }
}

/// Speaks to one source that is a SAML identity provider.
#[derive(Debug)]
pub struct SamlConnector {
    source: SourceId,
    agency: AgencyId,
    entity_id: String,
    acs: String,
    reading: Reading,
    places: Vec<SubjectPlace>,
    cbc_until: Option<Timestamp>,
    /// The peer, where its metadata stands in the configuration.
    fixed: Option<Arc<IdentityProvider>>,
    /// The peer as made of what it last published.
    published: ArcSwapOption<(Arc<Entity>, Arc<IdentityProvider>)>,
    connection: SamlConnection,
    ours: Ours,
}

impl SamlConnector {
    /// A connector for `source` of `agency`; fails if `connection` can never work.
    pub fn new(
        source: SourceId,
        agency: AgencyId,
        connection: SamlConnection,
        ours: Ours,
    ) -> Result<Self, ConnectionError> {
        connection.verify()?;
        let inline = connection.metadata.settle(ours.loopback_peers)?;
        let fixed = inline.map(|entity| IdentityProvider::of(&entity, &connection, &ours.names()));
        Ok(Self {
            acs: ours.acs(&source),
            reading: Reading::new(&connection.attributes)?,
            places: connection.subject_places(),
            cbc_until: connection.cbc_until()?,
            fixed: fixed.transpose()?.map(Arc::new),
            published: ArcSwapOption::empty(),
            source,
            agency,
            entity_id: ours.entity_id(),
            connection,
            ours,
        })
    }

    /// Where the source's metadata stands.
    #[must_use]
    pub fn place(&self) -> &MetadataPlace {
        &self.connection.metadata
    }

    /// The peer's entity id, where the configuration says it.
    #[must_use]
    pub fn peer_name(&self) -> Option<String> {
        let fixed = self.fixed.as_ref().map(|peer| peer.trust.entity_id.clone());
        fixed.or_else(|| self.connection.metadata.entity_id.clone())
    }

    /// From when on the metadata in the configuration no longer counts, if it says so.
    #[must_use]
    pub fn valid_until(&self) -> Option<Timestamp> {
        self.fixed.as_ref().and_then(|peer| peer.valid_until)
    }

    /// Refuses metadata of the source that it could not work with.
    pub fn judge(&self, entity: &Entity) -> Result<(), PeerError> {
        IdentityProvider::of(entity, &self.connection, &self.ours.names()).map(drop)
    }

    /// The source as its metadata now describes it.
    fn peer(&self, now: Timestamp) -> Result<Arc<IdentityProvider>, Stop> {
        let peer = match &self.fixed {
            Some(peer) => Arc::clone(peer),
            None => self.published()?,
        };
        if peer.is_over(now) {
            return Err(unavailable("metadata_expired", "the source's metadata has ended"));
        }
        Ok(peer)
    }

    fn published(&self) -> Result<Arc<IdentityProvider>, Stop> {
        let entry = format!("sources/{}", self.source);
        let Some(entity) = self.ours.book.find(&entry) else {
            let detail = "the source's metadata could not be fetched yet";
            return Err(unavailable("metadata_missing", detail));
        };
        if let Some(known) = &*self.published.load()
            && Arc::ptr_eq(&known.0, &entity)
        {
            return Ok(Arc::clone(&known.1));
        }
        let peer = IdentityProvider::of(&entity, &self.connection, &self.ours.names())
            .map_err(|error| unavailable(error.slug(), &error.to_string()))?;
        let peer = Arc::new(peer);
        self.published.store(Some(Arc::new((entity, Arc::clone(&peer)))));
        Ok(peer)
    }

    fn keys(&self) -> Result<Arc<SamlKeys>, Fault> {
        self.ours.keys.load_full().ok_or_else(|| Fault::broken("looking for our own SAML keys"))
    }

    fn judge_reply(&self, kept: &Kept, reply: &Inbound) -> Result<Progress, Fault> {
        let proven = Memory::recall(kept, reply.now).and_then(|memory| {
            let peer = self.peer(reply.now)?;
            if memory.issuer != peer.trust.entity_id {
                // The source was pointed elsewhere in the middle of this login.
                return Err(Refusal::TransactionLost.into());
            }
            self.prove(&peer, Some(&memory), reply)
        });
        proven.or_else(|stop| stop.into_refusal().map(Progress::Refused))
    }

    fn judge_unasked(&self, reply: &Inbound) -> Result<Progress, Fault> {
        let proven = self.unasked_allowed().and_then(|()| {
            let peer = self.peer(reply.now)?;
            self.prove(&peer, None, reply)
        });
        proven.or_else(|stop| stop.into_refusal().map(Progress::Refused))
    }

    fn unasked_allowed(&self) -> Result<(), Stop> {
        if self.connection.idp_initiated {
            return Ok(());
        }
        Err(misbehaved("unsolicited", "the source answered what nobody asked"))
    }

    fn prove(
        &self,
        peer: &IdentityProvider,
        memory: Option<&Memory>,
        reply: &Inbound,
    ) -> Result<Progress, Stop> {
        if !reply.query.is_empty() {
            return Err(misbehaved("binding", "an answer came with a query"));
        }
        let message = post::read(&reply.form)?.demand(Binding::Post, Kind::Response)?;
        let keys = self.keys()?;
        let asked = memory.map(Memory::asked);
        let expected = Expected {
            idp: &peer.trust,
            our_entity_id: &self.entity_id,
            acs: &self.acs,
            asked: asked.as_ref(),
            decryption: &keys.decryption,
            policy: DecryptionPolicy {
                oaep_sha1: self.connection.encryption.allow_oaep_sha1,
                cbc: self.cbc_until.is_some_and(|end| reply.now < end),
            },
            require_encryption: self.connection.require_encryption,
            skew: Lifetime::seconds(self.connection.clock_skew_seconds),
            now: reply.now,
        };
        let passive = memory.is_some_and(|memory| memory.passive);
        let accepted =
            consume(&message.xml, &expected).map_err(|error| Stop::judged(&error, passive))?;
        let event = self.event(&accepted, reply.now)?;
        let once = Once {
            // An entity id has no blanks.
            key: format!("{} {}", accepted.issuer, accepted.assertion_id),
            until: accepted.replay_until,
        };
        Ok(Progress::Proven { event: Box::new(event), once: Some(once) })
    }

    fn event(&self, accepted: &Accepted, now: Timestamp) -> Result<AuthenticationEvent, Stop> {
        let methods = self.methods_told(accepted)?;
        let contexts: Vec<_> = methods.iter().copied().chain(accepted.context.as_deref()).collect();
        let required = &self.connection.required_authn_context;
        if !required.is_empty() && !contexts.iter().any(|one| required.iter().any(|r| r == one)) {
            return Err(Refusal::AssuranceUnmet.into());
        }
        Ok(AuthenticationEvent {
            identity: Identity {
                source: self.source.clone(),
                issuer: accepted.issuer.clone(),
                subject: subject(&self.places, accepted, &self.entity_id)?,
                attributes: self.reading.read(&accepted.attributes)?,
            },
            agency: self.agency.clone(),
            authenticated_at: Some(accepted.authn_instant),
            received_at: now,
            acr: self.our_name_for(&contexts, accepted.context.as_deref()),
            amr: methods.iter().take(MAX_METHODS).filter_map(|name| Amr::new(name)).collect(),
            // One factor is certain; the broker credits more where it trusts the source for it.
            assurance: Assurance::Aal1,
            phishing_resistant: false,
            credited_by: None,
            credited_until: None,
            source_session: accepted.session_index.clone(),
            source_name: accepted.name_id.as_ref().map(name_text),
            valid_until: accepted.session_until,
        })
    }

    /// What the source tells of methods in an attribute of its own. They count as contexts, too,
    /// beside the class. A declaration is not looked at.
    fn methods_told<'a>(&self, accepted: &'a Accepted) -> Result<Vec<&'a str>, Stop> {
        let attribute = self.connection.context_attribute.as_deref();
        let told = attribute.map(|name| texts(&accepted.attributes, |known| known == name));
        Ok(told.transpose()?.unwrap_or_default())
    }

    /// Our name for what the source tells: the strongest of those that it has words of its own
    /// for, else its class as it is.
    fn our_name_for(&self, contexts: &[&str], class: Option<&str>) -> Option<Acr> {
        let translated = contexts.iter().filter_map(|context| self.connection.acr.get(*context));
        let best = translated.max_by_key(|acr| acr.demands()).cloned();
        best.or_else(|| class?.parse().ok())
    }
}

impl Connector for SamlConnector {
    fn begin<'a>(&'a self, ask: &'a Ask) -> Pending<'a, Begun> {
        Box::pin(async move { self.ask(ask) })
    }

    fn resume(&self, kept: Kept, reply: Inbound) -> Pending<'_, Progress> {
        Box::pin(async move { self.judge_reply(&kept, &reply) })
    }

    fn unsolicited(&self, reply: Inbound) -> Pending<'_, Progress> {
        Box::pin(async move { self.judge_unasked(&reply) })
    }

    fn leave<'a>(
        &'a self,
        event: &'a AuthenticationEvent,
        leave: &'a Leave,
    ) -> Pending<'a, Option<Outbound>> {
        Box::pin(async move { self.say_goodbye(event, leave) })
    }

    fn hear(&self, said: Said) -> Pending<'_, Heard> {
        Box::pin(async move { self.listen(&said) })
    }

    fn confirm<'a>(
        &'a self,
        asked: &'a Kept,
        ending: Ending,
        now: Timestamp,
    ) -> Pending<'a, Confirmed> {
        Box::pin(async move { self.reply(asked, ending, now) })
    }
}

fn unavailable(reason: &'static str, detail: &str) -> Stop {
    Refusal::SourceUnavailable { reason, detail: detail.to_owned() }.into()
}

#[cfg(test)]
mod agency;
#[cfg(test)]
mod tests;
