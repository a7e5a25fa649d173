//! What a node remembers by, and what it has to know before it can do anything: waited for, where
//! the database is away.

use std::{sync::Arc, time::Duration};

use idp_domain::{Lifetime, Timestamp};
use idp_oidc::keys::{KeySet, Rotation};
use idp_saml::keys::SamlKeys;
use idp_store::{Db, Sealer, Store, StoreError, seal::Epoch, store::Node as StoreNode};

use super::StartError;
use crate::{
    clock,
    keys::{KeyKeeper, KeysError},
    settings::{Passkeys, Settings},
};

/// How long a node waits before it asks a store that is away again.
pub(super) const AGAIN: Duration = Duration::from_millis(500);

/// What every command that touches the database works with.
pub(crate) struct Memory {
    /// The lasting memory.
    pub(crate) store: Store,
    /// Seals what is secret in it.
    pub(crate) sealer: Arc<Sealer>,
    /// Keeps the keys in it.
    pub(crate) keys: KeyKeeper,
}

impl Memory {
    /// Opens the database of `settings`, which must be there and up to date; an empty one is made
    /// so.
    pub(crate) async fn open(settings: &Settings, now: Timestamp) -> Result<Self, StartError> {
        let db = Db::connect(settings.database.expose())?;
        match db.check_version().await {
            // Of several nodes that start at once, one does it while the others wait.
            Err(StoreError::OlderDatabase { found: 0, .. }) => db.migrate().await?,
            checked => checked?,
        }
        Self::over(db, settings, now)
    }

    /// The same for a database that may not be there, or not be up to date: the caller checks.
    pub(crate) fn unchecked(settings: &Settings, now: Timestamp) -> Result<Self, StartError> {
        Self::over(Db::connect(settings.database.expose())?, settings, now)
    }

    /// The same, but waits for a database that is away.
    pub(crate) async fn wait(settings: &Settings) -> Result<Self, StartError> {
        let mut patience = Patience::default();
        loop {
            match Self::open(settings, clock::now()).await {
                Err(StartError::Store(error)) if error.is_temporary() => {
                    patience.wait(&error).await;
                }
                opened => return opened,
            }
        }
    }

    fn over(db: Db, settings: &Settings, now: Timestamp) -> Result<Self, StartError> {
        let sealer = Arc::new(Sealer::new(&settings.master, Epoch::default())?);
        let node =
            StoreNode { name: settings.mark.clone(), token_lifetime: Lifetime::hours(1), now };
        let store = Store::start(db, &node)?;
        let keys = KeyKeeper::new(store.clone(), Arc::clone(&sealer), settings.keys.clone());
        Ok(Self { store, sealer, keys })
    }
}

/// Waits for the database, and says so once.
#[derive(Default)]
pub(super) struct Patience {
    told: bool,
}

impl Patience {
    pub(super) async fn wait(&mut self, error: &StoreError) {
        if !self.told {
            tracing::warn!(%error, "the database is away; waiting for it");
            self.told = true;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// The keys that sign tokens, kept as the policy says.
pub(super) async fn kept(keys: &KeyKeeper) -> Result<KeySet, StartError> {
    let mut patience = Patience::default();
    loop {
        match keys.follow(Rotation::WhenDue, clock::now()).await {
            Err(KeysError::Store(error)) if error.is_temporary() => patience.wait(&error).await,
            kept => return Ok(kept?),
        }
    }
}

/// The keys of SAML.
pub(super) async fn saml_keys(keys: &KeyKeeper, host: &str) -> Result<SamlKeys, StartError> {
    let mut patience = Patience::default();
    loop {
        match keys.saml(host, clock::now()).await {
            Err(KeysError::Store(error)) if error.is_temporary() => patience.wait(&error).await,
            kept => return Ok(kept?),
        }
    }
}

/// The key that names of people are made with.
pub(super) async fn subject_key(keys: &KeyKeeper) -> Result<[u8; 32], StartError> {
    let mut patience = Patience::default();
    loop {
        match keys.subject_key(clock::now()).await {
            Err(KeysError::Store(error)) if error.is_temporary() => patience.wait(&error).await,
            key => return Ok(key?),
        }
    }
}

/// Refuses to make passkeys useless by another name of ours, unless so many may be.
pub(super) async fn spare_passkeys(store: &Store, passkeys: &Passkeys) -> Result<(), StartError> {
    let id = passkeys.site.id();
    let mut patience = Patience::default();
    let count = loop {
        match store.factors.passkeys_elsewhere(id).await {
            Err(error) if error.is_temporary() => patience.wait(&error).await,
            count => break count?,
        }
    };
    if count > passkeys.accepted_loss {
        return Err(StartError::PasskeyLoss { count, id: id.to_owned() });
    }
    Ok(())
}
