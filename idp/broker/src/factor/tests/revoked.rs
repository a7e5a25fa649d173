//! Logins that have come far when the account is reported, its factors are changed, or what they
//! rest on is put out of use: whoever goes on with them begins anew.

use idp_domain::{
    AccountId, Demand, FactorKind, FactorRules, Lang, Switched, audit::AuditKind,
    transaction::Awaiting,
};
use idp_factors::access_pass::PassReason;
use idp_store::{
    journal::By,
    sessions::{EndSessions, Of},
    switches::Switch,
};

use super::{app::App, codes::with_app, house::*, passes::desk, soft::Soft};
use crate::{
    Next, Turn,
    factor::{Disputed, ResetBy},
    testing::NOW,
};

async fn account_of(house: &House, key: &Soft) -> AccountId {
    house.store.factors.by_credential(&key.id).await.unwrap().unwrap().0
}

/// A login of amelie with `key` a minute after the start, which has proven all that it must and
/// waits for consent.
async fn at_consent(house: &House, browser: &mut Browser, key: &Soft) -> Turn {
    let demand = Demand { consent: true, ..Demand::default() };
    let turn = house.demand(browser, "vault", demand, later(60)).await;
    let reply = [("subject", "amelie")];
    let turn = house.answer(browser, turn.transaction, "una", &reply, later(60)).await;
    let turn = house.prove_with(browser, &turn, key, |_| {}, later(60)).await;
    assert!(matches!(turn.next, Next::Consent), "{:?}", turn.next);
    turn
}

/// The person says yes: on a page that was opened after all that happened, and on one of before.
async fn consent(house: &House, browser: &Browser, turn: &Turn, seconds: u32) -> [Turn; 2] {
    let visit = house.visit(browser, later(seconds)).await;
    let mut early = turn.transaction.clone();
    early.consent();
    let early = house.node().advance(early, &visit).await.unwrap();
    let mut opened = house.open(&turn.transaction, later(seconds)).await;
    opened.transaction.consent();
    assert!(house.node().keep_on(&opened).await.unwrap());
    [early, house.node().advance(opened.transaction, &visit).await.unwrap()]
}

/// What ends all that is somebody's, each a minute after a login came to its consent.
#[derive(Clone, Copy, Debug)]
enum Ending {
    Report,
    Reset,
    Sessions,
    Others,
    Account,
    Source,
    Agency,
}

impl Ending {
    async fn happens(self, house: &House, browser: &Browser, account: &AccountId) {
        let (node, now) = (house.node(), later(120));
        match self {
            Self::Report => {
                let (live, visit) =
                    (house.live(browser, now).await, house.visit(browser, now).await);
                assert_eq!(node.dispute(&live, &visit).await.unwrap(), Disputed::Reset);
            }
            Self::Reset => {
                let wish = ResetBy {
                    account: account.clone(),
                    by: "helen".to_owned(),
                    reason: PassReason::parse("stolen laptop").unwrap(),
                    must_enrol: true,
                    lang: Lang::En,
                    now,
                };
                assert_eq!(desk(house).reset_factors(&wish).await.unwrap(), Ok(()));
            }
            Self::Sessions => {
                let of = Of::Account(account.clone());
                let because = "administrator";
                let end = EndSessions { of, except: None, offline: true, because, now };
                let by = By { name: "root".to_owned(), address: None };
                node.end_sessions(end, &by).await.unwrap();
            }
            Self::Others => {
                let (live, visit) =
                    (house.live(browser, now).await, house.visit(browser, now).await);
                node.end_all_other_sessions(&live, &visit).await.unwrap();
                house.live(browser, later(125)).await;
            }
            Self::Account => off_and_on(house, Switched::Account(account.clone())).await,
            Self::Source => off_and_on(house, Switched::Source("una".parse().unwrap())).await,
            Self::Agency => off_and_on(house, Switched::Agency("una".parse().unwrap())).await,
        }
    }
}

async fn off_and_on(house: &House, what: Switched) {
    for (off, now) in [(true, later(120)), (false, later(121))] {
        let (by, reason) = ("cli:root".to_owned(), "incident 7".to_owned());
        let switch = Switch { what: what.clone(), off, by, reason, now };
        assert!(house.store.journal.switch(switch, None).await.unwrap().unwrap().changed);
    }
}

#[tokio::test]
async fn whatever_ends_the_sessions_of_a_person_ends_the_login_of_whoever_waits_for_consent() {
    use Ending::{Account, Agency, Others, Report, Reset, Sessions, Source};
    for ending in [Report, Reset, Sessions, Others, Account, Source, Agency] {
        let house = House::new().await;
        let (owner, key) = house.enrolled("una", "amelie").await;
        let account = account_of(&house, &key).await;
        let mut thief = Browser::default();
        let turn = at_consent(&house, &mut thief, &key).await;
        ending.happens(&house, &owner, &account).await;
        for turn in consent(&house, &thief, &turn, 180).await {
            assert!(matches!(turn.next, Next::Choose), "{ending:?}: {:?}", turn.next);
            assert!(turn.transaction.proofs.is_empty() && turn.transaction.event.is_none());
        }
        let why = match ending {
            Report | Reset | Sessions | Others | Account => "account_revoked_meanwhile",
            Source => "source_revoked_meanwhile",
            Agency => "agency_revoked_meanwhile",
        };
        let line = format!("login.refused {why}");
        assert_eq!(house.trail("login.refused").await, [line.clone(), line], "{ending:?}");
        assert_eq!(house.trail("session.started").await.len(), 1, "the owner's");
    }
}

