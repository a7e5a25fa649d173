//! Everything that is shown from outside, in one binary.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod account;
mod attacks;
mod browser;
mod cli;
mod cluster;
mod demo;
mod factor;
mod house;
mod login;
mod mail;
mod oidc;
mod peers;
mod saml;
mod scale;
