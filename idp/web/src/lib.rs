//! Routes, pages and cookies: the only crate that knows HTTP.
//!
//! Handlers translate, they do not decide: policy, wire crates and the broker do.

mod account;
mod answer;
pub mod api;
pub mod app;
mod cookies;
mod form;
mod home;
mod login;
mod logout;
pub mod middleware;
mod oidc;
mod own;
pub mod page;
mod problem;
mod saml;
mod session_layer;
mod statics;
mod user_agent;
mod visit;

pub use app::{App, Parts, Registry};
pub use saml::{About, Parked, ServiceProviders};
