//! Recovery codes: ten at a time, shown once, each good for one sign-in without the other factors.
//!
//! Knows which code was typed. That it is spent, and that a new set replaces the old, the caller
//! commits.
//!
//! A code has 24 symbols, 120 random bits. From 112 bits on, NIST SP 800-63B (look-up secret
//! verifiers) and OWASP ASVS 5.0 (6.5.2) let a fast hash keep a code; a shorter one would need a
//! password hash, ten of them for every guess. So SHA-256 without salt is enough, and a guess costs
//! microseconds.

use std::fmt;

use idp_domain::Secret;
use subtle::{ConditionallySelectable, ConstantTimeEq};
use thiserror::Error;

use crate::symbols::{self, NoRandomness};

/// How many codes a set has.
pub const CODES: usize = 10;
/// Random bytes in a code.
const CODE_BYTES: usize = 15;
/// Symbols in a code.
const CODE_SYMBOLS: usize = 24;
/// What the hash is of, besides the symbols.
const PURPOSE: &str = "recovery code";

/// A set of fresh codes: to be shown once, and stored as hashes in place of the set before.
pub struct RecoverySet {
    codes: Vec<Secret<String>>,
}

impl RecoverySet {
    /// Draws [`CODES`] codes.
    pub fn draw() -> Result<Self, NoRandomness> {
        let codes = (0..CODES)
            .map(|_| {
                let bytes = symbols::random::<CODE_BYTES>()?;
                let code = symbols::encode(&symbols::READABLE, bytes.as_slice());
                Ok(symbols::grouped(code.expose()))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { codes })
    }

    /// The codes as the person is to see them: six groups of four symbols.
    pub fn shown(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(|code| code.expose().as_str())
    }

    /// What to store, in the order of [`Self::shown`].
    pub fn hashes(&self) -> Vec<RecoveryHash> {
        self.shown().filter_map(RecoveryHash::of).collect()
    }
}

impl fmt::Debug for RecoverySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoverySet(…)")
    }
}

/// The SHA-256 of one code, as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryHash([u8; 32]);

impl RecoveryHash {
    /// A hash as it was stored.
    #[must_use]
    pub const fn from_bytes(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn of(typed: &str) -> Option<Self> {
        let code = symbols::read(typed, CODE_SYMBOLS)?;
        Some(Self(symbols::hash(PURPOSE, code.expose())))
    }
}

impl fmt::Debug for RecoveryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryHash(…)")
    }
}

/// Why no code was found. The person hears the same of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RecoveryRefusal {
    /// What was typed cannot be a code: another length, or a symbol that codes do not have.
    #[error("this is not a recovery code")]
    Malformed,
    /// It is no code of this set.
    #[error("the set has no such recovery code")]
    Wrong,
}

impl RecoveryRefusal {
    /// The word for it in logs, metrics and the trail.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Malformed => "factors.recovery.malformed",
            Self::Wrong => "factors.recovery.wrong",
        }
    }
}

/// Which code of a set was typed: its place in `stored`.
///
/// `stored` is the whole set, the spent codes too, so that the caller can tell a spent code from
/// an unknown one in its trail. Case, blanks and dashes do not count; O is 0, I and L are 1. The
/// code has proved something only if the caller then marks it spent, durably and as the first to
/// do so. The time taken does not tell which code it was, nor how far it agrees.
pub fn find(stored: &[RecoveryHash], typed: &str) -> Result<usize, RecoveryRefusal> {
    let typed = RecoveryHash::of(typed).ok_or(RecoveryRefusal::Malformed)?;
    let mut found = u64::MAX;
    for (place, hash) in (0_u64..).zip(stored) {
        found.conditional_assign(&place, hash.0.ct_eq(&typed.0));
    }
    usize::try_from(found).ok().filter(|place| *place < stored.len()).ok_or(RecoveryRefusal::Wrong)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_set_is_ten_different_codes_of_120_bits() {
        let set = RecoverySet::draw().unwrap();
        let shown: HashSet<&str> = set.shown().collect();
        assert_eq!(shown.len(), CODES);
        for code in shown {
            assert_eq!(code.len(), 29, "{code}");
            assert!(code.split('-').all(|group| group.len() == 4), "{code}");
            assert!(!code.contains(['I', 'L', 'O', 'U']), "{code}");
        }
        const { assert!(CODE_SYMBOLS * 5 == CODE_BYTES * 8 && CODE_BYTES * 8 >= 112) };
    }

    #[test]
    fn each_code_is_found_at_its_place() {
        let set = RecoverySet::draw().unwrap();
        let stored = set.hashes();
        for (place, code) in set.shown().enumerate() {
            assert_eq!(find(&stored, code), Ok(place));
        }
    }

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        let stored = [RecoveryHash::of("0123-4567-89AB-CDEF-GHJK-MN01").unwrap()];
        for typed in [
            "0123456789abcdefghjkmn01",
            " o123 4567 89ab cdef ghjk mn0l ",
            "OI23\u{2011}4567\u{2011}89AB\u{2011}CDEF\u{2011}GHJK\u{2011}MNOI",
        ] {
            assert_eq!(find(&stored, typed), Ok(0), "{typed:?}");
        }
    }

    #[test]
    fn other_codes_and_other_texts_are_not_found() {
        let set = RecoverySet::draw().unwrap();
        let stored = set.hashes();
        let other = RecoverySet::draw().unwrap();
        for code in other.shown() {
            assert_eq!(find(&stored, code), Err(RecoveryRefusal::Wrong));
            assert_eq!(find(&[], code), Err(RecoveryRefusal::Wrong));
        }
        let first = set.shown().next().unwrap();
        for typed in ["", "password", &first[1..], &format!("{first}0"), &"0".repeat(10_000)] {
            assert_eq!(find(&stored, typed), Err(RecoveryRefusal::Malformed), "{typed:?}");
        }
    }

    #[test]
    fn a_new_set_leaves_nothing_of_the_old_one() {
        let old = RecoverySet::draw().unwrap();
        let new = RecoverySet::draw().unwrap().hashes();
        assert!(old.shown().all(|code| find(&new, code) == Err(RecoveryRefusal::Wrong)));
    }

    #[test]
    fn what_is_stored_comes_back_and_nothing_shows_itself() {
        let set = RecoverySet::draw().unwrap();
        let hash = set.hashes().swap_remove(3);
        assert_eq!(RecoveryHash::from_bytes(*hash.as_bytes()), hash);
        assert_eq!(format!("{set:?} {hash:?}"), "RecoverySet(…) RecoveryHash(…)");
    }
}
