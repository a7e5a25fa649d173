//! A hundred at once, on three nodes: what opens a door once opens it once.

use super::{
    Bench, NOW,
    access_passes::{approve, issue, present},
    devices::exchange,
    factors::{app, code, codes, passkey, proof, step},
    later,
    letters::sealed,
    on_every_engine,
    races::count,
};
use crate::{
    devices::RotateDevice,
    factors::{
        act::{PutPasskey, PutRecoveryCodes, PutTotp},
        passes::IssueAccessPass,
    },
    journal::{Act, Outcome, Unit},
    letters::TakeLetters,
    store::Store,
};

on_every_engine!(
    mfa_05_one_of_a_hundred_uses_of_a_step_counts,
    one_of_a_hundred_uses_of_a_recovery_code_counts,
    mfa_10_one_of_a_hundred_uses_of_an_access_pass_counts,
    wan_08_one_of_a_hundred_proofs_with_one_counter_counts,
    wan_13_one_of_a_hundred_accounts_gets_a_credential,
    one_of_a_hundred_first_passkeys_names_the_account,
    ses_13_one_of_a_hundred_exchanges_counts,
    a_hundred_windows_of_one_browser_exchange_once,
    one_of_a_hundred_approvals_counts,
    one_of_a_hundred_passes_of_an_account_is_left,
    every_letter_is_taken_once,
    changes_of_one_account_on_many_nodes_happen_one_after_the_other,
);

/// The outcomes of a hundred acts, offered at once to three nodes in turn.
async fn hundred(bench: &Bench, act: impl Fn(usize) -> Act) -> Vec<Outcome> {
    let [a, b] = bench.nodes.clone();
    let nodes: [Store; 3] = [a, b, bench.another()];
    let mut all = tokio::task::JoinSet::new();
    for number in 0..100 {
        let journal = nodes[number % 3].journal.clone();
        let act = act(number);
        all.spawn(async move { journal.commit(Unit::new(act, Vec::new())).await.unwrap() });
    }
    let outcomes = all.join_all().await;
    nodes[2].journal.close().await;
    outcomes
}

fn expect(outcomes: &[Outcome], expected: &[(Outcome, usize)]) {
    for (outcome, times) in expected {
        assert_eq!(count(outcomes, |found| found == outcome), *times, "{outcome:?}");
    }
}

async fn mfa_05_one_of_a_hundred_uses_of_a_step_counts(bench: &Bench) {
    let account = bench.store().account().await;
    bench.store().done(Act::PutTotp(app(&account, 100))).await;
    let outcomes = hundred(bench, |_| step(&account, 101)).await;
    expect(&outcomes, &[(Outcome::Done, 1), (Outcome::Used, 99)]);
}

async fn one_of_a_hundred_uses_of_a_recovery_code_counts(bench: &Bench) {
    let account = bench.store().account().await;
    bench.store().done(Act::PutRecoveryCodes(codes(&account, &[[1; 32], [2; 32]]))).await;
    let outcomes = hundred(bench, |_| code(&account, [1; 32])).await;
    expect(&outcomes, &[(Outcome::Done, 1), (Outcome::Used, 99)]);
    let left = bench.store().factors_of(&account).await.recovery;
    assert_eq!(left.iter().filter(|code| !code.used).count(), 1);
}

async fn mfa_10_one_of_a_hundred_uses_of_an_access_pass_counts(bench: &Bench) {
    let account = bench.store().account().await;
    bench.store().done(Act::IssueAccessPass(issue(&account, [1; 32]))).await;
    let outcomes = hundred(bench, |_| present(&account, [1; 32], 1)).await;
    expect(&outcomes, &[(Outcome::Done, 1), (Outcome::Used, 99)]);
}

async fn wan_08_one_of_a_hundred_proofs_with_one_counter_counts(bench: &Bench) {
    let account = bench.store().account().await;
    bench.store().done(Act::PutPasskey(passkey(&account, b"key"))).await;
    let outcomes = hundred(bench, |_| proof(&account, b"key", 10, 11)).await;
    expect(&outcomes, &[(Outcome::Done, 1), (Outcome::Conflict, 99)]);
    let uncounted = PutPasskey { counter: 0, ..passkey(&account, b"uncounted") };
    bench.store().done(Act::PutPasskey(uncounted)).await;
    let outcomes = hundred(bench, |_| proof(&account, b"uncounted", 0, 0)).await;
    expect(&outcomes, &[(Outcome::Done, 100)]);
}

async fn wan_13_one_of_a_hundred_accounts_gets_a_credential(bench: &Bench) {
    let mut accounts = Vec::new();
    for _ in 0..100 {
        accounts.push(bench.store().account().await);
    }
    let act = |number: usize| {
        Act::PutPasskey(PutPasskey { epoch: 0, ..passkey(&accounts[number], b"key") })
    };
    let outcomes = hundred(bench, act).await;
    expect(&outcomes, &[(Outcome::Done, 1), (Outcome::Conflict, 99)]);
    let (owner, _) = bench.store().factors.by_credential(b"key").await.unwrap().unwrap();
    for account in &accounts {
        let factors = bench.store().factors_of(account).await;
        assert_eq!(factors.passkeys.len(), usize::from(*account == owner));
        assert_eq!(factors.epoch, i64::from(*account == owner));
    }
}

