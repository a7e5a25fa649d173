//! Local accounts.

use idp_domain::{SourceId, identity::SourceSubject};

use super::{Bench, NOW, later, link, on_every_engine};
use crate::{
    credentials::{NewLocalAccount, Rehash},
    journal::{Act, Outcome},
};

on_every_engine!(
    an_account_reads_back_as_it_was_written,
    an_account_that_moved_on_is_not_overwritten,
    a_hash_is_replaced_only_where_it_was_read,
    names_are_compared_byte_for_byte,
);

fn partners() -> SourceId {
    "partners".parse().unwrap()
}

fn new(username: &str, replaces: i64) -> NewLocalAccount {
    NewLocalAccount {
        source: partners(),
        username: username.to_owned(),
        subject: SourceSubject::parse(&format!("subject-{username}")).unwrap(),
        password_hash: Some("$argon2id$1".to_owned()),
        disabled: false,
        attributes: link("x").attributes,
        replaces,
        now: NOW,
    }
}

async fn an_account_reads_back_as_it_was_written(bench: &Bench) {
    let store = bench.store();
    assert_eq!(store.act(Act::PutLocalAccount(new("eve", 0))).await, Outcome::Done);
    let found = bench.nodes[1].local_accounts.find(&partners(), "eve").await.unwrap().unwrap();
    assert_eq!(found.subject.as_str(), "subject-eve");
    assert_eq!(found.password_hash.as_deref(), Some("$argon2id$1"));
    assert_eq!(found.attributes, new("eve", 0).attributes);
    assert_eq!((found.disabled, found.version, found.updated_at), (false, 1, NOW));
    assert_eq!(store.local_accounts.load(&partners()).await.unwrap(), vec![found]);
    for nobody in ["mallory", "", "eve\0"] {
        assert_eq!(store.local_accounts.find(&partners(), nobody).await.unwrap(), None);
    }
}

async fn an_account_that_moved_on_is_not_overwritten(bench: &Bench) {
    let store = bench.store();
    store.act(Act::PutLocalAccount(new("eve", 0))).await;
    assert_eq!(store.act(Act::PutLocalAccount(new("eve", 0))).await, Outcome::Conflict);
    assert_eq!(store.act(Act::PutLocalAccount(new("eve", 2))).await, Outcome::Conflict);
    let mut disabled = new("eve", 1);
    disabled.disabled = true;
    disabled.subject = SourceSubject::parse("another").unwrap();
    assert_eq!(store.act(Act::PutLocalAccount(disabled)).await, Outcome::Done);
    let found = store.local_accounts.find(&partners(), "eve").await.unwrap().unwrap();
    assert_eq!((found.disabled, found.version), (true, 2));
    assert_eq!(found.subject.as_str(), "subject-eve", "a person's name never changes");
}

async fn a_hash_is_replaced_only_where_it_was_read(bench: &Bench) {
    let store = bench.store();
    store.act(Act::PutLocalAccount(new("eve", 0))).await;
    let rehash = |version| {
        Act::Rehash(Rehash {
            source: partners(),
            username: "eve".to_owned(),
            version,
            password_hash: "$argon2id$2".to_owned(),
            now: later(1),
        })
    };
    assert_eq!(store.act(rehash(1)).await, Outcome::Done);
    assert_eq!(bench.nodes[1].act(rehash(1)).await, Outcome::Conflict);
    let found = store.local_accounts.find(&partners(), "eve").await.unwrap().unwrap();
    assert_eq!(found.password_hash.as_deref(), Some("$argon2id$2"));
    assert_eq!((found.version, found.updated_at), (2, later(1)));
}

async fn names_are_compared_byte_for_byte(bench: &Bench) {
    let store = bench.store();
    store.act(Act::PutLocalAccount(new("eve", 0))).await;
    assert_eq!(store.local_accounts.find(&partners(), "Eve").await.unwrap(), None);
    // The same subject under a second name would be the same person twice.
    let mut twin = new("eva", 0);
    twin.subject = new("eve", 0).subject;
    assert_eq!(store.act(Act::PutLocalAccount(twin)).await, Outcome::Conflict);
}
