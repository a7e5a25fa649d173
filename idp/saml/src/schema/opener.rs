//! Opens what is encrypted inside a message; the plaintext is parsed as guardedly as the message.
//!
//! Opening proves nothing: anybody can encrypt to us. Use it only inside what is signed.

use super::SchemaError;
use crate::xml::Element;

/// Opens `EncryptedID`, `EncryptedAttribute` and `EncryptedAssertion` (SAML Core 2.2.4, 2.7.3.2,
/// 2.3.4).
#[derive(Clone, Copy, Debug)]
pub struct Opener<'a> {
    keys: std::marker::PhantomData<&'a ()>,
}

impl Opener<'_> {
    /// Opens nothing: for messages in which nothing encrypted is expected.
    pub const CLOSED: Opener<'static> = Opener { keys: std::marker::PhantomData };

    /// What stands in `encrypted`, read by `read` as a document of its own.
    pub(super) fn read<T>(
        &self,
        _encrypted: Element<'_>,
        _read: impl FnOnce(Element<'_>) -> Result<T, SchemaError>,
    ) -> Result<T, SchemaError> {
        Err(SchemaError::Closed)
    }
}
