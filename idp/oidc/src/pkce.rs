//! Proof Key for Code Exchange (RFC 7636), S256 alone: for both roles.
//!
//! A challenge or verifier that exists is well-formed. Random bytes are the caller's.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::Secret;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// The only method that is spoken: it does not expose the verifier.
//= rfc9700#2.1.1-3
pub const METHOD: &str = "S256";

/// An S256 challenge: 43 characters of base64url, which are 32 bytes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Challenge(String);

impl Challenge {
    /// Reads a challenge; `None` when no S256 hash could look like it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Trailing bits that are not zero are refused by the decoder, as is any other length.
        let mut hash = [0_u8; 33];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut hash) {
            Ok(32) => Some(Self(text.to_owned())),
            _ => None,
        }
    }

    /// The challenge as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `verifier` is the one that this challenge was made from.
    //= rfc7636#4.6-1
    #[must_use]
    pub fn is_met_by(&self, verifier: &Verifier) -> bool {
        self.0.as_bytes().ct_eq(verifier.challenge().0.as_bytes()).into()
    }
}

impl TryFrom<String> for Challenge {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("an S256 challenge is 43 characters of base64url")
    }
}

impl From<Challenge> for String {
    fn from(challenge: Challenge) -> Self {
        challenge.0
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Challenge({})", self.0)
    }
}

/// A verifier: 43 to 128 unreserved characters.
#[derive(Clone, Debug)]
pub struct Verifier(Secret<String>);

impl Verifier {
    /// Reads a verifier; `None` when it breaks the grammar of RFC 7636 §4.1.
    //= rfc7636#4.1-1
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (43..=128).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        fits.then(|| Self(Secret::new(text.to_owned())))
    }

    /// The verifier of 256 random bits.
    #[must_use]
    pub fn from_random(bits: [u8; 32]) -> Self {
        Self(Secret::new(URL_SAFE_NO_PAD.encode(bits)))
    }

    /// The verifier itself, for the token request and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Its S256 challenge.
    //= rfc7636#4.2-1
    #[must_use]
    pub fn challenge(&self) -> Challenge {
        Challenge(URL_SAFE_NO_PAD.encode(digest(&SHA256, self.0.expose().as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::{Challenge, Verifier};

    // RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    //= rfc7636#4.2-1 test
    #[test]
    fn the_example_of_the_rfc_comes_out_the_same() {
        let verifier = Verifier::parse(VERIFIER).unwrap();
        assert_eq!(verifier.challenge().as_str(), CHALLENGE);
        assert!(Challenge::parse(CHALLENGE).unwrap().is_met_by(&verifier));
    }

    #[test]
    fn another_verifier_does_not_meet_the_challenge() {
        let other = Verifier::from_random([7; 32]);
        assert!(!Challenge::parse(CHALLENGE).unwrap().is_met_by(&other));
        assert!(other.challenge().is_met_by(&other));
    }

    #[test]
    fn the_plain_verifier_is_no_proof_of_itself() {
        // The method plain: challenge and verifier are the same text.
        let verifier = Verifier::parse(CHALLENGE).unwrap();
        assert!(!Challenge::parse(CHALLENGE).unwrap().is_met_by(&verifier));
    }

    #[test]
    fn a_challenge_is_43_characters_that_mean_32_bytes() {
        for text in ["", &CHALLENGE[1..], &format!("{CHALLENGE}A"), &"A".repeat(129)] {
            assert_eq!(Challenge::parse(text), None, "{text}");
        }
        // An alphabet of another base64, padding, and bits that no hash has.
        let slash = CHALLENGE.replace('-', "/");
        let padded = format!("{CHALLENGE}=");
        let loose = format!("{}N", &CHALLENGE[..42]);
        for text in [slash, padded, loose] {
            assert_eq!(Challenge::parse(&text), None, "{text}");
        }
    }

    //= rfc7636#4.1-1 test
    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        assert!(Verifier::parse(&"~".repeat(128)).is_some());
        for text in [&VERIFIER[1..], &"a".repeat(129), &format!("{}+", &VERIFIER[1..]), ""] {
            assert!(Verifier::parse(text).is_none(), "{text}");
        }
        assert_eq!(Verifier::from_random([0; 32]).expose().len(), 43);
    }
}
