//! The broker's own keys: which one signs, which ones open what is encrypted to us, and what our
//! metadata says of them.

use std::sync::Arc;

use crate::dsig::{DecryptionKey, SigningKey};

/// The broker's own keys, in both roles. Cheap to share, never changed: a rotation makes a new
/// value.
#[derive(Debug)]
pub struct SamlKeys {
    /// Signs.
    pub signing: Arc<SigningKey>,
    /// Certificates for `KeyDescriptor use="signing"` in DER: of the key that signs first, then
    /// of those that will sign and of those that did.
    pub published_signing_certs: Vec<Vec<u8>>,
    /// Keys that open what is encrypted to us, retired ones included: the newest first.
    pub decryption: Vec<DecryptionKey>,
    /// Certificates for `KeyDescriptor use="encryption"` in DER. A retired key is not among
    /// them, so nobody begins to use it.
    pub published_encryption_certs: Vec<Vec<u8>>,
}
