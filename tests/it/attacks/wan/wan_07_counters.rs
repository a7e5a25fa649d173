//! WAN-07: backup flags that change their minds. WAN-08: counters that do not grow.

use idp_tests::harness::ceremony::Ceremony;
use idp_tests::harness::run;
use serde_json::{Value, json};

use crate::factor::bench::{FactorBench, factor_bench};
use crate::factor::login::Login;
use idp_tests::peers::authenticator::SoftAuthenticator;

#[test]
fn wan_07_a_passkey_that_could_not_leave_its_device_cannot_later_either() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let bound = bench.has_passkey("wan07-bound").await;
        let mut login = bench.asked("wan07-bound").await;
        let mark = bench.bench.mark().await;
        let reasons = ["webauthn.backup_flags", "webauthn.malformed"];
        for change in [json!({"be": false, "bs": true}), json!({"be": true}), both(true, true)] {
            bench.refuses(&mut login, bound, change, &reasons).await;
        }
        bench.came_to_nothing(&login, &mark).await;
        let synced = bench.enrols_passkey("plain", "wan07-synced", both(true, false)).await;
        let mut login = bench.asked("wan07-synced").await;
        let mark = bench.bench.mark().await;
        for change in [both(false, false), both(false, true)] {
            bench.refuses(&mut login, synced, change, &reasons).await;
        }
        bench.came_to_nothing(&login, &mark).await;
        // Whether it lies in a backup now may change.
        login.passkey(synced, json!({"be": true, "bs": true, "counter": 50})).await;
        assert_eq!(login.step(), "told", "{}", login.page().describe());
    });
}

#[test]
fn wan_07_an_agency_that_wants_keys_to_stay_gets_no_others() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut login = bench.scene.login("rp-mfa", "bound", "wan07-policy").await;
        login.ceremony().await;
        let mark = bench.bench.mark().await;
        let device = bench.scene.drawer.draw(json!({})).await;
        for (change, reason) in [
            (both(true, false), "webauthn.not_device_bound"),
            (both(true, true), "webauthn.not_device_bound"),
            (both(false, true), "webauthn.backup_flags"),
        ] {
            let reasons = [reason, "webauthn.malformed"];
            bench.refuses(&mut login, device, change, &reasons).await;
        }
        bench.came_to_nothing(&login, &mark).await;
        login.new_passkey().await;
        assert_eq!(login.step(), "codes");
    });
}

fn both(eligible: bool, backed_up: bool) -> Value {
    json!({"be": eligible, "bs": backed_up})
}

/// Refused as a copied key: one alerting line.
async fn clone_is_suspected(
    bench: &FactorBench,
    login: &mut Login<'_>,
    device: SoftAuthenticator,
    counter: u32,
) {
    let row = bench.refuses(login, device, json!({"counter": counter}), &["counter"]).await;
    assert_eq!(row.kind, "authenticator.clone_suspected", "{row:#?}");
    assert_eq!(row.body["alert"], true, "{row:#?}");
    assert_eq!(row.body["detail"]["presented"], counter.to_string(), "{row:#?}");
}

#[test]
fn wan_08_a_counter_that_does_not_grow_is_a_copied_key() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let counted = json!({"counter": 10});
        let device = bench.enrols_passkey("plain", "wan08", counted).await;
        let mut login = bench.asked("wan08").await;
        let mark = bench.bench.mark().await;
        for counter in [10, 9, 0] {
            clone_is_suspected(&bench, &mut login, device, counter).await;
        }
        bench.came_to_nothing(&login, &mark).await;
        login.passkey(device, json!({"counter": 11})).await;
        assert_eq!(login.step(), "told", "{}", login.page().describe());
        let mut login = bench.asked("wan08").await;
        clone_is_suspected(&bench, &mut login, device, 11).await;
        login.passkey(device, json!({"counter": u32::MAX})).await;
        assert_eq!(login.step(), "told", "{}", login.page().describe());
        // It cannot run over.
        let mut login = bench.asked("wan08").await;
        for counter in [0, 1, u32::MAX] {
            clone_is_suspected(&bench, &mut login, device, counter).await;
        }
    });
}

#[test]
fn wan_08_an_authenticator_that_does_not_count_is_no_clone() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let device = bench.has_passkey("wan08-none").await;
        for _ in 0..2 {
            let mut login = bench.asked("wan08-none").await;
            login.passkey(device, json!({"counter": 0})).await;
            assert_eq!(login.step(), "told", "{}", login.page().describe());
        }
    });
}

#[test]
fn wan_08_of_two_answers_with_one_counter_one_counts() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let device = bench.has_passkey("wan08-twice").await;
        for round in 1..=5_u32 {
            let mut logins = [bench.asked("wan08-twice").await, bench.asked("wan08-twice").await];
            let mut answered = vec![];
            for login in &mut logins {
                let ceremony = login.ceremony().await;
                let change = json!({"counter": round});
                let answer = ceremony.answer(&bench.scene.drawer, device, change).await;
                answered.push((ceremony, answer));
            }
            let [one, other] = &mut logins;
            let finish = async |login: &mut Login<'_>, (ceremony, answer): &(Ceremony, Value)| {
                ceremony.finish(&mut login.visitor, answer).await.arrived()
            };
            let (one, other) = tokio::join!(finish(one, &answered[0]), finish(other, &answered[1]));
            assert!(one != other, "round {round}: {one} {other}");
        }
    });
}
