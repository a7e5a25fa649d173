//! SAML at the door: sign-on, metadata, and what sources send.

pub(crate) mod answer;
