//! Keys and their states.

use super::{Bench, NOW, later, on_every_engine};
use crate::{
    journal::{Act, Outcome},
    keys::{KeyChange, KeyState, NewKey, StoredKey},
    store::Store,
};

on_every_engine!(
    nodes_that_make_a_first_key_agree_on_one,
    a_next_key_takes_over_in_one_step,
    a_change_that_cannot_be_made_whole_is_not_made_at_all,
    a_key_that_is_gone_is_loaded_no_more,
);

fn key(kid: &str, state: KeyState) -> NewKey {
    NewKey {
        kid: kid.to_owned(),
        purpose: "oidc".to_owned(),
        alg: "ES256".to_owned(),
        state,
        created_at: NOW,
        sealed: vec![0, 255, 1],
    }
}

fn to(kid: &str, version: i64, to: KeyState) -> KeyChange {
    KeyChange { kid: kid.to_owned(), version, to, now: later(60), gone_at: None }
}

async fn find(store: &Store, kid: &str) -> Option<StoredKey> {
    store.keys.load().await.unwrap().into_iter().find(|key| key.kid == kid)
}

async fn nodes_that_make_a_first_key_agree_on_one(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let (first, second) = tokio::join!(
        a.act(Act::InsertKey(key("a", KeyState::Active))),
        b.act(Act::InsertKey(key("b", KeyState::Active))),
    );
    let outcomes = [first, second];
    assert!(outcomes.contains(&Outcome::Done) && outcomes.contains(&Outcome::Conflict));
    let keys = a.keys.load().await.unwrap();
    assert_eq!(keys, b.keys.load().await.unwrap());
    let [only] = &keys[..] else { panic!("{keys:?}") };
    assert_eq!((only.state, only.active_from), (KeyState::Active, Some(NOW)));
    assert_eq!((&only.sealed[..], only.version), (&[0, 255, 1][..], 1));

    let other = NewKey { alg: "RS256".to_owned(), ..key("c", KeyState::Active) };
    assert_eq!(a.act(Act::InsertKey(other)).await, Outcome::Done);
}

async fn a_next_key_takes_over_in_one_step(bench: &Bench) {
    let store = bench.store();
    store.act(Act::InsertKey(key("old", KeyState::Active))).await;
    store.act(Act::InsertKey(key("new", KeyState::Next))).await;
    // In whichever order it is written down.
    let mut retire = to("old", 1, KeyState::Retired);
    retire.gone_at = Some(later(3_600));
    let changes = vec![to("new", 1, KeyState::Active), retire];
    assert_eq!(store.act(Act::ChangeKeys(changes)).await, Outcome::Done);
    let (old, new) = (find(store, "old").await.unwrap(), find(store, "new").await.unwrap());
    assert_eq!((old.state, old.retired_at), (KeyState::Retired, Some(later(60))));
    assert_eq!((old.active_from, old.gone_at), (Some(NOW), Some(later(3_600))));
    assert_eq!((new.state, new.active_from, new.version), (KeyState::Active, Some(later(60)), 2));
}

async fn a_change_that_cannot_be_made_whole_is_not_made_at_all(bench: &Bench) {
    let store = bench.store();
    store.act(Act::InsertKey(key("old", KeyState::Active))).await;
    store.act(Act::InsertKey(key("new", KeyState::Next))).await;
    for changes in [
        vec![to("old", 1, KeyState::Retired), to("new", 7, KeyState::Active)],
        vec![to("new", 1, KeyState::Active)],
        vec![to("old", 1, KeyState::Retired), to("nobody", 1, KeyState::Active)],
    ] {
        assert_eq!(store.act(Act::ChangeKeys(changes)).await, Outcome::Conflict);
    }
    assert_eq!(find(store, "old").await.unwrap().version, 1);
    assert_eq!(find(store, "new").await.unwrap().version, 1);
}

async fn a_key_that_is_gone_is_loaded_no_more(bench: &Bench) {
    let store = bench.store();
    store.act(Act::InsertKey(key("old", KeyState::Retired))).await;
    store.act(Act::ChangeKeys(vec![to("old", 1, KeyState::Gone)])).await;
    assert_eq!(find(store, "old").await, None);
    assert_eq!(store.act(Act::InsertKey(key("old", KeyState::Next))).await, Outcome::Conflict);
}
