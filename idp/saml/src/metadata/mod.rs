//! Entity metadata: ours and theirs. What an entity says is kept here; whether it is believed,
//! and for what, is decided where it is registered.

mod endpoint;
mod entity;
mod error;
mod key;
mod read;
mod ui;
mod warning;
mod write;

pub use endpoint::{AcsEndpoint, BadLocation, Endpoint, Location};
pub use entity::{
    Algorithms, AttributeConsumer, Contact, ContactKind, Entity, IdpRole, Organization,
    RequestedAttribute, SpRole,
};
pub use error::MetadataError;
pub use key::{EncryptionMethod, Key, KeyUse, Keys};
pub use read::{Reading, Trust, read, read_one};
pub use ui::{Logo, LogoSource, Texts, Ui};
pub use warning::{Flaw, Warning};
pub use write::write;

#[cfg(test)]
mod testing;
