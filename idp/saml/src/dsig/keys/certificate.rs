//! Reading a certificate: the key in it, and what people want to see of it.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use idp_domain::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::oid_registry::{
    OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_NIST_EC_P384, OID_PKCS1_RSAENCRYPTION,
};
use x509_parser::prelude::FromDer;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::KeyError;

/// The least RSA modulus that we accept, in bits.
const MIN_RSA_BITS: usize = 2048;
/// The greatest: what lies above makes each verification a burden (and no peer uses it).
const MAX_RSA_BITS: usize = 8192;

/// A certificate: a public key in the envelope that SAML metadata carries it in.
///
/// Its signature, its issuer and its extensions mean nothing here (SAML Metadata
/// Interoperability Profile, section 2.6.1): it is not a proof of anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    subject: String,
    not_before: Timestamp,
    not_after: Timestamp,
    public: PublicPart,
}

impl Certificate {
    /// Reads a certificate in DER: all of the bytes, and with a key that we would use.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let (rest, read) = X509Certificate::from_der(der).map_err(|_| KeyError::Certificate)?;
        if !rest.is_empty() {
            return Err(KeyError::Certificate);
        }
        let validity = read.validity();
        Ok(Self {
            der: der.to_vec(),
            subject: read.subject().to_string(),
            not_before: Timestamp::from_seconds(validity.not_before.timestamp()),
            not_after: Timestamp::from_seconds(validity.not_after.timestamp()),
            public: PublicPart::read(read.public_key())?,
        })
    }

    /// The certificate as it was given.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its subject, for people to read; it decides nothing.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The first second of its validity.
    #[must_use]
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// The last second of its validity.
    #[must_use]
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// The SHA-256 of the whole certificate in lower-case hexadecimal, as tools print it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex_of_sha256(&self.der)
    }

    /// The key in it.
    pub(super) fn public(&self) -> &PublicPart {
        &self.public
    }
}

/// A public key whose type and size were looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PublicPart {
    /// The whole `SubjectPublicKeyInfo` in DER.
    pub(super) spki: Vec<u8>,
    /// The bits inside: `RSAPublicKey` in DER, or the point.
    pub(super) bits: Vec<u8>,
    pub(super) kind: KeyType,
}

/// What kind of key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyType {
    /// RSA, and the length of its modulus in bytes, which is that of its signatures.
    Rsa { bytes: usize },
    /// The curve P-256.
    P256,
    /// The curve P-384.
    P384,
}

impl PublicPart {
    /// Reads a `SubjectPublicKeyInfo` in DER, all of the bytes.
    pub(super) fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let (rest, read) = SubjectPublicKeyInfo::from_der(der).map_err(|_| KeyError::PublicKey)?;
        if !rest.is_empty() {
            return Err(KeyError::PublicKey);
        }
        Self::read(&read)
    }

    fn read(spki: &SubjectPublicKeyInfo<'_>) -> Result<Self, KeyError> {
        let algorithm = &spki.algorithm.algorithm;
        let bits = spki.subject_public_key.data.as_ref();
        let kind = if *algorithm == OID_PKCS1_RSAENCRYPTION {
            KeyType::Rsa { bytes: rsa_modulus_bytes(spki)? }
        } else if *algorithm == OID_KEY_TYPE_EC_PUBLIC_KEY {
            let parameters = spki.algorithm.parameters.as_ref().ok_or(KeyError::Curve)?;
            let curve = parameters.as_oid().map_err(|_| KeyError::Curve)?;
            if curve == OID_EC_P256 {
                KeyType::P256
            } else if curve == OID_NIST_EC_P384 {
                KeyType::P384
            } else {
                return Err(KeyError::Curve);
            }
        } else {
            return Err(KeyError::Type(algorithm.to_id_string()));
        };
        Ok(Self { spki: spki.raw.to_vec(), bits: bits.to_vec(), kind })
    }

    /// The SHA-256 of the `SubjectPublicKeyInfo` in lower-case hexadecimal.
    pub(super) fn fingerprint(&self) -> String {
        hex_of_sha256(&self.spki)
    }
}

fn rsa_modulus_bytes(spki: &SubjectPublicKeyInfo<'_>) -> Result<usize, KeyError> {
    let Ok(x509_parser::public_key::PublicKey::RSA(key)) = spki.parsed() else {
        return Err(KeyError::PublicKey);
    };
    let zeros = key.modulus.iter().take_while(|byte| **byte == 0).count();
    let modulus = key.modulus.get(zeros..).unwrap_or_default();
    let Some(first) = modulus.first() else {
        return Err(KeyError::PublicKey);
    };
    let bits = modulus.len() * 8 - first.leading_zeros() as usize;
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        return Err(KeyError::Size(bits));
    }
    Ok(modulus.len())
}

fn hex_of_sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
