//! Entity metadata: ours and theirs.

mod endpoint;
mod entity;
mod key;
mod ui;
mod warning;

pub use endpoint::{AcsEndpoint, BadLocation, Endpoint, Location};
pub use entity::{
    Algorithms, AttributeService, Contact, ContactKind, Entity, IdpRole, Organization,
    RequestedAttribute, SpRole,
};
pub use key::{EncryptionMethod, Key, KeyUse, Keys};
pub use ui::{Logo, LogoSource, Texts, Ui};
pub use warning::{Flaw, Warning};
