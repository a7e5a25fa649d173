//! The algorithms of encryption that exist here: content ciphers and key transports.
//!
//! RSA 1.5, triple DES, key wrapping and key agreement have no variant, and so no way in.

use aws_lc_rs::aead::{
    self, AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey,
};
use aws_lc_rs::cipher::{
    self, AES_128, AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey,
    PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm,
};
use zeroize::Zeroizing;

/// How content is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentAlg {
    /// AES-128 in Galois/Counter mode (XML Encryption 1.1 section 5.2.4).
    Aes128Gcm,
    /// AES-192 in Galois/Counter mode.
    Aes192Gcm,
    /// AES-256 in Galois/Counter mode.
    Aes256Gcm,
    /// AES-128 in CBC mode, which nothing authenticates: by exception only.
    Aes128Cbc,
    /// AES-256 in CBC mode, which nothing authenticates: by exception only.
    Aes256Cbc,
}

enum Cipher {
    Gcm(&'static aead::Algorithm),
    Cbc(&'static cipher::Algorithm),
}

const GCM_NONCE: usize = 12;
const GCM_TAG: usize = 16;
const BLOCK: usize = 16;

impl ContentAlg {
    /// All of them, the strongest first.
    pub const ALL: [Self; 5] =
        [Self::Aes256Gcm, Self::Aes192Gcm, Self::Aes128Gcm, Self::Aes256Cbc, Self::Aes128Cbc];

    /// Its name in `xenc:EncryptionMethod`.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            Self::Aes192Gcm => "http://www.w3.org/2009/xmlenc11#aes192-gcm",
            Self::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            Self::Aes128Cbc => "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
            Self::Aes256Cbc => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        }
    }

    /// The cipher of that name, character for character.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.uri() == uri)
    }

    /// Whether what it decrypts to may have been tampered with.
    #[must_use]
    pub const fn is_cbc(self) -> bool {
        matches!(self, Self::Aes128Cbc | Self::Aes256Cbc)
    }

    /// The length of its key in bytes, 32 at most.
    pub(super) const fn key_bytes(self) -> usize {
        match self {
            Self::Aes128Gcm | Self::Aes128Cbc => 16,
            Self::Aes192Gcm => 24,
            Self::Aes256Gcm | Self::Aes256Cbc => 32,
        }
    }

    const fn cipher(self) -> Cipher {
        match self {
            Self::Aes128Gcm => Cipher::Gcm(&AES_128_GCM),
            Self::Aes192Gcm => Cipher::Gcm(&AES_192_GCM),
            Self::Aes256Gcm => Cipher::Gcm(&AES_256_GCM),
            Self::Aes128Cbc => Cipher::Cbc(&AES_128),
            Self::Aes256Cbc => Cipher::Cbc(&AES_256),
        }
    }

    /// Encrypts `plaintext` under a key that encrypts nothing else, and gives what stands in
    /// `xenc:CipherValue`: the initial vector (of which GCM takes the first 12 bytes), the
    /// ciphertext, and GCM's tag.
    pub(super) fn seal(
        self,
        key: &[u8],
        vector: [u8; BLOCK],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, Unspecified> {
        let mut body = plaintext.to_vec();
        match self.cipher() {
            Cipher::Gcm(algorithm) => {
                let key = LessSafeKey::new(UnboundKey::new(algorithm, key)?);
                let nonce = vector.get(..GCM_NONCE).unwrap_or_default();
                key.seal_in_place_append_tag(
                    Nonce::try_assume_unique_for_key(nonce)?,
                    Aad::empty(),
                    &mut body,
                )?;
                Ok([nonce, &body].concat())
            }
            Cipher::Cbc(algorithm) => {
                let key =
                    PaddedBlockEncryptingKey::cbc_pkcs7(UnboundCipherKey::new(algorithm, key)?)?;
                let context = EncryptionContext::Iv128(FixedLength::from(vector));
                key.less_safe_encrypt(&mut body, context)?;
                Ok([&vector[..], &body].concat())
            }
        }
    }

    /// Decrypts what [`Self::seal`] gives. Every failure is the same.
    ///
    /// Of CBC's padding only the last byte means anything (XML Encryption 1.1 section 5.2).
    pub(super) fn open(self, key: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        match self.cipher() {
            Cipher::Gcm(algorithm) => {
                let (nonce, body) = sealed.split_at_checked(GCM_NONCE).ok_or(Unspecified)?;
                let key = LessSafeKey::new(UnboundKey::new(algorithm, key)?);
                let mut body = Zeroizing::new(body.to_vec());
                if body.len() < GCM_TAG {
                    return Err(Unspecified);
                }
                let nonce = Nonce::try_assume_unique_for_key(nonce)?;
                let length = key.open_in_place(nonce, Aad::empty(), &mut body)?.len();
                body.truncate(length);
                Ok(body)
            }
            Cipher::Cbc(algorithm) => {
                let (vector, body) = sealed.split_at_checked(BLOCK).ok_or(Unspecified)?;
                if body.is_empty() || !body.len().is_multiple_of(BLOCK) {
                    return Err(Unspecified);
                }
                let key =
                    PaddedBlockDecryptingKey::cbc_iso10126(UnboundCipherKey::new(algorithm, key)?)?;
                let context = DecryptionContext::Iv128(FixedLength::try_from(vector)?);
                let mut body = Zeroizing::new(body.to_vec());
                let length = key.decrypt(&mut body, context)?.len();
                body.truncate(length);
                Ok(body)
            }
        }
    }
}

