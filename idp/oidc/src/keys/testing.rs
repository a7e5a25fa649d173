//! Keys and vectors for the tests of this crate.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use idp_domain::Timestamp;

use super::{KeyKind, KeyRecord, KeySet, KeyState, SigningAlg, SigningKey};

static RSA: LazyLock<Vec<u8>> = LazyLock::new(|| pkcs8(KeyKind::Rs256Bits2048));
static EC: LazyLock<Vec<u8>> = LazyLock::new(|| pkcs8(KeyKind::Es256));
static ED: LazyLock<Vec<u8>> = LazyLock::new(|| pkcs8(KeyKind::EdDsa));

/// A fresh private key.
pub(crate) fn pkcs8(kind: KeyKind) -> Vec<u8> {
    #[expect(
        clippy::disallowed_methods,
        clippy::disallowed_types,
        reason = "a test is where chance comes from"
    )]
    let rng = aws_lc_rs::rand::SystemRandom::new();
    kind.generate(&rng).unwrap().expose().clone()
}

/// The one key for `alg` of this run.
pub(crate) fn key(alg: SigningAlg) -> SigningKey {
    let pkcs8 = match alg {
        SigningAlg::Es256 => &EC,
        SigningAlg::EdDsa => &ED,
        SigningAlg::Rs256 | SigningAlg::Ps256 => &RSA,
    };
    SigningKey::from_pkcs8(alg, pkcs8).unwrap()
}

/// A new P-256 key.
pub(crate) fn fresh_key() -> SigningKey {
    SigningKey::from_pkcs8(SigningAlg::Es256, &pkcs8(KeyKind::Es256)).unwrap()
}

/// A record of `key` in this state since then.
pub(crate) fn record(key: SigningKey, state: KeyState, since: i64) -> KeyRecord {
    KeyRecord { key: Arc::new(key), state, since: Timestamp::from_seconds(since) }
}

/// A set in which the key for each of `algs` signs.
pub(crate) fn key_set(algs: &[SigningAlg]) -> KeySet {
    KeySet::new(algs.iter().map(|alg| record(key(*alg), KeyState::Active, 0)).collect()).unwrap()
}

/// A published vector file, where the folder of vectors stands beside the checkout.
pub(crate) fn vector(file: &str) -> Option<serde_json::Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors").join(file);
    #[expect(clippy::disallowed_methods, reason = "test vectors are files")]
    match std::fs::read(&path) {
        Ok(text) => Some(serde_json::from_slice(&text).unwrap()),
        Err(error) => {
            eprintln!("skipped: the vectors {file} are not here ({error})");
            None
        }
    }
}
