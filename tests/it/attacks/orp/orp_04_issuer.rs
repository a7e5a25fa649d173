//! ORP-04: a wrong `iss`, by a character, by a template, or of another source.

use idp_tests::harness::run;
use idp_tests::peers::hostile::Mood;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::attacks::bench::bench;

#[test]
fn orp_04_an_issuer_is_compared_byte_for_byte() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp04");
        let right = issuer.url.clone();
        let other = bench.house.provider.issuer("orp04b").url.clone();
        let wrong = [
            format!("{right}/"),
            right.replace("http:", "https:"),
            right.replace("http:", "HTTP:"),
            right.replace("127.0.0.1", "localhost"),
            right.replace("/op/", "/OP/"),
            right.replace("/op/", "//op/"),
            format!("{right}?"),
            format!("{right}#"),
            format!(" {right}"),
            other,
            format!("{right}/{{tid}}"),
            String::new(),
        ];
        for iss in wrong {
            let said = iss.clone();
            issuer.claims(move |claims| claims["iss"] = json!(said));
            let row = bench.rejects("orp04", &["issuer"]).await;
            assert_eq!(row.body["alert"], true, "A+ for {iss}");
        }
        issuer.claims(|claims| {
            claims.as_object_mut().unwrap().remove("iss");
        });
        bench.rejects("orp04", &["issuer"]).await;
        issuer.claims(move |claims| claims["iss"] = json!([right]));
        bench.rejects("orp04", &["issuer"]).await;
    });
}

#[test]
fn orp_04_an_answer_that_names_another_issuer_is_refused_before_its_code_is_used() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp04");
        let other = bench.house.provider.issuer("orp04b").url.clone();
        for said in [Some(other), Some(format!("{}/", issuer.url)), Some(String::new()), None] {
            issuer.forget();
            issuer.set(Mood {
                answer: Some(Arc::new(move |answer: &mut Vec<(String, String)>| {
                    answer.retain(|(name, _)| name != "iss");
                    answer.extend(said.clone().map(|said| ("iss".to_owned(), said)));
                })),
                ..Mood::default()
            });
            // RFC 9207: who announces `iss` must send it.
            bench.rejects("orp04", &["issuer"]).await;
            assert_eq!(issuer.seen("token").len(), 0, "the code went to the token endpoint");
        }
    });
}

#[test]
fn orp_04_an_answer_of_one_source_is_nothing_at_the_callback_of_another() {
    run(async {
        let bench = bench().await;
        for name in ["orp04", "orp04b"] {
            bench.house.provider.issuer(name).set(Mood::default());
        }
        let (visitor, party, begun) = bench.lured("orp04").await;
        let callback = bench.house.callback("orp04");
        let mut visitor = visitor.stopping_at(&callback);
        let answer = visitor.open(&begun.url).await;
        assert!(answer.arrived(), "{}", answer.describe());
        let crossed = answer.url.as_str().replace(&callback, &bench.house.callback("orp04b"));
        let mark = bench.mark().await;
        let page = visitor.open(crossed).await;
        bench.rejected(&mut visitor, &party, &page, &mark, &["state"]).await;
        assert_eq!(bench.house.provider.issuer("orp04b").seen("token").len(), 0);
    });
}

#[test]
fn orp_04_a_discovery_document_of_somebody_else_is_not_believed() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp04disc");
        let other = bench.house.provider.issuer("orp04b").url.clone();
        issuer.set(Mood {
            discovery: Some(Arc::new(move |document: &mut Value| {
                document["issuer"] = json!(other);
            })),
            ..Mood::default()
        });
        let (mut visitor, party, begun) = bench.lured("orp04disc").await;
        let mark = bench.mark().await;
        let page = visitor.open(&begun.url).await;
        assert!(!page.arrived() && page.status >= 400, "{}", page.describe());
        assert_eq!(issuer.seen("authorize").len(), 0, "the browser was sent there");
        bench.nothing_created(&mark).await;
        bench.is_signed_out(&mut visitor, &party).await;
    });
}
