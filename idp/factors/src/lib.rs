//! Proof of knowledge, possession and presence: judged and compared.
//!
//! The only crate that compares secrets. It never logs, prints or keeps one, knows neither HTTP nor
//! SQL, and decides nothing beyond "this proof holds" and "it does not". That a proof counts once
//! is for the caller to commit; each module says what.
//!
//! | module | owns |
//! |---|---|
//! | [`username`] | the name of a local account, in the one form in which it is kept |
//! | [`password`] | what was typed, the stored hash and its cost, the hashing pool, quality |
//! | [`totp`] | the secret of an authenticator app, its QR code, the step that a code is for |
//! | [`recovery`] | sets of codes for whoever lost the other factors, kept as SHA-256 |
//! | [`access_pass`] | what a help desk gives out to enrol with, kept as SHA-256 |
//! | [`api_token`] | tokens of the administration API, kept as SHA-256 |
//! | [`webauthn`] | passkeys: ceremonies, what is stored, which authenticators are admitted |
//! | [`client_secret`] | random secrets of clients, kept as SHA-256 |

pub mod access_pass;
pub mod api_token;
pub mod client_secret;
pub mod password;
pub mod recovery;
mod symbols;
pub mod totp;
pub mod username;
pub mod webauthn;

pub use symbols::NoRandomness;
