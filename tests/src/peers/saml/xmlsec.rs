//! Debian's `xmlsec1`: signs and encrypts what the forgers send, and gives a second opinion on what
//! the product sends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::keys::KeyPair;
use crate::harness::tools;

/// The elements whose `ID` attribute a reference may mean.
const WITH_ID: [&str; 9] = [
    "urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
    "urn:oasis:names:tc:SAML:2.0:protocol:Response",
    "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest",
    "urn:oasis:names:tc:SAML:2.0:protocol:LogoutRequest",
    "urn:oasis:names:tc:SAML:2.0:protocol:LogoutResponse",
    "urn:oasis:names:tc:SAML:2.0:protocol:ArtifactResponse",
    "urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor",
    "urn:oasis:names:tc:SAML:2.0:metadata:EntitiesDescriptor",
    "urn:oasis:names:tc:SAML:1.0:assertion:Assertion",
];

/// Whether there is an `xmlsec1`; without one the test is skipped.
pub fn available() -> bool {
    tools::program("LP_XMLSEC1", "xmlsec1").is_some()
}

/// How to sign: which algorithms the template of a signature names.
#[derive(Debug, Clone)]
pub struct Algorithms {
    /// `SignatureMethod`.
    pub signature: String,
    /// `DigestMethod`.
    pub digest: String,
    /// `CanonicalizationMethod`, and the second transform.
    pub canonical: String,
}

impl Default for Algorithms {
    fn default() -> Self {
        Self {
            signature: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256".to_owned(),
            digest: "http://www.w3.org/2001/04/xmlenc#sha256".to_owned(),
            canonical: "http://www.w3.org/2001/10/xml-exc-c14n#".to_owned(),
        }
    }
}

impl Algorithms {
    /// RSA or ECDSA with this hash, as `rsa-sha512`; the digest is of the same length.
    pub fn named(name: &str) -> Self {
        let more = "http://www.w3.org/2001/04/xmldsig-more#";
        let digest = match name.rsplit('-').next() {
            Some("sha1") => "http://www.w3.org/2000/09/xmldsig#sha1".to_owned(),
            Some("sha384") => format!("{more}sha384"),
            Some(other) => format!("http://www.w3.org/2001/04/xmlenc#{other}"),
            None => String::new(),
        };
        let signature = match name {
            "rsa-sha1" => "http://www.w3.org/2000/09/xmldsig#rsa-sha1".to_owned(),
            name => format!("{more}{name}"),
        };
        Self { signature, digest, ..Self::default() }
    }

    /// An empty signature over the element of this id, for `xmlsec1` to fill in.
    pub fn template(&self, id: &str) -> String {
        let Self { signature, digest, canonical } = self;
        format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
             <ds:CanonicalizationMethod Algorithm=\"{canonical}\"/>\
             <ds:SignatureMethod Algorithm=\"{signature}\"/>\
             <ds:Reference URI=\"#{id}\"><ds:Transforms>\
             <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\
             <ds:Transform Algorithm=\"{canonical}\"/>\
             </ds:Transforms><ds:DigestMethod Algorithm=\"{digest}\"/><ds:DigestValue/>\
             </ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>"
        )
    }
}

/// Fills in the signature of the element of this id.
pub fn sign(xml: &str, id: &str, keys: &KeyPair) -> String {
    let mut arguments = with_ids(&["--sign", "--node-id", id]);
    arguments.push("--privkey-pem".to_owned());
    arguments.push(keys.key.display().to_string());
    let output = run(&arguments, xml);
    assert!(output.status.success(), "xmlsec1 signs {id}: {}\n{xml}", said(&output));
    // It puts a declaration before what it was given without one.
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let text = text.strip_prefix("<?xml version=\"1.0\"?>\n").unwrap_or(&text);
    text.trim_end_matches('\n').to_owned()
}

