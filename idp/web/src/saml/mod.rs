//! SAML at the door: sign-on, metadata, and what sources send.

mod about;
pub(crate) mod answer;

pub use about::About;
