//! We as identity provider towards services: what service providers ask us, and what they are
//! told. Pure wire code: who looks up, stores and signs in between is the web's business.

pub mod category;
mod checks;
mod comparison;
pub mod identifier;
mod likeness;
mod name_id;
mod provider;
mod receive;
mod release;
mod respond;
mod rule;
pub mod service_provider;
mod status;
#[cfg(test)]
mod testing;
mod ticket;
mod unsolicited;

pub use category::category_attributes;
pub use comparison::acceptable;
pub use identifier::IdentifierNeed;
pub use likeness::{likeness, similar};
pub use name_id::{Callings, NameIdKind};
pub use provider::Provider;
pub use receive::{Asked, Declined, Hinted, PageError, StatusError, receive};
pub use respond::{Chance, Denial, Unissuable, Vouch, refuse, respond};
pub use rule::Rule;
pub use service_provider::{ServiceProvider, ServiceProviderRegistration, Surroundings};
pub use status::{failed, status};
pub use ticket::{Ticket, TicketError};
pub use unsolicited::unsolicited;

/// Every rule of a request, in the order of judgement: documentation is written from it.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    checks::rules()
}