async fn one_of_a_hundred_first_passkeys_names_the_account(bench: &Bench) {
    let account = bench.store().account().await;
    let act = |number: usize| {
        let id = [u8::try_from(number).unwrap(); 16];
        Act::PutPasskey(PutPasskey { handle: id.to_vec(), epoch: 0, ..passkey(&account, &id) })
    };
    let outcomes = hundred(bench, act).await;
    expect(&outcomes, &[(Outcome::Done, 1), (Outcome::Conflict, 99)]);
    let factors = bench.store().factors_of(&account).await;
    assert_eq!((factors.passkeys.len(), factors.epoch), (1, 1));
    assert_eq!(factors.handle.as_deref(), Some(factors.passkeys[0].id.as_slice()));
}

async fn ses_13_one_of_a_hundred_exchanges_counts(bench: &Bench) {
    let remembered = bench.store().remembered([200; 32]).await;
    let act = |number: usize| {
        let next = [u8::try_from(number).unwrap(); 32];
        let from = next;
        Act::RotateDevice(RotateDevice { from, ..exchange(&remembered, [200; 32], next) })
    };
    let outcomes = hundred(bench, act).await;
    expect(&outcomes, &[(Outcome::Done, 1), (Outcome::DeviceReused, 99)]);
    assert_eq!(bench.store().devices.of(&remembered.account, NOW).await.unwrap(), []);
}

async fn a_hundred_windows_of_one_browser_exchange_once(bench: &Bench) {
    let remembered = bench.store().remembered([200; 32]).await;
    let act = |number: usize| {
        let next = [u8::try_from(number).unwrap(); 32];
        Act::RotateDevice(exchange(&remembered, [200; 32], next))
    };
    let outcomes = hundred(bench, act).await;
    expect(&outcomes, &[(Outcome::Done, 1), (Outcome::DeviceJustUsed, 99)]);
    assert_eq!(bench.store().devices.of(&remembered.account, NOW).await.unwrap().len(), 1);
}

async fn one_of_a_hundred_approvals_counts(bench: &Bench) {
    let account = bench.store().account().await;
    let pass = IssueAccessPass { needs_approval: true, ..issue(&account, [1; 32]) };
    bench.store().done(Act::IssueAccessPass(pass.clone())).await;
    let outcomes = hundred(bench, |number| approve(&pass.pass, &format!("desk {number}"))).await;
    expect(&outcomes, &[(Outcome::Done, 1), (Outcome::Conflict, 99)]);
}

async fn one_of_a_hundred_passes_of_an_account_is_left(bench: &Bench) {
    let account = bench.store().account().await;
    let act =
        |number: usize| Act::IssueAccessPass(issue(&account, [u8::try_from(number).unwrap(); 32]));
    expect(&hundred(bench, act).await, &[(Outcome::Done, 100)]);
    assert_eq!(bench.store().access_passes.of(&account).await.unwrap().len(), 1);
}

async fn every_letter_is_taken_once(bench: &Bench) {
    let letters = (0..100).map(|_| sealed("alice@una.example")).collect();
    bench.store().done(Act::QueueLetters(letters)).await;
    let act = |_| Act::TakeLetters(TakeLetters { now: NOW, until: later(60), most: 3 });
    let mut ids = Vec::new();
    for outcome in hundred(bench, act).await {
        let Outcome::Letters { letters } = outcome else { panic!("{outcome:?}") };
        ids.extend(letters.into_iter().map(|letter| letter.id));
    }
    let taken = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((taken, ids.len()), (100, 100));
}

async fn changes_of_one_account_on_many_nodes_happen_one_after_the_other(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let decided = |number: usize| i64::try_from(number / 2).unwrap();
    let act = |number: usize| match number % 5 {
        0 => Act::ResetFactors(super::factors::reset(&account, true)),
        1 => Act::PutTotp(PutTotp { epoch: decided(number), ..app(&account, 100) }),
        2 => Act::PutRecoveryCodes(PutRecoveryCodes {
            epoch: decided(number),
            ..codes(&account, &[[1; 32], [2; 32]])
        }),
        3 => code(&account, [1; 32]),
        _ => step(&account, u64::try_from(number).unwrap() + 100),
    };
    let outcomes = hundred(bench, act).await;
    let overtaken = count(&outcomes, |outcome| *outcome == Outcome::Overtaken);
    store.done(Act::ResetFactors(super::factors::reset(&account, true))).await;
    let factors = store.factors_of(&account).await;
    assert_eq!(usize::try_from(factors.epoch).unwrap(), 61 - overtaken, "no change was lost");
    assert!(factors.totp.is_none() && factors.recovery.is_empty());
}
