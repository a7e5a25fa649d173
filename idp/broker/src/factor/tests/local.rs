//! Signing in with a passkey alone, at a source of ours.

use idp_domain::{
    AccountId, Refusal, Transaction, assurance::PHR, identity::SourceSubject, transaction::Awaiting,
};
use idp_store::journal::{Act, DisableAccount, Outcome, Unit};

use super::{federation::ISSUER, house::*, soft::Draft, soft::Soft};
use crate::{Next, Turn, factor::FactorProblem};

/// Enrols a passkey of `who` at our own source; and its handle, which authenticators then give.
async fn with_key(house: &House, who: &str) -> (Soft, Vec<u8>) {
    house.put_local(who, false, 0).await;
    let (_, key) = house.enrolled("partner", who).await;
    let (account, _) = house.store.factors.by_credential(&key.id).await.unwrap().unwrap();
    let stored = house.store.factors.of(&account).await.unwrap().unwrap();
    (key, stored.handle.unwrap())
}

/// A login that waits for the form of our own source.
async fn at_form(house: &House, browser: &Browser, party: &str) -> Transaction {
    let mut transaction = house.begin(browser, party, later(60)).await.transaction;
    transaction.choose("partner".parse().unwrap());
    let visit = house.visit(browser, later(60)).await;
    let turn = house.node().advance(transaction, &visit).await.unwrap();
    assert!(matches!(turn.next, Next::Go(..)), "{:?}", turn.next);
    house.node().keep_over(&turn.transaction).await.unwrap();
    turn.transaction
}

async fn sign_in(
    house: &House,
    browser: &mut Browser,
    transaction: &Transaction,
    key: &Soft,
    alter: impl FnOnce(&mut Draft),
) -> Turn {
    let visit = house.visit(browser, later(60)).await;
    let opened = house.open(transaction, later(60)).await;
    let started = house.node().start_passkey_sign_in(&opened, true, &visit).await;
    let started = started.unwrap().unwrap();
    let answer = assertion(key, &started, alter);
    let turn = house.node().sign_in_with_passkey(opened, &started.ceremony, &answer, &visit).await;
    house.follow(browser, turn.unwrap()).await
}

fn refused(turn: &Turn) -> &FactorProblem {
    match &turn.next {
        Next::SignIn(source, problem) => {
            assert_eq!(source.as_str(), "partner");
            assert!(turn.kept && matches!(turn.transaction.awaiting, Awaiting::Source(_)));
            problem
        }
        next => panic!("{next:?}"),
    }
}

#[tokio::test]
async fn a_passkey_alone_signs_its_owner_in_with_two_factors() {
    let house = House::new().await;
    let (key, handle) = with_key(&house, "eve").await;
    let mut browser = Browser::default();
    let transaction = at_form(&house, &browser, "safe").await;
    let owned = |draft: &mut Draft| draft.user_handle = Some(handle);
    let issuance = issued(sign_in(&house, &mut browser, &transaction, &key, owned).await);
    assert_eq!(acr(&issuance), PHR);
    assert_eq!(methods(&issuance), ["pop", "user", "mfa"]);
    assert_eq!(issuance.source.as_str(), "partner");
    let (account, _) = house.store.factors.by_credential(&key.id).await.unwrap().unwrap();
    assert_eq!(issuance.account, account);
}

#[tokio::test]
async fn wan_15_what_is_asked_is_the_same_for_everybody() {
    let house = House::new().await;
    with_key(&house, "eve").await;
    let browser = Browser::default();
    let visit = house.visit(&browser, later(60)).await;
    let mut shapes = Vec::new();
    for autofill in [false, true] {
        let transaction = at_form(&house, &browser, "portal").await;
        let opened = house.open(&transaction, later(60)).await;
        let started = house.node().start_passkey_sign_in(&opened, autofill, &visit).await;
        let mut options = started.unwrap().unwrap().options;
        options["publicKey"]["challenge"] = "challenge".into();
        assert!(options["publicKey"]["allowCredentials"].as_array().is_none_or(Vec::is_empty));
        assert_eq!(options["mediation"] == "conditional", autofill);
        shapes.push(options);
    }
}

