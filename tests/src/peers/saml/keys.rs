//! Keys and certificates of SAML peers, made by `openssl` once for all tests of a run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex};

use crate::harness::{output, tools};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A private key with a certificate of its own.
#[derive(Debug)]
pub struct KeyPair {
    /// The file of the private key, PEM.
    pub key: PathBuf,
    /// The file of the certificate, PEM.
    pub certificate: PathBuf,
}

/// All keys that were asked for. Their files stay for later runs.
static RING: LazyLock<Mutex<BTreeMap<String, &'static KeyPair>>> = LazyLock::new(Mutex::default);

impl KeyPair {
    /// The key of this name: RSA with 2048 bits, or P-256 where the name says `ec`, RSA with 1024
    /// bits where it says `weak`, P-384 where it says `p384`.
    pub fn named(name: &str) -> Option<&'static Self> {
        let openssl = tools::program("LP_OPENSSL", "openssl")?;
        let mut ring = RING.lock().expect("the ring");
        if let Some(known) = ring.get(name) {
            return Some(known);
        }
        let folder = output("keys");
        let file = |end: &str| folder.join(format!("{name}.{end}"));
        let made = Self { key: file("key"), certificate: file("crt") };
        if !made.certificate.exists() {
            made.make(&openssl, name);
        }
        let made: &'static Self = Box::leak(Box::new(made));
        ring.insert(name.to_owned(), made);
        Some(made)
    }

    fn make(&self, openssl: &Path, name: &str) {
        // The certificate comes last, whole: it says that both files are there.
        let beside = self.certificate.with_extension(format!("{}.new", std::process::id()));
        let mut command = Command::new(openssl);
        command.args(["req", "-x509", "-nodes", "-days", "3650"]);
        command.args(["-subj", &format!("/CN={name}")]);
        command.args(match name {
            name if name.contains("p384") => {
                ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]
            }
            name if name.contains("ec") => ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
            name if name.contains("weak") => ["-newkey", "rsa:1024", "-sha256", "-batch"],
            _ => ["-newkey", "rsa:2048", "-sha256", "-batch"],
        });
        command.arg("-keyout").arg(&self.key).arg("-out").arg(&beside);
        let made_well = command.stderr(Stdio::null()).status().expect("openssl");
        assert!(made_well.success(), "openssl made no key for {name}");
        fs::rename(&beside, &self.certificate).expect("the certificate");
    }

    /// The certificate as XML carries it: base64 without white space.
    pub fn certificate_base64(&self) -> String {
        let text = fs::read_to_string(&self.certificate).expect("the certificate");
        text.lines().filter(|line| !line.starts_with('-')).collect()
    }

    /// The certificate, DER.
    pub fn certificate_der(&self) -> Vec<u8> {
        STANDARD.decode(self.certificate_base64()).expect("a certificate")
    }

    /// A detached signature over these bytes with this hash, as `openssl` makes it.
    pub fn sign(&self, hash: &str, bytes: &[u8]) -> Vec<u8> {
        use std::io::Write as _;
        let openssl = tools::program("LP_OPENSSL", "openssl").expect("openssl was there");
        let mut command = Command::new(openssl);
        command.args(["dgst", &format!("-{hash}"), "-sign"]).arg(&self.key);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("openssl to start");
        child.stdin.take().expect("its input").write_all(bytes).expect("its input");
        let output = child.wait_with_output().expect("its output");
        assert!(output.status.success(), "openssl signed nothing");
        output.stdout
    }
}

/// Whether a detached RSA signature with SHA-256 is good by a certificate that XML carries.
pub fn verifies(certificate: &str, bytes: &[u8], signature: &[u8]) -> bool {
    let folder = tempfile::TempDir::new().expect("a folder");
    let openssl = tools::program("LP_OPENSSL", "openssl").expect("openssl");
    let write = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        fs::write(&file, bytes).expect("a file");
        file
    };
    let letters: String = certificate.chars().filter(|c| !c.is_whitespace()).collect();
    let der = write("certificate.der", &STANDARD.decode(letters).expect("a certificate"));
    let mut read = Command::new(&openssl);
    read.args(["x509", "-inform", "DER", "-noout", "-pubkey", "-in"]).arg(der);
    let key = write("key.pem", &read.output().expect("openssl").stdout);
    let mut verify = Command::new(&openssl);
    verify.args(["dgst", "-sha256", "-verify"]).arg(key);
    verify.arg("-signature").arg(write("signature", signature)).arg(write("bytes", bytes));
    verify.stdout(Stdio::null()).stderr(Stdio::null());
    verify.status().expect("openssl").success()
}
