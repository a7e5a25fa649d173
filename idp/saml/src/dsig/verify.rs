//! Verifying one element of a document.

use super::{DsigError, Verified, VerifyingKey, gate};
use crate::xml::{Document, Element};

/// Verifies that `element` carries an enveloped signature that one of `keys` made over it.
///
/// The whole document passes the [`gate`] first. Who verifies more than one element of a document
/// calls that once and then [`Signatures::verify`](super::Signatures::verify). What `ds:KeyInfo`
/// says is never read.
pub fn verify<'d>(
    document: &'d Document<'_>,
    element: Element<'d>,
    keys: &[VerifyingKey],
) -> Result<Verified<Element<'d>>, DsigError> {
    gate(document)?.verify(element, keys)
}

#[cfg(test)]
mod tests;
