//! Signatures and encryption behind one door.

mod alg;
mod keys;

pub use alg::SignatureAlg;
pub use keys::{KeyError, SigningKey, VerifyingKey};
