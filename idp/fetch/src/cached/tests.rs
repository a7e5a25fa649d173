//! The cache, with a document that counts how often it was fetched and clocks set by spans.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::Notify;

use super::*;

type Numbers = Cached<u32, &'static str>;

const NO_TIME: Duration = Duration::ZERO;
const LONG: Duration = Duration::from_hours(1);

fn cache(fresh_for: Duration, stale_for: Duration) -> Numbers {
    Cached::new(Freshness { fresh_for, stale_for, first_pause: NO_TIME, ..Freshness::default() })
}

async fn load(cache: &Numbers, result: Result<u32, &'static str>) -> Result<u32, &'static str> {
    cache.load("key", || async move { result }).await.map(|found| *found)
}

#[tokio::test]
async fn a_fresh_document_is_not_fetched_again() {
    let cache = cache(LONG, NO_TIME);
    assert_eq!(load(&cache, Ok(1)).await, Ok(1));
    assert_eq!(load(&cache, Ok(2)).await, Ok(1));
}

#[tokio::test]
async fn a_stale_document_is_fetched_again_and_stands_in_while_that_fails() {
    let cache = cache(NO_TIME, LONG);
    assert_eq!(load(&cache, Ok(1)).await, Ok(1));
    assert_eq!(load(&cache, Ok(2)).await, Ok(2));
    assert_eq!(load(&cache, Err("away")).await, Ok(2));
    assert_eq!(load(&cache, Ok(3)).await, Ok(3));
}

#[tokio::test]
async fn a_document_that_is_too_stale_does_not_hide_the_failure() {
    let cache = cache(NO_TIME, NO_TIME);
    assert_eq!(load(&cache, Ok(1)).await, Ok(1));
    assert_eq!(load(&cache, Err("away")).await, Err("away"));
}

#[tokio::test]
async fn during_the_pause_after_a_failure_all_hear_of_it_and_none_fetches() {
    let cache: Numbers = Cached::new(Freshness { first_pause: LONG, ..Freshness::default() });
    assert_eq!(load(&cache, Err("away")).await, Err("away"));
    assert_eq!(load(&cache, Ok(1)).await, Err("away"));
}

#[test]
fn each_failure_doubles_the_pause_up_to_the_longest_and_a_success_ends_it() {
    let freshness = Freshness { fresh_for: NO_TIME, ..Freshness::default() };
    let slot: Slot<u32, &str> = Slot::default();
    let mut now = Instant::now();
    let mut pauses = Vec::new();
    for _ in 0..8 {
        slot.settle(Err("away"), freshness, now).unwrap_err();
        let retry_at = slot.lock().failure.as_ref().unwrap().retry_at;
        pauses.push((retry_at - now).as_secs());
        now = retry_at;
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
    slot.settle(Ok(1), freshness, now).unwrap();
    assert!(slot.lock().failure.is_none());
}

#[tokio::test]
async fn many_callers_share_one_flight() {
    let cache = Arc::new(cache(LONG, NO_TIME));
    let fetched = Arc::new(AtomicU32::new(0));
    let landed = Arc::new(Notify::new());
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let (cache, fetched, landed) = (cache.clone(), fetched.clone(), landed.clone());
            tokio::spawn(async move {
                let fetch = || async {
                    landed.notified().await;
                    Ok(fetched.fetch_add(1, Ordering::SeqCst))
                };
                cache.load("key", fetch).await
            })
        })
        .collect();
    tokio::task::yield_now().await;
    landed.notify_one();
    for caller in callers {
        assert_eq!(*caller.await.unwrap().unwrap(), 0);
    }
    assert_eq!(fetched.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_caller_that_is_called_off_leaves_the_flight_to_the_next() {
    let cache = cache(LONG, NO_TIME);
    {
        let never = cache.load("key", std::future::pending);
        tokio::pin!(never);
        assert!(
            std::future::poll_fn(|cx| std::task::Poll::Ready(never.as_mut().poll(cx)))
                .await
                .is_pending()
        );
    }
    assert_eq!(load(&cache, Ok(1)).await, Ok(1));
}

#[tokio::test]
async fn while_one_fetches_others_get_the_stale_document_at_once() {
    let cache = cache(NO_TIME, LONG);
    load(&cache, Ok(1)).await.unwrap();
    let never = cache.load("key", std::future::pending);
    tokio::pin!(never);
    assert!(
        std::future::poll_fn(|cx| std::task::Poll::Ready(never.as_mut().poll(cx)))
            .await
            .is_pending()
    );
    assert_eq!(load(&cache, Ok(2)).await, Ok(1));
}

#[tokio::test]
async fn a_forced_refresh_brings_a_newer_document_once_per_interval() {
    let cache = cache(LONG, NO_TIME);
    let first = cache.load("key", || async { Ok(1) }).await.unwrap();
    let second = cache.reload("key", &first, || async { Ok(2) }).await.unwrap();
    assert_eq!(*second, 2);
    let third = cache.reload("key", &second, || async { Ok(3) }).await.unwrap();
    assert_eq!(*third, 2, "too soon for another");
}

#[tokio::test]
async fn a_forced_refresh_by_one_who_saw_an_older_document_fetches_nothing() {
    let cache = cache(LONG, NO_TIME);
    let first = cache.load("key", || async { Ok(1) }).await.unwrap();
    cache.reload("key", &first, || async { Ok(2) }).await.unwrap();
    let again = cache.reload("key", &first, || async { Ok(3) }).await.unwrap();
    assert_eq!(*again, 2);
}

#[tokio::test]
async fn a_forced_refresh_that_fails_leaves_the_document_in_use() {
    let cache = cache(LONG, NO_TIME);
    let first = cache.load("key", || async { Ok(1) }).await.unwrap();
    let again = cache.reload("key", &first, || async { Err("away") }).await.unwrap();
    assert_eq!(*again, 1);
}

#[tokio::test]
async fn slots_that_hold_nothing_usable_are_forgotten() {
    let cache = cache(NO_TIME, NO_TIME);
    for key in 0..100 {
        cache.load(&key.to_string(), || async { Ok(1) }).await.unwrap();
    }
    assert_eq!(cache.slots.lock().unwrap().len(), 1);
}
