//! Why an element is not what the schema says. Holds names of the schema, never a value.

use thiserror::Error;

use crate::{dsig::DecryptError, xml::XmlError};

/// Why an element is not what the schema says.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SchemaError {
    /// Children are missing, in excess or out of order, or text stands where none can.
    #[error("the XML is not of the form that the schema gives it")]
    Xml(#[from] XmlError),
    /// It is another element.
    #[error("the element is not the {expected} that was expected")]
    Kind {
        /// The local name of the expected element.
        expected: &'static str,
    },
    /// An attribute is missing, or has not the form of its type.
    #[error("the attribute {attribute} of {element} is missing or malformed")]
    Attribute {
        /// The local name of the element.
        element: &'static str,
        /// The name of the attribute.
        attribute: &'static str,
    },
    /// An element has an attribute that it cannot have.
    #[error("{element} has an attribute that it cannot have")]
    UnknownAttribute {
        /// The local name of the element.
        element: &'static str,
    },
    /// The content of an element has not the form of its type.
    #[error("the content of {element} is missing or malformed")]
    Content {
        /// The local name of the element.
        element: &'static str,
    },
    /// The message is of another version of SAML.
    #[error("the version is not 2.0")]
    Version,
    /// The issuer is not named as an entity (SAML Core 8.3.6).
    #[error("the issuer is not named by an entity ID")]
    Issuer,
    /// The status is missing, stands twice, or has an unknown top-level code.
    #[error("the status is missing, repeated or unknown")]
    Status,
    /// The conditions stand twice, or hold one that is not known (SAML Core 2.5.1).
    #[error("the conditions are repeated, or hold one that is not known")]
    Conditions,
    /// Something encrypted cannot be opened.
    #[error("an encrypted part cannot be opened")]
    Encrypted(#[from] DecryptError),
    /// Something is encrypted that must not be here.
    #[error("an encrypted part stands where none is taken")]
    Closed,
}

impl SchemaError {
    /// The stable name of what was wrong: the same in trail, log and metric.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Xml(error) => error.slug(),
            Self::Encrypted(error) => error.slug(),
            Self::Conditions => "conditions",
            Self::Status => "status",
            Self::Kind { .. }
            | Self::Attribute { .. }
            | Self::UnknownAttribute { .. }
            | Self::Content { .. }
            | Self::Version
            | Self::Issuer
            | Self::Closed => "schema",
        }
    }
}
