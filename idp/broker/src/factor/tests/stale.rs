//! Sources that are asked for a new sign-in, and answer with the old one.

use idp_domain::{Demand, Lifetime, Refusal, assurance::REFEDS_MFA};

use super::house::*;
use crate::{Next, Turn, testing::NOW};

fn is_stale(turn: &Turn) -> bool {
    matches!(turn.next, Next::Refuse(Refusal::StaleAuthentication))
}

#[tokio::test]
async fn what_is_missing_is_proven_here_if_the_source_answers_from_memory() {
    let house = House::new().await;
    let (_, key) = house.enrolled("unb", "chantal").await;
    for (round, age) in ["600", "untold"].into_iter().enumerate() {
        let (mut browser, now) =
            (Browser::default(), later(1_000 * (u32::try_from(round).unwrap() + 1)));
        let reply = [("subject", "chantal"), ("age", age)];
        let turn = house.begin(&browser, "portal", now).await;
        let low = issued(house.answer(&mut browser, turn.transaction, "unb", &reply, now).await);
        let turn = house.begin(&browser, "vault", now).await;
        assert!(turn.transaction.asked_anew, "the source is asked first, for a new sign-in");
        // It is trusted for two factors, if it says when they were used.
        let said = [("subject", "chantal"), ("age", age), ("acr", REFEDS_MFA)];
        let said = if age == "untold" { &said[..] } else { &reply[..] };
        let turn = house.answer(&mut browser, turn.transaction, "unb", said, now).await;
        asked(&turn);
        let high = issued(house.prove_with(&mut browser, &turn, &key, |_| {}, now).await);
        assert_eq!(acr(&high), REFEDS_MFA);
        assert_eq!(high.authenticated_at, low.authenticated_at, "never now");
        let live = house.live(&browser, now).await.session;
        let worth = live.latest().unwrap().worth(now);
        assert!(!worth.meets(idp_domain::assurance::Worth::TWO_FACTORS), "nor later on");
    }
}

#[tokio::test]
async fn what_a_service_demands_to_be_new_is_asked_for_once() {
    let house = House::new().await;
    let aged = Demand { max_age: Some(Lifetime::minutes(5)), ..Demand::default() };
    let forced = Demand { force: true, ..Demand::default() };
    for (demand, questions) in [(aged, 2), (forced, 1)] {
        for age in ["600", "untold"] {
            let mut browser = Browser::default();
            let mut turn = house.demand(&browser, "portal", demand.clone(), NOW).await;
            for question in 1..=questions {
                assert!(!is_stale(&turn));
                let reply = [("subject", "amelie"), ("age", age)];
                turn = house.answer(&mut browser, turn.transaction, "una", &reply, NOW).await;
                assert_eq!(is_stale(&turn), question == questions, "{:?}", turn.next);
            }
            assert!(browser.session.is_none());
        }
    }
}

#[tokio::test]
async fn a_session_that_lapsed_for_a_service_is_not_revived_from_memory() {
    let house = House::new().await;
    let mut browser = Browser::default();
    issued(house.sign_in(&mut browser, "portal", "una", "amelie", NOW).await);
    let before = house.live(&browser, NOW).await.session;
    for age in ["301", "untold"] {
        let turn = house.begin(&browser, "counter", later(301)).await;
        let reply = [("subject", "amelie"), ("age", age)];
        let turn = house.answer(&mut browser, turn.transaction, "una", &reply, later(301)).await;
        assert!(is_stale(&turn), "{:?}", turn.next);
        let after = house.live(&browser, later(301)).await.session;
        assert_eq!(after.used_at, before.used_at, "it was not used");
    }
    let told = house.store.audit.page(None, 100).await.unwrap();
    let told = told
        .iter()
        .filter_map(idp_store::audit::TrailRow::event)
        .find(|event| !event.because.is_empty());
    let because = told.unwrap().because.join("; ");
    assert!(because.starts_with("the session was not used for 301 s"), "{because}");
    issued(house.sign_in(&mut browser, "counter", "una", "amelie", later(302)).await);
    // Services that are more patient never minded.
    issued(house.begin(&browser, "portal", later(303)).await);
}
