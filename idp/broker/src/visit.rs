//! What a browser brings to a step, and what a step asks of the browser.

use std::{fmt, net::IpAddr};

use idp_domain::{
    Fault, Issuance, Lang, Lifetime, Outbound, Refusal, RelyingPartyId, Session, SourceId,
    Timestamp, Transaction,
};
use idp_store::shelf::Version;

use crate::{
    factor::{Codes, EnrolPage, FactorPage, FactorProblem},
    random::{draw, handle_text},
};

/// The secret in a browser's session cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct Handle(String);

impl Handle {
    /// A new one.
    pub fn draw() -> Result<Self, Fault> {
        Ok(Self(handle_text()?))
    }

    /// Reads the value of a cookie: 43 characters of base64url, or nobody's.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 43
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        fits.then(|| Self(text.to_owned()))
    }

    /// The value of the cookie.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle(…)")
    }
}

/// A browser at a step of a login.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The time.
    pub now: Timestamp,
    /// Where the browser is.
    pub address: IpAddr,
    /// What it says it is, in a few words of any language, such as `Firefox · Linux`; empty if it
    /// does not say.
    pub browser: String,
    /// The language of its pages.
    pub lang: Lang,
    /// Its live session, if it has one.
    pub session: Option<LiveSession>,
    /// The secret in its cookie of a remembered device, if it has one.
    pub device: Option<Handle>,
    /// The reference number that a person is shown if something goes wrong here.
    pub reference: Reference,
}

/// A reference number: what a person reads to a help desk, and what the trail knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference([u8; 8]);

impl Reference {
    /// A new one.
    pub fn draw() -> Result<Self, Fault> {
        Ok(Self(draw()?))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Crockford's alphabet: nothing that is read as something else.
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut bits = u64::from_be_bytes(self.0);
        for place in 0..12 {
            if place == 4 || place == 8 {
                f.write_str("-")?;
            }
            let letter = LETTERS.get((bits & 31) as usize).copied().unwrap_or(b'0');
            write!(f, "{}", char::from(letter))?;
            bits >>= 5;
        }
        Ok(())
    }
}

/// A session that was found, and the secret by which it was found.
#[derive(Clone, Debug)]
pub struct LiveSession {
    /// The secret in the browser's cookie.
    pub handle: Handle,
    /// Which writing of it was found.
    pub version: Version,
    /// What lies on the shelf.
    pub session: Session,
}

/// What happens next, as far as a browser can see it.
#[derive(Debug)]
pub enum Next {
    /// The person chooses an agency.
    Choose,
    /// The person consents to the release.
    Consent,
    /// The browser goes to a source, or to a form of ours.
    Go(SourceId, Outbound),
    /// The person proves a factor here.
    Prove(FactorPage),
    /// The person enrols a factor.
    Enrol(EnrolPage),
    /// The person is shown recovery codes, to keep them.
    Codes(Codes),
    /// The form of a source of ours again, after a passkey that was not accepted there.
    SignIn(SourceId, FactorProblem),
    /// The relying party is told, and the browser keeps this session and this device.
    Issue(Box<Issuance>, SessionChange, DeviceChange),
    /// The answer is no.
    Refuse(Refusal),
}

/// What becomes of the browser's session cookie.
#[derive(Debug)]
pub enum SessionChange {
    /// It stays as it is.
    None,
    /// It is replaced.
    Set(Handle),
}

/// What becomes of the cookie of the browser's remembered device.
#[derive(Debug)]
pub enum DeviceChange {
    /// It stays as it is.
    None,
    /// It is replaced, and lives for so long.
    Set(Handle, Lifetime),
    /// It opens nothing any more.
    Clear,
}

/// A step of a login: what happens next, and the login as it now stands.
#[derive(Debug)]
pub struct Turn {
    /// The login.
    pub transaction: Transaction,
    /// What happens next.
    pub next: Next,
    /// Whether it lies on the shelf as it stands here: then it must not be kept once more, for
    /// another request may have taken or changed it in the meantime.
    pub kept: bool,
}

impl Turn {
    /// A step that changed the login, which is to be kept.
    pub(crate) fn to(transaction: Transaction, next: Next) -> Self {
        Self { transaction, next, kept: false }
    }

    /// A step of a login that lies on the shelf as it stands here.
    pub(crate) fn kept(transaction: Transaction, next: Next) -> Self {
        Self { transaction, next, kept: true }
    }
}

/// A transaction from the shelf that this browser may go on with.
#[derive(Debug)]
pub struct Opened {
    /// The login.
    pub transaction: Transaction,
    /// Which writing of it was found, so that of two changes at once one is refused.
    pub version: Version,
}

/// A login that cannot go on, and the way back.
#[derive(Debug)]
pub struct Stopped {
    /// Why.
    pub refusal: Refusal,
    /// The relying party that started it, as far as that can still be told.
    pub relying_party: Option<RelyingPartyId>,
}
