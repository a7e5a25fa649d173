//! SAML 2.0: wire, signatures, both roles, entity metadata.
//!
//! Bytes in, values out; no network, no clock, no chance of its own. Only `dsig::backend` knows
//! the engine that verifies and decrypts, and only `xml` knows the tree that it works on.

pub mod binding;
pub mod conformance;
pub mod dsig;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub mod idp;
pub mod keys;
pub mod logout;
pub mod metadata;
pub mod quirks;
pub mod schema;
pub mod sp;
pub mod xml;

#[cfg(test)]
mod testing;
