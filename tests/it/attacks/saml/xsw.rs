//! XSW: signatures that cover something else than what is believed.
//!
//! Length: one attack after the other, each short, on one scene.

use idp_tests::harness::run;
use idp_tests::peers::saml::forge::{Agency, Assertion, Response, id};

use super::bench::{Held, SamlBench, saml_bench};

/// What mallory has: an answer about herself in which only the assertion is signed.
fn own(honest: &mut Response, held: &Held) -> String {
    honest.signature = None;
    honest.assertion.signed(held.agency.keys)
}

/// What mallory wants: an assertion about alice that nobody has signed.
fn evil(held: &Held) -> Assertion {
    let mut forged = held.agency.response(&held.asked, "alice").assertion;
    forged.signature = None;
    forged
}

/// The `ds:Signature` in a text, and the text without it.
fn lift(xml: &str) -> (String, String) {
    let begin = xml.find("<ds:Signature ").expect("a signature");
    let end = xml.find("</ds:Signature>").expect("its end") + "</ds:Signature>".len();
    (xml[begin..end].to_owned(), format!("{}{}", &xml[..begin], &xml[end..]))
}

/// `xml` with a signature behind its first issuer.
fn with_signature(xml: &str, signature: &str) -> String {
    xml.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1)
}

async fn refuses_loudly(
    bench: &SamlBench,
    reasons: &[&str],
    forge: impl FnOnce(&mut Response, &Held) -> String,
) {
    let row = bench.refuses("aga", reasons, forge).await;
    assert_eq!(row.body["alert"], true, "A+: {row:?}");
}

#[test]
fn xsw_01_a_signed_response_wrapped_into_its_own_signature_vouches_for_nobody_else() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let reasons = ["signature_scope", "ds_object_forbidden", "reference_uri"];
        for object in [true, false] {
            refuses_loudly(&bench, &reasons, |honest, held| {
                honest.assertion.signature = None;
                let original = honest.signed(held.agency.keys);
                let (signature, bare) = lift(&original);
                let mut outer = honest.clone();
                outer.id = id();
                outer.signature = None;
                let inside = if object {
                    format!("<ds:Object>{bare}</ds:Object></ds:Signature>")
                } else {
                    format!("{bare}</ds:Signature>")
                };
                let signature = signature.replacen("</ds:Signature>", &inside, 1);
                with_signature(&outer.around(&evil(held).xml()), &signature)
            })
            .await;
        }
    });
}

#[test]
fn xsw_03_a_second_assertion_before_or_behind_the_signed_one_is_one_too_many() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        for first in [true, false] {
            refuses_loudly(&bench, &["assertion_count"], |honest, held| {
                let (own, evil) = (own(honest, held), evil(held).xml());
                honest.around(&if first { [evil, own] } else { [own, evil] }.concat())
            })
            .await;
        }
        // Not in the extensions either.
        let reasons = ["assertion_count", "schema", "signature_scope"];
        refuses_loudly(&bench, &reasons, |honest, held| {
            let own = own(honest, held);
            honest.extensions = format!("<samlp:Extensions>{own}</samlp:Extensions>");
            honest.around(&evil(held).xml())
        })
        .await;
    });
}

#[test]
fn xsw_04_a_signed_assertion_inside_a_forged_one_vouches_for_nobody() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let reasons = ["assertion_count", "schema", "signature_structure", "signature_scope"];
        for advice in [true, false] {
            refuses_loudly(&bench, &reasons, |honest, held| {
                let own = own(honest, held);
                let mut forged = evil(held);
                let advised =
                    if advice { ["<saml:Advice>", &own, "</saml:Advice>"].concat() } else { own };
                forged.conditions.push_str(&advised);
                honest.around(&forged.xml())
            })
            .await;
        }
    });
}

#[test]
fn xsw_05_a_signature_in_another_assertion_than_it_refers_to_is_refused() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let reasons = ["signature_scope", "reference_uri", "assertion_count"];
        for same_id in [false, true] {
            refuses_loudly(&bench, &reasons, |honest, held| {
                let (signature, bare) = lift(&own(honest, held));
                let mut forged = evil(held);
                if same_id {
                    forged.id.clone_from(&honest.assertion.id);
                }
                honest.around(&[with_signature(&forged.xml(), &signature), bare].concat())
            })
            .await;
        }
    });
}

#[test]
fn xsw_08_an_original_kept_in_an_object_of_the_forged_assertions_signature_is_refused() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let reasons = ["ds_object_forbidden", "signature_scope", "reference_uri"];
        refuses_loudly(&bench, &reasons, |honest, held| {
            let (signature, bare) = lift(&own(honest, held));
            let inside = format!("<ds:Object>{bare}</ds:Object></ds:Signature>");
            let signature = signature.replacen("</ds:Signature>", &inside, 1);
            honest.around(&with_signature(&evil(held).xml(), &signature))
        })
        .await;
    });
}

