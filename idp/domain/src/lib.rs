//! The ground floor: the words of the house, the login in progress, and the decision.
//!
//! Owns the glossary as types. Must never read a clock, draw a random number, touch disk or
//! network, or know how OpenID Connect, SAML or HTTP write things down: time and chance are
//! arguments, dialect words live in the protocol crates.

pub mod account;
pub mod agency;
pub mod assurance;
pub mod attribute;
pub mod audit;
pub mod connector;
pub mod event;
pub mod factor;
#[cfg(test)]
mod golden;
pub mod identity;
pub mod ids;
pub mod issuance;
pub mod json;
pub mod lang;
pub mod letter;
pub mod logout;
pub mod policy;
pub mod refusal;
pub mod relying_party;
pub mod secret;
pub mod session;
pub mod source;
pub mod subject;
pub mod switch;
pub mod time;
pub mod transaction;
pub mod trust;
pub mod whereabouts;

pub use account::Account;
pub use agency::Agency;
pub use assurance::{Acr, Amr, Assurance};
pub use attribute::{AttributeName, AttributeSet};
pub use audit::AuditEvent;
pub use connector::{Ask, Begun, Connector, Inbound, Kept, Outbound, Pending, Progress};
pub use event::AuthenticationEvent;
pub use factor::{FactorKind, FactorProof, FactorRules, Factors};
pub use identity::{Identity, Link};
pub use ids::{
    AccessPassId, AccountId, AgencyId, DeviceId, GrantId, IdError, LogoutId, RelyingPartyId,
    SessionId, SourceId, TransactionId,
};
pub use issuance::Issuance;
pub use lang::{Lang, Localized};
pub use letter::{Letter, LetterKind};
pub use logout::Logout;
pub use refusal::{Blame, Fault, Refusal};
pub use relying_party::RelyingParty;
pub use secret::Secret;
pub use session::{Participant, Session};
pub use source::Source;
pub use subject::Subject;
pub use switch::Switched;
pub use time::{Lifetime, Timestamp};
pub use transaction::{AuthnRequest, Demand, ReturnTicket, Transaction};
pub use trust::Trust;
