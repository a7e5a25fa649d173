//! One `ds:Signature`, read strictly: what it claims about the element that carries it.

use std::collections::HashSet;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::digest;

use super::backend::canonicalize;
use super::{DigestAlg, DsigError, SignatureAlg, VerifyingKey};
use crate::xml::{Element, Sequence, XmlError, ns, read_base64};

/// Exclusive canonicalization without comments.
pub(super) const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// The enveloped signature transform.
pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// More prefixes than any message declares.
const MAX_PREFIXES: usize = 32;
/// Each prefix is looked up at each element: together they may not become a burden.
const MAX_LOOKUPS: usize = 40_000;

/// A signature whose structure was judged; its values are not verified yet.
pub(super) struct Signature<'d> {
    /// The element that it stands in, and covers.
    pub(super) carrier: Element<'d>,
    element: Element<'d>,
    signed_info: Element<'d>,
    signed_info_prefixes: Vec<&'d str>,
    alg: SignatureAlg,
    value: Vec<u8>,
    content_prefixes: Vec<&'d str>,
    digest_alg: DigestAlg,
    digest: Vec<u8>,
}

impl<'d> Signature<'d> {
    /// Reads `element`, which stands in `carrier`; `ids` are all of the document.
    pub(super) fn read(
        element: Element<'d>,
        carrier: Element<'d>,
        ids: &HashSet<&str>,
    ) -> Result<Self, DsigError> {
        if element.children().next().is_none() {
            return Err(DsigError::Unsigned);
        }
        nothing_signed_inside(element)?;
        let mut parts = sequence(element)?;
        let signed_info = parts.required(ns::DS, "SignedInfo").map_err(structure)?;
        let value = parts.required(ns::DS, "SignatureValue").map_err(structure)?;
        parts.optional(ns::DS, "KeyInfo");
        parts.end().map_err(structure)?;

        let mut info = sequence(signed_info)?;
        let method = info.required(ns::DS, "CanonicalizationMethod").map_err(structure)?;
        let signed_info_prefixes = if algorithm(method) == EXC_C14N {
            prefixes(method)?
        } else {
            return Err(DsigError::Algorithm("canonicalization"));
        };
        let method = info.required(ns::DS, "SignatureMethod").map_err(structure)?;
        let alg = SignatureAlg::from_uri(algorithm(method))
            .ok_or(DsigError::Algorithm("signature method"))?;
        empty(method)?;
        let references = info.many(ns::DS, "Reference");
        info.end().map_err(structure)?;
        let [reference] = references[..] else {
            return Err(DsigError::ReferenceCount);
        };

        refers_to(reference, carrier, ids)?;
        let mut parts = sequence(reference)?;
        let content_prefixes = transforms(parts.optional(ns::DS, "Transforms"))?;
        if content_prefixes.len() * carrier.descendants().count() > MAX_LOOKUPS {
            return Err(DsigError::Algorithm("list of prefixes"));
        }
        let method = parts.required(ns::DS, "DigestMethod").map_err(structure)?;
        let digest_alg =
            DigestAlg::from_uri(algorithm(method)).ok_or(DsigError::Algorithm("digest method"))?;
        empty(method)?;
        let digest = parts.required(ns::DS, "DigestValue").map_err(structure)?;
        parts.end().map_err(structure)?;
        Ok(Self {
            carrier,
            element,
            signed_info,
            signed_info_prefixes,
            alg,
            value: binary(value)?,
            content_prefixes,
            digest_alg,
            digest: binary(digest)?,
        })
    }

    /// Verifies it: first that a key signed what it says, and only then whether that is so.
    ///
    /// In this order nobody but the holder of a key can make us canonicalize the content.
    pub(super) fn verify(&self, keys: &[VerifyingKey]) -> Result<(), DsigError> {
        let signed = canonicalize(self.signed_info, None, &self.signed_info_prefixes)?;
        let mut fitting = keys.iter().filter(|key| key.fits(self.alg));
        if !fitting.any(|key| key.verify(self.alg, &signed, &self.value).is_ok()) {
            return Err(DsigError::Invalid);
        }
        let content = canonicalize(self.carrier, Some(self.element), &self.content_prefixes)?;
        let actual = digest(self.digest_alg.function(), &content);
        verify_slices_are_equal(actual.as_ref(), &self.digest).map_err(|_| DsigError::Invalid)
    }
}

