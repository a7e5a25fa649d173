//! Grants, codes and refresh tokens.

use idp_domain::AccountId;

use super::{Bench, NOW, end, later, on_every_engine, open, random, rotate, token};
use crate::{
    journal::{Act, DisableAccount, NewRefreshToken, OpenGrant, Outcome, RevokeGrant, Rotate},
    revocations::RevokedKind,
};

on_every_engine!(
    a_grant_reads_back_as_it_was_opened,
    a_code_opens_one_grant_and_a_second_try_revokes_it,
    a_disabled_or_unknown_account_opens_nothing,
    a_refresh_token_is_exchanged_for_its_successor,
    a_rotated_token_that_comes_back_revokes_the_grant,
    a_token_is_refused_for_the_right_reason,
    a_revoked_grant_is_revoked_once,
    a_session_takes_its_bound_grants_along,
    a_disabled_account_refreshes_nothing,
);

async fn a_grant_reads_back_as_it_was_opened(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let act = store.grant(&account).await;
    let found = bench.nodes[1].grants.find(&act.grant.id).await.unwrap().unwrap();
    assert_eq!(found.relying_party, act.grant.relying_party);
    assert_eq!(found.account, account);
    assert_eq!(found.session, act.grant.session);
    assert!(found.bound);
    assert_eq!((found.created_at, found.expires_at), (NOW, later(86_400)));
    assert_eq!(found.body, act.grant.body);
    assert!(found.is_live(NOW) && !found.is_live(found.expires_at));

    assert_eq!(store.grants.find_by_code(&act.code_hash).await.unwrap(), Some(found.clone()));
    let by_token = store.grants.find_by_refresh_token(&token(&act)).await.unwrap().unwrap();
    assert_eq!((by_token.grant, by_token.used_at), (found.clone(), None));
    assert_eq!(store.grants.of_account(&account, NOW).await.unwrap(), vec![found]);
    assert_eq!(store.grants.find_by_code(&random()).await.unwrap(), None);
    assert_eq!(store.grants.find_by_refresh_token(&random()).await.unwrap(), None);
}

async fn a_code_opens_one_grant_and_a_second_try_revokes_it(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let first = store.grant(&account).await;
    let second = OpenGrant { code_hash: first.code_hash, ..open(&account) };
    let outcome = bench.nodes[1].act(Act::OpenGrant(second.clone())).await;
    assert_eq!(outcome, Outcome::CodeUsed { grant: first.grant.id.clone() });

    assert_eq!(store.grants.find(&second.grant.id).await.unwrap(), None);
    assert!(store.grants.find_by_refresh_token(&token(&second)).await.unwrap().is_none());
    let revoked = store.grants.find(&first.grant.id).await.unwrap().unwrap();
    assert_eq!(revoked.revoked_at, Some(NOW));
    assert_eq!(store.act(Act::Rotate(rotate(token(&first)))).await, Outcome::Revoked);
    let id = first.grant.id.as_str();
    assert!(bench.nodes[1].revocations.is_revoked(RevokedKind::Grant, id));
}

async fn a_disabled_or_unknown_account_opens_nothing(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let disable = DisableAccount { account: account.clone(), until: later(600), now: NOW };
    store.act(Act::DisableAccount(disable)).await;
    for account in [account, AccountId::from_random(random())] {
        let act = open(&account);
        assert_eq!(store.act(Act::OpenGrant(act.clone())).await, Outcome::Disabled);
        assert_eq!(store.grants.find(&act.grant.id).await.unwrap(), None);
    }
}

async fn a_refresh_token_is_exchanged_for_its_successor(bench: &Bench) {
    let store = bench.store();
    let act = store.grant(&store.account().await).await;
    let mut hash = token(&act);
    for node in [0, 1, 0] {
        let step = rotate(hash);
        hash = step.successor.hash;
        match bench.nodes[node].act(Act::Rotate(step)).await {
            Outcome::Rotated(grant) => assert_eq!(grant.id, act.grant.id),
            other => panic!("{other:?}"),
        }
    }
}

async fn a_rotated_token_that_comes_back_revokes_the_grant(bench: &Bench) {
    let store = bench.store();
    let act = store.grant(&store.account().await).await;
    let step = rotate(token(&act));
    assert!(matches!(store.act(Act::Rotate(step.clone())).await, Outcome::Rotated(_)));
    let again = Rotate { successor: rotate([0; 32]).successor, ..step.clone() };
    let again = bench.nodes[1].act(Act::Rotate(again)).await;
    assert_eq!(again, Outcome::Reused { grant: act.grant.id.clone() });
    assert_eq!(store.act(Act::Rotate(rotate(step.successor.hash))).await, Outcome::Revoked);
}

