//! Keys that are no keys, and signatures that are none.

use aws_lc_rs::signature::{RSA_PSS_SHA256, RsaKeyPair, RsaPssSaltLength};
use num_bigint::BigUint;
use proptest::prelude::*;

use super::{BadSignature, VerifyingKey};
use crate::dsig::SignatureAlg;
use crate::dsig::keys::{Certificate, KeyError, SigningKey};
use crate::dsig::testing::{json_vector, pair, rsa, signing, unhex, verifying};

/// One DER element.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    if length < 0x80 {
        bytes.push(u8::try_from(length).unwrap());
    } else {
        bytes.push(0x82);
        bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
    }
    bytes.extend(content);
    bytes
}

fn der_number(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes[0] & 0x80 != 0 {
        bytes.insert(0, 0);
    }
    der(2, &bytes)
}

fn rsa_spki(modulus: &BigUint, exponent: u32) -> Vec<u8> {
    let key = [der_number(modulus), der_number(&BigUint::from(exponent))].concat();
    let key = [vec![0], der(0x30, &key)].concat();
    let algorithm = unhex("300d06092a864886f70d0101010500");
    der(0x30, &[algorithm, der(3, &key)].concat())
}

fn odd_number(bits: u32) -> BigUint {
    (BigUint::from(1u8) << (bits - 1)) + BigUint::from(1u8)
}

fn ec_spki(curve: &str, point: &[u8]) -> Vec<u8> {
    let curve = unhex(curve);
    let algorithm = der(0x30, &[unhex("06072a8648ce3d0201"), curve].concat());
    der(0x30, &[algorithm, der(3, &[&[0], point].concat())].concat())
}

const P256_OID: &str = "06082a8648ce3d030107";
const P384_OID: &str = "06052b81040022";
const P521_OID: &str = "06052b81040023";
const SECP256K1_OID: &str = "06052b8104000a";

#[test]
fn what_one_signs_the_other_verifies_with_every_algorithm() {
    for alg in SignatureAlg::ALL {
        let signature = signing(alg).sign(alg, b"message").unwrap();
        let key = verifying(alg);
        assert_eq!(key.verify(alg, b"message", &signature), Ok(()), "{alg:?}");
        assert_eq!(key.verify(alg, b"massage", &signature), Err(BadSignature), "{alg:?}");
        for other in SignatureAlg::ALL.into_iter().filter(|other| *other != alg) {
            assert_eq!(key.verify(other, b"message", &signature), Err(BadSignature));
        }
    }
}

#[test]
fn a_key_signs_and_verifies_only_with_what_fits_it() {
    for alg in SignatureAlg::ALL {
        for other in SignatureAlg::ALL {
            let fits = std::ptr::eq(pair(alg), pair(other));
            assert_eq!(verifying(alg).fits(other), fits);
            assert_eq!(signing(alg).fits(other), fits);
            let unfit = (!fits).then_some(KeyError::Unfit(other));
            assert_eq!(signing(alg).sign(other, b"").err(), unfit);
        }
    }
}

#[test]
fn ecdsa_signatures_are_r_and_s_at_full_length() {
    let (p256, p384) = (SignatureAlg::EcdsaSha256, SignatureAlg::EcdsaSha384);
    // Leading zeros are kept: one signature in 128 would be shorter otherwise.
    let (short, long) = (signing(p256), signing(p384));
    for message in 0..400_u16 {
        assert_eq!(short.sign(p256, &message.to_be_bytes()).unwrap().len(), 64);
        assert_eq!(long.sign(p384, &message.to_be_bytes()).unwrap().len(), 96);
    }
}

#[test]
fn keys_that_are_too_small_or_too_large_are_refused_by_size() {
    for bits in [512, 1024, 2047, 8193, 16384] {
        let error = VerifyingKey::from_spki(&rsa_spki(&odd_number(bits), 65537)).unwrap_err();
        assert_eq!(error, KeyError::Size(bits as usize));
    }
    for bits in [2048, 2049, 3072, 4096, 8192] {
        VerifyingKey::from_spki(&rsa_spki(&odd_number(bits), 65537)).unwrap();
    }
    assert_eq!(
        KeyError::Size(1024).to_string(),
        "an RSA key of 1024 bits is refused: 2048 to 8192 are accepted"
    );
}

#[test]
fn exponents_that_are_no_exponents_are_refused() {
    for exponent in [0, 1, 2, 65536] {
        let error = VerifyingKey::from_spki(&rsa_spki(&odd_number(2048), exponent)).unwrap_err();
        assert_eq!(error, KeyError::PublicKey, "{exponent}");
    }
}

