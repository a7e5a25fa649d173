//! Ciphers by name, by length, and by the vectors of others.

use super::{ContentAlg, KeyTransport};
use crate::dsig::testing::{json_vector, unhex};

#[test]
fn every_algorithm_is_found_by_its_own_name() {
    for alg in ContentAlg::ALL {
        assert_eq!(ContentAlg::from_uri(alg.uri()), Some(alg));
    }
    for transport in KeyTransport::ALL {
        let (uri, digest) = (transport.uri(), Some(transport.digest_uri()));
        assert_eq!(KeyTransport::from_method(uri, digest, transport.mgf_uri()), Some(transport));
    }
}

#[test]
fn enc_02_weak_ciphers_and_key_transports_have_no_variant() {
    for uri in [
        "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
        "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
        "http://www.w3.org/2001/04/xmldsig-more#arcfour",
        "http://www.w3.org/2009/xmlenc11#aes128-gcm ",
        "",
    ] {
        assert_eq!(ContentAlg::from_uri(uri), None, "{uri}");
    }
    for uri in [
        "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
        "http://www.w3.org/2001/04/xmlenc#kw-aes128",
        "http://www.w3.org/2001/04/xmlenc#kw-tripledes",
        "http://www.w3.org/2001/04/xmlenc#dh",
        "http://www.w3.org/2009/xmlenc11#ECDH-ES",
        "",
    ] {
        assert_eq!(KeyTransport::from_method(uri, None, None), None, "{uri}");
    }
}

#[test]
fn oaep_without_parameters_is_sha_1_and_mixed_hashes_are_unknown() {
    let old = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
    let new = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
    let sha256 = Some("http://www.w3.org/2001/04/xmlenc#sha256");
    let md5 = Some("http://www.w3.org/2001/04/xmldsig-more#md5");
    let mask256 = Some("http://www.w3.org/2009/xmlenc11#mgf1sha256");
    let mask512 = Some("http://www.w3.org/2009/xmlenc11#mgf1sha512");
    let table = [
        (old, None, None, Some(KeyTransport::OaepSha1Mgf1Sha1)),
        (new, None, None, Some(KeyTransport::OaepSha1Mgf1Sha1)),
        (new, sha256, mask256, Some(KeyTransport::OaepSha256Mgf1Sha256)),
        (new, sha256, None, None),
        (new, sha256, mask512, None),
        (new, None, mask256, None),
        (new, md5, None, None),
        (old, sha256, None, None),
        (old, sha256, mask256, None),
    ];
    for (uri, digest, mgf, expected) in table {
        let found = KeyTransport::from_method(uri, digest, mgf);
        assert_eq!(found, expected, "{uri} {digest:?} {mgf:?}");
    }
}

#[test]
fn what_is_sealed_opens_again_at_every_length_around_a_block() {
    for alg in ContentAlg::ALL {
        let key = vec![3; alg.key_bytes()];
        for length in [0, 1, 15, 16, 17, 31, 32, 33, 1000] {
            let plaintext = vec![b'x'; length];
            let sealed = alg.seal(&key, [9; 16], &plaintext).unwrap();
            assert_eq!(*alg.open(&key, &sealed).unwrap(), plaintext, "{alg:?} {length}");
        }
    }
}

#[test]
fn nothing_opens_that_is_short_or_touched() {
    for alg in ContentAlg::ALL {
        let key = vec![3; alg.key_bytes()];
        let sealed = alg.seal(&key, [9; 16], b"<Assertion/>").unwrap();
        for length in 0..sealed.len() {
            assert!(alg.open(&key, &sealed[..length]).is_err(), "{alg:?} {length}");
        }
        assert!(alg.open(&key[1..], &sealed).is_err());
        if !alg.is_cbc() {
            for place in 0..sealed.len() {
                let mut touched = sealed.clone();
                touched[place] ^= 1;
                assert!(alg.open(&key, &touched).is_err(), "{alg:?} {place}");
            }
        }
    }
}

#[test]
fn of_cbc_padding_only_the_last_byte_counts() {
    let key = [3; 16];
    // A block in clear whose padding is 5 bytes of anything: encrypted as the first of two blocks,
    // it is cut off from the block of padding that the library adds.
    let block = b"<Assertion>\x01\x02\x03\x04\x05";
    let sealed = ContentAlg::Aes128Cbc.seal(&key, [9; 16], block).unwrap();
    let opened = ContentAlg::Aes128Cbc.open(&key, &sealed[..32]).unwrap();
    assert_eq!(*opened, b"<Assertion>");
    for padding in [0, 17, 255] {
        let mut block = *block;
        block[15] = padding;
        let sealed = ContentAlg::Aes128Cbc.seal(&key, [9; 16], &block).unwrap();
        assert!(ContentAlg::Aes128Cbc.open(&key, &sealed[..32]).is_err());
    }
}

#[test]
fn the_wycheproof_vectors_of_aes_gcm_hold() {
    let Some(file) = json_vector("wycheproof/aes_gcm_test.json") else { return };
    let mut seen = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let alg = match group["keySize"].as_u64().unwrap() {
            128 => ContentAlg::Aes128Gcm,
            192 => ContentAlg::Aes192Gcm,
            _ => ContentAlg::Aes256Gcm,
        };
        for test in group["tests"].as_array().unwrap() {
            let field = |name: &str| unhex(test[name].as_str().unwrap());
            if !field("aad").is_empty() || group["ivSize"] != 96 {
                continue;
            }
            seen += 1;
            let sealed = [field("iv"), field("ct"), field("tag")].concat();
            let opened = alg.open(&field("key"), &sealed).ok();
            let expected = (test["result"] == "valid").then(|| field("msg"));
            assert_eq!(opened.map(|text| text.to_vec()), expected, "{}", test["tcId"]);
        }
    }
    assert!(seen > 50, "{seen}");
}
