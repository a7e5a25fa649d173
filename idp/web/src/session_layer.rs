//! The browser binding: `tower-sessions` over the shelf.
//!
//! It holds one random secret a browser and the names of its latest logins, and nothing else:
//! sessions of people lie elsewhere.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use async_trait::async_trait;
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{Fault, TransactionId};
use idp_store::shelf::{Drawer, ShelfError};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// How long a browser that does nothing stays bound.
const LIFETIME: time::Duration = time::Duration::hours(24);

/// The key of the secret in the record.
const SECRET: &str = "s";

/// The key of the browser's logins in progress, oldest first; some may be over already.
const PENDING: &str = "t";

/// The most logins in progress that one browser has.
const MAX_PENDING: usize = 20;

/// Keeps bindings on the shelf.
#[derive(Clone, Debug)]
pub(crate) struct BindingStore(Arc<Drawer<Record>>);

impl BindingStore {
    /// A store over `drawer`.
    #[must_use]
    pub(crate) fn new(drawer: Drawer<Record>) -> Self {
        Self(Arc::new(drawer))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn backend(error: ShelfError) -> Error {
    Error::Backend(error.to_string())
}

/// The binding could not be read or written: `tower-sessions` keeps of our errors only the text,
/// and waiting helps in all cases that there are.
#[derive(Debug, thiserror::Error)]
#[error("the browser binding is out of reach")]
pub(crate) struct OutOfReach(#[source] pub(crate) tower_sessions::session::Error);

fn left(record: &Record) -> Duration {
    let left = record.expiry_date - OffsetDateTime::now_utc();
    left.try_into().unwrap_or(Duration::from_millis(1))
}

#[async_trait]
impl SessionStore for BindingStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // An id that is taken is drawn again: nobody slips into somebody else's binding.
        while !self
            .0
            .put_new(&record.id.to_string(), record, left(record))
            .await
            .map_err(backend)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let id = record.id.to_string();
        self.0.put_existing(&id, record, left(record)).await.map(drop).map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = self.0.find(&id.to_string()).await.map_err(backend)?;
        Ok(found.map(|held| held.value))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.remove(&id.to_string()).await.map(drop).map_err(backend)
    }
}

/// The layer that reads and writes the binding's cookie.
#[must_use]
pub(crate) fn layer(store: BindingStore, cookie: &str) -> SessionManagerLayer<BindingStore> {
    SessionManagerLayer::new(store)
        .with_name(cookie.to_owned())
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(LIFETIME))
}

/// The hash of the browser's binding, if it has one.
pub(crate) async fn binding(session: &Session) -> std::result::Result<Option<String>, Fault> {
    let secret = session.get::<String>(SECRET).await;
    let secret =
        secret.map_err(|error| Fault::new("reading a browser binding", OutOfReach(error)))?;
    Ok(secret.map(|secret| hash(&secret)))
}

/// A login that was bound to a browser.
pub(crate) struct Bound {
    /// The hash of the browser's binding.
    pub(crate) binding: String,
    /// The browser's oldest login, if it has more now than one browser may have.
    pub(crate) dropped: Option<TransactionId>,
}

/// Binds the login `id` to the browser, whose binding is made if there is none: `random` is its
/// secret then. A browser that begins one login after the other loses the oldest.
pub(crate) async fn bind(
    session: &Session,
    random: &[u8; 32],
    id: &TransactionId,
) -> std::result::Result<Bound, Fault> {
    let failed = |error| Fault::new("binding a browser", OutOfReach(error));
    let secret = secret(session, random).await.map_err(failed)?;
    let pending = session.get::<VecDeque<TransactionId>>(PENDING).await.map_err(failed)?;
    let mut pending = pending.unwrap_or_default();
    pending.push_back(id.clone());
    let dropped = if pending.len() > MAX_PENDING { pending.pop_front() } else { None };
    session.insert(PENDING, &pending).await.map_err(failed)?;
    session.save().await.map_err(failed)?;
    Ok(Bound { binding: hash(&secret), dropped })
}

/// The hash of the browser's binding, which is made if there is none: `random` is its secret then.
pub(crate) async fn bound(
    session: &Session,
    random: &[u8; 32],
) -> std::result::Result<String, Fault> {
    let failed = |error| Fault::new("binding a browser", OutOfReach(error));
    let secret = secret(session, random).await.map_err(failed)?;
    session.save().await.map_err(failed)?;
    Ok(hash(&secret))
}

/// The browser's secret, not saved yet where it is new.
async fn secret(
    session: &Session,
    random: &[u8; 32],
) -> std::result::Result<String, tower_sessions::session::Error> {
    if let Some(secret) = session.get::<String>(SECRET).await? {
        return Ok(secret);
    }
    let secret = URL_SAFE_NO_PAD.encode(random);
    session.insert(SECRET, &secret).await?;
    Ok(secret)
}

fn hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, secret.as_bytes()))
}
