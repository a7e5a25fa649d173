//! What decrypts, and what is refused before a key is touched.

mod corpus;
mod oracle;
mod properties;

use zeroize::Zeroizing;

use super::{DecryptError, DecryptionPolicy, decrypt};
use crate::dsig::testing::{FROM, decryption, encryption};
use crate::dsig::{ContentAlg, DecryptionKey, KeyKind, KeyTransport, encrypt, testing};
use crate::xml::{Document, Limits, Markup, ns};

const ALL: DecryptionPolicy = DecryptionPolicy { oaep_sha1: true, cbc: true };
const NONE: DecryptionPolicy = DecryptionPolicy { oaep_sha1: false, cbc: false };
const PLAIN: &[u8] = b"<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>";

/// What the key of this run makes of a document, whose root is the encrypted element.
fn open(xml: &[u8], policy: DecryptionPolicy) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    open_with(xml, &[decryption()], policy)
}

fn open_with(
    xml: &[u8],
    keys: &[DecryptionKey],
    policy: DecryptionPolicy,
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let document = Document::parse(xml, Limits::MESSAGE).unwrap();
    decrypt(document.root(), keys, &policy)
}

fn sealed(plaintext: &[u8], content: ContentAlg, transport: KeyTransport) -> Markup {
    let mut random = [0; 48];
    for (place, byte) in random.iter_mut().enumerate() {
        *byte = u8::try_from(place).unwrap() * 5;
    }
    encrypt(plaintext, &encryption(), content, transport, FROM, random).unwrap()
}

/// The usual message, as text to be bent.
fn usual() -> String {
    let markup = Markup::new(ns::SAML, "EncryptedAssertion").child(sealed(
        PLAIN,
        ContentAlg::Aes256Gcm,
        KeyTransport::OaepSha256Mgf1Sha256,
    ));
    String::from_utf8(markup.to_canonical()).unwrap()
}

/// `usual` with `from` replaced, which must be there, opened.
fn bent(from: &str, to: &str) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let text = usual();
    assert!(text.contains(from), "{from} in {text}");
    open(text.replacen(from, to, 1).as_bytes(), NONE)
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    text.split_once(start).unwrap().1.split_once(end).unwrap().0
}

/// The two values of a message: the wrapped key, and the content.
fn values(text: &str) -> [&str; 2] {
    let mut parts = text.split("<xenc:CipherValue>").skip(1);
    [(); 2].map(|()| parts.next().unwrap().split_once('<').unwrap().0)
}

/// The `xenc:EncryptedKey` of `usual`, and what is left of it without.
fn taken_apart() -> (String, String) {
    let text = usual();
    let start = "<xenc:EncryptedKey>";
    let key =
        format!("{start}{}</xenc:EncryptedKey>", between(&text, start, "</xenc:EncryptedKey"));
    let rest = text.replacen(&key, "", 1);
    // Elsewhere it needs the names that it found around it.
    let names = format!("<xenc:EncryptedKey xmlns:xenc=\"{}\" xmlns:ds=\"{}\">", ns::XENC, ns::DS);
    (key.replacen(start, &names, 1), rest)
}

#[test]
fn what_is_encrypted_with_each_pair_of_algorithms_decrypts() {
    for content in ContentAlg::ALL {
        for transport in KeyTransport::ALL {
            let xml = sealed(PLAIN, content, transport).to_canonical();
            assert_eq!(*open(&xml, ALL).unwrap(), PLAIN, "{content:?} {transport:?}");
        }
    }
    assert_eq!(*open(usual().as_bytes(), NONE).unwrap(), PLAIN);
}

#[test]
fn enc_02_sha_1_and_cbc_need_an_exception() {
    let sha1 = sealed(PLAIN, ContentAlg::Aes128Gcm, KeyTransport::OaepSha1Mgf1Sha1).to_canonical();
    let cbc =
        sealed(PLAIN, ContentAlg::Aes256Cbc, KeyTransport::OaepSha256Mgf1Sha256).to_canonical();
    // No key is given, so none was needed to say no.
    let refused = |xml: &[u8], policy| open_with(xml, &[], policy).unwrap_err();
    let (oaep_sha1, aes_cbc) = ("RSA-OAEP with SHA-1", "AES-CBC");
    assert_eq!(refused(&sha1, NONE), DecryptError::Algorithm(oaep_sha1));
    assert_eq!(refused(&cbc, NONE), DecryptError::Algorithm(aes_cbc));
    let only_cbc = DecryptionPolicy { cbc: true, ..NONE };
    let only_sha1 = DecryptionPolicy { oaep_sha1: true, ..NONE };
    assert_eq!(refused(&sha1, only_cbc), DecryptError::Algorithm(oaep_sha1));
    assert_eq!(refused(&cbc, only_sha1), DecryptError::Algorithm(aes_cbc));
    assert_eq!(*open(&sha1, only_sha1).unwrap(), PLAIN);
    assert_eq!(*open(&cbc, only_cbc).unwrap(), PLAIN);
    assert_eq!(DecryptionPolicy::default(), NONE);
}

