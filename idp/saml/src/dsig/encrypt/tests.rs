//! What is chosen to encrypt with, and what comes of it.

use expect_test::expect;

use super::{NoAcceptable, Offer, choose, encrypt};
use crate::dsig::testing::{FROM, encryption, pair, rsa};
use crate::dsig::{ContentAlg, EncryptionKey, KeyError, KeyTransport, SignatureAlg};
use idp_domain::{Lifetime, Timestamp};

fn plain(algorithm: &str) -> Offer<'_> {
    Offer { algorithm, digest: None, mgf: None }
}

const GCM_128: &str = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
const GCM_256: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
const CBC_128: &str = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";
const CBC_256: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
const TRIPLE_DES: &str = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc";
const RSA_1_5: &str = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";
const OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const SHA512: &str = "http://www.w3.org/2001/04/xmlenc#sha512";

#[test]
fn the_strongest_that_both_have_is_chosen() {
    let chosen = |offers: &[Offer<'_>]| choose(offers.iter().copied(), false).unwrap();
    assert_eq!(chosen(&[]), (ContentAlg::Aes256Gcm, KeyTransport::OaepSha1Mgf1Sha1));
    assert_eq!(
        chosen(&[plain(GCM_128), plain(CBC_256), plain(OAEP_MGF1P)]),
        (ContentAlg::Aes128Gcm, KeyTransport::OaepSha1Mgf1Sha1)
    );
    assert_eq!(
        chosen(&[plain(CBC_128), plain(GCM_128), plain(GCM_256), plain(RSA_1_5), plain(OAEP)]),
        (ContentAlg::Aes256Gcm, KeyTransport::OaepSha256Mgf1Sha256)
    );
    assert_eq!(
        chosen(&[plain(OAEP_MGF1P), plain(OAEP)]),
        (ContentAlg::Aes256Gcm, KeyTransport::OaepSha256Mgf1Sha256)
    );
    let sha512 = Offer { algorithm: OAEP, digest: Some(SHA512), mgf: None };
    assert_eq!(chosen(&[sha512]), (ContentAlg::Aes256Gcm, KeyTransport::OaepSha512Mgf1Sha512));
    let sha1 = Offer { algorithm: OAEP_MGF1P, digest: Some(SHA1), mgf: None };
    assert_eq!(chosen(&[sha1]), (ContentAlg::Aes256Gcm, KeyTransport::OaepSha1Mgf1Sha1));
}

#[test]
fn enc_08_a_peer_that_names_only_weak_algorithms_gets_nothing() {
    for weak in [
        &[CBC_256, CBC_128][..],
        &[TRIPLE_DES],
        &[CBC_256, TRIPLE_DES, OAEP],
        &["http://www.w3.org/2001/04/xmlenc#aes192-cbc"],
    ] {
        let offers = weak.iter().copied().map(plain);
        assert_eq!(choose(offers, false), Err(NoAcceptable::Content), "{weak:?}");
    }
    for weak in [
        &[RSA_1_5][..],
        &[GCM_256, RSA_1_5],
        &["http://www.w3.org/2001/04/xmlenc#kw-aes256"],
        &["http://www.w3.org/2009/xmlenc11#ECDH-ES", GCM_256],
        &["urn:example:unheard-of"],
    ] {
        let offers = weak.iter().copied().map(plain);
        assert_eq!(choose(offers, false), Err(NoAcceptable::Transport), "{weak:?}");
    }
    for (algorithm, digest) in [(OAEP_MGF1P, SHA256), (OAEP, SHA1)] {
        let mixed = Offer { algorithm, digest: Some(digest), mgf: None };
        assert_eq!(choose([mixed], false), Err(NoAcceptable::Transport));
    }
}

#[test]
fn enc_08_cbc_is_chosen_by_exception_and_then_only_for_want_of_better() {
    let all = [plain(CBC_256), plain(GCM_128)];
    assert_eq!(choose(all, true).unwrap().0, ContentAlg::Aes128Gcm);
    assert_eq!(choose([plain(CBC_128), plain(CBC_256)], true).unwrap().0, ContentAlg::Aes256Cbc);
    assert_eq!(choose([plain(TRIPLE_DES)], true), Err(NoAcceptable::Content));
}

#[test]
fn enc_08_a_key_is_rsa_and_large_enough() {
    let ec = &pair(SignatureAlg::EcdsaSha256).certificate;
    assert_eq!(EncryptionKey::from_certificate(ec).unwrap_err(), KeyError::NotRsa);
    assert_eq!(EncryptionKey::from_certificate(RSA_1024).unwrap_err(), KeyError::Size(1024),);
}

/// A self-signed certificate of an RSA key of 1024 bits.
const RSA_1024: &[u8] = include_bytes!("rsa1024.der");

#[test]
fn enc_08_a_certificate_that_has_ended_gets_nothing() {
    let key = encryption();
    let last = key.certificate().not_after();
    let attempt = |now: Timestamp| {
        encrypt(b"x", &key, ContentAlg::Aes256Gcm, KeyTransport::OaepSha1Mgf1Sha1, now, [1; 48])
    };
    assert!(attempt(FROM).is_ok());
    assert!(attempt(last).is_ok());
    assert_eq!(attempt(last + Lifetime::seconds(1)).err(), Some(KeyError::Expired));
    assert!(!key.is_current(last + Lifetime::seconds(1)));
}

#[test]
fn the_element_says_all_that_a_peer_needs() {
    let markup = encrypt(
        b"<x/>",
        &encryption(),
        ContentAlg::Aes128Gcm,
        KeyTransport::OaepSha256Mgf1Sha256,
        FROM,
        [1; 48],
    )
    .unwrap();
    let text = String::from_utf8(markup.to_canonical()).unwrap();
    let short: String = text
        .split('>')
        .map(|part| match part.split_once('<') {
            Some((value, tag)) if value.len() > 80 => format!("…<{tag}"),
            _ => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join(">\n");
    expect![[r#"
        <xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Element">
        <xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes128-gcm">
        </xenc:EncryptionMethod>
        <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
        <xenc:EncryptedKey>
        <xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#rsa-oaep">
        <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256">
        </ds:DigestMethod>
        <xenc11:MGF xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" Algorithm="http://www.w3.org/2009/xmlenc11#mgf1sha256">
        </xenc11:MGF>
        </xenc:EncryptionMethod>
        <ds:KeyInfo>
        <ds:X509Data>
        <ds:X509Certificate>
        …</ds:X509Certificate>
        </ds:X509Data>
        </ds:KeyInfo>
        <xenc:CipherData>
        <xenc:CipherValue>
        …</xenc:CipherValue>
        </xenc:CipherData>
        </xenc:EncryptedKey>
        </ds:KeyInfo>
        <xenc:CipherData>
        <xenc:CipherValue>
        AQEBAQEBAQEBAQEBi1+OJoJOi+dJgLZBMaFyJ409+Uw=</xenc:CipherValue>
        </xenc:CipherData>
        </xenc:EncryptedData>
    "#]].assert_eq(&short);
}

#[test]
fn each_encryption_is_another_and_none_shows_its_key() {
    let key = encryption();
    let once = |random: [u8; 48]| {
        let (content, transport) = (ContentAlg::Aes256Gcm, KeyTransport::OaepSha1Mgf1Sha1);
        encrypt(b"plain", &key, content, transport, FROM, random).unwrap().to_canonical()
    };
    // Even with the same chance: the seed of OAEP is the library's own.
    assert_ne!(once([1; 48]), once([1; 48]));
    assert_ne!(once([1; 48]), once([2; 48]));
    assert_eq!(format!("{key:?}").len(), "EncryptionKey(\"\")".len() + 64);
    assert!(!rsa().pkcs8.is_empty());
}
