//! Why XML is refused. No variant keeps a value from the document.

use thiserror::Error;

/// Why bytes are no document of ours, or a document is not what the schema says.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum XmlError {
    /// More bytes, tags, attributes or namespaces than the [`Limits`](super::Limits) allow.
    #[error("the document has more {0} than are allowed")]
    TooLarge(&'static str),
    /// Elements are nested deeper than the limits allow.
    #[error("the document is nested too deep")]
    Depth,
    /// A document type declaration, and with it entities and defaults.
    #[error("the document declares a type")]
    Doctype,
    /// Not UTF-8, or it says that it is something else.
    #[error("the document is not UTF-8")]
    Encoding,
    /// Not one well-formed element in well-formed namespaces.
    #[error("the document is not well-formed: {0}")]
    NotWellFormed(&'static str),
    /// A comment, processing instruction or CDATA section, or elements where only text may stand.
    #[error("markup stands where only text may")]
    MixedContent,
    /// A comment, processing instruction or CDATA section inside a digest or signature value.
    #[error("markup stands inside a signature's value")]
    MixedSignature,
    /// A `ds:Reference` that is spelled with character or entity references.
    #[error("a signature's reference is not spelled plainly")]
    SpelledReference,
    /// An element or attribute that the schema demands is not there.
    #[error("{inside} lacks {what}")]
    Missing {
        /// What is missing.
        what: &'static str,
        /// The local name of the element that lacks it.
        inside: String,
    },
    /// Something stands where the schema has no room for it.
    #[error("{inside} has no room for {found} there")]
    Unexpected {
        /// The local name of what was found, or `text`.
        found: String,
        /// The local name of the element that it was found in.
        inside: String,
    },
    /// A value does not have the form of its type.
    #[error("a value is no {0}")]
    Value(&'static str),
}

impl XmlError {
    /// The reason's word in trail, log and metrics.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "too_large",
            Self::Depth => "depth_limit",
            Self::Doctype => "doctype_forbidden",
            Self::Encoding => "encoding",
            Self::NotWellFormed(_) => "not_well_formed",
            Self::MixedContent => "mixed_content_in_value",
            Self::MixedSignature => "signature_structure",
            Self::SpelledReference => "reference_uri",
            Self::Missing { .. } | Self::Unexpected { .. } | Self::Value(_) => "schema",
        }
    }
}
