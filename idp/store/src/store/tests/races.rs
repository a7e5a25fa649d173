//! A hundred at once, on two nodes: what may happen once happens once.

use idp_domain::AuditEvent;

use super::{Bench, NOW, end, later, link, on_every_engine, open, rotate, token};
use crate::{
    journal::{Act, OpenGrant, Outcome, RevokeGrant, Unit, UseOnce},
    store::Store,
};

on_every_engine!(
    one_of_a_hundred_uses_counts,
    one_of_a_hundred_redemptions_opens_a_grant,
    one_of_a_hundred_rotations_wins,
    a_hundred_first_logins_make_one_account,
    a_session_is_ended_by_one_of_a_hundred,
    a_grant_is_revoked_by_one_of_a_hundred,
    nodes_in_each_others_way_still_finish,
);

/// The outcomes of a hundred acts, offered at once to two nodes in turn.
async fn hundred(bench: &Bench, act: impl Fn(usize) -> Act) -> Vec<Outcome> {
    let mut all = tokio::task::JoinSet::new();
    for number in 0..100 {
        let journal = bench.nodes[number % 2].journal.clone();
        let act = act(number);
        all.spawn(async move {
            let event = AuditEvent::new(idp_domain::audit::AuditKind::TokenIssued, NOW);
            journal.commit(Unit::new(act, vec![event])).await.unwrap()
        });
    }
    all.join_all().await
}

pub(super) fn count(outcomes: &[Outcome], is: impl Fn(&Outcome) -> bool) -> usize {
    outcomes.iter().filter(|outcome| is(outcome)).count()
}

async fn one_of_a_hundred_uses_counts(bench: &Bench) {
    let act = |_| Act::UseOnce(UseOnce { kind: "jti", key: "1".to_owned(), until: later(60) });
    let outcomes = hundred(bench, act).await;
    assert_eq!(count(&outcomes, |outcome| *outcome == Outcome::Done), 1);
    assert_eq!(count(&outcomes, |outcome| *outcome == Outcome::Used), 99);
}

async fn one_of_a_hundred_redemptions_opens_a_grant(bench: &Bench) {
    let account = bench.store().account().await;
    let first = open(&account);
    let act = |_| Act::OpenGrant(OpenGrant { code_hash: first.code_hash, ..open(&account) });
    let outcomes = hundred(bench, act).await;
    assert_eq!(count(&outcomes, |outcome| *outcome == Outcome::Done), 1);
    assert_eq!(count(&outcomes, |outcome| matches!(outcome, Outcome::CodeUsed { .. })), 99);
    let opened = bench.store().grants.find_by_code(&first.code_hash).await.unwrap().unwrap();
    assert_eq!(opened.revoked_at, Some(NOW));
}

async fn one_of_a_hundred_rotations_wins(bench: &Bench) {
    let store = bench.store();
    let grant = store.grant(&store.account().await).await;
    let outcomes = hundred(bench, |_| Act::Rotate(rotate(token(&grant)))).await;
    assert_eq!(count(&outcomes, |outcome| matches!(outcome, Outcome::Rotated(_))), 1);
    // The second one revokes the grant; those after it find it revoked.
    let reused = count(&outcomes, |outcome| matches!(outcome, Outcome::Reused { .. }));
    let revoked = count(&outcomes, |outcome| *outcome == Outcome::Revoked);
    assert!(reused >= 1 && reused + revoked == 99, "{reused} reused, {revoked} revoked");
    let found = store.grants.find(&grant.grant.id).await.unwrap().unwrap();
    assert_eq!(found.revoked_at, Some(later(60)));
}

async fn a_hundred_first_logins_make_one_account(bench: &Bench) {
    let outcomes = hundred(bench, |_| Act::Link(link("alice"))).await;
    let mut accounts = Vec::new();
    let mut made = 0;
    for outcome in outcomes {
        let Outcome::Linked { account, created, .. } = outcome else { panic!("{outcome:?}") };
        made += usize::from(created);
        accounts.push(account);
    }
    accounts.dedup();
    assert_eq!((accounts.len(), made), (1, 1));
    assert_eq!(bench.store().accounts.links(&accounts[0]).await.unwrap().len(), 1);
}

async fn a_session_is_ended_by_one_of_a_hundred(bench: &Bench) {
    let session = open(&link("x").account_if_new).grant.session.unwrap();
    let end = end(&session, later(60), NOW);
    let outcomes = hundred(bench, |_| Act::EndSession(end.clone())).await;
    let first = |outcome: &Outcome| matches!(outcome, Outcome::SessionEnded { first: true, .. });
    assert_eq!(count(&outcomes, first), 1);
}

async fn a_grant_is_revoked_by_one_of_a_hundred(bench: &Bench) {
    let store = bench.store();
    let grant = store.grant(&store.account().await).await.grant.id;
    let act = |_| Act::RevokeGrant(RevokeGrant { grant: grant.clone(), now: NOW });
    let outcomes = hundred(bench, act).await;
    assert_eq!(count(&outcomes, |outcome| *outcome == Outcome::Done), 1);
    assert_eq!(count(&outcomes, |outcome| *outcome == Outcome::Revoked), 99);
}

/// Both nodes take the same rows in every order, so that their transactions meet.
async fn nodes_in_each_others_way_still_finish(bench: &Bench) {
    let store: &Store = bench.store();
    let account = store.account().await;
    let mut grants = Vec::new();
    for _ in 0..10 {
        grants.push(store.grant(&account).await);
    }
    let outcomes = hundred(bench, |number| {
        let grant = &grants[(number * 7) % 10];
        match number % 3 {
            0 => Act::Rotate(rotate(token(grant))),
            1 => Act::RevokeGrant(RevokeGrant { grant: grant.grant.id.clone(), now: NOW }),
            _ => Act::Link(link(&format!("person-{}", number % 4))),
        }
    });
    assert_eq!(outcomes.await.len(), 100);
    for node in &bench.nodes {
        for chain in node.audit.chains().await.unwrap() {
            assert_eq!(node.audit.verify(&chain).await.unwrap().broken, None);
        }
    }
}
