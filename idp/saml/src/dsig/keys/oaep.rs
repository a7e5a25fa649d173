//! Keys that wrap and unwrap content keys by RSA-OAEP. No other key transport exists here.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use aws_lc_rs::rsa::{
    OaepAlgorithm, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
    PublicEncryptingKey,
};
use idp_domain::Timestamp;
use zeroize::Zeroizing;

use super::KeyError;
use super::certificate::{Certificate, KeyType};

/// A peer's RSA key, to encrypt to.
pub struct EncryptionKey {
    certificate: Certificate,
    key: OaepPublicEncryptingKey,
}

impl EncryptionKey {
    /// Takes the key out of a certificate in DER: RSA of 2048 bits or more.
    pub fn from_certificate(der: &[u8]) -> Result<Self, KeyError> {
        let certificate = rsa_certificate(der)?;
        let key = PublicEncryptingKey::from_der(&certificate.public().spki)
            .map_err(|_| KeyError::PublicKey)?;
        let key = OaepPublicEncryptingKey::new(key).map_err(|_| KeyError::PublicKey)?;
        Ok(Self { certificate, key })
    }

    /// The certificate that it came in.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Whether its certificate has not ended at `now`.
    #[must_use]
    pub fn is_current(&self, now: Timestamp) -> bool {
        now <= self.certificate.not_after()
    }

    /// Wraps `content_key`. The library draws the seed of OAEP on its own.
    pub(in crate::dsig) fn wrap(
        &self,
        algorithm: &'static OaepAlgorithm,
        content_key: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        let mut wrapped = vec![0; self.key.ciphertext_size()];
        let length = self
            .key
            .encrypt(algorithm, content_key, &mut wrapped, None)
            .map_err(|_| KeyError::Encrypt)?
            .len();
        wrapped.truncate(length);
        Ok(wrapped)
    }
}

/// An RSA key of ours, to decrypt with. Cloning it is cheap.
#[derive(Clone)]
pub struct DecryptionKey(Arc<Inner>);

struct Inner {
    certificate: Certificate,
    key: OaepPrivateDecryptingKey,
    stand_in: hmac::Key,
}

impl DecryptionKey {
    /// Reads an RSA key in PKCS #8 and the certificate that belongs to it, both in DER.
    pub fn new(pkcs8: &[u8], certificate: &[u8]) -> Result<Self, KeyError> {
        let certificate = rsa_certificate(certificate)?;
        let key = PrivateDecryptingKey::from_pkcs8(pkcs8)
            .map_err(|reason| KeyError::PrivateKey(reason.to_string()))?;
        let public = key.public_key().as_der().map_err(|_| KeyError::PublicKey)?;
        if public.as_ref() != certificate.public().spki {
            return Err(KeyError::Mismatch);
        }
        let mut secret = Context::new(&SHA256);
        secret.update(b"stand-in for a content key that does not decrypt\0");
        secret.update(pkcs8);
        Ok(Self(Arc::new(Inner {
            certificate,
            key: OaepPrivateDecryptingKey::new(key).map_err(|_| KeyError::PublicKey)?,
            stand_in: hmac::Key::new(HMAC_SHA256, secret.finish().as_ref()),
        })))
    }

    /// Its certificate in DER, for metadata.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        self.0.certificate.der()
    }

    /// Its certificate, read.
    #[must_use]
    pub fn envelope(&self) -> &Certificate {
        &self.0.certificate
    }

    /// Unwraps a content key of `bytes`, 32 at most: always gives one, and whether it is genuine.
    ///
    /// Where there is none, or one of another length, what comes out is a key that only we could
    /// compute, and always the same for the same `wrapped`. The caller decrypts with it all the
    /// same and throws the result away: so neither the answer nor the time it takes says that it
    /// was the RSA operation that failed, even to somebody who chose the content (ENC-03). The
    /// library itself takes the same time for every kind of malformed OAEP block.
    pub(in crate::dsig) fn unwrap(
        &self,
        algorithm: &'static OaepAlgorithm,
        wrapped: &[u8],
        bytes: usize,
    ) -> (Zeroizing<Vec<u8>>, bool) {
        let stand_in = hmac::sign(&self.0.stand_in, wrapped);
        let mut block = Zeroizing::new(vec![0; self.0.key.min_output_size()]);
        let unwrapped = self.0.key.decrypt(algorithm, wrapped, &mut block, None);
        match unwrapped {
            Ok(content_key) if content_key.len() == bytes => {
                (Zeroizing::new(content_key.to_vec()), true)
            }
            _ => (Zeroizing::new(stand_in.as_ref().iter().copied().take(bytes).collect()), false),
        }
    }
}

fn rsa_certificate(der: &[u8]) -> Result<Certificate, KeyError> {
    let certificate = Certificate::from_der(der)?;
    match certificate.public().kind {
        KeyType::Rsa { .. } => Ok(certificate),
        KeyType::P256 | KeyType::P384 => Err(KeyError::NotRsa),
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EncryptionKey").field(&self.certificate.fingerprint()).finish()
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DecryptionKey").field(&self.0.certificate.fingerprint()).finish()
    }
}
