//! The database: one SQL text, two engines, and the only place that tells them apart.

mod conn;
mod engine;
mod instance;
mod many;
mod migrate;
mod pool;

use std::{fmt, sync::Arc};

use aws_lc_rs::rand;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

pub(crate) use conn::{Args, Conn, Row};
pub(crate) use engine::{Meaning, explain};
pub use instance::Claim;
pub(crate) use many::Many;
pub(crate) use pool::Lease;

use self::{engine::Engine, pool::Pool};
use crate::error::StoreError;

/// How many connections read at the same time.
const READERS: usize = 4;

/// The lasting memory: PostgreSQL or SQLite. Cheap to clone.
///
/// Connections are kept by a small pool of our own: sqlx's asks the server after every use
/// whether it is still there, which doubles the cost of a read.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    /// One connection, for the journal alone: SQLite has one writer.
    writer: Pool,
    /// None for a database in memory, which its one connection holds.
    readers: Option<Pool>,
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Db").field(&self.0.engine.name()).finish()
    }
}

impl Db {
    /// The database at `url` (`sqlite:` with a path or `:memory:`, `postgres:`).
    ///
    /// Connects to nothing yet: a database that is away does not stop a node from starting.
    pub fn connect(url: &str) -> Result<Self, StoreError> {
        let engine = Engine::parse(url)?;
        let readers = (!engine.is_memory()).then(|| Pool::new(engine.clone().reading(), READERS));
        let writer = Pool::new(engine.clone(), 1);
        Ok(Self(Arc::new(Inner { engine, writer, readers })))
    }

    /// The engine's name: `postgres` or `sqlite`.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        self.0.engine.name()
    }

    /// Asks the database whether it is there.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read("meta", "select 1", |_| {}).await.map(|_| ())
    }

    /// Runs a query that changes nothing; once more on a fresh connection if a kept one broke.
    pub(crate) async fn read(
        &self,
        table: &'static str,
        sql: &'static str,
        bind: impl Fn(&mut Args) + Send + Sync,
    ) -> Result<Vec<Row>, StoreError> {
        let pool = self.0.readers.as_ref().unwrap_or(&self.0.writer);
        loop {
            let mut lease = pool.lease().await?;
            let mut args = self.0.engine.args();
            bind(&mut args);
            match lease.fetch(table, sql, args).await {
                Err(StoreError::Away { .. }) if lease.was_kept() => {}
                answer => return answer,
            }
        }
    }

    /// Like [`Db::read`], for at most one row.
    pub(crate) async fn read_one(
        &self,
        table: &'static str,
        sql: &'static str,
        bind: impl Fn(&mut Args) + Send + Sync,
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.read(table, sql, bind).await?.into_iter().next())
    }

    /// The connection that writes. The journal alone may ask for it.
    pub(crate) async fn writer(&self) -> Result<Lease<'_>, StoreError> {
        self.0.writer.lease().await
    }

    /// Closes all connections; what is under way is finished first by its owner.
    pub async fn close(&self) {
        self.0.writer.close().await;
        if let Some(readers) = &self.0.readers {
            readers.close().await;
        }
    }
}

/// A name of 128 random bits; `None` when the system has no randomness to give.
pub(crate) fn draw_name() -> Option<String> {
    let mut bits = [0; 16];
    rand::fill(&mut bits).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bits))
}
