//! The administration API: for programs that hold a token. Its description is `openapi.json`.
//!
//! Handlers translate: what a role may do stands in [`role`], what is done in the broker.

pub(crate) mod accounts;
pub mod alerts;
mod caller;
pub(crate) mod description;
pub(crate) mod factors;
pub(crate) mod passes;
mod problem;
mod read;
pub mod role;
pub mod sessions;
pub(crate) mod switches;

pub(crate) use problem::nowhere;
