//! The verbs, and their answers. Each verb is one atomic command on one key, so two nodes can share
//! a shelf and a cluster can serve it; nothing here knows what a value means.

use std::time::Duration;

use super::key::Key;
use super::tally::{Allowance, Reservation};
use crate::seal;

/// Longer than anything may lie: a bound on what a mistaken caller can leave behind.
const LONGEST: Duration = Duration::from_hours(400 * 24);

/// One wish to the shelf, ready to be sent alone or with others.
///
/// [`super::Drawer`] makes them, so that whatever lies on the shelf is sealed.
#[derive(Debug)]
pub struct Verb(pub(super) Act);

impl Verb {
    /// Counts one more try.
    pub(crate) const fn reserving(key: Key, allowance: Allowance) -> Self {
        Self(Act::Reserve { key, allowance })
    }

    /// Removes whatever lies there.
    pub(crate) const fn removing(key: Key) -> Self {
        Self(Act::Remove { key })
    }
}

#[derive(Debug, Clone)]
pub(super) enum Act {
    Put { key: Key, value: Vec<u8>, ttl: Duration, when: When },
    Get { key: Key, touch: Option<Duration> },
    Take { key: Key },
    Swap { key: Key, expected: Version, value: Vec<u8>, ttl: Duration },
    Remove { key: Key },
    Reserve { key: Key, allowance: Allowance },
}

/// Under which condition a value is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Whatever lies there.
    Always,
    /// Only where nothing lies.
    New,
    /// Only where something lies.
    Existing,
}

/// What a verb brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Of a put: whether the value lies there now.
    Placed(bool),
    /// Of a get or a take: the sealed value, if there was one.
    Found(Option<Vec<u8>>),
    /// Of a swap.
    Swapped(Swap),
    /// Of a removal: whether something lay there.
    Removed(bool),
    /// Of a reservation.
    Reserved(Reservation),
}

/// How a swap ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// The new value lies there.
    Done,
    /// Somebody else was faster: another value lies there.
    Conflict,
    /// Nothing lies there any more.
    Absent,
}

/// Tells one writing of a value from the next: its first bytes, which hold the seal's nonce.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Version(pub(super) [u8; seal::PREFIX_LEN]);

impl Version {
    /// The version of `value`, if it is long enough to be a sealed one.
    pub(super) fn of(value: &[u8]) -> Option<Self> {
        value.first_chunk().copied().map(Self)
    }
}

impl std::fmt::Debug for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Version(…)")
    }
}

impl Act {
    pub(super) const fn name(&self) -> Name {
        match self {
            Self::Put { when: When::Always, .. } => Name::Put,
            Self::Put { when: When::New, .. } => Name::PutNew,
            Self::Put { when: When::Existing, .. } => Name::PutExisting,
            Self::Get { touch: None, .. } => Name::Get,
            Self::Get { touch: Some(_), .. } => Name::Touch,
            Self::Take { .. } => Name::Take,
            Self::Swap { .. } => Name::Swap,
            Self::Remove { .. } => Name::Remove,
            Self::Reserve { .. } => Name::Reserve,
        }
    }

    /// Whether doing it twice is as good as once, for whoever asked and for everybody else.
    pub(super) const fn repeatable(&self) -> bool {
        matches!(
            self,
            Self::Put { when: When::Always, .. } | Self::Get { .. } | Self::Remove { .. }
        )
    }
}

/// What a verb is called in metrics, and what its answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Put,
    PutNew,
    PutExisting,
    Get,
    Touch,
    Take,
    Swap,
    Remove,
    Reserve,
}

impl Name {
    pub(super) const ALL: [Self; 9] = [
        Self::Put,
        Self::PutNew,
        Self::PutExisting,
        Self::Get,
        Self::Touch,
        Self::Take,
        Self::Swap,
        Self::Remove,
        Self::Reserve,
    ];

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::PutNew => "put_new",
            Self::PutExisting => "put_existing",
            Self::Get => "get",
            Self::Touch => "touch",
            Self::Take => "take",
            Self::Swap => "swap",
            Self::Remove => "remove",
            Self::Reserve => "reserve",
        }
    }
}

impl Answer {
    /// Whether the verb did, or found, what it was sent for.
    pub(super) const fn hit(&self) -> bool {
        match self {
            Self::Placed(yes) | Self::Removed(yes) => *yes,
            Self::Found(found) => found.is_some(),
            Self::Swapped(swap) => matches!(swap, Swap::Done),
            Self::Reserved(reservation) => reservation.is_allowed(),
        }
    }
}

/// A time to live in whole milliseconds, as both arms count it.
pub(super) fn millis(ttl: Duration) -> u64 {
    u64::try_from(ttl.min(LONGEST).as_millis()).unwrap_or(u64::MAX)
}
