//! Signatures and encryption behind one door.
//!
//! Structure is judged before any key is used, values come from the tree that was verified, and
//! only `backend` knows the engine that canonicalizes.

mod alg;
mod backend;
mod content;
mod decrypt;
mod encrypt;
mod error;
mod gate;
mod keys;
mod sign;
mod signature;
mod verified;
mod verify;

pub use alg::{DigestAlg, SignatureAlg};
pub use content::{ContentAlg, KeyTransport};
pub use decrypt::{DecryptError, DecryptionPolicy, decrypt};
pub use encrypt::{ENCRYPTION_RANDOM, NoAcceptable, Offer, choose, encrypt};
pub use error::DsigError;
pub use gate::{Signatures, gate};
pub use keys::{
    BadSignature, Certificate, DecryptionKey, EncryptionKey, KeyError, KeyKind, SigningKey,
    VerifyingKey, self_signed,
};
pub use sign::{Place, sign};
pub use verified::Verified;
pub use verify::verify;

#[cfg(test)]
mod interop;
#[cfg(test)]
pub(crate) mod testing;
