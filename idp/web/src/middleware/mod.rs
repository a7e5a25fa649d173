//! What happens to every request before and after its handler.

pub mod address;
pub(crate) mod counted;
pub mod doubled;
pub mod headers;
pub mod origin;
