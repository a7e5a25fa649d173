//! Signatures and encryption behind one door.

mod alg;
mod keys;

pub use alg::{DigestAlg, SignatureAlg};
pub use keys::{
    BadSignature, Certificate, DecryptionKey, EncryptionKey, KeyError, KeyKind, SigningKey,
    VerifyingKey, self_signed,
};