/// Whether the signature of the element of this id is good by this certificate.
pub fn verifies(xml: &str, id: &str, certificate: &str) -> bool {
    let folder = TempDir::new().expect("a folder");
    let pem = write(&folder, "certificate.pem", &pem(certificate));
    let mut arguments = with_ids(&["--verify", "--enabled-key-data", "x509,rsa,ecdsa"]);
    arguments.extend(["--node-id".to_owned(), id.to_owned()]);
    arguments.extend(["--pubkey-cert-pem".to_owned(), pem.display().to_string()]);
    run(&arguments, xml).status.success()
}

/// Encrypts a text for the holder of this certificate: an `xenc:EncryptedData`.
pub fn encrypt(plain: &str, certificate: &str, content: &str, transport: &str) -> String {
    let folder = TempDir::new().expect("a folder");
    let pem = write(&folder, "certificate.pem", &pem(certificate));
    let data = write(&folder, "plain.xml", plain);
    let (bits, kind) = match content {
        alg if alg.contains("tripledes") => ("192", "des"),
        alg if alg.contains("128") => ("128", "aes"),
        alg if alg.contains("192") => ("192", "aes"),
        _ => ("256", "aes"),
    };
    let template = format!(
        "<xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" \
         Type=\"http://www.w3.org/2001/04/xmlenc#Element\">\
         <xenc:EncryptionMethod Algorithm=\"{content}\"/>\
         <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><xenc:EncryptedKey>\
         <xenc:EncryptionMethod Algorithm=\"{transport}\">{digest}</xenc:EncryptionMethod>\
         <xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>\
         <xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>",
        digest = if transport.contains("oaep") {
            "<ds:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/>"
        } else {
            ""
        },
    );
    let path = |path: PathBuf| path.display().to_string();
    let arguments = [
        "--encrypt".to_owned(),
        "--pubkey-cert-pem".to_owned(),
        path(pem),
        "--session-key".to_owned(),
        format!("{kind}-{bits}"),
        // As binary: what is encrypted need not be well-formed.
        "--binary-data".to_owned(),
        path(data),
    ];
    let output = run(&arguments, &template);
    assert!(output.status.success(), "xmlsec1 encrypts: {}", said(&output));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.strip_prefix("<?xml version=\"1.0\"?>\n").unwrap_or(&text).trim_end().to_owned()
}

/// The document with its one encrypted part in the clear.
pub fn decrypt(xml: &str, keys: &KeyPair) -> Option<String> {
    let arguments =
        ["--decrypt".to_owned(), "--privkey-pem".to_owned(), keys.key.display().to_string()];
    let output = run(&arguments, xml);
    output.status.success().then(|| String::from_utf8(output.stdout).expect("UTF-8"))
}

fn with_ids(arguments: &[&str]) -> Vec<String> {
    let ids = WITH_ID.iter().flat_map(|name| ["--id-attr:ID".to_owned(), (*name).to_owned()]);
    arguments.iter().map(|word| (*word).to_owned()).chain(ids).collect()
}

fn run(arguments: &[String], xml: &str) -> Output {
    let program = tools::program("LP_XMLSEC1", "xmlsec1").expect("`available` was asked first");
    let folder = TempDir::new().expect("a folder");
    let file = write(&folder, "message.xml", xml);
    Command::new(program).args(arguments).arg(file).output().expect("xmlsec1 to start")
}

fn write(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let file = folder.path().join(name);
    fs::write(&file, text).expect("a file");
    file
}

/// A certificate as PEM, whose base64 an XML document carries.
fn pem(base64: &str) -> String {
    let letters: Vec<char> = base64.chars().filter(|c| !c.is_whitespace()).collect();
    let lines = letters.chunks(64).map(|line| line.iter().collect::<String>() + "\n");
    let body: String = lines.collect();
    format!("-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Checks a message or metadata against SAML's schemas; what is wrong.
pub fn invalid(xml: &str) -> Option<String> {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/schemas/saml.xsd");
    let folder = TempDir::new().expect("a folder");
    let file = write(&folder, "message.xml", xml);
    let program = tools::program("LP_XMLLINT", "xmllint")?;
    let mut command = Command::new(program);
    command.args(["--noout", "--nonet", "--schema"]).arg(schema).arg(file);
    let output = command.output().expect("xmllint to start");
    (!output.status.success()).then(|| said(&output))
}
