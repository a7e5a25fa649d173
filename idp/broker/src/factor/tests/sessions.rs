//! What becomes of sessions when more is proven in them.

use idp_domain::{
    Assurance, Lifetime,
    assurance::{AAL1, REFEDS_MFA},
    session::Narrower,
};

use super::house::*;
use crate::{Next, SessionChange, Visit, testing::NOW};

#[tokio::test]
async fn mfa_18_ses_01_a_session_that_rises_gets_another_handle_and_the_old_one_is_dead() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    let mut browser = Browser::default();
    let low = issued(house.sign_in(&mut browser, "portal", "una", "amelie", later(60)).await);
    assert_eq!(acr(&low), AAL1);
    let stolen = browser.clone();
    let turn = house.begin(&browser, "vault", later(90)).await;
    assert_eq!(asked(&turn).kinds.len(), 2, "only the factor is missing");
    let turn = house.prove_with(&mut browser, &turn, &key, |_| {}, later(90)).await;
    let high = issued(turn);
    assert_eq!(acr(&high), REFEDS_MFA);
    assert_eq!(high.session, low.session, "it is the same session");
    assert!(house.visit(&stolen, later(91)).await.session.is_none(), "the old handle is dead");
    let live = house.live(&browser, later(91)).await;
    assert_eq!(live.session.participants.len(), 2);
    assert_eq!(house.trail("session.started").await.len(), 2, "and no third one");
}

#[tokio::test]
async fn a_factor_that_was_proven_is_asked_for_once_in_a_session() {
    let house = House::new().await;
    let (browser, _) = house.enrolled("una", "amelie").await;
    let turn = house.begin(&browser, "safe", later(60)).await;
    let Next::Issue(issuance, SessionChange::None, _) = turn.next else {
        panic!("{:?}", turn.next)
    };
    assert_eq!(issuance.assurance, Assurance::Aal2);
}

#[tokio::test]
async fn mfa_18_somebody_elses_sign_in_at_the_browser_takes_nothing_over() {
    let house = House::new().await;
    let (mut browser, _) = house.enrolled("una", "amelie").await;
    let hers = house.live(&browser, NOW).await;
    let turn = house.sign_in_anew(&mut browser, "portal", "una", "bob", later(60)).await;
    let issuance = issued(turn);
    assert_eq!(acr(&issuance), AAL1, "her passkey is not his");
    let his = house.live(&browser, later(60)).await;
    assert_ne!(his.session.id, hers.session.id);
    assert!(his.session.proofs.is_empty());
}

#[tokio::test]
async fn an_agency_that_proves_two_factors_is_believed_and_nothing_more_is_asked() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let turn = house.begin(&browser, "vault", NOW).await;
    let reply = [("subject", "chantal"), ("acr", REFEDS_MFA), ("amr", "otp")];
    let turn = house.answer(&mut browser, turn.transaction, "unb", &reply, NOW).await;
    let issuance = issued(turn);
    assert_eq!(acr(&issuance), REFEDS_MFA);
    assert_eq!(methods(&issuance), ["otp", "mfa"]);
}

#[tokio::test]
async fn mfa_19_an_agency_that_only_says_so_is_not_believed() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let turn = house.begin(&browser, "vault", NOW).await;
    let reply = [("subject", "amelie"), ("acr", REFEDS_MFA), ("amr", "mfa")];
    let turn = house.answer(&mut browser, turn.transaction, "una", &reply, NOW).await;
    enrolling(&turn);
    let turn = house.begin(&browser, "portal", NOW).await;
    let turn = house.answer(&mut browser, turn.transaction, "una", &reply, NOW).await;
    assert_eq!(acr(&issued(turn)), AAL1);
}

#[tokio::test]
async fn the_persons_own_page_is_told_nothing_that_ends() {
    let house = House::new().await;
    let (browser, _) = house.enrolled("una", "amelie").await;
    let turn = house.demand(&browser, "account", step_up(), later(60)).await;
    issued(turn);
    let live = house.live(&browser, later(60)).await;
    let parties: Vec<_> =
        live.session.participants.iter().map(|one| one.relying_party.as_str()).collect();
    assert_eq!(parties, ["vault"]);
}

