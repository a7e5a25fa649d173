//! ORP-10: hostile text in a source's error answer.

use idp_tests::harness::run;
use idp_tests::peers::hostile::Mood;
use std::sync::Arc;

use crate::attacks::bench::{Bench, bench};
use crate::house::{EVE, go_on};

const LURE: &str = "<script>alert(1)</script> Call +1 555 0100 to unlock your account";

fn answers(bench: &Bench, code_too: bool, error: &str, description: &str) {
    let (error, description) = (error.to_owned(), description.to_owned());
    bench.house.provider.issuer("orp10").set(Mood {
        answer: Some(Arc::new(move |answer: &mut Vec<(String, String)>| {
            if !code_too {
                answer.retain(|(name, _)| name != "code");
            }
            answer.push(("error".to_owned(), error.clone()));
            answer.push(("error_description".to_owned(), description.clone()));
        })),
        ..Mood::default()
    });
}

#[test]
fn orp_10_a_description_is_never_shown_and_logged_only_in_part() {
    run(async {
        let bench = bench().await;
        let long = format!("{LURE} {}", "A".repeat(3_000));
        let broken = format!("{LURE}\r\nSet-Cookie: a=b\r\n\r\n<h1>");
        for description in [LURE, &long, &broken] {
            answers(&bench, false, "access_denied", description);
            let (mut visitor, party, begun) = bench.lured("orp10").await;
            let mark = bench.mark().await;
            let page = visitor.open(&begun.url).await;
            assert!(!page.arrived() && (400..500).contains(&page.status), "{}", page.describe());
            for word in ["555 0100", "<script>alert", "AAAA", "unlock"] {
                assert!(!page.body.contains(word), "the page repeats `{word}`");
            }
            assert_eq!(page.header("set-cookie").filter(|v| v.starts_with("a=b")), None);
            bench.has_a_way_on(&page);
            bench.nothing_created(&mark).await;
            bench.is_signed_out(&mut visitor, &party).await;
            for row in bench.trail(&mark).await {
                for (_, value) in row.body["detail"].as_object().into_iter().flatten() {
                    assert!(value.as_str().unwrap().chars().count() <= 200, "{value}");
                }
            }
        }
    });
}

#[test]
fn orp_10_an_error_wins_over_a_code_beside_it() {
    run(async {
        let bench = bench().await;
        answers(&bench, true, "access_denied", "no");
        let (mut visitor, _, begun) = bench.lured("orp10").await;
        let page = visitor.open(&begun.url).await;
        assert!(!page.arrived() && page.status >= 400, "{}", page.describe());
        let issuer = bench.house.provider.issuer("orp10");
        assert_eq!(issuer.seen("token").len(), 0, "the code was used");
    });
}

#[test]
fn orp_10_after_a_no_of_one_agency_the_person_may_choose_another() {
    run(async {
        let bench = bench().await;
        answers(&bench, false, "access_denied", "no");
        let (mut visitor, party, begun) = bench.lured("orp10").await;
        let page = visitor.open(&begun.url).await;
        let way_on = page.links().into_iter().find(|(_, url)| url.path().ends_with("/choose"));
        let (_, way_on) = way_on.unwrap_or_else(|| panic!("no other agency: {}", page.describe()));
        let page = visitor.open(way_on).await;
        let page = go_on(&mut visitor, page, EVE).await;
        party.finish(&begun, &page).await;
    });
}
