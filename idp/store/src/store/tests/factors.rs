//! Passkeys, authenticator apps and recovery codes, as they are kept and used up.

use idp_domain::AccountId;

use super::{Bench, NOW, later, on_every_engine, random};
use crate::{
    factors::{
        AccountFactors,
        act::{
            PutPasskey, PutRecoveryCodes, PutTotp, RemovePasskey, RemoveTotp, RenamePasskey,
            ResetFactors, UsePasskey, UseRecoveryCode, UseTotpStep,
        },
    },
    journal::{Act, DisableAccount, Hash, Outcome},
    store::Store,
};

on_every_engine!(
    an_account_begins_without_factors,
    a_passkey_is_found_by_its_account_its_id_and_its_handle,
    wan_13_a_credential_of_somebody_else_is_refused_and_theirs_stays,
    the_handle_of_an_account_never_changes,
    wan_08_a_counter_grows_or_stays_at_zero,
    a_passkey_that_is_gone_proves_nothing,
    a_passkey_is_called_what_its_owner_called_it_last,
    the_last_factor_stays_where_one_must,
    mfa_05_the_code_of_a_step_counts_once_and_those_before_it_no_more,
    an_app_takes_the_place_of_another,
    a_recovery_code_counts_once_and_no_longer_than_its_set,
    what_changes_the_factors_begins_an_epoch_and_what_uses_them_does_not,
    a_reset_leaves_nothing_but_the_handle,
    who_has_to_enrol_anew_has_to_until_a_factor_is_there,
    a_disabled_account_enrols_nothing_and_can_be_reset,
    wan_16_passkeys_of_another_site_are_counted,
    what_was_used_stays_used_for_a_node_that_starts_later,
);

/// A passkey of `account`, which authenticators know by its own name.
pub(super) fn passkey(account: &AccountId, id: &[u8]) -> PutPasskey {
    PutPasskey {
        account: account.clone(),
        handle: account.as_str().as_bytes().to_vec(),
        site: "broker.example".to_owned(),
        credential: id.to_vec(),
        name: "Blue key".to_owned(),
        body: r#"{"v":1}"#.to_owned(),
        counter: 10,
        letters: Vec::new(),
        now: NOW,
    }
}

