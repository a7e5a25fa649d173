//! Documents that peers publish: fetched once however many ask, kept while fresh, and kept
//! longer while the peer is away.
//!
//! Owns when to fetch; what is fetched, and what it means, is the caller's matter.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long documents are good for.
#[derive(Debug, Clone, Copy)]
pub struct Freshness {
    /// For so long a document is used without asking again.
    pub fresh_for: Duration,
    /// For so long after that it is still used if the peer does not bring a new one.
    pub stale_for: Duration,
    /// Between two forced refreshes lies at least this long.
    pub forced_every: Duration,
    /// The pause after a first failure; each further one doubles it.
    pub first_pause: Duration,
    /// The longest pause after failures.
    pub longest_pause: Duration,
}

impl Default for Freshness {
    /// Ten minutes fresh, a day stale, a forced refresh every thirty seconds, pauses from one
    /// second to one minute.
    fn default() -> Self {
        Self {
            fresh_for: Duration::from_mins(10),
            stale_for: Duration::from_hours(24),
            forced_every: Duration::from_secs(30),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_mins(1),
        }
    }
}

/// Documents of one kind, by key. The error is remembered for the length of a pause, so that all
/// who ask meanwhile hear it.
#[derive(Debug)]
pub struct Cached<T, E> {
    freshness: Freshness,
    slots: Mutex<HashMap<String, Arc<Slot<T, E>>>>,
}

#[derive(Debug)]
struct Slot<T, E> {
    held: Mutex<Held<T, E>>,
    /// Held by the one who fetches. Whoever is called off lets the next one try.
    flight: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Held<T, E> {
    document: Option<(Arc<T>, Instant)>,
    failure: Option<Failure<E>>,
    forced_at: Option<Instant>,
}

#[derive(Debug, Clone)]
struct Failure<E> {
    error: E,
    pause: Duration,
    retry_at: Instant,
}

/// What a slot says to one who asks.
enum Standing<T, E> {
    /// Use this, or say this; nobody needs to fetch.
    Settled(Result<Arc<T>, E>),
    /// Fetch; if another already does, this will do.
    Due(Option<Arc<T>>),
}

impl<T, E: Clone> Cached<T, E> {
    /// An empty cache.
    #[must_use]
    pub fn new(freshness: Freshness) -> Self {
        Self { freshness, slots: Mutex::default() }
    }

    /// The document under `key`; `fetch` is called only if it must be.
    ///
    /// While one caller fetches, others get the document that they had, if it is not too stale.
    pub async fn load<F, Fut>(&self, key: &str, fetch: F) -> Result<Arc<T>, E>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let slot = self.slot(key, Instant::now());
        let flight = match slot.standing(self.freshness, Instant::now()) {
            Standing::Settled(result) => return result,
            Standing::Due(None) => slot.flight.lock().await,
            Standing::Due(Some(stale)) => match slot.flight.try_lock() {
                Ok(flight) => flight,
                Err(_) => return Ok(stale),
            },
        };
        // Another may have fetched while we waited.
        if let Standing::Settled(result) = slot.standing(self.freshness, Instant::now()) {
            return result;
        }
        let fetched = fetch().await;
        drop(flight);
        slot.settle(fetched, self.freshness, Instant::now())
    }

    /// A document newer than `seen`, which lacked something; `seen` again if none is to be had
    /// now, because the last forced refresh or failure is too recent.
    pub async fn reload<F, Fut>(&self, key: &str, seen: &Arc<T>, fetch: F) -> Result<Arc<T>, E>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let slot = self.slot(key, Instant::now());
        let _flight = slot.flight.lock().await;
        if let Some(settled) = slot.force(seen, self.freshness, Instant::now()) {
            return Ok(settled);
        }
        let fetched = fetch().await;
        slot.settle(fetched, self.freshness, Instant::now())
    }

    /// Finds the slot, or makes one, and then forgets slots whose document is too old to be used:
    /// a peer that names another place each time must not make us grow.
    fn slot(&self, key: &str, now: Instant) -> Arc<Slot<T, E>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(key) {
            return Arc::clone(slot);
        }
        slots.retain(|_, slot| {
            Arc::strong_count(slot) > 1 || slot.lock().usable(self.freshness, now).is_some()
        });
        let slot = Arc::new(Slot::default());
        slots.insert(key.to_owned(), Arc::clone(&slot));
        slot
    }
}

impl<T, E> Default for Slot<T, E> {
    fn default() -> Self {
        let held = Held { document: None, failure: None, forced_at: None };
        Self { held: Mutex::new(held), flight: tokio::sync::Mutex::new(()) }
    }
}

impl<T, E: Clone> Slot<T, E> {
    fn lock(&self) -> MutexGuard<'_, Held<T, E>> {
        // No caller's code runs under this lock.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn standing(&self, freshness: Freshness, now: Instant) -> Standing<T, E> {
        let held = self.lock();
        let usable = held.usable(freshness, now);
        if let Some((document, at)) = &held.document
            && now < *at + freshness.fresh_for
        {
            return Standing::Settled(Ok(Arc::clone(document)));
        }
        match &held.failure {
            Some(failure) if now < failure.retry_at => {
                Standing::Settled(usable.ok_or_else(|| failure.error.clone()))
            }
            _ => Standing::Due(usable),
        }
    }

    /// Says what a forced refresh yields without fetching, or marks that one begins.
    fn force(&self, seen: &Arc<T>, freshness: Freshness, now: Instant) -> Option<Arc<T>> {
        let mut held = self.lock();
        let current = held.usable(freshness, now).unwrap_or_else(|| Arc::clone(seen));
        let newer = !Arc::ptr_eq(&current, seen);
        let too_soon = held.forced_at.is_some_and(|at| now < at + freshness.forced_every);
        let pausing = held.failure.as_ref().is_some_and(|failure| now < failure.retry_at);
        if newer || too_soon || pausing {
            return Some(current);
        }
        held.forced_at = Some(now);
        None
    }

    fn settle(
        &self,
        fetched: Result<T, E>,
        freshness: Freshness,
        now: Instant,
    ) -> Result<Arc<T>, E> {
        let mut held = self.lock();
        match fetched {
            Ok(document) => {
                let document = Arc::new(document);
                held.document = Some((Arc::clone(&document), now));
                held.failure = None;
                Ok(document)
            }
            Err(error) => {
                let pause = held.failure.as_ref().map_or(freshness.first_pause, |failure| {
                    (failure.pause * 2).min(freshness.longest_pause)
                });
                held.failure = Some(Failure { error: error.clone(), pause, retry_at: now + pause });
                held.usable(freshness, now).ok_or(error)
            }
        }
    }
}

impl<T, E> Held<T, E> {
    fn usable(&self, freshness: Freshness, now: Instant) -> Option<Arc<T>> {
        let (document, at) = self.document.as_ref()?;
        (now < *at + freshness.fresh_for + freshness.stale_for).then(|| Arc::clone(document))
    }
}

#[cfg(test)]
mod tests;
