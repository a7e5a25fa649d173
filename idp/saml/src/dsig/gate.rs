//! The gate: what signatures may look like and where they may stand, judged for the whole
//! document before any key is touched.
//!
//! After it, each signature is known to cover exactly the element that carries it, and nothing
//! that belongs to a signature stands anywhere else.

use std::collections::HashSet;

use super::signature::Signature;
use super::{DsigError, Verified, VerifyingKey};
use crate::xml::{Document, Element, ns};

/// More signatures than a message can use: its own and its assertion's.
const MAX_SIGNATURES: usize = 2;

/// The signatures of a document that passed the gate. None of them is verified yet.
#[derive(Debug)]
pub struct Signatures<'d>(Vec<Signature<'d>>);

/// Judges every signature in the document, and that nothing of one stands outside of them.
pub fn gate<'d>(document: &'d Document<'_>) -> Result<Signatures<'d>, DsigError> {
    let elements = || document.elements();
    if elements().filter(|element| is_signature(*element)).count() > MAX_SIGNATURES {
        return Err(DsigError::ReferenceCount);
    }
    let ids = unique_ids(elements())?;
    let message = message(document.root());
    let mut signatures = Vec::new();
    for element in elements().filter(|element| element.namespace() == ns::DS) {
        if is_signature(element) {
            let carrier = carrier(element, message)?;
            signatures.push(Signature::read(element, carrier, &ids)?);
        } else {
            belongs(element)?;
        }
    }
    Ok(Signatures(signatures))
}

impl<'d> Signatures<'d> {
    /// The elements that carry a signature, in document order.
    pub fn elements(&self) -> impl Iterator<Item = Element<'d>> {
        self.0.iter().map(|signature| signature.carrier)
    }

    /// Whether this element carries a signature of its own.
    #[must_use]
    pub fn cover(&self, element: Element<'_>) -> bool {
        self.elements().any(|signed| signed.same(element))
    }

    /// Whether nothing is signed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Verifies the signature that `element` carries, with whichever key fits.
    pub fn verify(
        &self,
        element: Element<'d>,
        keys: &[VerifyingKey],
    ) -> Result<Verified<Element<'d>>, DsigError> {
        let carried = self.0.iter().find(|signature| signature.carrier.same(element));
        carried.ok_or(DsigError::Unsigned)?.verify(keys)?;
        Ok(Verified::new(element))
    }

    /// Verifies all signatures with these keys.
    #[cfg(test)]
    pub(crate) fn verify_all(&self, keys: &[VerifyingKey]) -> Result<(), DsigError> {
        self.0.iter().try_for_each(|signature| signature.verify(keys))
    }
}

fn is_signature(element: Element<'_>) -> bool {
    element.is(ns::DS, "Signature")
}

/// All IDs of the document, each of which must be there once.
///
/// XML knows an ID by its type; we, having no types, by every name that a schema gives one.
fn unique_ids<'d>(
    elements: impl Iterator<Item = Element<'d>>,
) -> Result<HashSet<&'d str>, DsigError> {
    let mut ids = HashSet::new();
    for element in elements {
        for (namespace, name, value) in element.attributes() {
            let is_id = match namespace {
                "" => matches!(name, "ID" | "Id" | "id"),
                ns::XML => name == "id",
                _ => false,
            };
            if is_id && !ids.insert(value) {
                return Err(DsigError::Scope);
            }
        }
    }
    Ok(ids)
}

/// The message itself: the root, or what a SOAP envelope carries.
fn message(root: Element<'_>) -> Element<'_> {
    if !root.is(ns::SOAP, "Envelope") {
        return root;
    }
    let body = root.children().find(|child| child.is(ns::SOAP, "Body"));
    body.and_then(|body| body.children().next()).unwrap_or(root)
}

/// The element that carries this signature, if one of its kind may, and at this place.
fn carrier<'d>(signature: Element<'d>, message: Element<'_>) -> Result<Element<'d>, DsigError> {
    let parent = signature.parent().ok_or(DsigError::Structure("it is the root"))?;
    let is_message = parent.same(message);
    let is_in_message = parent.parent().is_some_and(|outer| outer.same(message));
    let may_carry = match parent.namespace() {
        ns::SAMLP => is_message,
        ns::SAML => {
            let in_response = is_in_message && message.is(ns::SAMLP, "Response");
            parent.local_name() == "Assertion" && (is_message || in_response)
        }
        ns::MD => {
            let in_group = is_in_message && message.is(ns::MD, "EntitiesDescriptor");
            matches!(parent.local_name(), "EntityDescriptor" | "EntitiesDescriptor")
                && (is_message || in_group)
        }
        _ => false,
    };
    if !may_carry {
        return Err(match parent.attribute("ID") {
            Some(_) => DsigError::Scope,
            None => DsigError::Structure("it stands where none may"),
        });
    }
    let mut before = parent.children().take_while(|child| !child.same(signature));
    let in_place = match before.next() {
        None => parent.local_name() != "Assertion",
        Some(first) => {
            parent.namespace() != ns::MD && first.is(ns::SAML, "Issuer") && before.next().is_none()
        }
    };
    in_place.then_some(parent).ok_or(DsigError::Structure("it is not where the schema puts it"))
}

/// Whether a part of a signature stands where it may.
///
/// That a `ds:Signature` has its parts in order and number is for [`Signature::read`].
fn belongs(element: Element<'_>) -> Result<(), DsigError> {
    const ELSEWHERE: DsigError = DsigError::Structure("a part of one stands elsewhere");
    let parent = element.parent().ok_or(ELSEWHERE)?;
    let inside = |local: &str| parent.is(ns::DS, local);
    let belongs = match element.local_name() {
        "Object" => return Err(DsigError::Object),
        "SignedInfo" | "SignatureValue" => inside("Signature"),
        "CanonicalizationMethod" | "SignatureMethod" | "Reference" => inside("SignedInfo"),
        "Transforms" | "DigestValue" => inside("Reference"),
        "Transform" => inside("Transforms"),
        "DigestMethod" => {
            inside("Reference")
                || parent.is(ns::XENC, "EncryptionMethod")
                || parent.is(ns::MD, "EncryptionMethod")
        }
        "KeyInfo" => {
            inside("Signature")
                || parent.is(ns::MD, "KeyDescriptor")
                || parent.is(ns::XENC, "EncryptedData")
                || parent.is(ns::XENC, "EncryptedKey")
                || parent.is(ns::SAML, "SubjectConfirmationData")
        }
        // Whatever describes a key, and is never used here to choose one.
        "KeyName" | "KeyValue" | "RSAKeyValue" | "Modulus" | "Exponent" | "DSAKeyValue" | "P"
        | "Q" | "G" | "Y" | "J" | "Seed" | "PgenCounter" | "RetrievalMethod" | "X509Data"
        | "X509IssuerSerial" | "X509IssuerName" | "X509SerialNumber" | "X509SKI"
        | "X509SubjectName" | "X509Certificate" | "X509CRL" | "PGPData" | "PGPKeyID"
        | "PGPKeyPacket" | "SPKIData" | "SPKISexp" | "MgmtData" => {
            let mut outer = std::iter::successors(Some(parent), |element| element.parent());
            outer.any(|outer| outer.is(ns::DS, "KeyInfo"))
        }
        _ => false,
    };
    belongs.then_some(()).ok_or(ELSEWHERE)
}

#[cfg(test)]
mod tests;
