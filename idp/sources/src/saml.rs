//! Sources that are SAML identity providers: the connector that sends a browser there and judges
//! what comes back.
//!
//! Owns the order of the steps and what is remembered between them. The wire is judged in
//! `idp_saml::sp`. Either all checks pass and there is an event, or there is a refusal.

mod attributes;
mod book;
mod connection;
mod memory;
mod name;
mod peer;
mod place;
mod stop;
mod subject;

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use idp_domain::connector::{Begun, Once};
use idp_domain::refusal::Fault;
use idp_domain::{
    Acr, AgencyId, Ask, Assurance, AuthenticationEvent, Connector, Identity, Inbound, Kept,
    Lifetime, Outbound, Pending, Progress, Refusal, SourceId, Timestamp,
};
use idp_saml::binding::{Binding, Kind, post, redirect};
use idp_saml::dsig::{DecryptionPolicy, Place, sign};
use idp_saml::keys::SamlKeys;
use idp_saml::metadata::Entity;
use idp_saml::sp::{Accepted, Expected, Wanted, authn_request, consume};
use url::Url;

use attributes::Reading;
pub use book::EntityBook;
pub use connection::{
    ConnectionError, Exceptions, NameIdFormat, Names, RequestAcr, RequestBinding, SamlConnection,
    SubjectPlace,
};
use memory::Memory;
pub use name::SourceName;
use peer::IdentityProvider;
pub use peer::PeerError;
pub use place::{MetadataPlace, PlaceError};
use stop::{Stop, misbehaved};
use subject::subject;

/// The longest `RelayState` that every binding carries, in bytes (SAML Bindings 3.4.3).
const MAX_RELAY_STATE: usize = 80;

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

    /// Our names in both roles: nobody else may be called so.
    fn names(&self) -> [String; 2] {
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
            reading: Reading::new(&connection.all_names())?,
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

    fn ask(&self, ask: &Ask) -> Result<Begun, Fault> {
        if ask.correlator.len() > MAX_RELAY_STATE {
            return Err(Fault::broken("fitting our handle into RelayState"));
        }
        let peer = match self.peer(ask.now) {
            Ok(peer) => peer,
            Err(stop) => return stop.into_refusal().map(Begun::Refused),
        };
        let memory = Memory::new(ask, &peer.trust.entity_id)?;
        let contexts = self.contexts(&ask.acr);
        let destination = peer.sso.location.as_str();
        let request = authn_request(&Wanted {
            id: memory.request_id(),
            now: ask.now,
            our_entity_id: &self.entity_id,
            destination,
            acs: &self.acs,
            contexts: &contexts,
            force: ask.force,
            passive: ask.passive,
            name_format: self.connection.name_id_format.map(NameIdFormat::uri),
            requester: self.connection.names_requester().then(|| ask.relying_party.as_str()),
            proxy_count: None,
            attribute_set: None,
            attributes: &[],
        });
        let keys = self.keys()?;
        let (key, alg) = (&*keys.signing, peer.alg(&keys.signing));
        let signed = self.connection.sign_requests;
        let relay_state = Some(ask.correlator.as_str());
        let outbound = match peer.sso.binding {
            Binding::Redirect => {
                let xml = request.to_canonical();
                let url = if signed {
                    redirect::write(destination, Kind::Request, &xml, relay_state, key, alg)
                        .map_err(|error| Fault::new("signing a request", error))?
                } else {
                    redirect::write_unsigned(destination, Kind::Request, &xml, relay_state)
                };
                let url = Url::parse(&url);
                Outbound::Redirect(url.map_err(|error| Fault::new("addressing a request", error))?)
            }
            Binding::Post | Binding::Soap => {
                let request = if signed {
                    sign(request, key, alg, Place::AfterIssuer)
                        .map_err(|error| Fault::new("signing a request", error))?
                } else {
                    request
                };
                let xml = request.to_canonical();
                posted(post::write(destination, Kind::Request, &xml, relay_state))?
            }
        };
        Ok(Begun::Go(outbound, memory.keep()?))
    }

    /// What is asked for, in the source's words. A strength that every sign-in has is not asked
    /// for: `exact` would forbid a stronger one.
    fn contexts(&self, asked: &[Acr]) -> Vec<String> {
        if self.connection.request_acr == RequestAcr::Omit {
            return Vec::new();
        }
        let mut contexts: Vec<String> = Vec::new();
        for acr in asked.iter().filter(|acr| acr.demands() != Some(Assurance::Aal1)) {
            let theirs = self.connection.acr.iter().filter(|(_, ours)| *ours == acr);
            let theirs: Vec<_> = theirs.map(|(name, _)| name.clone()).collect();
            // Our own words mean nothing elsewhere.
            let same = (theirs.is_empty() && !is_our_own(acr)).then(|| acr.as_str().to_owned());
            for name in theirs.into_iter().chain(same) {
                if !contexts.contains(&name) {
                    contexts.push(name);
                }
            }
        }
        if contexts.is_empty() {
            contexts.clone_from(&self.connection.required_authn_context);
        }
        contexts
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
        let required = &self.connection.required_authn_context;
        let context = accepted.context.as_ref();
        if !required.is_empty() && !context.is_some_and(|context| required.contains(context)) {
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
            acr: context.and_then(|context| self.our_name_for(context)),
            amr: Vec::new(),
            // One factor is certain; the broker credits more where it trusts the source for it.
            assurance: Assurance::Aal1,
            source_session: accepted.session_index.clone(),
            source_name: accepted.name_id.as_ref().map(|name| SourceName::from(name).text()),
            valid_until: accepted.session_until,
        })
    }

    fn our_name_for(&self, context: &str) -> Option<Acr> {
        self.connection.acr.get(context).cloned().or_else(|| context.parse().ok())
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
}

fn posted(form: post::PostForm) -> Result<Outbound, Fault> {
    let url = Url::parse(&form.action);
    let url = url.map_err(|error| Fault::new("addressing a request", error))?;
    let fields = form.fields.into_iter().map(|(name, value)| (name.to_owned(), value));
    Ok(Outbound::Post { url, fields: fields.collect() })
}

fn is_our_own(acr: &Acr) -> bool {
    use idp_domain::assurance::{AAL1, AAL2, AAL3};
    [AAL1, AAL2, AAL3].contains(&acr.as_str())
}

fn unavailable(reason: &'static str, detail: &str) -> Stop {
    Refusal::SourceUnavailable { reason, detail: detail.to_owned() }.into()
}
