//! The attacks on SAML, each by its id, as far as they are visible over HTTP.

mod bench;
mod keys;
mod xml;
mod xsw;