impl std::fmt::Debug for Signature<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signature")
            .field("carrier", &self.carrier)
            .field("alg", &self.alg)
            .finish_non_exhaustive()
    }
}

/// The content of a signature is what it does not cover: no message may hide there.
fn nothing_signed_inside(signature: Element<'_>) -> Result<(), DsigError> {
    let foreign = |inner: Element<'_>| matches!(inner.namespace(), ns::SAML | ns::SAMLP | ns::MD);
    if let Some(object) = signature.children().find(|child| child.is(ns::DS, "Object")) {
        // A message that was moved into a signature is one that it does not cover there.
        let holds_message = object.descendants().any(|inner| inner.namespace() == ns::SAMLP);
        return Err(if holds_message { DsigError::Scope } else { DsigError::Object });
    }
    if signature.descendants().any(foreign) {
        return Err(DsigError::Scope);
    }
    Ok(())
}

/// The reference must be `#` and the ID of the carrier, character for character.
fn refers_to(
    reference: Element<'_>,
    carrier: Element<'_>,
    ids: &HashSet<&str>,
) -> Result<(), DsigError> {
    let id = carrier.attribute("ID").filter(|id| is_ncname(id)).ok_or(DsigError::ReferenceUri)?;
    let uri = reference.attribute("URI").ok_or(DsigError::ReferenceUri)?;
    match uri.strip_prefix('#') {
        Some(target) if target == id => Ok(()),
        Some(target) if ids.contains(target) => Err(DsigError::Scope),
        _ => Err(DsigError::ReferenceUri),
    }
}

/// Enveloped signature, then exclusive canonicalization: both, nothing else, in this order
/// (SAML Core 5.4.3, 5.4.4). Gives the prefixes that the latter names.
fn transforms(transforms: Option<Element<'_>>) -> Result<Vec<&str>, DsigError> {
    let mut parts = sequence(transforms.ok_or(DsigError::Transform)?)?;
    let all = parts.many(ns::DS, "Transform");
    parts.end().map_err(structure)?;
    let [enveloped, canonicalized] = all[..] else {
        return Err(DsigError::Transform);
    };
    if algorithm(enveloped) != ENVELOPED || algorithm(canonicalized) != EXC_C14N {
        return Err(DsigError::Transform);
    }
    empty(enveloped)?;
    prefixes(canonicalized)
}

/// The prefixes of an `ec:InclusiveNamespaces`, if there is one inside `method`.
fn prefixes(method: Element<'_>) -> Result<Vec<&str>, DsigError> {
    let mut parts = sequence(method)?;
    let list = parts.optional(ns::EC, "InclusiveNamespaces");
    parts.end().map_err(structure)?;
    let Some(list) = list else { return Ok(Vec::new()) };
    empty(list)?;
    let names = list.attribute("PrefixList").unwrap_or("").split_ascii_whitespace();
    let names: Vec<_> = names.take(MAX_PREFIXES + 1).collect();
    if names.len() > MAX_PREFIXES {
        return Err(DsigError::Algorithm("list of prefixes"));
    }
    Ok(names)
}

fn algorithm(method: Element<'_>) -> &str {
    method.attribute("Algorithm").unwrap_or("")
}

fn empty(element: Element<'_>) -> Result<(), DsigError> {
    sequence(element)?.end().map_err(structure)
}

fn binary(element: Element<'_>) -> Result<Vec<u8>, DsigError> {
    let text = element.text().map_err(structure)?;
    read_base64(&text).map_err(structure)
}

fn sequence(parent: Element<'_>) -> Result<Sequence<'_>, DsigError> {
    Sequence::of(parent).map_err(structure)
}

/// All that the schema refuses inside a signature is one thing to us.
fn structure(_: XmlError) -> DsigError {
    DsigError::Structure("it has other parts than a signature has")
}

/// What an `xs:ID` may be, for the letters of ASCII; others are accepted anywhere.
fn is_ncname(id: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii();
    id.bytes().next().is_some_and(letter)
        && id
            .bytes()
            .all(|byte| letter(byte) || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
}