pub(super) fn proof(account: &AccountId, id: &[u8], previous: u32, counter: u32) -> Act {
    Act::UsePasskey(UsePasskey {
        account: account.clone(),
        credential: id.to_vec(),
        previous_counter: previous,
        counter,
        body: format!(r#"{{"v":1,"counter":{counter}}}"#),
    })
}

pub(super) fn app(account: &AccountId, step: u64) -> PutTotp {
    let sealed = b"sealed".to_vec();
    PutTotp { account: account.clone(), sealed, step, letters: Vec::new(), now: NOW }
}

pub(super) fn step(account: &AccountId, step: u64) -> Act {
    Act::UseTotpStep(UseTotpStep { account: account.clone(), step })
}

pub(super) fn codes(account: &AccountId, hashes: &[Hash]) -> PutRecoveryCodes {
    let hashes = hashes.to_vec();
    PutRecoveryCodes { account: account.clone(), hashes, letters: Vec::new(), now: NOW }
}

pub(super) fn code(account: &AccountId, hash: Hash) -> Act {
    let letters = Vec::new();
    Act::UseRecoveryCode(UseRecoveryCode { account: account.clone(), hash, letters, now: NOW })
}

pub(super) fn reset(account: &AccountId, must_enrol: bool) -> ResetFactors {
    ResetFactors { account: account.clone(), must_enrol, letters: Vec::new(), now: NOW }
}

fn remove_passkey(account: &AccountId, id: &[u8], must_keep_one: bool) -> Act {
    Act::RemovePasskey(RemovePasskey {
        account: account.clone(),
        credential: id.to_vec(),
        must_keep_one,
        letters: Vec::new(),
        now: NOW,
    })
}

fn remove_app(account: &AccountId, must_keep_one: bool) -> Act {
    let letters = Vec::new();
    Act::RemoveTotp(RemoveTotp { account: account.clone(), must_keep_one, letters, now: NOW })
}

fn rename(account: &AccountId, id: &[u8], name: &str) -> Act {
    Act::RenamePasskey(RenamePasskey {
        account: account.clone(),
        credential: id.to_vec(),
        name: name.to_owned(),
    })
}

impl Store {
    /// Does `act`, and expects it to be done.
    pub(super) async fn done(&self, act: Act) {
        assert_eq!(self.act(act).await, Outcome::Done);
    }

    pub(super) async fn factors_of(&self, account: &AccountId) -> AccountFactors {
        self.factors.of(account).await.unwrap().unwrap()
    }

    pub(super) async fn disable(&self, account: &AccountId) {
        let act = DisableAccount { account: account.clone(), until: later(600), now: NOW };
        self.done(Act::DisableAccount(act)).await;
    }
}

async fn an_account_begins_without_factors(bench: &Bench) {
    let store = bench.store();
    assert_eq!(store.factors.of(&AccountId::from_random(random())).await.unwrap(), None);
    let account = store.account().await;
    let expected = AccountFactors {
        created_at: NOW,
        handle: None,
        passkeys: Vec::new(),
        totp: None,
        recovery: Vec::new(),
        epoch: 0,
        must_enrol: false,
    };
    assert_eq!(store.factors_of(&account).await, expected);
}

async fn a_passkey_is_found_by_its_account_its_id_and_its_handle(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let account = store.account().await;
    store.done(Act::PutPasskey(passkey(&account, b"key"))).await;
    let second = PutPasskey { now: later(1), ..passkey(&account, b"a second") };
    store.done(Act::PutPasskey(second)).await;
    let factors = other.factors_of(&account).await;
    assert_eq!(factors.handle.as_deref(), Some(account.as_str().as_bytes()));
    let found = factors.passkeys.iter().map(|key| key.id.as_slice()).collect::<Vec<_>>();
    assert_eq!(found, [b"key".as_slice(), b"a second"], "oldest first");
    let key = &factors.passkeys[0];
    assert_eq!((key.name.as_str(), key.body.as_str(), key.counter), ("Blue key", r#"{"v":1}"#, 10));
    let found = other.factors.by_credential(b"key").await.unwrap();
    assert_eq!(found, Some((account.clone(), key.clone())));
    assert_eq!(other.factors.by_credential(b"kez").await.unwrap(), None);
    let handle = factors.handle.unwrap();
    assert_eq!(other.factors.by_handle(&handle).await.unwrap(), Some(account));
    assert_eq!(other.factors.by_handle(b"").await.unwrap(), None);
}

async fn wan_13_a_credential_of_somebody_else_is_refused_and_theirs_stays(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let [bob, mallory] = [store.account().await, store.account().await];
    store.done(Act::PutPasskey(passkey(&bob, b"bob's"))).await;
    let before = store.factors_of(&bob).await;
    let stolen = PutPasskey { body: "{}".to_owned(), ..passkey(&mallory, b"bob's") };
    assert_eq!(other.act(Act::PutPasskey(stolen)).await, Outcome::Conflict);
    let again = Act::PutPasskey(passkey(&bob, b"bob's"));
    assert_eq!(other.act(again).await, Outcome::Conflict, "not twice by its owner, either");
    assert_eq!(store.factors_of(&bob).await, before);
    let mallory = store.factors_of(&mallory).await;
    assert_eq!((mallory.passkeys.len(), mallory.epoch), (0, 0));
}

async fn the_handle_of_an_account_never_changes(bench: &Bench) {
    let store = bench.store();
    let [alice, bob] = [store.account().await, store.account().await];
    store.done(Act::PutPasskey(passkey(&alice, b"1"))).await;
    let another = PutPasskey { handle: b"another".to_vec(), ..passkey(&alice, b"2") };
    assert_eq!(store.act(Act::PutPasskey(another.clone())).await, Outcome::Conflict);
    store.done(Act::ResetFactors(reset(&alice, true))).await;
    assert_eq!(store.act(Act::PutPasskey(another)).await, Outcome::Conflict);
    let taken = PutPasskey { handle: passkey(&alice, b"").handle, ..passkey(&bob, b"3") };
    assert_eq!(store.act(Act::PutPasskey(taken)).await, Outcome::Conflict);
    store.done(Act::PutPasskey(passkey(&alice, b"4"))).await;
    assert_eq!(store.factors_of(&bob).await.handle, None);
}

async fn wan_08_a_counter_grows_or_stays_at_zero(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let account = store.account().await;
    store.done(Act::PutPasskey(passkey(&account, b"key"))).await;
    for (previous, counter) in [(10, 10), (10, 9), (10, 0), (9, 11), (0, 11), (0, 0), (11, 12)] {
        let outcome = store.act(proof(&account, b"key", previous, counter)).await;
        assert_eq!(outcome, Outcome::Conflict, "{previous} to {counter}");
    }
    store.done(proof(&account, b"key", 10, 11)).await;
    assert_eq!(other.act(proof(&account, b"key", 10, 11)).await, Outcome::Conflict);
    other.done(proof(&account, b"key", 11, u32::MAX)).await;
    let wrapped = proof(&account, b"key", u32::MAX, 0);
    assert_eq!(store.act(wrapped).await, Outcome::Conflict);
    let key = &store.factors_of(&account).await.passkeys[0];
    assert_eq!((key.counter, key.body.as_str()), (u32::MAX, r#"{"v":1,"counter":4294967295}"#));

    let uncounted = PutPasskey { counter: 0, ..passkey(&account, b"uncounted") };
    store.done(Act::PutPasskey(uncounted)).await;
    for node in &bench.nodes {
        node.done(proof(&account, b"uncounted", 0, 0)).await;
    }
    store.done(proof(&account, b"uncounted", 0, 1)).await;
    let outcome = store.act(proof(&account, b"uncounted", 0, 0)).await;
    assert_eq!(outcome, Outcome::Conflict, "one that counts does not stop counting");
}

async fn a_passkey_that_is_gone_proves_nothing(bench: &Bench) {
    let store = bench.store();
    let [account, other] = [store.account().await, store.account().await];
    store.done(Act::PutPasskey(passkey(&account, b"key"))).await;
    assert_eq!(store.act(proof(&other, b"key", 10, 11)).await, Outcome::Unknown);
    assert_eq!(store.act(remove_passkey(&other, b"key", false)).await, Outcome::Unknown);
    assert_eq!(store.act(rename(&other, b"key", "x")).await, Outcome::Unknown);
    store.done(remove_passkey(&account, b"key", false)).await;
    assert_eq!(store.act(remove_passkey(&account, b"key", false)).await, Outcome::Unknown);
    assert_eq!(store.act(proof(&account, b"key", 10, 11)).await, Outcome::Unknown);
    assert_eq!(store.factors.by_credential(b"key").await.unwrap(), None);
}

async fn a_passkey_is_called_what_its_owner_called_it_last(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    store.done(Act::PutPasskey(passkey(&account, b"key"))).await;
    store.done(rename(&account, b"key", "Door")).await;
    store.done(proof(&account, b"key", 10, 11)).await;
    assert_eq!(store.factors_of(&account).await.passkeys[0].name, "Door");
}

async fn the_last_factor_stays_where_one_must(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    store.done(Act::PutPasskey(passkey(&account, b"1"))).await;
    assert_eq!(store.act(remove_app(&account, false)).await, Outcome::Unknown);
    assert_eq!(store.act(remove_passkey(&account, b"1", true)).await, Outcome::Conflict);
    store.done(Act::PutPasskey(passkey(&account, b"2"))).await;
    store.done(remove_passkey(&account, b"1", true)).await;
    assert_eq!(store.act(remove_passkey(&account, b"2", true)).await, Outcome::Conflict);
    store.done(Act::PutTotp(app(&account, 1))).await;
    store.done(remove_passkey(&account, b"2", true)).await;
    assert_eq!(store.act(remove_app(&account, true)).await, Outcome::Conflict);
    assert!(store.factors_of(&account).await.totp.is_some());
    store.done(Act::PutPasskey(passkey(&account, b"3"))).await;
    store.done(remove_app(&account, true)).await;
    store.done(remove_passkey(&account, b"3", false)).await;
}

async fn mfa_05_the_code_of_a_step_counts_once_and_those_before_it_no_more(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let account = store.account().await;
    assert_eq!(store.act(step(&account, 100)).await, Outcome::Unknown);
    store.done(Act::PutTotp(app(&account, 100))).await;
    assert_eq!(store.act(step(&account, 100)).await, Outcome::Used, "enrolment used it up");
    store.done(step(&account, 102)).await;
    for used in [102, 101, 99, 0] {
        assert_eq!(other.act(step(&account, used)).await, Outcome::Used, "{used}");
    }
    assert_eq!(other.factors_of(&account).await.totp.unwrap().last_step, 102);
}

async fn an_app_takes_the_place_of_another(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    store.done(Act::PutTotp(app(&account, 200))).await;
    let sealed = b"another".to_vec();
    store.done(Act::PutTotp(PutTotp { sealed, now: later(9), ..app(&account, 100) })).await;
    let totp = store.factors_of(&account).await.totp.unwrap();
    assert_eq!((totp.sealed.as_slice(), totp.last_step), (b"another".as_slice(), 100));
    assert_eq!(totp.enrolled_at, later(9));
    store.done(remove_app(&account, false)).await;
    assert_eq!(store.factors_of(&account).await.totp, None);
    assert_eq!(store.act(step(&account, 300)).await, Outcome::Unknown);
}

async fn a_recovery_code_counts_once_and_no_longer_than_its_set(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let [account, stranger] = [store.account().await, store.account().await];
    store.done(Act::PutRecoveryCodes(codes(&account, &[[1; 32], [2; 32]]))).await;
    assert_eq!(store.act(code(&stranger, [1; 32])).await, Outcome::Unknown);
    store.done(code(&account, [1; 32])).await;
    assert_eq!(other.act(code(&account, [1; 32])).await, Outcome::Used);
    assert_eq!(other.act(code(&account, [3; 32])).await, Outcome::Unknown);
    let left = other.factors_of(&account).await.recovery;
    let left = left.iter().map(|code| (code.hash[0], code.used)).collect::<Vec<_>>();
    assert_eq!(left, [(1, true), (2, false)]);
    store.done(Act::PutRecoveryCodes(codes(&account, &[[3; 32]]))).await;
    for void in [1, 2] {
        assert_eq!(store.act(code(&account, [void; 32])).await, Outcome::Unknown);
    }
    store.done(code(&account, [3; 32])).await;
}

async fn what_changes_the_factors_begins_an_epoch_and_what_uses_them_does_not(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let changes = [
        Act::PutPasskey(passkey(&account, b"key")),
        Act::PutTotp(app(&account, 1)),
        Act::PutRecoveryCodes(codes(&account, &[[1; 32]])),
        remove_app(&account, false),
        Act::ResetFactors(reset(&account, false)),
        Act::PutPasskey(passkey(&account, b"key")),
        remove_passkey(&account, b"key", false),
    ];
    for (number, change) in (1..).zip(changes) {
        store.done(change).await;
        assert_eq!(store.factors_of(&account).await.epoch, number);
    }
    store.done(Act::PutPasskey(passkey(&account, b"key"))).await;
    store.done(Act::PutTotp(app(&account, 1))).await;
    store.done(Act::PutRecoveryCodes(codes(&account, &[[1; 32]]))).await;
    let epoch = store.factors_of(&account).await.epoch;
    store.done(proof(&account, b"key", 10, 11)).await;
    store.done(rename(&account, b"key", "x")).await;
    store.done(step(&account, 2)).await;
    store.done(code(&account, [1; 32])).await;
    for refused in [
        Act::PutPasskey(passkey(&account, b"key")),
        remove_passkey(&account, b"none", false),
        Act::PutPasskey(PutPasskey { handle: b"x".to_vec(), ..passkey(&account, b"new") }),
    ] {
        assert_ne!(store.act(refused).await, Outcome::Done);
    }
    assert_eq!(store.factors_of(&account).await.epoch, epoch);
}

async fn a_reset_leaves_nothing_but_the_handle(bench: &Bench) {
    let store = bench.store();
    let [account, other] = [store.account().await, store.account().await];
    for account in [&account, &other] {
        store.done(Act::PutPasskey(passkey(account, account.as_str().as_bytes()))).await;
        store.done(Act::PutTotp(app(account, 1))).await;
        store.done(Act::PutRecoveryCodes(codes(account, &[[1; 32]]))).await;
    }
    let others = store.factors_of(&other).await;
    store.done(Act::ResetFactors(reset(&account, true))).await;
    let expected = AccountFactors {
        created_at: NOW,
        handle: Some(account.as_str().as_bytes().to_vec()),
        passkeys: Vec::new(),
        totp: None,
        recovery: Vec::new(),
        epoch: 4,
        must_enrol: true,
    };
    assert_eq!(store.factors_of(&account).await, expected);
    assert_eq!(store.factors_of(&other).await, others);
    let nobody = reset(&AccountId::from_random(random()), true);
    assert_eq!(store.act(Act::ResetFactors(nobody)).await, Outcome::Unknown);
}

async fn who_has_to_enrol_anew_has_to_until_a_factor_is_there(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let enrolments = [Act::PutPasskey(passkey(&account, b"key")), Act::PutTotp(app(&account, 1))];
    for enrolment in enrolments {
        store.done(Act::ResetFactors(reset(&account, true))).await;
        assert!(store.factors_of(&account).await.must_enrol);
        store.done(Act::PutRecoveryCodes(codes(&account, &[[1; 32]]))).await;
        assert!(store.factors_of(&account).await.must_enrol, "codes are no factor");
        store.done(enrolment).await;
        assert!(!store.factors_of(&account).await.must_enrol);
    }
    store.done(Act::ResetFactors(reset(&account, true))).await;
    store.done(Act::ResetFactors(reset(&account, false))).await;
    assert!(!store.factors_of(&account).await.must_enrol);
}

async fn a_disabled_account_enrols_nothing_and_can_be_reset(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    store.done(Act::PutPasskey(passkey(&account, b"key"))).await;
    store.disable(&account).await;
    assert_eq!(store.factors_of(&account).await.epoch, 2, "what was remembered is not any more");
    for enrolment in [
        Act::PutPasskey(passkey(&account, b"new")),
        Act::PutTotp(app(&account, 1)),
        Act::PutRecoveryCodes(codes(&account, &[[1; 32]])),
    ] {
        assert_eq!(store.act(enrolment).await, Outcome::Unknown);
    }
    store.done(Act::ResetFactors(reset(&account, true))).await;
    assert!(store.factors_of(&account).await.passkeys.is_empty());
}

async fn wan_16_passkeys_of_another_site_are_counted(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    store.done(Act::PutPasskey(passkey(&account, b"1"))).await;
    store.done(Act::PutPasskey(passkey(&account, b"2"))).await;
    assert_eq!(store.factors.passkeys_elsewhere("broker.example").await.unwrap(), 0);
    assert_eq!(store.factors.passkeys_elsewhere("login.example").await.unwrap(), 2);
}

async fn what_was_used_stays_used_for_a_node_that_starts_later(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    store.done(Act::PutTotp(app(&account, 100))).await;
    store.done(Act::PutRecoveryCodes(codes(&account, &[[1; 32]]))).await;
    store.done(step(&account, 101)).await;
    store.done(code(&account, [1; 32])).await;
    let later = bench.another();
    assert_eq!(later.act(step(&account, 101)).await, Outcome::Used);
    assert_eq!(later.act(code(&account, [1; 32])).await, Outcome::Used);
    later.done(step(&account, 102)).await;
}