/// Where one may put something into a signed answer whose assertion alone is signed.
fn places(xml: &str, what: &str) -> [String; 2] {
    let success = "</samlp:StatusCode></samlp:Status>";
    let detail = format!(
        "</samlp:StatusCode><samlp:StatusDetail>{what}</samlp:StatusDetail></samlp:Status>"
    );
    let extensions = format!("<samlp:Extensions>{what}</samlp:Extensions><samlp:Status>");
    [xml.replacen(success, &detail, 1), xml.replacen("<samlp:Status>", &extensions, 1)]
}

#[test]
fn xsw_10_no_digest_or_signed_info_stands_outside_a_signature() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let ds = "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
        for what in [
            format!("<ds:DigestValue {ds}>AAAA</ds:DigestValue>"),
            format!("<ds:SignedInfo {ds}/>"),
        ] {
            for place in [0, 1] {
                refuses_loudly(&bench, &["signature_structure"], |honest, held| {
                    let own = own(honest, held);
                    let xml = honest.around(&own);
                    let xml = places(&xml, &what)[place].clone();
                    assert!(xml.contains(&what));
                    xml
                })
                .await;
            }
        }
    });
}

/// Alters the text of a signed answer.
async fn altered(
    bench: &SamlBench,
    reasons: &[&str],
    from: &str,
    alter: impl FnOnce(&str, usize) -> String,
) {
    bench
        .refuses("aga", reasons, |honest, held| {
            let own = own(honest, held);
            let xml = honest.around(&own);
            let at = xml.find(from).unwrap_or_else(|| panic!("no {from} in {xml}"));
            alter(&xml, at + from.len())
        })
        .await;
}

#[test]
fn xsw_11_a_value_of_a_signature_is_one_text() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        for element in ["<ds:DigestValue>", "<ds:SignatureValue>"] {
            for inside in ["<!--AAAA-->", "<?AAAA?>", "<![CDATA[]]>", "<x/>"] {
                altered(&bench, &["signature_structure"], element, |xml, at| {
                    format!("{}{inside}{}", &xml[..at], &xml[at..])
                })
                .await;
            }
        }
    });
}

#[test]
fn xsw_12_a_signature_has_one_signed_info() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        for forged_first in [true, false] {
            refuses_loudly(&bench, &["signature_structure"], |honest, held| {
                let xml = own(honest, held);
                let begin = xml.find("<ds:SignedInfo>").unwrap();
                let end = xml.find("</ds:SignedInfo>").unwrap() + "</ds:SignedInfo>".len();
                let info = &xml[begin..end];
                let digest = info.find("<ds:DigestValue>").unwrap() + "<ds:DigestValue>".len();
                let mut forged = info.to_owned();
                forged.replace_range(digest..digest + 4, "AAAA");
                let both = if forged_first { [&forged, info] } else { [info, &forged] }.concat();
                honest.around(&format!("{}{both}{}", &xml[..begin], &xml[end..]))
            })
            .await;
        }
    });
}

/// What an attacker changes in the frame.
type Change = fn(&mut Response);

#[test]
fn xsw_13_what_is_not_signed_decides_nothing() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        // Outside of the signed assertion.
        let issuers = ["unsigned_binding", "unexpected_issuer", "issuer_mismatch"];
        let changes: [(&[&str], Change); 4] = [
            (&issuers, |response| {
                response.issuer = response.issuer.replace("aga.example", "agm.example");
            }),
            (&["unsigned_binding", "in_response_to"], |response| {
                response.in_response_to = Some(id());
            }),
            (&["destination", "unsigned_binding"], |response| {
                response.destination = Some("https://evil.example/acs".to_owned());
            }),
            (&["source_refused"], |response| {
                response.status = response.status.replace("Success", "Responder");
            }),
        ];
        for (reasons, change) in changes {
            bench
                .refuses("aga", reasons, |honest, held| {
                    let own = own(honest, held);
                    change(honest);
                    honest.around(&own)
                })
                .await;
        }
        // Inside of it.
        for (from, to) in [("mallory@", "alice@"), ("mallory@", "m@"), ("mallory@", "xmallory@")] {
            let row = bench
                .refuses("aga", &["signature_invalid"], |honest, held| {
                    let own = own(honest, held);
                    honest.around(&own).replace(from, to)
                })
                .await;
            assert_eq!(row.body["alert"], true, "A+");
        }
    });
}

#[test]
fn xsw_14_without_a_signature_nothing_is_believed() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let empty = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>";
        let foreign = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig\"/>";
        let none = &["unsigned"][..];
        let some = &["unsigned", "signature_structure", "schema"][..];
        for (reasons, signature) in [(none, ""), (some, empty), (some, foreign)] {
            for place in ["response", "assertion"] {
                refuses_loudly(&bench, reasons, |honest, held| {
                    honest.signature = None;
                    let forged = evil(held).xml();
                    match place {
                        "response" => with_signature(&honest.around(&forged), signature),
                        _ => honest.around(&with_signature(&forged, signature)),
                    }
                })
                .await;
            }
        }
    });
}

