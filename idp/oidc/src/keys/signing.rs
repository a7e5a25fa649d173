//! One private key: made, parsed once, and used to sign.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SecureRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use idp_domain::Secret;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::SigningAlg;
use crate::jwk::{JwkError, PublicKey};

/// What kind of key to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyKind {
    /// ECDSA on P-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// RSA of 2,048 bits for PKCS #1 v1.5 signatures.
    #[serde(rename = "RS256-2048")]
    Rs256Bits2048,
    /// RSA of 3,072 bits for PKCS #1 v1.5 signatures.
    #[serde(rename = "RS256-3072")]
    Rs256Bits3072,
    /// RSA of 2,048 bits for PSS signatures.
    #[serde(rename = "PS256-2048")]
    Ps256Bits2048,
    /// RSA of 3,072 bits for PSS signatures.
    #[serde(rename = "PS256-3072")]
    Ps256Bits3072,
}

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The library made no key.
    #[error("no {0:?} key could be made")]
    Make(KeyKind),
    /// The bytes are no private key of that algorithm.
    #[error("the stored {alg} key cannot be read: {reason}")]
    Parse {
        /// What it should be.
        alg: SigningAlg,
        /// The library's word for it.
        reason: String,
    },
    /// The key is of a size that we neither make nor use.
    #[error("the stored {alg} key has an RSA modulus of {bits} bits, not of 2048 or 3072")]
    Size {
        /// What it is for.
        alg: SigningAlg,
        /// Its size.
        bits: usize,
    },
    /// Its public half is not one that others would accept.
    #[error("the public half of the stored key is unusable")]
    Public(#[from] JwkError),
    /// The library did not sign.
    #[error("the {0} key did not sign")]
    Sign(SigningAlg),
}

impl KeyKind {
    /// What keys of this kind sign with.
    #[must_use]
    pub const fn alg(self) -> SigningAlg {
        match self {
            Self::Es256 => SigningAlg::Es256,
            Self::EdDsa => SigningAlg::EdDsa,
            Self::Rs256Bits2048 | Self::Rs256Bits3072 => SigningAlg::Rs256,
            Self::Ps256Bits2048 | Self::Ps256Bits3072 => SigningAlg::Ps256,
        }
    }

    /// Makes a private key, as PKCS #8 in DER.
    ///
    /// The library takes no source of chance for RSA keys: those draw on its own.
    pub fn generate(self, rng: &dyn SecureRandom) -> Result<Secret<Vec<u8>>, KeyError> {
        let made = match self {
            Self::Es256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, rng)
                .map(|document| document.as_ref().to_vec()),
            Self::EdDsa => {
                Ed25519KeyPair::generate_pkcs8v1(rng).map(|document| document.as_ref().to_vec())
            }
            Self::Rs256Bits2048 | Self::Ps256Bits2048 => make_rsa(KeySize::Rsa2048),
            Self::Rs256Bits3072 | Self::Ps256Bits3072 => make_rsa(KeySize::Rsa3072),
        };
        made.map(Secret::new).map_err(|_| KeyError::Make(self))
    }
}

fn make_rsa(size: KeySize) -> Result<Vec<u8>, aws_lc_rs::error::Unspecified> {
    let document: Pkcs8V1Der<'_> = RsaKeyPair::generate(size)?.as_der()?;
    Ok(document.as_ref().to_vec())
}

/// A private key, ready to sign.
pub struct SigningKey {
    kind: KeyKind,
    kid: String,
    public: PublicKey,
    pair: Pair,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl SigningKey {
    /// Reads a private key in PKCS #8. Its `kid` is its RFC 7638 thumbprint.
    pub fn from_pkcs8(alg: SigningAlg, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let rejected = |reason: aws_lc_rs::error::KeyRejected| KeyError::Parse {
            alg,
            reason: reason.to_string(),
        };
        let (kind, public, pair) = match alg {
            SigningAlg::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
                    .map_err(rejected)?;
                let public = PublicKey::p256(pair.public_key().as_ref())?;
                (KeyKind::Es256, public, Pair::Ec(pair))
            }
            SigningAlg::EdDsa => {
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(rejected)?;
                let public = PublicKey::ed25519(pair.public_key().as_ref())?;
                (KeyKind::EdDsa, public, Pair::Ed(pair))
            }
            SigningAlg::Rs256 | SigningAlg::Ps256 => {
                let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(rejected)?;
                let kind = match (alg, pair.public_modulus_len()) {
                    (SigningAlg::Ps256, 256) => KeyKind::Ps256Bits2048,
                    (SigningAlg::Ps256, 384) => KeyKind::Ps256Bits3072,
                    (_, 256) => KeyKind::Rs256Bits2048,
                    (_, 384) => KeyKind::Rs256Bits3072,
                    (_, bytes) => return Err(KeyError::Size { alg, bits: bytes * 8 }),
                };
                let RsaPublicKeyComponents { n, e } = pair.public_key().into();
                (kind, PublicKey::rsa(n, e)?, Pair::Rsa(pair))
            }
        };
        Ok(Self { kind, kid: public.thumbprint(), public, pair })
    }

    /// Its name in headers and in the published set.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What it is.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// What it signs with.
    pub fn alg(&self) -> SigningAlg {
        self.kind.alg()
    }

    /// Its public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs `message`.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let failed = |_| KeyError::Sign(self.alg());
        match &self.pair {
            // Hashed here: the library's call for whole messages wants a source of chance, and
            // then takes its own.
            Pair::Ec(pair) => pair
                .sign_digest(&digest(&SHA256, message))
                .map(|signature| signature.as_ref().to_vec())
                .map_err(failed),
            Pair::Ed(pair) => {
                pair.try_sign(message).map(|signature| signature.as_ref().to_vec()).map_err(failed)
            }
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let padding = match self.alg() {
                    SigningAlg::Ps256 => &RSA_PSS_SHA256,
                    _ => &RSA_PKCS1_SHA256,
                };
                pair.sign_digest(padding, &digest(&SHA256, message), &mut signature)
                    .map_err(failed)?;
                Ok(signature)
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kind", &self.kind)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