#[test]
fn curves_other_than_two_and_points_off_their_curve_are_refused() {
    for (curve, half) in [(P521_OID, 66), (SECP256K1_OID, 32)] {
        let point = [vec![4], vec![1; 2 * half]].concat();
        let error = VerifyingKey::from_spki(&ec_spki(curve, &point)).unwrap_err();
        assert_eq!(error, KeyError::Curve);
    }
    for (curve, half) in [(P256_OID, 32), (P384_OID, 48)] {
        let off = [vec![4], vec![1; 2 * half]].concat();
        for point in [&[][..], &[0], &[4], &off] {
            let error = VerifyingKey::from_spki(&ec_spki(curve, point)).unwrap_err();
            assert_eq!(error, KeyError::PublicKey, "{point:?}");
        }
    }
    // Parameters written out instead of a name can describe any curve (CVE-2020-0601).
    let explicit = der(0x30, &[unhex("06072a8648ce3d0201"), unhex("3003020101")].concat());
    let explicit = der(0x30, &[explicit, der(3, &[0, 4])].concat());
    assert_eq!(VerifyingKey::from_spki(&explicit).unwrap_err(), KeyError::Curve);
}

#[test]
fn keys_of_other_types_are_refused_by_name() {
    let ed25519 = der(0x30, &[unhex("300506032b6570"), der(3, &[0; 33])].concat());
    let error = VerifyingKey::from_spki(&ed25519).unwrap_err();
    assert_eq!(error, KeyError::Type("1.3.101.112".to_owned()));
}

#[test]
fn nothing_may_follow_a_key_or_a_certificate() {
    let mut longer = rsa().certificate.clone();
    longer.push(0);
    assert_eq!(VerifyingKey::from_certificate(&longer).unwrap_err(), KeyError::Certificate);
    let mut longer = rsa_spki(&odd_number(2048), 3);
    longer.push(0);
    assert_eq!(VerifyingKey::from_spki(&longer).unwrap_err(), KeyError::PublicKey);
}

#[test]
fn a_private_key_needs_its_own_certificate() {
    let rsa_key = rsa();
    let ec = pair(SignatureAlg::EcdsaSha256);
    let other = crate::dsig::testing::fresh(crate::dsig::KeyKind::P256);
    let error = SigningKey::new(&other.pkcs8, &ec.certificate).unwrap_err();
    assert_eq!(error, KeyError::Mismatch);
    for (pkcs8, certificate) in
        [(&ec.pkcs8, &rsa_key.certificate), (&rsa_key.pkcs8, &ec.certificate)]
    {
        let error = SigningKey::new(pkcs8, certificate).unwrap_err();
        assert!(matches!(error, KeyError::PrivateKey(_)), "{error}");
    }
}

#[test]
fn a_key_knows_its_certificate_and_never_prints_itself() {
    let key = verifying(SignatureAlg::RsaSha256);
    let certificate = Certificate::from_der(&rsa().certificate).unwrap();
    assert_eq!(key.certificate(), Some(&certificate));
    assert_eq!(key.not_after(), Some(certificate.not_after()));
    assert_eq!(key.fingerprint(), certificate.fingerprint());
    assert_eq!(key.fingerprint().len(), 64);
    let printed = format!("{:?}", signing(SignatureAlg::EcdsaSha256));
    assert!(printed.starts_with("SigningKey { kind: P256, fingerprint: "), "{printed}");
}

/// n of the curve P-256.
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

#[test]
fn xsw_29_edge_values_of_ecdsa_do_not_verify() {
    let alg = SignatureAlg::EcdsaSha256;
    let key = verifying(alg);
    let genuine = signing(alg).sign(alg, b"message").unwrap();
    let (r, s) = genuine.split_at(32);
    let (zero, order, most) = ([0; 32], unhex(ORDER), [0xff; 32]);
    let beyond = |half: &[u8]| BigUint::from_bytes_be(half) + BigUint::from_bytes_be(&order);
    let beyond = |half: &[u8]| beyond(half).to_bytes_be();
    let asn1 = der(
        0x30,
        &[der_number(&BigUint::from_bytes_be(r)), der_number(&BigUint::from_bytes_be(s))].concat(),
    );
    let mut hostile = vec![
        [zero, zero].concat(),
        [r, &zero].concat(),
        [&zero, s].concat(),
        [&order, s].concat(),
        [r, &order].concat(),
        [&order[..], &order].concat(),
        [&most[..], &most].concat(),
        [s, r].concat(),
        [&beyond(r)[..], s].concat(),
        [&[0], r, &[0], s].concat(),
        [&genuine[..], &[0]].concat(),
        genuine[..63].to_vec(),
        vec![],
        asn1,
    ];
    // What is longer than it should be, cut to the length that is looked at first.
    hostile.extend(hostile.clone().into_iter().filter(|s| s.len() > 64).map(|s| s[..64].to_vec()));
    for signature in hostile.iter().filter(|signature| **signature != genuine) {
        assert_eq!(key.verify(alg, b"message", signature), Err(BadSignature), "{signature:02x?}");
    }
    assert_eq!(key.verify(alg, b"message", &genuine), Ok(()));
}

#[test]
fn xsw_29_the_other_s_of_an_ecdsa_signature_is_as_good_as_the_first() {
    // Signers of XML do not choose the lower s, so half of what honest peers send has the upper
    // one. Nothing rests on the bytes of a signature being unique: replay is told by the
    // assertion's ID.
    let alg = SignatureAlg::EcdsaSha256;
    let genuine = signing(alg).sign(alg, b"message").unwrap();
    let (r, s) = genuine.split_at(32);
    let other = BigUint::from_bytes_be(&unhex(ORDER)) - BigUint::from_bytes_be(s);
    let other = other.to_bytes_be();
    let padded = [vec![0; 32 - other.len()], other].concat();
    assert_eq!(verifying(alg).verify(alg, b"message", &[r, &padded].concat()), Ok(()));
}

