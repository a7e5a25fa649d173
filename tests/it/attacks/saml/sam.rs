//! SAM: what a Response says, judged word by word.
//!
//! Length: one attack after the other, each short, on one scene.

use idp_tests::harness::run;
use idp_tests::peers::saml::forge::{
    Response, attribute, authn_statement, conditions, confirmation, name_id, status,
};
use idp_tests::peers::saml::message::{PASSWORD, PERSISTENT, TRANSIENT, instant};

use super::bench::{Held, SamlBench, saml_bench};

/// Something that an agency signs although it must not.
type Change = fn(&mut Response, &Held);

/// AGA signs each of these, and none is taken.
async fn none_is_taken(bench: &SamlBench, changes: &[(&[&str], Change)]) {
    for (number, (reasons, change)) in changes.iter().enumerate() {
        println!("change {number}: {reasons:?}");
        bench
            .refuses("aga", reasons, |honest, held| {
                change(honest, held);
                honest.signed(held.agency.keys)
            })
            .await;
    }
}

/// AGA signs this, and it is taken.
async fn is_taken(bench: &SamlBench, change: Change) {
    bench
        .takes("aga", |honest, held| {
            change(honest, held);
            honest.signed(held.agency.keys)
        })
        .await;
}

#[test]
fn sam_02_an_assertion_says_for_whom_it_is() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let reasons: &[&str] = &["conditions", "audience", "schema"];
        none_is_taken(
            &bench,
            &[
                (reasons, |response, _| response.assertion.conditions.clear()),
                (reasons, |response, _| {
                    response.assertion.conditions =
                        format!("<saml:Conditions NotOnOrAfter=\"{}\"/>", instant(300));
                }),
                (reasons, |response, _| {
                    response.assertion.conditions = response.assertion.conditions.repeat(2);
                }),
                (reasons, |response, held| {
                    let restriction = "<saml:OneTimeUse/><saml:Condition xmlns:xsi=\"\
                         http://www.w3.org/2001/XMLSchema-instance\" xmlns:x=\"urn:x\" \
                         xsi:type=\"x:Unknown\"/></saml:Conditions>";
                    response.assertion.conditions = conditions(-60, 300, &held.asked.audience)
                        .replace("</saml:Conditions>", restriction);
                }),
                (&["audience"], |response, _| {
                    response.assertion.conditions =
                        conditions(-60, 300, "https://other.example/sp");
                }),
                (&["audience"], |response, held| {
                    let other = format!("{}/", held.asked.audience);
                    response.assertion.conditions = conditions(-60, 300, &other);
                }),
            ],
        )
        .await;
        // One of several audiences is enough; each restriction must name us.
        is_taken(&bench, |response, _| {
            let more =
                "<saml:Audience>https://other.example/</saml:Audience></saml:AudienceRestriction>";
            response.assertion.conditions =
                response.assertion.conditions.replace("</saml:AudienceRestriction>", more);
        })
        .await;
        none_is_taken(
            &bench,
            &[(&["audience"], |response, _| {
                let more = "</saml:AudienceRestriction><saml:AudienceRestriction>\
                            <saml:Audience>https://other.example/</saml:Audience>\
                            </saml:AudienceRestriction>";
                response.assertion.conditions =
                    response.assertion.conditions.replace("</saml:AudienceRestriction>", more);
            })],
        )
        .await;
    });
}

#[test]
fn sam_04_a_signed_answer_says_where_it_goes() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        none_is_taken(
            &bench,
            &[
                (&["destination"], |response, held| {
                    response.destination = Some(held.asked.acs.replace("aga", "agm"));
                }),
                (&["destination"], |response, held| {
                    response.destination = Some(format!("{}/", held.asked.acs));
                }),
                (&["destination"], |response, _| response.destination = None),
                (&["destination", "schema"], |response, _| {
                    response.destination = Some(String::new());
                }),
                (&["recipient"], |response, held| {
                    let acs = held.asked.acs.replace("aga", "agm");
                    response.assertion.confirmations =
                        confirmation(Some(&held.asked.id), &acs, 300);
                }),
            ],
        )
        .await;
    });
}

#[test]
fn sam_05_an_expired_confirmation_is_not_made_good_by_the_conditions() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        none_is_taken(
            &bench,
            &[
                (&["expired"], |response, held| {
                    let (id, acs) = (&held.asked.id, &held.asked.acs);
                    response.assertion.confirmations = confirmation(Some(id), acs, -600);
                    response.assertion.conditions = conditions(-60, 8 * 3600, &held.asked.audience);
                }),
                (&["subject_confirmation", "expired", "schema"], |response, held| {
                    let (id, acs) = (&held.asked.id, &held.asked.acs);
                    let end = format!(" NotOnOrAfter=\"{}\"", instant(300));
                    response.assertion.confirmations =
                        confirmation(Some(id), acs, 300).replace(&end, "");
                    assert!(!response.assertion.confirmations.contains("NotOnOrAfter"));
                }),
                (&["subject_confirmation", "schema"], |response, _| {
                    response.assertion.confirmations.clear();
                }),
                (&["subject_confirmation"], |response, _| {
                    response.assertion.confirmations =
                        response.assertion.confirmations.replace("cm:bearer", "cm:holder-of-key");
                }),
            ],
        )
        .await;
    });
}