#[test]
fn enc_02_weak_key_transport_is_refused_before_any_operation_with_a_key() {
    let text = usual();
    let method = between(&text, "<xenc:EncryptedKey>", "<ds:KeyInfo>");
    let [value, _] = values(&text);
    for (uri, name) in [
        ("http://www.w3.org/2001/04/xmlenc#rsa-1_5", "RSA 1.5 key transport"),
        ("http://www.w3.org/2001/04/xmlenc#kw-aes128", "the key transport"),
        ("http://www.w3.org/2001/04/xmlenc#kw-tripledes", "the key transport"),
        ("http://www.w3.org/2009/xmlenc11#ECDH-ES", "the key transport"),
        ("", "the key transport"),
    ] {
        let weak = format!("<xenc:EncryptionMethod Algorithm=\"{uri}\"></xenc:EncryptionMethod>");
        let weak = text.replacen(method, &weak, 1);
        // Whether what it wraps is well padded makes no difference, for nothing looks.
        for xml in [weak.clone(), weak.replacen(value, "AAAA", 1)] {
            let error = open_with(xml.as_bytes(), &[], ALL).unwrap_err();
            assert_eq!(error, DecryptError::Algorithm(name));
            assert_eq!(error.slug(), "algorithm");
        }
    }
}

#[test]
fn enc_02_weak_content_ciphers_are_refused_by_name() {
    for (uri, name) in [
        ("http://www.w3.org/2001/04/xmlenc#tripledes-cbc", "triple DES"),
        ("http://www.w3.org/2001/04/xmlenc#aes192-cbc", "AES-CBC"),
        ("http://www.w3.org/2007/05/xmldsig-more#chacha20-poly1305", "the content cipher"),
    ] {
        let error = bent(ContentAlg::Aes256Gcm.uri(), uri).unwrap_err();
        assert_eq!(error, DecryptError::Algorithm(name));
    }
}

#[test]
fn oaep_with_mixed_hashes_or_a_label_is_refused_by_name() {
    let mgf = "<xenc11:MGF xmlns:xenc11=\"http://www.w3.org/2009/xmlenc11#\" \
               Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"></xenc11:MGF>";
    let digest = "<ds:DigestMethod xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
                  Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>";
    let hashes = DecryptError::Algorithm("RSA-OAEP with these hashes");
    assert_eq!(bent(mgf, "").unwrap_err(), hashes);
    assert_eq!(bent("#mgf1sha256", "#mgf1sha512").unwrap_err(), hashes);
    let label = format!("<xenc:OAEPparams>AAAA</xenc:OAEPparams>{mgf}");
    let label = bent(mgf, &label).unwrap_err();
    assert_eq!(label.slug(), "schema", "behind the digest it has no place");
    let twice = DecryptError::Algorithm("a key transport that is named twice");
    assert_eq!(bent(mgf, &[mgf, mgf].concat()).unwrap_err(), twice);
    let text = usual();
    if text.contains(digest) {
        assert_eq!(bent(digest, &[digest, digest].concat()).unwrap_err(), twice);
    }
    let first = "rsa-oaep\">";
    let label = format!("{first}<xenc:OAEPparams>AAAA</xenc:OAEPparams>");
    let error = bent(first, &label).unwrap_err();
    assert_eq!(error, DecryptError::Algorithm("RSA-OAEP with a label"));
}

