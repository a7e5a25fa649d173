//! Remembered devices: what they stand for, how long, and what ends them.

use idp_domain::{
    Assurance, FactorKind, FactorRules, Lifetime, Timestamp,
    assurance::{PHR, REFEDS_MFA},
};

use super::{app::App, codes::with_app, house::*};
use crate::{
    DeviceChange, Next, Turn,
    factor::{Device, Scene},
};

fn remembering() -> FactorRules {
    FactorRules { remember_device_days: 30, ..FactorRules::default() }
}

/// A browser that is remembered since a minute after the start, and nothing else of it.
async fn remembered(house: &House) -> (Browser, App) {
    let (_, app) = with_app(house).await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    assert_eq!(asked(&turn).can_remember, Some(30));
    let code = app.code(later(60));
    let turn = house.type_code(&mut browser, &turn, FactorKind::Totp, &code, true, later(60)).await;
    let life = match &turn.next {
        Next::Issue(_, _, DeviceChange::Set(_, life)) => *life,
        next => panic!("{next:?}"),
    };
    assert_eq!(life, Lifetime::hours(30 * 24));
    browser.session = None;
    (browser, app)
}

async fn again(house: &House, browser: &mut Browser, party: &str, now: Timestamp) -> Turn {
    house.sign_in(browser, party, "una", "amelie", now).await
}

#[tokio::test]
async fn ses_13_a_remembered_device_stands_for_the_code_and_for_nothing_else() {
    let house = House::with(remembering()).await;
    let (mut browser, _) = remembered(&house).await;
    let turn = house.begin(&browser, "vault", later(120)).await;
    assert!(matches!(turn.next, Next::Choose), "the agency is asked all the same");
    let issuance = issued(again(&house, &mut browser, "vault", later(120)).await);
    assert_eq!(acr(&issuance), REFEDS_MFA);
    assert_eq!(issuance.assurance, Assurance::Aal2);
    browser.session = None;
    let turn = again(&house, &mut browser, "safe", later(180)).await;
    assert!(!matches!(turn.next, Next::Issue(..)), "never where phishing must be resisted");
    let kinds = house.letter_kinds().await;
    assert_eq!(kinds, ["device_remembered", "factor_enrolled"]);
    assert!(!methods(&issuance).contains(&"otp"), "no code was typed");
    assert_ne!(acr(&issuance), PHR);
}

#[tokio::test]
async fn ses_13_a_handle_is_exchanged_at_each_use_and_an_old_one_ends_the_device() {
    let house = House::with(remembering()).await;
    let (mut browser, _) = remembered(&house).await;
    let mut thief = browser.clone();
    let before = browser.device.clone();
    issued(again(&house, &mut browser, "vault", later(120)).await);
    assert_ne!(browser.device, before);
    let turn = again(&house, &mut thief, "vault", later(180)).await;
    asked(&turn);
    assert_eq!(house.trail("device.forgotten").await, ["device.forgotten copied !"]);
    browser.session = None;
    let turn = again(&house, &mut browser, "vault", later(240)).await;
    asked(&turn);
}

#[tokio::test]
async fn ses_13_what_a_copied_or_forgotten_device_stood_for_counts_in_no_session() {
    for how in ["copied", "forgotten"] {
        let house = House::with(remembering()).await;
        let (mut browser, _) = remembered(&house).await;
        let mut thief = browser.clone();
        // Whoever copied it comes first.
        issued(again(&house, &mut thief, "vault", later(120)).await);
        let live = house.live(&thief, later(121)).await;
        assert_eq!(live.session.proofs.len(), 1);
        if how == "copied" {
            asked(&again(&house, &mut browser, "vault", later(180)).await);
        } else {
            let owner = house.live(&thief, later(180)).await;
            let visit = house.visit(&thief, later(180)).await;
            let view = house.node().account_view(&owner, &visit).await.unwrap();
            let id = &view.devices[0].id;
            assert_eq!(house.node().forget_device(&owner, id, &visit).await.unwrap(), Ok(()));
        }
        assert!(house.live(&thief, later(181)).await.session.proofs.is_empty(), "{how}");
        asked(&house.begin(&thief, "vault", later(182)).await);
    }
}

#[tokio::test]
async fn windows_that_show_a_device_at_the_same_instant_all_go_on() {
    let house = House::with(remembering()).await;
    let (mut browser, _) = remembered(&house).await;
    // A browser that restores its windows sends what it had, before it is given anything else.
    let mut windows = [browser.clone(), browser.clone(), browser.clone()];
    issued(again(&house, &mut browser, "vault", later(120)).await);
    for (window, seconds) in windows.iter_mut().zip([120, 122, 125]) {
        let turn = again(&house, window, "vault", later(seconds)).await;
        assert!(matches!(turn.next, Next::Issue(_, _, DeviceChange::None)), "{:?}", turn.next);
    }
    assert_eq!(house.trail("device.").await, ["device.remembered"]);
    browser.session = None;
    issued(again(&house, &mut browser, "vault", later(180)).await);
    // What any of them kept is a copy from then on.
    windows[0].session = None;
    asked(&again(&house, &mut windows[0], "vault", later(181)).await);
    assert_eq!(house.trail("device.f").await, ["device.forgotten copied !"]);
}

