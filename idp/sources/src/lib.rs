//! Connectors: each speaks to one kind of source, and returns a whole proof or a refusal.
//!
//! They decide nothing about relying parties, create nothing, and know nothing of the broker.

pub mod local;

pub mod oidc;

pub mod saml;
