//! What a relying party would only like: who can prove it is asked, and may go on without it.

use idp_domain::{
    Demand, FactorKind, Refusal,
    assurance::{AAL1, PHR, REFEDS_MFA},
    transaction::Awaiting,
};

use super::{codes::with_app, house::*};
use crate::{Next, factor::FactorProblem, testing::NOW};

/// A session of amelie with one factor, whose account has a passkey.
async fn low(house: &House) -> (Browser, super::soft::Soft) {
    let (_, key) = house.enrolled("una", "amelie").await;
    let mut browser = Browser::default();
    issued(house.sign_in(&mut browser, "portal", "una", "amelie", later(60)).await);
    (browser, key)
}

#[tokio::test]
async fn whoever_has_a_factor_is_asked_for_it_and_the_wish_is_met() {
    let house = House::new().await;
    let (mut browser, key) = low(&house).await;
    let turn = house.demand(&browser, "portal", wished(PHR), later(90)).await;
    let page = asked(&turn);
    assert!(page.optional && !page.pass && !page.by_agency, "{page:?}");
    assert_eq!(page.kinds, [FactorKind::Passkey]);
    let turn = house.prove_with(&mut browser, &turn, &key, |_| {}, later(90)).await;
    assert_eq!(acr(&issued(turn)), PHR);
}

#[tokio::test]
async fn whoever_goes_on_without_is_asked_once_in_a_login_and_told_for_no_more() {
    let house = House::new().await;
    let (mut browser, _) = low(&house).await;
    let demand = Demand { consent: true, ..wished(PHR) };
    let turn = house.demand(&browser, "portal", demand, later(90)).await;
    let turn = house.go_without(&mut browser, &turn, later(90)).await;
    assert!(matches!(turn.next, Next::Consent), "{:?}", turn.next);
    let visit = house.visit(&browser, later(90)).await;
    let mut opened = house.open(&turn.transaction, later(90)).await;
    opened.transaction.consent();
    let turn = house.node().advance(opened.transaction, &visit).await.unwrap();
    assert_eq!(acr(&issued(turn)), AAL1);
    asked(&house.demand(&browser, "portal", wished(PHR), later(120)).await);
}

#[tokio::test]
async fn whoever_has_no_factor_or_may_not_be_asked_just_goes_on() {
    let house = House::new().await;
    let mut browser = Browser::default();
    issued(house.sign_in(&mut browser, "portal", "una", "bob", NOW).await);
    let turn = house.demand(&browser, "portal", wished(PHR), later(60)).await;
    assert_eq!(acr(&issued(turn)), AAL1);
    let (browser, _) = low(&house).await;
    let passive = Demand { passive: true, ..wished(PHR) };
    let turn = house.demand(&browser, "portal", passive, later(90)).await;
    assert_eq!(acr(&issued(turn)), AAL1);
}

#[tokio::test]
async fn mfa_04_nobody_goes_on_without_what_is_demanded() {
    let house = House::new().await;
    let (mut browser, _) = low(&house).await;
    for (party, demand) in [
        ("vault", Demand::default()),
        ("vault", wished(REFEDS_MFA)),
        ("safe", wished(REFEDS_MFA)),
        ("portal", essential(REFEDS_MFA)),
    ] {
        let turn = house.demand(&browser, party, demand, later(90)).await;
        assert!(!asked(&turn).optional, "{party}");
        refused_without_effect(&house, &mut browser, &turn).await;
    }
    let nobody = &mut Browser::default();
    let turn = house.demand(nobody, "portal", wished(PHR), later(90)).await;
    refused_without_effect(&house, nobody, &turn).await;
}

/// Going on without is refused, and the login is as it was.
async fn refused_without_effect(house: &House, browser: &mut Browser, turn: &crate::Turn) {
    let before = house.open(&turn.transaction, later(90)).await.transaction;
    let refused = house.go_without(browser, turn, later(90)).await;
    let consumed = matches!(refused.next, Next::Refuse(Refusal::TransactionConsumed));
    assert!(consumed, "{:?}", refused.next);
    assert_eq!(house.open(&turn.transaction, later(90)).await.transaction, before);
}

#[tokio::test]
async fn mfa_04_whoever_goes_on_without_a_wish_is_asked_for_what_is_demanded() {
    let house = House::new().await;
    let (mut browser, key) = low(&house).await;
    let turn = house.demand(&browser, "vault", wished(PHR), later(90)).await;
    assert!(asked(&turn).optional);
    assert_eq!(asked(&turn).kinds, [FactorKind::Passkey], "one proof meets both");
    let turn = house.go_without(&mut browser, &turn, later(90)).await;
    assert!(!asked(&turn).optional);
    assert_eq!(asked(&turn).kinds, [FactorKind::Passkey, FactorKind::RecoveryCode]);
    refused_without_effect(&house, &mut browser, &turn).await;
    let turn = house.prove_with(&mut browser, &turn, &key, |_| {}, later(90)).await;
    assert_eq!(acr(&issued(turn)), PHR, "what is proven all the same is told");
}

#[tokio::test]
async fn a_factor_that_is_locked_keeps_nobody_out_for_a_wish() {
    let house = House::new().await;
    let (_, _) = with_app(&house).await;
    let mut browser = Browser::default();
    issued(house.sign_in(&mut browser, "portal", "una", "amelie", later(60)).await);
    let mut turn = house.demand(&browser, "portal", wished(REFEDS_MFA), later(90)).await;
    for _ in 0..6 {
        let typed = (FactorKind::Totp, "000000");
        turn = house.type_code(&mut browser, &turn, typed.0, typed.1, false, later(90)).await;
    }
    assert!(matches!(problem(&turn), FactorProblem::Throttled { .. }));
    assert!(asked(&turn).optional);
    let turn = house.go_without(&mut browser, &turn, later(90)).await;
    assert_eq!(acr(&issued(turn)), AAL1);
}

#[tokio::test]
async fn an_access_pass_is_not_taken_where_nothing_is_demanded() {
    let house = House::new().await;
    let (browser, _) = low(&house).await;
    let turn = house.demand(&browser, "portal", wished(PHR), later(90)).await;
    let visit = house.visit(&browser, later(90)).await;
    let opened = house.open(&turn.transaction, later(90)).await;
    let turn = house.node().use_pass(opened, "any pass", &visit).await.unwrap();
    assert!(matches!(turn.next, Next::Refuse(Refusal::TransactionConsumed)), "{:?}", turn.next);
    assert!(house.trail("factor.failed").await.is_empty(), "it was not even looked at");
}

#[tokio::test]
async fn a_source_that_could_prove_it_is_asked_once_and_keeps_nobody_out() {
    let house = House::new().await;
    let mut browser = Browser::default();
    issued(house.sign_in(&mut browser, "portal", "unb", "chantal", NOW).await);
    for (reply, told) in [
        (vec![], AAL1),
        (vec![("subject", "chantal")], AAL1),
        (vec![("subject", "chantal"), ("acr", REFEDS_MFA)], REFEDS_MFA),
    ] {
        let turn = house.demand(&browser, "portal", wished(REFEDS_MFA), later(60)).await;
        assert!(matches!(turn.transaction.awaiting, Awaiting::Source(_)), "{:?}", turn.next);
        let turn = house.answer(&mut browser, turn.transaction, "unb", &reply, later(60)).await;
        assert_eq!(acr(&issued(turn)), told);
    }
    let turn = house.demand(&browser, "portal", wished(REFEDS_MFA), later(60)).await;
    assert_eq!(acr(&issued(turn)), REFEDS_MFA, "and not again while that counts");
}
