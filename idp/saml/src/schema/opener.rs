//! Opens what is encrypted inside a message; the plaintext is parsed as guardedly as the message.
//!
//! Opening proves nothing: anybody can encrypt to us. Use it only inside what is signed.

use std::fmt;

use zeroize::Zeroizing;

use super::SchemaError;
use crate::{
    dsig::{self, DecryptionKey, DecryptionPolicy},
    xml::{Document, Element, Limits},
};

/// Opens `EncryptedID`, `EncryptedAttribute` and `EncryptedAssertion` (SAML Core 2.2.4, 2.7.3.2,
/// 2.3.4).
#[derive(Clone, Copy)]
pub struct Opener<'a> {
    keys: &'a [DecryptionKey],
    policy: Option<DecryptionPolicy>,
}

impl<'a> Opener<'a> {
    /// Opens nothing: for messages in which nothing encrypted is expected.
    pub const CLOSED: Opener<'static> = Opener { keys: &[], policy: None };

    /// Opens with any of `keys`, if `policy` lets the algorithms pass. What is opened may use CBC only
    /// if a signature that covers it was verified.
    #[must_use]
    pub const fn new(keys: &'a [DecryptionKey], policy: DecryptionPolicy) -> Self {
        Self { keys, policy: Some(policy) }
    }

    /// What stands in `encrypted`, as bytes that nothing is known of.
    pub fn open(&self, encrypted: Element<'_>) -> Result<Zeroizing<Vec<u8>>, SchemaError> {
        let policy = self.policy.ok_or(SchemaError::Closed)?;
        Ok(dsig::decrypt(encrypted, self.keys, &policy)?)
    }

    /// What stands in `encrypted`, read by `read` as a document of its own.
    pub(super) fn read<T>(
        &self,
        encrypted: Element<'_>,
        read: impl FnOnce(Element<'_>) -> Result<T, SchemaError>,
    ) -> Result<T, SchemaError> {
        let plaintext = self.open(encrypted)?;
        let document = Document::parse(&plaintext, Limits::MESSAGE)?;
        read(document.root())
    }
}

impl fmt::Debug for Opener<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}
