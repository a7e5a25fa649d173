//! Enrolment in the flow: what opens it, what is enrolled, and what comes of it.

use idp_domain::{
    FactorKind, FactorRules, LetterKind, Lifetime, Refusal,
    assurance::{AAL2, PHR, REFEDS_MFA},
    factor::{EnrolWith, PasskeyRules},
    transaction::Awaiting,
};

use super::{app::App, house::*, soft::Soft};
use crate::{
    Next,
    factor::{EnrolProblem, FactorProblem},
    testing::NOW,
};

#[tokio::test]
async fn who_has_no_factor_enrols_one_right_after_the_sign_in_and_gets_codes_once() {
    let house = House::new().await;
    let (mut browser, key) = (Browser::default(), Soft::new());
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", NOW).await;
    let page = enrolling(&turn);
    assert_eq!(page.kinds, [FactorKind::Passkey, FactorKind::Totp]);
    assert!(!page.optional && !page.by_agency);

    let visit = house.visit(&browser, NOW).await;
    let opened = house.open(&turn.transaction, NOW).await;
    let started = house.node().start_passkey_enrolment(&opened, &visit).await.unwrap().unwrap();
    let answer = registration(&key, &started);
    let turn = house
        .node()
        .enrol_passkey(opened, &started.ceremony, &answer, "key ring", &visit)
        .await
        .unwrap();
    let Next::Codes(codes) = &turn.next else { panic!("{:?}", turn.next) };
    let shown: Vec<_> = codes.iter().map(str::to_owned).collect();
    assert_eq!(shown.len(), 10);
    let page = house.node().enrol_page(&turn.transaction, &visit).unwrap().unwrap();
    assert!(page.codes.unwrap().iter().eq(shown.iter()), "a reload shows them again");

    let opened = house.open(&turn.transaction, NOW).await;
    let turn = house.node().codes_kept(opened, &visit).await.unwrap();
    let issuance = issued(house.follow(&mut browser, turn).await);
    assert_eq!(acr(&issuance), REFEDS_MFA);
    assert_eq!(methods(&issuance), ["pop", "user", "mfa"]);
    assert_eq!(house.trail("factor.").await, ["factor.enrolled", "factor.enrolled"]);
    let letters = house.letters().await;
    let [(_, letter)] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter.to, "amelie@una.example");
    let enrolled =
        LetterKind::FactorEnrolled { factor: FactorKind::Passkey, name: "key ring".to_owned() };
    assert_eq!(letter.kind, enrolled);
}

#[tokio::test]
async fn an_app_is_enrolled_with_its_first_code_and_keeps_its_secret_until_then() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", NOW).await;
    let visit = house.visit(&browser, NOW).await;
    let opened = house.open(&turn.transaction, NOW).await;
    let turn = house.node().start_totp(opened, &visit).await.unwrap();
    let page = enrolling(&turn).totp.as_ref().unwrap();
    let app = App::of(page);
    assert!(page.uri.expose().contains("amelie%40una.example"), "named by the source");

    let opened = house.open(&turn.transaction, NOW).await;
    let turn = house.node().start_totp(opened, &visit).await.unwrap();
    let again = App::of(enrolling(&turn).totp.as_ref().unwrap());
    assert_eq!(again.code(NOW), app.code(NOW), "a second start draws no second secret");

    let opened = house.open(&turn.transaction, NOW).await;
    let wrong = app.wrong(NOW).next().unwrap();
    let turn = house.node().enrol_totp(opened, &wrong, &visit).await.unwrap();
    assert_eq!(enrolling(&turn).problem, Some(EnrolProblem::Wrong));
    assert!(turn.kept);

    let opened = house.open(&turn.transaction, NOW).await;
    let turn = house.node().enrol_totp(opened, &app.code(NOW), &visit).await.unwrap();
    assert!(matches!(turn.next, Next::Codes(_)));
    let opened = house.open(&turn.transaction, NOW).await;
    let turn = house.node().codes_kept(opened, &visit).await.unwrap();
    let issuance = issued(house.follow(&mut browser, turn).await);
    assert_eq!(methods(&issuance), ["otp", "mfa"]);
    assert_eq!(acr(&issuance), REFEDS_MFA);
}

#[tokio::test]
async fn mfa_05_the_code_that_enrolled_an_app_signs_nobody_in() {
    let house = House::new().await;
    let (_, app) = super::codes::with_app(&house).await;
    let mut other = Browser::default();
    let turn = house.sign_in(&mut other, "vault", "una", "amelie", NOW).await;
    let turn =
        house.type_code(&mut other, &turn, FactorKind::Totp, &app.code(NOW), false, NOW).await;
    assert_eq!(problem(&turn), FactorProblem::Wrong);
    assert!(house.trail("factor.failed").await[0].ends_with("factors.totp.used"));
}

