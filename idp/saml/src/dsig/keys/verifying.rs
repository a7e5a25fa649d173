//! A key that verifies what a peer signed.

use std::fmt;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, VerificationAlgorithm,
};
use idp_domain::Timestamp;
use thiserror::Error;

use super::KeyError;
use super::certificate::{Certificate, KeyType, PublicPart};
use crate::dsig::alg::SignatureAlg;

/// The signature is not one of this key over these bytes. More is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// A key that verifies, from a certificate or bare. Cloning it is cheap.
///
/// An expired certificate still gives a key, and tells when it ended: in SAML it is the metadata
/// that vouches for keys, and their certificates are but envelopes.
#[derive(Clone)]
pub struct VerifyingKey(Arc<Inner>);

struct Inner {
    certificate: Option<Certificate>,
    public: PublicPart,
    /// The library's key, by algorithm. It ties a parsed key to one algorithm; most peers use
    /// one only, so the others are parsed at their first use, once.
    parsed: [OnceLock<ParsedPublicKey>; SLOTS],
}

const SLOTS: usize = 6;

impl VerifyingKey {
    /// Takes the key out of a certificate in DER.
    pub fn from_certificate(der: &[u8]) -> Result<Self, KeyError> {
        let certificate = Certificate::from_der(der)?;
        let public = certificate.public().clone();
        Self::new(Some(certificate), public)
    }

    /// Takes a bare `SubjectPublicKeyInfo` in DER.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        Self::new(None, PublicPart::from_spki(der)?)
    }

    fn new(certificate: Option<Certificate>, public: PublicPart) -> Result<Self, KeyError> {
        let first = match public.kind {
            KeyType::Rsa { .. } => SignatureAlg::RsaSha256,
            KeyType::P256 => SignatureAlg::EcdsaSha256,
            KeyType::P384 => SignatureAlg::EcdsaSha384,
        };
        let key = Self(Arc::new(Inner { certificate, public, parsed: Default::default() }));
        // The library looks at the exponent, and at whether the point lies on its curve.
        key.parsed(first).ok_or(KeyError::PublicKey)?;
        Ok(key)
    }

    /// The certificate that it came in.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.0.certificate.as_ref()
    }

    /// When its certificate ends.
    #[must_use]
    pub fn not_after(&self) -> Option<Timestamp> {
        self.certificate().map(Certificate::not_after)
    }

    /// SHA-256 in hexadecimal: of the certificate, or of a bare key's `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.certificate().map_or_else(|| self.0.public.fingerprint(), Certificate::fingerprint)
    }

    /// Whether the key is of the kind that `alg` needs.
    #[must_use]
    pub fn fits(&self, alg: SignatureAlg) -> bool {
        slot(self.0.public.kind, alg).is_some()
    }

    /// Verifies `signature` over `message`.
    ///
    /// An RSA signature must be as long as the modulus, an ECDSA signature r and s of the curve's
    /// full length (RFC 9231 section 2.3.6).
    pub fn verify(
        &self,
        alg: SignatureAlg,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), BadSignature> {
        let length = match self.0.public.kind {
            KeyType::Rsa { bytes } => bytes,
            KeyType::P256 => 64,
            KeyType::P384 => 96,
        };
        if signature.len() != length {
            return Err(BadSignature);
        }
        let key = self.parsed(alg).ok_or(BadSignature)?;
        key.verify_sig(message, signature).map_err(|_| BadSignature)
    }

    fn parsed(&self, alg: SignatureAlg) -> Option<&ParsedPublicKey> {
        let (index, library) = slot(self.0.public.kind, alg)?;
        let cell = self.0.parsed.get(index)?;
        if let Some(key) = cell.get() {
            return Some(key);
        }
        let key = ParsedPublicKey::new(library, &self.0.public.bits).ok()?;
        Some(cell.get_or_init(|| key))
    }
}

/// Where the parsed key for `alg` lies, and the library's name for it; none if it does not fit.
fn slot(kind: KeyType, alg: SignatureAlg) -> Option<(usize, &'static dyn VerificationAlgorithm)> {
    match (kind, alg) {
        (KeyType::Rsa { .. }, SignatureAlg::RsaSha256) => Some((0, &RSA_PKCS1_2048_8192_SHA256)),
        (KeyType::Rsa { .. }, SignatureAlg::RsaSha384) => Some((1, &RSA_PKCS1_2048_8192_SHA384)),
        (KeyType::Rsa { .. }, SignatureAlg::RsaSha512) => Some((2, &RSA_PKCS1_2048_8192_SHA512)),
        (KeyType::Rsa { .. }, SignatureAlg::RsaPssSha256) => Some((3, &RSA_PSS_2048_8192_SHA256)),
        (KeyType::Rsa { .. }, SignatureAlg::RsaPssSha384) => Some((4, &RSA_PSS_2048_8192_SHA384)),
        (KeyType::Rsa { .. }, SignatureAlg::RsaPssSha512) => Some((5, &RSA_PSS_2048_8192_SHA512)),
        (KeyType::P256, SignatureAlg::EcdsaSha256) => Some((0, &ECDSA_P256_SHA256_FIXED)),
        (KeyType::P384, SignatureAlg::EcdsaSha384) => Some((0, &ECDSA_P384_SHA384_FIXED)),
        _ => None,
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("kind", &self.0.public.kind)
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

impl PartialEq for VerifyingKey {
    /// Two keys are the same if their public parts are, whatever they came in.
    fn eq(&self, other: &Self) -> bool {
        self.0.public == other.0.public
    }
}

impl Eq for VerifyingKey {}

#[cfg(test)]
mod tests;
