//! Tallies: how often something was tried, and when it may be tried again. Pure; `reserve.lua` says
//! the same for Redis, and a test holds the two together.

use std::time::Duration;

/// The longest that anybody waits for the next try, whatever they did.
pub const LONGEST_PAUSE: Duration = Duration::from_mins(15);

/// How many tries are allowed, and how fast they are forgiven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Tries before anybody has to wait. Never nothing.
    pub(crate) limit: u32,
    /// One try is forgotten each time this many milliseconds have passed.
    pub(crate) leak: u64,
    /// The first wait once the limit is reached, which then doubles. Nothing: no back-off, the
    /// next try is free when one has been forgotten.
    pub(crate) pause: u64,
}

impl Allowance {
    /// For guesses at a secret: at most `limit` in `window`, then one at a time after waits of
    /// `window`, twice that, and so on up to [`LONGEST_PAUSE`], one try forgotten each
    /// [`LONGEST_PAUSE`]. Whoever goes on for a day gets the limit and 96 more.
    #[must_use]
    pub fn guesses(limit: u32, window: Duration) -> Self {
        let longest = millis(LONGEST_PAUSE);
        Self { limit: limit.max(1), leak: longest, pause: millis(window).clamp(1, longest) }
    }

    /// For requests: at most `limit` at once, and `limit` in each `window` thereafter, spread
    /// evenly. For a shared address, where a back-off would shut out everybody behind it.
    #[must_use]
    pub fn requests(limit: u32, window: Duration) -> Self {
        let limit = limit.max(1);
        Self { limit, leak: (millis(window) / u64::from(limit)).max(1), pause: 0 }
    }

    /// A quarter of the tries, forgiven at a quarter of the speed: for a node that counts alone
    /// while several others do the same.
    #[must_use]
    pub(crate) fn stricter(self) -> Self {
        Self { limit: (self.limit / 4).max(1), leak: self.leak.saturating_mul(4), ..self }
    }
}

/// The answer to a wish to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reservation {
    /// The try is counted and may be made.
    Allowed {
        /// How many more may follow at once.
        remaining: u32,
    },
    /// Nothing was counted; the try must not be made.
    Refused {
        /// When to come back.
        retry_after: Duration,
    },
}

impl Reservation {
    /// Whether the try may be made.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }
}

/// What is kept of earlier tries. Times are milliseconds of one clock, the shelf's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    tries: u64,
    /// Since when tries leak.
    anchor: u64,
    /// When the wait is over.
    ends: u64,
}

impl Tally {
    /// Judges one more try at `now`; if it is allowed, returns the tally to keep, and for how
    /// many milliseconds.
    pub(crate) fn reserve(
        self,
        allowance: Allowance,
        now: u64,
    ) -> (Reservation, Option<(Self, u64)>) {
        let Allowance { limit, leak, pause } = allowance;
        let limit = u64::from(limit);
        let mut tally = self.leaked(leak, now);
        let longest = millis(LONGEST_PAUSE);
        let ends = tally.ends.min(now.saturating_add(longest));
        if now < ends {
            return (refused(ends - now), None);
        }
        if pause == 0 && tally.tries >= limit {
            return (refused(tally.anchor.saturating_add(leak).saturating_sub(now)), None);
        }
        tally.tries += 1;
        if pause > 0 && tally.tries >= limit {
            let doublings = u32::try_from(tally.tries - limit).unwrap_or(u32::MAX).min(20);
            tally.ends = now.saturating_add(longest.min(pause << doublings));
        }
        let emptied = tally.anchor.saturating_add(tally.tries.saturating_mul(leak));
        let kept_until = emptied.max(tally.ends);
        let remaining = u32::try_from(limit.saturating_sub(tally.tries)).unwrap_or(u32::MAX);
        (Reservation::Allowed { remaining }, Some((tally, kept_until - now)))
    }

    fn leaked(self, leak: u64, now: u64) -> Self {
        // A clock that was set back must not stop the leak.
        let anchor = self.anchor.min(now);
        let leaked = (now - anchor) / leak;
        if leaked >= self.tries {
            Self { tries: 0, anchor: now, ends: self.ends }
        } else {
            Self { tries: self.tries - leaked, anchor: anchor + leaked * leak, ends: self.ends }
        }
    }

    /// As it lies on the shelf, in both arms.
    pub(crate) fn to_text(self) -> String {
        format!("{} {} {}", self.tries, self.anchor, self.ends)
    }

    /// Reads what lies on the shelf; whatever else lies there counts as nothing.
    pub(crate) fn from_text(text: &[u8]) -> Self {
        let mut numbers = str::from_utf8(text)
            .unwrap_or_default()
            .split(' ')
            .map(|number| number.parse::<u64>().ok().filter(|number| *number < 1 << 53));
        match [numbers.next(), numbers.next(), numbers.next(), numbers.next()] {
            [Some(Some(tries)), Some(Some(anchor)), Some(Some(ends)), None] => {
                Self { tries, anchor, ends }
            }
            _ => Self::default(),
        }
    }
}

fn refused(wait: u64) -> Reservation {
    Reservation::Refused { retry_after: Duration::from_millis(wait) }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX).min(1 << 40)
}

#[cfg(test)]
mod tests;
