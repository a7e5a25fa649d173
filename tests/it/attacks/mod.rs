//! The attacks of the catalogue, each by its id. One house takes them all, one at a time, so that
//! what an attack leaves behind can be told from what anybody else does.

mod auz;
mod bench;
mod lgo;
mod orp;
mod saml;
