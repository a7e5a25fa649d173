//! The name that a person types, in the one form in which it is stored and counted.

use std::fmt;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// The longest name, in bytes of its canonical form.
pub const MAX_USERNAME_BYTES: usize = 256;

/// A user name in canonical form: no blanks around it, lower case, composed (NFC).
///
/// Everybody who stores, looks up or counts a name goes through here, so that `Eve`, ` eve` and
/// `eve` are one account with one count of wrong guesses.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Username(String);

/// Why a text is no user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UsernameError {
    /// Nothing but blanks.
    #[error("the user name is empty")]
    Empty,
    /// Longer than 256 bytes.
    #[error("the user name is longer than {MAX_USERNAME_BYTES} bytes")]
    TooLong,
    /// A control character.
    #[error("the user name has a control character")]
    Control,
}

impl Username {
    /// Brings what was typed into canonical form.
    pub fn parse(typed: &str) -> Result<Self, UsernameError> {
        // Before any work: four times as much cannot shrink to what is allowed.
        if typed.len() > 4 * MAX_USERNAME_BYTES {
            return Err(UsernameError::TooLong);
        }
        let composed: String = typed.trim().nfc().collect();
        // Lower case can take composed characters apart again.
        let name: String = composed.to_lowercase().nfc().collect();
        if name.is_empty() {
            return Err(UsernameError::Empty);
        }
        if name.len() > MAX_USERNAME_BYTES {
            return Err(UsernameError::TooLong);
        }
        if name.chars().any(char::is_control) {
            return Err(UsernameError::Control);
        }
        Ok(Self(name))
    }

    /// The canonical form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A person's name does not belong into a log.
        f.write_str("Username(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(typed: &str) -> String {
        Username::parse(typed).unwrap().as_str().to_owned()
    }

    #[test]
    fn a_name_is_one_name_however_it_is_typed() {
        for typed in ["eve@partner.example", " Eve@Partner.Example\t", "EVE@PARTNER.EXAMPLE"] {
            assert_eq!(canonical(typed), "eve@partner.example");
        }
        assert_eq!(canonical("JOSE\u{301}"), canonical("jos\u{e9}"));
    }

    #[test]
    fn names_that_only_look_alike_stay_apart() {
        assert_ne!(canonical("eve"), canonical("\u{435}ve"), "a Cyrillic letter is another letter");
        assert_ne!(canonical("eve one"), canonical("eve  one"));
        assert_ne!(canonical("eve"), canonical("\u{ff45}ve"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for (typed, error) in [
            ("", UsernameError::Empty),
            (" \u{a0}\t", UsernameError::Empty),
            ("eve\0", UsernameError::Control),
            ("eve\nadmin", UsernameError::Control),
        ] {
            assert_eq!(Username::parse(typed), Err(error));
        }
        assert_eq!(canonical(&"x".repeat(256)).len(), 256);
        assert_eq!(Username::parse(&"x".repeat(257)), Err(UsernameError::TooLong));
        assert_eq!(Username::parse(&" ".repeat(1_000_000)), Err(UsernameError::TooLong));
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_its_own_canonical_form(typed in "\\PC{0,64}") {
            if let Ok(name) = Username::parse(&typed) {
                prop_assert_eq!(Username::parse(name.as_str()), Ok(name));
            }
        }
    }
}
