//! The provider's side of OpenID Connect, with local accounts.

mod browsers;
mod claims;
mod code;
mod consent;
mod discovery;
mod logout;
mod profiles;
mod prompts;
mod refresh;
mod service;
mod subjects;
mod tokens;
