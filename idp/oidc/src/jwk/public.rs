//! One public key: its numbers, its thumbprint, and the verdict on a signature.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use thiserror::Error;

use super::roca;
use crate::keys::SigningAlg;

const P256_COORDINATE: usize = 32;
const ED25519_KEY: usize = 32;
const RSA_MIN_BYTES: usize = 256;
const RSA_MAX_BYTES: usize = 1_024;
/// 2^16 + 1, the least exponent that FIPS 186-5 section 5.4 allows.
const RSA_MIN_EXPONENT: u64 = 65_537;

/// Why a public key is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum JwkError {
    /// A number has the wrong length or form.
    #[error("the key's numbers have the wrong length or form")]
    Form,
    /// The numbers are no point of the curve, or no RSA key.
    #[error("the key's numbers are no public key")]
    NotAKey,
    /// An RSA modulus that is too short or too long.
    #[error("the RSA modulus has {bits} bits, not 2048 to 8192")]
    RsaSize {
        /// Its length, in whole bytes.
        bits: usize,
    },
    /// An RSA exponent below 65537, above 32 bits, or even.
    #[error("the RSA exponent is not an odd number from 65537 to 2^32")]
    RsaExponent,
    /// An RSA modulus from a smart-card library that made weak ones (CVE-2017-15361).
    #[error("the RSA modulus has the mark of a broken generator (ROCA)")]
    RsaRoca,
}

/// A public key that verifies signatures, parsed once.
#[derive(Debug, Clone)]
pub struct PublicKey {
    numbers: Numbers,
    verifiers: Verifiers,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Numbers {
    P256 { x: Vec<u8>, y: Vec<u8> },
    Ed25519 { x: Vec<u8> },
    Rsa { n: Vec<u8>, e: Vec<u8> },
}

/// The library binds an RSA key to one padding, so there are two of them.
#[derive(Debug, Clone)]
enum Verifiers {
    P256(ParsedPublicKey),
    Ed25519(ParsedPublicKey),
    Rsa { pkcs1: ParsedPublicKey, pss: ParsedPublicKey },
}

impl PublicKey {
    /// A P-256 key from its uncompressed point (SEC 1 section 2.3.3).
    pub fn p256(point: &[u8]) -> Result<Self, JwkError> {
        let Some((4, coordinates)) = point.split_first().map(|(tag, rest)| (*tag, rest)) else {
            return Err(JwkError::Form);
        };
        if coordinates.len() != 2 * P256_COORDINATE {
            return Err(JwkError::Form);
        }
        let (x, y) = coordinates.split_at(P256_COORDINATE);
        let key =
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| JwkError::NotAKey)?;
        Ok(Self {
            numbers: Numbers::P256 { x: x.to_vec(), y: y.to_vec() },
            verifiers: Verifiers::P256(key),
        })
    }

    /// An Ed25519 key from its 32 bytes (RFC 8032 section 5.1.5).
    pub fn ed25519(key: &[u8]) -> Result<Self, JwkError> {
        if key.len() != ED25519_KEY {
            return Err(JwkError::Form);
        }
        let parsed = ParsedPublicKey::new(&ED25519, key).map_err(|_| JwkError::NotAKey)?;
        Ok(Self {
            numbers: Numbers::Ed25519 { x: key.to_vec() },
            verifiers: Verifiers::Ed25519(parsed),
        })
    }

    /// An RSA key from its modulus and exponent, big-endian without leading zeros.
    pub fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Self, JwkError> {
        let (Some(1..), Some(1..)) = (n.first(), e.first()) else { return Err(JwkError::Form) };
        if !(RSA_MIN_BYTES..=RSA_MAX_BYTES).contains(&n.len()) || n.first() < Some(&0x80) {
            return Err(JwkError::RsaSize { bits: n.len() * 8 });
        }
        let exponent = e.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
        if e.len() > 4 || exponent < RSA_MIN_EXPONENT || exponent.is_multiple_of(2) {
            return Err(JwkError::RsaExponent);
        }
        if roca::has_the_mark(&n) {
            return Err(JwkError::RsaRoca);
        }
        let parts = RsaPublicKeyComponents { n: &n, e: &e };
        let parse = |padding| parts.to_parsed_public_key(padding).map_err(|_| JwkError::NotAKey);
        let verifiers = Verifiers::Rsa {
            pkcs1: parse(&RSA_PKCS1_2048_8192_SHA256)?,
            pss: parse(&RSA_PSS_2048_8192_SHA256)?,
        };
        Ok(Self { numbers: Numbers::Rsa { n, e }, verifiers })
    }

    /// Whether `alg` can be used with a key of this type.
    pub fn fits(&self, alg: SigningAlg) -> bool {
        self.verifier(alg).is_some()
    }

    /// Whether `signature` is this key's over `message`; never for an algorithm of another type.
    pub fn verify(&self, alg: SigningAlg, message: &[u8], signature: &[u8]) -> bool {
        self.verifier(alg).is_some_and(|key| key.verify_sig(message, signature).is_ok())
    }

    fn verifier(&self, alg: SigningAlg) -> Option<&ParsedPublicKey> {
        match (&self.verifiers, alg) {
            (Verifiers::P256(key), SigningAlg::Es256)
            | (Verifiers::Ed25519(key), SigningAlg::EdDsa)
            | (Verifiers::Rsa { pkcs1: key, .. }, SigningAlg::Rs256)
            | (Verifiers::Rsa { pss: key, .. }, SigningAlg::Ps256) => Some(key),
            _ => None,
        }
    }

    /// The members that make up the key, and no others, in the order of RFC 7638 section 3.3.
    fn members(&self) -> Vec<(&'static str, String)> {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.numbers {
            Numbers::P256 { x, y } => vec![
                ("crv", "P-256".to_owned()),
                ("kty", "EC".to_owned()),
                ("x", encode(x)),
                ("y", encode(y)),
            ],
            Numbers::Ed25519 { x } => {
                vec![("crv", "Ed25519".to_owned()), ("kty", "OKP".to_owned()), ("x", encode(x))]
            }
            Numbers::Rsa { n, e } => {
                vec![("e", encode(e)), ("kty", "RSA".to_owned()), ("n", encode(n))]
            }
        }
    }

    /// Its SHA-256 thumbprint (RFC 7638), base64url.
    //= rfc7638#3-1
    #[must_use]
    pub fn thumbprint(&self) -> String {
        // No member's value has a character that JSON would escape.
        let members: Vec<String> =
            self.members().iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
        let canonical = format!("{{{}}}", members.join(","));
        URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()))
    }

    /// The key as it is published.
    pub(crate) fn to_jwk(&self, kid: &str, alg: SigningAlg) -> Map<String, Value> {
        let named = [("use", "sig"), ("alg", alg.as_str()), ("kid", kid)];
        self.members()
            .into_iter()
            .chain(named.map(|(name, value)| (name, value.to_owned())))
            .map(|(name, value)| (name.to_owned(), Value::String(value)))
            .collect()
    }
}

#[cfg(test)]
mod tests;
