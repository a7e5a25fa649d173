//! ENC-03: whether answers or their timing tell anything about the padding of OAEP.

#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "this measures time")]

use std::time::Instant;

use aws_lc_rs::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use num_bigint::BigUint;

use super::{ALL, DecryptError, PLAIN, sealed, values};
use crate::dsig::testing::{decryption, rsa};
use crate::dsig::{Certificate, ContentAlg, DecryptionKey, KeyTransport, decrypt};
use crate::xml::{Document, Limits, write_base64};

/// In which way a block of OAEP is malformed (RFC 8017 section 7.1.2, step 3g).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    None,
    FirstByte,
    LabelHash,
    NoOne,
}

const FLAWS: [Flaw; 3] = [Flaw::FirstByte, Flaw::LabelHash, Flaw::NoOne];

fn mask(hash: &'static Algorithm, seed: &[u8], length: usize) -> Vec<u8> {
    (0_u32..)
        .flat_map(|count| digest(hash, &[seed, &count.to_be_bytes()].concat()).as_ref().to_vec())
        .take(length)
        .collect()
}

fn xor(bytes: &[u8], mask: &[u8]) -> Vec<u8> {
    bytes.iter().zip(mask).map(|(a, b)| a ^ b).collect()
}

/// A content key wrapped by hand, so that it can be wrapped wrongly.
fn wrap(hash: &'static Algorithm, flaw: Flaw, salt: u32) -> Vec<u8> {
    let public = Certificate::from_der(&rsa().certificate).unwrap();
    let (_, x509) = x509_parser::parse_x509_certificate(public.der()).unwrap();
    let x509_parser::public_key::PublicKey::RSA(key) = x509.public_key().parsed().unwrap() else {
        panic!("an RSA key");
    };
    let (length, content_key) = (256, [7; 32]);
    let label = digest(hash, if flaw == Flaw::LabelHash { b"other" } else { b"" });
    let width = label.as_ref().len();
    let mut data = label.as_ref().to_vec();
    data.resize(length - width - 1 - content_key.len() - 1, 0);
    data.push(u8::from(flaw != Flaw::NoOne));
    // Without the mark, no byte of the key may be mistaken for it.
    data.extend(if flaw == Flaw::NoOne { [0; 32] } else { content_key });
    let seed = digest(hash, &salt.to_be_bytes());
    let data = xor(&data, &mask(hash, seed.as_ref(), data.len()));
    let seed = xor(seed.as_ref(), &mask(hash, &data, width));
    let first = u8::from(flaw == Flaw::FirstByte);
    let block = [&[first], &seed[..], &data].concat();
    let number = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
    let wrapped = number(&block).modpow(&number(key.exponent), &number(key.modulus));
    let wrapped = wrapped.to_bytes_be();
    [vec![0; length - wrapped.len()], wrapped].concat()
}

/// A message whose content key is wrapped so.
fn message(transport: KeyTransport, wrapped: &[u8]) -> String {
    let xml = sealed(PLAIN, ContentAlg::Aes256Gcm, transport).to_canonical();
    let text = String::from_utf8(xml).unwrap();
    let [genuine, _] = values(&text);
    text.replacen(genuine, &write_base64(wrapped), 1)
}

fn answer(key: &DecryptionKey, xml: &str) -> DecryptError {
    let document = Document::parse(xml.as_bytes(), Limits::MESSAGE).unwrap();
    decrypt(document.root(), std::slice::from_ref(key), &ALL).unwrap_err()
}

#[test]
fn enc_03_every_flaw_of_the_padding_has_the_same_answer() {
    let key = decryption();
    for (transport, hash) in [
        (KeyTransport::OaepSha1Mgf1Sha1, &SHA1_FOR_LEGACY_USE_ONLY),
        (KeyTransport::OaepSha256Mgf1Sha256, &SHA256),
    ] {
        // Without a flaw the block is one: it wraps a key, if not the right one.
        let genuine = wrap(hash, Flaw::None, 0);
        let (content_key, known) = key.unwrap(transport.algorithm(), &genuine, 32);
        assert_eq!((&content_key[..], known), (&[7; 32][..], true));
        for flaw in FLAWS {
            for salt in 0..20 {
                let wrapped = wrap(hash, flaw, salt);
                let (content_key, known) = key.unwrap(transport.algorithm(), &wrapped, 32);
                assert!(*content_key != [7; 32] && !known);
                let error = answer(&key, &message(transport, &wrapped));
                assert_eq!(error, DecryptError::Undecryptable);
                assert_eq!(error.to_string(), "the encrypted element does not decrypt");
            }
        }
        let error = answer(&key, &message(transport, &genuine));
        assert_eq!(error, DecryptError::Undecryptable, "a key that is not the content's");
    }
}

