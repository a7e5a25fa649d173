//! Every request that we send to others, under one policy.
//!
//! Owns the address policy, time and size limits, and what keeps one bad peer from slowing the
//! rest: a bulkhead and a circuit breaker per peer, and a cache with a single flight per document.
//! The only crate that opens outbound HTTP. It must never follow a redirect, undo a compression,
//! connect to an address that it has not judged, or know what an answer means.

mod address;
mod breaker;
mod cached;
mod error;
mod fetcher;
mod peer;
mod policy;
mod request;
mod resolver;
mod target;

#[cfg(test)]
mod odd_peer;

pub use address::Reach;
pub use cached::{Cached, Freshness};
pub use error::{Blame, FetchError};
pub use fetcher::{Fetcher, Fetching};
pub use peer::Peer;
pub use policy::Policy;
pub use request::{Answer, Request};
