//! Codes of an authenticator app (RFC 6238): its secret, how the app is told, and which code is due.
//!
//! A code counts once: the caller commits the step that [`verify`] returns before it believes it.

use std::fmt;

use aws_lc_rs::hmac;
use idp_domain::{Secret, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use thiserror::Error;

use crate::symbols::{self, NoRandomness};

mod qr;

pub use qr::QrDrawing;

/// The secret of one app, in bytes: the output of HMAC-SHA-1 (RFC 4226 section 4, R6).
pub const SECRET_BYTES: usize = 20;
/// How long a step lasts, in seconds (RFC 6238 section 4.1). Apps know no other for certain.
pub const STEP_SECONDS: u32 = 30;
/// How many digits a code has.
const DIGITS: usize = 6;
/// Ten to the power of [`DIGITS`].
const MODULUS: u32 = 1_000_000;

/// The secret that an app and we share.
///
/// Unlike a hash it opens the account to whoever reads it: it is stored sealed.
#[derive(Clone)]
pub struct TotpSecret(Secret<[u8; SECRET_BYTES]>);

/// A stored secret is not of [`SECRET_BYTES`] bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a stored TOTP secret has {SECRET_BYTES} bytes, not {0}")]
pub struct SecretLength(usize);

impl TotpSecret {
    /// A fresh secret.
    pub fn draw() -> Result<Self, NoRandomness> {
        let bytes = symbols::random::<SECRET_BYTES>()?;
        Ok(Self(Secret::new(*bytes)))
    }

    /// A secret as it was stored, once it is unsealed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SecretLength> {
        let bytes = bytes.try_into().map_err(|_| SecretLength(bytes.len()))?;
        Ok(Self(Secret::new(bytes)))
    }

    /// The bytes to seal and store.
    pub fn expose(&self) -> &[u8; SECRET_BYTES] {
        self.0.expose()
    }

    /// The secret for typing into an app: 32 letters and digits in groups of four.
    pub fn shown(&self) -> Secret<String> {
        symbols::grouped(symbols::encode(&symbols::BASE32, self.expose()).expose())
    }

    /// What an app reads from a QR code: an `otpauth` URI.
    ///
    /// `issuer` and `account` are what the app shows above the code. A colon divides the two in
    /// the label, so one inside either becomes a blank.
    #[must_use]
    pub fn uri(&self, issuer: &str, account: &str) -> Secret<String> {
        let issuer = symbols::percent_encoded(&issuer.replace(':', " "));
        let account = symbols::percent_encoded(&account.replace(':', " "));
        let secret = symbols::encode(&symbols::BASE32, self.expose());
        Secret::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}\
             &algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            secret.expose()
        ))
    }

    /// [`Self::uri`] as a QR code.
    ///
    /// None if the names are longer than a QR code has room for, some 2,000 bytes.
    #[must_use]
    pub fn qr(&self, issuer: &str, account: &str) -> Option<QrDrawing> {
        QrDrawing::of(self.uri(issuer, account).expose())
    }

    /// The code of one step (RFC 4226 section 5.3).
    fn code_at(&self, step: Step) -> u32 {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.expose());
        let tag = hmac::sign(&key, &step.0.to_be_bytes());
        let tag = tag.as_ref();
        let offset = tag.last().map_or(0, |last| usize::from(last & 0x0f));
        let word = tag
            .get(offset..)
            .and_then(<[u8]>::first_chunk)
            .map_or(0, |bytes: &[u8; 4]| u32::from_be_bytes(*bytes));
        (word & 0x7fff_ffff) % MODULUS
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// A span of thirty seconds since 1970, in which one code is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Step(u64);

impl Step {
    /// The step that `now` lies in; the first one for all time before 1970.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        let seconds = u64::try_from(now.seconds()).unwrap_or(0);
        Self(seconds / u64::from(STEP_SECONDS))
    }

    /// A step as it was stored.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// Its number, to be stored.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// How many steps a code may be off, before and after the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Only the present step.
    Exact,
    /// One step on either side, as RFC 6238 section 5.2 recommends: up to a minute of delay.
    One,
    /// Two steps on either side, for people whose clocks are bad. Five codes are right at a time.
    Two,
}

impl Window {
    const fn steps(self) -> u64 {
        match self {
            Self::Exact => 0,
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

/// Six digits as a person typed them.
#[derive(Clone, Copy)]
pub struct TotpCode(u32);

impl TotpCode {
    /// Takes in what was typed: six digits of any keyboard, blanks and dashes between them or not.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        symbols::read_digits(text, DIGITS).map(Self)
    }
}

impl fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpCode(…)")
    }
}

/// Why a code does not count. The person hears the same of both; the trail tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TotpRefusal {
    /// It is the code of no step in the window.
    #[error("the code is wrong")]
    Wrong,
    /// It was right, but a code of that step or of a later one has counted already.
    #[error("the code was used already")]
    Used,
}

impl TotpRefusal {
    /// The word for it in logs, metrics and the trail.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Wrong => "factors.totp.wrong",
            Self::Used => "factors.totp.used",
        }
    }
}

/// Finds the step whose code this is, if that step and all later ones are unused.
///
/// `last_used` is the step that the caller has durably on record for this secret. It must move
/// to the step returned in one compare-and-set, and only if that succeeds has the person proved
/// anything (RFC 6238 section 5.2, one-time use). The time taken does not tell how near a code is.
pub fn verify(
    secret: &TotpSecret,
    code: TotpCode,
    now: Timestamp,
    window: Window,
    last_used: Option<Step>,
) -> Result<Step, TotpRefusal> {
    let present = Step::at(now).0;
    let reach = window.steps();
    let mut found = Choice::from(0);
    let mut step = 0_u64;
    // Upwards, so that of two steps with one code the later counts and burns the earlier.
    for candidate in present.saturating_sub(reach)..=present.saturating_add(reach) {
        let is_it = secret.code_at(Step(candidate)).ct_eq(&code.0);
        step.conditional_assign(&candidate, is_it);
        found |= is_it;
    }
    if !bool::from(found) {
        return Err(TotpRefusal::Wrong);
    }
    if last_used.is_some_and(|last| step <= last.0) {
        return Err(TotpRefusal::Used);
    }
    Ok(Step(step))
}

#[cfg(test)]
mod tests;
