//! One suite, run on every backend: on memory always, on real Redis where the environment names
//! one (`LP_TEST_REDIS`, `LP_TEST_REDIS_CLUSTER`, `LP_TEST_REDIS_SENTINEL`, and `LP_TEST_REDIS_CA`
//! for a private CA), reported as skipped where it does not.

use std::sync::Arc;
use std::time::Duration;

use idp_domain::Secret;

use super::key::{Instance, Key, Kind};
use super::redis::RedisPlace;
use super::tally::{Allowance, Reservation};
use super::verbs::{Act, Answer, Swap, Version, When};
use super::{Arm, Health, Meters, Shelf, ShelfError, Verb};
use crate::seal::{Epoch, Sealer};

mod away;
mod expiry;
mod failover;
mod memory;
mod real;
mod suite;

/// One backend as several nodes see it.
struct Bench {
    nodes: Vec<Arc<Shelf>>,
    sealer: Arc<Sealer>,
}

impl Bench {
    fn memory() -> Self {
        let shelf = Arc::new(Shelf::memory(10_000));
        Self { nodes: vec![Arc::clone(&shelf), shelf], sealer: sealer() }
    }

    /// Two nodes on the Redis that `variable` names; keys of a fresh instance.
    async fn redis(variable: &str) -> Option<Self> {
        let Some(place) = place(variable) else {
            eprintln!("skipped: {variable} names no Redis");
            return None;
        };
        let instance = Instance::parse(&format!("t{}", random())).unwrap();
        let nodes: Vec<_> =
            (0..2).map(|_| Arc::new(Shelf::redis(place.clone(), instance.clone()))).collect();
        for node in &nodes {
            up(node).await;
        }
        Some(Self { nodes, sealer: sealer() })
    }

    fn node(&self) -> &Shelf {
        &self.nodes[0]
    }

    /// A key that nobody used before.
    fn key(&self) -> Key {
        self.named(&random().to_string())
    }

    fn named(&self, handle: &str) -> Key {
        Key::new(Kind::Code, self.sealer.digest(Kind::Code.name(), handle.as_bytes()))
    }
}

fn place(variable: &str) -> Option<RedisPlace> {
    let urls = std::env::var(variable).ok().filter(|urls| !urls.is_empty())?;
    let urls: Vec<_> = match variable {
        "LP_TEST_REDIS_SENTINEL" => vec![urls.as_str()],
        _ => urls.split(',').collect(),
    };
    let ca = std::env::var_os("LP_TEST_REDIS_CA").map(|path| std::fs::read(path).unwrap());
    Some(RedisPlace::parse(&urls, ca.as_deref()).unwrap())
}

/// Waits until the shelf is up.
async fn up(shelf: &Shelf) {
    let mut why = shelf.health();
    for _ in 0..2_000 {
        why = shelf.health();
        if why == Health::Up {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the shelf did not come up: {why:?}");
}

fn random() -> u64 {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    u64::from_le_bytes(bytes)
}

fn sealer() -> Arc<Sealer> {
    let mut master = [0; 32];
    aws_lc_rs::rand::fill(&mut master).unwrap();
    Arc::new(Sealer::new(&Secret::new(master), Epoch(7)).unwrap())
}

const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(80);

/// The verbs, spelled out for tests: values here are any bytes, not sealed ones.
impl Shelf {
    async fn put(&self, key: Key, value: &[u8], ttl: Duration) {
        assert!(self.put_when(key, value, ttl, When::Always).await);
    }

    async fn put_when(&self, key: Key, value: &[u8], ttl: Duration, when: When) -> bool {
        let act = Act::Put { key, value: value.to_vec(), ttl, when };
        matches!(self.carry_out(act).await.unwrap(), Answer::Placed(true))
    }

    async fn get(&self, key: Key) -> Option<Vec<u8>> {
        found(self.carry_out(Act::Get { key, touch: None }).await.unwrap())
    }

    async fn touch(&self, key: Key, idle: Duration) -> Option<Vec<u8>> {
        found(self.carry_out(Act::Get { key, touch: Some(idle) }).await.unwrap())
    }

    async fn take(&self, key: Key) -> Option<Vec<u8>> {
        found(self.carry_out(Act::Take { key }).await.unwrap())
    }

    async fn remove(&self, key: Key) -> bool {
        self.carry_out(Act::Remove { key }).await.unwrap() == Answer::Removed(true)
    }

    async fn swap(&self, key: Key, expected: &[u8], value: &[u8], ttl: Duration) -> Swap {
        let expected = Version::of(expected).unwrap();
        let act = Act::Swap { key, expected, value: value.to_vec(), ttl };
        match self.carry_out(act).await.unwrap() {
            Answer::Swapped(swap) => swap,
            other => panic!("{other:?} is no answer to a swap"),
        }
    }

    async fn reserve(&self, key: Key, allowance: Allowance) -> Reservation {
        match self.carry_out(Act::Reserve { key, allowance }).await.unwrap() {
            Answer::Reserved(reservation) => reservation,
            other => panic!("{other:?} is no answer to a reservation"),
        }
    }
}

fn found(answer: Answer) -> Option<Vec<u8>> {
    match answer {
        Answer::Found(found) => found,
        other => panic!("{other:?} is no answer to a look"),
    }
}

/// Waits until nothing lies under `key`; on a paused clock, no real time passes.
async fn gone(shelf: &Shelf, key: Key) {
    for _ in 0..1_000 {
        if shelf.get(key).await.is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("a value outlived its time by seconds");
}
