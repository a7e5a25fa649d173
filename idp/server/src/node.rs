//! A node: stores, keys, broker and pages, wired together from settings.
//!
//! Nothing here blocks a start for a store that is away; only what cannot work ends it.
//! Length: what is wired together is seen in one place.

mod memory;

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwapOption;
use axum::Router;
use idp_broker::{Broker, HelpDesk};
use idp_factors::password::Hasher;
use idp_fetch::Fetcher;
use idp_mail::Delivery;
use idp_oidc::keys::Rotation;
use idp_sources::{
    local::Gate,
    oidc::{OidcDocuments, Outside},
    saml::Ours,
};
use idp_store::{
    Shelf, StoreError, Throttle,
    db::Claim,
    shelf::{Drawer, Health, Kind},
};
use idp_web::{App, Parts, Registry, page::Pages};
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

use crate::{
    clock,
    federation::{
        self,
        metadata::Refresher,
        registry::{Mirror, Tools},
    },
    keys::KeysError,
    settings::{Mail, Settings},
};
pub(crate) use memory::Memory;
use memory::{AGAIN, Patience};

/// Values of each kind that lie in this process when there is no Redis.
const MEMORY_CAPACITY: usize = 1_000_000;

/// How often a node looks for services that have not heard of a logout: one read by an index.
const NOTICES: Duration = Duration::from_secs(1);

/// How often the policy of keys is asked, and what is over is deleted.
const HOUSEKEEPING: Duration = Duration::from_mins(5);

