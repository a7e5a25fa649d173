//! Passkeys: whose they are, and what their counters say.

use super::{
    Bench,
    factors::{app, passkey, proof, remove_app, remove_passkey, rename, reset},
    later, on_every_engine,
};
use crate::{
    factors::act::PutPasskey,
    journal::{Act, Outcome},
    store::Store,
};

on_every_engine!(
    a_passkey_is_found_by_its_account_its_id_and_its_handle,
    wan_13_a_credential_of_somebody_else_is_refused_and_theirs_stays,
    wan_13_what_is_refused_leaves_nothing_behind,
    the_handle_of_an_account_never_changes,
    wan_08_a_counter_grows_or_stays_at_zero,
    a_passkey_that_is_gone_proves_nothing,
    a_passkey_is_called_what_its_owner_called_it_last,
    wan_16_passkeys_of_another_site_are_counted,
);

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

async fn wan_13_what_is_refused_leaves_nothing_behind(bench: &Bench) {
    let [store, other] = &bench.nodes;
    let [bob, mallory, carol] =
        [store.account().await, store.account().await, store.account().await];
    store.done(Act::PutPasskey(passkey(&bob, b"bob's"))).await;
    let before = rows(other).await;
    for act in [
        Act::PutPasskey(passkey(&mallory, b"bob's")),
        Act::PutPasskey(PutPasskey {
            handle: passkey(&bob, b"").handle,
            ..passkey(&mallory, b"own")
        }),
        remove_passkey(&mallory, b"bob's", false),
        remove_app(&mallory, false),
    ] {
        let outcome = store.act(act).await;
        assert!(matches!(outcome, Outcome::Conflict | Outcome::Unknown), "{outcome:?}");
        assert_eq!(rows(other).await, before);
        assert_eq!(other.factors_of(&mallory).await.handle, None);
    }
    // Somebody with an app is not known to authenticators by what was refused, either.
    store.done(Act::PutTotp(app(&carol, 1))).await;
    let epoch = store.factors_of(&carol).await.epoch;
    let refused = PutPasskey { handle: b"drawn".to_vec(), ..passkey(&carol, b"bob's") };
    assert_eq!(store.act(Act::PutPasskey(refused)).await, Outcome::Conflict);
    let carol = other.factors_of(&carol).await;
    assert_eq!((carol.handle, carol.epoch), (None, epoch));
}

/// How many accounts have something to do with factors.
async fn rows(store: &Store) -> i64 {
    let row = store.db.read_one("factors", "select count(*) from factors", |_| {}).await;
    row.unwrap().unwrap().int(0).unwrap()
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

async fn wan_16_passkeys_of_another_site_are_counted(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    store.done(Act::PutPasskey(passkey(&account, b"1"))).await;
    store.done(Act::PutPasskey(passkey(&account, b"2"))).await;
    assert_eq!(store.factors.passkeys_elsewhere("broker.example").await.unwrap(), 0);
    assert_eq!(store.factors.passkeys_elsewhere("login.example").await.unwrap(), 2);
}
