//! Public keys in JSON (RFC 7517): ours as they are published, others' as they were registered.
//!
//! Only keys that verify signatures. A private or a symmetric key never gets in.

mod public;
mod roca;
mod set;

pub use public::{JwkError, PublicKey};
pub use set::{Jwk, JwkSet, JwkSetError};