#[test]
fn xsw_29_edge_values_of_rsa_do_not_verify() {
    let key = verifying(SignatureAlg::RsaSha256);
    let public = Certificate::from_der(&rsa().certificate).unwrap().public().bits.clone();
    let (_, read) = x509_parser::der_parser::parse_der(&public).unwrap();
    let modulus = BigUint::from_bytes_be(read.as_sequence().unwrap()[0].as_slice().unwrap());
    let full = |number: BigUint| {
        let bytes = number.to_bytes_be();
        [vec![0; 256_usize.saturating_sub(bytes.len())], bytes].concat()
    };
    let one = BigUint::from(1u8);
    for alg in SignatureAlg::ALL.into_iter().filter(|alg| key.fits(*alg)) {
        let genuine = signing(alg).sign(alg, b"message").unwrap();
        let beyond = full(BigUint::from_bytes_be(&genuine) + &modulus);
        let hostile = [
            vec![],
            vec![0],
            vec![0; 256],
            vec![0xff; 256],
            full(one.clone()),
            full(&modulus - &one),
            full(modulus.clone()),
            full(&modulus + &one),
            genuine[1..].to_vec(),
            genuine[..255].to_vec(),
            [&[0], &genuine[..]].concat(),
            [&genuine[..], &[0]].concat(),
            beyond,
        ];
        for signature in &hostile {
            assert_eq!(key.verify(alg, b"message", signature), Err(BadSignature), "{alg:?}");
        }
        assert_eq!(key.verify(alg, b"message", &genuine), Ok(()));
    }
}

#[test]
fn xsw_29_padding_with_garbage_behind_the_digest_does_not_verify() {
    // With the exponent 3, a signature over any message is a cube root, if what follows the
    // digest is not looked at (Bleichenbacher, 2006): no private key is needed.
    let modulus = odd_number(2048);
    let key = VerifyingKey::from_spki(&rsa_spki(&modulus, 3)).unwrap();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"message");
    let info = unhex("3031300d060960864801650304020105000420");
    let start = [&[0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0][..], &info]
        .concat()
        .into_iter()
        .chain(digest.as_ref().iter().copied())
        .collect::<Vec<_>>();
    let mut block = start.clone();
    block.resize(256, 0xff);
    let forged = BigUint::from_bytes_be(&block).cbrt();
    let cube = forged.pow(3).to_bytes_be();
    assert!(cube.starts_with(&start[1..]), "the forgery is one");
    let forged = forged.to_bytes_be();
    let forged = [vec![0; 256 - forged.len()], forged].concat();
    assert_eq!(key.verify(SignatureAlg::RsaSha256, b"message", &forged), Err(BadSignature));
}

#[test]
fn a_salt_of_another_length_than_the_digest_does_not_verify() {
    const SHORT: aws_lc_rs::signature::RsaSignatureEncoding =
        RSA_PSS_SHA256.with_pss_salt_length(RsaPssSaltLength::Custom(8));
    let own = RsaKeyPair::from_pkcs8(&rsa().pkcs8).unwrap();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"message");
    let mut signature = vec![0; 256];
    own.sign_digest(&SHORT, &digest, &mut signature).unwrap();
    let key = verifying(SignatureAlg::RsaPssSha256);
    let verdict = key.verify(SignatureAlg::RsaPssSha256, b"message", &signature);
    assert_eq!(verdict, Err(BadSignature));
}

#[test]
fn xsw_29_the_wycheproof_vectors_of_ecdsa_hold() {
    let Some(file) = json_vector("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json") else {
        return;
    };
    let mut seen = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let spki = unhex(group["publicKeyDer"].as_str().unwrap());
        let key = VerifyingKey::from_spki(&spki).unwrap();
        for test in group["tests"].as_array().unwrap() {
            let field = |name: &str| unhex(test[name].as_str().unwrap());
            let verdict = key.verify(SignatureAlg::EcdsaSha256, &field("msg"), &field("sig"));
            assert_eq!(verdict.is_ok(), test["result"] == "valid", "{}", test["tcId"]);
            seen += 1;
        }
    }
    assert_eq!(seen, file["numberOfTests"].as_u64().unwrap());
}

proptest! {
    #[test]
    fn no_bytes_make_reading_a_key_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = VerifyingKey::from_certificate(&bytes);
        let _ = VerifyingKey::from_spki(&bytes);
    }

    #[test]
    fn no_touched_certificate_makes_reading_it_panic(
        place in 0..700_usize,
        byte in any::<u8>(),
        length in 0..900_usize,
    ) {
        let mut certificate = rsa().certificate.clone();
        if let Some(touched) = certificate.get_mut(place) {
            *touched = byte;
        }
        certificate.truncate(length);
        let _ = VerifyingKey::from_certificate(&certificate);
    }
}
