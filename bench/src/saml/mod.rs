//! The SAML peers of a node: services that it answers, an identity provider that it asks, and what
//! is sent to do it harm. They are the driver's own, made without a line of the product.

mod answer;
pub(crate) mod hostile;
mod keys;
mod peers;
mod request;
mod signature;
mod wire;

pub(crate) use answer::{answer, is_yes};
pub(crate) use keys::Keys;
pub(crate) use peers::{IDP_HOME, IDP_SOURCE, Told, add_to};
pub(crate) use request::{Question, request};
