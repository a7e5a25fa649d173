//! Tokens of the administration API: random, so that a fast hash protects them; found by it.
//!
//! What a token may do, and until when, is for others to keep and to decide.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::Secret;

use crate::symbols::{self, NoRandomness};

/// How a token begins, so that whoever finds one in a log or a repository knows what it is.
const PREFIX: &str = "lpat_";
/// Random bytes in a token.
const BYTES: usize = 32;
/// The length of a token in bytes: the prefix, and 32 bytes in base64url.
const LENGTH: usize = PREFIX.len() + 43;
/// What the hash is of, besides the token.
const PURPOSE: &str = "administration API token";

/// A fresh token, to be shown once.
pub struct ApiToken(Secret<String>);

impl ApiToken {
    /// Draws a token.
    pub fn draw() -> Result<Self, NoRandomness> {
        let bytes = symbols::random::<BYTES>()?;
        // All the room at once: growing would leave unwiped copies behind.
        let mut token = String::with_capacity(LENGTH);
        token.push_str(PREFIX);
        URL_SAFE_NO_PAD.encode_string(bytes.as_slice(), &mut token);
        Ok(Self(Secret::new(token)))
    }

    /// The token as it is shown.
    pub fn shown(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiToken(…)")
    }
}

/// The hash that a token is kept and found by; `None` for a text that no token has.
#[must_use]
pub fn hash(presented: &str) -> Option<[u8; 32]> {
    let fits = presented.len() == LENGTH && presented.starts_with(PREFIX);
    fits.then(|| symbols::hash(PURPOSE, presented))
}

#[cfg(test)]
mod tests {
    use super::{ApiToken, LENGTH, hash};

    #[test]
    fn a_token_is_random_and_found_by_its_own_hash_alone() {
        let [one, two] = [(); 2].map(|()| ApiToken::draw().unwrap());
        assert_eq!(one.shown().len(), LENGTH);
        assert_ne!(one.shown(), two.shown());
        assert!(hash(one.shown()).is_some());
        assert_ne!(hash(one.shown()), hash(two.shown()));
        assert_eq!(format!("{one:?}"), "ApiToken(…)");
    }

    #[test]
    fn what_cannot_be_a_token_has_no_hash() {
        let token = ApiToken::draw().unwrap();
        let bare = token.shown().trim_start_matches("lpat_");
        for text in ["", "lpat_", bare, &format!("{}x", token.shown()), &"x".repeat(LENGTH)] {
            assert_eq!(hash(text), None, "{text}");
        }
    }
}
