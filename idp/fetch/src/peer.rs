//! Whom a request goes to, and what keeps one peer's trouble from becoming another's.
//!
//! Owns the bulkhead and the breaker of each peer; sends nothing itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::breaker::{Breaker, Pass};
use crate::error::FetchError;

/// How long a request waits for another to the same peer to end.
const WAIT_FOR_ROOM: Duration = Duration::from_millis(250);

/// The other side of a request. Limits and breaker are kept per peer, not per host: two sources
/// of one provider do not share their fate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Peer {
    /// A source, by its id.
    Source(String),
    /// A relying party, by its id.
    RelyingParty(String),
}

impl Peer {
    /// The value of the metric label `peer`.
    ///
    /// Sources are some hundreds and worth telling apart on a chart; relying parties are ten
    /// thousand and share one label.
    pub(crate) fn label(&self) -> String {
        match self {
            Self::Source(id) => id.clone(),
            Self::RelyingParty(_) => "relying_party".to_owned(),
        }
    }

    /// The peer as errors name it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Source(id) => format!("source {id}"),
            Self::RelyingParty(id) => format!("relying party {id}"),
        }
    }
}

/// The standing of every peer that was ever asked. Entries stay: they are small, and as many as
/// the federation has sources and relying parties.
#[derive(Debug)]
pub(crate) struct Peers {
    room: usize,
    standings: Mutex<HashMap<Peer, Standing>>,
}

#[derive(Debug, Clone)]
struct Standing {
    breaker: Arc<Breaker>,
    bulkhead: Arc<Semaphore>,
}

/// Leave to send one request to one peer, and the place that it takes up.
#[derive(Debug)]
pub(crate) struct Admission {
    pub(crate) pass: Pass,
    _place: OwnedSemaphorePermit,
}

impl Peers {
    /// Peers of whom each may have `room` requests under way.
    pub(crate) fn new(room: usize) -> Self {
        Self { room, standings: Mutex::default() }
    }

    /// Waits for a place, for a short time, unless the peer's circuit is open.
    pub(crate) async fn admit(&self, peer: &Peer, now: Instant) -> Result<Admission, FetchError> {
        let standing = self.standing(peer);
        let pass = standing
            .breaker
            .admit(now)
            .map_err(|retry_in| FetchError::CircuitOpen { peer: peer.name(), retry_in })?;
        let place = tokio::time::timeout(WAIT_FOR_ROOM, standing.bulkhead.acquire_owned()).await;
        match place {
            Ok(Ok(place)) => Ok(Admission { pass, _place: place }),
            _ => Err(FetchError::Crowded { peer: peer.name() }),
        }
    }

    fn standing(&self, peer: &Peer) -> Standing {
        let mut standings = self.standings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(standing) = standings.get(peer) {
            return standing.clone();
        }
        let standing =
            Standing { breaker: Arc::default(), bulkhead: Arc::new(Semaphore::new(self.room)) };
        standings.insert(peer.clone(), standing.clone());
        standing
    }
}
