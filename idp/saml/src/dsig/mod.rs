//! Signatures and encryption behind one door.

mod alg;
mod content;
mod keys;

pub use alg::{DigestAlg, SignatureAlg};
pub use content::{ContentAlg, KeyTransport};
pub use keys::{
    BadSignature, Certificate, DecryptionKey, EncryptionKey, KeyError, KeyKind, SigningKey,
    VerifyingKey, self_signed,
};

#[cfg(test)]
pub(crate) mod testing;
