//! The shelf: short-lived values, each gone when taken or when its time is up. Transactions,
//! sessions, codes, ceremonies, replay marks and tallies lie here, and nothing that must not be
//! lost. Two arms, Redis and memory, mean the same by every verb.

use std::sync::Arc;

mod error;
mod key;
mod memory;
mod meters;
mod press;
mod redis;
mod tally;
mod typed;
mod verbs;

#[cfg(test)]
mod failing;
#[cfg(test)]
mod tests;

pub use error::ShelfError;
pub use key::{Instance, InstanceError, Key, Kind};
use memory::Memory;
use meters::Meters;
use redis::Redis;
pub use redis::{PlaceError, RedisPlace};
pub use tally::{Allowance, LONGEST_PAUSE, Reservation};
pub use typed::{Drawer, Held};
use verbs::Act;
pub use verbs::{Answer, Swap, Verb, Version};

/// Short-lived values. Cheap to share: one a process, in an [`Arc`].
///
/// [`Drawer`] gives it types and seals what it holds.
pub struct Shelf {
    arm: Arm,
    meters: Meters,
}

/// The backends: a closed set.
enum Arm {
    Memory(Box<Memory>),
    Redis(Redis),
    #[cfg(test)]
    Failing(failing::Failing),
}

/// How the shelf stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Verbs will be carried out.
    Up,
    /// Verbs answer [`ShelfError::Away`], at once or within two seconds.
    Away {
        /// What was seen, without secrets.
        why: Arc<str>,
    },
}

impl Shelf {
    /// A shelf in this process, with room for about `capacity` values of each kind. When a kind's
    /// room is full, its values that end first make way.
    #[must_use]
    pub fn memory(capacity: usize) -> Self {
        Self { arm: Arm::Memory(Box::new(Memory::new(capacity))), meters: Meters::new() }
    }

    /// A shelf in Redis. Returns at once, within a Tokio runtime, and connects in the background
    /// for as long as it takes; [`Shelf::health`] tells how that goes.
    #[must_use]
    pub fn redis(place: RedisPlace, instance: Instance) -> Self {
        Self { arm: Arm::Redis(Redis::new(place, instance)), meters: Meters::new() }
    }

    /// How it stands, by the last that was heard.
    #[must_use]
    pub fn health(&self) -> Health {
        match &self.arm {
            Arm::Memory(_) => Health::Up,
            Arm::Redis(redis) => match redis.away() {
                None => Health::Up,
                Some(why) => Health::Away { why },
            },
            #[cfg(test)]
            Arm::Failing(failing) => failing.health(),
        }
    }

    /// Carries out one verb: one atomic command, one round trip.
    pub async fn send(&self, Verb(act): Verb) -> Result<Answer, ShelfError> {
        self.carry_out(act).await
    }

    /// Carries out several verbs in one round trip, and answers in the order of the verbs.
    ///
    /// They must be about different keys, for nothing is promised about which comes first. Each is
    /// atomic, all together are not: when this fails, some may have been carried out.
    pub async fn send_all(&self, verbs: Vec<Verb>) -> Result<Vec<Answer>, ShelfError> {
        if verbs.is_empty() {
            return Ok(Vec::new());
        }
        let acts: Vec<Act> = verbs.into_iter().map(|Verb(act)| act).collect();
        let names: Vec<_> = acts.iter().map(Act::name).collect();
        let answers = match &self.arm {
            Arm::Memory(memory) => Ok(acts.into_iter().map(|act| memory.carry_out(act)).collect()),
            Arm::Redis(redis) => redis.carry_out_all(acts).await,
            #[cfg(test)]
            Arm::Failing(failing) => failing.carry_out_all(acts),
        };
        match &answers {
            Ok(answers) => {
                for (name, answer) in names.into_iter().zip(answers) {
                    self.meters.count(name, &Ok(answer.clone()));
                }
            }
            Err(error) => {
                for name in names {
                    self.meters.count(name, &Err(error.clone()));
                }
            }
        }
        answers
    }

    async fn carry_out(&self, act: Act) -> Result<Answer, ShelfError> {
        let name = act.name();
        let result = match &self.arm {
            Arm::Memory(memory) => Ok(memory.carry_out(act)),
            Arm::Redis(redis) => redis.carry_out(&act).await,
            #[cfg(test)]
            Arm::Failing(failing) => failing.carry_out(act),
        };
        self.meters.count(name, &result);
        result
    }
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let arm = match &self.arm {
            Arm::Memory(_) => "Memory",
            Arm::Redis(_) => "Redis",
            #[cfg(test)]
            Arm::Failing(_) => "Failing",
        };
        write!(f, "Shelf::{arm}")
    }
}
