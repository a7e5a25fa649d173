//! What becomes of proofs by a factor that is removed: in other sessions, on other nodes, and in
//! logins that go on meanwhile.

use std::time::Duration;

use idp_domain::{FactorKind, FactorRules};

use super::super::{
    app::App,
    codes::with_app,
    house::*,
    soft::{Draft, Soft, base64url},
};
use crate::{Next, SessionChange};

/// Waits until the third node knows of no proof in the browser's session: for a second at most.
async fn lost(house: &House, browser: &Browser, seconds: u32) -> bool {
    let handle = browser.session.as_ref().unwrap();
    for _ in 0..100 {
        let live = house.nodes[2].session(handle, later(seconds)).await.unwrap();
        if live.is_none_or(|live| live.session.proofs.is_empty()) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

/// Removes `key` in `browser`.
async fn remove(house: &House, browser: &Browser, key: &Soft, seconds: u32) {
    let now = later(seconds);
    let (live, visit) = (house.live(browser, now).await, house.visit(browser, now).await);
    let credential = base64url(&key.id);
    let removed = house.node().remove_passkey(&live, &credential, &visit).await.unwrap();
    assert_eq!(removed, Ok(()));
}

#[tokio::test]
async fn what_a_removed_passkey_proved_counts_in_no_session_any_more() {
    let house = House::new().await;
    let (browser, key) = house.enrolled("una", "amelie").await;
    let mut other = Browser::default();
    let turn = house.sign_in(&mut other, "vault", "una", "amelie", later(60)).await;
    issued(house.prove_with(&mut other, &turn, &key, |_| {}, later(60)).await);
    assert_eq!(house.live(&other, later(61)).await.session.proofs.len(), 1);
    remove(&house, &browser, &key, 62).await;
    assert!(lost(&house, &other, 63).await);
    let live = house.live(&other, later(63)).await;
    assert!(live.session.latest().is_some(), "what her agency said of her stays");
    let turn = house.begin(&other, "vault", later(64)).await;
    assert!(!matches!(turn.next, Next::Issue(..)), "{:?}", turn.next);
}

#[tokio::test]
async fn what_another_passkey_proved_goes_on() {
    let house = House::new().await;
    let (mut browser, first) = house.enrolled("una", "amelie").await;
    let second = add(&house, &mut browser).await;
    let mut other = Browser::default();
    let turn = house.sign_in(&mut other, "vault", "una", "amelie", later(60)).await;
    issued(house.prove_with(&mut other, &turn, &first, |_| {}, later(60)).await);
    remove(&house, &browser, &second, 62).await;
    issued(house.begin(&other, "vault", later(63)).await);
}

/// Adds a passkey at the browser's own page.
async fn add(house: &House, browser: &mut Browser) -> Soft {
    let key = Soft::new();
    let (live, visit) = (house.live(browser, later(1)).await, house.visit(browser, later(1)).await);
    let started = house.node().start_passkey_for(&live, &visit).await.unwrap().unwrap();
    let answer = registration(&key, &started);
    let added = house.node().add_passkey(&live, &started.ceremony, &answer, "", &visit).await;
    let SessionChange::Set(handle) = added.unwrap().unwrap().session else { panic!() };
    browser.session = Some(handle);
    key
}

#[tokio::test]
async fn a_session_that_a_passkey_alone_began_is_over_with_it() {
    let house = House::new().await;
    house.put_local("eve", false, 0).await;
    let (browser, key) = house.enrolled("partner", "eve").await;
    let (account, _) = house.store.factors.by_credential(&key.id).await.unwrap().unwrap();
    let handle = house.store.factors.of(&account).await.unwrap().unwrap().handle.unwrap();
    let mut other = Browser::default();
    let mut transaction = house.begin(&other, "portal", later(60)).await.transaction;
    transaction.choose("partner".parse().unwrap());
    let visit = house.visit(&other, later(60)).await;
    let turn = house.node().advance(transaction, &visit).await.unwrap();
    house.node().keep_over(&turn.transaction).await.unwrap();
    let opened = house.open(&turn.transaction, later(60)).await;
    let started = house.node().start_passkey_sign_in(&opened, false, &visit).await.unwrap();
    let started = started.unwrap();
    let owned = |draft: &mut Draft| draft.user_handle = Some(handle);
    let answer = assertion(&key, &started, owned);
    let turn = house.node().sign_in_with_passkey(opened, &started.ceremony, &answer, &visit).await;
    issued(house.follow(&mut other, turn.unwrap()).await);
    assert!(house.visit(&other, later(61)).await.session.is_some());
    remove(&house, &browser, &key, 62).await;
    assert!(lost(&house, &other, 63).await);
    assert!(house.visit(&other, later(63)).await.session.is_none());
}

#[tokio::test]
async fn what_a_removed_app_or_a_device_that_stood_for_it_proved_counts_no_more() {
    let rules = FactorRules { remember_device_days: 30, ..FactorRules::default() };
    let house = House::with(rules).await;
    let (here, app) = with_app(&house).await;
    let mut typed = Browser::default();
    let turn = house.sign_in(&mut typed, "vault", "una", "amelie", later(60)).await;
    let code = app.code(later(60));
    let turn = house.type_code(&mut typed, &turn, FactorKind::Totp, &code, true, later(60)).await;
    issued(turn);
    let mut device = Browser { session: None, ..typed.clone() };
    issued(house.sign_in(&mut device, "vault", "una", "amelie", later(61)).await);
    assert_eq!(house.live(&device, later(62)).await.session.proofs.len(), 1);
    let (live, visit) = (house.live(&here, later(62)).await, house.visit(&here, later(62)).await);
    assert_eq!(house.node().remove_totp(&live, &visit).await.unwrap(), Ok(()));
    assert!(lost(&house, &typed, 63).await);
    assert!(lost(&house, &device, 63).await);
}

#[tokio::test]
async fn what_the_app_of_before_proved_counts_no_more_and_the_new_one_does() {
    let house = House::new().await;
    let (here, app) = with_app(&house).await;
    let mut other = Browser::default();
    let turn = house.sign_in(&mut other, "vault", "una", "amelie", later(60)).await;
    let code = app.code(later(60));
    issued(house.type_code(&mut other, &turn, FactorKind::Totp, &code, false, later(60)).await);
    let (live, visit) = (house.live(&here, later(62)).await, house.visit(&here, later(62)).await);
    let started = house.node().start_totp_for(&live, &visit).await.unwrap().unwrap();
    let code = App::of(&started.page).code(later(62));
    let added = house.node().add_totp(&live, &started.ceremony, &code, &visit).await;
    let SessionChange::Set(handle) = added.unwrap().unwrap().session else { panic!() };
    assert!(lost(&house, &other, 63).await);
    let here = Browser { session: Some(handle), ..here };
    assert_eq!(house.live(&here, later(63)).await.session.proofs.len(), 1, "that of the new app");
}

#[tokio::test]
async fn a_login_that_goes_on_is_not_vouched_for_by_a_passkey_that_was_removed_meanwhile() {
    let house = House::new().await;
    let (browser, key) = house.enrolled("una", "amelie").await;
    let mut other = Browser::default();
    let turn = house.sign_in(&mut other, "vault", "una", "amelie", later(60)).await;
    let visit = house.visit(&other, later(60)).await;
    let opened = house.open(&turn.transaction, later(60)).await;
    let started = house.node().start_passkey_proof(&opened, &visit).await.unwrap().unwrap();
    let answer = assertion(&key, &started, |_| {});
    let turn = house.node().prove_passkey(opened, &started.ceremony, &answer, &visit).await;
    // The login as it stood with the proof.
    let proven = turn.unwrap().transaction;
    remove(&house, &browser, &key, 61).await;
    let turn = house.node().advance(proven, &visit).await.unwrap();
    assert!(matches!(turn.next, Next::Prove(_) | Next::Refuse(_)), "{:?}", turn.next);
}
