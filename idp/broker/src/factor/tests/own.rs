//! The person's own page.

mod removed;

use idp_domain::{FactorKind, FactorRules, factor::EnrolWith};

use super::{app::App, house::*, soft::Soft};
use crate::{
    SessionChange,
    factor::{Denied, Disputed, EnrolProblem},
    testing::NOW,
};

#[tokio::test]
async fn the_page_shows_what_there_is() {
    let house = House::new().await;
    let (browser, key) = house.enrolled("una", "amelie").await;
    let (live, visit) = (house.live(&browser, NOW).await, house.visit(&browser, NOW).await);
    let view = house.node().account_view(&live, &visit).await.unwrap();
    assert_eq!((view.passkeys.len(), view.totp, view.recovery_codes), (1, false, 10));
    assert_eq!(view.passkeys[0].credential, super::soft::base64url(&key.id));
    assert_eq!(view.mail.as_deref(), Some("amelie@una.example"));
    assert!(view.may_change && !view.must_enrol);
    assert_eq!(view.links.len(), 1);
    let [session] = view.sessions.as_slice() else { panic!("{:?}", view.sessions) };
    assert_eq!(session.services[0].released.len(), 1, "what was released to whom");
    let late = house.visit(&browser, too_late()).await;
    assert!(!house.node().account_view(&live, &late).await.unwrap().may_change);
}

#[tokio::test]
async fn wan_14_a_change_needs_a_factor_of_the_last_five_minutes() {
    let house = House::new().await;
    let (mut browser, key) = house.enrolled("una", "amelie").await;
    let (live, visit) =
        (house.live(&browser, too_late()).await, house.visit(&browser, too_late()).await);
    let node = house.node();
    let credential = super::soft::base64url(&key.id);
    let denied = Some(Denied::StepUpNeeded);
    assert_eq!(node.start_passkey_for(&live, &visit).await.unwrap().err(), denied);
    assert_eq!(node.add_passkey(&live, "", "", "", &visit).await.unwrap().err(), denied);
    assert_eq!(node.start_totp_for(&live, &visit).await.unwrap().err(), denied);
    assert_eq!(node.add_totp(&live, "", "", &visit).await.unwrap().err(), denied);
    assert_eq!(node.remove_passkey(&live, &credential, &visit).await.unwrap().err(), denied);
    assert_eq!(node.rename_passkey(&live, &credential, "x", &visit).await.unwrap().err(), denied);
    assert_eq!(node.remove_totp(&live, &visit).await.unwrap().err(), denied);
    assert_eq!(node.new_recovery_codes(&live, &visit).await.unwrap().err(), denied);

    let turn = house.demand(&browser, "account", step_up(), too_late()).await;
    let turn = house.prove_with(&mut browser, &turn, &key, |_| {}, too_late()).await;
    issued(turn);
    let (live, visit) =
        (house.live(&browser, too_late()).await, house.visit(&browser, too_late()).await);
    assert_eq!(node.rename_passkey(&live, &credential, "keys", &visit).await.unwrap(), Ok(()));
    let view = node.account_view(&live, &visit).await.unwrap();
    assert_eq!(view.passkeys[0].name, "keys");
}

#[tokio::test]
async fn a_second_passkey_is_added_and_the_first_removed() {
    let house = House::new().await;
    let (browser, first) = house.enrolled("una", "amelie").await;
    let (live, visit) = (house.live(&browser, NOW).await, house.visit(&browser, NOW).await);
    let node = house.node();
    let second = Soft::new();
    let started = node.start_passkey_for(&live, &visit).await.unwrap().unwrap();
    let known = started.options["publicKey"]["excludeCredentials"].as_array().unwrap();
    assert_eq!(known.len(), 1, "the first one is left out");
    let answer = registration(&second, &started);
    let added = node.add_passkey(&live, &started.ceremony, &answer, "second", &visit).await;
    assert!(added.unwrap().unwrap().codes.is_none(), "there is a set of codes already");
    let credential = super::soft::base64url(&first.id);
    assert_eq!(node.remove_passkey(&live, &credential, &visit).await.unwrap(), Ok(()));
    let again = node.remove_passkey(&live, &credential, &visit).await.unwrap();
    assert_eq!(again, Err(Denied::Unknown));
    let kinds = house.letter_kinds().await;
    assert_eq!(kinds, ["factor_enrolled", "factor_enrolled", "factor_removed"]);

    let mut other = Browser::default();
    let turn = house.sign_in(&mut other, "vault", "una", "amelie", later(60)).await;
    let gone = house.prove_with(&mut other, &turn, &first, |_| {}, later(60)).await;
    assert!(matches!(problem(&gone), crate::factor::FactorProblem::UnknownPasskey { .. }));
    issued(house.prove_with(&mut other, &turn, &second, |_| {}, later(60)).await);
}

