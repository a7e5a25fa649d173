//! Why metadata is refused as a whole. What only loses a part is a [`super::Warning`].

use thiserror::Error;

use crate::dsig::DsigError;
use crate::xml::XmlError;

/// Why metadata says nothing that is used.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum MetadataError {
    /// The document is not one that is read.
    #[error("the document cannot be read")]
    Xml(#[from] XmlError),
    /// The root is neither an entity nor a group of them.
    #[error("the document is not SAML metadata")]
    NotMetadata,
    /// A signature is demanded, and neither the document nor the entity bears one.
    #[error("the metadata is not signed")]
    Unsigned,
    /// A signature is there, and does not hold.
    #[error("the signature of the metadata does not hold")]
    Signature(#[from] DsigError),
    /// No entity of that name is there.
    #[error("the metadata does not hold the entity")]
    NotFound,
    /// More than one entity is there, or more than one of that name: none can be preferred.
    #[error("the metadata holds more than one entity that could be meant")]
    Ambiguous,
    /// The name of the entity is empty, longer than 1,024 characters, or holds white space.
    #[error("the name of the entity is not one")]
    EntityId,
    /// `validUntil` has passed.
    #[error("the metadata was valid until {0}")]
    Expired(String),
    /// An endpoint has an address that a browser would run: nobody writes that by mistake.
    #[error("a {0} has an address that is not of the web")]
    HostileEndpoint(&'static str),
    /// More keys than anybody rolls over.
    #[error("a role has more than 32 certificates")]
    TooManyKeys,
}

impl MetadataError {
    /// The stable name, the same in trail, log and metric.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Xml(error) => error.slug(),
            Self::NotMetadata => "not_metadata",
            Self::Unsigned => "unsigned",
            Self::Signature(error) => error.slug(),
            Self::NotFound => "unknown_entity",
            Self::Ambiguous => "metadata_collision",
            Self::EntityId => "entity_id",
            Self::Expired(_) => "metadata_expired",
            Self::HostileEndpoint(_) => "hostile_endpoint",
            Self::TooManyKeys => "too_large",
        }
    }
}
