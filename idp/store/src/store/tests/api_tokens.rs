//! Tokens of the administration API.

use super::{Bench, NOW, later, on_every_engine};
use crate::{
    api_tokens::{PutApiToken, RevokeApiToken, UseApiToken},
    journal::{Act, Hash, Outcome},
};

on_every_engine!(
    a_token_reads_back_as_it_was_made,
    two_tokens_are_never_called_the_same,
    a_token_counts_until_it_is_revoked_or_over,
    the_last_use_is_kept_to_the_minute,
    a_token_that_is_over_can_be_looked_at_for_thirty_days,
);

fn new(name: &str, hash: Hash) -> PutApiToken {
    PutApiToken {
        hash,
        name: name.to_owned(),
        role: "help_desk".to_owned(),
        agency: Some("una".parse().unwrap()),
        created_by: "command line".to_owned(),
        expires_at: later(3_600),
        now: NOW,
    }
}

fn used(hash: Hash, after: u32) -> Act {
    Act::UseApiToken(UseApiToken { hash, now: later(after) })
}

fn revoke(name: &str) -> Act {
    Act::RevokeApiToken(RevokeApiToken { name: name.to_owned(), now: later(9) })
}

async fn a_token_reads_back_as_it_was_made(bench: &Bench) {
    let store = bench.store();
    store.done(Act::PutApiToken(new("desk", [1; 32]))).await;
    let everywhere = PutApiToken { agency: None, ..new("admin", [2; 32]) };
    store.done(Act::PutApiToken(everywhere)).await;
    let found = bench.nodes[1].api_tokens.find(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.role.as_str()), ("desk", "help_desk"));
    assert_eq!(found.agency, Some("una".parse().unwrap()));
    assert_eq!((found.created_by.as_str(), found.created_at), ("command line", NOW));
    assert_eq!((found.expires_at, found.revoked_at, found.used_at), (later(3_600), None, None));
    assert!(found.is_live(later(3_599)) && !found.is_live(later(3_600)));
    assert_eq!(store.api_tokens.find(&[3; 32]).await.unwrap(), None);
    let all = store.api_tokens.list().await.unwrap();
    let names = all.iter().map(|token| (token.name.as_str(), token.agency.is_some()));
    assert_eq!(names.collect::<Vec<_>>(), [("admin", false), ("desk", true)]);
}

async fn two_tokens_are_never_called_the_same(bench: &Bench) {
    let store = bench.store();
    store.done(Act::PutApiToken(new("desk", [1; 32]))).await;
    store.done(revoke("desk")).await;
    assert_eq!(store.act(Act::PutApiToken(new("desk", [2; 32]))).await, Outcome::Conflict);
    assert_eq!(store.api_tokens.find(&[2; 32]).await.unwrap(), None);
}

async fn a_token_counts_until_it_is_revoked_or_over(bench: &Bench) {
    let [store, other] = &bench.nodes;
    store.done(Act::PutApiToken(new("desk", [1; 32]))).await;
    store.done(used([1; 32], 1)).await;
    assert_eq!(store.act(used([1; 32], 3_600)).await, Outcome::Expired);
    assert_eq!(store.act(used([2; 32], 1)).await, Outcome::Unknown);
    store.done(revoke("desk")).await;
    assert_eq!(other.act(used([1; 32], 10)).await, Outcome::Revoked);
    assert_eq!(other.act(revoke("desk")).await, Outcome::Revoked);
    assert_eq!(other.act(revoke("door")).await, Outcome::Unknown);
    let found = store.api_tokens.find(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((found.revoked_at, found.used_at), (Some(later(9)), Some(later(1))));
    assert!(!found.is_live(later(10)));
}

async fn the_last_use_is_kept_to_the_minute(bench: &Bench) {
    let store = bench.store();
    store.done(Act::PutApiToken(new("desk", [1; 32]))).await;
    for (after, kept) in [(10, 10), (69, 10), (70, 70), (60, 70)] {
        store.done(used([1; 32], after)).await;
        let found = store.api_tokens.find(&[1; 32]).await.unwrap().unwrap();
        assert_eq!(found.used_at, Some(later(kept)), "{after}");
    }
}

async fn a_token_that_is_over_can_be_looked_at_for_thirty_days(bench: &Bench) {
    let store = bench.store();
    store.done(Act::PutApiToken(new("desk", [1; 32]))).await;
    let over = 3_600 + 30 * 86_400;
    assert_eq!(store.sweep(later(over)).await.unwrap(), 0);
    assert_eq!(store.sweep(later(over + 1)).await.unwrap(), 1);
    assert_eq!(store.api_tokens.list().await.unwrap(), []);
}
