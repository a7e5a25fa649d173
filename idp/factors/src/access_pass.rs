//! Temporary access passes: what a help desk gives to a person who has lost every factor.
//!
//! A pass opens enrolment and nothing else; who may issue one, and that it was used, is the
//! caller's to decide and to commit. Time is an argument.
//!
//! It is read out over the telephone, so it has 16 symbols, 80 random bits: fewer than a recovery
//! code, because it dies within minutes, sooner than anybody searches 2^80 hashes.

use std::fmt;

use idp_domain::{Lifetime, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use thiserror::Error;

use crate::symbols::{self, NoRandomness};

/// The longest that a pass may live.
pub const MAX_MINUTES: u32 = 120;
/// The longest reason, in characters.
pub const MAX_REASON: usize = 200;
/// Random bytes in a pass.
const PASS_BYTES: usize = 10;
/// Symbols in a pass.
const PASS_SYMBOLS: usize = 16;
/// What the hash is of, besides the symbols.
const PURPOSE: &str = "temporary access pass";

/// A fresh pass, to be told to the person once.
pub struct AccessPass(Secret<String>);

impl AccessPass {
    /// Draws a pass.
    pub fn draw() -> Result<Self, NoRandomness> {
        let bytes = symbols::random::<PASS_BYTES>()?;
        let pass = symbols::encode(&symbols::READABLE, bytes.as_slice());
        Ok(Self(symbols::grouped(pass.expose())))
    }

    /// The pass as it is told: four groups of four symbols.
    pub fn shown(&self) -> &str {
        self.0.expose()
    }

    /// What to keep of it, from `now` on.
    pub fn record(&self, reason: PassReason, life: PassLife, now: Timestamp) -> PassRecord {
        PassRecord {
            hash: PassHash::of(self.shown()),
            reason,
            issued_at: now,
            expires_at: now + life.0,
            used_at: None,
        }
    }
}

impl fmt::Debug for AccessPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessPass(…)")
    }
}

/// How long a pass lives: one minute to [`MAX_MINUTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassLife(Lifetime);

/// A pass was to live for no time, or for longer than [`MAX_MINUTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a pass lives 1 to {MAX_MINUTES} minutes, not {0}")]
pub struct PassLifeError(u32);

impl PassLife {
    /// A life of `minutes`.
    pub const fn minutes(minutes: u32) -> Result<Self, PassLifeError> {
        if minutes == 0 || minutes > MAX_MINUTES {
            return Err(PassLifeError(minutes));
        }
        Ok(Self(Lifetime::minutes(minutes)))
    }
}

/// Why a pass was issued, in the help desk's words: one line, for the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PassReason(String);

/// A text that is no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a reason is one line of 1 to {MAX_REASON} characters")]
pub struct PassReasonError;

impl PassReason {
    /// Takes in what was written, without the blanks around it.
    pub fn parse(text: &str) -> Result<Self, PassReasonError> {
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().count() <= MAX_REASON;
        if !fits || text.chars().any(char::is_control) {
            return Err(PassReasonError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PassReason {
    type Error = PassReasonError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PassReason> for String {
    fn from(reason: PassReason) -> Self {
        reason.0
    }
}

/// The SHA-256 of a pass, as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct PassHash([u8; 32]);

impl PassHash {
    /// A hash as it was stored.
    #[must_use]
    pub const fn from_bytes(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash of what was typed; of nothing that can be a pass, a hash that no pass has.
    fn of(typed: &str) -> Self {
        let pass = symbols::read(typed, PASS_SYMBOLS);
        Self(symbols::hash(PURPOSE, pass.as_ref().map_or("", |pass| pass.expose())))
    }
}

impl fmt::Debug for PassHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PassHash(…)")
    }
}

/// A pass as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassRecord {
    /// Its hash.
    pub hash: PassHash,
    /// Why it was issued.
    pub reason: PassReason,
    /// When.
    pub issued_at: Timestamp,
    /// The first instant at which it opens nothing any more.
    pub expires_at: Timestamp,
    /// When it was used, if it was. The caller sets it by compare-and-set, durably.
    pub used_at: Option<Timestamp>,
}

/// Why a pass opens nothing. The person hears the same of all; the trail tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PassRefusal {
    /// It is another pass, or none.
    #[error("the access pass is wrong")]
    Wrong,
    /// It is the pass, and was used before.
    #[error("the access pass was used already")]
    Used,
    /// It is the pass, too late, or before it was issued.
    #[error("the access pass is not valid at this time")]
    Expired,
}

impl PassRefusal {
    /// The word for it in logs, metrics and the trail.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Wrong => "factors.access_pass.wrong",
            Self::Used => "factors.access_pass.used",
            Self::Expired => "factors.access_pass.expired",
        }
    }
}

