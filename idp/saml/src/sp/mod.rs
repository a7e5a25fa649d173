//! We as service provider: asking an agency's identity provider, and judging what it answers.
//!
//! [`consume`] is the one way in for answers, asked for or not. What it returns was read from
//! verified elements only.

mod accepted;
mod authn_request;
mod conditions;
mod confirmation;
mod consume;
mod cover;
mod error;
mod expected;
mod message;
mod name;
mod statement;

pub use accepted::Accepted;
pub use authn_request::{Wanted, authn_request};
pub use consume::consume;
pub use error::{Blame, ConsumeError, Half};
pub use expected::{Asked, DEFAULT_SKEW, Expected, IdpTrust, MAX_SKEW, Quirks};

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod costs;
#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod testing;
