//! What a person is shown when a factor is asked for or enrolled. Facts; the words are elsewhere.

use std::fmt;

use idp_domain::{AgencyId, FactorKind, Lifetime, Secret};
use idp_factors::totp::QrDrawing;

/// A factor is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorPage {
    /// Of which kinds one is enough, the best first; empty: only an access pass helps. Never a
    /// device, which is not asked for.
    pub kinds: Vec<FactorKind>,
    /// Whether an access pass may be typed.
    pub pass: bool,
    /// Whether the relying party would only like it: the person may go on without it.
    pub optional: bool,
    /// For how many days the device can stand for the code that is typed; none: it cannot.
    pub can_remember: Option<u32>,
    /// The person's agency.
    pub agency: AgencyId,
    /// Whether it is the agency that wants it, and not the relying party.
    pub by_agency: bool,
    /// What was wrong with the last attempt.
    pub problem: Option<FactorProblem>,
}

/// What was wrong with a proof. Says nothing of what the account has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorProblem {
    /// The code or the pass: wrong, used, too old, not approved yet.
    Wrong,
    /// The passkey was not accepted.
    Passkey,
    /// Nobody has that passkey here: the browser may forget it.
    UnknownPasskey {
        /// What its authenticator calls it, in base64url.
        credential: String,
    },
    /// Too many attempts.
    Throttled {
        /// When to try again.
        retry_after: Lifetime,
    },
    /// The ceremony took too long, was finished before, or is another login's.
    Expired,
}

/// A factor is to be enrolled.
#[derive(Debug)]
pub struct EnrolPage {
    /// Of which kinds one is enough, the best first.
    pub kinds: Vec<FactorKind>,
    /// Whether the person may say "later".
    pub optional: bool,
    /// The person's agency.
    pub agency: AgencyId,
    /// Whether it is the agency that wants it, and not the relying party.
    pub by_agency: bool,
    /// An authenticator app that waits for its first code.
    pub totp: Option<TotpPage>,
    /// The factor is enrolled, and these are for the person to keep.
    pub codes: Option<Codes>,
    /// What was wrong with the last attempt.
    pub problem: Option<EnrolProblem>,
}

/// What was wrong with an enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolProblem {
    /// The code is not the app's.
    Wrong,
    /// The passkey was not accepted.
    Passkey,
    /// The agency does not admit such an authenticator.
    NotAllowed,
    /// The authenticator is registered already.
    AlreadyRegistered,
    /// The name is no name.
    Name,
    /// Too many attempts.
    Throttled {
        /// When to try again.
        retry_after: Lifetime,
    },
    /// It took too long, was finished before, or is another's.
    Expired,
}

/// What an authenticator app is told.
#[derive(Debug)]
pub struct TotpPage {
    /// As a QR code; none where the names are too long for one.
    pub qr: Option<QrDrawing>,
    /// For typing, in groups of four.
    pub secret: Secret<String>,
    /// For opening an app on the same device.
    pub uri: Secret<String>,
}

/// Recovery codes, to be shown to their owner and to nobody else.
#[derive(Clone)]
pub struct Codes(Secret<String>);

impl Codes {
    pub(crate) fn of<'a>(codes: impl Iterator<Item = &'a str>) -> Self {
        Self(Secret::new(codes.collect::<Vec<_>>().join("\n")))
    }

    pub(crate) fn from_text(text: Vec<u8>) -> Option<Self> {
        String::from_utf8(text).ok().map(|text| Self(Secret::new(text)))
    }

    pub(crate) fn text(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }

    /// Each as it is to be shown.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.expose().lines()
    }
}

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Codes(…)")
    }
}
