//! OAuth 2 and OpenID Connect as they stand on the wire, in both roles.
//!
//! Bytes in, values out: no clock, no I/O, no runtime. The only crate that knows JOSE.

pub mod claims;
pub mod error;
pub mod jwk;
pub mod jwt;
pub mod keys;
pub mod op;
pub mod pkce;
pub mod rp;
pub mod scope;
