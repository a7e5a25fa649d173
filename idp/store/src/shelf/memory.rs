//! The memory arm: a map in this process, for one node, the demonstration and tests. Bounded in
//! count: a full room of a kind lets go of what would have gone first.

use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use super::key::{Key, Kind};
use super::meters::count_eviction;
use super::tally::Tally;
use super::verbs::{Act, Answer, Swap, Version, When, millis};

mod shard;

use shard::Shard;

/// Parts of a room that are locked apart from each other.
const SHARDS: usize = 16;

/// Values in this process, gone with it.
pub(super) struct Memory {
    /// One room a kind, so that a flood of one kind pushes out no other.
    rooms: [[Mutex<Shard>; SHARDS]; Kind::ALL.len()],
    start: Instant,
}

impl Memory {
    /// Room for about `capacity` values of each kind.
    pub(super) fn new(capacity: usize) -> Self {
        let each = capacity.div_ceil(SHARDS).max(1);
        let shard = || Mutex::new(Shard::new(each));
        Self {
            rooms: std::array::from_fn(|_| std::array::from_fn(|_| shard())),
            start: Instant::now(),
        }
    }

    /// Carries out one verb. Nothing here waits but for the lock of one shard.
    pub(super) fn carry_out(&self, act: Act) -> Answer {
        let now = self.now();
        match act {
            Act::Put { key, value, ttl, when } => {
                let ends = now.saturating_add(millis(ttl));
                Answer::Placed(self.with(&key, |shard| put(shard, key, value, now, ends, when)))
            }
            Act::Get { key, touch } => Answer::Found(self.with(&key, |shard| {
                let found = shard.find(&key, now).map(<[u8]>::to_vec);
                if let Some(idle) = touch {
                    shard.touch(&key, now, now.saturating_add(millis(idle)));
                }
                found
            })),
            Act::Take { key } => Answer::Found(self.with(&key, |shard| shard.take(&key, now))),
            Act::Swap { key, expected, value, ttl } => {
                let ends = now.saturating_add(millis(ttl));
                Answer::Swapped(self.with(&key, |shard| {
                    match shard.find(&key, now) {
                        None => return Swap::Absent,
                        Some(found) if Version::of(found) != Some(expected) => {
                            return Swap::Conflict;
                        }
                        Some(_) => {}
                    }
                    put(shard, key, value, now, ends, When::Existing);
                    Swap::Done
                }))
            }
            Act::Remove { key } => {
                Answer::Removed(self.with(&key, |shard| shard.take(&key, now).is_some()))
            }
            Act::Reserve { key, allowance } => Answer::Reserved(self.with(&key, |shard| {
                let tally = shard.find(&key, now).map(Tally::from_text).unwrap_or_default();
                let (reservation, kept) = tally.reserve(allowance, now);
                if let Some((tally, kept_for)) = kept {
                    let ends = now.saturating_add(kept_for);
                    put(shard, key, tally.to_text().into_bytes(), now, ends, When::Always);
                }
                reservation
            })),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn with<T>(&self, key: &Key, work: impl FnOnce(&mut Shard) -> T) -> T {
        let [.., last] = key.digest();
        #[expect(
            clippy::indexing_slicing,
            reason = "a kind's index is below their number, a remainder below its divisor"
        )]
        let shard = &self.rooms[key.kind().index()][usize::from(*last) % SHARDS];
        work(&mut shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.rooms.iter().flatten().map(|shard| shard.lock().unwrap().len()).sum()
    }

    #[cfg(test)]
    pub(super) fn queued(&self) -> usize {
        self.rooms.iter().flatten().map(|shard| shard.lock().unwrap().queued()).sum()
    }
}

fn put(shard: &mut Shard, key: Key, value: Vec<u8>, now: u64, ends: u64, when: When) -> bool {
    let exists = shard.find(&key, now).is_some();
    let allowed = match when {
        When::Always => true,
        When::New => !exists,
        When::Existing => exists,
    };
    if allowed && shard.put(key, value, now, ends) {
        count_eviction(key.kind());
    }
    allowed
}
