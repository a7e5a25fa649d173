//! Tries over time, as tables and as properties.

use std::fmt::Write;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

/// Tries at the given seconds, and what became of them.
fn check(allowance: Allowance, seconds: &[u64], expected: &Expect) {
    let mut tally = Tally::default();
    let mut lines = String::new();
    for second in seconds {
        let (reservation, kept) = tally.reserve(allowance, 1_000_000_000 + second * 1000);
        let kept_for = kept.map(|(kept, kept_for)| {
            tally = kept;
            kept_for / 1000
        });
        match (reservation, kept_for) {
            (Reservation::Allowed { remaining }, Some(kept_for)) => {
                writeln!(lines, "{second}: allowed, {remaining} left, kept {kept_for} s")
            }
            (Reservation::Refused { retry_after }, None) => {
                writeln!(lines, "{second}: refused for {} s", retry_after.as_secs())
            }
            other => panic!("{other:?}"),
        }
        .unwrap();
    }
    expected.assert_eq(&lines);
}

#[test]
fn guesses_beyond_the_limit_wait_twice_as_long_each_time() {
    check(
        Allowance::guesses(3, Duration::from_mins(1)),
        &[0, 1, 2, 3, 61, 62, 63, 182, 183, 423, 904, 905, 1804, 1805],
        &expect![[r"
            0: allowed, 2 left, kept 900 s
            1: allowed, 1 left, kept 1799 s
            2: allowed, 0 left, kept 2698 s
            3: refused for 59 s
            61: refused for 1 s
            62: allowed, 0 left, kept 3538 s
            63: refused for 119 s
            182: allowed, 0 left, kept 4318 s
            183: refused for 239 s
            423: allowed, 0 left, kept 4977 s
            904: allowed, 0 left, kept 5396 s
            905: refused for 479 s
            1804: allowed, 0 left, kept 5396 s
            1805: refused for 479 s
        "]],
    );
}

#[test]
fn nobody_waits_longer_than_a_quarter_of_an_hour() {
    check(
        Allowance::guesses(1, Duration::from_hours(5)),
        &[0, 1, 900, 901, 1800],
        &expect![[r"
            0: allowed, 0 left, kept 900 s
            1: refused for 899 s
            900: allowed, 0 left, kept 900 s
            901: refused for 899 s
            1800: allowed, 0 left, kept 900 s
        "]],
    );
}

#[test]
fn requests_flow_at_an_even_rate() {
    check(
        Allowance::requests(4, Duration::from_mins(1)),
        &[0, 0, 0, 0, 1, 14, 15, 15, 30, 90, 91, 92, 93, 94],
        &expect![[r"
            0: allowed, 3 left, kept 15 s
            0: allowed, 2 left, kept 30 s
            0: allowed, 1 left, kept 45 s
            0: allowed, 0 left, kept 60 s
            1: refused for 14 s
            14: refused for 1 s
            15: allowed, 0 left, kept 60 s
            15: refused for 15 s
            30: allowed, 0 left, kept 60 s
            90: allowed, 3 left, kept 15 s
            91: allowed, 2 left, kept 29 s
            92: allowed, 1 left, kept 43 s
            93: allowed, 0 left, kept 57 s
            94: refused for 11 s
        "]],
    );
}

#[test]
fn a_clock_that_was_set_back_shuts_nobody_out() {
    let guesses = Allowance::guesses(1, Duration::from_mins(1));
    let (_, kept) = Tally::default().reserve(guesses, 10_000_000_000);
    let (reservation, _) = kept.unwrap().0.reserve(guesses, 1_000);
    assert_eq!(reservation, Reservation::Refused { retry_after: LONGEST_PAUSE });
}

#[test]
fn what_is_no_tally_counts_as_none() {
    for text in ["", "1", "1 2", "1 2 3 4", "1 2 x", "-1 2 3", "1  2 3", "99999999999999999999 1 1"]
    {
        assert_eq!(Tally::from_text(text.as_bytes()), Tally::default(), "{text}");
    }
    assert_eq!(Tally::from_text(b"\xff 1 1"), Tally::default());
}

fn allowances() -> impl Strategy<Value = Allowance> {
    (1..20_u32, 1..2_000_000_u64, any::<bool>()).prop_map(|(limit, window, guesses)| {
        let window = Duration::from_millis(window);
        if guesses { Allowance::guesses(limit, window) } else { Allowance::requests(limit, window) }
    })
}

proptest! {
    #[test]
    fn a_tally_survives_the_shelf(tries in 0..1_u64 << 50, anchor in 0..1_u64 << 50, ends in 0..1_u64 << 50) {
        let tally = Tally { tries, anchor, ends };
        prop_assert_eq!(Tally::from_text(tally.to_text().as_bytes()), tally);
    }

    #[test]
    fn no_text_makes_a_tally_panic(text in any::<Vec<u8>>(), allowance in allowances(), now in any::<u64>()) {
        let _ = Tally::from_text(&text).reserve(allowance, now);
    }

    #[test]
    fn no_more_than_the_limit_pass_in_any_window(
        limit in 1..10_u32,
        window in 1..900_u64,
        waits in proptest::collection::vec(0..400_u64, 1..200),
    ) {
        let allowance = Allowance::guesses(limit, Duration::from_secs(window));
        let (mut tally, mut now, mut allowed) = (Tally::default(), 1_000_000_000, Vec::new());
        for wait in waits {
            now += wait * 1000;
            if let (_, Some((kept, _))) = tally.reserve(allowance, now) {
                tally = kept;
                allowed.push(now);
            }
        }
        for many in allowed.windows(limit as usize + 1) {
            prop_assert!(many[limit as usize] - many[0] >= window * 1000, "{:?}", many);
        }
    }

    #[test]
    fn whoever_waits_as_told_is_let_in(
        allowance in allowances(),
        waits in proptest::collection::vec(0..100_000_u64, 1..50),
    ) {
        let (mut tally, mut now) = (Tally::default(), 1_000_000_000);
        for wait in waits {
            now += wait;
            match tally.reserve(allowance, now) {
                (_, Some((kept, _))) => tally = kept,
                (Reservation::Refused { retry_after }, None) => {
                    let then = now + millis(retry_after);
                    prop_assert!(retry_after <= LONGEST_PAUSE.max(Duration::from_millis(allowance.leak)));
                    prop_assert!(tally.reserve(allowance, then).0.is_allowed());
                    prop_assert!(!tally.reserve(allowance, then - 1).0.is_allowed());
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
