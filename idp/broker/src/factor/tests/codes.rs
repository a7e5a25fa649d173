//! Codes: of an app, used once; of the recovery set, used once; and guessing either.

use idp_domain::{
    FactorKind,
    assurance::{PHR, REFEDS_MFA},
};

use super::{app::App, house::*, soft::Soft};
use crate::{Next, factor::FactorProblem, testing::NOW};

/// A browser of amelie, whose account has an app and nothing else, after a sign-in at [`NOW`].
pub(super) async fn with_app(house: &House) -> (Browser, App) {
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", NOW).await;
    let visit = house.visit(&browser, NOW).await;
    let opened = house.open(&turn.transaction, NOW).await;
    let turn = house.node().start_totp(opened, &visit).await.unwrap();
    let app = App::of(enrolling(&turn).totp.as_ref().unwrap());
    let opened = house.open(&turn.transaction, NOW).await;
    let turn = house.node().enrol_totp(opened, &app.code(NOW), &visit).await.unwrap();
    let turn = if matches!(turn.next, Next::Codes(_)) {
        let opened = house.open(&turn.transaction, NOW).await;
        house.node().codes_kept(opened, &visit).await.unwrap()
    } else {
        turn
    };
    issued(house.follow(&mut browser, turn).await);
    (browser, app)
}

#[tokio::test]
async fn a_code_of_the_app_adds_the_second_factor() {
    let house = House::new().await;
    let (_, app) = with_app(&house).await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    assert_eq!(asked(&turn).kinds, [FactorKind::Totp, FactorKind::RecoveryCode]);
    let code = app.code(later(60));
    let turn =
        house.type_code(&mut browser, &turn, FactorKind::Totp, &code, false, later(60)).await;
    let issuance = issued(turn);
    assert_eq!(acr(&issuance), REFEDS_MFA);
    assert_eq!(methods(&issuance), ["otp", "mfa"]);
    assert_eq!(house.trail("factor.proven").await, ["factor.proven"]);
}

#[tokio::test]
async fn mfa_05_a_code_counts_once_in_whatever_login_and_on_whatever_node() {
    let house = House::new().await;
    let (_, app) = with_app(&house).await;
    let code = app.code(later(60));
    let mut first = Browser::default();
    let turn = house.sign_in(&mut first, "vault", "una", "amelie", later(60)).await;
    issued(house.type_code(&mut first, &turn, FactorKind::Totp, &code, false, later(60)).await);
    for node in 0..3 {
        let mut browser = Browser::default();
        let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
        let opened = house.open(&turn.transaction, later(60)).await;
        let visit = house.visit(&browser, later(60)).await;
        let turn = house.nodes[node]
            .prove_code(opened, FactorKind::Totp, &code, false, &visit)
            .await
            .unwrap();
        assert_eq!(problem(&turn), FactorProblem::Wrong, "node {node}");
    }
}

