//! Decrypting what a peer encrypted to us.
//!
//! What is inside is not trusted for having been encrypted: our certificates are public, and
//! anybody can encrypt to them. It is parsed again, under the same guard, and its signature is
//! looked for.

use thiserror::Error;
use zeroize::Zeroizing;

use super::content::{ContentAlg, KeyTransport};
use super::keys::DecryptionKey;
use crate::xml::{Element, Sequence, XmlError, ns, read_base64};

/// How many encrypted keys one element may carry: each costs an operation with each of our keys.
const MAX_KEYS: usize = 4;

/// What a peer may use by exception only. The default has no exceptions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DecryptionPolicy {
    /// OAEP with SHA-1, which is all that many products have (ENC-02).
    pub oaep_sha1: bool,
    /// AES in CBC mode. Nothing tells whether it was tampered with, so whoever can send such
    /// ciphertext and see how we answer can have it decrypted piece by piece. Set it only when a
    /// signature around the ciphertext has been verified before.
    pub cbc: bool,
}

/// Why something was not decrypted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecryptError {
    /// The elements are not what the schema says.
    #[error(transparent)]
    Schema(#[from] XmlError),
    /// An algorithm that does not exist here, or is not allowed to this peer.
    #[error("{0} is not accepted")]
    Algorithm(&'static str),
    /// The ciphertext or its key is somewhere else.
    #[error("the encrypted element points outside of itself")]
    Reference,
    /// More encrypted keys than anybody needs.
    #[error("the encrypted element carries too many keys")]
    TooManyKeys,
    /// It does not decrypt. Whether it is the key, the content, or the padding of either is not
    /// said, for each answer to that question would be a piece of the plaintext (ENC-03).
    #[error("the encrypted element does not decrypt")]
    Undecryptable,
}

impl DecryptError {
    /// The reason's word in trail, log and metrics.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Schema(error) => error.slug(),
            Self::Algorithm(_) => "algorithm",
            Self::Reference => "reference_uri",
            Self::TooManyKeys => "schema",
            Self::Undecryptable => "key",
        }
    }
}

/// Decrypts `xenc:EncryptedData`, or what stands in `saml:EncryptedAssertion`, `EncryptedID` or
/// `EncryptedAttribute` (SAML Core 2.2.4, 2.3.4, 2.7.3.2).
///
/// Everything that can be refused by its looks is, before a private key is touched.
pub fn decrypt(
    encrypted: Element<'_>,
    keys: &[DecryptionKey],
    policy: &DecryptionPolicy,
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let Encrypted { content, keys: wrapped, sealed } = Encrypted::read(encrypted)?;
    if content.is_cbc() && !policy.cbc {
        return Err(DecryptError::Algorithm("AES-CBC"));
    }
    if !policy.oaep_sha1
        && wrapped.iter().any(|key| key.transport == KeyTransport::OaepSha1Mgf1Sha1)
    {
        return Err(DecryptError::Algorithm("RSA-OAEP with SHA-1"));
    }
    for candidate in &wrapped {
        for key in keys {
            let algorithm = candidate.transport.algorithm();
            let (content_key, genuine) =
                key.unwrap(algorithm, &candidate.wrapped, content.key_bytes());
            // In this order, so that it takes the same time with a key that is none. CBC "opens"
            // with one key in sixteen: what a stand-in makes of it must not hide the right key.
            let opened = content.open(&content_key, &sealed);
            if let (Ok(plaintext), true) = (opened, genuine) {
                return Ok(plaintext);
            }
        }
    }
    Err(DecryptError::Undecryptable)
}

/// An encrypted element, read and found to be in order.
struct Encrypted {
    content: ContentAlg,
    keys: Vec<EncryptedKey>,
    sealed: Vec<u8>,
}

struct EncryptedKey {
    transport: KeyTransport,
    wrapped: Vec<u8>,
}

impl Encrypted {
    fn read(element: Element<'_>) -> Result<Self, DecryptError> {
        if element.is(ns::XENC, "EncryptedData") {
            return Self::read_data(element, &[]);
        }
        let mut children = Sequence::of(element)?;
        let data = children.required(ns::XENC, "EncryptedData")?;
        let siblings = children.many(ns::XENC, "EncryptedKey");
        children.end()?;
        Self::read_data(data, &siblings)
    }

    fn read_data(data: Element<'_>, siblings: &[Element<'_>]) -> Result<Self, DecryptError> {
        if data.attribute("Type").is_some_and(|kind| kind != ELEMENT) {
            return Err(XmlError::Value("xenc:EncryptedData of an element").into());
        }
        let mut children = Sequence::of(data)?;
        let content = read_content_method(children.required(ns::XENC, "EncryptionMethod")?)?;
        let key_info = children.optional(ns::DS, "KeyInfo");
        let cipher_data = children.required(ns::XENC, "CipherData")?;
        children.optional(ns::XENC, "EncryptionProperties");
        children.end()?;

        let candidates = candidates(key_info, siblings)?;
        if candidates.len() > MAX_KEYS {
            return Err(DecryptError::TooManyKeys);
        }
        let keys: Vec<_> =
            candidates.into_iter().map(EncryptedKey::read).collect::<Result<_, _>>()?;
        if keys.is_empty() {
            let inside = "EncryptedData".to_owned();
            return Err(XmlError::Missing { what: "EncryptedKey", inside }.into());
        }
        Ok(Self { content, keys, sealed: read_cipher_data(cipher_data)? })
    }
}

