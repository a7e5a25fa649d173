//! Our metadata and messages in the eyes of xmlsec1 and of the schemas.

use idp_tests::harness::run;
use idp_tests::peers::saml::keys::KeyPair;
use idp_tests::peers::saml::message::{Message, decode};
use idp_tests::peers::saml::xmlsec;

use super::scene::{Scene, document, shared};

/// The certificate in this role for this use.
fn certificate(metadata: &Message, usage: &str) -> String {
    metadata.read(|root| {
        root.descendants()
            .filter(|node| node.tag_name().name() == "KeyDescriptor")
            .find(|node| node.attribute("use").is_none_or(|own| own == usage))
            .and_then(|node| {
                node.descendants().find(|node| node.tag_name().name() == "X509Certificate")
            })
            .and_then(|node| node.text())
            .expect("a certificate")
            .to_owned()
    })
}

#[test]
fn our_metadata_is_valid_and_signed() {
    run(async {
        let Some(scene) = shared().await else { return };
        for path in ["/saml/metadata", "/saml/sp/metadata"] {
            let url = format!("{}{path}", scene.broker.base);
            let metadata = Message { xml: document(&url).await, relay_state: None };
            assert_eq!(metadata.attribute("entityID"), Some(url));
            assert_eq!(xmlsec::invalid(&metadata.xml), None, "{}", metadata.xml);
            let signing = certificate(&metadata, "signing");
            assert!(xmlsec::verifies(&metadata.xml, &metadata.id(), &signing), "{}", metadata.xml);
            let other = KeyPair::named("stranger").unwrap().certificate_base64();
            assert!(!xmlsec::verifies(&metadata.xml, &metadata.id(), &other));
            assert!(metadata.attribute("validUntil").is_some(), "{}", metadata.xml);
            // In six languages, with somebody to tell of incidents.
            let languages: std::collections::BTreeSet<_> = metadata.read(|root| {
                root.descendants()
                    .filter(|node| node.tag_name().name() == "DisplayName")
                    .filter_map(|node| {
                        node.attribute(("http://www.w3.org/XML/1998/namespace", "lang"))
                    })
                    .map(str::to_owned)
                    .collect()
            });
            assert_eq!(
                languages.into_iter().collect::<Vec<_>>(),
                ["ar", "en", "es", "fr", "ru", "zh"]
            );
        }
    });
}

#[test]
fn our_answers_are_valid_signed_twice_and_opened_by_their_reader_alone() {
    run(async {
        let Some(scene) = shared().await else { return };
        let url = format!("{}/saml/metadata", scene.broker.base);
        let metadata = Message { xml: document(&url).await, relay_state: None };
        let signing = certificate(&metadata, "signing");
        let mut visitor = Scene::visitor();
        for name in ["plain", "sp"] {
            let provider = scene.provider(name);
            let told = scene.sign_in_to(&mut visitor, &provider, &[], "borge").await;
            let xml = decode(told["raw"].as_str().unwrap());
            let answer = Message { xml, relay_state: None };
            assert_eq!(xmlsec::invalid(&answer.xml), None, "{}", answer.xml);
            assert!(xmlsec::verifies(&answer.xml, &answer.id(), &signing), "{}", answer.xml);
            let opened = match name {
                "sp" => {
                    assert!(!answer.has("Assertion"), "{}", answer.xml);
                    let keys = KeyPair::named("sp").unwrap();
                    let other = KeyPair::named("stranger").unwrap();
                    assert!(xmlsec::decrypt(&answer.xml, other).is_none());
                    let xml = xmlsec::decrypt(&answer.xml, keys).expect("opened by its reader");
                    Message { xml, relay_state: None }
                }
                _ => answer,
            };
            let id = opened.attribute_of("Assertion", "ID").expect("an assertion");
            assert!(xmlsec::verifies(&opened.xml, &id, &signing), "{}", opened.xml);
            assert!(!opened.xml.contains("sha1"), "{}", opened.xml);
        }
    });
}
