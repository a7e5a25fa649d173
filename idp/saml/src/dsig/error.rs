//! Why a signature is refused.

use thiserror::Error;

/// Why a document's signatures are refused, or an element is not held to be signed.
///
/// No variant keeps a value from the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DsigError {
    /// The element carries no signature, or one without content.
    #[error("there is no signature")]
    Unsigned,
    /// A signature does not cover the element that it stands in, or an ID is not unique.
    #[error("a signature covers something else than the element that carries it")]
    Scope,
    /// A signature stands in the wrong place, or is not built as it must be.
    #[error("a signature is not built as it must be: {0}")]
    Structure(&'static str),
    /// The reference is not `#` and the ID of the element that carries the signature.
    #[error("a signature's reference is not the ID of the element that carries it")]
    ReferenceUri,
    /// A signature has not exactly one reference, or there are more than two signatures.
    #[error("there are too many signatures or references")]
    ReferenceCount,
    /// The transforms are not the enveloped signature and exclusive canonicalization.
    #[error("a signature has a transform other than enveloped and exclusive canonicalization")]
    Transform,
    /// An algorithm or canonicalization that is not accepted.
    #[error("a signature's {0} is not accepted")]
    Algorithm(&'static str),
    /// A signature has an object inside.
    #[error("a signature holds an object")]
    Object,
    /// No key of the peer made this signature over this content.
    #[error("the signature is not valid")]
    Invalid,
}

impl DsigError {
    /// The reason's word in trail, log and metrics.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Scope => "signature_scope",
            Self::Structure(_) => "signature_structure",
            Self::ReferenceUri => "reference_uri",
            Self::ReferenceCount => "reference_count",
            Self::Transform => "transform_not_allowed",
            Self::Algorithm(_) => "algorithm",
            Self::Object => "ds_object_forbidden",
            Self::Invalid => "signature_invalid",
        }
    }
}
