//! What the shelf does while Redis is away.

use std::time::Instant;

use super::*;
use crate::shelf::failing::Failing;

impl Shelf {
    /// A shelf that carries out so many verbs and then is away.
    pub(crate) fn failing_after(verbs: usize) -> Self {
        Self { arm: Arm::Failing(Failing::after(verbs)), meters: Meters::new() }
    }
}

fn instance() -> Instance {
    Instance::parse("away").unwrap()
}

/// A port that nobody listens on: bound a moment ago, and free again.
fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn a_redis_that_is_not_there_is_told_at_once() {
    let url = format!("redis://user:hunter2@127.0.0.1:{}", closed_port());
    let started = Instant::now();
    let shelf = Shelf::redis(RedisPlace::parse(&[&url], None).unwrap(), instance());
    assert!(matches!(shelf.health(), Health::Away { .. }));
    let key = Bench::memory().key();
    for _ in 0..20 {
        let error = shelf.carry_out(Act::Take { key }).await.unwrap_err();
        assert!(matches!(&error, ShelfError::Away { .. }), "{error:?}");
        assert!(!error.to_string().contains("hunter2"));
    }
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_redis_that_never_answers_holds_nobody_for_two_seconds() {
    // It accepts, and says nothing.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let shelf = Arc::new(Shelf::redis(RedisPlace::parse(&[&url], None).unwrap(), instance()));
    let key = Bench::memory().key();
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let shelf = Arc::clone(&shelf);
        waiting.spawn(async move {
            let started = Instant::now();
            let error = shelf.carry_out(Act::Take { key }).await.unwrap_err();
            assert!(matches!(error, ShelfError::Away { .. }), "{error:?}");
            started.elapsed()
        });
    }
    for waited in waiting.join_all().await {
        assert!(waited < Duration::from_secs(2), "{waited:?}");
    }
}

#[tokio::test]
async fn nobody_starts_or_stops_for_a_redis_that_is_away() {
    let url = format!("redis://127.0.0.1:{}", closed_port());
    let started = Instant::now();
    for _ in 0..100 {
        drop(Shelf::redis(RedisPlace::parse(&[&url], None).unwrap(), instance()));
    }
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn sentinels_that_are_not_there_are_told() {
    let url = format!("redis+sentinel://127.0.0.1:{}/main", closed_port());
    let shelf = Shelf::redis(RedisPlace::parse(&[&url], None).unwrap(), instance());
    let key = Bench::memory().key();
    let error = shelf.carry_out(Act::Take { key }).await.unwrap_err();
    assert!(error.to_string().contains("sentinel 127.0.0.1:"), "{error}");
}

#[tokio::test]
async fn a_shelf_can_be_made_to_fail() {
    let (shelf, key) = (Shelf::failing_after(1), Bench::memory().key());
    assert!(shelf.carry_out(Act::Take { key }).await.is_ok());
    assert!(matches!(shelf.health(), Health::Away { .. }));
    assert!(shelf.carry_out(Act::Take { key }).await.is_err());
    assert!(shelf.send_all(vec![Verb(Act::Take { key })]).await.is_err());
}
