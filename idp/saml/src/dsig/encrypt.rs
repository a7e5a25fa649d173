//! Encrypting to a peer: what both sides can do, and the element that comes of it.

use aws_lc_rs::error::Unspecified;
use idp_domain::Timestamp;
use thiserror::Error;
use zeroize::Zeroizing;

use super::content::{ContentAlg, KeyTransport};
use super::keys::{EncryptionKey, KeyError};
use crate::xml::{Markup, ns, write_base64};

/// How many random bytes one encryption takes: the longest key and the longest initial vector.
pub const ENCRYPTION_RANDOM: usize = 32 + 16;

/// What a peer's metadata says that it decrypts: one `md:EncryptionMethod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    /// A content cipher or a key transport, by URI.
    pub algorithm: &'a str,
    /// The hash of OAEP, by URI, if it is named.
    pub digest: Option<&'a str>,
    /// The mask of OAEP, by URI, if it is named.
    pub mgf: Option<&'a str>,
}

/// The peer names algorithms, and none that we use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoAcceptable {
    /// All its content ciphers are weak or unknown.
    #[error("the peer decrypts no content cipher that we use")]
    Content,
    /// All its key transports are weak or unknown.
    #[error("the peer decrypts no key transport that we use")]
    Transport,
}

impl NoAcceptable {
    /// The reason's word in trail, log and metrics.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        "algorithm"
    }
}

/// Chooses what to encrypt with among what a peer offers: the strongest that both have.
///
/// A peer that names nothing of a kind gets AES-256-GCM and OAEP with SHA-1: `SAML2Int`
/// (SDP-ALG01) obliges every deployment to have both, and that one key transport alone, since
/// nothing in OAEP rests on what SHA-1 has lost. ENC-02 lets it pass where it must. A peer that
/// names only what is weak gets nothing, and never plaintext (ENC-08). `cbc` is that peer's
/// exception, which somebody granted until a date: only then is CBC chosen, and only if the peer
/// names nothing better.
pub fn choose<'a>(
    offers: impl IntoIterator<Item = Offer<'a>>,
    cbc: bool,
) -> Result<(ContentAlg, KeyTransport), NoAcceptable> {
    let (ciphers, transports): (Vec<_>, Vec<_>) =
        offers.into_iter().partition(|offer| BLOCK_CIPHERS.contains(&offer.algorithm));
    let content = if ciphers.is_empty() {
        ContentAlg::Aes256Gcm
    } else {
        ContentAlg::ALL
            .into_iter()
            .filter(|alg| cbc || !alg.is_cbc())
            .find(|alg| ciphers.iter().any(|offer| offer.algorithm == alg.uri()))
            .ok_or(NoAcceptable::Content)?
    };
    let transport = if transports.is_empty() {
        KeyTransport::OaepSha1Mgf1Sha1
    } else {
        KeyTransport::ALL
            .into_iter()
            .find(|transport| transports.iter().any(|offer| takes(*transport, offer)))
            .ok_or(NoAcceptable::Transport)?
    };
    Ok((content, transport))
}

/// What counts as a content cipher in a list; all else must be a way to get its key.
const BLOCK_CIPHERS: [&str; 7] = [
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    "http://www.w3.org/2009/xmlenc11#aes192-gcm",
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
    "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
    "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
    "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
];

/// Whether `offer` includes `transport`. What it leaves open is ours to name, as the message will.
fn takes(transport: KeyTransport, offer: &Offer<'_>) -> bool {
    let digest = offer.digest.unwrap_or(transport.digest_uri());
    let mgf = offer.mgf.or(transport.mgf_uri());
    KeyTransport::from_method(offer.algorithm, Some(digest), mgf) == Some(transport)
        && offer.algorithm == transport.uri()
}

/// Encrypts an element to `to`, as `xenc:EncryptedData` that carries its key with it.
///
/// A key whose certificate has ended is refused: its holder may have let the private half go
/// (ENC-08). `random` must be new for each call: the content key and its initial vector are made
/// of it. The seed of OAEP is drawn by the library.
pub fn encrypt(
    plaintext: &[u8],
    to: &EncryptionKey,
    content: ContentAlg,
    transport: KeyTransport,
    now: Timestamp,
    random: [u8; ENCRYPTION_RANDOM],
) -> Result<Markup, KeyError> {
    if !to.is_current(now) {
        return Err(KeyError::Expired);
    }
    let random = Zeroizing::new(random);
    let (vector, material) = random.split_first_chunk().ok_or(KeyError::Encrypt)?;
    let content_key = material.get(..content.key_bytes()).ok_or(KeyError::Encrypt)?;
    let sealed =
        content.seal(content_key, *vector, plaintext).map_err(|Unspecified| KeyError::Encrypt)?;
    let wrapped = to.wrap(transport.algorithm(), content_key)?;
    let key = Markup::new(ns::XENC, "EncryptedKey")
        .child(transport_method(transport))
        .child(key_info(x509(to.certificate().der())))
        .child(cipher_data(&wrapped));
    Ok(Markup::new(ns::XENC, "EncryptedData")
        .attr("Type", "http://www.w3.org/2001/04/xmlenc#Element")
        .child(Markup::new(ns::XENC, "EncryptionMethod").attr("Algorithm", content.uri()))
        .child(key_info(key))
        .child(cipher_data(&sealed)))
}

fn transport_method(transport: KeyTransport) -> Markup {
    let digest = Markup::new(ns::DS, "DigestMethod").attr("Algorithm", transport.digest_uri());
    let mgf = transport.mgf_uri().map(|uri| Markup::new(ns::XENC11, "MGF").attr("Algorithm", uri));
    Markup::new(ns::XENC, "EncryptionMethod")
        .attr("Algorithm", transport.uri())
        .child(digest)
        .maybe(mgf)
}

fn key_info(inside: Markup) -> Markup {
    Markup::new(ns::DS, "KeyInfo").child(inside)
}

/// Which of its keys the peer shall take: it may be changing them.
fn x509(certificate: &[u8]) -> Markup {
    Markup::new(ns::DS, "X509Data")
        .child(Markup::new(ns::DS, "X509Certificate").text(write_base64(certificate)))
}

fn cipher_data(bytes: &[u8]) -> Markup {
    Markup::new(ns::XENC, "CipherData")
        .child(Markup::new(ns::XENC, "CipherValue").text(write_base64(bytes)))
}

#[cfg(test)]
mod tests;
