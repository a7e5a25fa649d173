//! Why a message of logout is not believed.

use thiserror::Error;

use crate::{binding::BindingError, dsig::DsigError, schema::SchemaError, xml::XmlError};

/// Why a message of logout is not believed. Keeps nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LogoutError {
    /// Its envelope, or the signature over its query, does not hold.
    #[error(transparent)]
    Binding(#[from] BindingError),
    /// It is no XML that is accepted.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// Its signature does not hold.
    #[error(transparent)]
    Signature(#[from] DsigError),
    /// It is not of the form that the schema gives it.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// It is another message.
    #[error("the message is not the {0} that was expected")]
    Kind(&'static str),
    /// A signature inside the XML counts for nothing by Redirect.
    #[error("the signature does not stand where the binding has it")]
    Unsigned,
    /// It is not from whom it should be.
    #[error("the issuer is missing, or is not who was expected")]
    UnexpectedIssuer,
    /// It was made for another address, or for none.
    #[error("the destination is missing, or is not the address that the message came to")]
    Destination,
    /// Its time is over.
    #[error("the time of the message is over")]
    Expired,
    /// Its time has not come.
    #[error("the time of the message has not come")]
    NotYetValid,
    /// It does not say which request it answers, or it is not the one that was asked.
    #[error("the answer does not name the request that was asked")]
    InResponseTo,
    /// A message of this ID was believed before.
    #[error("the message was accepted before")]
    Replayed,
}

impl LogoutError {
    /// The stable name of what was wrong: the same in trail, log and metric.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Binding(error) => error.slug(),
            Self::Xml(error) => error.slug(),
            Self::Signature(error) => error.slug(),
            Self::Schema(error) => error.slug(),
            Self::Kind(_) => "schema",
            Self::Unsigned => "unsigned",
            Self::UnexpectedIssuer => "unexpected_issuer",
            Self::Destination => "destination",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::InResponseTo => "in_response_to",
            Self::Replayed => "replay",
        }
    }

    /// Whether it may be an attacker's rather than a peer's mistake.
    #[must_use]
    pub fn is_suspicious(&self) -> bool {
        matches!(
            self,
            Self::Signature(_)
                | Self::Binding(BindingError::SignatureInvalid)
                | Self::UnexpectedIssuer
                | Self::InResponseTo
                | Self::Replayed
        )
    }
}
