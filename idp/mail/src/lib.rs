//! Letters to people about their own accounts: written in six languages, sent by SMTP.
//!
//! Owns no state: what waits to be sent lies in the store. Never puts a secret into a letter.

mod delivery;
mod foreign;
mod letterhead;
mod line;
mod message;
mod render;
mod words;

#[cfg(test)]
mod tests;

pub use delivery::{Delivery, Parts};
pub use letterhead::Letterhead;
pub use line::{Security, Server, ServerError};
pub use message::{NotAnAddress, Sender};
pub use words::{Inset, MissingWords, Words};
