//! The count of a day while the count of all nodes is away.

use std::sync::Arc;

use idp_domain::{AccountId, Lifetime};
use idp_store::{
    Shelf, Throttle,
    shelf::{Instance, RedisPlace},
};

use super::{Guess, Guessed, Leave, TURN};
use crate::{
    Broker,
    testing::{self, NOW},
};

/// Nodes over one database, each with a throttle whose shelf is away.
async fn nodes() -> Vec<Broker> {
    let store = testing::store().await;
    let (shelf, sealer) = (Arc::new(Shelf::memory(100)), testing::sealer());
    let node = |_| {
        let nowhere = RedisPlace::parse(&["redis://127.0.0.1:1"], None).unwrap();
        let away = Arc::new(Shelf::redis(nowhere, Instance::parse("test").unwrap()));
        let throttle = Arc::new(Throttle::new(away, sealer.clone()));
        let mut node = testing::broker(&store, &shelf, &sealer);
        node.throttle = throttle;
        node
    };
    (0..4).map(node).collect()
}

#[tokio::test]
async fn mfa_06_without_redis_nodes_allow_no_more_guesses_of_a_day_than_with_it() {
    let nodes = nodes().await;
    let account = AccountId::from_random([1; 16]);
    let (mut granted, mut longest) = (0, 0);
    // Each node in turn, twice an hour and more, for a day.
    for minute in (0..24 * 60).step_by(7) {
        let node = &nodes[minute as usize % nodes.len()];
        match node.take_turn(&account, NOW + Lifetime::minutes(minute)).await.unwrap() {
            Leave::Granted { last } => {
                assert!(last, "the next one waits");
                granted += 1;
            }
            Leave::Denied { retry_after } => longest = longest.max(retry_after.as_seconds()),
        }
    }
    // A day touches 17 turns, unless it begins with one.
    assert!((16..=17).contains(&granted), "{granted} guesses in a day");
    assert!(i64::from(longest) <= TURN && TURN == 90 * 60, "{longest} seconds");
}

#[tokio::test]
async fn mfa_06_a_guess_that_one_node_counted_alone_is_counted_for_all() {
    let nodes = nodes().await;
    let (account, agency) = (AccountId::from_random([1; 16]), "una".parse().unwrap());
    let guess = |what| Guess {
        what,
        account: &account,
        agency: &agency,
        address: "192.0.2.1".parse().unwrap(),
        now: NOW,
    };
    let app = guess(Guessed::Totp);
    assert_eq!(nodes[0].may_guess(&app).await.unwrap(), Leave::Granted { last: true });
    let Leave::Denied { retry_after } = nodes[1].may_guess(&app).await.unwrap() else {
        panic!("one guess in an hour and a half");
    };
    assert!(retry_after.as_seconds() <= 90 * 60);
    // What is too long to guess has no count of a day.
    let code = nodes[1].may_guess(&guess(Guessed::RecoveryCode)).await.unwrap();
    assert!(matches!(code, Leave::Granted { .. }));
}
