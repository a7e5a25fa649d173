//! Sources that are SAML identity providers: the connector that sends a browser there and judges
//! what comes back.
//!
//! Owns the order of the steps and what is remembered between them. The wire is judged in
//! `idp_saml::sp`. Either all checks pass and there is an event, or there is a refusal.

mod connection;
mod place;

pub use connection::{
    Exceptions, NameIdFormat, Names, RequestAcr, RequestBinding, SamlConnection, SubjectPlace,
};
pub use place::MetadataPlace;
