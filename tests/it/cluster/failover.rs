//! The loss of Redis: a page that leads on, and nothing that was used or revoked comes back.

use idp_tests::harness::http::client;
use idp_tests::harness::process::until;
use idp_tests::harness::redis::Redis;
use idp_tests::harness::rp::{Party, Tokens};
use idp_tests::harness::run;
use std::time::{Duration, Instant};

use super::two_nodes;
use crate::house::{EVE, House, LOCAL, go_on, visitor};

const OFFLINE: [(&str, &str); 1] = [("scope", "openid email offline_access")];

#[test]
fn a_flush_in_mid_login_shows_the_way_back() {
    run(async {
        let Some(house) = two_nodes("flush-login", Redis::start().await).await else { return };
        let party = house.party("rp1").await;
        let begun = party.begin(&[]);
        let mut visitor = visitor();
        let choice = visitor.open(&begun.url).await;
        let form = visitor.choose(&choice, LOCAL).await;
        house.broker.redis.as_ref().unwrap().flush().await;
        let page = visitor.sign_in(&form, EVE.username, EVE.password).await;
        assert!((400..500).contains(&page.status), "{}", page.describe());
        let back =
            page.links().into_iter().find(|(_, url)| url.as_str().starts_with("https://rp1."));
        assert!(back.is_some(), "no way back: {}", page.describe());
        // A new login in the same browser is as good as ever.
        let begun = party.begin(&[]);
        let page = visitor.open(&begun.url).await;
        let page = go_on(&mut visitor, page, EVE).await;
        party.finish(&begun, &page).await;
    });
}

/// A code that was redeemed, a family whose first token was rotated, a revoked token, a session
/// that was signed out: none of them may come back.
struct Spent {
    party: Party,
    code: String,
    verifier: String,
    rotated: Tokens,
    latest: Tokens,
    revoked: Tokens,
    healthy: Tokens,
}

async fn spend(house: &House) -> Spent {
    let party = house.party("rp1").await;
    let begun = party.begin(&OFFLINE);
    let page = house.answer(&mut visitor(), &begun, EVE).await;
    let code = party.code(&begun, &page);
    party.exchange(&begun, &code).await;
    let rotated = house.sign_in_with(&mut visitor(), &party, &OFFLINE).await;
    let second = party.read_tokens(party.refresh(rotated.refresh()).await, None).await;
    let latest = party.read_tokens(party.refresh(second.refresh()).await, None).await;
    let revoked = house.sign_in_with(&mut visitor(), &party, &OFFLINE).await;
    assert_eq!(party.revoke(revoked.refresh()).await.status, 200);
    let healthy = house.sign_in_with(&mut visitor(), &party, &OFFLINE).await;
    Spent { party, code, verifier: begun.verifier, rotated, latest, revoked, healthy }
}

async fn stays_spent(spent: &Spent) {
    let party = &spent.party;
    let code = party.redeem(&spent.code, &spent.verifier).await;
    assert_eq!(code.error(), Some("invalid_grant"), "a used code: {}", code.body);
    let revoked = party.refresh(spent.revoked.refresh()).await;
    assert_eq!(revoked.error(), Some("invalid_grant"), "a revoked token: {}", revoked.body);
    assert_eq!(party.userinfo(spent.revoked.access()).await.status, 401);
    // What is good stays good: it lives in the database.
    let healthy = party.refresh(spent.healthy.refresh()).await;
    assert_eq!(healthy.status, 200, "{}", healthy.body);
    // The second use of a rotated token still revokes its family.
    let reused = party.refresh(spent.rotated.refresh()).await;
    assert_eq!(reused.error(), Some("invalid_grant"), "a rotated token: {}", reused.body);
    let family = party.refresh(spent.latest.refresh()).await;
    assert_eq!(family.error(), Some("invalid_grant"), "its family: {}", family.body);
}

#[test]
fn nothing_that_was_used_or_revoked_comes_back_after_a_flush() {
    run(async {
        let Some(house) = two_nodes("flush-spent", Redis::start().await).await else { return };
        let spent = spend(&house).await;
        house.broker.redis.as_ref().unwrap().flush().await;
        house.broker.lead_to(1);
        stays_spent(&spent).await;
    });
}

#[test]
fn a_session_that_was_signed_out_does_not_come_back_after_a_flush() {
    run(async {
        let Some(house) = two_nodes("flush-session", Redis::start().await).await else { return };
        let party = house.party("rp1").await;
        let mut browser = visitor();
        let tokens = house.sign_in(&mut browser, &party).await;
        let page = browser.open(party.logout_url(tokens.id_token(), None)).await;
        if let Some(form) = page.forms().into_iter().next() {
            browser.submit(&page, form.enter()).await;
        }
        house.broker.redis.as_ref().unwrap().flush().await;
        let silent = party.begin(&[("prompt", "none")]);
        let page = browser.open(&silent.url).await;
        assert_eq!(party.error(&silent, &page), "login_required");
        assert_eq!(party.userinfo(tokens.access()).await.status, 401);
    });
}

#[test]
fn a_failover_revives_nothing_and_logins_go_on() {
    run(async {
        let redis = Redis::start_with_sentinel().await;
        let Some(house) = two_nodes("failover", redis).await else { return };
        let spent = spend(&house).await;
        house.broker.redis.as_ref().unwrap().fail_over().await;
        let start = Instant::now();
        until("a login after the failover", Duration::from_secs(15), async || {
            let page = visitor().open(&spent.party.begin(&[]).url).await;
            (page.status == 200).then_some(())
        })
        .await;
        println!("logins were possible again after {:?}", start.elapsed());
        stays_spent(&spent).await;
        house.sign_in(&mut visitor(), &spent.party).await;
    });
}

#[test]
fn without_redis_a_new_login_gets_a_503_page_within_three_seconds() {
    run(async {
        let Some(house) = two_nodes("redis-away", Redis::start().await).await else { return };
        let party = house.party("rp1").await;
        let redis = house.broker.redis.as_ref().unwrap();
        redis.freeze();
        let start = Instant::now();
        let page = visitor().open(&party.begin(&[]).url).await;
        let took = start.elapsed();
        redis.thaw();
        assert_eq!(page.status, 503, "{}", page.describe());
        assert!(took < Duration::from_secs(3), "took {took:?}");
        assert!(page.header("retry-after").is_some());
        until("logins again", Duration::from_secs(10), async || {
            (visitor().open(&party.begin(&[]).url).await.status == 200).then_some(())
        })
        .await;
    });
}

#[test]
fn a_node_without_redis_is_alive_and_not_ready_and_says_why() {
    run(async {
        let Some(house) = two_nodes("redis-unready", Redis::start().await).await else { return };
        let node = &house.broker.nodes[0];
        house.broker.redis.as_ref().unwrap().freeze();
        let http = client();
        until("unreadiness", Duration::from_secs(10), async || {
            let answer = http.get(format!("{}/readyz", node.management)).send().await.ok()?;
            (answer.status().as_u16() == 503).then_some(())
        })
        .await;
        let alive = http.get(format!("{}/healthz", node.management)).send().await.unwrap();
        assert_eq!(alive.status().as_u16(), 200);
        house.broker.redis.as_ref().unwrap().thaw();
        node.ready().await;
        assert!(house.broker.log().to_lowercase().contains("redis"), "it says why");
    });
}