#[tokio::test]
async fn mfa_06_after_five_wrong_codes_nothing_is_looked_at_and_the_owner_hears_of_it() {
    let house = House::new().await;
    let (_, app) = with_app(&house).await;
    house.letters().await;
    let mut wrong = app.wrong(later(60));
    let mut refused = 0;
    for round in 0..8 {
        // Another login, another node, another address: one count.
        let mut browser = Browser::default();
        let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
        let opened = house.open(&turn.transaction, later(60)).await;
        let mut visit = house.visit(&browser, later(60)).await;
        visit.address = format!("192.0.2.{round}").parse().unwrap();
        let typed = wrong.next().unwrap();
        let node = &house.nodes[round % 3];
        let turn = node.prove_code(opened, FactorKind::Totp, &typed, false, &visit).await.unwrap();
        match problem(&turn) {
            FactorProblem::Wrong => assert!(round < 5, "the sixth is not looked at"),
            FactorProblem::Throttled { retry_after } => {
                assert!(retry_after.as_seconds() <= 15 * 60, "nobody waits for longer");
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, 3);
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    let code = app.code(later(60));
    let turn =
        house.type_code(&mut browser, &turn, FactorKind::Totp, &code, false, later(60)).await;
    assert!(matches!(problem(&turn), FactorProblem::Throttled { .. }), "not the right one either");
    assert_eq!(house.letter_kinds().await, ["factor_locked"], "one letter, not one a try");
}

#[tokio::test]
async fn pwd_05_whoever_guesses_at_one_factor_locks_no_other() {
    let house = House::new().await;
    let (mut browser, key) = house.enrolled("una", "amelie").await;
    browser.session = None;
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    for _ in 0..6 {
        let turn = house
            .type_code(&mut browser, &turn, FactorKind::RecoveryCode, "x", false, later(60))
            .await;
        asked(&turn);
    }
    let turn = house.prove_with(&mut browser, &turn, &key, |_| {}, later(60)).await;
    issued(turn);
}

#[tokio::test]
async fn pwd_07_a_right_code_forgives_its_own_count_alone() {
    let house = House::new().await;
    let (_, app) = with_app(&house).await;
    let mut wrong = app.wrong(later(60));
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    for _ in 0..4 {
        let typed = wrong.next().unwrap();
        let turn =
            house.type_code(&mut browser, &turn, FactorKind::Totp, &typed, false, later(60)).await;
        assert_eq!(problem(&turn), FactorProblem::Wrong);
        let turn = house
            .type_code(&mut browser, &turn, FactorKind::RecoveryCode, "x", false, later(60))
            .await;
        assert_eq!(problem(&turn), FactorProblem::Wrong);
    }
    let code = app.code(later(60));
    issued(house.type_code(&mut browser, &turn, FactorKind::Totp, &code, false, later(60)).await);
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(90)).await;
    let mut left = [0, 0];
    for _ in 0..5 {
        let typed = wrong.next().unwrap();
        for (count, kind) in [(0, FactorKind::Totp), (1, FactorKind::RecoveryCode)] {
            let turn = house.type_code(&mut browser, &turn, kind, &typed, false, later(90)).await;
            left[count] += usize::from(problem(&turn) == FactorProblem::Wrong);
        }
    }
    assert_eq!(left, [5, 1], "the recovery codes' count went on");
}

#[tokio::test]
async fn a_recovery_code_counts_once_and_the_owner_hears_how_many_are_left() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", NOW).await;
    let visit = house.visit(&browser, NOW).await;
    let opened = house.open(&turn.transaction, NOW).await;
    let started = house.node().start_passkey_enrolment(&opened, &visit).await.unwrap().unwrap();
    let answer = registration(&Soft::new(), &started);
    let turn = house.node().enrol_passkey(opened, &started.ceremony, &answer, "", &visit).await;
    let turn = turn.unwrap();
    let Next::Codes(codes) = &turn.next else { panic!("{:?}", turn.next) };
    let code = codes.iter().nth(3).unwrap().to_owned();
    house.letters().await;

    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    let kind = FactorKind::RecoveryCode;
    let issuance =
        issued(house.type_code(&mut browser, &turn, kind, &code, false, later(60)).await);
    assert_eq!(acr(&issuance), REFEDS_MFA);
    assert_eq!(house.letter_kinds().await, ["recovery_code_used"]);
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(61)).await;
    let turn = house.type_code(&mut browser, &turn, kind, &code, false, later(61)).await;
    assert_eq!(problem(&turn), FactorProblem::Wrong);
    assert_eq!(house.trail("factor.failed").await, ["factor.failed factors.recovery.used"]);
}

#[tokio::test]
async fn mfa_12_where_phishing_must_be_resisted_no_code_is_taken() {
    let house = House::new().await;
    let (mut browser, key) = house.enrolled("una", "amelie").await;
    browser.session = None;
    let turn = house.sign_in(&mut browser, "safe", "una", "amelie", later(60)).await;
    assert_eq!(asked(&turn).kinds, [FactorKind::Passkey]);
    let kind = FactorKind::RecoveryCode;
    let refused = house.type_code(&mut browser, &turn, kind, "anything", false, later(60)).await;
    assert!(matches!(refused.next, Next::Refuse(idp_domain::Refusal::TransactionConsumed)));
    let turn = house.prove_with(&mut browser, &turn, &key, |_| {}, later(60)).await;
    assert_eq!(acr(&issued(turn)), PHR);
}

#[tokio::test]
async fn a_factor_that_the_account_lacks_is_answered_like_a_wrong_code() {
    let house = House::new().await;
    let (_, _) = house.enrolled("una", "amelie").await;
    let account = {
        let mut browser = Browser::default();
        let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
        match turn.transaction.awaiting {
            idp_domain::transaction::Awaiting::Factor(asked) => asked.account,
            other => panic!("{other:?}"),
        }
    };
    let visit = house.visit(&Browser::default(), later(60)).await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    let scene = crate::factor::Scene::Login(&turn.transaction);
    let typed = house.node().try_totp(&account, "123456", scene, &visit).await.unwrap();
    assert!(matches!(typed, crate::factor::totp::Typed::Wrong));
    assert_eq!(house.trail("factor.failed").await, ["factor.failed factors.totp.none"]);
}