/// Why a node cannot start, however long it waits.
#[derive(Debug, Error)]
pub(crate) enum StartError {
    /// The database is of another time, or is in use.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// Values cannot be sealed.
    #[error("nothing can be sealed: {0}")]
    Seal(#[from] idp_store::seal::SealError),
    /// Passwords cannot be hashed.
    #[error("the threads that hash passwords do not start: {0}")]
    Hasher(std::io::Error),
    /// Nothing can be fetched.
    #[error("[outbound] {0}")]
    Fetch(#[from] idp_fetch::FetchError),
    /// Our metadata cannot be signed.
    #[error("our SAML metadata cannot be signed: {0}")]
    Metadata(#[from] idp_saml::dsig::KeyError),
    /// The theme does not work.
    #[error("[theme] {0}")]
    Theme(#[from] idp_web::page::ThemeError),
    /// Our own pages cannot be named.
    #[error("our own pages have no name: {0}")]
    Own(#[from] idp_domain::IdError),
    /// Passkeys of people would be dead.
    #[error(
        "[passkeys] {count} passkeys work for another id than `{id}` and would be useless: go back \
         to the id that they were made for, or start with --accept-passkey-loss {count}"
    )]
    PasskeyLoss {
        /// How many.
        count: u64,
        /// The id that is configured.
        id: String,
    },
}

/// A node that can serve.
pub(crate) struct Node {
    /// What it remembers.
    pub(crate) memory: Memory,
    shelf: Arc<Shelf>,
    app: App,
    broker: Arc<Broker>,
    mirror: tokio::sync::Mutex<Mirror>,
    /// Who the node is to SAML peers, and the host in the certificates of its keys.
    ours: Ours,
    host: String,
    refresher: Refresher,
    delivery: Option<Delivery>,
    /// Held for as long as the node lives: of one SQLite file there is one node.
    _claim: Claim,
}

/// What most parts of a node stand on.
struct Ground<'a> {
    memory: &'a Memory,
    shelf: &'a Arc<Shelf>,
    throttle: &'a Arc<Throttle>,
}

impl Ground<'_> {
    fn drawer<T: Serialize + DeserializeOwned>(&self, kind: Kind) -> Drawer<T> {
        Drawer::new(Arc::clone(self.shelf), Arc::clone(&self.memory.sealer), kind)
    }

    fn broker(&self, fetcher: &Fetcher, subjects: &[u8; 32], settings: &Settings) -> Broker {
        let store = &self.memory.store;
        Broker::new(idp_broker::Parts {
            transactions: self.drawer(Kind::Transaction),
            sessions: self.drawer(Kind::Session),
            logouts: self.drawer(Kind::Logout),
            known: store.sessions.clone(),
            fetcher: fetcher.clone(),
            journal: store.journal.clone(),
            accounts: store.accounts.clone(),
            revocations: store.revocations.clone(),
            subjects: idp_broker::SubjectKey::new(subjects),
            factors: store.factors.clone(),
            passes: store.access_passes.clone(),
            devices: store.devices.clone(),
            ceremonies: self.drawer(Kind::Ceremony),
            sealer: Arc::clone(&self.memory.sealer),
            letters: settings.mail.is_some(),
            throttle: Arc::clone(self.throttle),
            site: settings.passkeys.site.clone(),
            models: Arc::clone(&settings.passkeys.models),
            settings: settings.sessions,
            end_suspicious: settings.end_suspicious,
        })
    }

    fn delivery(&self, mail: Mail) -> Delivery {
        Delivery::new(idp_mail::Parts {
            journal: self.memory.store.journal.clone(),
            letters: self.memory.store.letters.clone(),
            sealer: Arc::clone(&self.memory.sealer),
            throttle: Arc::clone(self.throttle),
            server: mail.server,
            sender: mail.sender,
            letterhead: mail.letterhead,
        })
    }
}

impl Node {
    /// Builds a node on a database that is ready.
    pub(crate) async fn build(
        mut settings: Settings,
        memory: Memory,
    ) -> Result<Arc<Self>, StartError> {
        let Memory { store, sealer, keys } = &memory;
        let claim = store.db.claim()?;
        memory::spare_passkeys(store, &settings.passkeys).await?;
        settings.passkeys.measure();
        let shelf = Arc::new(match settings.redis.take() {
            Some(place) => Shelf::redis(place, settings.instance.clone()),
            None => Shelf::memory(MEMORY_CAPACITY),
        });
        let keyset = memory::kept(keys).await?;
        let subjects = memory::subject_key(keys).await?;
        let host = settings.base_url.host_str().unwrap_or_default().to_owned();
        let saml_keys = Arc::new(memory::saml_keys(keys, &host).await?);
        let fetcher = Fetcher::new(settings.outbound.clone())?;
        let throttle = Arc::new(Throttle::new(shelf.clone(), sealer.clone()));
        let ground = Ground { memory: &memory, shelf: &shelf, throttle: &throttle };
        let broker = Arc::new(ground.broker(&fetcher, &subjects, &settings));
        let hasher = Hasher::start(settings.hashing).map_err(StartError::Hasher)?;
        let gate = Arc::new(Gate::new(
            store.local_accounts.clone(),
            store.journal.clone(),
            throttle.clone(),
            hasher,
            settings.gate,
        ));
        let base_url = settings.base_url.clone();
        let outside = Outside {
            fetcher: fetcher.clone(),
            documents: Arc::new(OidcDocuments::default()),
            base_url: settings.base_url,
        };
        let ours = Ours {
            base_url: base_url.clone(),
            keys: Arc::new(ArcSwapOption::from(Some(saml_keys.clone()))),
            book: Arc::default(),
            loopback_peers: settings.loopback_peers,
        };
        let tools = Tools {
            sealer: sealer.clone(),
            outside,
            ours: ours.clone(),
            issuer: settings.issuer.as_str().to_owned(),
            loopback_peers: settings.loopback_peers,
            account: federation::own::account(&base_url)?,
        };
        let mirror = Mirror::new(tools, gate);
        let letters = settings.mail.is_some();
        let delivery = settings.mail.map(|mail| ground.delivery(mail));
        let app = App::new(
            Parts {
                broker: broker.clone(),
                store: store.clone(),
                desk: HelpDesk::new(store, sealer.clone(), letters),
                throttle: throttle.clone(),
                codes: ground.drawer(Kind::Code),
                grants: ground.drawer(Kind::GrantCache),
                bindings: ground.drawer(Kind::BrowserBinding),
                parked: ground.drawer(Kind::Parked),
                pages: Pages::new(settings.theme)?,
                about: settings.about,
                base_url,
                issuer: settings.issuer,
                mark: settings.mark,
                proxies: settings.proxies,
                session_life: settings.sessions.absolute,
                request_time: settings.request_time,
                clock: clock::now,
            },
            Arc::new(keyset),
            saml_keys,
        )?;
        let refresher = mirror.refresher(store.clone(), fetcher, clock::now);
        let mirror = tokio::sync::Mutex::new(mirror);
        let node = Arc::new(Self {
            memory,
            shelf,
            app,
            broker,
            mirror,
            ours,
            host,
            refresher,
            delivery,
            _claim: claim,
        });
        let mut patience = Patience::default();
        while let Err(error) = node.reload().await {
            if !error.is_temporary() {
                return Err(error.into());
            }
            patience.wait(&error).await;
        }
        Ok(node)
    }

    /// All routes of the public listener.
    pub(crate) fn routes(&self) -> Router {
        self.app.routes()
    }

    /// The federation as the node serves it.
    #[cfg(test)]
    pub(crate) fn catalog(&self) -> Arc<idp_broker::Catalog> {
        Arc::clone(&self.broker.catalog())
    }

