//! Whereabouts: whether one session is used in two places at the same time.
//!
//! A network and what the browser says it is, as hashes: enough to tell places apart, and no use
//! for finding them.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{Lifetime, Timestamp};

/// Turns that are further apart than this are those of somebody who travels.
const TOGETHER: Lifetime = Lifetime::minutes(1);

/// A place that a session is used from: one subscriber's network, and one kind of browser there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Place(u64);

/// How two uses of a session lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Apart {
    /// They may come from one browser.
    Not,
    /// They come from two networks.
    Networks,
    /// They come from two networks, and from browsers of two kinds.
    Browsers,
}

impl Place {
    /// The place of a browser at `address` that says it is a `browser`.
    #[must_use]
    pub fn of(address: IpAddr, browser: &str) -> Self {
        let (version, network) = match address.to_canonical() {
            IpAddr::V4(v4) => (0, hash(v4.octets().iter().take(3))),
            IpAddr::V6(v6) => (1, hash(v6.octets().iter().take(6))),
        };
        Self(u64::from(hash(browser.as_bytes())) << 32 | u64::from(network & !1) | version)
    }

    /// One browser may speak through both versions of the protocol in turn, so the networks of an
    /// IPv4 and an IPv6 address say nothing.
    fn apart(self, other: Self) -> Apart {
        let both = self.0 ^ other.0;
        let (versions, networks, browsers) = (both & 1, both & 0xffff_fffe, both >> 32);
        match (versions, networks, browsers) {
            (0, 0, _) | (1, _, 0) => Apart::Not,
            (_, _, 0) => Apart::Networks,
            _ => Apart::Browsers,
        }
    }
}

/// FNV-1a: stable over releases and machines. Nobody gains by finding two that are the same.
fn hash<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u32 {
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    bytes.into_iter().fold(0x811c_9dc5, step)
}

/// Where a session was used lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    here: Place,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Before>,
    /// Whether somebody has heard of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    told: bool,
}

/// Where it was before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Before {
    place: Place,
    /// When it began to move between the two.
    since: Timestamp,
    /// How often it came back since then.
    turns: u8,
}

/// What a use of a session is, beside the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// It comes from the same place.
    None,
    /// It comes from somewhere else, as it may when somebody travels: to be kept in mind.
    Moved,
    /// The session is in two places at the same time. Said once of each session.
    InTwoPlaces,
}

impl Whereabouts {
    /// Those of a session that begins at `place`.
    #[must_use]
    pub fn at(place: Place) -> Self {
        Self { here: place, before: None, told: false }
    }

    /// The session is used at `place`.
    ///
    /// Who walks out of an office comes from another network, and perhaps back into the first. To
    /// go on in both within a minute takes two: one return where the browsers differ too, two
    /// where only the networks do, for a telephone may flicker between two of them.
    pub fn visit(&mut self, place: Place, now: Timestamp) -> Move {
        let apart = self.here.apart(place);
        if apart == Apart::Not {
            return Move::None;
        }
        let returning = self.before.take().filter(|before| {
            before.place.apart(place) == Apart::Not && now.since(before.since) <= TOGETHER
        });
        let (since, turns) =
            returning.map_or((now, 0), |before| (before.since, before.turns.saturating_add(1)));
        self.before = Some(Before { place: self.here, since, turns });
        self.here = place;
        let enough = if apart == Apart::Browsers { 1 } else { 2 };
        if turns < enough || self.told {
            return Move::Moved;
        }
        self.told = true;
        Move::InTwoPlaces
    }
}

#[cfg(test)]
mod tests {
    use super::{Move, Place, Whereabouts};
    use crate::{Lifetime, Timestamp};

    const OFFICE: &str = "192.0.2.17";
    const ELSEWHERE: &str = "198.51.100.4";
    const OFFICE_V6: &str = "2001:db8:1:2::17";
    const ELSEWHERE_V6: &str = "2001:db8:9::1";

    fn place((address, browser): (&str, &str)) -> Place {
        Place::of(address.parse().unwrap(), browser)
    }

    /// What becomes of a session that is used at these places, so many seconds after each other.
    fn uses(pause: u32, places: &[(&str, &str)]) -> Vec<Move> {
        let (first, rest) = places.split_first().unwrap();
        let mut whereabouts = Whereabouts::at(place(*first));
        let mut now = Timestamp::from_seconds(1_000_000);
        let mut moves = Vec::new();
        for next in rest {
            now = now + Lifetime::seconds(pause);
            moves.push(whereabouts.visit(place(*next), now));
        }
        moves
    }

    #[test]
    fn ses_21_two_browsers_in_two_networks_are_seen_at_the_first_return() {
        let (alice, mallory) = ((OFFICE, "Firefox"), (ELSEWHERE, "Chrome"));
        let moves = uses(20, &[alice, mallory, alice, mallory, alice]);
        assert_eq!(moves, [Move::Moved, Move::InTwoPlaces, Move::Moved, Move::Moved], "once");
        let across = uses(20, &[alice, (OFFICE_V6, "Chrome"), alice]);
        assert_eq!(across, [Move::Moved, Move::InTwoPlaces], "whatever the protocol's version");
    }

    #[test]
    fn ses_21_one_kind_of_browser_in_two_networks_is_seen_at_the_second_return() {
        for (here, there) in [(OFFICE, ELSEWHERE), (OFFICE_V6, ELSEWHERE_V6)] {
            let (alice, mallory) = ((here, "Firefox"), (there, "Firefox"));
            let moves = uses(15, &[alice, mallory, alice, mallory]);
            assert_eq!(moves, [Move::Moved, Move::Moved, Move::InTwoPlaces]);
        }
    }

    #[test]
    fn ses_21_a_person_who_travels_is_one_person() {
        let at = |address| (address, "Firefox");
        let walk = [OFFICE, ELSEWHERE, "203.0.113.9", OFFICE, ELSEWHERE].map(at);
        assert!(!uses(5, &walk).contains(&Move::InTwoPlaces), "from cell to cell");
        let commute = [OFFICE, ELSEWHERE, OFFICE, ELSEWHERE, OFFICE].map(at);
        assert!(!uses(61, &commute).contains(&Move::InTwoPlaces), "out of the office and back");
        let gone = [OFFICE, ELSEWHERE, OFFICE].map(at);
        assert!(!uses(10, &gone).contains(&Move::InTwoPlaces), "out of the lift again");
    }

    #[test]
    fn ses_21_a_browser_may_speak_both_protocols_and_change_its_address() {
        let at = |address| (address, "Firefox");
        let both = [OFFICE, OFFICE_V6, OFFICE, OFFICE_V6, OFFICE].map(at);
        assert_eq!(uses(1, &both), [Move::None; 4]);
        let pool = ["192.0.2.1", "192.0.2.200", "::ffff:192.0.2.7", "192.0.2.9"].map(at);
        assert_eq!(uses(1, &pool), [Move::None; 3], "one network");
        let mask = [(OFFICE, "Firefox"), (OFFICE, "Chrome"), (OFFICE, "Firefox")];
        assert_eq!(uses(1, &mask), [Move::None; 2], "one network is one place");
    }
}
