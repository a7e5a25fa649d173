//! Assertions that are encrypted to us, and what is let pass by exception.

use idp_saml::dsig::{ContentAlg, ENCRYPTION_RANDOM, EncryptionKey, KeyTransport, encrypt};
use idp_saml::xml::{Markup, ns};

use super::*;

fn sealed(assertion: &Markup, content: ContentAlg, transport: KeyTransport) -> Markup {
    let to = EncryptionKey::from_certificate(&OURS.published_encryption_certs[0]).unwrap();
    let random = [5; ENCRYPTION_RANDOM];
    let data = encrypt(&assertion.to_canonical(), &to, content, transport, NOW, random).unwrap();
    Markup::new(ns::SAML, "EncryptedAssertion").child(data)
}

fn modern(assertion: &Markup) -> Markup {
    sealed(assertion, ContentAlg::Aes256Gcm, KeyTransport::OaepSha256Mgf1Sha256)
}

fn with_sha1(assertion: &Markup) -> Markup {
    sealed(assertion, ContentAlg::Aes128Gcm, KeyTransport::OaepSha1Mgf1Sha1)
}

fn in_cbc(assertion: &Markup) -> Markup {
    sealed(assertion, ContentAlg::Aes256Cbc, KeyTransport::OaepSha256Mgf1Sha256)
}

#[tokio::test]
async fn an_encrypted_assertion_is_opened_and_judged_like_any_other() {
    let scene = Scene::with(&json!({"require_encryption": true}));
    let event = scene.proven(|told| told.wrap = modern).await;
    assert_eq!(event.identity.subject.as_str(), "persistent   Alice-1");
    let other = scene.refused(|told| {
        told.wrap = modern;
        told.audience = "https://sp2.example/metadata".to_owned();
    });
    assert_eq!(other.await.reason(), "audience");
}

#[tokio::test]
async fn enc_02_oaep_with_sha_1_is_let_pass_by_exception_only() {
    let refused = Scene::new().refused(|told| told.wrap = with_sha1).await;
    assert_eq!(refused.reason(), "algorithm");
    let scene = Scene::with(&json!({"encryption": {"allow_oaep_sha1": true}}));
    scene.proven(|told| told.wrap = with_sha1).await;
}

#[tokio::test]
async fn cbc_is_let_pass_until_its_day_is_over_and_inside_a_signed_response_alone() {
    // 2027-01-15T08:00:00Z is when all tests happen.
    let until = |day: &str| Scene::with(&json!({"encryption": {"allow_cbc_until": day}}));
    let signed = |told: &mut Told| {
        told.wrap = in_cbc;
        told.signed = true;
    };
    until("2027-01-15").proven(signed).await;
    assert_eq!(until("2027-01-14").refused(signed).await.reason(), "algorithm");
    assert_eq!(Scene::new().refused(signed).await.reason(), "algorithm");
    let refused = until("2027-01-15").refused(|told| told.wrap = in_cbc).await;
    assert_eq!(refused.reason(), "algorithm");
}
