//! The key pair of all SAML peers: they sign with it, and are encrypted to it.

use anyhow::{Context as _, Result};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::CertificateParams;

/// RSA with 2,048 bits, and a certificate.
pub(crate) struct Keys {
    pair: RsaKeyPair,
    certificate: String,
}

impl Keys {
    /// New ones.
    pub(crate) fn make() -> Result<Self> {
        let pkcs8: Pkcs8V1Der<'_> = RsaKeyPair::generate(KeySize::Rsa2048)?.as_der()?;
        let signer = rcgen::KeyPair::try_from(pkcs8.as_ref())?;
        let certificate = CertificateParams::default().self_signed(&signer)?;
        let certificate = STANDARD.encode(certificate.der());
        let pair = RsaKeyPair::from_pkcs8(pkcs8.as_ref()).ok().context("a key of our own")?;
        Ok(Self { pair, certificate })
    }

    /// The certificate, base64.
    pub(crate) fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Signs with SHA-256; base64.
    pub(crate) fn sign(&self, message: &str) -> Result<String> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        self.pair.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature)?;
        Ok(STANDARD.encode(signature))
    }
}
