//! What an answer must be. All of it comes from configuration, metadata and what we asked.

use std::fmt;

use idp_domain::{Lifetime, Timestamp};

use crate::dsig::{DecryptionKey, DecryptionPolicy, VerifyingKey};

/// How far another clock may be off, if nothing else is configured.
pub const DEFAULT_SKEW: Lifetime = Lifetime::seconds(180);
/// The furthest that another clock may be off; more is taken for this much.
pub const MAX_SKEW: Lifetime = Lifetime::seconds(300);

/// What we trust an identity provider with: its name and its keys, from its metadata.
#[derive(Clone, Debug)]
pub struct IdpTrust {
    /// Its entity ID.
    pub entity_id: String,
    /// The keys that it signs with. No other key is ever tried.
    pub keys: Vec<VerifyingKey>,
    /// What it is forgiven.
    pub quirks: Quirks,
}

/// What an identity provider is forgiven: each weakens a check, and none does by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quirks {
    /// A signed response may lack its `Destination`: then an answer that was made for another
    /// endpoint is known only by the recipient in its assertion.
    pub danger_absent_destination: bool,
}

/// What we asked, as we remember it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The ID of our request.
    pub request_id: String,
    /// When we asked.
    pub issued_at: Timestamp,
}

/// What an answer must be.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// Whose answer it must be.
    pub idp: &'a IdpTrust,
    /// Our own entity ID: the audience.
    pub our_entity_id: &'a str,
    /// The address that the answer came to: its destination, and the assertion's recipient.
    pub acs: &'a str,
    /// What we asked; nothing if the answer must be unsolicited.
    pub asked: Option<&'a Asked>,
    /// Our keys for what is encrypted to us.
    pub decryption: &'a [DecryptionKey],
    /// The algorithms that may have been used for it. AES-CBC is taken only where a signature around
    /// the ciphertext was verified before, whatever stands here.
    pub policy: DecryptionPolicy,
    /// A plain assertion is not taken.
    pub require_encryption: bool,
    /// How far the identity provider's clock may be off.
    pub skew: Lifetime,
    /// The time.
    pub now: Timestamp,
}

impl Expected<'_> {
    /// How far the identity provider's clock may really be off.
    pub(super) fn skew(&self) -> Lifetime {
        self.skew.min(MAX_SKEW)
    }

    /// Whether what ends at `end` is over.
    pub(super) fn is_over(&self, end: Timestamp) -> bool {
        end + self.skew() <= self.now
    }

    /// Whether what begins at `begin` has not begun.
    pub(super) fn is_ahead(&self, begin: Timestamp) -> bool {
        self.now + self.skew() < begin
    }
}

impl fmt::Debug for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected")
            .field("idp", &self.idp.entity_id)
            .field("acs", &self.acs)
            .field("asked", &self.asked)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}
