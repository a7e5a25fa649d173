//! AUZ-19: `prompt=login` and `max_age` that are only for show.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::rp::{Party, now};
use idp_tests::harness::run;
use idp_tests::peers::hostile::Mood;
use serde_json::json;

use crate::attacks::bench::{Bench, bench};
use crate::house::{EVE, go_on, visitor};

async fn signed_in(bench: &Bench) -> (Visitor, Party) {
    let party = bench.house.party("rp1").await;
    let mut visitor = visitor();
    bench.house.sign_in(&mut visitor, &party).await;
    (visitor, party)
}

#[test]
fn auz_19_a_demand_for_a_fresh_login_is_met_by_one() {
    run(async {
        let bench = bench().await;
        let (mut visitor, party) = signed_in(&bench).await;
        for extra in [("prompt", "login"), ("max_age", "0")] {
            tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
            let asked = now();
            let begun = party.begin(&[extra]);
            let page = visitor.open(&begun.url).await;
            assert!(!page.arrived(), "{extra:?}: nobody was asked");
            let page = go_on(&mut visitor, page, EVE).await;
            let tokens = party.finish(&begun, &page).await;
            assert!(tokens.claims["auth_time"].as_u64().unwrap() >= asked, "{extra:?}");
        }
    });
}

#[test]
fn auz_19_the_demand_cannot_be_shaken_off_on_the_way() {
    run(async {
        let bench = bench().await;
        let (mut visitor, party) = signed_in(&bench).await;
        let begun = party.begin(&[("prompt", "login")]);
        let page = visitor.open(&begun.url).await;
        assert!(!page.arrived());
        // Another tab without the demand succeeds in silence, and changes nothing for this one.
        let other = party.begin(&[]);
        let silent = visitor.open(&other.url).await;
        party.finish(&other, &silent).await;
        let mut without = page.url.clone();
        without.set_query(None);
        let again = visitor.open(without).await;
        assert!(!again.arrived(), "the demand was shaken off");
        let again = visitor.open(&page.url).await;
        assert!(!again.arrived(), "the demand was shaken off");
    });
}

#[test]
fn auz_19_a_source_that_answers_with_an_old_login_is_not_enough() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("auz19");
        issuer.claims(|claims| claims["auth_time"] = json!(now() - 7_200));
        for extra in [("prompt", "login"), ("max_age", "60"), ("max_age", "0")] {
            let (mut visitor, party, begun) = bench.lured_with("auz19", &[extra]).await;
            let page = visitor.open(&begun.url).await;
            if page.arrived() {
                party.error(&begun, &page);
            } else {
                assert!(page.status >= 400, "{}", page.describe());
            }
            let asked = issuer.seen("authorize").pop().unwrap().parameters;
            let forced = asked.get("prompt").is_some_and(|prompt| prompt == "login");
            let limited = asked.contains_key("max_age");
            assert!(forced || limited, "{extra:?} was not passed on: {asked:?}");
        }
        issuer.set(Mood::default());
    });
}

#[test]
fn auz_19_a_max_age_that_is_no_number_is_refused() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        for age in ["-1", "1e12", "abc", "1.5", " 60", "99999999999999999999", "+60"] {
            let begun = party.begin(&[("max_age", age)]);
            assert_eq!(bench.refuses_by_redirect(&party, &begun).await, "invalid_request", "{age}");
        }
    });
}

#[test]
fn auz_19_contradictory_prompts_are_refused() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        for prompt in ["none login", "login none", "none consent", "none none login"] {
            let begun = party.begin(&[("prompt", prompt)]);
            assert_eq!(
                bench.refuses_by_redirect(&party, &begun).await,
                "invalid_request",
                "{prompt}"
            );
        }
        let mut url = party.begin(&[("prompt", "none")]).url;
        url.query_pairs_mut().append_pair("prompt", "login");
        let page = visitor().open(&url).await;
        let refused = if page.arrived() {
            page.answer("error").as_deref() == Some("invalid_request")
        } else {
            page.status == 400
        };
        assert!(refused, "{}", page.describe());
    });
}
