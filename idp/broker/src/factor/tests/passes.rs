//! Access passes: what they open, once, and for whom.

use std::sync::Arc;

use idp_domain::{
    AccountId, FactorKind, FactorRules, Lang, factor::EnrolWith, transaction::Awaiting,
};
use idp_factors::access_pass::{PassLife, PassReason};

use super::{house::*, soft::Soft};
use crate::{
    Turn,
    factor::{DeskRefusal, FactorProblem, HelpDesk, IssuePass, IssuedPass},
    testing::NOW,
};

fn by_pass() -> FactorRules {
    FactorRules { enrol_with: EnrolWith::AccessPass, ..FactorRules::default() }
}

pub(super) fn desk(house: &House) -> HelpDesk {
    HelpDesk::new(&house.store, Arc::clone(&house.sealer), true)
}

pub(super) async fn issue(house: &House, account: &AccountId, approve: bool) -> IssuedPass {
    let wish = IssuePass {
        account: account.clone(),
        agency: "una".parse().unwrap(),
        needs_approval: approve,
        by: "helen".to_owned(),
        reason: PassReason::parse("lost telephone").unwrap(),
        life: PassLife::minutes(15).unwrap(),
        lang: Lang::Fr,
        now: NOW,
    };
    desk(house).issue_access_pass(&wish).await.unwrap().unwrap()
}

fn account(turn: &Turn) -> AccountId {
    match &turn.transaction.awaiting {
        Awaiting::Factor(asked) => asked.account.clone(),
        other => panic!("{other:?}"),
    }
}

async fn type_pass(house: &House, browser: &Browser, turn: &Turn, typed: &str, at: u32) -> Turn {
    let visit = house.visit(browser, later(at)).await;
    let opened = house.open(&turn.transaction, later(at)).await;
    let turn = house.node().use_pass(opened, typed, &visit).await.unwrap();
    house.follow(&mut browser.clone(), turn).await
}

#[tokio::test]
async fn a_pass_opens_enrolment_and_a_second_use_opens_nothing() {
    let house = House::with(by_pass()).await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", NOW).await;
    let pass = issue(&house, &account(&turn), false).await;
    let opened = type_pass(&house, &browser, &turn, &pass.shown.expose().to_lowercase(), 60).await;
    assert_eq!(enrolling(&opened).kinds, [FactorKind::Passkey, FactorKind::Totp]);
    let issuance = issued(house.enrol_key(&mut browser, &opened, &Soft::new(), later(60)).await);
    assert!(methods(&issuance).contains(&"mfa"));

    let mut other = Browser::default();
    let turn = house.sign_in(&mut other, "vault", "una", "amelie", later(90)).await;
    let turn = type_pass(&house, &other, &turn, pass.shown.expose(), 90).await;
    assert_eq!(problem(&turn), FactorProblem::Wrong);
    let trail = house.trail("access_pass.").await;
    assert_eq!(trail, ["access_pass.issued", "access_pass.used"]);
    assert_eq!(
        house.letter_kinds().await,
        ["access_pass_issued", "access_pass_used", "factor_enrolled"]
    );
}

#[tokio::test]
async fn a_pass_opens_enrolment_for_whoever_has_lost_the_factor_too() {
    let house = House::new().await;
    let (mut browser, _lost) = house.enrolled("una", "amelie").await;
    browser.session = None;
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(60)).await;
    assert!(asked(&turn).pass);
    let wish = IssuePass {
        account: account(&turn),
        agency: "una".parse().unwrap(),
        needs_approval: false,
        by: "helen".to_owned(),
        reason: PassReason::parse("lost key ring").unwrap(),
        life: PassLife::minutes(15).unwrap(),
        lang: Lang::En,
        now: later(60),
    };
    let pass = desk(&house).issue_access_pass(&wish).await.unwrap().unwrap();
    let opened = type_pass(&house, &browser, &turn, pass.shown.expose(), 70).await;
    let issuance = issued(house.enrol_key(&mut browser, &opened, &Soft::new(), later(70)).await);
    assert!(methods(&issuance).contains(&"mfa"));
}

