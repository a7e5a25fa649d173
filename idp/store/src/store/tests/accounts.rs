//! Accounts and links.

use idp_domain::AccountId;

use super::{Bench, link, node, on_every_engine, random};
use crate::{
    db::Db,
    journal::{Act, DisableAccount, LinkIdentity, Outcome},
};

on_every_engine!(
    the_first_login_makes_an_account_and_the_next_one_finds_it,
    the_key_of_a_link_is_compared_byte_for_byte,
    a_disabled_account_is_found_and_said_to_be_disabled,
    what_the_source_said_last_is_kept,
);

async fn the_first_login_makes_an_account_and_the_next_one_finds_it(bench: &Bench) {
    let store = bench.store();
    let first = link("alice");
    let account = first.account_if_new.clone();
    let linked = |created| Outcome::Linked { account: account.clone(), created, disabled: false };
    assert_eq!(store.act(Act::Link(first.clone())).await, linked(true));
    assert_eq!(store.act(Act::Link(link("alice"))).await, linked(false));
    assert_eq!(bench.nodes[1].act(Act::Link(link("alice"))).await, linked(false));

    let found = store.accounts.find(&account).await.unwrap().unwrap();
    assert_eq!((found.id, found.created_at, found.disabled), (account.clone(), first.now, false));
    let of_identity = store.accounts.of_identity(&first.source, &first.issuer, &first.subject);
    assert_eq!(of_identity.await.unwrap(), Some(account.clone()));
    let stranger = link("bob").subject;
    let of_identity = store.accounts.of_identity(&first.source, &first.issuer, &stranger);
    assert_eq!(of_identity.await.unwrap(), None);
    let of_subject = store.accounts.of_subject(&first.source, &first.subject);
    assert_eq!(of_subject.await.unwrap(), std::slice::from_ref(&account));
    let of_subject = store.accounts.of_subject(&first.source, &stranger);
    assert_eq!(of_subject.await.unwrap(), []);
    let links = store.accounts.links(&account).await.unwrap();
    assert_eq!(links.len(), 1);
    assert_eq!((&links[0].source, &links[0].subject), (&first.source, &first.subject));
    assert_eq!(store.accounts.find(&AccountId::from_random(random())).await.unwrap(), None);
}

async fn the_key_of_a_link_is_compared_byte_for_byte(bench: &Bench) {
    let store = bench.store();
    let alice = link("alice");
    let others = [
        LinkIdentity { subject: link("Alice").subject, ..link("alice") },
        LinkIdentity { subject: link("al\u{131}ce").subject, ..link("alice") },
        LinkIdentity { source: "wfp".parse().unwrap(), ..link("alice") },
        LinkIdentity { issuer: "https://login.unhcr.example/".to_owned(), ..link("alice") },
        // The parts are columns: what one ends with does not run into the next.
        LinkIdentity {
            issuer: "https://login.unhcr.examplea".to_owned(),
            subject: link("lice").subject,
            ..link("alice")
        },
    ];
    store.act(Act::Link(alice)).await;
    for other in others {
        let account = other.account_if_new.clone();
        let outcome = store.act(Act::Link(other)).await;
        assert_eq!(outcome, Outcome::Linked { account, created: true, disabled: false });
    }
    let composed = store.act(Act::Link(link("é"))).await;
    let decomposed = store.act(Act::Link(link("e\u{301}"))).await;
    assert_ne!(composed, decomposed);
}

async fn a_disabled_account_is_found_and_said_to_be_disabled(bench: &Bench) {
    let store = bench.store();
    let alice = link("alice");
    let account = alice.account_if_new.clone();
    store.act(Act::Link(alice.clone())).await;
    let disable =
        DisableAccount { account: account.clone(), until: super::later(600), now: alice.now };
    assert_eq!(store.act(Act::DisableAccount(disable.clone())).await, Outcome::Done);
    let outcome = store.act(Act::Link(alice)).await;
    assert_eq!(
        outcome,
        Outcome::Linked { account: account.clone(), created: false, disabled: true }
    );
    assert!(store.accounts.find(&account).await.unwrap().unwrap().disabled);

    let unknown = DisableAccount { account: AccountId::from_random(random()), ..disable };
    assert_eq!(store.act(Act::DisableAccount(unknown)).await, Outcome::Unknown);
}

async fn what_the_source_said_last_is_kept(bench: &Bench) {
    let store = bench.store();
    let first = link("alice");
    store.act(Act::Link(first.clone())).await;
    let mut second = link("alice");
    second.attributes = idp_domain::AttributeSet::default();
    store.act(Act::Link(second)).await;
    let kept = store.accounts.attributes(&first.source, &first.issuer, &first.subject);
    assert!(kept.await.unwrap().unwrap().is_empty());
}

/// The same person in one batch, at once: see `races` for the contest between nodes.
#[tokio::test]
async fn a_batch_of_first_logins_makes_one_account() {
    let db = Db::connect("sqlite::memory:").unwrap();
    db.migrate().await.unwrap();
    let store = node(db, "node");
    let (a, b, c) = tokio::join!(
        store.act(Act::Link(link("alice"))),
        store.act(Act::Link(link("alice"))),
        store.act(Act::Link(link("bob"))),
    );
    let made = [&a, &b, &c]
        .iter()
        .filter(|outcome| matches!(outcome, Outcome::Linked { created: true, .. }))
        .count();
    assert_eq!(made, 2);
}
