//! Keeps the signing keys: reads them from the database, carries out what the policy plans, and
//! agrees with other nodes about it by conditional writes.

pub(crate) mod saml;

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{AuditEvent, Secret, Timestamp, audit::AuditKind};
use idp_oidc::keys::{
    KeyChange, KeyError, KeyKind, KeyPolicy, KeyRecord, KeySet, KeySetError, KeyState, Rotation,
    SigningAlg, SigningKey, plan,
};
use idp_store::{
    Act, Outcome, Sealer, Store, StoreError, Unit,
    keys::{self as stored, NewKey, StoredKey},
    seal::{Purpose, SealError},
};
use thiserror::Error;

/// The purpose of keys that sign tokens, in the database.
pub(crate) const SIGNING: &str = "oidc";
/// The purpose of the key that subjects are computed with.
const SUBJECTS: &str = "subject";

/// Why keys cannot be kept.
#[derive(Debug, Error)]
pub(crate) enum KeysError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored key does not open.
    #[error("key {kid} does not open: {source}")]
    Sealed {
        /// Which one.
        kid: String,
        /// Why.
        source: SealError,
    },
    /// A stored key is of no use.
    #[error("key {kid}: {source}")]
    Key {
        /// Which one.
        kid: String,
        /// Why.
        source: KeyError,
    },
    /// A stored SAML key is of no use.
    #[error("key {kid}: {source}")]
    Saml {
        /// Which one.
        kid: String,
        /// Why.
        source: idp_saml::dsig::KeyError,
    },
    /// A step of a rotation is not the next one.
    #[error("{0}")]
    Step(&'static str),
    /// The stored keys are no set.
    #[error(transparent)]
    Set(#[from] KeySetError),
    /// A stored key is of a kind that this program does not know.
    #[error("key {kid} is for {alg}, which this program does not know")]
    Alg {
        /// Which one.
        kid: String,
        /// Its algorithm.
        alg: String,
    },
    /// Chance is out.
    #[error("the operating system gives no random bytes")]
    Random,
    /// Other nodes are faster every time.
    #[error("the keys are being changed by other nodes; try again")]
    Contended,
}

/// Keeps the keys of one node in step with the database.
#[derive(Clone)]
pub(crate) struct KeyKeeper {
    store: Store,
    sealer: Arc<Sealer>,
    policy: Arc<KeyPolicy>,
}

impl KeyKeeper {
    /// A keeper of the keys in `store`.
    pub(crate) fn new(store: Store, sealer: Arc<Sealer>, policy: KeyPolicy) -> Self {
        Self { store, sealer, policy: Arc::new(policy) }
    }

    /// The keys as they are stored.
    pub(crate) async fn load(&self) -> Result<KeySet, KeysError> {
        Ok(self.read().await?.0)
    }

    /// The keys of a purpose as they are stored, with their versions.
    pub(crate) async fn stored(&self, purpose: &str) -> Result<Vec<StoredKey>, KeysError> {
        let all = self.store.keys.load().await?;
        Ok(all.into_iter().filter(|key| key.purpose == purpose).collect())
    }

    async fn read(&self) -> Result<(KeySet, Vec<StoredKey>), KeysError> {
        let stored = self.stored(SIGNING).await?;
        let mut records = Vec::new();
        for key in &stored {
            if let Some(record) = self.record(key)? {
                records.push(record);
            }
        }
        Ok((KeySet::new(records)?, stored))
    }

    fn record(&self, stored: &StoredKey) -> Result<Option<KeyRecord>, KeysError> {
        let (state, since) = match stored.state {
            stored::KeyState::Next => (KeyState::Next, Some(stored.created_at)),
            stored::KeyState::Active => (KeyState::Active, stored.active_from),
            stored::KeyState::Retired => (KeyState::Retired, stored.retired_at),
            stored::KeyState::Gone => return Ok(None),
        };
        let kid = || stored.kid.clone();
        let alg = SigningAlg::find(&stored.alg);
        let alg = alg.ok_or_else(|| KeysError::Alg { kid: kid(), alg: stored.alg.clone() })?;
        let opened = self.sealer.open(Purpose::SigningKey, stored.kid.as_bytes(), &stored.sealed);
        let opened = opened.map_err(|source| KeysError::Sealed { kid: kid(), source })?;
        let opened = Secret::new(opened);
        let key = SigningKey::from_pkcs8(alg, opened.expose());
        let key = key.map_err(|source| KeysError::Key { kid: kid(), source })?;
        let since = since.unwrap_or(stored.created_at);
        Ok(Some(KeyRecord { key: Arc::new(key), state, since }))
    }

    /// Carries out what the policy plans at `now`, until nothing is left to do.
    pub(crate) async fn follow(&self, why: Rotation, now: Timestamp) -> Result<KeySet, KeysError> {
        const ROUNDS: usize = 20;
        let mut why = why;
        for _ in 0..ROUNDS {
            let (keys, stored) = self.read().await?;
            let changes = plan(&keys, &self.policy, why, now);
            if changes.is_empty() {
                return Ok(keys);
            }
            for change in changes {
                self.carry_out(&change, &stored, now).await?;
            }
            // An operator's wish is done once; the rest is routine.
            why = Rotation::WhenDue;
        }
        Err(KeysError::Contended)
    }

    async fn carry_out(
        &self,
        change: &KeyChange,
        stored: &[StoredKey],
        now: Timestamp,
    ) -> Result<(), KeysError> {
        let to = |kid: &str, to, gone_at| {
            let version = stored.iter().find(|key| key.kid == kid).map(|key| key.version);
            let kid = kid.to_owned();
            version.map(|version| stored::KeyChange { kid, version, to, now, gone_at })
        };
        let (act, event) = match change {
            KeyChange::Publish { kind, state } => {
                let key = self.make(*kind, *state, now)?;
                let event = changed(&key.kid, "published", now).with("alg", key.alg.as_str());
                (Act::InsertKey(key), event)
            }
            KeyChange::Activate { kid, retires } => {
                let gone = Some(now + self.policy.retention());
                let relieved = retires.iter();
                let relieved = relieved.filter_map(|kid| to(kid, stored::KeyState::Retired, gone));
                let active = to(kid, stored::KeyState::Active, None);
                let changes = relieved.chain(active).collect();
                (Act::ChangeKeys(changes), changed(kid, "activated", now))
            }
            KeyChange::Retire { kid } => {
                let gone = Some(now + self.policy.retention());
                let changes = to(kid, stored::KeyState::Retired, gone).into_iter().collect();
                (Act::ChangeKeys(changes), changed(kid, "retired", now))
            }
            KeyChange::Remove { kid } => {
                let changes = to(kid, stored::KeyState::Gone, Some(now)).into_iter().collect();
                (Act::ChangeKeys(changes), changed(kid, "removed", now))
            }
        };
        // A conflict means that another node did it: the next look shows what is left.
        let unit = Unit::telling(act, move |outcome| match outcome {
            Outcome::Done => vec![event.clone()],
            _ => Vec::new(),
        });
        self.store.journal.commit(unit).await?;
        Ok(())
    }

    fn make(&self, kind: KeyKind, state: KeyState, now: Timestamp) -> Result<NewKey, KeysError> {
        let unmade = |source| KeysError::Key { kid: String::from("(new)"), source };
        let private = kind.generate(&SystemRandom::new()).map_err(unmade)?;
        let parsed = SigningKey::from_pkcs8(kind.alg(), private.expose()).map_err(unmade)?;
        let name = parsed.kid().to_owned();
        let sealed = self.sealer.seal(Purpose::SigningKey, name.as_bytes(), private.expose());
        let sealed = sealed.map_err(|source| KeysError::Sealed { kid: name.clone(), source })?;
        let state = match state {
            KeyState::Next => stored::KeyState::Next,
            KeyState::Active => stored::KeyState::Active,
            KeyState::Retired => stored::KeyState::Retired,
        };
        let (purpose, alg) = (SIGNING.to_owned(), kind.alg().as_str().to_owned());
        Ok(NewKey { kid: name, purpose, alg, state, created_at: now, sealed })
    }

    /// The key that subjects are computed with: made once in the life of a broker, never changed.
    pub(crate) async fn subject_key(&self, now: Timestamp) -> Result<[u8; 32], KeysError> {
        loop {
            let all = self.store.keys.load().await?;
            if let Some(found) = all.into_iter().find(|key| key.purpose == SUBJECTS) {
                let kid = found.kid.clone();
                let opened =
                    self.sealer.open(Purpose::SigningKey, found.kid.as_bytes(), &found.sealed);
                let opened = opened
                    .map_err(|source| KeysError::Sealed { kid: kid.clone(), source })
                    .map(Secret::new)?;
                let key = <[u8; 32]>::try_from(opened.expose().as_slice());
                let malformed = SealError::Malformed;
                return key.map_err(|_| KeysError::Sealed { kid, source: malformed });
            }
            let key = Secret::new(idp_broker::random::<32>().map_err(|_| KeysError::Random)?);
            let kid =
                URL_SAFE_NO_PAD.encode(idp_broker::random::<16>().map_err(|_| KeysError::Random)?);
            let sealed = self.sealer.seal(Purpose::SigningKey, kid.as_bytes(), key.expose());
            let sealed = sealed.map_err(|source| KeysError::Sealed { kid: kid.clone(), source })?;
            let new = NewKey {
                kid: kid.clone(),
                purpose: SUBJECTS.to_owned(),
                alg: "HS256".to_owned(),
                state: stored::KeyState::Active,
                created_at: now,
                sealed,
            };
            // Of several nodes that start at once one makes it; all read it back.
            let event = changed(&kid, "published", now).with("purpose", SUBJECTS);
            let unit = Unit::telling(Act::InsertKey(new), move |outcome| match outcome {
                Outcome::Done => vec![event.clone()],
                _ => Vec::new(),
            });
            self.store.journal.commit(unit).await?;
        }
    }
}

fn changed(kid: &str, what: &'static str, now: Timestamp) -> AuditEvent {
    AuditEvent::new(AuditKind::KeyChanged, now).because_of(what).with("kid", kid)
}
