//! Revocations on every node, and what is over.

use std::time::Duration;

use super::{Bench, NOW, end, later, node, on_every_engine, open, token};
use crate::{
    db::Db,
    journal::{Act, Outcome, RevokeToken, UseOnce},
    revocations::{RevokedKind, Versions},
};

on_every_engine!(
    a_revocation_is_known_at_once_here_and_soon_elsewhere,
    a_node_that_starts_knows_all_before_it_is_fresh,
    a_database_that_went_back_is_read_anew,
    news_of_the_federation_of_keys_and_of_metadata_are_told,
    what_is_over_is_swept_and_forgotten,
);

/// Waits for what another task does within a poll.
pub(super) async fn until(what: impl Fn() -> bool) {
    let waiting = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap();
}

fn revoke(jti: &str) -> Act {
    Act::RevokeToken(RevokeToken { jti: jti.to_owned(), until: later(60), now: NOW })
}

async fn a_revocation_is_known_at_once_here_and_soon_elsewhere(bench: &Bench) {
    let [a, b] = &bench.nodes;
    until(|| a.revocations.is_fresh() && b.revocations.is_fresh()).await;
    for jti in ["one", "two"] {
        assert!(!a.revocations.is_revoked(RevokedKind::Token, jti));
        assert_eq!(a.act(revoke(jti)).await, Outcome::Done);
        assert!(a.revocations.is_revoked(RevokedKind::Token, jti));
        until(|| b.revocations.is_revoked(RevokedKind::Token, jti)).await;
        assert_eq!(b.revocations.revoked_at(RevokedKind::Token, jti), Some(NOW));
    }
    assert!(!a.revocations.is_revoked(RevokedKind::Session, "one"));
    assert!(b.revocations.freshness() < Duration::from_secs(5));
}

async fn a_node_that_starts_knows_all_before_it_is_fresh(bench: &Bench) {
    bench.store().act_all((0..300).map(|number| revoke(&number.to_string()))).await;
    let late = node(bench.nodes[1].db.clone(), "late");
    assert_eq!(late.revocations.freshness(), Duration::MAX);
    until(|| late.revocations.is_fresh()).await;
    for number in 0..300 {
        assert!(late.revocations.is_revoked(RevokedKind::Token, &number.to_string()));
    }
}

async fn a_database_that_went_back_is_read_anew(bench: &Bench) {
    let [a, b] = &bench.nodes;
    a.act(revoke("one")).await;
    until(|| b.revocations.is_revoked(RevokedKind::Token, "one")).await;
    bench.behind("update revocations set key = 'other' where key = 'one'").await;
    bench.behind("update counters set value = -1 where name = 'revocations'").await;
    until(|| b.revocations.is_revoked(RevokedKind::Token, "other")).await;
    assert!(b.revocations.is_revoked(RevokedKind::Token, "one"), "nothing is ever taken back");
}

async fn news_of_the_federation_of_keys_and_of_metadata_are_told(bench: &Bench) {
    let mut versions = bench.nodes[1].revocations.versions();
    bench.behind("update counters set value = 7 where name = 'federation'").await;
    bench.behind("update counters set value = 8 where name = 'keys'").await;
    bench.behind("update counters set value = 9 where name = 'metadata'").await;
    bench.behind("update counters set value = 3 where name = 'switches'").await;
    let all = Versions { federation: 7, keys: 8, metadata: 9, switches: 3 };
    let told = versions.wait_for(|told| *told == all);
    tokio::time::timeout(Duration::from_secs(10), told).await.unwrap().unwrap();
}

async fn what_is_over_is_swept_and_forgotten(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let live = store.grant(&account).await;
    let mut short = open(&account);
    short.grant.expires_at = later(30);
    store.act(Act::OpenGrant(short.clone())).await;
    let session = live.grant.session.clone().unwrap();
    store.act(Act::EndSession(end(&session, later(30), NOW))).await;
    store.act(revoke("token")).await;
    let old = RevokeToken { jti: "old token".to_owned(), until: later(30), now: NOW };
    store.act(Act::RevokeToken(old)).await;
    let mark =
        |number: u32, until| Act::UseOnce(UseOnce { kind: "jti", key: number.to_string(), until });
    let until = |number| later(if number < 550 { 20 } else { 90 });
    store.act_all((0..600).map(|number| mark(number, until(number)))).await;
    // 550 marks, a token's revocation, a grant. A token may outlive the session by its lifetime.
    assert_eq!(store.sweep(later(45)).await.unwrap(), 552);
    assert_eq!(store.sweep(later(45)).await.unwrap(), 0);

    assert_eq!(store.grants.find(&short.grant.id).await.unwrap(), None);
    assert!(store.grants.find_by_refresh_token(&token(&short)).await.unwrap().is_none());
    assert!(store.grants.find(&live.grant.id).await.unwrap().is_some());
    assert!(!store.revocations.is_revoked(RevokedKind::Token, "old token"));
    assert!(store.revocations.is_revoked(RevokedKind::Token, "token"));
    assert!(store.revocations.is_revoked(RevokedKind::Session, session.as_str()));
    assert_eq!(store.act(mark(549, later(90))).await, Outcome::Done);
    assert_eq!(store.act(mark(550, later(90))).await, Outcome::Used);
}

#[tokio::test]
async fn a_node_that_never_heard_from_the_database_is_not_fresh() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let db = Db::connect(&format!("postgres://nobody@127.0.0.1:{port}/none")).unwrap();
    let store = node(db, "alone");
    assert!(store.db.ping().await.is_err());
    assert!(!store.revocations.is_fresh());
    let error = store.journal.commit(crate::Unit::new(revoke("x"), Vec::new())).await.unwrap_err();
    assert_eq!(error.slug(), "store.away");
    assert!(!store.revocations.is_revoked(RevokedKind::Token, "x"));
}
