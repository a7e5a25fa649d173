//! The attacks of the catalogue, each by its id. One house takes them all, one at a time, so that
//! what an attack leaves behind can be told from what anybody else does.

mod auz;
pub(crate) mod bench;
pub(crate) mod lgo;
mod mfa;
mod orp;
mod saml;
mod ses;
mod tok;
mod wan;
