//! The other side of SAML messages: an identity provider and service providers that we did not
//! write, and forgers whose every message is signed by software that we did not write either.

pub mod forge;
pub mod keys;
pub mod message;
pub mod service_provider;
pub mod simplesamlphp;
pub mod xmlsec;
