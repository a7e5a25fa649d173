//! Authenticator apps and recovery codes, as they are kept and used up, and all factors together.

use idp_domain::{AccountId, FactorKind, Lifetime, Timestamp};

use super::{Bench, LATEST, NOW, later, on_every_engine, random, revocations::until};
use crate::{
    factors::{
        AccountFactors,
        act::{
            PutPasskey, PutRecoveryCodes, PutTotp, RemovePasskey, RemoveTotp, RenamePasskey,
            ResetFactors, UsePasskey, UseRecoveryCode, UseTotpStep,
        },
    },
    journal::{Act, DisableAccount, Hash, Outcome},
    revocations::{RevokedKind, proofs_of},
    sessions::{EndSessions, Of},
    store::Store,
};

on_every_engine!(
    an_account_begins_without_factors,
    the_last_factor_stays_where_one_must,
    mfa_05_the_code_of_a_step_counts_once_and_those_before_it_no_more,
    an_app_takes_the_place_of_another,
    a_recovery_code_counts_once_and_no_longer_than_its_set,
    what_changes_the_factors_begins_an_epoch_and_what_uses_them_does_not,
    a_reset_leaves_nothing_but_the_handle,
    who_has_to_enrol_anew_has_to_until_a_factor_is_there,
    a_disabled_account_enrols_nothing_and_can_be_reset,
    what_was_used_stays_used_for_a_node_that_starts_later,
    mfa_08_what_was_decided_on_other_factors_enrols_nothing,
    mfa_08_what_was_proven_before_a_report_enrols_nothing,
    what_a_factor_that_is_gone_has_proven_is_taken_back_on_every_node,
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
        epoch: LATEST,
        since: NOW,
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
    let (account, until, letters) = (account.clone(), later(86_400), Vec::new());
    PutTotp { account, sealed, step, epoch: LATEST, since: NOW, until, letters, now: NOW }
}

pub(super) fn step(account: &AccountId, step: u64) -> Act {
    Act::UseTotpStep(UseTotpStep { account: account.clone(), step })
}

pub(super) fn codes(account: &AccountId, hashes: &[Hash]) -> PutRecoveryCodes {
    let (account, hashes, letters) = (account.clone(), hashes.to_vec(), Vec::new());
    PutRecoveryCodes { account, hashes, epoch: LATEST, letters, now: NOW }
}

pub(super) fn code(account: &AccountId, hash: Hash) -> Act {
    let letters = Vec::new();
    Act::UseRecoveryCode(UseRecoveryCode { account: account.clone(), hash, letters, now: NOW })
}

pub(super) fn reset(account: &AccountId, must_enrol: bool) -> ResetFactors {
    ResetFactors { account: account.clone(), must_enrol, letters: Vec::new(), now: NOW }
}

pub(super) fn remove_passkey(account: &AccountId, id: &[u8], must_keep_one: bool) -> Act {
    Act::RemovePasskey(RemovePasskey {
        account: account.clone(),
        credential: id.to_vec(),
        named: "named".to_owned(),
        must_keep_one,
        until: later(86_400),
        letters: Vec::new(),
        now: NOW,
    })
}

pub(super) fn remove_app(account: &AccountId, must_keep_one: bool) -> Act {
    let (account, until, letters) = (account.clone(), later(86_400), Vec::new());
    Act::RemoveTotp(RemoveTotp { account, must_keep_one, until, letters, now: NOW })
}

pub(super) fn rename(account: &AccountId, id: &[u8], name: &str) -> Act {
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

async fn what_a_factor_that_is_gone_has_proven_is_taken_back_on_every_node(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let account = store.account().await;
    let at = |store: &Store, factor, named| {
        let proofs = proofs_of(&account, factor, named);
        store.revocations.revoked_at(RevokedKind::Proof, &proofs)
    };
    let app_at = |store: &Store| -> [Option<Timestamp>; 2] {
        [FactorKind::Totp, FactorKind::Device].map(|factor| at(store, factor, ""))
    };
    store.done(Act::PutPasskey(passkey(&account, b"key"))).await;
    store.done(Act::PutTotp(app(&account, 1))).await;
    assert_eq!(app_at(store), [None; 2], "there was none before");
    store.done(Act::PutTotp(app(&account, 2))).await;
    let before = Some(NOW.minus(Lifetime::seconds(1)));
    assert_eq!(app_at(store), [before; 2], "the new one is proven in the same second");
    until(|| app_at(other) == [before; 2]).await;
    store.done(remove_app(&account, false)).await;
    assert_eq!(app_at(store), [Some(NOW); 2]);
    until(|| app_at(other) == [Some(NOW); 2]).await;

    let named = |store: &Store| at(store, FactorKind::Passkey, "named");
    assert_eq!(store.act(remove_passkey(&account, b"key", true)).await, Outcome::Conflict);
    assert_eq!(named(store), None, "it stays");
    store.done(remove_passkey(&account, b"key", false)).await;
    until(|| named(other) == Some(NOW)).await;
    assert_eq!(at(other, FactorKind::Passkey, "another"), None);
}

async fn mfa_08_what_was_decided_on_other_factors_enrols_nothing(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let account = store.account().await;
    let enrolments = |epoch| {
        [
            Act::PutPasskey(PutPasskey { epoch, ..passkey(&account, b"late") }),
            Act::PutTotp(PutTotp { epoch, sealed: b"late".to_vec(), ..app(&account, 9) }),
            Act::PutRecoveryCodes(PutRecoveryCodes { epoch, ..codes(&account, &[[9; 32]]) }),
        ]
    };
    // Two logins of somebody who has nothing: the second one rests on that no more.
    store.done(Act::PutTotp(PutTotp { epoch: 0, ..app(&account, 1) })).await;
    store.done(Act::PutRecoveryCodes(codes(&account, &[[1; 32]]))).await;
    let before = store.factors_of(&account).await;
    let proofs = proofs_of(&account, FactorKind::Totp, "");
    for epoch in [0, 1, 3] {
        for late in enrolments(epoch) {
            assert_eq!(other.act(late).await, Outcome::Overtaken, "{epoch}");
        }
    }
    assert_eq!(store.factors_of(&account).await, before);
    assert_eq!(other.revocations.revoked_at(RevokedKind::Proof, &proofs), None);
    // What was opened before a report does not answer it.
    store.done(Act::ResetFactors(reset(&account, true))).await;
    for late in enrolments(before.epoch) {
        assert_eq!(other.act(late).await, Outcome::Overtaken);
    }
    assert!(store.factors_of(&account).await.must_enrol);
}

async fn mfa_08_what_was_proven_before_a_report_enrols_nothing(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let account = store.account().await;
    store.done(Act::ResetFactors(reset(&account, true))).await;
    let of = Of::Account(account.clone());
    let end = EndSessions { of, except: None, offline: true, because: "disputed", now: later(10) };
    store.act(Act::EndSessions(end)).await;
    // The node need not have heard of it.
    for (second, outcome) in [(9, Outcome::Overtaken), (10, Outcome::Done)] {
        let since = later(second);
        let key = PutPasskey { since, ..passkey(&account, b"key") };
        assert_eq!(other.act(Act::PutPasskey(key)).await, outcome);
        let app = PutTotp { since, ..app(&account, 1) };
        assert_eq!(other.act(Act::PutTotp(app)).await, outcome);
    }
}
