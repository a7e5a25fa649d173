//! XSW, the second half: whose key it is, and what it signs with.

use idp_tests::harness::run;
use idp_tests::peers::canary::Canary;
use idp_tests::peers::saml::forge::{AuthnRequest, Encryption, Response};
use idp_tests::peers::saml::keys::KeyPair;
use idp_tests::peers::saml::message::{REDIRECT, base64};
use idp_tests::peers::saml::xmlsec::Algorithms;

use super::bench::{Held, saml_bench};

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// A whole answer about alice that these keys have signed.
fn about_alice(held: &Held, keys: &KeyPair) -> String {
    held.agency.response(&held.asked, "alice").signed(keys)
}

#[test]
fn xsw_15_a_key_that_a_message_brings_along_is_nobodys() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let canary = Canary::start().await;
        let attacker = KeyPair::named("attacker").unwrap();
        let certificate = |pair: &KeyPair| {
            format!(
                "<ds:X509Data><ds:X509SubjectName>CN=aga</ds:X509SubjectName>\
                 <ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>",
                pair.certificate_base64()
            )
        };
        let infos = [
            String::new(),
            certificate(attacker),
            certificate(bench.agency("aga").keys),
            "<ds:KeyName>aga</ds:KeyName>".to_owned(),
            format!("<ds:RetrievalMethod URI=\"{}/key\"/>", canary.base),
        ];
        for info in infos {
            let row = bench
                .refuses("aga", &["signature_invalid"], |_, held| {
                    let info = match info.as_str() {
                        "" => String::new(),
                        info => format!("<ds:KeyInfo>{info}</ds:KeyInfo>"),
                    };
                    let end = format!("</ds:SignatureValue>{info}");
                    about_alice(held, attacker).replace("</ds:SignatureValue>", &end)
                })
                .await;
            assert_eq!(row.body["alert"], true, "A+");
        }
        assert_eq!(canary.calls(), 0);
    });
}

#[test]
fn xsw_16_a_key_of_another_trusted_agency_signs_for_that_agency_alone() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let keys = bench.agency("agm").keys;
        let row =
            bench.refuses("aga", &["signature_invalid"], |_, held| about_alice(held, keys)).await;
        assert_eq!(row.body["alert"], true, "A+");
    });
}

#[test]
fn xsw_19_weak_signatures_and_digests_are_refused() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let sha1 = Algorithms::named("rsa-sha1");
        let mixed = [
            sha1.clone(),
            Algorithms { signature: RSA_SHA256.to_owned(), ..sha1.clone() },
            Algorithms { digest: Algorithms::default().digest, ..sha1 },
        ];
        for algorithms in mixed {
            bench
                .refuses("aga", &["algorithm"], |honest, held| {
                    honest.signature = Some(algorithms.clone());
                    honest.assertion.signature = Some(algorithms);
                    honest.signed(held.agency.keys)
                })
                .await;
        }
        for other in [
            "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
            "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
            "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
            "",
            "urn:x",
        ] {
            bench
                .refuses("aga", &["algorithm"], |honest, held| {
                    honest.signed(held.agency.keys).replace(RSA_SHA256, other)
                })
                .await;
        }
        for digest in ["http://www.w3.org/2001/04/xmldsig-more#md5", "urn:x"] {
            bench
                .refuses("aga", &["algorithm"], |honest, held| {
                    let right = Algorithms::default().digest;
                    honest.signed(held.agency.keys).replace(&right, digest)
                })
                .await;
        }
    });
}

#[test]
fn xsw_24_only_exclusive_canonicalization_is_taken() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let reasons = ["algorithm", "transform_not_allowed"];
        for other in [
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
            "http://www.w3.org/2006/12/xml-c14n11",
            "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        ] {
            let algorithms = Algorithms { canonical: other.to_owned(), ..Algorithms::default() };
            bench
                .refuses("aga", &reasons, |honest, held| {
                    honest.signature = Some(algorithms.clone());
                    honest.assertion.signature = Some(algorithms);
                    honest.signed(held.agency.keys)
                })
                .await;
        }
        for other in ["urn:x", ""] {
            bench
                .refuses("aga", &reasons, |honest, held| {
                    honest.signed(held.agency.keys).replace(EXCLUSIVE, other)
                })
                .await;
        }
        // Prefixes without end.
        let names: Vec<_> = (0..10_000).map(|n| format!("p{n}")).collect();
        for list in [names[..40].join(" "), names.join(" ")] {
            bench
                .refuses(
                    "aga",
                    &["algorithm", "signature_structure", "transform_not_allowed"],
                    |honest, held| {
                        let transform = format!("<ds:Transform Algorithm=\"{EXCLUSIVE}\"/>");
                        let with = format!(
                            "<ds:Transform Algorithm=\"{EXCLUSIVE}\"><ec:InclusiveNamespaces \
                             xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"{list}\"/></ds:Transform>"
                        );
                        honest.signed(held.agency.keys).replacen(&transform, &with, 1)
                    },
                )
                .await;
        }
    });
}