impl PassRecord {
    /// Whether `typed` is this pass, and it may be used `now`.
    ///
    /// It has opened something only once the caller has set [`Self::used_at`], durably and as the
    /// first to do so. Whoever does not know the pass learns nothing of its state.
    pub fn verify(&self, typed: &str, now: Timestamp) -> Result<(), PassRefusal> {
        let typed = PassHash::of(typed);
        if !bool::from(self.hash.0.ct_eq(&typed.0)) {
            return Err(PassRefusal::Wrong);
        }
        if self.used_at.is_some() {
            return Err(PassRefusal::Used);
        }
        if now < self.issued_at || now >= self.expires_at {
            return Err(PassRefusal::Expired);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn issue() -> (AccessPass, PassRecord) {
        let pass = AccessPass::draw().unwrap();
        let reason = PassReason::parse("lost telephone, ticket 4711").unwrap();
        let record = pass.record(reason, PassLife::minutes(15).unwrap(), NOW);
        (pass, record)
    }

    #[test]
    fn a_pass_is_sixteen_symbols_and_opens_however_it_is_typed() {
        let (pass, record) = issue();
        assert_eq!(pass.shown().len(), 19);
        assert_eq!(record.verify(pass.shown(), NOW), Ok(()));
        let careless = pass.shown().to_lowercase().replace('-', " ").replace('0', "o");
        assert_eq!(record.verify(&careless, NOW), Ok(()));
    }

    #[test]
    fn a_pass_opens_nothing_after_its_minutes_nor_before_them() {
        let (pass, record) = issue();
        let last = NOW + Lifetime::seconds(15 * 60 - 1);
        assert_eq!(record.verify(pass.shown(), last), Ok(()));
        for outside in [NOW + Lifetime::minutes(15), NOW.minus(Lifetime::seconds(1))] {
            assert_eq!(record.verify(pass.shown(), outside), Err(PassRefusal::Expired));
        }
    }

    #[test]
    fn mfa_10_a_used_pass_opens_nothing() {
        let (pass, mut record) = issue();
        record.used_at = Some(NOW);
        assert_eq!(record.verify(pass.shown(), NOW), Err(PassRefusal::Used));
    }

    #[test]
    fn whoever_does_not_know_the_pass_learns_nothing_of_its_state() {
        let (_, mut record) = issue();
        let (other, _) = issue();
        let late = NOW + Lifetime::hours(24);
        for used_at in [None, Some(NOW)] {
            record.used_at = used_at;
            for typed in [other.shown(), "", "x", "IIII", &"0".repeat(5_000)] {
                assert_eq!(record.verify(typed, late), Err(PassRefusal::Wrong), "{typed:?}");
            }
        }
    }

    #[test]
    fn a_pass_lives_for_minutes() {
        assert_eq!(PassLife::minutes(0), Err(PassLifeError(0)));
        assert_eq!(PassLife::minutes(121), Err(PassLifeError(121)));
        assert!(PassLife::minutes(1).is_ok() && PassLife::minutes(MAX_MINUTES).is_ok());
    }

    #[test]
    fn a_reason_is_one_line_that_is_there() {
        assert_eq!(PassReason::parse("  lost  ").unwrap().as_str(), "lost");
        for text in ["", "  ", "a\nb", "a\u{1b}[2Jb", &"x".repeat(MAX_REASON + 1)] {
            assert_eq!(PassReason::parse(text), Err(PassReasonError), "{text:?}");
        }
        assert!(serde_json::from_str::<PassReason>("\"a\\nb\"").is_err());
        let reason = PassReason::parse(&"é".repeat(MAX_REASON)).unwrap();
        let stored = serde_json::to_string(&reason).unwrap();
        assert_eq!(serde_json::from_str::<PassReason>(&stored).unwrap(), reason);
    }

    #[test]
    fn a_pass_does_not_show_itself() {
        let (pass, record) = issue();
        assert_eq!(format!("{pass:?}"), "AccessPass(…)");
        assert!(format!("{record:?}").contains("PassHash(…)"));
        assert_eq!(PassHash::from_bytes(*record.hash.as_bytes()), record.hash);
    }
}