/// How a content key is encrypted: RSA-OAEP, with one hash for its label and for its mask.
///
/// Other pairs of hashes are allowed on paper, SHA-256 with a mask by SHA-1 among them; the
/// library has none of them, so they are refused by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyTransport {
    /// `rsa-oaep-mgf1p` with its defaults: SHA-1 throughout.
    ///
    /// Nothing in OAEP rests on what SHA-1 has lost, which is its collision resistance, but an
    /// agency that can do better must ask for it by exception (ENC-02).
    OaepSha1Mgf1Sha1,
    /// `rsa-oaep` of XML Encryption 1.1 with SHA-256 throughout.
    OaepSha256Mgf1Sha256,
    /// `rsa-oaep` of XML Encryption 1.1 with SHA-384 throughout.
    OaepSha384Mgf1Sha384,
    /// `rsa-oaep` of XML Encryption 1.1 with SHA-512 throughout.
    OaepSha512Mgf1Sha512,
}

/// OAEP of XML Encryption 1.0: its mask is by SHA-1, whatever else is said.
const OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
/// OAEP of XML Encryption 1.1: both hashes can be named, and are SHA-1 if they are not.
const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
const MGF1_SHA1: &str = "http://www.w3.org/2009/xmlenc11#mgf1sha1";

impl KeyTransport {
    /// All of them, in the order of our preference: what others implement most, then the rest,
    /// then SHA-1.
    pub const ALL: [Self; 4] = [
        Self::OaepSha256Mgf1Sha256,
        Self::OaepSha384Mgf1Sha384,
        Self::OaepSha512Mgf1Sha512,
        Self::OaepSha1Mgf1Sha1,
    ];

    /// Its name in `xenc:EncryptionMethod`.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::OaepSha1Mgf1Sha1 => OAEP_MGF1P,
            Self::OaepSha256Mgf1Sha256
            | Self::OaepSha384Mgf1Sha384
            | Self::OaepSha512Mgf1Sha512 => OAEP,
        }
    }

    /// The name of its hash in `ds:DigestMethod`.
    #[must_use]
    pub const fn digest_uri(self) -> &'static str {
        match self {
            Self::OaepSha1Mgf1Sha1 => SHA1,
            Self::OaepSha256Mgf1Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::OaepSha384Mgf1Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::OaepSha512Mgf1Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    /// The name of its mask in `xenc11:MGF`; `rsa-oaep-mgf1p` has its own and says nothing.
    #[must_use]
    pub const fn mgf_uri(self) -> Option<&'static str> {
        match self {
            Self::OaepSha1Mgf1Sha1 => None,
            Self::OaepSha256Mgf1Sha256 => Some("http://www.w3.org/2009/xmlenc11#mgf1sha256"),
            Self::OaepSha384Mgf1Sha384 => Some("http://www.w3.org/2009/xmlenc11#mgf1sha384"),
            Self::OaepSha512Mgf1Sha512 => Some("http://www.w3.org/2009/xmlenc11#mgf1sha512"),
        }
    }

    /// The transport that an `xenc:EncryptionMethod` names, with the defaults of XML Encryption
    /// 1.1 section 5.5.2 for what it leaves out.
    #[must_use]
    pub fn from_method(uri: &str, digest: Option<&str>, mgf: Option<&str>) -> Option<Self> {
        let digest = digest.unwrap_or(SHA1);
        let mgf = mgf.unwrap_or(MGF1_SHA1);
        if uri == OAEP_MGF1P || uri == OAEP {
            if digest == SHA1 && mgf == MGF1_SHA1 {
                return Some(Self::OaepSha1Mgf1Sha1);
            }
            return Self::ALL.into_iter().find(|transport| {
                transport.uri() == uri
                    && transport.digest_uri() == digest
                    && transport.mgf_uri() == Some(mgf)
            });
        }
        None
    }

    pub(super) const fn algorithm(self) -> &'static OaepAlgorithm {
        match self {
            Self::OaepSha1Mgf1Sha1 => &OAEP_SHA1_MGF1SHA1,
            Self::OaepSha256Mgf1Sha256 => &OAEP_SHA256_MGF1SHA256,
            Self::OaepSha384Mgf1Sha384 => &OAEP_SHA384_MGF1SHA384,
            Self::OaepSha512Mgf1Sha512 => &OAEP_SHA512_MGF1SHA512,
        }
    }
}

#[cfg(test)]
mod tests;