/// What is left unsigned.
type Change = fn(&mut Response);

#[test]
fn xsw_25_that_something_is_encrypted_says_nothing_about_who_wrote_it() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let certificate = bench.encryption_certificate().await;
        let attacker = KeyPair::named("attacker").unwrap();
        let attempts: [(&[&str], Change); 3] = [
            (&["unsigned"], |response| {
                response.signature = None;
                response.assertion.signature = None;
            }),
            (&["signature_invalid"], |response| response.assertion.signature = None),
            (&["signature_invalid"], |response| response.signature = None),
        ];
        for (reasons, change) in attempts {
            let row = bench
                .refuses("age", reasons, |_, held| {
                    let mut forged = held.agency.response(&held.asked, "alice");
                    forged.encryption = Some(Encryption::to(&certificate));
                    change(&mut forged);
                    forged.signed(attacker)
                })
                .await;
            assert_eq!(row.body["alert"], true, "A+");
        }
    });
}

#[test]
fn xsw_27_a_redirect_is_signed_in_its_query_or_not_at_all() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let party = bench.provider("sp1");
        let at = bench.sso(REDIRECT).await;
        let request = AuthnRequest::honest(&party.entity_id, &at);
        // A signature inside says nothing.
        let inside = idp_tests::peers::saml::message::Query::of(
            "SAMLRequest",
            &request.signed(party.keys),
            None,
        );
        bench.refuses_request(&inside.at(&at), &["unsigned", "signature_structure"]).await;
        let signed = request.query(Some("x")).signed(party.keys);
        let mut empty = signed.clone();
        empty.pairs.last_mut().unwrap().1.clear();
        let reasons = ["unsigned", "signature_invalid", "bad_encoding"];
        bench.refuses_request(&empty.at(&at), &reasons).await;
        let mut without = signed.clone();
        without.pairs.pop();
        bench.refuses_request(&without.at(&at), &["unsigned", "binding"]).await;
        let sha1 = request.query(None).signed_as(
            party.keys,
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            "sha1",
        );
        bench.refuses_request(&sha1.at(&at), &["algorithm"]).await;
        // Every parameter once.
        let twice = format!("{}&RelayState=y", signed.at(&at));
        let reasons = ["duplicate_parameter", "signature_invalid"];
        bench.refuses_request(&twice, &reasons).await;
        let other = signed.at(&at).replace("RelayState=x", "RelayState=y");
        bench.refuses_request(&other, &["signature_invalid"]).await;
    });
}

#[test]
fn xsw_29_no_odd_number_is_a_signature() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let rsa: Vec<Vec<u8>> = vec![
            vec![],
            vec![0],
            vec![1],
            vec![0; 256],
            [vec![0; 255], vec![1]].concat(),
            vec![0xff; 256],
            vec![0x55; 255],
            vec![0x55; 257],
            vec![0x55; 4096],
        ];
        let mut one = vec![0; 64];
        one[31] = 1;
        one[63] = 1;
        let order = order();
        let ec: Vec<Vec<u8>> = vec![
            vec![0; 64],
            one,
            [order.clone(), order.clone()].concat(),
            [order.clone(), vec![1; 32]].concat(),
            vec![0xff; 64],
            vec![0; 63],
            vec![0; 65],
            // DER, as other protocols write it.
            vec![0x30, 6, 2, 1, 1, 2, 1, 1],
        ];
        for (agency, values) in [("aga", rsa), ("agec", ec)] {
            for value in values {
                let reasons = ["signature_invalid", "signature_structure"];
                bench
                    .refuses(agency, &reasons, |_, held| {
                        let mut forged = held.agency.response(&held.asked, "alice");
                        forged.assertion.signature = None;
                        if agency == "agec" {
                            forged.signature = Some(Algorithms::named("ecdsa-sha256"));
                        }
                        let xml = forged.signed(held.agency.keys);
                        let begin =
                            xml.find("<ds:SignatureValue>").unwrap() + "<ds:SignatureValue>".len();
                        let end = xml.find("</ds:SignatureValue>").unwrap();
                        format!("{}{}{}", &xml[..begin], base64(&value), &xml[end..])
                    })
                    .await;
            }
        }
    });
}

/// The order of P-256.
fn order() -> Vec<u8> {
    let hex = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    (0..32).map(|n| u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).unwrap()).collect()
}