#[tokio::test]
async fn ses_13_a_copy_from_elsewhere_is_noticed_at_the_same_instant() {
    for elsewhere in ["address", "browser"] {
        let house = House::with(remembering()).await;
        let (mut browser, _) = remembered(&house).await;
        let thief = browser.clone();
        issued(again(&house, &mut browser, "vault", later(120)).await);
        let account = house.live(&browser, later(120)).await.session.account;
        let mut visit = house.visit(&thief, later(120)).await;
        let person = house.node().person(Some(account.clone()), &visit).await.unwrap();
        assert!(matches!(person.device, Device::Known(_)));
        match elsewhere {
            "address" => visit.address = std::net::Ipv4Addr::new(198, 51, 100, 4).into(),
            _ => visit.browser = "Chrome".to_owned(),
        }
        let person = house.node().person(Some(account), &visit).await.unwrap();
        let Device::Copied(device) = &person.device else { panic!("{:?}", person.device) };
        let live = house.live(&browser, later(120)).await;
        let scene = Scene::Page(&live);
        assert!(house.node().use_device(device, scene, &visit).await.unwrap().is_none());
        browser.session = None;
        asked(&again(&house, &mut browser, "vault", later(121)).await);
        assert_eq!(house.trail("device.f").await, ["device.forgotten copied !"]);
    }
}

#[tokio::test]
async fn ses_13_a_device_is_of_one_person() {
    let house = House::with(remembering()).await;
    let (mut browser, _) = remembered(&house).await;
    let turn = house.sign_in(&mut browser, "vault", "una", "bob", later(120)).await;
    enrolling(&turn);
    assert!(browser.device.is_some(), "and stays that person's");
    issued(again(&house, &mut browser, "vault", later(180)).await);
}

#[tokio::test]
async fn ses_13_a_device_is_forgotten_when_the_factors_change_and_when_its_days_are_over() {
    let house = House::with(remembering()).await;
    let (mut browser, app) = remembered(&house).await;
    let days = |days: u32| later(60) + Lifetime::hours(days * 24);
    issued(again(&house, &mut browser, "vault", days(29)).await);
    browser.session = None;
    let turn = again(&house, &mut browser, "vault", days(30)).await;
    asked(&turn);

    // A change of factors: a new set of codes.
    let code = app.code(days(30));
    let turn = house.type_code(&mut browser, &turn, FactorKind::Totp, &code, true, days(30)).await;
    issued(turn);
    let live = house.live(&browser, days(30)).await;
    let visit = house.visit(&browser, days(30)).await;
    house.node().new_recovery_codes(&live, &visit).await.unwrap().unwrap();
    browser.session = None;
    let turn = again(&house, &mut browser, "vault", days(31)).await;
    asked(&turn);
}

#[tokio::test]
async fn a_dead_cookie_is_taken_back() {
    let house = House::with(remembering()).await;
    let (mut browser, app) = remembered(&house).await;
    house.rule(&FactorRules { remember_device_days: 1, ..FactorRules::default() });
    let late = later(60) + Lifetime::hours(31 * 24);
    let turn = again(&house, &mut browser, "vault", late).await;
    let code = app.code(late);
    issued(house.type_code(&mut browser, &turn, FactorKind::Totp, &code, false, late).await);
    assert!(browser.device.is_none());
}

#[tokio::test]
async fn an_agency_that_lets_no_device_be_remembered_has_none() {
    let house = House::with(remembering()).await;
    let (mut browser, app) = remembered(&house).await;
    house.rule(&FactorRules::default());
    let turn = again(&house, &mut browser, "vault", later(120)).await;
    assert_eq!(asked(&turn).can_remember, None);
    let code = app.code(later(120));
    let turn =
        house.type_code(&mut browser, &turn, FactorKind::Totp, &code, true, later(120)).await;
    assert!(matches!(turn.next, Next::Issue(_, _, DeviceChange::None)), "the wish is not offered");
}

#[tokio::test]
async fn a_browser_that_others_use_is_not_remembered() {
    let house = House::with(remembering()).await;
    let (_, app) = with_app(&house).await;
    let mut browser = Browser::default();
    let mut turn = again(&house, &mut browser, "vault", later(60)).await;
    turn.transaction.shared = true;
    house.node().keep_over(&turn.transaction).await.unwrap();
    let code = app.code(later(60));
    let turn = house.type_code(&mut browser, &turn, FactorKind::Totp, &code, true, later(60)).await;
    assert!(matches!(turn.next, Next::Issue(_, _, DeviceChange::None)));
    assert!(house.live(&browser, later(60)).await.session.shared);
}

#[tokio::test]
async fn ending_all_other_sessions_forgets_all_other_devices() {
    let house = House::with(remembering()).await;
    let (mut here, app) = remembered(&house).await;
    let mut there = Browser::default();
    let turn = again(&house, &mut there, "vault", later(120)).await;
    let code = app.code(later(120));
    issued(house.type_code(&mut there, &turn, FactorKind::Totp, &code, true, later(120)).await);
    issued(again(&house, &mut here, "vault", later(180)).await);
    let (live, visit) = (house.live(&here, later(180)).await, house.visit(&here, later(180)).await);
    let view = house.node().account_view(&live, &visit).await.unwrap();
    assert_eq!(view.devices.iter().filter(|device| device.this).count(), 1);
    assert_eq!(view.devices.len(), 2);
    house.node().end_all_other_sessions(&live, &visit).await.unwrap();
    let view = house.node().account_view(&live, &visit).await.unwrap();
    let [left] = view.devices.as_slice() else { panic!("{:?}", view.devices) };
    assert!(left.this);
    assert_eq!(house.node().forget_device(&live, &left.id, &visit).await.unwrap(), Ok(()));
    here.session = None;
    asked(&again(&house, &mut here, "vault", later(240)).await);
}