const ELEMENT: &str = "http://www.w3.org/2001/04/xmlenc#Element";

/// The encrypted keys to try: those inside, and those beside that are pointed at, or all of those
/// beside if none is.
fn candidates<'d>(
    key_info: Option<Element<'d>>,
    siblings: &[Element<'d>],
) -> Result<Vec<Element<'d>>, DecryptError> {
    let inside = || key_info.into_iter().flat_map(Element::children);
    let mut found: Vec<_> = inside().filter(|key| key.is(ns::XENC, "EncryptedKey")).collect();
    let mut pointers = inside().filter(|key| key.is(ns::DS, "RetrievalMethod")).peekable();
    if pointers.peek().is_none() {
        found.extend(siblings);
        return Ok(found);
    }
    for pointer in pointers {
        if found.len() > MAX_KEYS {
            return Err(DecryptError::TooManyKeys);
        }
        if pointer.children().next().is_some() {
            return Err(DecryptError::Reference);
        }
        let id = pointer
            .attribute("URI")
            .and_then(|uri| uri.strip_prefix('#'))
            .ok_or(DecryptError::Reference)?;
        let mut named = siblings.iter().filter(|key| key.attribute("Id") == Some(id));
        match (named.next(), named.next()) {
            (Some(key), None) => found.push(*key),
            _ => return Err(DecryptError::Reference),
        }
    }
    Ok(found)
}

impl EncryptedKey {
    fn read(element: Element<'_>) -> Result<Self, DecryptError> {
        let mut children = Sequence::of(element)?;
        let transport = read_transport_method(children.required(ns::XENC, "EncryptionMethod")?)?;
        children.optional(ns::DS, "KeyInfo");
        let cipher_data = children.required(ns::XENC, "CipherData")?;
        children.optional(ns::XENC, "EncryptionProperties");
        children.optional(ns::XENC, "ReferenceList");
        children.optional(ns::XENC, "CarriedKeyName");
        children.end()?;
        Ok(Self { transport, wrapped: read_cipher_data(cipher_data)? })
    }
}

fn algorithm(element: Element<'_>) -> Result<&str, XmlError> {
    element.attribute("Algorithm").ok_or_else(|| XmlError::Missing {
        what: "Algorithm",
        inside: element.local_name().to_owned(),
    })
}

fn read_content_method(element: Element<'_>) -> Result<ContentAlg, DecryptError> {
    let uri = algorithm(element)?;
    let content = ContentAlg::from_uri(uri).ok_or(DecryptError::Algorithm(match uri {
        "http://www.w3.org/2001/04/xmlenc#tripledes-cbc" => "triple DES",
        "http://www.w3.org/2001/04/xmlenc#aes192-cbc" => "AES-CBC",
        _ => "the content cipher",
    }))?;
    let mut children = Sequence::of(element)?;
    if let Some(size) = children.optional(ns::XENC, "KeySize")
        && size.text()?.trim().parse() != Ok(content.key_bytes() * 8)
    {
        return Err(XmlError::Value("key size of that cipher").into());
    }
    children.end()?;
    Ok(content)
}

fn read_transport_method(element: Element<'_>) -> Result<KeyTransport, DecryptError> {
    let uri = algorithm(element)?;
    let mut children = Sequence::of(element)?;
    children.optional(ns::XENC, "KeySize");
    if children.optional(ns::XENC, "OAEPparams").is_some() {
        return Err(DecryptError::Algorithm("RSA-OAEP with a label"));
    }
    let (mut digest, mut mgf) = (None, None);
    while let Some(child) = children.any_of(&[(ns::DS, "DigestMethod"), (ns::XENC11, "MGF")]) {
        let named = if child.is(ns::DS, "DigestMethod") { &mut digest } else { &mut mgf };
        if named.replace(algorithm(child)?).is_some() {
            return Err(DecryptError::Algorithm("a key transport that is named twice"));
        }
    }
    children.end()?;
    KeyTransport::from_method(uri, digest, mgf).ok_or(DecryptError::Algorithm(match uri {
        "http://www.w3.org/2001/04/xmlenc#rsa-1_5" => "RSA 1.5 key transport",
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
        | "http://www.w3.org/2009/xmlenc11#rsa-oaep" => "RSA-OAEP with these hashes",
        _ => "the key transport",
    }))
}

/// Reads the one `xenc:CipherValue`.
fn read_cipher_data(element: Element<'_>) -> Result<Vec<u8>, DecryptError> {
    let mut children = Sequence::of(element)?;
    if children.optional(ns::XENC, "CipherReference").is_some() {
        return Err(DecryptError::Reference);
    }
    let value = children.required(ns::XENC, "CipherValue")?;
    children.end()?;
    Ok(read_base64(&value.text()?)?)
}

#[cfg(test)]
mod tests;
