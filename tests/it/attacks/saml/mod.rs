//! The attacks on SAML, each by its id, as far as they are visible over HTTP.

mod bench;
mod cluster;
mod enc;
mod idp;
mod issue;
mod keys;
mod sam;
mod slo;
mod strangers;
mod ways;
mod xml;
mod xsw;
