//! What the signatures of an answer cover: the whole of it, the assertion, or nothing.
//!
//! Every signature that is there must verify, and one must cover the assertion (SAML Core 5.3,
//! Profiles 4.1.4.5). No key but the expected identity provider's is tried.

use zeroize::Zeroizing;

use super::{
    ConsumeError, Expected, Half,
    message::{Content, Message, unexpected},
};
use crate::{
    dsig::{self, DecryptionPolicy, Verified},
    schema::{Issuer, Opener, Response, SchemaError},
    xml::{Document, Element, ns},
};

/// An encrypted assertion, and the signature of the frame if there is one.
pub(super) struct Sealed<'d> {
    element: Element<'d>,
    frame: Option<Verified<Element<'d>>>,
}

/// Reads the frame of an answer and verifies what is signed in it.
pub(super) fn examine<'d>(
    document: &'d Document<'_>,
    expected: &Expected<'_>,
) -> Result<Message<'d>, ConsumeError> {
    let root = document.root();
    if !root.is(ns::SAMLP, "Response") {
        return Err(SchemaError::Kind { expected: "Response" }.into());
    }
    let signatures = dsig::gate(document)?;
    if signatures.is_empty() && root.children().any(|child| child.is(ns::SAML, "Assertion")) {
        return Err(ConsumeError::Unsigned);
    }
    let (response, assertions) = Response::read(root)?;
    let only = the_only_one(root, &assertions)?;
    issuer_is_expected(&response, only, expected)?;

    let (mut frame, mut own) = (None, None);
    //= saml-profiles#4.1.4.3-1
    for signed in signatures.elements() {
        let verified = signatures.verify(signed, &expected.idp.keys)?;
        if signed.same(root) {
            frame = Some(verified);
        } else {
            own = Some(verified);
        }
    }
    //= saml-profiles#4.1.4.5-1
    let content = match only {
        None => Content::Nothing,
        Some(element) if element.is(ns::SAML, "EncryptedAssertion") => {
            Content::Encrypted(Sealed { element, frame })
        }
        Some(element) => {
            let own = own.filter(|signed: &Verified<Element<'_>>| signed.same(element));
            let covered = frame.map(|frame: Verified<Element<'d>>| frame.map(|_| element));
            Content::Plain(own.or(covered).ok_or(ConsumeError::Unsigned)?)
        }
    };
    Ok(Message { response, signed: frame.is_some(), content })
}

impl Sealed<'_> {
    /// Opens it. Nothing is known yet of what comes out.
    pub(super) fn open(&self, expected: &Expected<'_>) -> Result<Zeroizing<Vec<u8>>, ConsumeError> {
        // Without integrity, ciphertext that anybody can send would be an oracle.
        let cbc = expected.policy.cbc && self.frame.is_some();
        let policy = DecryptionPolicy { cbc, ..expected.policy };
        Ok(Opener::new(expected.decryption, policy).open(self.element)?)
    }

    /// Finds the assertion in what was opened, with its own signature or that of the frame.
    pub(super) fn examine<'i>(
        &self,
        opened: &'i Document<'_>,
        expected: &Expected<'_>,
    ) -> Result<Verified<Element<'i>>, ConsumeError> {
        let root = opened.root();
        if !root.is(ns::SAML, "Assertion") {
            return Err(SchemaError::Kind { expected: "Assertion" }.into());
        }
        let signatures = dsig::gate(opened)?;
        let others = root.descendants().filter(|inner| is_assertion(*inner)).count();
        if others > 0 {
            return Err(ConsumeError::AssertionCount { count: 1 + others });
        }
        if signatures.cover(root) {
            return Ok(signatures.verify(root, &expected.idp.keys)?);
        }
        // The frame's signature covers the bytes that the assertion was opened from.
        self.frame.map(|frame| frame.map(|_| root)).ok_or(ConsumeError::Unsigned)
    }
}

fn is_assertion(element: Element<'_>) -> bool {
    element.is(ns::SAML, "Assertion") || element.is(ns::SAML, "EncryptedAssertion")
}

/// The one assertion of the answer, if there is one; none may stand anywhere else.
fn the_only_one<'d>(
    root: Element<'d>,
    assertions: &[Element<'d>],
) -> Result<Option<Element<'d>>, ConsumeError> {
    let count = root.descendants().filter(|inner| is_assertion(*inner)).count();
    match assertions {
        [] if count == 0 => Ok(None),
        [only] if count == 1 => Ok(Some(*only)),
        _ => Err(ConsumeError::AssertionCount { count }),
    }
}

/// Refuses the answer of somebody else for what it is, and not for a signature that could not
/// have been verified with the keys at hand. Nothing is believed for this.
fn issuer_is_expected(
    response: &Response,
    assertion: Option<Element<'_>>,
    expected: &Expected<'_>,
) -> Result<(), ConsumeError> {
    let inner = assertion.and_then(|assertion| assertion.children().next());
    let inner = inner.and_then(|issuer| Issuer::read(issuer).ok());
    let (half, said) = match &inner {
        Some(issuer) => (Half::Assertion, Some(issuer)),
        None => (Half::Response, response.issuer.as_ref()),
    };
    match said {
        Some(issuer) if issuer.as_str() != expected.idp.entity_id => {
            Err(unexpected(half, Some(issuer)))
        }
        _ => Ok(()),
    }
}