#[test]
fn what_does_not_decrypt_is_one_error_whatever_the_cause() {
    let text = usual();
    let [wrapped, content] = values(&text);
    let touched = if content.starts_with('A') { "B" } else { "A" };
    for (from, to) in [
        (wrapped, "AAAA".to_owned()),
        (wrapped, "A".repeat(342) + "=="),
        (wrapped, "/".repeat(341) + "w=="),
        (content, "AAAA".to_owned()),
        (content, "A".repeat(40)),
        (content, content.replacen(&content[..1], touched, 1)),
        ("#aes256-gcm", "#aes128-gcm".to_owned()),
    ] {
        let xml = text.replacen(from, &to, 1);
        let error = open(xml.as_bytes(), NONE).unwrap_err();
        assert_eq!(error, DecryptError::Undecryptable, "{from} {to}");
    }
    let other = testing::fresh(KeyKind::Rsa2048);
    let other = DecryptionKey::new(&other.pkcs8, &other.certificate).unwrap();
    for keys in [&[][..], &[other]] {
        let error = open_with(text.as_bytes(), keys, NONE).unwrap_err();
        assert_eq!(error, DecryptError::Undecryptable);
    }
}

#[test]
fn a_key_that_is_being_replaced_still_opens() {
    let new = testing::fresh(KeyKind::Rsa3072);
    let new = DecryptionKey::new(&new.pkcs8, &new.certificate).unwrap();
    let keys = [new, decryption()];
    assert_eq!(*open_with(usual().as_bytes(), &keys, NONE).unwrap(), PLAIN);
}

#[test]
fn another_key_that_seems_to_open_cbc_does_not_hide_ours() {
    let other = testing::fresh(KeyKind::Rsa2048);
    let other = DecryptionKey::new(&other.pkcs8, &other.certificate).unwrap();
    let keys = [other.clone(), decryption()];
    for _ in 0..100 {
        let (content, transport) = (ContentAlg::Aes128Cbc, KeyTransport::OaepSha256Mgf1Sha256);
        let xml = sealed(PLAIN, content, transport).to_canonical();
        assert_eq!(*open_with(&xml, &keys, ALL).unwrap(), PLAIN);
        let error = open_with(&xml, std::slice::from_ref(&other), ALL).unwrap_err();
        assert_eq!(error, DecryptError::Undecryptable);
    }
}

#[test]
fn an_encrypted_key_may_stand_beside_the_content() {
    let (key, rest) = taken_apart();
    let end = "</saml:EncryptedAssertion>";
    let beside = rest.replacen(end, &format!("{key}{end}"), 1);
    assert_eq!(*open(beside.as_bytes(), NONE).unwrap(), PLAIN);

    let named = key.replacen("<xenc:EncryptedKey", "<xenc:EncryptedKey Id=\"k1\"", 1);
    let info = "<ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">";
    let point = |pointer: &str, keys: &str| {
        let beside = rest.replacen(info, &format!("{info}{pointer}"), 1);
        open(beside.replacen(end, &format!("{keys}{end}"), 1).as_bytes(), NONE)
    };
    let k1 = "<ds:RetrievalMethod URI=\"#k1\" \
              Type=\"http://www.w3.org/2001/04/xmlenc#EncryptedKey\"/>";
    assert_eq!(*point(k1, &named).unwrap(), PLAIN);
    let other = named.replacen("k1", "k2", 1);
    assert_eq!(*point(k1, &format!("{other}{named}")).unwrap(), PLAIN);
    for (pointer, keys) in [
        ("<ds:RetrievalMethod URI=\"#k2\"/>", named.clone()),
        ("<ds:RetrievalMethod URI=\"k1\"/>", named.clone()),
        ("<ds:RetrievalMethod URI=\"\"/>", named.clone()),
        ("<ds:RetrievalMethod/>", named.clone()),
        ("<ds:RetrievalMethod URI=\"https://evil.example/key\"/>", named.clone()),
        ("<ds:RetrievalMethod URI=\"#xpointer(id('k1'))\"/>", named.clone()),
        ("<ds:RetrievalMethod URI=\"#k1\"><ds:Transforms/></ds:RetrievalMethod>", named.clone()),
        (k1, named.repeat(2)),
    ] {
        assert_eq!(point(pointer, &keys).unwrap_err(), DecryptError::Reference, "{pointer}");
    }
}

