//! Instants and spans as XML Schema writes them, in whole seconds.

use idp_domain::{Lifetime, Timestamp};

use super::XmlError;

const DAY: i64 = 86_400;

/// Reads an `xs:dateTime` that says its offset: `Z` or `±hh:mm` (SAML Core 1.3.3).
///
/// The fraction of a second is dropped. A value without an offset is refused: it names no instant.
pub fn read_instant(text: &str) -> Result<Timestamp, XmlError> {
    instant(collapse(text)).ok_or(XmlError::Value("xs:dateTime"))
}

/// Writes an instant in UTC, as `2026-11-22T21:00:00Z`.
#[must_use]
pub fn write_instant(instant: Timestamp) -> String {
    let days = instant.seconds().div_euclid(DAY);
    let second = instant.seconds().rem_euclid(DAY);
    let (year, month, day) = civil(days);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
}

/// Reads an `xs:duration` that does not go backwards: `PT1H`, `P7D`.
///
/// A year counts 365 days and a month 30, for the type itself gives them no length. The fraction
/// of a second is dropped; a span beyond [`Lifetime`] is the longest one.
pub fn read_duration(text: &str) -> Result<Lifetime, XmlError> {
    duration(collapse(text))
        .map(|seconds| Lifetime::seconds(u32::try_from(seconds).unwrap_or(u32::MAX)))
        .ok_or(XmlError::Value("xs:duration"))
}

fn collapse(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

fn instant(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once('T')?;
    let (year, rest) = date.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    if year < 1 || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let cut = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at_checked(cut)?;
    let (hour, rest) = clock.split_once(':')?;
    let (minute, rest) = rest.split_once(':')?;
    let second = match rest.split_once('.') {
        Some((second, fraction)) if is_digits(fraction) => second,
        Some(_) => return None,
        None => rest,
    };
    let (hour, minute, second) = (digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?);
    let midnight_that_ends_the_day = (hour, minute, second) == (24, 0, 0);
    if !midnight_that_ends_the_day && (hour > 23 || minute > 59 || second > 59) {
        return None;
    }
    let local = days_from_epoch(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
    Some(Timestamp::from_seconds(local - offset(zone)?))
}

/// Seconds east of Greenwich.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hour, minute) = zone.get(1..)?.split_once(':')?;
    let (hour, minute) = (digits(hour, 2)?, digits(minute, 2)?);
    (hour < 14 && minute < 60 || (hour, minute) == (14, 0))
        .then_some(sign * (hour * 3600 + minute * 60))
}

fn duration(text: &str) -> Option<i64> {
    let body = text.strip_prefix('P')?;
    let (date, time) = match body.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None if body.is_empty() => return None,
        None => (body, ""),
    };
    let date = parts(date, &[('Y', 365 * DAY), ('M', 30 * DAY), ('D', DAY)])?;
    Some(date.saturating_add(parts(time, &[('H', 3600), ('M', 60), ('S', 1)])?))
}

/// Sums numbers that are each followed by their unit, the units in this order, each at most once.
fn parts(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut sum = 0_i64;
    for (unit, seconds) in units {
        let number = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(number)?;
        let Some(rest) = rest.strip_prefix(*unit) else { continue };
        let whole = match value.split_once('.') {
            Some((whole, fraction)) if *unit == 'S' && is_digits(fraction) => whole,
            Some(_) => return None,
            None => value,
        };
        if !is_digits(whole) {
            return None;
        }
        // More digits than an i64 holds are a long time, not an error.
        let count: i64 = whole.parse().unwrap_or(i64::MAX);
        sum = sum.saturating_add(count.saturating_mul(*seconds));
        text = rest;
    }
    text.is_empty().then_some(sum)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && is_digits(text)).then(|| text.parse().ok()).flatten()
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar, by eras of 400 years that begin in March.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The year, month and day of a day since 1970-01-01: the way back.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use idp_domain::{Lifetime, Timestamp};
    use proptest::prelude::*;

    use super::{read_duration, read_instant, write_instant};

    #[test]
    fn an_instant_is_read_with_its_offset_and_without_its_fraction() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-11-22T21:00:00Z", 1_795_381_200),
            ("2026-11-22T21:00:00.999Z", 1_795_381_200),
            (" 2026-11-22T21:00:00Z\n", 1_795_381_200),
            ("2026-11-22T22:30:00+01:30", 1_795_381_200),
            ("2026-11-22T07:00:00-14:00", 1_795_381_200),
            ("2026-11-21T24:00:00Z", 1_795_305_600),
            ("2024-02-29T00:00:00Z", 1_709_164_800),
            ("1969-12-31T23:59:59Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
        ] {
            assert_eq!(read_instant(text), Ok(Timestamp::from_seconds(seconds)), "{text}");
        }
    }

    #[test]
    fn what_names_no_instant_is_refused() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T21:00:00",
            "2026-11-22T21:00Z",
            "2026-11-22 21:00:00Z",
            "2026-11-22T21:00:00z",
            "2026-11-22T21:00:00.Z",
            "2026-11-22T21:00:00.1.1Z",
            "2026-11-22T21:00:60Z",
            "2026-11-22T24:00:01Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "-2026-01-01T00:00:00Z",
            "12026-01-01T00:00:00Z",
            "2026-1-1T00:00:00Z",
            "2026-11-22T21:00:00+1:00",
            "2026-11-22T21:00:00+14:01",
            "2026-11-22T21:00:00+00:60",
            "2026-11-22T21:00:00Z+00:00",
            "2026-11-22T+1:00:00Z",
            "٢٠٢٦-11-22T21:00:00Z",
        ] {
            assert!(read_instant(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_duration_is_read_in_seconds() {
        for (text, seconds) in [
            ("PT1H", 3_600),
            ("P7D", 604_800),
            ("PT0S", 0),
            ("P1DT2H3M4.9S", 93_784),
            ("P1Y2M", 365 * 86_400 + 60 * 86_400),
            ("P0Y0M0DT6H0M0.000S", 21_600),
            ("P9999999999999999999999Y", u32::MAX),
        ] {
            assert_eq!(read_duration(text), Ok(Lifetime::seconds(seconds)), "{text}");
        }
        for text in [
            "", "P", "PT", "P1", "1H", "-PT1H", "PT1D", "P1H", "PT1M1H", "P1D1D", "PT.5S", "PT1.S",
            "PT1.5M", "P 1D", "P1DT", "PTS", "p1d", "PT+1H",
        ] {
            assert!(read_duration(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(seconds in -62_135_596_800_i64..=253_402_300_799) {
            let instant = Timestamp::from_seconds(seconds);
            prop_assert_eq!(read_instant(&write_instant(instant)), Ok(instant));
        }

        #[test]
        fn no_text_makes_the_readers_panic(text in ".{0,40}") {
            let _ = read_instant(&text);
            let _ = read_duration(&text);
        }
    }
}
