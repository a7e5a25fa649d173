//! The transaction: one login in progress, from a relying party's wish to our answer.

mod request;
mod state;

pub use request::{AuthnRequest, Demand, Hints, ReturnTicket};
pub use state::{
    AskedFactor, AskedSource, Awaiting, Enrolling, Footing, LIFETIME, SOURCE_LIFETIME, Transaction,
    Wished,
};