#[test]
fn xsw_21_a_reference_is_the_id_of_its_parent_and_nothing_else() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let variants: [fn(&str) -> String; 10] = [
            |_| " URI=\"\"".to_owned(),
            |_| String::new(),
            |_| " URI=\"#xpointer(/)\"".to_owned(),
            |id| format!(" URI=\"#xpointer(id('{id}'))\""),
            |id| format!(" URI=\"https://aga.example/#{id}\""),
            |id| format!(" URI=\"#%5F{}\"", id.trim_start_matches('_')),
            |id| format!(" URI=\" #{id}\""),
            |id| format!(" URI=\"#{id} \""),
            |id| format!(" URI=\"#{}\"", id.to_uppercase()),
            |id| format!(" URI=\"{id}\""),
        ];
        for variant in variants {
            let reasons = ["reference_uri", "signature_scope", "signature_structure"];
            bench
                .refuses("aga", &reasons, |honest, held| {
                    let own = own(honest, held);
                    let uri = format!(" URI=\"#{}\"", honest.assertion.id);
                    assert!(own.contains(&uri));
                    honest.around(&own.replacen(&uri, &variant(&honest.assertion.id), 1))
                })
                .await;
        }
    });
}

#[test]
fn xsw_23_an_assertion_of_another_namespace_is_none() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let reasons = ["schema", "assertion_count", "signature_scope", "unsigned"];
        for namespace in [
            "urn:oasis:names:tc:SAML:1.0:assertion",
            "urn:oasis:names:tc:SAML:2.0:assertion/",
            "urn:x",
        ] {
            let saml = "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
            let other = format!("xmlns:saml=\"{namespace}\"");
            bench
                .refuses("aga", &reasons, |honest, held| {
                    let own = own(honest, held);
                    let forged = evil(held).xml().replacen(saml, &other, 1);
                    honest.around(&[forged, own].concat())
                })
                .await;
            bench
                .refuses("aga", &reasons, |honest, held| {
                    let own = own(honest, held);
                    honest.around(&own).replace(saml, &other)
                })
                .await;
        }
        // The prefix of signatures bound to something else on the way.
        bench
            .refuses("aga", &["unsigned", "schema", "signature_structure"], |honest, held| {
                let own = own(honest, held);
                let ds = "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
                honest.around(&own.replacen(ds, "xmlns:ds=\"urn:x\"", 1))
            })
            .await;
    });
}

#[test]
fn xsw_28_a_signature_stands_where_the_schema_puts_it_and_each_must_hold() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let reasons = ["signature_structure", "schema"];
        let places: [(&str, &str); 3] = [
            ("</saml:Assertion>", "@</saml:Assertion>"),
            ("<saml:Subject>", "<saml:Subject>@"),
            ("<saml:Conditions", "@<saml:Conditions"),
        ];
        for (before, after) in places {
            bench
                .refuses("aga", &reasons, |honest, held| {
                    let (signature, bare) = lift(&own(honest, held));
                    honest.around(&bare.replacen(before, &after.replace('@', &signature), 1))
                })
                .await;
        }
        bench
            .refuses("aga", &reasons, |honest, held| {
                honest.assertion.signature = None;
                let (signature, bare) = lift(&honest.signed(held.agency.keys));
                bare.replacen("<samlp:Status>", &format!("<samlp:Status>{signature}"), 1)
            })
            .await;
        // A good signature does not make up for a bad one.
        for spoilt in [0, 1] {
            bench
                .refuses("aga", &["signature_invalid"], |honest, held| {
                    let xml = honest.signed(held.agency.keys);
                    let at = xml.match_indices("<ds:SignatureValue>").nth(spoilt).unwrap().0
                        + "<ds:SignatureValue>".len();
                    let mut xml = xml;
                    let letter = if xml[at..].starts_with('A') { "B" } else { "A" };
                    xml.replace_range(at..=at, letter);
                    xml
                })
                .await;
        }
    });
}

#[test]
fn xsw_30_there_is_no_way_for_artifacts() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        for path in ["/saml/metadata", "/saml/sp/metadata"] {
            let metadata = bench.metadata(path).await;
            assert!(!metadata.has("ArtifactResolutionService"), "{}", metadata.xml);
            assert!(!metadata.xml.contains("HTTP-Artifact"), "{}", metadata.xml);
        }
        let held = bench.hold("aga").await;
        let artifact = "AAQAAMFbLinlXaCM+FIxiDwGOLAy2T71gbpO7ZhNzAgEANlB90ECfpNEVLg=".to_owned();
        bench
            .refuses_form(held, &["binding", "malformed"], |held| {
                let mut fields = Agency::form(&held.asked, "");
                fields[0] = ("SAMLart".to_owned(), artifact);
                fields
            })
            .await;
    });
}
