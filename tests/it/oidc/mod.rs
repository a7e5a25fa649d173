//! The provider's side of OpenID Connect, with local accounts.

mod claims;
mod code;
mod discovery;
mod logout;
mod prompts;
mod refresh;
mod service;
mod subjects;
mod tokens;
