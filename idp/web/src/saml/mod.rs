//! SAML at the door: sign-on, metadata, and what sources send. Bytes to the wire crate, its answers
//! to the browser. What is right, the wire crate says.

mod about;
pub(crate) mod acs;
pub(crate) mod answer;
pub(crate) mod farewell;
pub(crate) mod metadata;
mod parked;
pub(crate) mod path;
mod providers;
mod published;
pub(crate) mod slo;
pub(crate) mod sp_slo;
pub(crate) mod sso;

pub use about::About;
pub use parked::Parked;
pub use providers::ServiceProviders;
pub(crate) use published::{Known, Published, Stand};
