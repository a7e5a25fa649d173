//! SAML's messages and assertions as plain values: what stands in them, in Rust's words.
//!
//! Owns the schema: order, cardinality, forms. Judges nobody's word: that is for `sp`, `idp` and
//! `logout`, which read only from elements whose signature was verified.

mod assertion;
mod attribute;
mod authn;
mod authn_request;
mod conditions;
mod error;
mod form;
mod frame;
mod logout;
mod name_id;
mod opener;
mod requested_attribute;
mod requested_context;
mod response;
mod scoping;
mod status;
mod subject;

pub use assertion::Assertion;
pub use attribute::{Attribute, AttributeValue, name_format};
pub use authn::{AuthnContext, AuthnStatement, SubjectLocality};
pub use authn_request::{AuthnRequest, NameIdPolicy};
pub use conditions::{AudienceRestriction, Conditions, ProxyRestriction};
pub use error::SchemaError;
pub use form::new_id;
pub use logout::{LogoutRequest, LogoutResponse};
pub use name_id::{Issuer, NameId, format};
pub use opener::Opener;
pub use requested_attribute::RequestedAttribute;
pub use requested_context::{Comparison, RequestedAuthnContext};
pub use response::Response;
pub use scoping::Scoping;
pub use status::{Status, StatusCode, second};
pub use subject::{ConfirmationLimits, Subject, SubjectConfirmation, method};

#[cfg(test)]
mod tests;
