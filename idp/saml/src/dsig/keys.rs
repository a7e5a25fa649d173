//! Keys of both sides: read once, of sizes that hold, and never parsed again.
//!
//! A key is public or private material and what it may be used for. Whom it belongs to is not
//! its concern: trust comes from metadata, not from certificates (`SAML2Int`, SDP-MD02).

mod certificate;
mod oaep;
mod own;
mod signing;
mod verifying;

pub use certificate::Certificate;
pub use oaep::{DecryptionKey, EncryptionKey};
pub use own::{KeyKind, self_signed};
pub use signing::SigningKey;
pub use verifying::{BadSignature, VerifyingKey};

use thiserror::Error;

use super::alg::SignatureAlg;

/// Why a key is of no use.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The bytes are no X.509 certificate in DER.
    #[error("the certificate cannot be read")]
    Certificate,
    /// The bytes are no public key in DER.
    #[error("the public key cannot be read")]
    PublicKey,
    /// The bytes are no private key in PKCS #8, or of another kind than the certificate's.
    #[error("the private key cannot be read: {0}")]
    PrivateKey(String),
    /// The key is neither RSA nor on an elliptic curve.
    #[error("a key of type {0} is neither RSA nor on an elliptic curve")]
    Type(String),
    /// The RSA modulus is too small to hold, or so large that verifying is a burden.
    #[error("an RSA key of {0} bits is refused: 2048 to 8192 are accepted")]
    Size(usize),
    /// The curve is neither P-256 nor P-384.
    #[error("an elliptic curve other than P-256 and P-384 is refused")]
    Curve,
    /// The key encrypts nothing: only RSA keys do here.
    #[error("encryption needs an RSA key")]
    NotRsa,
    /// The certificate is that of another key.
    #[error("the certificate does not belong to the private key")]
    Mismatch,
    /// The key is not of the kind that the algorithm needs.
    #[error("the key does not fit the algorithm {}", .0.uri())]
    Unfit(SignatureAlg),
    /// The certificate of the key to encrypt to has ended (ENC-08).
    #[error("the certificate of the key to encrypt to has ended")]
    Expired,
    /// The library did not encrypt.
    #[error("the key did not encrypt")]
    Encrypt,
    /// The library made no key.
    #[error("no key could be made")]
    Make,
    /// The library did not sign.
    #[error("the key did not sign with {}", .0.uri())]
    Sign(SignatureAlg),
}
