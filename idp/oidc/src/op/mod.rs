//! The provider's role: what relying parties ask us, and what they are told.
//!
//! Pure wire code. Each endpoint is a parser, a judgement and an answer; who looks up, stores and
//! signs in between is the web's business. Nothing here reads a clock or draws a random number.

pub mod access_token;
pub mod authorize;
mod checks;
pub mod client;
pub mod client_auth;
pub mod client_credentials;
pub mod code;
pub mod discovery;
pub mod front_channel;
pub mod grant;
pub mod id_token;
pub mod introspect;
pub mod issuer;
pub mod logout;
pub mod logout_token;
pub mod opaque;
pub mod params;
pub mod redirect_uri;
pub mod refresh;
pub mod response_mode;
pub mod revoke;
#[cfg(test)]
mod testing;
pub mod ticket;
pub mod token;
pub mod userinfo;

pub use authorize::{Asked, Declined, Entry, authorize};
pub use client::{Client, ClientRegistration, Surroundings};
pub use grant::Grant;
pub use issuer::{Endpoints, Issuer};
pub use opaque::{Handle, Opaque};
pub use params::Params;
pub use redirect_uri::RegisteredRedirectUri;
pub use response_mode::{Answer, ResponseMode};
pub use ticket::Ticket;

use crate::error::Rule;

/// Every rule that the provider checks, by module: documentation is written from it.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        params::RULES,
        client_auth::RULES,
        token::RULES,
        code::RULES,
        refresh::RULES,
        client_credentials::RULES,
        userinfo::RULES,
        introspect::RULES,
        revoke::RULES,
        logout::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
    .chain(checks::rules())
}