#[test]
fn of_several_encrypted_keys_ours_is_found_among_four() {
    let (key, rest) = taken_apart();
    let end = "</saml:EncryptedAssertion>";
    let wrapped = between(&key, "<xenc:CipherValue>", "</");
    let theirs = key.replacen(wrapped, &("A".repeat(342) + "=="), 1);
    let theirs = theirs.replacen("EncryptedKey", "EncryptedKey Recipient=\"urn:other\"", 1);
    let with = |keys: &str| open(rest.replacen(end, &format!("{keys}{end}"), 1).as_bytes(), NONE);
    assert_eq!(*with(&format!("{theirs}{theirs}{theirs}{key}")).unwrap(), PLAIN);
    let error = with(&format!("{theirs}{theirs}{theirs}{theirs}{key}")).unwrap_err();
    assert_eq!(error, DecryptError::TooManyKeys);
    assert_eq!(with("").unwrap_err().slug(), "schema");
    let weak = key.replacen("http://www.w3.org/2009/xmlenc11#rsa-oaep", RSA_1_5, 1);
    let error = with(&format!("{key}{weak}")).unwrap_err();
    assert_eq!(error.slug(), "algorithm", "one that is weak spoils them all");
}

const RSA_1_5: &str = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";

#[test]
fn ciphertext_that_lies_elsewhere_is_not_looked_for() {
    let text = usual();
    let reference = "<xenc:CipherReference URI=\"file:///etc/passwd\"/>";
    for value in values(&text) {
        let value = format!("<xenc:CipherValue>{value}</xenc:CipherValue>");
        for xml in [
            text.replace(&value, reference),
            text.replace(&value, &(reference.to_owned() + &value)),
        ] {
            assert_ne!(xml, text);
            let error = open(xml.as_bytes(), NONE).unwrap_err();
            assert_eq!(error, DecryptError::Reference);
        }
    }
}

#[test]
fn elements_that_are_out_of_place_missing_or_malformed_are_refused() {
    let data = "<xenc:CipherData>";
    for (from, to) in [
        ("xmlenc#Element", "xmlenc#Content"),
        (
            "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"></xenc:EncryptionMethod>",
            "",
        ),
        (" Algorithm=\"http://www.w3.org/2009/xmlenc11#rsa-oaep\"", ""),
        ("aes256-gcm\">", "aes256-gcm\"><xenc:KeySize>128</xenc:KeySize>"),
        ("aes256-gcm\">", "aes256-gcm\"><xenc:Other/>"),
        (data, "text<xenc:CipherData>"),
        (data, "<xenc:Other/><xenc:CipherData>"),
        ("<xenc:CipherValue>", "<xenc:CipherValue>*"),
        ("<xenc:CipherValue>", "<xenc:CipherValue><xenc:Other/>"),
        ("<xenc:CipherValue>", "<xenc:CipherValue/><xenc:CipherValue>"),
        ("</saml:EncryptedAssertion>", "<saml:Assertion/></saml:EncryptedAssertion>"),
    ] {
        let error = bent(from, to).unwrap_err();
        assert!(matches!(error, DecryptError::Schema(_)), "{from} {error:?}");
    }
    let good = bent("aes256-gcm\">", "aes256-gcm\"><xenc:KeySize>256</xenc:KeySize>").unwrap();
    assert_eq!(*good, PLAIN);
}

#[test]
fn enc_05_what_was_inside_passes_the_same_guard() {
    for (plaintext, slug) in [
        (&b"<!DOCTYPE x [<!ENTITY e \"x\">]><saml:Assertion/>"[..], "doctype_forbidden"),
        (b"<saml:Assertion/>", "not_well_formed"),
        (b"<a/><b/>", "not_well_formed"),
        (b"<a><?php x?></a>", "mixed_content_in_value"),
        (b"<a>\xff</a>", "encoding"),
        (b"", "not_well_formed"),
    ] {
        let xml = sealed(plaintext, ContentAlg::Aes128Gcm, KeyTransport::OaepSha256Mgf1Sha256);
        let opened = open(&xml.to_canonical(), NONE).unwrap();
        let error = Document::parse(&opened, Limits::MESSAGE).map(|_| ()).unwrap_err();
        assert_eq!(error.slug(), slug, "{}", String::from_utf8_lossy(plaintext));
    }
    let plaintext = [&b"<a>"[..], &b"x".repeat(Limits::MESSAGE.bytes), b"</a>"].concat();
    let xml = sealed(&plaintext, ContentAlg::Aes128Gcm, KeyTransport::OaepSha256Mgf1Sha256)
        .to_canonical();
    let error = Document::parse(&xml, Limits::MESSAGE).map(|_| ()).unwrap_err();
    assert_eq!(error.slug(), "too_large", "it cannot be larger than what it came in");
}
