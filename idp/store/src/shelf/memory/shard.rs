//! One shard of the memory arm: a map, and a queue of when its values end. Knows no clock: the
//! instant is an argument, in milliseconds.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::Key;

/// Ended values that one write clears away: more than it adds, so that they never pile up.
const SWEEP: usize = 4;

pub(super) struct Shard {
    values: HashMap<Key, Held, BuildHasherDefault<DigestHasher>>,
    /// Holds at least one entry for each value, not later than its end. Older entries of a value
    /// are told by `Held::queued`.
    queue: BinaryHeap<Reverse<(u64, Key)>>,
    capacity: usize,
}

struct Held {
    bytes: Vec<u8>,
    ends: u64,
    /// The instant of the queue entry that speaks for this value.
    queued: u64,
}

impl Shard {
    pub(super) fn new(capacity: usize) -> Self {
        Self { values: HashMap::default(), queue: BinaryHeap::new(), capacity }
    }

    pub(super) fn find(&self, key: &Key, now: u64) -> Option<&[u8]> {
        self.values.get(key).filter(|held| held.ends > now).map(|held| held.bytes.as_slice())
    }

    pub(super) fn take(&mut self, key: &Key, now: u64) -> Option<Vec<u8>> {
        self.values.remove(key).filter(|held| held.ends > now).map(|held| held.bytes)
    }

    /// Lets a value that has not ended yet end at `ends` instead.
    pub(super) fn touch(&mut self, key: &Key, now: u64, ends: u64) {
        let Some(held) = self.values.get_mut(key).filter(|held| held.ends > now) else { return };
        held.ends = ends;
        if ends < held.queued {
            held.queued = ends;
            self.queue.push(Reverse((ends, *key)));
        }
    }

    /// Puts a value, and says whether another one had to go before its time.
    pub(super) fn put(&mut self, key: Key, bytes: Vec<u8>, now: u64, ends: u64) -> bool {
        self.sweep(now);
        if let Some(held) = self.values.get_mut(&key) {
            held.bytes = bytes;
            held.ends = ends;
            if ends < held.queued {
                held.queued = ends;
                self.queue.push(Reverse((ends, key)));
                self.compact();
            }
            return false;
        }
        let evicted = self.values.len() >= self.capacity && self.evict(now);
        self.values.insert(key, Held { bytes, ends, queued: ends });
        self.queue.push(Reverse((ends, key)));
        self.compact();
        evicted
    }

    /// Clears away what has ended, a little at a time.
    fn sweep(&mut self, now: u64) {
        for _ in 0..SWEEP {
            let due = self.queue.peek().is_some_and(|Reverse((at, _))| *at <= now);
            if !due {
                return;
            }
            self.pop();
        }
    }

    /// Removes the value that ends first, and says whether it was still alive.
    fn evict(&mut self, now: u64) -> bool {
        while !self.queue.is_empty() {
            if let Some(ended) = self.pop() {
                return ended > now;
            }
        }
        false
    }

    /// Follows the first entry of the queue: removes its value and returns when it ended, or puts
    /// the entry back where it belongs by now, or drops it.
    fn pop(&mut self) -> Option<u64> {
        let Reverse((at, key)) = self.queue.pop()?;
        let held = self.values.get_mut(&key).filter(|held| held.queued == at)?;
        if held.ends > at {
            held.queued = held.ends;
            self.queue.push(Reverse((held.ends, key)));
            return None;
        }
        self.values.remove(&key).map(|held| held.ends)
    }

    /// Makes the queue anew when most of it speaks of values that were taken or replaced.
    fn compact(&mut self) {
        if self.queue.len() <= self.values.len() * 2 + 64 {
            return;
        }
        self.queue = self
            .values
            .iter_mut()
            .map(|(key, held)| {
                held.queued = held.ends;
                Reverse((held.ends, *key))
            })
            .collect();
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    #[cfg(test)]
    pub(super) fn queued(&self) -> usize {
        self.queue.len()
    }
}

/// Takes the eight bytes that [`Key`] gives as they are.
#[derive(Default)]
struct DigestHasher(u64);

impl Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}
