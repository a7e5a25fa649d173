//! The vectors of RFC 4226 and RFC 6238, and that a step counts once.

use super::*;
use proptest::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

/// The secret of RFC 4226 appendix D and RFC 6238 appendix B.
const RFC_SECRET: &[u8; SECRET_BYTES] = b"12345678901234567890";

fn secret() -> TotpSecret {
    TotpSecret::from_bytes(RFC_SECRET).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn code(number: u32) -> TotpCode {
    TotpCode::typed(&format!("{number:06}")).unwrap()
}

#[test]
fn codes_are_those_of_rfc_4226_appendix_d() {
    let expected =
        [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
    for (step, expected) in (0..).zip(expected) {
        assert_eq!(secret().code_at(Step(step)), expected, "counter {step}");
    }
}

#[test]
fn codes_are_those_of_rfc_6238_appendix_b() {
    // The vectors have eight digits; six are their tail, because the modulus divides.
    for (seconds, eight) in [
        (59, 94_287_082_u32),
        (1_111_111_109, 7_081_804),
        (1_111_111_111, 14_050_471),
        (1_234_567_890, 89_005_924),
        (2_000_000_000, 69_279_037),
        (20_000_000_000, 65_353_130),
    ] {
        let now = at(seconds);
        let verdict = verify(&secret(), code(eight % 1_000_000), now, Window::Exact, None);
        assert_eq!(verdict, Ok(Step::at(now)), "at {seconds}");
    }
}

#[test]
fn the_window_says_how_far_a_code_may_be_off() {
    let now = at(3_000_015);
    let present = Step::at(now).number();
    for (window, reach) in [(Window::Exact, 0), (Window::One, 1), (Window::Two, 2)] {
        for step in present - 4..=present + 4 {
            let verdict =
                verify(&secret(), TotpCode(secret().code_at(Step(step))), now, window, None);
            let wanted = if step.abs_diff(present) <= reach {
                Ok(Step::from_number(step))
            } else {
                Err(TotpRefusal::Wrong)
            };
            assert_eq!(verdict, wanted, "{window:?} {step}");
        }
    }
}

#[test]
fn mfa_05_a_step_counts_once_and_burns_the_ones_before_it() {
    let now = at(3_000_015);
    let present = Step::at(now).number();
    let due = TotpCode(secret().code_at(Step(present)));
    let before = TotpCode(secret().code_at(Step(present - 1)));
    let after = TotpCode(secret().code_at(Step(present + 1)));

    let used = verify(&secret(), due, now, Window::One, None).unwrap();
    assert_eq!(verify(&secret(), due, now, Window::One, Some(used)), Err(TotpRefusal::Used));
    assert_eq!(verify(&secret(), before, now, Window::One, Some(used)), Err(TotpRefusal::Used));
    let next = verify(&secret(), after, now, Window::One, Some(used)).unwrap();
    assert_eq!(next.number(), present + 1);
    // A clock that is set back brings nothing back.
    assert_eq!(
        verify(&secret(), due, at(2_999_985), Window::Two, Some(next)),
        Err(TotpRefusal::Used)
    );
}

#[test]
fn a_code_that_was_never_due_is_wrong_whatever_was_used() {
    let now = at(3_000_015);
    let right: Vec<u32> =
        (0..5).map(|i| secret().code_at(Step(Step::at(now).number() + i - 2))).collect();
    let wrong = (0..MODULUS).find(|code| !right.contains(code)).unwrap();
    for last in [None, Some(Step(0)), Some(Step(u64::MAX))] {
        assert_eq!(verify(&secret(), code(wrong), now, Window::Two, last), Err(TotpRefusal::Wrong));
    }
}

#[test]
fn the_first_step_and_the_time_before_it_do_no_harm() {
    for now in [at(0), at(29), at(-1), at(i64::MIN)] {
        assert_eq!(verify(&secret(), code(755_224), now, Window::Two, None), Ok(Step(0)));
    }
}

#[test]
fn a_code_is_six_digits_of_any_keyboard() {
    for typed in ["287082", "287 082", " 287-082 ", "٢٨٧٠٨٢", "２８７０８２"] {
        let typed = TotpCode::typed(typed).unwrap();
        assert_eq!(verify(&secret(), typed, at(59), Window::Exact, None), Ok(Step(1)));
    }
    for typed in ["", "28708", "2870822", "28708a", "-28708", "0x2870"] {
        assert!(TotpCode::typed(typed).is_none(), "{typed:?}");
    }
}

#[test]
fn the_uri_is_what_apps_read() {
    assert_eq!(
        secret().uri("Laissez-Passer: UN", "amélie@example.org").expose(),
        "otpauth://totp/Laissez-Passer%20%20UN:am%C3%A9lie%40example.org\
         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Laissez-Passer%20%20UN\
         &algorithm=SHA1&digits=6&period=30"
    );
}

#[test]
fn names_cannot_add_parameters_to_the_uri() {
    let uri = secret().uri("a&secret=AAAA#", "b?secret=BBBB&c");
    assert_eq!(uri.expose().matches("secret=").count(), 1);
    assert_eq!(uri.expose().matches('?').count(), 1);
    assert!(!uri.expose().contains('#'));
}

#[test]
fn the_qr_code_is_lines_and_nothing_else_and_light() {
    let drawing = secret().qr("Laissez-Passer", "\"/><script>amina.diallo@wfp.example").unwrap();
    let plain = |c: char| c.is_ascii_digit() || "Mh ".contains(c);
    assert!(drawing.path().chars().all(plain), "{}", drawing.path());
    assert!(drawing.path().len() < 9 * 1024, "{} bytes", drawing.path().len());
    assert_eq!(format!("{drawing:?}"), "QrDrawing(…)");
    assert!(secret().qr(&"x".repeat(4_000), "a").is_none());
}

#[test]
fn the_lines_of_the_qr_code_are_its_dark_modules() {
    let drawing = secret().qr("A", "b").unwrap();
    let code =
        QrCode::with_error_correction_level(secret().uri("A", "b").expose().as_bytes(), EcLevel::M)
            .unwrap();
    assert_eq!(drawing.side(), code.width() + 8);
    let mut dark = vec![false; drawing.side() * drawing.side()];
    for line in drawing.path().split('M').skip(1) {
        let (at, length) = line.split_once('h').unwrap();
        let (x, y) = at.split_once(' ').unwrap();
        let start = x.parse::<usize>().unwrap() + y.parse::<usize>().unwrap() * drawing.side();
        dark[start..start + length.parse::<usize>().unwrap()].fill(true);
    }
    for (at, is_dark) in dark.into_iter().enumerate() {
        let (x, y) = (at % drawing.side(), at / drawing.side());
        let inside = (4..drawing.side() - 4).contains(&x) && (4..drawing.side() - 4).contains(&y);
        let expected = inside && code[(x.wrapping_sub(4), y.wrapping_sub(4))] == Color::Dark;
        assert_eq!(is_dark, expected, "at {x}, {y}");
    }
}

#[test]
fn a_secret_is_twenty_bytes_and_does_not_show_itself() {
    let drawn = TotpSecret::draw().unwrap();
    assert_ne!(drawn.expose(), TotpSecret::draw().unwrap().expose());
    assert_eq!(TotpSecret::from_bytes(&[0; 19]).unwrap_err(), SecretLength(19));
    assert_eq!(secret().shown().expose(), "GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ");
    assert_eq!(format!("{:?} {:?}", secret(), code(1)), "TotpSecret(…) TotpCode(…)");
}

proptest! {
    #[test]
    fn what_counts_is_always_later_than_what_counted(
        number in 0..MODULUS,
        seconds in 0_i64..10_000,
        last in proptest::option::of(0_u64..400),
    ) {
        let last = last.map(Step);
        if let Ok(step) = verify(&secret(), code(number), at(seconds), Window::Two, last) {
            prop_assert!(last.is_none_or(|last| step > last));
            prop_assert!(step.number().abs_diff(Step::at(at(seconds)).number()) <= 2);
            prop_assert_eq!(secret().code_at(step), number);
        }
    }
}
