//! A message out of its envelope, with the signature that the envelope bore.

use std::fmt;

use super::{Binding, BindingError, Kind};
use crate::dsig::{SignatureAlg, VerifyingKey};

/// A message as it arrived: decoded, and still to be parsed, verified and judged.
#[derive(Clone, PartialEq, Eq)]
pub struct Incoming {
    /// How it came.
    pub binding: Binding,
    /// Which parameter it came in.
    pub kind: Kind,
    /// The message, at most [`super::MAX_MESSAGE`] bytes.
    pub xml: Vec<u8>,
    /// What is to be given back with the answer, byte for byte.
    pub relay_state: Option<String>,
    /// The signature over the query: the only one that counts for a message by Redirect.
    pub query_signature: Option<QuerySignature>,
}

impl Incoming {
    /// Lets the message through if it came as demanded: an answer to a login, say, never comes
    /// by Redirect (SAML Profiles 4.1.2).
    pub fn demand(self, binding: Binding, kind: Kind) -> Result<Self, BindingError> {
        if self.binding == binding && self.kind == kind {
            Ok(self)
        } else {
            Err(BindingError::Binding)
        }
    }

    /// Verifies the signature over the query with one of `keys`.
    ///
    /// A signature inside the XML is worth nothing by this binding (SAML Bindings 3.4.4.1), so
    /// whoever demands a signed message by Redirect asks here, and nowhere else.
    //= saml-bindings#3.4.4.1-1
    pub fn verify_query(&self, keys: &[VerifyingKey]) -> Result<(), BindingError> {
        let signature = self.query_signature.as_ref().ok_or(BindingError::Unsigned)?;
        let verifies = |key: &VerifyingKey| {
            key.verify(signature.alg, &signature.signed, &signature.value).is_ok()
        };
        if keys.iter().any(verifies) { Ok(()) } else { Err(BindingError::SignatureInvalid) }
    }
}

impl fmt::Debug for Incoming {
    /// Says nothing of what the message holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("binding", &self.binding)
            .field("kind", &self.kind)
            .field("bytes", &self.xml.len())
            .field("query_signature", &self.query_signature.as_ref().map(|signature| signature.alg))
            .finish_non_exhaustive()
    }
}

/// A signature over a query string, and the bytes that it is over.
#[derive(Clone, PartialEq, Eq)]
pub struct QuerySignature {
    pub(super) alg: SignatureAlg,
    pub(super) signed: Vec<u8>,
    pub(super) value: Vec<u8>,
}
