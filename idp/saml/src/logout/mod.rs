//! Single logout (SAML Profiles 4.4), both roles: what is asked and answered, by all bindings.
//!
//! A message counts only with a signature of whom it says to be from. Which sessions a name means,
//! and what has become of them, is for the caller to find.

mod error;
mod name;
mod receive;
mod send;

pub use error::LogoutError;
pub use name::{name_text, names_meant, read_name};
pub use receive::{
    Asked, Expected, Replied, danger_unverified_answered, danger_unverified_issuer,
    receive_request, receive_response, receive_soap_response,
};
pub use send::{
    Outcome, Outgoing, Question, Reply, SendError, Sender, answer, answer_by_soap, ask, back_way,
    front_way,
};

#[cfg(test)]
mod tests;