#[test]
fn enc_03_a_stand_in_is_always_the_same_and_nobody_elses() {
    let key = decryption();
    let wrapped = wrap(&SHA256, Flaw::NoOne, 1);
    let algorithm = KeyTransport::OaepSha256Mgf1Sha256.algorithm();
    let (stand_in, genuine) = key.unwrap(algorithm, &wrapped, 32);
    assert!(!genuine);
    assert_eq!(stand_in, key.unwrap(algorithm, &wrapped, 32).0);
    assert_ne!(stand_in, key.unwrap(algorithm, &wrap(&SHA256, Flaw::NoOne, 2), 32).0);
    for bytes in [16, 24, 32] {
        assert_eq!(*key.unwrap(algorithm, &wrapped, bytes).0, stand_in[..bytes]);
    }
    // A key of another length than the cipher's is as good as none.
    let (short, genuine) = key.unwrap(algorithm, &wrap(&SHA256, Flaw::None, 0), 16);
    assert!(*short != [7; 16] && !genuine);
    let other = crate::dsig::testing::fresh(crate::dsig::KeyKind::Rsa2048);
    let other = DecryptionKey::new(&other.pkcs8, &other.certificate).unwrap();
    assert_ne!(stand_in, other.unwrap(algorithm, &wrapped, 32).0);
}

#[test]
fn enc_03_content_that_opens_with_a_stand_in_is_not_let_through() {
    // Nobody but us can make it, and still: without a genuine key there is no plaintext.
    let key = decryption();
    let wrapped = wrap(&SHA256, Flaw::LabelHash, 3);
    let transport = KeyTransport::OaepSha256Mgf1Sha256;
    let (stand_in, _) = key.unwrap(transport.algorithm(), &wrapped, 32);
    let text = message(transport, &wrapped);
    let [_, genuine] = values(&text);
    let content = ContentAlg::Aes256Gcm.seal(&stand_in, [1; 16], PLAIN).unwrap();
    let text = text.replacen(genuine, &write_base64(&content), 1);
    assert_eq!(answer(&key, &text), DecryptError::Undecryptable);
}

/// Prints medians and quartiles in microseconds, the kinds in turn so that the machine's moods
/// fall on all alike.
#[test]
#[ignore = "a measurement: run it alone, on a quiet machine, and in release"]
fn enc_03_timing_of_the_flaws() {
    let key = decryption();
    let kinds = [Flaw::FirstByte, Flaw::LabelHash, Flaw::NoOne, Flaw::None];
    let messages: Vec<Vec<String>> = kinds
        .iter()
        .map(|flaw| {
            let wrapped = (0..50).map(|salt| wrap(&SHA256, *flaw, salt));
            wrapped.map(|wrapped| message(KeyTransport::OaepSha256Mgf1Sha256, &wrapped)).collect()
        })
        .collect();
    let mut times = vec![Vec::new(); kinds.len()];
    for round in 0..5_000 {
        for (kind, messages) in messages.iter().enumerate() {
            let xml = &messages[round % messages.len()];
            let start = Instant::now();
            assert_eq!(answer(&key, xml), DecryptError::Undecryptable);
            times[kind].push(start.elapsed().as_nanos());
        }
    }
    for (flaw, mut times) in kinds.iter().zip(times) {
        times.sort_unstable();
        let at = |part: usize| times[times.len() * part / 4] / 1000;
        println!("{flaw:?}: median {} µs, quartiles {} and {} µs", at(2), at(1), at(3));
    }
}
