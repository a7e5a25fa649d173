//! `SAML2Int` (SAML V2.0 Deployment Profile for Federation Interoperability 2.0), clause by clause:
//! how we stand to it, as data, and how a registered peer does, as far as that can be seen.
//!
//! Judges; refuses nothing. What may not be registered is refused where it is registered.

mod clause;
mod finding;
mod identity_provider;
mod peer;
mod service_provider;

pub use clause::{Clause, Level, Stand};
pub use finding::{Finding, Report, Verdict, Whose};
pub use identity_provider::{Registered, judge_identity_provider};
pub use peer::Provenance;
pub use service_provider::judge_service_provider;

/// What the profile is called.
pub const PROFILE: &str = "SAML2Int 2.0";

#[cfg(test)]
mod page;
#[cfg(test)]
mod tests;
