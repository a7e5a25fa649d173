//! The other side of SAML messages: an identity provider and service providers that we did not
//! write, and forgers whose every message is signed by software that we did not write either.

pub mod keys;
pub mod service_provider;
pub mod simplesamlphp;
