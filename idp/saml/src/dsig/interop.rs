//! Second opinions: xmlsec1 and the engine's own encryption judge what we make, and we judge
//! what they make.
//!
//! Debian's xmlsec1 knows neither RSA-PSS nor the hashes of OAEP beyond SHA-1: there the engine
//! and published vectors stand in.

use bergshamra::keys::loader::load_x509_cert_der;
use bergshamra::{DsigContext, EncContext, Key, KeyData, KeyUsage, KeysManager};
use kryptering::KeyAlgorithm;
use kryptering::algorithm::EcCurve;

use super::testing::{FROM, Xmlsec1, decryption, encryption, pair, rsa, signing, verifying};
use super::{
    ContentAlg, DecryptionPolicy, DigestAlg, KeyTransport, Place, SignatureAlg, decrypt, encrypt,
    sign, verify,
};
use crate::xml::{Document, Limits, Markup, ns};

const POLICY: DecryptionPolicy = DecryptionPolicy { oaep_sha1: true, cbc: true };

/// What xmlsec1 of Debian knows.
const KNOWN: [SignatureAlg; 5] = [
    SignatureAlg::RsaSha256,
    SignatureAlg::RsaSha384,
    SignatureAlg::RsaSha512,
    SignatureAlg::EcdsaSha256,
    SignatureAlg::EcdsaSha384,
];

/// An assertion with all that canonicalization has to look at.
fn assertion() -> Markup {
    let value =
        Markup::new(ns::SAML, "AttributeValue").text("Ünal & <Söhne> \"1\"\t\r\n 東京 \u{1F600}");
    Markup::new(ns::SAML, "Assertion")
        .attr("ID", "_a1")
        .attr("Version", "2.0")
        .attr("IssueInstant", "2027-01-15T08:00:00Z")
        .child(Markup::new(ns::SAML, "Issuer").text("https://idp.example/a?b=c&d"))
        .child(
            Markup::new(ns::SAML, "AttributeStatement").child(
                Markup::new(ns::SAML, "Attribute").attr("Name", "a\"b<c>&\n\t").child(value),
            ),
        )
}

#[test]
fn xmlsec1_verifies_what_we_sign() {
    let Some(tool) = Xmlsec1::find() else { return };
    for alg in KNOWN {
        let signed = sign(assertion(), &signing(alg), alg, Place::AfterIssuer).unwrap();
        let certificate = tool.file("cert.der", &pair(alg).certificate);
        let document = tool.file("signed.xml", &signed.to_canonical());
        let id = format!("{}:Assertion", ns::SAML);
        let verify = |document: &str| {
            tool.run(&[
                "--verify",
                "--pubkey-cert-der",
                &certificate,
                "--id-attr:ID",
                &id,
                document,
            ])
        };
        let output = verify(&document);
        assert!(output.status.success(), "{alg:?} {}", String::from_utf8_lossy(&output.stderr));
        let touched = String::from_utf8(signed.to_canonical()).unwrap().replace("2.0", "2.1");
        let touched = tool.file("touched.xml", touched.as_bytes());
        assert!(!verify(&touched).status.success(), "{alg:?}");
    }
}

/// A template for a signature, as the tool wants it.
fn template(signature: SignatureAlg, digest: DigestAlg) -> String {
    let signature = signature.uri();
    let digest = digest.uri();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <saml:Assertion xmlns:saml=\"{saml}\" xmlns:unused=\"urn:x\" ID=\"_a1\" Version='2.0' \
         IssueInstant=\"2027-01-15T08:00:00Z\"><saml:Issuer  >https://idp.example</saml:Issuer>\
         <ds:Signature xmlns:ds=\"{ds}\"><ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>\
         <ds:SignatureMethod Algorithm=\"{signature}\"/>\
         <ds:Reference URI=\"#_a1\"><ds:Transforms>\
         <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\
         <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>\
         </ds:Transforms><ds:DigestMethod Algorithm=\"{digest}\"/><ds:DigestValue/>\
         </ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>\n\
         <saml:Advice>&#13;&amp; é <x:y xmlns:x=\"urn:y\" b='2' x:a=\"1\"/></saml:Advice>\
         </saml:Assertion>",
        saml = ns::SAML,
        ds = ns::DS,
    )
}

#[test]
fn we_verify_what_xmlsec1_signs() {
    let Some(tool) = Xmlsec1::find() else { return };
    for alg in KNOWN {
        for digest in DigestAlg::ALL {
            let key = tool.key("key.pem", pair(alg));
            let document = tool.file("template.xml", template(alg, digest).as_bytes());
            let id = format!("{}:Assertion", ns::SAML);
            let signed =
                tool.must(&["--sign", "--pkcs8-pem", &key, "--id-attr:ID", &id, &document]);
            let read = Document::parse(&signed, Limits::MESSAGE).unwrap();
            verify(&read, read.root(), &[verifying(alg)])
                .unwrap_or_else(|error| panic!("{alg:?} {digest:?} {error}"));
            let touched = String::from_utf8(signed).unwrap().replace("é", "è");
            let read = Document::parse(touched.as_bytes(), Limits::MESSAGE).unwrap();
            assert!(verify(&read, read.root(), &[verifying(alg)]).is_err());
        }
    }
}

