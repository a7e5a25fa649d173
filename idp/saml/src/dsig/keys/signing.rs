//! A key of ours, ready to sign.

use std::fmt;

use aws_lc_rs::digest::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};

use super::KeyError;
use super::certificate::{Certificate, KeyType};
use crate::dsig::alg::SignatureAlg;

/// A private key and its certificate, parsed once: a signature costs the bare operation.
pub struct SigningKey {
    pair: Pair,
    certificate: Certificate,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
}

impl SigningKey {
    /// Reads a private key in PKCS #8 and the certificate that belongs to it, both in DER.
    pub fn new(pkcs8: &[u8], certificate: &[u8]) -> Result<Self, KeyError> {
        let certificate = Certificate::from_der(certificate)?;
        let rejected =
            |reason: aws_lc_rs::error::KeyRejected| KeyError::PrivateKey(reason.to_string());
        let pair = match certificate.public().kind {
            KeyType::Rsa { .. } => Pair::Rsa(RsaKeyPair::from_pkcs8(pkcs8).map_err(rejected)?),
            KeyType::P256 => Pair::P256(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
                    .map_err(rejected)?,
            ),
            KeyType::P384 => Pair::P384(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, pkcs8)
                    .map_err(rejected)?,
            ),
        };
        let public = match &pair {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::P256(pair) | Pair::P384(pair) => pair.public_key().as_ref(),
        };
        if public != certificate.public().bits {
            return Err(KeyError::Mismatch);
        }
        Ok(Self { pair, certificate })
    }

    /// Its certificate in DER, for metadata and `ds:KeyInfo`.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        self.certificate.der()
    }

    /// Its certificate, read.
    #[must_use]
    pub fn envelope(&self) -> &Certificate {
        &self.certificate
    }

    /// What it signs with when nothing else is known of the peer.
    #[must_use]
    pub fn default_alg(&self) -> SignatureAlg {
        match self.pair {
            Pair::Rsa(_) => SignatureAlg::RsaSha256,
            Pair::P256(_) => SignatureAlg::EcdsaSha256,
            Pair::P384(_) => SignatureAlg::EcdsaSha384,
        }
    }

    /// Whether the key is of the kind that `alg` needs.
    #[must_use]
    pub fn fits(&self, alg: SignatureAlg) -> bool {
        match self.pair {
            Pair::Rsa(_) => padding(alg).is_some(),
            Pair::P256(_) => alg == SignatureAlg::EcdsaSha256,
            Pair::P384(_) => alg == SignatureAlg::EcdsaSha384,
        }
    }

    /// Signs `message`: for RSA as many bytes as the modulus has, for ECDSA r and s at full
    /// length, as `ds:SignatureValue` and the `Signature` parameter want them.
    pub fn sign(&self, alg: SignatureAlg, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        if !self.fits(alg) {
            return Err(KeyError::Unfit(alg));
        }
        // Hashed here: the library's call for whole messages wants a source of chance, and then
        // takes its own.
        let digest = digest(alg.digest().function(), message);
        match &self.pair {
            Pair::Rsa(pair) => {
                let padding = padding(alg).ok_or(KeyError::Unfit(alg))?;
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign_digest(padding, &digest, &mut signature)
                    .map_err(|_| KeyError::Sign(alg))?;
                Ok(signature)
            }
            Pair::P256(pair) | Pair::P384(pair) => pair
                .sign_digest(&digest)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| KeyError::Sign(alg)),
        }
    }
}

fn padding(alg: SignatureAlg) -> Option<&'static dyn RsaEncoding> {
    match alg {
        SignatureAlg::RsaSha256 => Some(&RSA_PKCS1_SHA256),
        SignatureAlg::RsaSha384 => Some(&RSA_PKCS1_SHA384),
        SignatureAlg::RsaSha512 => Some(&RSA_PKCS1_SHA512),
        SignatureAlg::RsaPssSha256 => Some(&RSA_PSS_SHA256),
        SignatureAlg::RsaPssSha384 => Some(&RSA_PSS_SHA384),
        SignatureAlg::RsaPssSha512 => Some(&RSA_PSS_SHA512),
        SignatureAlg::EcdsaSha256 | SignatureAlg::EcdsaSha384 => None,
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kind", &self.certificate.public().kind)
            .field("fingerprint", &self.certificate.fingerprint())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