#[test]
fn sam_06_conditions_end_when_they_say_but_for_the_skew() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        none_is_taken(
            &bench,
            &[
                (&["expired"], |response, held| {
                    response.assertion.conditions = conditions(-600, -181, &held.asked.audience);
                }),
                (&["expired"], |response, held| {
                    response.assertion.conditions = conditions(-600, -301, &held.asked.audience);
                }),
            ],
        )
        .await;
        is_taken(&bench, |response, held| {
            response.assertion.conditions = conditions(-600, -150, &held.asked.audience);
        })
        .await;
    });
}

#[test]
fn sam_07_what_is_not_yet_valid_is_not_valid() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        none_is_taken(
            &bench,
            &[
                (&["not_yet_valid"], |response, held| {
                    response.assertion.conditions = conditions(195, 600, &held.asked.audience);
                }),
                (&["not_yet_valid"], |response, _| response.issue_instant = instant(3600)),
                (&["not_yet_valid"], |response, _| {
                    response.assertion.issue_instant = instant(3600);
                }),
                (&["not_yet_valid", "authn_statement"], |response, _| {
                    response.assertion.authn = authn_statement(3600, "s", PASSWORD);
                }),
                (&["subject_confirmation", "not_yet_valid"], |response, _| {
                    let before = format!(" NotBefore=\"{}\" Recipient=", instant(-60));
                    response.assertion.confirmations =
                        response.assertion.confirmations.replace(" Recipient=", &before);
                }),
            ],
        )
        .await;
        is_taken(&bench, |response, held| {
            response.assertion.conditions = conditions(120, 600, &held.asked.audience);
        })
        .await;
    });
}

#[test]
fn sam_13_what_is_answered_stands_in_what_is_signed() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let reasons: &[&str] = &["unsigned_binding", "in_response_to"];
        none_is_taken(
            &bench,
            &[
                (reasons, |response, held| {
                    response.signature = None;
                    response.assertion.confirmations = confirmation(None, &held.asked.acs, 300);
                }),
                (reasons, |response, held| {
                    response.signature = None;
                    response.assertion.confirmations =
                        confirmation(Some("_another"), &held.asked.acs, 300);
                }),
                (&["in_response_to", "unsigned_binding"], |response, _| {
                    response.in_response_to = Some("_another".to_owned());
                }),
            ],
        )
        .await;
    });
}

#[test]
fn sam_21_a_no_with_an_assertion_inside_is_a_no() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        none_is_taken(
            &bench,
            &[
                (&["source_refused"], |response, _| {
                    response.status = status(&["Responder", "AuthnFailed"]);
                }),
                (&["source_refused"], |response, _| response.status = status(&["Requester"])),
                (&["status", "schema"], |response, _| {
                    response.status = status(&["Success"]).repeat(2);
                }),
                (&["status", "schema"], |response, _| response.status.clear()),
                (&["status", "schema"], |response, _| response.status = status(&["succeSS"])),
            ],
        )
        .await;
    });
}

#[test]
fn sam_22_nothing_that_must_be_one_is_two() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let mail = |value: &str| attribute("urn:oid:0.9.2342.19200300.100.1.3", "mail", &[value]);
        assert!(mail("x").contains("mail"));
        none_is_taken(
            &bench,
            &[
                (&["attribute_ambiguous"], |response, _| {
                    let name = "urn:oid:0.9.2342.19200300.100.1.3";
                    let other = attribute(name, "mail", &["alice@aga.example"]);
                    response.assertion.attributes.push_str(&other);
                }),
                (&["attribute_ambiguous"], |response, _| {
                    let (begin, end) = ("<saml:AttributeValue>", "</saml:AttributeValue>");
                    let two = format!("{begin}alice@aga.example{end}{begin}");
                    response.assertion.attributes =
                        response.assertion.attributes.replacen(begin, &two, 1);
                }),
                (&["schema"], |response, _| {
                    response.assertion.name_id = response.assertion.name_id.repeat(2);
                }),
                (&["schema"], |response, _| {
                    response.assertion.conditions = format!(
                        "<saml:Subject>{}</saml:Subject>{}",
                        response.assertion.name_id, response.assertion.conditions
                    );
                }),
                (&["attribute_value", "attribute_ambiguous"], |response, _| {
                    response.assertion.attributes = response.assertion.attributes.replacen(
                        "mallory@aga.example",
                        "<saml:NameID>alice@aga.example</saml:NameID>",
                        1,
                    );
                }),
            ],
        )
        .await;
    });
}

#[test]
fn sam_24_there_is_one_statement_of_an_authentication_and_it_has_not_ended() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        none_is_taken(
            &bench,
            &[
                (&["authn_statement"], |response, _| response.assertion.authn.clear()),
                (&["authn_statement"], |response, _| {
                    let other = authn_statement(0, "t", "https://refeds.org/profile/mfa");
                    response.assertion.authn.push_str(&other);
                }),
                (&["authn_statement", "expired"], |response, _| {
                    let end = format!(" SessionNotOnOrAfter=\"{}\" AuthnInstant", instant(-600));
                    response.assertion.authn =
                        response.assertion.authn.replacen(" AuthnInstant", &end, 1);
                }),
            ],
        )
        .await;
    });
}

