//! We as client of a source: what we send to an OpenID Provider, and how we judge what it says.
//!
//! Wire only: bytes in, values out; others fetch and others decide. Whatever leads to a login
//! ends in a [`VerifiedIdToken`], which nothing but the verification here can make.
//!
//! The crate `openidconnect` writes our authorization requests and is the second opinion in the
//! tests. It does not judge ID tokens: it looks at neither `azp`, `nbf` nor `at_hash`, allows no
//! clock to be off, reads repeated names and textual times, gives up over a claim that nobody
//! reads, and says what is wrong in prose that no trail can be searched for.

mod authorize;
mod callback;
mod discovery;
mod error;
mod id_token;
mod logout_token;
mod reply;
mod token;
mod userinfo;

pub use authorize::{AuthorizationRequest, Prompt};
pub use callback::{Answer, ErrorAnswer, read_callback};
pub use discovery::{Endpoints, Issuer, Provider, Transport};
pub use error::{Blame, Document, PeerError};
pub use id_token::{Expected, VerifiedIdToken, verify_id_token};
pub use logout_token::{ExpectedLogout, LoggedOut, LogoutTokenError, verify_logout_token};
pub use reply::Reply;
pub use token::{ClientProof, CodeExchange, TokenAnswer, TokenRequest, read_token_answer};
pub use userinfo::add_userinfo;

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod op;