#[tokio::test]
async fn wan_15_unknown_disabled_and_foreign_people_hear_the_same() {
    let house = House::new().await;
    let (key, handle) = with_key(&house, "eve").await;
    let (_, foreign) = house.enrolled("una", "amelie").await;
    let (amelie, _) = house.store.factors.by_credential(&foreign.id).await.unwrap().unwrap();
    let foreign_handle = house.store.factors.of(&amelie).await.unwrap().unwrap().handle.unwrap();

    let mut browser = Browser::default();
    let transaction = at_form(&house, &browser, "portal").await;
    let owned = |handle: &[u8]| {
        let handle = handle.to_vec();
        move |draft: &mut Draft| draft.user_handle = Some(handle)
    };
    let turn = sign_in(&house, &mut browser, &transaction, &foreign, owned(&foreign_handle)).await;
    assert_eq!(*refused(&turn), FactorProblem::Passkey, "her agency vouches first");

    house.put_local("eve", true, 1).await;
    let turn = sign_in(&house, &mut browser, &transaction, &key, owned(&handle)).await;
    assert_eq!(*refused(&turn), FactorProblem::Passkey, "disabled at the source");

    house.put_local("eve", false, 2).await;
    let eve: AccountId = house
        .store
        .accounts
        .of_identity(&"partner".parse().unwrap(), ISSUER, &SourceSubject::parse("eve").unwrap())
        .await
        .unwrap()
        .unwrap();
    let disable = DisableAccount { account: eve, until: later(3_600), now: later(30) };
    let unit = Unit::new(Act::DisableAccount(disable), Vec::new());
    assert_eq!(house.store.journal.commit(unit).await.unwrap(), Outcome::Done);
    let turn = sign_in(&house, &mut browser, &transaction, &key, owned(&handle)).await;
    assert_eq!(*refused(&turn), FactorProblem::Passkey, "disabled here");
    let reasons = house.trail("authn.failed").await;
    let expected = [
        "authn.failed account_disabled",
        "authn.failed not_of_this_source",
        "authn.failed not_of_this_source",
    ];
    assert_eq!(reasons, expected, "the trail knows why");

    let stranger = Soft::new();
    let turn = sign_in(&house, &mut browser, &transaction, &stranger, owned(&[1; 32])).await;
    assert!(matches!(refused(&turn), FactorProblem::UnknownPasskey { .. }));
    assert!(browser.session.is_none());
}

#[tokio::test]
async fn wan_05_without_a_user_handle_nobody_is_named() {
    let house = House::new().await;
    let (key, _) = with_key(&house, "eve").await;
    let mut browser = Browser::default();
    let transaction = at_form(&house, &browser, "portal").await;
    let turn = sign_in(&house, &mut browser, &transaction, &key, |_| {}).await;
    assert_eq!(*refused(&turn), FactorProblem::Passkey);
}

#[tokio::test]
async fn only_where_our_own_form_is_awaited_a_passkey_signs_in() {
    let house = House::new().await;
    let (_, _) = with_key(&house, "eve").await;
    let browser = Browser::default();
    let visit = house.visit(&browser, later(60)).await;
    let choosing = house.begin(&browser, "portal", later(60)).await.transaction;
    let opened = house.open(&choosing, later(60)).await;
    let started = house.node().start_passkey_sign_in(&opened, false, &visit).await.unwrap();
    assert!(matches!(started, Err(Refusal::TransactionConsumed)));

    let mut elsewhere = choosing;
    elsewhere.choose("una".parse().unwrap());
    let turn = house.node().advance(elsewhere, &visit).await.unwrap();
    house.node().keep_over(&turn.transaction).await.unwrap();
    let opened = house.open(&turn.transaction, later(60)).await;
    let started = house.node().start_passkey_sign_in(&opened, false, &visit).await.unwrap();
    assert!(matches!(started, Err(Refusal::TransactionConsumed)), "una's own form is una's");
}

#[tokio::test]
async fn wan_04_a_question_for_a_second_factor_signs_nobody_in() {
    let house = House::new().await;
    let (key, handle) = with_key(&house, "eve").await;
    let mut browser = Browser::default();
    let asked = house.sign_in(&mut browser, "vault", "partner", "eve", later(60)).await;
    let visit = house.visit(&browser, later(60)).await;
    let opened = house.open(&asked.transaction, later(60)).await;
    let started = house.node().start_passkey_proof(&opened, &visit).await.unwrap().unwrap();
    let answer = assertion(&key, &started, |draft| draft.user_handle = Some(handle));
    let transaction = at_form(&house, &browser, "portal").await;
    let opened = house.open(&transaction, later(60)).await;
    let turn = house.node().sign_in_with_passkey(opened, &started.ceremony, &answer, &visit).await;
    assert_eq!(*refused(&turn.unwrap()), FactorProblem::Expired);
}

#[tokio::test]
async fn pwd_05_who_knows_a_credential_and_no_more_neither_locks_nor_writes_to_its_owner() {
    let house = House::new().await;
    let (key, handle) = with_key(&house, "eve").await;
    house.letters().await;
    let mut browser = Browser::default();
    let transaction = at_form(&house, &browser, "safe").await;
    for _ in 0..8 {
        let lying = |draft: &mut Draft| {
            draft.user_handle = Some(handle.clone());
            draft.origin = "https://evil.example".into();
        };
        let turn = sign_in(&house, &mut browser, &transaction, &key, lying).await;
        assert_eq!(*refused(&turn), FactorProblem::Passkey);
    }
    assert!(house.letters().await.is_empty());
    let owned = |draft: &mut Draft| draft.user_handle = Some(handle);
    issued(sign_in(&house, &mut browser, &transaction, &key, owned).await);
}