async fn a_token_is_refused_for_the_right_reason(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let act = store.grant(&account).await;
    let unknown = store.act(Act::Rotate(rotate(random()))).await;
    assert_eq!(unknown, Outcome::Unknown);
    let foreign = Rotate { relying_party: "other".parse().unwrap(), ..rotate(token(&act)) };
    assert_eq!(store.act(Act::Rotate(foreign)).await, Outcome::NotYours);
    let late = Rotate { now: later(3_600), ..rotate(token(&act)) };
    assert_eq!(store.act(Act::Rotate(late)).await, Outcome::Expired);
    // None of them cost the rightful owner anything.
    assert!(matches!(store.act(Act::Rotate(rotate(token(&act)))).await, Outcome::Rotated(_)));

    let mut short = open(&account);
    short.grant.expires_at = later(30);
    store.act(Act::OpenGrant(short.clone())).await;
    assert_eq!(store.act(Act::Rotate(rotate(token(&short)))).await, Outcome::Expired);
}

async fn a_revoked_grant_is_revoked_once(bench: &Bench) {
    let store = bench.store();
    let act = store.grant(&store.account().await).await;
    let revoke = RevokeGrant { grant: act.grant.id.clone(), now: later(5) };
    assert_eq!(store.act(Act::RevokeGrant(revoke.clone())).await, Outcome::Done);
    let again = RevokeGrant { now: later(9), ..revoke.clone() };
    assert_eq!(store.act(Act::RevokeGrant(again)).await, Outcome::Revoked);
    let found = store.grants.find(&act.grant.id).await.unwrap().unwrap();
    assert_eq!(found.revoked_at, Some(later(5)));
    let unknown = RevokeGrant { grant: open(&act.grant.account).grant.id, ..revoke };
    assert_eq!(store.act(Act::RevokeGrant(unknown)).await, Outcome::Unknown);
}

async fn a_session_takes_its_bound_grants_along(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let bound = store.grant(&account).await;
    let session = bound.grant.session.clone().unwrap();
    let mut offline = open(&account);
    offline.grant.session = Some(session.clone());
    offline.grant.bound = false;
    store.act(Act::OpenGrant(offline.clone())).await;
    let other = store.grant(&account).await;

    let end = end(&session, later(600), later(1));
    let grants = vec![bound.grant.id.clone()];
    let first = store.act(Act::EndSession(end.clone())).await;
    assert_eq!(first, Outcome::SessionEnded { first: true, grants, notices: Vec::new() });
    let second = bench.nodes[1].act(Act::EndSession(end)).await;
    let nothing = Outcome::SessionEnded { first: false, grants: Vec::new(), notices: Vec::new() };
    assert_eq!(second, nothing);

    assert_eq!(store.act(Act::Rotate(rotate(token(&bound)))).await, Outcome::Revoked);
    for act in [offline, other] {
        assert!(matches!(store.act(Act::Rotate(rotate(token(&act)))).await, Outcome::Rotated(_)));
    }
    let revocations = &store.revocations;
    assert!(revocations.is_revoked(RevokedKind::Session, session.as_str()));
    assert!(revocations.is_revoked(RevokedKind::Grant, bound.grant.id.as_str()));
}

async fn a_disabled_account_refreshes_nothing(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let act = store.grant(&account).await;
    let disable = DisableAccount { account: account.clone(), until: later(600), now: later(1) };
    store.act(Act::DisableAccount(disable)).await;
    let outcome = bench.nodes[1].act(Act::Rotate(rotate(token(&act)))).await;
    assert_eq!(outcome, Outcome::Revoked);
    let at = store.revocations.revoked_at(RevokedKind::Account, account.as_str());
    assert_eq!(at, Some(later(1)));
}

/// An act without a refresh token is one statement less, not another path.
#[tokio::test]
async fn a_grant_may_come_without_a_refresh_token() {
    let bench = Bench::memory().await;
    let store = bench.store();
    let mut act = open(&store.account().await);
    let token: Option<NewRefreshToken> = act.refresh.take();
    assert_eq!(store.act(Act::OpenGrant(act)).await, Outcome::Done);
    let found = store.grants.find_by_refresh_token(&token.unwrap().hash).await.unwrap();
    assert_eq!(found, None);
}
