//! ENC: what is encrypted, for whom, and with what.

use std::collections::BTreeSet;

use idp_tests::harness::run;
use idp_tests::peers::saml::forge::{AuthnRequest, Encryption};
use idp_tests::peers::saml::message::{Message, REDIRECT, base64};

use super::bench::saml_bench;
use crate::house::{self, EVE};

const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";

#[test]
fn enc_02_old_key_transport_and_ciphers_are_refused_before_a_key_is_used() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let certificate = bench.encryption_certificate().await;
        let gcm = Encryption::to(&certificate);
        let with = |content: &str, transport: &str| Encryption {
            content: content.to_owned(),
            transport: transport.to_owned(),
            ..gcm.clone()
        };
        let weak = [
            with(&gcm.content, "http://www.w3.org/2001/04/xmlenc#rsa-1_5"),
            with("http://www.w3.org/2001/04/xmlenc#aes128-cbc", OAEP),
            with("http://www.w3.org/2001/04/xmlenc#aes256-cbc", OAEP),
            with("http://www.w3.org/2001/04/xmlenc#tripledes-cbc", OAEP),
        ];
        for encryption in weak {
            bench
                .refuses("age", &["algorithm"], |honest, held| {
                    honest.encryption = Some(encryption);
                    honest.signed(held.agency.keys)
                })
                .await;
        }
        // OAEP with SHA-1 is an exception that a source must have been granted.
        bench
            .refuses("aga", &["algorithm"], |honest, held| {
                honest.encryption = Some(gcm.clone());
                honest.signed(held.agency.keys)
            })
            .await;
    });
}

#[test]
fn enc_03_every_key_that_does_not_open_looks_the_same() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let certificate = bench.encryption_certificate().await;
        let mut pages = BTreeSet::new();
        let mut reasons = BTreeSet::new();
        for (number, broken) in
            [vec![0; 256], vec![0xff; 256], vec![1; 256], vec![0x7f; 255], vec![0x55; 512]]
                .into_iter()
                .enumerate()
        {
            println!("broken key {number}");
            let mut held = bench.hold("age").await;
            let mut response = held.agency.response(&held.asked, "mallory");
            response.encryption = Some(Encryption::to(&certificate));
            let xml = response.signed(held.agency.keys);
            let begin = xml.find("<xenc:CipherValue>").unwrap() + "<xenc:CipherValue>".len();
            let end = xml.find("</xenc:CipherValue>").unwrap();
            // The outer signature would tell: only the assertion inside is signed.
            let xml = format!("{}{}{}", &xml[..begin], base64(broken), &xml[end..]);
            let (before, after) = (xml.find("<ds:Signature ").unwrap(), "</ds:Signature>");
            let xml =
                format!("{}{}", &xml[..before], &xml[xml.find(after).unwrap() + after.len()..]);
            let mark = bench.bench.mark().await;
            let page = held.deliver(xml).await;
            let row = bench.refused(&mut held, &page, &mark, &["key", "schema"]).await;
            let reference = row.body["reference"].as_str().unwrap().to_owned();
            pages.insert((page.status, page.text().replace(&reference, "REFERENCE")));
            reasons.insert(row.reason);
        }
        assert_eq!(pages.len(), 1, "{pages:#?}");
        assert_eq!(reasons.len(), 1, "{reasons:?}");
    });
}

/// What stands inside instead of an assertion.
type Wrap = fn(&str) -> String;

#[test]
fn enc_05_what_is_inside_is_judged_like_what_is_outside() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let certificate = bench.encryption_certificate().await;
        let plains: [(&[&str], Wrap); 6] = [
            (&["doctype_forbidden"], |xml| format!("<!DOCTYPE x [<!ENTITY e \"x\">]>{xml}")),
            (&["not_well_formed", "schema"], |xml| xml.repeat(2)),
            (&["schema", "assertion_count"], |_| {
                "<x xmlns=\"urn:x\">not an assertion</x>".to_owned()
            }),
            (&["not_well_formed", "schema"], |xml| {
                xml.replacen("xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"", "", 1)
            }),
            (&["encoding", "not_well_formed"], |_| "\0\0\0\0".to_owned()),
            (&["mixed_content_in_value", "schema"], |xml| xml.replacen("mallory", "m<!---->a", 1)),
        ];
        for (reasons, wrap) in plains {
            bench
                .refuses("age", reasons, |honest, held| {
                    let plain = wrap(&honest.assertion.signed(held.agency.keys));
                    let wrapped = Encryption::to(&certificate).wrap(&plain);
                    honest.signed_around(&wrapped, held.agency.keys)
                })
                .await;
        }
    });
}

#[test]
fn enc_06_an_encrypted_name_outside_what_is_signed_names_nobody() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let certificate = bench.encryption_certificate().await;
        bench
            .refuses("age", &["unsigned", "signature_invalid"], |honest, held| {
                // Another's encrypted name in a wrapper that nobody has signed.
                honest.signature = None;
                let name = Encryption::to(&certificate)
                    .wrap(&honest.assertion.name_id)
                    .replace("EncryptedAssertion", "EncryptedID");
                honest.assertion.name_id = name;
                honest.assertion.signature = None;
                honest.signed(held.agency.keys)
            })
            .await;
        bench
            .refuses("age", &["signature_invalid"], |honest, held| {
                // In place of the name that was signed.
                let name = Encryption::to(&certificate)
                    .wrap(&honest.assertion.name_id.replace("mallory", "alice"))
                    .replace("EncryptedAssertion", "EncryptedID");
                let xml = honest.signed(held.agency.keys);
                xml.replacen(&honest.assertion.name_id, &name, 1)
            })
            .await;
    });
}

#[test]
fn enc_07_where_encryption_is_demanded_nothing_else_is_taken() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        bench
            .refuses("agr", &["encryption_required"], |honest, held| {
                honest.signed(held.agency.keys)
            })
            .await;
        let certificate = bench.encryption_certificate().await;
        bench
            .takes("agr", |honest, held| {
                honest.encryption = Some(Encryption::to(&certificate));
                honest.signed(held.agency.keys)
            })
            .await;
    });
}

#[test]
fn enc_08_a_service_that_can_only_be_told_in_weak_ciphers_is_told_nothing() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let at = bench.sso(REDIRECT).await;
        for name in ["sp3des", "spcbc", "sprsa15", "sptiny", "spenc"] {
            let party = bench.provider(name);
            let mut visitor = house::visitor().stopping_at(&party.home());
            let request = AuthnRequest::honest(&party.entity_id, &at);
            let url = request.query(None).signed(party.keys).at(&at);
            let page = visitor.open(&url).await;
            let page = house::go_on(&mut visitor, page, EVE).await;
            let answer = Message::of(&page);
            assert!(!answer.has("Assertion"), "{name}: in the clear: {}", answer.xml);
            assert!(!answer.xml.contains(EVE.mail), "{name}: {}", answer.xml);
            if name == "spenc" {
                // The control: what can be told is told.
                assert_eq!(answer.status(), ["Success"]);
                assert!(answer.has("EncryptedAssertion"), "{}", answer.xml);
            } else {
                assert_eq!(answer.status()[0], "Responder", "{name}: {}", answer.xml);
                assert!(!answer.has("EncryptedAssertion"), "{name}: {}", answer.xml);
            }
        }
    });
}