#[tokio::test]
async fn mfa_10_a_pass_is_of_one_person_of_its_minutes_and_of_no_time_after_an_enrolment() {
    let house = House::with(by_pass()).await;
    let (mut hers, mut his) = (Browser::default(), Browser::default());
    let amelie = house.sign_in(&mut hers, "vault", "una", "amelie", NOW).await;
    let bob = house.sign_in(&mut his, "vault", "una", "bob", NOW).await;
    let pass = issue(&house, &account(&amelie), false).await;
    let turn = type_pass(&house, &his, &bob, pass.shown.expose(), 60).await;
    assert_eq!(problem(&turn), FactorProblem::Wrong, "of somebody else");
    let turn = type_pass(&house, &hers, &amelie, pass.shown.expose(), 15 * 60).await;
    assert_eq!(problem(&turn), FactorProblem::Wrong, "after its minutes");

    let first = issue(&house, &account(&amelie), false).await;
    let second = issue(&house, &account(&amelie), false).await;
    let turn = type_pass(&house, &hers, &amelie, first.shown.expose(), 60).await;
    assert_eq!(problem(&turn), FactorProblem::Wrong, "one that was replaced");
    let opened = type_pass(&house, &hers, &amelie, second.shown.expose(), 60).await;
    let third = issue(&house, &account(&amelie), false).await;
    issued(house.enrol_key(&mut hers, &opened, &Soft::new(), later(60)).await);
    let mut other = Browser::default();
    let turn = house.sign_in(&mut other, "vault", "una", "amelie", later(61)).await;
    let turn = type_pass(&house, &other, &turn, third.shown.expose(), 61).await;
    assert_eq!(problem(&turn), FactorProblem::Wrong, "overtaken by an enrolment");
    let reasons = house.trail("factor.failed").await;
    assert_eq!(
        reasons,
        [
            "factor.failed factors.access_pass.expired",
            "factor.failed factors.access_pass.overtaken",
            "factor.failed factors.access_pass.wrong",
            "factor.failed factors.access_pass.wrong",
        ]
    );
}

#[tokio::test]
async fn a_pass_that_waits_for_a_second_person_opens_nothing_until_then() {
    let house = House::with(by_pass()).await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", NOW).await;
    let pass = issue(&house, &account(&turn), true).await;
    let again = type_pass(&house, &browser, &turn, pass.shown.expose(), 60).await;
    assert_eq!(problem(&again), FactorProblem::Wrong);
    let desk = desk(&house);
    let approve = |by: &'static str| desk.approve_access_pass(&pass.id, by, later(61));
    assert_eq!(approve("helen").await.unwrap(), Err(DeskRefusal::SamePerson));
    assert_eq!(approve("oscar").await.unwrap(), Ok(()));
    assert_eq!(approve("oscar").await.unwrap(), Err(DeskRefusal::Over));
    let opened = type_pass(&house, &browser, &turn, pass.shown.expose(), 62).await;
    enrolling(&opened);
}

#[tokio::test]
async fn guesses_at_a_pass_are_counted_whether_or_not_there_is_one() {
    let house = House::with(by_pass()).await;
    let mut browser = Browser::default();
    let mut answers = Vec::new();
    for who in ["amelie", "bob"] {
        let turn = house.sign_in(&mut browser, "vault", "una", who, NOW).await;
        if who == "amelie" {
            issue(&house, &account(&turn), false).await;
        }
        let mut of_one = Vec::new();
        for _ in 0..7 {
            let turn = type_pass(&house, &browser, &turn, "0000-0000-0000-0000", 60).await;
            of_one.push(matches!(problem(&turn), FactorProblem::Wrong));
        }
        answers.push(of_one);
    }
    assert_eq!(answers[0], [true, true, true, true, true, false, false]);
    assert_eq!(answers[0], answers[1]);
}
