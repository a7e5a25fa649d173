//! A few connections, lent one at a time and kept while they are sound.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use super::{
    conn::{Args, Conn, Row},
    engine::{Engine, Meaning, explain},
};
use crate::error::{EngineError, StoreError};

/// How long somebody waits for a connection that others have.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a new connection may take.
const CONNECT: Duration = Duration::from_secs(1);

/// How long a query may take, where the engine's own limit does not hold.
const QUERY: Duration = Duration::from_secs(6);

pub(super) struct Pool {
    engine: Engine,
    permits: Semaphore,
    idle: Mutex<Vec<Conn>>,
}

impl Pool {
    pub(super) fn new(engine: Engine, size: usize) -> Self {
        Self { engine, permits: Semaphore::new(size), idle: Mutex::new(Vec::with_capacity(size)) }
    }

    /// Lends a connection that was kept, else a fresh one.
    pub(super) async fn lease(&self) -> Result<Lease<'_>, StoreError> {
        let permit = match timeout(PATIENCE, self.permits.acquire()).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(StoreError::Closed),
            Err(_) => return Err(StoreError::Busy),
        };
        if let Some(conn) = self.kept() {
            return Ok(Lease { pool: self, conn, was_kept: true, sound: true, _permit: permit });
        }
        let conn = match timeout(CONNECT, self.engine.connect()).await {
            Ok(answer) => answer.map_err(|error| connecting(error.into()))?,
            Err(_) => return Err(connecting(EngineError::late())),
        };
        Ok(Lease { pool: self, conn, was_kept: false, sound: true, _permit: permit })
    }

    fn kept(&self) -> Option<Conn> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Lends no more, and closes what is kept.
    pub(super) async fn close(&self) {
        self.permits.close();
        while let Some(conn) = self.kept() {
            conn.close().await;
        }
    }
}

/// Whatever stops a connection from being made, the database is away for us.
fn connecting(error: EngineError) -> StoreError {
    StoreError::Away { doing: "connecting", source: Arc::new(error) }
}

/// A connection on loan. Dropped in the middle of something, it does not go back.
pub(crate) struct Lease<'a> {
    pool: &'a Pool,
    conn: Conn,
    was_kept: bool,
    sound: bool,
    _permit: SemaphorePermit<'a>,
}

impl Lease<'_> {
    /// Whether the connection is an old one, that may have broken while it was kept.
    pub(crate) fn was_kept(&self) -> bool {
        self.was_kept
    }

    /// The connection, for work that may leave it in the middle of something: until
    /// [`Lease::settle`] says otherwise, it does not go back.
    pub(crate) fn unsettle(&mut self) -> &mut Conn {
        self.sound = false;
        &mut self.conn
    }

    /// The connection is in the middle of nothing.
    pub(crate) fn settle(&mut self) {
        self.sound = true;
    }

    /// Runs one query outside of any transaction.
    pub(crate) async fn fetch(
        &mut self,
        table: &'static str,
        sql: &'static str,
        args: Args,
    ) -> Result<Vec<Row>, StoreError> {
        let Ok(answer) = timeout(QUERY, self.unsettle().fetch(table, sql, args)).await else {
            let source = Arc::new(EngineError::late());
            return Err(StoreError::Away { doing: "reading", source });
        };
        if answer.as_ref().err().is_none_or(|error| Meaning::of(error) != Meaning::Away) {
            self.settle();
        }
        answer.map_err(|error| explain("reading", error))
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        // A database in memory is gone with its connection; and it cannot break.
        if self.sound || self.pool.engine.is_memory() {
            let conn = std::mem::replace(&mut self.conn, Conn::Returned);
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        }
    }
}