#[test]
fn sam_29_a_name_that_was_made_for_or_by_somebody_else_is_nobodys() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        none_is_taken(
            &bench,
            &[
                (&["name_qualifier"], |response, held| {
                    let other = format!("SPNameQualifier=\"{}\"", held.asked.audience);
                    assert!(response.assertion.name_id.contains(&other));
                    response.assertion.name_id = response
                        .assertion
                        .name_id
                        .replace(&other, "SPNameQualifier=\"https://other.example/sp\"");
                }),
                (&["name_qualifier"], |response, held| {
                    let own = format!("NameQualifier=\"{}\"", held.agency.entity_id);
                    response.assertion.name_id = response.assertion.name_id.replacen(
                        &own,
                        "NameQualifier=\"https://agm.example/idp\"",
                        1,
                    );
                }),
            ],
        )
        .await;
    });
}

#[test]
fn sam_30_an_identifier_is_taken_byte_for_byte_or_not_at_all() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        let names = [
            String::new(),
            "   ".to_owned(),
            "x".repeat(10_240),
            "x".repeat(257),
            "a\u{7f}b".to_owned(),
            " a".to_owned(),
        ];
        for name in names {
            bench
                .refuses("aga", &["identifier", "schema"], |honest, held| {
                    honest.assertion.name_id = name_id(&name, &[("Format", PERSISTENT)]);
                    honest.signed(held.agency.keys)
                })
                .await;
        }
        // What differs only for a person's eyes is two people.
        let mut subjects = std::collections::BTreeSet::new();
        let names = [
            "\u{e9}",
            "a\u{202e}b",
            "a\u{200b}b",
            "ab",
            "e\u{301}",
            "I",
            "i",
            "\u{130}",
            "\u{df}",
            "ss",
            "SS",
        ];
        for name in names {
            let claims = bench
                .takes("aga", |honest, held| {
                    honest.assertion.name_id = name_id(name, &[("Format", PERSISTENT)]);
                    honest.signed(held.agency.keys)
                })
                .await;
            subjects.insert(claims["sub"].to_string());
        }
        assert_eq!(subjects.len(), names.len(), "{subjects:?}");
    });
}

#[test]
fn sam_31_a_name_for_one_time_makes_no_account() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        none_is_taken(
            &bench,
            &[
                (&["no_stable_identifier"], |response, _| {
                    response.assertion.name_id = name_id("_once", &[("Format", TRANSIENT)]);
                }),
                (&["no_stable_identifier", "schema"], |response, _| {
                    response.assertion.name_id.clear();
                }),
                (&["no_stable_identifier"], |response, _| {
                    response.assertion.name_id = name_id("mallory", &[]);
                }),
            ],
        )
        .await;
        // With a lasting one beside it, the person is known by that.
        let mut subjects = vec![];
        for once in ["_one", "_two"] {
            let claims = bench
                .takes("aga", |honest, held| {
                    let name = "urn:oasis:names:tc:SAML:attribute:pairwise-id";
                    let lasting = attribute(name, "pairwise-id", &["ABC234@aga.example"]);
                    honest.assertion.attributes.push_str(&lasting);
                    honest.assertion.name_id = name_id(once, &[("Format", TRANSIENT)]);
                    honest.signed(held.agency.keys)
                })
                .await;
            subjects.push(claims["sub"].clone());
        }
        assert_eq!(subjects[0], subjects[1]);
    });
}

#[test]
fn sam_32_only_a_response_of_this_version_is_one() {
    run(async {
        let Some(bench) = saml_bench().await else { return };
        none_is_taken(
            &bench,
            &[
                (&["schema"], |response, _| response.version = "2.1".to_owned()),
                (&["schema"], |response, _| response.version = "1.1".to_owned()),
                (&["schema"], |response, _| response.assertion.version = "1.1".to_owned()),
            ],
        )
        .await;
        let names =
            ["ArtifactResponse", "LogoutResponse", "AuthnRequest", "LogoutRequest", "Responses"];
        for name in names {
            bench
                .refuses("aga", &["schema", "signature_structure", "unsigned"], |honest, held| {
                    honest.signature = None;
                    let xml = honest.signed(held.agency.keys);
                    xml.replace("samlp:Response", &format!("samlp:{name}"))
                })
                .await;
        }
        let reasons = ["schema", "signature_structure", "unsigned"];
        bench.refuses("aga", &reasons, |_, held| held.agency.metadata()).await;
        bench
            .refuses("aga", &reasons, |_, _| {
                "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:1.0:protocol\"/>".to_owned()
            })
            .await;
        bench
            .refuses("aga", &reasons, |_, _| {
                "<t:RequestSecurityTokenResponse \
                 xmlns:t=\"http://schemas.xmlsoap.org/ws/2005/02/trust\"/>"
                    .to_owned()
            })
            .await;
    });
}
