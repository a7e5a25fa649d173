//! The throttle: every try is counted before it is made, on the shelf, so that all nodes and all
//! paths count together. When the shelf is away this process counts alone, and more strictly.

use std::fmt::Write;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use metrics::counter;

use crate::seal::Sealer;
pub use crate::shelf::{Allowance, Reservation};
use crate::shelf::{Answer, Key, Kind, LONGEST_PAUSE, Shelf, ShelfError, Verb};

/// Tallies that this process keeps while the shelf is away.
const LOCAL_TALLIES: usize = 50_000;

/// In doubt, no.
const NOTHING: Reservation = Reservation::Refused { retry_after: LONGEST_PAUSE };

/// Counts tries, and refuses what is too many. Cheap to share: one a process, in an [`Arc`].
#[derive(Debug)]
pub struct Throttle {
    shelf: Arc<Shelf>,
    sealer: Arc<Sealer>,
    local: Shelf,
}

/// Whose tries are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted<'a> {
    /// Something with a name: an account, a client. The caller has normalised it.
    Name(&'a str),
    /// Whoever speaks from an address. One IPv6 subscriber has a /64, so that is one address.
    Address(IpAddr),
    /// Whoever speaks from the network around an address: the /48 of IPv6, the /24 of IPv4.
    Network(IpAddr),
}

/// One thing to count, and how much of it is allowed.
#[derive(Clone, Copy, Debug)]
pub struct Limit<'a> {
    /// What is being tried, such as `password`: the same on every path that tries it.
    pub what: &'static str,
    /// Whose tries they are.
    pub whose: Counted<'a>,
    /// How many are allowed.
    pub allowance: Allowance,
}

impl Throttle {
    /// A throttle that counts on `shelf`.
    #[must_use]
    pub fn new(shelf: Arc<Shelf>, sealer: Arc<Sealer>) -> Self {
        Self { shelf, sealer, local: Shelf::memory(LOCAL_TALLIES) }
    }

    /// Counts one try before it is made. Of many at the same instant, on any nodes, no more are
    /// allowed than the limit says.
    pub async fn reserve(&self, limit: Limit<'_>) -> Reservation {
        let key = self.key(limit.what, limit.whose);
        match self.shelf.send(Verb::reserving(key, limit.allowance)).await {
            Ok(answer) => judged(&answer, "shared"),
            Err(_away) => {
                let alone = Verb::reserving(key, limit.allowance.stricter());
                self.local.send(alone).await.map_or(NOTHING, |answer| judged(&answer, "local"))
            }
        }
    }

    /// Counts one try only where all nodes count together. Fails when the shelf is away: for whoever
    /// has something better to count by than each node alone.
    pub async fn reserve_together(&self, limit: Limit<'_>) -> Result<Reservation, ShelfError> {
        let key = self.key(limit.what, limit.whose);
        let answer = self.shelf.send(Verb::reserving(key, limit.allowance)).await?;
        Ok(judged(&answer, "shared"))
    }

    /// Counts one try against several limits, in their order, and stops at the first that refuses.
    ///
    /// Name the address before the account: who is refused by address must not go on using up the
    /// tries of somebody else's account.
    pub async fn reserve_all(&self, limits: &[Limit<'_>]) -> Reservation {
        let mut narrowest = u32::MAX;
        for limit in limits {
            match self.reserve(*limit).await {
                Reservation::Allowed { remaining } => narrowest = narrowest.min(remaining),
                refused @ Reservation::Refused { .. } => return refused,
            }
        }
        Reservation::Allowed { remaining: narrowest }
    }

    /// Forgets the tries of one, after a success: of this name or address, and of no other.
    pub async fn forgive(&self, what: &'static str, whose: Counted<'_>) -> Result<(), ShelfError> {
        let key = self.key(what, whose);
        self.local.send(Verb::removing(key)).await?;
        self.shelf.send(Verb::removing(key)).await.map(drop)
    }

    fn key(&self, what: &str, whose: Counted<'_>) -> Key {
        let mut handle = String::with_capacity(64);
        handle.push_str(what);
        match whose {
            Counted::Name(name) => {
                handle.push_str("\0name\0");
                handle.push_str(name);
            }
            Counted::Address(address) => push(&mut handle, "address", &masked(address, 32, 64)),
            Counted::Network(address) => push(&mut handle, "network", &masked(address, 24, 48)),
        }
        Key::new(Kind::Counter, self.sealer.digest(Kind::Counter.name(), handle.as_bytes()))
    }
}

fn push(handle: &mut String, sort: &str, address: &IpAddr) {
    // Writing to a string cannot fail.
    let _ = write!(handle, "\0{sort}\0{address}");
}

/// The first bits of an address, the rest nothing. An IPv4 address in IPv6's clothes is IPv4.
fn masked(address: IpAddr, v4_bits: u32, v6_bits: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - v4_bits).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - v6_bits).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
        }
    }
}

fn judged(answer: &Answer, counted_by: &'static str) -> Reservation {
    let reservation = match answer {
        Answer::Reserved(reservation) => *reservation,
        _ => NOTHING,
    };
    let outcome = if reservation.is_allowed() { "allowed" } else { "refused" };
    counter!("idp_throttle_total", "counted_by" => counted_by, "outcome" => outcome).increment(1);
    reservation
}

#[cfg(test)]
mod tests;
