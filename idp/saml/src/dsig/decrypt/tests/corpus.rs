//! What other projects publish of encrypted XML: what decrypts here, and why the rest does not.

use std::fmt::Write as _;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeyPair;
use expect_test::expect_file;

use super::ALL;
use crate::dsig::testing::{certified, json_vector, unhex, vector, vectors};
use crate::dsig::{DecryptionKey, KeyTransport, decrypt};
use crate::xml::{Document, Limits, ns};

/// The key in a file of the corpora, which is PKCS #1.
fn key(file: &str) -> Option<DecryptionKey> {
    let pair = KeyPair::from_der(&vector(file)?).unwrap();
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let pair = certified(pkcs8.as_ref());
    Some(DecryptionKey::new(&pair.pkcs8, &pair.certificate).unwrap())
}

fn keys() -> Option<Vec<DecryptionKey>> {
    [
        "xmlsec/keys/rsa/rsa-2048-key.der",
        "xmlsec/keys/rsa/rsa-4096-key.der",
        "xmlsec/xmlenc11-interop-2012/RSA-2048_SHA256WithRSA.der",
        "xmlsec/xmlenc11-interop-2012/RSA-3072_SHA256WithRSA.der",
        "xmlsec/xmlenc11-interop-2012/RSA-4096_SHA256WithRSA.der",
    ]
    .into_iter()
    .map(key)
    .collect()
}

/// One line a file: what becomes of its encrypted elements, with every exception granted.
fn outcomes(folder: &str, keys: &[DecryptionKey]) -> String {
    let mut lines = String::new();
    for name in vectors(&format!("xmlsec/{folder}")) {
        let Some(stem) = name.strip_suffix(".xml") else { continue };
        let bytes = vector(&format!("xmlsec/{folder}/{name}")).unwrap();
        let text = String::from_utf8_lossy(&bytes).replace("xmlenc#Content", "xmlenc#Element");
        let document = match Document::parse(text.as_bytes(), Limits::METADATA) {
            Ok(document) => document,
            Err(error) => {
                writeln!(lines, "{stem}: unread, {}", error.slug()).unwrap();
                continue;
            }
        };
        let clear = vector(&format!("xmlsec/{folder}/{stem}.data")).unwrap_or_default();
        for element in document.elements().filter(|one| one.is(ns::XENC, "EncryptedData")) {
            match decrypt(element, keys, &ALL) {
                Ok(plaintext) => {
                    let found = solid(&clear).contains(&solid(&plaintext));
                    writeln!(lines, "{stem}: decrypted, as published: {found}").unwrap();
                }
                Err(error) => writeln!(lines, "{stem}: {error}").unwrap(),
            }
        }
    }
    lines
}

/// The text alone: how tags and the space between them are written is the publisher's affair.
fn solid(xml: &[u8]) -> String {
    let text = String::from_utf8_lossy(xml);
    let texts = text.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    texts.flat_map(str::split_whitespace).collect()
}

#[test]
fn the_interoperability_vectors_of_xml_encryption_1_1_decrypt_or_are_refused_by_name() {
    let Some(keys) = keys() else { return };
    expect_file!["corpus/xmlenc11-interop-2012.txt"]
        .assert_eq(&outcomes("xmlenc11-interop-2012", &keys));
}

#[test]
fn the_vectors_of_xmlsec_decrypt_or_are_refused_by_name() {
    let Some(keys) = keys() else { return };
    expect_file!["corpus/aleksey-xmlenc-01.txt"].assert_eq(&outcomes("aleksey-xmlenc-01", &keys));
}

#[test]
fn enc_02_the_old_vectors_of_merlin_and_phaos_are_all_refused() {
    let Some(keys) = keys() else { return };
    let (merlin, phaos) =
        (outcomes("merlin-xmlenc-five", &keys), outcomes("01-phaos-xmlenc-3", &keys));
    assert!(!merlin.contains("decrypted") && !phaos.contains("decrypted"));
    expect_file!["corpus/merlin-xmlenc-five.txt"].assert_eq(&merlin);
    expect_file!["corpus/01-phaos-xmlenc-3.txt"].assert_eq(&phaos);
}

#[test]
fn the_wycheproof_vectors_of_oaep_hold() {
    let Some(file) = json_vector("wycheproof/rsa_oaep_2048_sha256_mgf1sha256_test.json") else {
        return;
    };
    let (mut good, mut bad) = (0, 0);
    for group in file["testGroups"].as_array().unwrap() {
        let pair = certified(&unhex(group["privateKeyPkcs8"].as_str().unwrap()));
        let key = DecryptionKey::new(&pair.pkcs8, &pair.certificate).unwrap();
        for test in group["tests"].as_array().unwrap() {
            let field = |name: &str| unhex(test[name].as_str().unwrap());
            let clear = field("msg");
            // A stand-in is of the length that is asked for, so empty and long messages say
            // nothing; and what has a label is not for us.
            if clear.is_empty() || clear.len() > 32 {
                continue;
            }
            let algorithm = KeyTransport::OaepSha256Mgf1Sha256.algorithm();
            let (unwrapped, genuine) = key.unwrap(algorithm, &field("ct"), clear.len());
            let valid = test["result"] == "valid" && field("label").is_empty();
            assert_eq!(*unwrapped == clear && genuine, valid, "{}", test["tcId"]);
            if valid { good += 1 } else { bad += 1 }
        }
    }
    assert!(good >= 5 && bad >= 15, "{good} {bad}");
}
