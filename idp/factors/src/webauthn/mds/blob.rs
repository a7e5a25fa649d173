//! The envelope of a metadata file: a signed token whose certificates lead to one root.

use std::time::Duration;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use idp_domain::Timestamp;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use serde::Deserialize;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use super::{MdsError, Publisher};

/// The most certificates that a token brings.
const MAX_CHAIN: usize = 8;
/// The purpose that certificates of the signer have, where they name any: that of servers.
const SERVER: &[u8] = &[43, 6, 1, 5, 5, 7, 3, 1];

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    x5c: Vec<String>,
    #[serde(default)]
    crit: Option<serde::de::IgnoredAny>,
}

/// The payload of the token `blob`, if `publisher` signed it.
pub(super) fn verified(
    blob: &[u8],
    publisher: &Publisher,
    now: Timestamp,
) -> Result<Vec<u8>, MdsError> {
    let text = std::str::from_utf8(blob).map_err(|_| MdsError::Malformed("it is no text"))?.trim();
    let (covered, signature) = text.rsplit_once('.').ok_or(NO_TOKEN)?;
    let (header, payload) = covered.split_once('.').ok_or(NO_TOKEN)?;
    let header: Header = serde_json::from_slice(&part(header)?).map_err(|_| NO_TOKEN)?;
    if header.crit.is_some() {
        return Err(MdsError::Malformed("its header has parts that are not understood"));
    }
    let chain = chain(&header.x5c)?;
    let (leaf, above) = chain
        .split_first()
        .ok_or(MdsError::Malformed("its certificates stand elsewhere, and nothing is fetched"))?;
    let untrusted = |error: webpki::Error| MdsError::Untrusted(error.to_string());
    let leaf = EndEntityCert::try_from(leaf).map_err(untrusted)?;
    let root = root(&publisher.root)?;
    let anchor = anchor_from_trusted_cert(&root).map_err(|_| MdsError::Root)?;
    let seconds = u64::try_from(now.seconds()).unwrap_or_default();
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let usage = KeyUsage::required_if_present(SERVER);
    leaf.verify_for_usage(ALL_VERIFICATION_ALGS, &[anchor], above, time, usage, None, None)
        .map_err(untrusted)?;
    let name = ServerName::try_from(publisher.signer.as_str()).map_err(|_| MdsError::Signer)?;
    leaf.verify_is_valid_for_subject_name(&name).map_err(untrusted)?;
    let algorithm: &'static dyn VerificationAlgorithm = match header.alg.as_str() {
        "ES256" => &ECDSA_P256_SHA256_FIXED,
        "RS256" => &RSA_PKCS1_2048_8192_SHA256,
        _ => {
            return Err(MdsError::Malformed("it is signed by another algorithm than ES256, RS256"));
        }
    };
    UnparsedPublicKey::new(algorithm, leaf.subject_public_key_info())
        .verify(covered.as_bytes(), &part(signature)?)
        .map_err(|_| MdsError::Signature)?;
    part(payload)
}

const NO_TOKEN: MdsError = MdsError::Malformed("it is no signed token");

fn part(text: &str) -> Result<Vec<u8>, MdsError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| NO_TOKEN)
}

fn chain(x5c: &[String]) -> Result<Vec<CertificateDer<'static>>, MdsError> {
    if x5c.len() > MAX_CHAIN {
        return Err(MdsError::Malformed("it brings too many certificates"));
    }
    let decoded = x5c.iter().map(|text| STANDARD.decode(text).map(CertificateDer::from));
    decoded.collect::<Result<_, _>>().map_err(|_| NO_TOKEN)
}

fn root(bytes: &[u8]) -> Result<CertificateDer<'static>, MdsError> {
    if bytes.trim_ascii_start().starts_with(b"-----") {
        CertificateDer::from_pem_slice(bytes).map_err(|_| MdsError::Root)
    } else {
        Ok(CertificateDer::from(bytes.to_vec()))
    }
}
