//! Secrets of clients: random, so that a fast hash protects them (RFC 6749 section 2.3.1).
//!
//! Only for secrets that a program made, of 128 bits and more; what a person chose is a password.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use subtle::{Choice, ConstantTimeEq};

/// The longest secret that is looked at, in bytes.
const MAX_SECRET_BYTES: usize = 1_024;

/// The SHA-256 of a client's secret, as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecretHash([u8; 32]);

impl ClientSecretHash {
    /// The hash to store for `secret`.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
        Self(hash)
    }

    /// A hash as it was stored.
    #[must_use]
    pub fn from_bytes(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether `presented` is the secret behind any of `stored`, such as the present one and the
    /// one before it during a rotation.
    ///
    /// The time does not tell which one it was, nor how far it agrees; an unknown client, with
    /// nothing stored, costs the same hash.
    pub fn verify_any<'a>(stored: impl IntoIterator<Item = &'a Self>, presented: &str) -> bool {
        if presented.len() > MAX_SECRET_BYTES {
            return false;
        }
        let presented = Self::of(presented);
        let found = stored
            .into_iter()
            .fold(Choice::from(0), |found, hash| found | hash.0.ct_eq(&presented.0));
        found.into()
    }

    /// Whether `presented` is the secret behind this hash.
    pub fn verify(&self, presented: &str) -> bool {
        Self::verify_any([self], presented)
    }
}

impl fmt::Debug for ClientSecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecretHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "Zx%41+b:c-9fQ2k7dR0tW8yU";

    #[test]
    fn jwt_06_only_the_very_secret_matches() {
        let stored = ClientSecretHash::of(SECRET);
        assert!(stored.verify(SECRET));
        let longer = format!("{SECRET}x");
        for wrong in [
            "",
            " ",
            &SECRET[1..],
            &SECRET[..23],
            &longer,
            "Zx%41+b:c-9fQ2k7dR0tW8yu",
            "ZxA b:c-9fQ2k7dR0tW8yU",
        ] {
            assert!(!stored.verify(wrong), "{wrong:?}");
        }
        assert!(!stored.verify(&"x".repeat(1_000_000)));
    }

    #[test]
    fn jwt_06_each_of_several_versions_matches_until_it_is_gone() {
        let versions = [ClientSecretHash::of("the one before"), ClientSecretHash::of(SECRET)];
        assert!(ClientSecretHash::verify_any(&versions, SECRET));
        assert!(ClientSecretHash::verify_any(&versions, "the one before"));
        assert!(!ClientSecretHash::verify_any(&versions[1..], "the one before"));
        assert!(!ClientSecretHash::verify_any([], SECRET));
    }

    #[test]
    fn a_stored_hash_is_the_sha_256_of_the_secret() {
        // FIPS 180-4, the example "abc".
        let hash = ClientSecretHash::of("abc");
        assert_eq!(hash.as_bytes()[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert_eq!(ClientSecretHash::from_bytes(*hash.as_bytes()), hash);
        assert_eq!(format!("{hash:?}"), "ClientSecretHash(…)");
    }
}
