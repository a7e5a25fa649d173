//! Tests of single public keys.

use super::*;
use crate::keys::testing;

fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

const RFC_7638_N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aP\
    FFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5\
    v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-\
    bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

//= rfc7638#3-1 test
#[test]
fn the_thumbprint_is_that_of_rfc_7638_3_1() {
    let key = PublicKey::rsa(decode(RFC_7638_N), decode("AQAB")).unwrap();
    assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn the_example_of_rfc_7515_a_3_verifies() {
    let mut point = vec![4];
    point.extend(decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"));
    point.extend(decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
    let key = PublicKey::p256(&point).unwrap();
    let signed = b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
        Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = decode(
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    );
    assert!(key.verify(SigningAlg::Es256, signed, &signature));
    assert!(!key.verify(SigningAlg::Es256, &signed[1..], &signature));
}

#[test]
fn an_ec_signature_in_asn_1_or_of_another_length_is_refused() {
    let key = testing::key(SigningAlg::Es256);
    let signature = key.sign(b"m").unwrap();
    assert_eq!(signature.len(), 64);
    let mut longer = signature.clone();
    longer.push(0);
    assert!(!key.public().verify(SigningAlg::Es256, b"m", &longer));
    assert!(!key.public().verify(SigningAlg::Es256, b"m", &signature[..63]));
    assert!(!key.public().verify(SigningAlg::Es256, b"m", &[]));
    assert!(!key.public().verify(SigningAlg::Es256, b"m", &[0; 64]));
}

#[test]
fn a_key_verifies_nothing_for_an_algorithm_of_another_type() {
    for alg in SigningAlg::ALL {
        let key = testing::key(alg);
        let signature = key.sign(b"m").unwrap();
        for other in SigningAlg::ALL {
            assert_eq!(key.public().verify(other, b"m", &signature), other == alg, "{alg} {other}");
        }
    }
}

#[test]
fn points_off_the_curve_and_of_wrong_form_are_refused() {
    let good = {
        let mut point = vec![4];
        point.extend(decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"));
        point.extend(decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
        point
    };
    let mut off = good.clone();
    off[64] ^= 1;
    assert_eq!(PublicKey::p256(&off).unwrap_err(), JwkError::NotAKey);
    assert_eq!(PublicKey::p256(&good[..64]).unwrap_err(), JwkError::Form);
    let mut compressed = good[..33].to_vec();
    compressed[0] = 2;
    assert_eq!(PublicKey::p256(&compressed).unwrap_err(), JwkError::Form);
    assert_eq!(PublicKey::ed25519(&[1; 31]).unwrap_err(), JwkError::Form);
}

#[test]
fn jwt_10_weak_rsa_keys_are_refused() {
    let n = decode(RFC_7638_N);
    let rsa = |n: &[u8], e: &[u8]| PublicKey::rsa(n.to_vec(), e.to_vec()).unwrap_err();
    assert_eq!(rsa(&n[..128], &[1, 0, 1]), JwkError::RsaSize { bits: 1024 });
    assert_eq!(rsa(&n[..255], &[1, 0, 1]), JwkError::RsaSize { bits: 2040 });
    assert_eq!(rsa(&[0xff; 1025], &[1, 0, 1]), JwkError::RsaSize { bits: 8200 });
    // 2,048 bits long in bytes, but with a first bit of zero.
    let mut short = n.clone();
    short[0] = 0x7f;
    assert_eq!(rsa(&short, &[1, 0, 1]), JwkError::RsaSize { bits: 2048 });
    for e in [&[1][..], &[3], &[1, 0, 0], &[1, 0, 2], &[1, 0, 0, 0, 1]] {
        assert_eq!(rsa(&n, e), JwkError::RsaExponent, "{e:?}");
    }
    let mut padded = vec![0];
    padded.extend(&n);
    assert_eq!(rsa(&padded, &[1, 0, 1]), JwkError::Form);
    assert_eq!(rsa(&n, &[0, 1, 0, 1]), JwkError::Form);
    assert_eq!(rsa(&[], &[1, 0, 1]), JwkError::Form);
}
