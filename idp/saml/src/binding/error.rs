//! What can be wrong with the envelope of a message, before its XML is looked at.

use thiserror::Error;

use crate::dsig::KeyError;

/// Why a message was not taken out of its envelope, or not put into one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BindingError {
    /// Not base64, not DEFLATE, not UTF-8, or more than one way to read it.
    #[error("{0} is not encoded as the binding demands")]
    BadEncoding(&'static str),
    /// The message grows past [`super::MAX_MESSAGE`] when it is inflated.
    #[error("the message is longer than 256 KiB once inflated")]
    InflateLimit,
    /// The message is longer than [`super::MAX_MESSAGE`], or a value longer than is kept.
    #[error("{0} is too long")]
    TooLong(&'static str),
    /// A parameter stands twice, or two stand that exclude each other.
    #[error("{0} stands more than once, or beside what excludes it")]
    DuplicateParameter(&'static str),
    /// No message is there, or it came by a way on which it may not come.
    #[error("no message that may come by this binding")]
    Binding,
    /// A signature is demanded, and there is none.
    #[error("the message is not signed as the binding demands")]
    Unsigned,
    /// The signature's algorithm is not among those accepted.
    #[error("the signature algorithm is not accepted")]
    Algorithm,
    /// No key verifies the signature.
    #[error("no key of the sender verifies the signature")]
    SignatureInvalid,
    /// The SOAP envelope is not one, or demands what is not understood.
    #[error("the SOAP envelope is not understood: {0}")]
    Envelope(&'static str),
    /// Our own key did not sign.
    #[error("the message could not be signed")]
    Key(#[source] KeyError),
}

impl BindingError {
    /// The stable name, the same in trail, log and metric.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::BadEncoding(_) => "bad_encoding",
            Self::InflateLimit => "inflate_limit",
            Self::TooLong(_) => "size_limit",
            Self::DuplicateParameter(_) => "duplicate_parameter",
            Self::Binding => "binding",
            Self::Unsigned => "unsigned",
            Self::Algorithm => "algorithm",
            Self::SignatureInvalid => "signature_invalid",
            Self::Envelope(_) => "soap_envelope",
            Self::Key(_) => "signing_failed",
        }
    }
}
