//! What a person typed: normalized once, wiped when dropped, never cut short.

use std::fmt;

use idp_domain::Secret;
use unicode_normalization::UnicodeNormalization;

/// The longest password that is looked at, in bytes of UTF-8 as it was sent.
pub const MAX_PASSWORD_BYTES: usize = 1_024;

/// Canonical composition can lengthen a text in UTF-8 at most threefold (UAX #15).
const MAX_GROWTH: usize = 3;

/// A password as a person typed it.
///
/// One that is too long stays a value of this type which matches no hash, so that whoever verifies
/// it takes the same path, and the same time, as for any other wrong password.
#[derive(Clone)]
pub struct Password(Option<Secret<String>>);

impl Password {
    /// Takes in what was typed.
    ///
    /// The text is mapped as RFC 8265 section 4.2.2 maps an `OpaqueString`: spaces outside ASCII
    /// become U+0020, and the rest is composed (NFC), so that one password typed on two systems
    /// stays one password. Nothing is trimmed, folded or cut. Unlike RFC 8265 no character is
    /// refused, control characters and those that a Unicode table does not know yet included: a
    /// password manager may produce any of them.
    //= rfc8265#4.2.2-1
    #[must_use]
    pub fn typed(text: String) -> Self {
        let text = Secret::new(text);
        if text.expose().len() > MAX_PASSWORD_BYTES {
            return Self(None);
        }
        // Room for the longest outcome: growing would leave unwiped copies behind.
        let mut mapped = String::with_capacity(text.expose().len() * MAX_GROWTH);
        mapped.extend(text.expose().chars().map(plain_space).nfc());
        Self(Some(Secret::new(mapped)))
    }

    /// Whether the text was longer than [`MAX_PASSWORD_BYTES`], and so can match nothing.
    #[must_use]
    pub fn is_oversized(&self) -> bool {
        self.0.is_none()
    }

    /// The mapped text, unless it was too long.
    pub(super) fn text(&self) -> Option<&str> {
        self.0.as_ref().map(|text| text.expose().as_str())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// U+0020 for every other character of the category Zs; all other characters unchanged.
fn plain_space(c: char) -> char {
    match c {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            ' '
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(text: &str) -> Option<String> {
        Password::typed(text.to_owned()).text().map(str::to_owned)
    }

    //= rfc8265#4.2.2-1 test
    #[test]
    fn one_password_from_two_keyboards_is_one_password() {
        assert_eq!(mapped("Zu\u{308}rich\u{a0}1"), mapped("Z\u{fc}rich 1"));
    }

    #[test]
    fn case_outer_spaces_and_compatibility_forms_are_significant() {
        for (one, other) in [("Abc", "abc"), (" abc", "abc"), ("abc ", "abc"), ("\u{ff21}", "A")] {
            assert_ne!(mapped(one), mapped(other), "{one:?} is not {other:?}");
        }
    }

    #[test]
    fn pwd_08_a_text_of_1024_bytes_is_kept_and_one_of_1025_is_not() {
        assert_eq!(mapped(&"x".repeat(1_024)).unwrap().len(), 1_024);
        let long = Password::typed("x".repeat(1_025));
        assert!(long.is_oversized());
        assert!(long.text().is_none());
    }

    #[test]
    fn pwd_08_mapping_fits_the_room_that_was_reserved_for_it() {
        // U+1D160 is the character that grows most under NFC: from four to twelve bytes.
        let worst = "\u{1d160}".repeat(MAX_PASSWORD_BYTES / 4);
        let Password(Some(secret)) = Password::typed(worst) else { panic!("it is short enough") };
        assert_eq!(secret.expose().len(), MAX_PASSWORD_BYTES * MAX_GROWTH);
        assert_eq!(secret.expose().capacity(), MAX_PASSWORD_BYTES * MAX_GROWTH);
    }

    #[test]
    fn a_password_does_not_show_itself() {
        assert_eq!(format!("{:?}", Password::typed("hunter2".to_owned())), "Password(…)");
    }
}