#[tokio::test]
async fn a_demand_of_a_request_is_told_by_the_name_that_it_asked_for() {
    let house = House::new().await;
    let (browser, _) = house.enrolled("una", "amelie").await;
    let turn = house.demand(&browser, "portal", essential(REFEDS_MFA), later(60)).await;
    assert_eq!(acr(&issued(turn)), REFEDS_MFA);
}

#[tokio::test]
async fn mfa_18_a_session_that_lapsed_for_a_service_lends_a_new_sign_in_no_factor() {
    let house = House::new().await;
    let (mut browser, key) = house.enrolled("una", "amelie").await;
    let before = house.live(&browser, NOW).await.session;
    // Five minutes are its patience, and twelve hours that of factors.
    let turn = house.sign_in(&mut browser, "counter", "una", "amelie", later(301)).await;
    assert_eq!(acr(&issued(turn)), AAL1);
    let after = house.live(&browser, later(301)).await.session;
    assert_eq!(after.id, before.id, "a logout reaches everybody who was told");
    let parties: Vec<_> = after.participants.iter().map(|one| one.relying_party.as_str()).collect();
    assert_eq!(parties, ["vault", "counter"]);
    assert!(after.proofs.is_empty());
    assert_eq!((after.started_at, after.ends_at), (before.started_at, before.ends_at));
    let turn = house.begin(&browser, "vault", later(302)).await;
    asked(&turn);
    issued(house.prove_with(&mut browser, &turn, &key, |_| {}, later(302)).await);
}

#[tokio::test]
async fn a_session_that_is_too_old_for_a_service_lends_a_new_sign_in_no_factor() {
    let house = House::new().await;
    let (mut browser, _) = house.enrolled("una", "amelie").await;
    for minutes in [50, 100, 119] {
        let (now, visit) = (later(minutes * 60), house.visit(&browser, later(minutes * 60)).await);
        let live = house.live(&browser, now).await;
        assert!(house.node().keep_using(&live, Vec::new(), &visit).await.unwrap());
    }
    let turn = house.sign_in(&mut browser, "counter", "una", "amelie", later(7_201)).await;
    issued(turn);
    assert!(house.live(&browser, later(7_201)).await.session.proofs.is_empty());
}

#[tokio::test]
async fn a_session_that_counts_keeps_its_factors_when_its_person_signs_in_again() {
    let house = House::new().await;
    let (mut browser, _) = house.enrolled("una", "amelie").await;
    issued(house.sign_in_anew(&mut browser, "portal", "una", "amelie", later(301)).await);
    assert_eq!(house.live(&browser, later(301)).await.session.proofs.len(), 1);
}

#[tokio::test]
async fn no_sign_in_moves_the_end_of_a_session_and_one_past_it_begins_anew() {
    let house = House::new().await;
    let (mut browser, _) = house.enrolled("una", "amelie").await;
    let first = house.live(&browser, NOW).await.session;
    let half_hours = |number: u32| NOW + Lifetime::minutes(30 * number);
    for number in 1..24 {
        let now = half_hours(number);
        issued(house.sign_in_anew(&mut browser, "portal", "una", "amelie", now).await);
        let session = house.live(&browser, now).await.session;
        assert_eq!((session.id, session.ends_at), (first.id.clone(), first.ends_at));
    }
    // It ends while the person is at the source.
    let late = half_hours(24);
    let live = house.live(&browser, half_hours(23)).await;
    let visit = Visit { session: Some(live.clone()), ..house.visit(&browser, late).await };
    let mut event = live.session.latest().unwrap().clone();
    event.received_at = late;
    let limits = Narrower::default();
    let after = house.node().session_after(&first.account, &event, limits, &visit).unwrap();
    assert_ne!(after.id, first.id);
    assert_eq!((after.started_at, after.ends_at), (late, late + Lifetime::hours(12)));
    assert!(after.proofs.is_empty() && after.participants.is_empty());
}
