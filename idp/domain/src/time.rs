//! Instants and spans, in whole seconds. Nothing here knows what time it is.

use std::ops::Add;

use serde::{Deserialize, Serialize};

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `seconds` after the epoch.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The time that passed from `earlier` until now; nothing if `earlier` lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> Lifetime {
        let seconds = self.0.saturating_sub(earlier.0).max(0);
        Lifetime(u32::try_from(seconds).unwrap_or(u32::MAX))
    }

    /// The instant that lies `span` earlier.
    #[must_use]
    pub fn minus(self, span: Lifetime) -> Self {
        Self(self.0.saturating_sub(i64::from(span.0)))
    }
}

impl Add<Lifetime> for Timestamp {
    type Output = Self;

    fn add(self, span: Lifetime) -> Self {
        Self(self.0.saturating_add(i64::from(span.0)))
    }
}

/// A span of time in whole seconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Lifetime(u32);

impl Lifetime {
    /// A span of `seconds`.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self(seconds)
    }

    /// A span of `minutes`.
    #[must_use]
    pub const fn minutes(minutes: u32) -> Self {
        Self(minutes.saturating_mul(60))
    }

    /// A span of `hours`.
    #[must_use]
    pub const fn hours(hours: u32) -> Self {
        Self(hours.saturating_mul(3600))
    }

    /// Its length in seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u32 {
        self.0
    }

    /// The same span for the standard library.
    #[must_use]
    pub const fn as_duration(self) -> std::time::Duration {
        std::time::Duration::from_secs(self.0 as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::{Lifetime, Timestamp};

    #[test]
    fn an_instant_that_lies_ahead_is_no_time_ago() {
        let now = Timestamp::from_seconds(1_000);
        assert_eq!(now.since(now + Lifetime::minutes(1)), Lifetime::seconds(0));
        assert_eq!((now + Lifetime::minutes(1)).since(now), Lifetime::seconds(60));
    }

    #[test]
    fn the_ends_of_time_do_not_overflow() {
        let end = Timestamp::from_seconds(i64::MAX);
        assert_eq!(end + Lifetime::hours(1), end);
        assert_eq!(end.since(Timestamp::from_seconds(i64::MIN)), Lifetime::seconds(u32::MAX));
    }
}