#[test]
fn we_verify_what_the_engine_signs() {
    for alg in SignatureAlg::ALL {
        let kind = match alg {
            SignatureAlg::EcdsaSha256 => KeyAlgorithm::Ec(EcCurve::P256),
            SignatureAlg::EcdsaSha384 => KeyAlgorithm::Ec(EcCurve::P384),
            _ => KeyAlgorithm::Rsa,
        };
        let mut keys = KeysManager::new();
        let private = KeyData::from_pkcs8_der(kind, &pair(alg).pkcs8).unwrap();
        keys.add_key(Key::new(private, KeyUsage::Any));
        let template = template(alg, alg.digest());
        let signed = bergshamra::sign(&DsigContext::new(keys), &template).unwrap();
        let read = Document::parse(signed.as_bytes(), Limits::MESSAGE).unwrap();
        verify(&read, read.root(), &[verifying(alg)])
            .unwrap_or_else(|error| panic!("{alg:?} {error}"));
    }
}

fn element(text: &[u8]) -> Vec<u8> {
    [b"<a xmlns=\"urn:x\">", text, b"</a>"].concat()
}

#[test]
fn xmlsec1_decrypts_what_we_encrypt() {
    let Some(tool) = Xmlsec1::find() else { return };
    let key = tool.key("key.pem", rsa());
    for content in ContentAlg::ALL {
        for length in [1, 15, 16, 17, 4000] {
            let clear = element(&vec![b'x'; length]);
            let transport = KeyTransport::OaepSha1Mgf1Sha1;
            let sealed = encrypt(&clear, &encryption(), content, transport, FROM, [3; 48]).unwrap();
            let document = tool.file("sealed.xml", &sealed.to_canonical());
            let opened = tool.must(&["--decrypt", "--pkcs8-pem", &key, &document]);
            let opened = String::from_utf8(opened).unwrap();
            assert!(opened.contains(std::str::from_utf8(&clear).unwrap()), "{content:?} {opened}");
        }
    }
}

/// A template for encryption, as the tool and the engine want it.
fn encryption_template(content: ContentAlg, transport: KeyTransport) -> String {
    let mgf = transport.mgf_uri().map_or(String::new(), |uri| {
        format!("<xenc11:MGF xmlns:xenc11=\"{}\" Algorithm=\"{uri}\"/>", ns::XENC11)
    });
    format!(
        "<xenc:EncryptedData xmlns:xenc=\"{xenc}\" xmlns:ds=\"{ds}\" \
         Type=\"http://www.w3.org/2001/04/xmlenc#Element\">\
         <xenc:EncryptionMethod Algorithm=\"{content}\"/><ds:KeyInfo><xenc:EncryptedKey>\
         <xenc:EncryptionMethod Algorithm=\"{transport}\">\
         <ds:DigestMethod Algorithm=\"{digest}\"/>{mgf}</xenc:EncryptionMethod>\
         <xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>\
         <xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>",
        xenc = ns::XENC,
        ds = ns::DS,
        content = content.uri(),
        transport = transport.uri(),
        digest = transport.digest_uri(),
    )
}

fn opened(xml: &[u8]) -> String {
    let document = Document::parse(xml, Limits::MESSAGE).unwrap();
    let plaintext = decrypt(document.root(), &[decryption()], &POLICY).unwrap();
    String::from_utf8(plaintext.to_vec()).unwrap()
}

#[test]
fn we_decrypt_what_xmlsec1_encrypts() {
    let Some(tool) = Xmlsec1::find() else { return };
    let certificate = tool.file("cert.der", &rsa().certificate);
    for (content, session_key) in [
        (ContentAlg::Aes128Gcm, "aes-128"),
        (ContentAlg::Aes192Gcm, "aes-192"),
        (ContentAlg::Aes256Gcm, "aes-256"),
        (ContentAlg::Aes128Cbc, "aes-128"),
        (ContentAlg::Aes256Cbc, "aes-256"),
    ] {
        for length in [1, 15, 16, 17, 4000] {
            let clear = element(&vec![b'x'; length]);
            let data = tool.file("clear.xml", &clear);
            let template = encryption_template(content, KeyTransport::OaepSha1Mgf1Sha1);
            let template = tool.file("template.xml", template.as_bytes());
            let sealed = tool.must(&[
                "--encrypt",
                "--pubkey-cert-der",
                &certificate,
                "--session-key",
                session_key,
                "--xml-data",
                &data,
                "--node-name",
                "urn:x:a",
                &template,
            ]);
            assert_eq!(opened(&sealed).as_bytes(), clear, "{content:?}");
        }
    }
}

#[test]
fn the_engine_decrypts_what_we_encrypt_and_we_what_it_encrypts() {
    let clear = element(b"x");
    for content in ContentAlg::ALL {
        for transport in KeyTransport::ALL {
            let mut keys = KeysManager::new();
            let private = KeyData::from_pkcs8_der(KeyAlgorithm::Rsa, &rsa().pkcs8).unwrap();
            keys.add_key(Key::new(private, KeyUsage::Any));
            let engine = EncContext::new(keys);
            let sealed = encrypt(&clear, &encryption(), content, transport, FROM, [3; 48]).unwrap();
            let sealed = String::from_utf8(sealed.to_canonical()).unwrap();
            let theirs = bergshamra::decrypt(&engine, &sealed).unwrap();
            let expected = std::str::from_utf8(&clear).unwrap();
            assert!(theirs.contains(expected), "{content:?} {transport:?} {theirs}");

            let mut keys = KeysManager::new();
            keys.add_key(load_x509_cert_der(&rsa().certificate).unwrap());
            let engine = EncContext::new(keys);
            let template = encryption_template(content, transport);
            let sealed = bergshamra::encrypt(&engine, &template, &clear).unwrap();
            assert_eq!(opened(sealed.as_bytes()).as_bytes(), clear, "{content:?} {transport:?}");
        }
    }
}
