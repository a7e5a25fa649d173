//! WAN-04: challenges that were used, are of somebody else, or were made up.
//!
//! That a ceremony is over after five minutes is shown with a clock of its own, in the crates.

use std::collections::BTreeSet;

use idp_tests::harness::ceremony::Ceremony;
use idp_tests::harness::jose;
use idp_tests::harness::run;
use serde_json::json;

use crate::factor::bench::factor_bench;

#[test]
fn wan_04_an_answer_counts_once() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let device = bench.has_passkey("wan04").await;
        let mut first = bench.asked("wan04").await;
        let mut second = bench.asked("wan04").await;
        let mark = bench.bench.mark().await;
        let ceremony = first.ceremony().await;
        let answer = ceremony.answer(&bench.scene.drawer, device, json!({})).await;
        // In another login of the same person, by its own name and by that login's own.
        let stolen = Ceremony { name: ceremony.name.clone(), ..second.ceremony().await };
        bench.refuses_answer(&mut second, &stolen, &answer, &["ceremony"]).await;
        let own = second.ceremony().await;
        let reasons = ["webauthn.wrong_challenge"];
        bench.refuses_answer(&mut second, &own, &answer, &reasons).await;
        // Whoever asked for it has lost it meanwhile: a ceremony is burned by whoever shows it.
        bench.refuses_answer(&mut first, &ceremony, &answer, &["ceremony"]).await;
        bench.came_to_nothing(&first, &mark).await;
        bench.came_to_nothing(&second, &mark).await;
        let ceremony = first.ceremony().await;
        let answer = ceremony.answer(&bench.scene.drawer, device, json!({})).await;
        let page = ceremony.finish(&mut first.visitor, &answer).await;
        first.show(page);
        assert_eq!(first.step(), "told");
        // And again, where the login is over, and where another waits.
        let mark = bench.bench.mark().await;
        let again = ceremony.finish(&mut first.visitor, &answer).await;
        assert!(again.status >= 400, "{}", again.describe());
        bench.bench.nothing_created(&mark).await;
        let used = Ceremony { name: ceremony.name.clone(), ..second.ceremony().await };
        bench.refuses_answer(&mut second, &used, &answer, &["ceremony"]).await;
    });
}

#[test]
fn wan_04_one_ceremony_takes_one_answer_right_or_wrong() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let device = bench.has_passkey("wan04-once").await;
        let mut login = bench.asked("wan04-once").await;
        let mark = bench.bench.mark().await;
        let ceremony = login.ceremony().await;
        let wrong = json!({"signature": "MEUCIQDd"});
        let wrong = ceremony.answer(&bench.scene.drawer, device, wrong).await;
        let reasons = ["webauthn.wrong_signature"];
        bench.refuses_answer(&mut login, &ceremony, &wrong, &reasons).await;
        let right = ceremony.answer(&bench.scene.drawer, device, json!({})).await;
        bench.refuses_answer(&mut login, &ceremony, &right, &["ceremony"]).await;
        bench.came_to_nothing(&login, &mark).await;
    });
}

#[test]
fn wan_04_a_challenge_of_another_person_or_purpose_is_worth_nothing() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let alices = bench.has_passkey("wan04-alice").await;
        bench.has_passkey("wan04-bob").await;
        let mut alice = bench.asked("wan04-alice").await;
        let mut bob = bench.asked("wan04-bob").await;
        let mut carol = bench.scene.login("rp-mfa", "plain", "wan04-carol").await;
        let mark = bench.bench.mark().await;
        for other in [bob.ceremony().await, carol.ceremony().await] {
            let own = alice.ceremony().await;
            // Alice's key signs the challenge that somebody else was given.
            let challenge = other.asked()["challenge"].clone();
            let change = json!({"challenge": challenge});
            let answer = own.answer(&bench.scene.drawer, alices, change).await;
            let mixed = Ceremony { name: other.name.clone(), ..own.clone() };
            bench.refuses_answer(&mut alice, &mixed, &answer, &["ceremony"]).await;
            let reasons = ["webauthn.wrong_challenge"];
            bench.refuses_answer(&mut alice, &own, &answer, &reasons).await;
        }
        bench.came_to_nothing(&alice, &mark).await;
    });
}

#[test]
fn wan_04_a_challenge_that_the_browser_made_up_is_none() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let device = bench.has_passkey("wan04-own").await;
        let mut login = bench.asked("wan04-own").await;
        let mark = bench.bench.mark().await;
        let real = login.ceremony().await.asked()["challenge"].as_str().unwrap().to_owned();
        for challenge in [
            json!(""),
            json!(jose::random()),
            json!(real),
            json!(real[..real.len() - 4]),
            json!(format!("{real}=")),
            json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            json!(null),
            json!(0),
        ] {
            let change = json!({"challenge": challenge});
            let reasons = ["webauthn.wrong_challenge", "webauthn.malformed"];
            bench.refuses(&mut login, device, change, &reasons).await;
        }
        for name in ["", "x", &jose::random(), "../../etc/passwd"] {
            let own = login.ceremony().await;
            let answer = own.answer(&bench.scene.drawer, device, json!({})).await;
            let named = Ceremony { name: name.to_owned(), ..own };
            if name.is_empty() {
                // As when no script ran: the page says so, and nothing was tried.
                let page = named.finish(&mut login.visitor, &answer).await;
                login.show(page);
                assert!(login.step().starts_with("prove"));
                continue;
            }
            bench.refuses_answer(&mut login, &named, &answer, &["ceremony"]).await;
        }
        bench.came_to_nothing(&login, &mark).await;
    });
}

#[test]
fn wan_04_challenges_are_long_and_never_the_same() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        bench.has_passkey("wan04-many").await;
        let mut login = bench.asked("wan04-many").await;
        let mut seen = BTreeSet::new();
        for _ in 0..50 {
            let ceremony = login.ceremony().await;
            let challenge = ceremony.asked()["challenge"].as_str().expect("a challenge").to_owned();
            assert!(jose::unb64(&challenge).len() >= 16, "{challenge}");
            assert!(seen.insert(challenge), "the same challenge twice");
            assert!(seen.insert(ceremony.name), "the same name twice");
        }
    });
}
