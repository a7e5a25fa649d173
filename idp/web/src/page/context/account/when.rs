//! Instants as people read them: how long ago, and the date and time of day in UTC.

use idp_domain::Timestamp;
use serde::Serialize;
use time::{OffsetDateTime, UtcOffset};

/// An instant, seen from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct When {
    /// As machines read it (RFC 3339).
    pub iso: String,
    /// The day of the month.
    pub day: u8,
    /// The month, from 1.
    pub month: u8,
    /// The year.
    pub year: i32,
    /// Hours and minutes in UTC.
    pub clock: String,
    /// How long ago.
    pub ago: Ago,
}

/// How long ago something was: in whole units, of which nobody needs to know a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "unit", content = "count")]
pub enum Ago {
    /// Less than a minute.
    Now,
    /// Minutes.
    Minutes(i64),
    /// Hours.
    Hours(i64),
    /// Days, as long as they are easily counted.
    Days(i64),
    /// Longer: the date says more. So it does for what is still to come.
    Long,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// From how many days on the date says more.
const MANY_DAYS: i64 = 14;

impl When {
    /// The instant `at`, seen from `now`.
    #[must_use]
    pub fn new(at: Timestamp, now: Timestamp) -> Self {
        let seconds = at.seconds();
        let date = OffsetDateTime::from_unix_timestamp(seconds)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .to_offset(UtcOffset::UTC);
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        let (hour, minute, second) = date.to_hms();
        Self {
            iso: format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"),
            day,
            month,
            year,
            clock: format!("{hour:02}:{minute:02}"),
            ago: Ago::of(now.seconds().saturating_sub(seconds)),
        }
    }
}

impl Ago {
    fn of(seconds: i64) -> Self {
        match seconds {
            // Nodes disagree by a second or two.
            -5..MINUTE => Self::Now,
            MINUTE..HOUR => Self::Minutes(seconds / MINUTE),
            HOUR..DAY => Self::Hours(seconds / HOUR),
            _ if seconds >= DAY && seconds / DAY < MANY_DAYS => Self::Days(seconds / DAY),
            _ => Self::Long,
        }
    }
}

/// The instant from which samples look back.
pub(super) const SAMPLE_NOW: i64 = 1_748_000_000;

/// An instant so many seconds before the samples' own.
pub(super) fn before(seconds: i64) -> When {
    let at = Timestamp::from_seconds(SAMPLE_NOW - seconds);
    When::new(at, Timestamp::from_seconds(SAMPLE_NOW))
}

#[cfg(test)]
mod tests {
    use idp_domain::Timestamp;

    use super::{Ago, DAY, HOUR, When};

    fn when(at: i64, now: i64) -> When {
        When::new(Timestamp::from_seconds(at), Timestamp::from_seconds(now))
    }

    #[test]
    fn an_instant_is_told_in_utc() {
        let leap = when(1_709_208_184, 1_709_208_184);
        assert_eq!(leap.iso, "2024-02-29T12:03:04Z");
        assert_eq!((leap.year, leap.month, leap.day, leap.clock.as_str()), (2024, 2, 29, "12:03"));
    }

    #[test]
    fn time_that_has_passed_is_told_in_its_largest_whole_unit() {
        let ago = |seconds| when(0, seconds).ago;
        assert_eq!([ago(0), ago(59), ago(60)], [Ago::Now, Ago::Now, Ago::Minutes(1)]);
        assert_eq!([ago(HOUR - 1), ago(HOUR)], [Ago::Minutes(59), Ago::Hours(1)]);
        assert_eq!([ago(DAY - 1), ago(DAY)], [Ago::Hours(23), Ago::Days(1)]);
        assert_eq!([ago(14 * DAY - 1), ago(14 * DAY)], [Ago::Days(13), Ago::Long]);
    }

    #[test]
    fn what_is_still_to_come_has_a_date() {
        assert_eq!([when(3, 0).ago, when(60, 0).ago], [Ago::Now, Ago::Long]);
    }

    #[test]
    fn no_instant_is_too_far_away_to_be_shown() {
        assert_eq!(when(i64::MAX, i64::MIN).year, 1970);
        assert_eq!(when(253_402_300_799, 0).iso, "9999-12-31T23:59:59Z");
    }
}