    /// Whether the node can serve now, and what is missing if not.
    pub(crate) fn readiness(&self) -> Result<(), &'static str> {
        if !self.memory.store.journal.is_open() {
            return Err("nothing can be written any more: restart the node");
        }
        if !self.memory.store.revocations.is_fresh() {
            return Err("the database is away");
        }
        match self.shelf.health() {
            Health::Up => Ok(()),
            Health::Away { .. } => Err("redis is away"),
        }
    }

    /// Takes over what changed in the federation, and in what its peers publish, since the last
    /// time.
    pub(crate) async fn reload(&self) -> Result<(), StoreError> {
        let mut mirror = self.mirror.lock().await;
        let store = &self.memory.store;
        let changed = store.federation.load_since(mirror.version()).await?;
        let learned = store.metadata.load_since(mirror.learned()).await?;
        let off = store.switches.load().await?;
        mirror.take(changed);
        mirror.learn(learned);
        mirror.switch(off);
        for entry in mirror.unread() {
            mirror.found(&entry, store.metadata.find(&entry).await?);
        }
        let begun = std::time::Instant::now();
        let Some(built) = mirror.news() else { return Ok(()) };
        let (agencies, sources, relying_parties) = built.catalog.counts();
        self.broker.replace_catalog(Arc::new(built.catalog));
        let published = self.app.replace_registry(Registry {
            clients: built.clients,
            origins: built.origins,
            service_providers: built.service_providers,
            entities: built.entities,
            directory: built.directory,
        });
        if let Err(error) = published {
            tracing::error!(%error, "our SAML metadata cannot be rendered anew");
        }
        let took = begun.elapsed();
        tracing::info!(agencies, sources, relying_parties, ?took, "the federation is in force");
        Ok(())
    }

    /// Follows changes of the federation and of the keys for as long as the node lives.
    pub(crate) async fn follow(self: Arc<Self>) {
        let mut versions = self.memory.store.revocations.versions();
        let mut known = *versions.borrow_and_update();
        let mut housekeeping = tokio::time::interval(HOUSEKEEPING);
        housekeeping.tick().await;
        loop {
            tokio::select! {
                changed = versions.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let now = *versions.borrow_and_update();
                    let moved = now.federation != known.federation
                        || now.metadata != known.metadata
                        || now.switches != known.switches;
                    if moved && let Err(error) = self.reload().await
                    {
                        tracing::warn!(%error, "a change of the federation is not in force yet");
                        versions.mark_changed();
                        tokio::time::sleep(AGAIN).await;
                        continue;
                    }
                    if now.keys != known.keys
                        && let Err(error) = self.reload_keys().await
                    {
                        tracing::error!(%error, "a change of keys is not in force");
                        versions.mark_changed();
                        tokio::time::sleep(AGAIN).await;
                        continue;
                    }
                    known = now;
                }
                _ = housekeeping.tick() => self.tidy().await,
            }
        }
    }

    async fn reload_keys(&self) -> Result<(), StartError> {
        self.app.replace_keys(Arc::new(self.memory.keys.load().await?));
        let keys = Arc::new(self.memory.keys.saml(&self.host, clock::now()).await?);
        self.ours.keys.store(Some(Arc::clone(&keys)));
        Ok(self.app.replace_saml_keys(keys)?)
    }

    /// Refreshes what peers publish, for as long as the node lives.
    pub(crate) async fn refresh(self: Arc<Self>) {
        self.refresher.clone().run().await;
    }

    /// Tells services of logouts that they have not heard of, for as long as the node lives.
    pub(crate) async fn see_off(self: Arc<Self>) {
        let mut interval = tokio::time::interval(NOTICES);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while self.memory.store.journal.is_open() {
            interval.tick().await;
            if let Err(fault) = self.broker.tell_due(clock::now()).await {
                tracing::warn!(error = &fault as &dyn std::error::Error, "logout notices wait");
            }
        }
    }

    /// Sends letters to people for as long as the node lives, if it is set up to.
    pub(crate) async fn send_letters(self: Arc<Self>) {
        if let Some(delivery) = self.delivery.clone() {
            delivery.run(clock::now).await;
        }
    }

    async fn tidy(&self) {
        let now = clock::now();
        match self.memory.keys.follow(Rotation::WhenDue, now).await {
            Ok(keys) => self.app.replace_keys(Arc::new(keys)),
            Err(error) => tracing::error!(%error, "the keys could not be looked after"),
        }
        if let Err(error) = self.app.renew_metadata() {
            tracing::error!(%error, "our SAML metadata cannot be rendered anew");
        }
        match self.memory.store.sweep(now).await {
            Ok(rows) if rows > 0 => tracing::debug!(rows, "what was over is deleted"),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "what is over could not be deleted"),
        }
    }
}
