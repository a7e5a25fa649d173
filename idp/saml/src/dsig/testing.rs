//! Keys, vectors and a foreign tool for the tests of this crate.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "vectors and a foreign tool's documents are files, and the tool is a process"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use idp_domain::Timestamp;

use super::SignatureAlg;
use super::keys::{DecryptionKey, EncryptionKey, KeyKind, SigningKey, VerifyingKey, self_signed};

/// A private key and its certificate, both in DER.
pub(crate) struct Pair {
    pub(crate) pkcs8: Vec<u8>,
    pub(crate) certificate: Vec<u8>,
}

/// When the certificates here begin: 2027-01-15. They are good for ten years.
pub(crate) const FROM: Timestamp = Timestamp::from_seconds(1_800_000_000);

static RSA: LazyLock<Pair> = LazyLock::new(|| fresh(KeyKind::Rsa2048));
static P256: LazyLock<Pair> = LazyLock::new(|| fresh(KeyKind::P256));
static P384: LazyLock<Pair> = LazyLock::new(|| {
    let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    certified(pair.to_pkcs8v1().unwrap().as_ref())
});

/// A new key of this kind.
pub(crate) fn fresh(kind: KeyKind) -> Pair {
    certified(kind.generate().unwrap().expose())
}

/// That private key with a certificate of its own.
pub(crate) fn certified(pkcs8: &[u8]) -> Pair {
    let certificate = self_signed(pkcs8, "test.example", FROM, 10, [7; 16]).unwrap();
    Pair { pkcs8: pkcs8.to_vec(), certificate }
}

/// The one RSA key of 2,048 bits of this run.
pub(crate) fn rsa() -> &'static Pair {
    &RSA
}

/// The one key of this run that fits `alg`.
pub(crate) fn pair(alg: SignatureAlg) -> &'static Pair {
    match alg {
        SignatureAlg::EcdsaSha256 => &P256,
        SignatureAlg::EcdsaSha384 => &P384,
        _ => &RSA,
    }
}

/// The one key of this run that signs with `alg`.
pub(crate) fn signing(alg: SignatureAlg) -> SigningKey {
    SigningKey::new(&pair(alg).pkcs8, &pair(alg).certificate).unwrap()
}

/// Its public half.
pub(crate) fn verifying(alg: SignatureAlg) -> VerifyingKey {
    VerifyingKey::from_certificate(&pair(alg).certificate).unwrap()
}

/// The one RSA key of this run, to decrypt with.
pub(crate) fn decryption() -> DecryptionKey {
    DecryptionKey::new(&RSA.pkcs8, &RSA.certificate).unwrap()
}

/// Its public half, to encrypt to.
pub(crate) fn encryption() -> EncryptionKey {
    EncryptionKey::from_certificate(&RSA.certificate).unwrap()
}

/// A file of the published vectors, where their folder stands beside the checkout.
pub(crate) fn vector(file: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors").join(file);
    match fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            eprintln!("skipped: the vectors {file} are not here ({error})");
            None
        }
    }
}

/// The names of the files in a folder of the published vectors, sorted.
pub(crate) fn vectors(folder: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors").join(folder);
    let files = fs::read_dir(path).unwrap();
    let mut names: Vec<_> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A file of the published vectors as JSON.
pub(crate) fn json_vector(file: &str) -> Option<serde_json::Value> {
    vector(file).map(|bytes| serde_json::from_slice(&bytes).unwrap())
}

/// Hexadecimal into bytes.
pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// A folder of its own for the foreign tool xmlsec1, which is gone when dropped.
pub(crate) struct Xmlsec1 {
    folder: tempfile::TempDir,
}

impl Xmlsec1 {
    /// None, with a message, where the tool is not installed.
    pub(crate) fn find() -> Option<Self> {
        if Command::new("xmlsec1").arg("--version").output().is_err() {
            eprintln!("skipped: xmlsec1 is not installed");
            return None;
        }
        Some(Self { folder: tempfile::tempdir().unwrap() })
    }

    /// Lays a file there, and gives its path.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Lays the private key there as PEM, and gives its path.
    pub(crate) fn key(&self, name: &str, pair: &Pair) -> String {
        let body = crate::xml::write_base64(&pair.pkcs8);
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        self.file(name, pem.as_bytes())
    }

    /// Runs the tool with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new("xmlsec1").args(arguments).current_dir(self.folder.path()).output().unwrap()
    }

    /// Runs it, expects success, and gives what it printed.
    pub(crate) fn must(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "xmlsec1 {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }
}
