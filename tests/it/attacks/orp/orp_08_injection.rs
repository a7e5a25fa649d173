//! ORP-08: a code injected into somebody else's login.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::Page;
use idp_tests::harness::rp::{Begun, Party};
use idp_tests::harness::run;
use idp_tests::peers::hostile::Mood;
use serde_json::json;
use url::Url;

use crate::attacks::bench::{Bench, bench};

/// A login whose answer is held back just before the callback.
struct Held {
    visitor: Visitor,
    party: Party,
    begun: Begun,
    answer: Url,
}

async fn hold(bench: &Bench, source: &str) -> Held {
    let (visitor, party, begun) = bench.lured(source).await;
    let mut visitor = visitor.stopping_at(&bench.house.callback(source));
    let page = visitor.open(&begun.url).await;
    assert!(page.arrived(), "{}", page.describe());
    // The next request may go to the callback.
    let jar = visitor.jar;
    let mut visitor = crate::house::visitor();
    visitor.jar = jar;
    Held { visitor, party, begun, answer: page.url }
}

fn with(answer: &Url, name: &str, value: Option<&str>) -> Url {
    let mut url = answer.clone();
    let others: Vec<(String, String)> =
        answer.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
    url.query_pairs_mut().clear().extend_pairs(others);
    if let Some(value) = value {
        url.query_pairs_mut().append_pair(name, value);
    }
    url
}

fn read(answer: &Url, name: &str) -> String {
    answer.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

#[test]
fn orp_08_a_code_of_another_login_does_not_fit_its_verifier() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp08");
        issuer.set(Mood::default());
        let mut alice = hold(&bench, "orp08").await;
        let mallory = hold(&bench, "orp08").await;
        let injected = with(&alice.answer, "code", Some(&read(&mallory.answer, "code")));
        let mark = bench.mark().await;
        let page = alice.visitor.open(injected).await;
        assert!(!page.arrived() && page.status >= 400, "{}", page.describe());
        bench.nothing_created(&mark).await;
        bench.is_signed_out(&mut alice.visitor, &alice.party).await;
        // The verifier that was sent is alice's own: the provider could tell.
        let sent = issuer.seen("token").pop().unwrap();
        assert!(sent.parameters.contains_key("code_verifier"));
        assert!(sent.parameters["code_verifier"].len() >= 43);
    });
}

#[test]
fn orp_08_an_id_token_with_the_nonce_of_another_login_is_refused() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp08");
        for nonce in [json!("another"), json!(null), json!("")] {
            issuer.claims(move |claims| claims["nonce"] = nonce.clone());
            let row = bench.rejects("orp08", &["nonce"]).await;
            assert_eq!(row.body["alert"], true, "A+");
        }
    });
}

#[test]
fn orp_08_a_state_that_is_missing_cut_or_doubled_leads_to_no_login() {
    run(async {
        let bench = bench().await;
        bench.house.provider.issuer("orp08").set(Mood::default());
        let attempts: [fn(&Url) -> Url; 5] = [
            |answer| with(answer, "state", None),
            |answer| with(answer, "state", Some("")),
            |answer| with(answer, "state", Some(&read(answer, "state")[..12])),
            |answer| {
                let state = read(answer, "state");
                with(answer, "state", Some(&state[..state.len() - 1]))
            },
            |answer| {
                let mut twice = answer.clone();
                twice.query_pairs_mut().append_pair("state", "other");
                twice
            },
        ];
        for attempt in attempts {
            let mut held = hold(&bench, "orp08").await;
            let mark = bench.mark().await;
            let page = held.visitor.open(attempt(&held.answer)).await;
            refused(&bench, &mut held, &page).await;
            bench.nothing_created(&mark).await;
        }
    });
}

async fn refused(bench: &Bench, held: &mut Held, page: &Page) {
    assert!(!page.arrived() && (400..500).contains(&page.status), "{}", page.describe());
    bench.has_a_way_on(page);
    bench.is_signed_out(&mut held.visitor, &held.party).await;
}

#[test]
fn orp_08_an_answer_is_good_once() {
    run(async {
        let bench = bench().await;
        bench.house.provider.issuer("orp08").set(Mood::default());
        let mut held = hold(&bench, "orp08").await;
        let page = held.visitor.open(&held.answer).await;
        held.party.finish(&held.begun, &page).await;
        let mark = bench.mark().await;
        let again = held.visitor.open(&held.answer).await;
        assert!(!again.arrived() && again.status >= 400, "{}", again.describe());
        bench.nothing_created(&mark).await;
    });
}

#[test]
fn orp_08_an_answer_in_another_browser_is_nobodys() {
    run(async {
        let bench = bench().await;
        bench.house.provider.issuer("orp08").set(Mood::default());
        let mut mallory = hold(&bench, "orp08").await;
        let mut alice = crate::house::visitor();
        let mark = bench.mark().await;
        // Alice's browser is made to load mallory's answer: login CSRF.
        let page = alice.come_from_elsewhere(&mallory.answer).await;
        assert!(!page.arrived() && [400, 403].contains(&page.status), "{}", page.describe());
        bench.told(&mark, "login.refused", &["txn_binding"]).await;
        bench.nothing_created(&mark).await;
        bench.is_signed_out(&mut alice, &mallory.party).await;
        // Mallory's own login is not harmed by it.
        let page = mallory.visitor.open(&mallory.answer).await;
        mallory.party.finish(&mallory.begun, &page).await;
    });
}

#[test]
fn orp_08_a_state_of_another_source_is_refused() {
    run(async {
        let bench = bench().await;
        for name in ["orp08", "orp08b"] {
            bench.house.provider.issuer(name).set(Mood::default());
        }
        let mut held = hold(&bench, "orp08").await;
        let other = hold(&bench, "orp08b").await;
        let crossed = with(&held.answer, "state", Some(&read(&other.answer, "state")));
        let mark = bench.mark().await;
        let page = held.visitor.open(crossed).await;
        refused(&bench, &mut held, &page).await;
        bench.nothing_created(&mark).await;
    });
}

#[test]
fn orp_08_the_challenge_is_s256_and_new_for_each_login() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp08");
        issuer.set(Mood::default());
        hold(&bench, "orp08").await;
        hold(&bench, "orp08").await;
        let asked = issuer.seen("authorize");
        let all = |name: &str| -> std::collections::BTreeSet<String> {
            asked.iter().map(|seen| seen.parameters[name].clone()).collect()
        };
        assert_eq!(all("code_challenge_method").into_iter().collect::<Vec<_>>(), ["S256"]);
        for name in ["code_challenge", "state", "nonce"] {
            assert_eq!(all(name).len(), 2, "{name} is the same twice");
        }
    });
}