#[tokio::test]
async fn mfa_08_a_password_of_before_the_report_enrols_nothing_after_it() {
    let house = House::new().await;
    let (owner, key) = house.enrolled("una", "amelie").await;
    let account = account_of(&house, &key).await;
    let mut thief = Browser::default();
    let turn = house.sign_in(&mut thief, "vault", "una", "amelie", later(60)).await;
    asked(&turn);
    Ending::Report.happens(&house, &owner, &account).await;
    let visit = house.visit(&thief, later(125)).await;
    let again = house.node().advance(turn.transaction.clone(), &visit).await.unwrap();
    assert!(matches!(again.next, Next::Choose), "{:?}", again.next);
    let opened = house.open(&turn.transaction, later(125)).await;
    assert_eq!(opened.transaction.awaiting, Awaiting::Decision);
    assert!(opened.transaction.event.is_none());
}

#[tokio::test]
async fn who_reports_and_signs_in_again_in_the_same_second_gets_in() {
    let house = House::new().await;
    let (owner, key) = house.enrolled("una", "amelie").await;
    let account = account_of(&house, &key).await;
    Ending::Report.happens(&house, &owner, &account).await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", later(120)).await;
    enrolling(&turn);
    issued(house.enrol_key(&mut browser, &turn, &Soft::new(), later(120)).await);
    house.live(&browser, later(121)).await;
    assert!(house.trail("login.refused").await.is_empty());
}

#[tokio::test]
async fn mfa_08_an_enrolment_that_waits_is_closed_when_the_owner_enrols() {
    let house = House::new().await;
    let mut thief = Browser::default();
    let waiting = house.sign_in(&mut thief, "vault", "una", "amelie", NOW).await;
    enrolling(&waiting);
    let visit = house.visit(&thief, NOW).await;
    let opened = house.open(&waiting.transaction, NOW).await;
    let waiting = house.node().start_totp(opened, &visit).await.unwrap();
    let own = App::of(enrolling(&waiting).totp.as_ref().unwrap());
    let (_, app) = with_app(&house).await;

    let opened = house.open(&waiting.transaction, later(30)).await;
    let started = house.node().start_passkey_enrolment(&opened, &visit).await.unwrap().unwrap();
    let key = Soft::new();
    let answer = registration(&key, &started);
    let late = house.visit(&thief, later(30)).await;
    let turn = house.node().enrol_passkey(opened, &started.ceremony, &answer, "", &late).await;
    assert_eq!(asked(&turn.unwrap()).kinds, [FactorKind::Totp, FactorKind::RecoveryCode]);
    assert!(house.store.factors.by_credential(&key.id).await.unwrap().is_none());

    // The same for an app, in the place of the owner's.
    let opened = house.open(&waiting.transaction, later(30)).await;
    house.node().keep_over(&waiting.transaction).await.unwrap();
    drop(opened);
    let opened = house.open(&waiting.transaction, later(30)).await;
    let code = own.code(later(30));
    let turn = house.node().enrol_totp(opened, &code, &late).await.unwrap();
    asked(&turn);
    let failed = "factor.failed factors_changed_meanwhile";
    assert_eq!(house.trail("factor.failed").await, [failed, failed]);
    let mut owner = Browser::default();
    let turn = house.sign_in(&mut owner, "vault", "una", "amelie", later(60)).await;
    let code = app.code(later(60));
    issued(house.type_code(&mut owner, &turn, FactorKind::Totp, &code, false, later(60)).await);
}

#[tokio::test]
async fn ses_13_a_code_of_before_the_factors_changed_is_asked_for_anew_and_remembered_nowhere() {
    let rules = FactorRules { remember_device_days: 30, ..FactorRules::default() };
    let house = House::with(rules).await;
    let (owner, app) = with_app(&house).await;
    let mut thief = Browser::default();
    let demand = Demand { consent: true, ..Demand::default() };
    let turn = house.demand(&thief, "vault", demand, later(60)).await;
    let reply = [("subject", "amelie")];
    let turn = house.answer(&mut thief, turn.transaction, "una", &reply, later(60)).await;
    let code = app.code(later(60));
    let turn = house.type_code(&mut thief, &turn, FactorKind::Totp, &code, true, later(60)).await;
    assert!(matches!(turn.next, Next::Consent), "{:?}", turn.next);
    let (live, visit) = (house.live(&owner, later(61)).await, house.visit(&owner, later(61)).await);
    house.node().new_recovery_codes(&live, &visit).await.unwrap().unwrap();
    for turn in consent(&house, &thief, &turn, 62).await {
        asked(&turn);
    }
    assert!(house.trail("device.remembered").await.is_empty());
    let refused = "login.refused factors_changed_meanwhile";
    assert_eq!(house.trail("login.refused").await, [refused, refused]);
}

#[tokio::test]
async fn a_session_begins_with_the_proof_that_it_rests_on() {
    let house = House::new().await;
    let (_, key) = house.enrolled("una", "amelie").await;
    let mut browser = Browser::default();
    let turn = at_consent(&house, &mut browser, &key).await;
    let [_, turn] = consent(&house, &browser, &turn, 600).await;
    issued(house.follow(&mut browser, turn).await);
    let live = house.live(&browser, later(600)).await;
    assert_eq!(live.session.started_at, later(60), "a report of in between would have ended it");
    let kind = AuditKind::SessionStarted.as_str();
    assert_eq!(house.trail(kind).await.len(), 3, "two pages, and the first sign-in");
}