#[tokio::test]
async fn mfa_08_a_session_with_one_factor_opens_no_enrolment_once_there_is_a_factor() {
    let house = House::new().await;
    let (_, _key) = house.enrolled("una", "amelie").await;
    let mut thief = Browser::default();
    let turn = house.sign_in(&mut thief, "vault", "una", "amelie", later(60)).await;
    assert_eq!(asked(&turn).kinds, [FactorKind::Passkey, FactorKind::RecoveryCode]);
    let opened = house.open(&turn.transaction, later(60)).await;
    let visit = house.visit(&thief, later(60)).await;
    let started = house.node().start_passkey_enrolment(&opened, &visit).await.unwrap();
    assert!(matches!(started, Err(Refusal::TransactionConsumed)));
    let turn = house.node().start_totp(opened, &visit).await.unwrap();
    assert!(matches!(turn.next, Next::Refuse(Refusal::TransactionConsumed)));
}

#[tokio::test]
async fn mfa_08_where_the_agency_wants_it_a_password_alone_enrols_nothing() {
    let rules = FactorRules { enrol_with: EnrolWith::AccessPass, ..FactorRules::default() };
    let house = House::with(rules).await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", NOW).await;
    let page = asked(&turn);
    assert!(page.kinds.is_empty() && page.pass, "only the help desk's pass may be typed");
    let refused = house.trail("login.refused").await;
    assert_eq!(refused, ["login.refused mfa_enrolment_required_contact_admin"]);
    let account = match &turn.transaction.awaiting {
        Awaiting::Factor(asked) => asked.account.clone(),
        other => panic!("{other:?}"),
    };
    assert!(house.store.accounts.find(&account).await.unwrap().is_some(), "one that can be helped");
}

#[tokio::test]
async fn who_is_only_asked_may_say_later_and_is_not_asked_again_in_that_login() {
    let house = House::with(FactorRules { nudge: true, ..FactorRules::default() }).await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "portal", "una", "amelie", NOW).await;
    assert!(enrolling(&turn).optional);
    let opened = house.open(&turn.transaction, NOW).await;
    let visit = house.visit(&browser, NOW).await;
    let turn = house.node().enrol_later(opened, &visit).await.unwrap();
    issued(house.follow(&mut browser, turn).await);
}

#[tokio::test]
async fn what_is_demanded_cannot_be_put_off() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", NOW).await;
    let opened = house.open(&turn.transaction, NOW).await;
    let visit = house.visit(&browser, NOW).await;
    let turn = house.node().enrol_later(opened, &visit).await.unwrap();
    assert!(matches!(turn.next, Next::Refuse(Refusal::TransactionConsumed)));
}

#[tokio::test]
async fn wan_10_what_the_agency_does_not_admit_is_refused_after_the_ceremony_too() {
    let passkeys = PasskeyRules {
        never: vec!["07070707-0707-0707-0707-070707070707".to_owned()],
        ..PasskeyRules::default()
    };
    let house = House::with(FactorRules { passkeys, ..FactorRules::default() }).await;
    let (mut browser, key) = (Browser::default(), Soft::new());
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", NOW).await;
    let turn = house.enrol_key(&mut browser, &turn, &key, NOW).await;
    assert_eq!(enrolling(&turn).problem, Some(EnrolProblem::NotAllowed));
    assert_eq!(house.trail("factor.").await, ["factor.failed factors.webauthn.model_not_allowed"]);
}

#[tokio::test]
async fn wan_13_a_credential_of_somebody_else_is_not_registered_again() {
    let house = House::new().await;
    let (_, bobs) = house.enrolled("una", "bob").await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "vault", "una", "mallory", NOW).await;
    let visit = house.visit(&browser, NOW).await;
    let opened = house.open(&turn.transaction, NOW).await;
    let started = house.node().start_passkey_enrolment(&opened, &visit).await.unwrap().unwrap();
    let answer = registration(&bobs, &started);
    let turn = house.node().enrol_passkey(opened, &started.ceremony, &answer, "", &visit).await;
    let turn = turn.unwrap();
    assert_eq!(enrolling(&turn).problem, Some(EnrolProblem::AlreadyRegistered));
    let (owner, _) = house.store.factors.by_credential(&bobs.id).await.unwrap().unwrap();
    let Awaiting::Enrolment(mallorys) = &turn.transaction.awaiting else { panic!() };
    assert_ne!(owner, mallorys.account);
}

