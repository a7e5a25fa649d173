//! What the integration tests stand on: a harness that starts the built `idp` and drives it from
//! outside, and peers (providers, relying parties, attackers) for it to talk to.
//!
//! Nothing here may link a crate of the product: only HTTP, the command line, and the tables are seen.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a harness ends the test that it serves by panicking"
)]
#![expect(
    clippy::missing_panics_doc,
    reason = "every function of a harness panics when the test cannot go on"
)]

pub mod harness;
pub mod peers;
