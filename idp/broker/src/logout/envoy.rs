//! What the protocols say for the broker, which speaks none of them.

use std::fmt;

use idp_domain::{
    Issuance, Timestamp,
    logout::{Notice, Way},
};
use url::Url;

/// What a protocol remembers of an issuance for the day that its session ends: nothing where it
/// can find out by itself.
pub type Remember = dyn Fn(&Issuance) -> Option<String> + Send + Sync;

/// How a participant is told that its session is over.
pub type Tell = dyn Fn(&Notice, Timestamp) -> Telling + Send + Sync;

/// Whether an answer says that the person is signed out there; else why not, as a stable name.
pub type Confirm = dyn FnOnce(&Reply<'_>) -> Result<(), &'static str> + Send;

/// Speaks for the broker: made by whoever knows the protocols.
pub struct Envoy {
    /// Remembers.
    pub farewell: Box<Remember>,
    /// Tells.
    pub tell: Box<Tell>,
}

impl fmt::Debug for Envoy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Envoy(…)")
    }
}

/// How a participant is told.
pub enum Telling {
    /// By this letter.
    Letter(Letter),
    /// By the browser, in one of its two ways.
    Browser(Way),
    /// Not at all.
    Mute,
}

/// A letter to a participant.
pub struct Letter {
    /// Where to.
    pub url: Url,
    /// The media type of the body.
    pub content_type: &'static str,
    /// A header that its protocol wants.
    pub header: Option<(&'static str, &'static str)>,
    /// The body.
    pub body: Vec<u8>,
    /// Reads the answer.
    pub confirm: Box<Confirm>,
    /// How the participant is told if the letter does not reach it.
    pub otherwise: Option<Way>,
}

/// An answer to a letter. Untrusted.
#[derive(Clone, Copy)]
pub struct Reply<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: &'a [u8],
}