#[tokio::test]
async fn wan_04_a_registration_is_of_one_login_and_of_five_minutes() {
    let house = House::new().await;
    let (mut amelie, mut bob) = (Browser::default(), Browser::default());
    let hers = house.sign_in(&mut amelie, "vault", "una", "amelie", NOW).await;
    let his = house.sign_in(&mut bob, "vault", "una", "bob", NOW).await;
    let visit = house.visit(&amelie, NOW).await;
    let opened = house.open(&hers.transaction, NOW).await;
    let started = house.node().start_passkey_enrolment(&opened, &visit).await.unwrap().unwrap();
    let answer = registration(&Soft::new(), &started);
    let opened = house.open(&his.transaction, NOW).await;
    let visit = house.visit(&bob, NOW).await;
    let turn = house.node().enrol_passkey(opened, &started.ceremony, &answer, "", &visit).await;
    assert_eq!(enrolling(&turn.unwrap()).problem, Some(EnrolProblem::Expired));

    let opened = house.open(&hers.transaction, NOW).await;
    let visit = house.visit(&amelie, NOW).await;
    let started = house.node().start_passkey_enrolment(&opened, &visit).await.unwrap().unwrap();
    let answer = registration(&Soft::new(), &started);
    let late = house.visit(&amelie, NOW + Lifetime::minutes(5)).await;
    let turn = house.node().enrol_passkey(opened, &started.ceremony, &answer, "", &late).await;
    assert_eq!(enrolling(&turn.unwrap()).problem, Some(EnrolProblem::Expired));
}

#[tokio::test]
async fn mfa_21_whoever_changes_the_address_upstream_does_not_silence_the_one_before() {
    let house = House::new().await;
    let mut browser = Browser::default();
    issued(house.sign_in(&mut browser, "portal", "una", "amelie", NOW).await);
    let mut thief = Browser::default();
    let turn = house.begin(&thief, "vault", NOW).await;
    let reply = [("subject", "amelie"), ("mail", "mallory@new.example")];
    let turn = house.answer(&mut thief, turn.transaction, "una", &reply, NOW).await;
    house.enrol_key(&mut thief, &turn, &Soft::new(), NOW).await;
    let mut to: Vec<_> = house.letters().await.into_iter().map(|(_, letter)| letter.to).collect();
    to.sort();
    assert_eq!(to, ["amelie@una.example", "mallory@new.example"]);
}

#[tokio::test]
async fn what_resists_phishing_is_demanded_and_an_app_is_not_offered_for_it() {
    let house = House::new().await;
    let (mut browser, key) = (Browser::default(), Soft::new());
    let turn = house.sign_in(&mut browser, "safe", "una", "amelie", NOW).await;
    assert_eq!(enrolling(&turn).kinds, [FactorKind::Passkey]);
    let issuance = issued(house.enrol_key(&mut browser, &turn, &key, NOW).await);
    assert_eq!(acr(&issuance), PHR);
    let turn = house.begin(&browser, "portal", NOW).await;
    assert_eq!(acr(&issued(turn)), AAL2, "it is told wherever it was not asked for");
}

#[tokio::test]
async fn where_hardware_is_wanted_a_key_of_a_maker_that_nobody_knows_is_not_registered() {
    let house = House::new().await;
    let mut browser = Browser::default();
    let turn = house.sign_in(&mut browser, "strongroom", "una", "amelie", NOW).await;
    assert_eq!(enrolling(&turn).kinds, [FactorKind::Passkey]);
    let visit = house.visit(&browser, NOW).await;
    let opened = house.open(&turn.transaction, NOW).await;
    let started = house.node().start_passkey_enrolment(&opened, &visit).await.unwrap().unwrap();
    assert_eq!(started.options["publicKey"]["attestation"], "direct");
    let answer = registration(&Soft::new(), &started);
    let turn = house.node().enrol_passkey(opened, &started.ceremony, &answer, "", &visit).await;
    assert_eq!(enrolling(&turn.unwrap()).problem, Some(EnrolProblem::NotAllowed));
}

#[tokio::test]
async fn a_passkey_is_called_by_its_model_or_simply_so_where_nobody_named_it() {
    let house = House::new().await;
    let (mut browser, key) = (Browser::default(), Soft::new());
    let turn = house.sign_in(&mut browser, "vault", "una", "amelie", NOW).await;
    let visit = house.visit(&browser, NOW).await;
    let opened = house.open(&turn.transaction, NOW).await;
    let started = house.node().start_passkey_enrolment(&opened, &visit).await.unwrap().unwrap();
    let answer = registration(&key, &started);
    let name = format!(" \u{7}{}", " ".repeat(80));
    let turn = house.node().enrol_passkey(opened, &started.ceremony, &answer, &name, &visit).await;
    house.follow(&mut browser, turn.unwrap()).await;
    let (_, stored) = house.store.factors.by_credential(&key.id).await.unwrap().unwrap();
    assert_eq!(stored.name, "Passkey");
}