#[tokio::test]
async fn an_app_is_added_and_removed_and_a_wrong_code_begins_nothing_anew() {
    let house = House::new().await;
    let (browser, _) = house.enrolled("una", "amelie").await;
    let (live, visit) = (house.live(&browser, NOW).await, house.visit(&browser, NOW).await);
    let node = house.node();
    let started = node.start_totp_for(&live, &visit).await.unwrap().unwrap();
    let app = App::of(&started.page);
    let wrong = app.wrong(NOW).next().unwrap();
    let added = node.add_totp(&live, &started.ceremony, &wrong, &visit).await.unwrap();
    assert_eq!(added.err(), Some(Denied::Problem(EnrolProblem::Wrong)));
    let again = node.totp_page_for(&live, &started.ceremony, &visit).await.unwrap().unwrap();
    assert_eq!(App::of(&again.page).code(NOW), app.code(NOW));
    let code = app.code(NOW);
    node.add_totp(&live, &started.ceremony, &code, &visit).await.unwrap().unwrap();
    let twice = node.add_totp(&live, &started.ceremony, &code, &visit).await.unwrap();
    assert_eq!(twice.err(), Some(Denied::Problem(EnrolProblem::Expired)));
    assert!(node.account_view(&live, &visit).await.unwrap().totp);
    assert_eq!(node.remove_totp(&live, &visit).await.unwrap(), Ok(()));
    assert_eq!(node.remove_totp(&live, &visit).await.unwrap(), Err(Denied::Unknown));
}

#[tokio::test]
async fn wan_04_what_one_session_began_another_does_not_finish() {
    let house = House::new().await;
    let (hers, _) = house.enrolled("una", "amelie").await;
    let (his, _) = house.enrolled("una", "bob").await;
    let (live, visit) = (house.live(&hers, NOW).await, house.visit(&hers, NOW).await);
    let node = house.node();
    let started = node.start_passkey_for(&live, &visit).await.unwrap().unwrap();
    let answer = registration(&Soft::new(), &started);
    let app = node.start_totp_for(&live, &visit).await.unwrap().unwrap();
    let (live, visit) = (house.live(&his, NOW).await, house.visit(&his, NOW).await);
    let added = node.add_passkey(&live, &started.ceremony, &answer, "", &visit).await.unwrap();
    let expired = Some(Denied::Problem(EnrolProblem::Expired));
    assert_eq!(added.err(), expired);
    let code = App::of(&app.page).code(NOW);
    assert_eq!(node.add_totp(&live, &app.ceremony, &code, &visit).await.unwrap().err(), expired);
}

#[tokio::test]
async fn other_sessions_end_and_this_one_goes_on() {
    let house = House::new().await;
    let (browser, _) = house.enrolled("una", "amelie").await;
    let (mut second, mut third) = (Browser::default(), Browser::default());
    issued(house.sign_in(&mut second, "portal", "una", "amelie", later(1)).await);
    issued(house.sign_in(&mut third, "portal", "una", "amelie", later(1)).await);
    let (_, strangers) = (0, house.enrolled("una", "bob").await.0);
    let (live, visit) =
        (house.live(&browser, later(2)).await, house.visit(&browser, later(2)).await);
    let node = house.node();
    let strange = house.live(&strangers, later(2)).await.session.id;
    let foreign = node.end_other_session(&live, &strange, &visit).await.unwrap();
    assert_eq!(foreign, Err(Denied::Unknown), "somebody else's");
    let own = node.end_other_session(&live, &live.session.id, &visit).await.unwrap();
    assert_eq!(own, Err(Denied::Unknown), "this one is ended by signing out");
    let id = house.live(&second, later(2)).await.session.id;
    assert_eq!(node.end_other_session(&live, &id, &visit).await.unwrap(), Ok(()));
    assert!(house.visit(&second, later(2)).await.session.is_none());
    assert!(house.visit(&third, later(2)).await.session.is_some());
    assert_eq!(node.end_all_other_sessions(&live, &visit).await.unwrap(), 1);
    assert!(house.visit(&third, later(2)).await.session.is_none());
    assert!(house.visit(&browser, later(2)).await.session.is_some());
    assert!(house.visit(&strangers, later(2)).await.session.is_some());
}

#[tokio::test]
async fn who_reports_the_account_right_after_a_proof_ends_everything_and_starts_anew() {
    let house = House::new().await;
    let (mut browser, key) = house.enrolled("una", "amelie").await;
    let mut thief = Browser::default();
    issued(house.sign_in(&mut thief, "portal", "una", "amelie", later(1)).await);
    house.letters().await;
    let (live, visit) =
        (house.live(&browser, later(2)).await, house.visit(&browser, later(2)).await);
    assert_eq!(house.node().dispute(&live, &visit).await.unwrap(), Disputed::Reset);
    for browser in [&browser, &thief] {
        assert!(house.visit(browser, later(3)).await.session.is_none());
    }
    assert_eq!(house.trail("account.disputed").await, ["account.disputed reset !"]);
    assert_eq!(house.letter_kinds().await, ["disputed"]);
    assert!(house.store.factors.by_credential(&key.id).await.unwrap().is_none());
    browser.session = None;
    let turn = house.sign_in(&mut browser, "portal", "una", "amelie", later(4)).await;
    enrolling(&turn);
}

