//! Tests of making, reading and using private keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::*;
use crate::keys::testing;

#[test]
fn a_key_of_each_kind_signs_what_its_public_half_verifies() {
    for kind in [
        KeyKind::Es256,
        KeyKind::EdDsa,
        KeyKind::Rs256Bits2048,
        KeyKind::Rs256Bits3072,
        KeyKind::Ps256Bits2048,
    ] {
        let key = SigningKey::from_pkcs8(kind.alg(), &testing::pkcs8(kind)).unwrap();
        assert_eq!(key.kind(), kind);
        let signature = key.sign(b"message").unwrap();
        assert!(key.public().verify(kind.alg(), b"message", &signature), "{kind:?}");
        assert!(!key.public().verify(kind.alg(), b"massage", &signature), "{kind:?}");
    }
}

#[test]
fn an_rsa_signature_of_one_padding_is_none_of_the_other() {
    let (pkcs1, pss) = (testing::key(SigningAlg::Rs256), testing::key(SigningAlg::Ps256));
    let (one, other) = (pkcs1.sign(b"m").unwrap(), pss.sign(b"m").unwrap());
    assert!(!pkcs1.public().verify(SigningAlg::Ps256, b"m", &one));
    assert!(!pss.public().verify(SigningAlg::Rs256, b"m", &other));
}

#[test]
fn bytes_of_another_kind_are_refused() {
    let (ec, rsa) = (testing::pkcs8(KeyKind::Es256), testing::pkcs8(KeyKind::Rs256Bits2048));
    for (alg, bytes) in [
        (SigningAlg::Es256, rsa.as_slice()),
        (SigningAlg::EdDsa, &ec),
        (SigningAlg::Rs256, &ec),
        (SigningAlg::Ps256, b""),
        (SigningAlg::Es256, &ec[..ec.len() - 1]),
    ] {
        assert!(matches!(SigningKey::from_pkcs8(alg, bytes), Err(KeyError::Parse { .. })));
    }
}

#[test]
fn a_key_shows_its_name_and_not_itself() {
    let key = testing::key(SigningAlg::EdDsa);
    let shown = format!("{key:?}");
    assert_eq!(shown, format!("SigningKey {{ kind: EdDsa, kid: {:?}, .. }}", key.kid()));
}

#[test]
fn rfc_8037_a_4_is_reproduced_byte_for_byte() {
    // Appendix A.1: the private key, here with the head of its PKCS #8 form.
    let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
    let mut pkcs8 = vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ];
    pkcs8.extend(seed);
    let key = SigningKey::from_pkcs8(SigningAlg::EdDsa, &pkcs8).unwrap();
    assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    let signature = key.sign(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc").unwrap();
    assert_eq!(
        URL_SAFE_NO_PAD.encode(signature),
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
}