#[tokio::test]
async fn whoever_stole_a_session_with_one_factor_removes_no_factor_by_a_report() {
    let house = House::new().await;
    let (browser, key) = house.enrolled("una", "amelie").await;
    let mut thief = Browser::default();
    issued(house.sign_in(&mut thief, "portal", "una", "amelie", later(1)).await);
    let (live, visit) = (house.live(&thief, later(2)).await, house.visit(&thief, later(2)).await);
    assert_eq!(house.node().dispute(&live, &visit).await.unwrap(), Disputed::Ended);
    assert!(house.visit(&browser, later(3)).await.session.is_none(), "all sessions end");
    assert_eq!(house.trail("account.disputed").await, ["account.disputed ended !"]);
    assert!(house.store.factors.by_credential(&key.id).await.unwrap().is_some());
    thief.session = None;
    let turn = house.sign_in(&mut thief, "vault", "una", "amelie", later(4)).await;
    assert_eq!(asked(&turn).kinds, [FactorKind::Passkey, FactorKind::RecoveryCode]);
}

#[tokio::test]
async fn mfa_08_where_a_pass_is_wanted_the_page_adds_no_first_factor_either() {
    let rules = FactorRules { enrol_with: EnrolWith::AccessPass, ..FactorRules::default() };
    let house = House::with(rules).await;
    let mut browser = Browser::default();
    issued(house.sign_in(&mut browser, "portal", "una", "amelie", NOW).await);
    let (live, visit) = (house.live(&browser, NOW).await, house.visit(&browser, NOW).await);
    let started = house.node().start_passkey_for(&live, &visit).await.unwrap();
    assert_eq!(started.err(), Some(Denied::StepUpNeeded));
    let turn = house.demand(&browser, "account", step_up(), NOW).await;
    assert!(asked(&turn).kinds.is_empty(), "the help desk's pass opens it");
}

#[tokio::test]
async fn ses_01_whoever_enrols_at_the_page_has_proven_it_and_the_session_has_a_new_handle() {
    let house = House::new().await;
    let (mut browser, key) = (Browser::default(), Soft::new());
    issued(house.sign_in(&mut browser, "portal", "una", "amelie", NOW).await);
    let stolen = browser.clone();
    let (live, visit) = (house.live(&browser, NOW).await, house.visit(&browser, NOW).await);
    assert!(live.session.proofs.is_empty());
    let started = house.node().start_passkey_for(&live, &visit).await.unwrap().unwrap();
    // The first of its kind, near the end of what the sign-in is good for.
    let late = house.visit(&browser, later(290)).await;
    let answer = registration(&key, &started);
    let added = house.node().add_passkey(&live, &started.ceremony, &answer, "", &late).await;
    let SessionChange::Set(handle) = added.unwrap().unwrap().session else { panic!() };
    browser.session = Some(handle);
    assert!(house.visit(&stolen, later(301)).await.session.is_none(), "the old handle is dead");
    let (live, visit) =
        (house.live(&browser, later(400)).await, house.visit(&browser, later(400)).await);
    assert_eq!(live.session.participants.len(), 1, "it is the same session");
    let view = house.node().account_view(&live, &visit).await.unwrap();
    assert!(view.may_change, "the next change needs no other proof");
    let issuance = issued(house.begin(&browser, "safe", later(400)).await);
    assert_eq!(acr(&issuance), idp_domain::assurance::PHR);
    let old = house.visit(&browser, later(591)).await;
    assert!(!house.node().account_view(&live, &old).await.unwrap().may_change, "and then it does");
}

#[tokio::test]
async fn mfa_08_what_does_not_get_enrolled_proves_nothing() {
    let house = House::new().await;
    let (browser, key) = house.enrolled("una", "amelie").await;
    let (live, visit) = (house.live(&browser, NOW).await, house.visit(&browser, NOW).await);
    let node = house.node();
    let before = live.session.proofs.clone();
    let started = node.start_passkey_for(&live, &visit).await.unwrap().unwrap();
    let answer = registration(&key, &started);
    // The same key again; and a good one once the window is over, whatever was begun in it.
    let added = node.add_passkey(&live, &started.ceremony, &answer, "", &visit).await.unwrap();
    assert!(matches!(added, Err(Denied::Problem(_))), "{added:?}");
    let started = node.start_passkey_for(&live, &visit).await.unwrap().unwrap();
    let answer = registration(&Soft::new(), &started);
    let late = house.visit(&browser, too_late()).await;
    let added = node.add_passkey(&live, &started.ceremony, &answer, "", &late).await.unwrap();
    assert_eq!(added.err(), Some(Denied::StepUpNeeded));
    let live = house.live(&browser, later(1)).await;
    assert_eq!(live.session.proofs, before, "and the handle is the one of before");
}
