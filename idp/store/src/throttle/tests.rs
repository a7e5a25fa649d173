//! The throttle under races, swarms and the loss of the shelf.

use std::time::Duration;

use idp_domain::Secret;

use super::*;
use crate::seal::Epoch;

fn throttle(shelf: Shelf) -> Arc<Throttle> {
    let sealer = Sealer::new(&Secret::new([42; 32]), Epoch(0)).unwrap();
    Arc::new(Throttle::new(Arc::new(shelf), Arc::new(sealer)))
}

fn guess(whose: Counted<'_>, limit: u32) -> Limit<'_> {
    let allowance = Allowance::guesses(limit, Duration::from_mins(5));
    Limit { what: "password", whose, allowance }
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

const ALICE: Counted<'static> = Counted::Name("alice");

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_guesses_at_once_are_no_more_than_the_limit() {
    let throttle = throttle(Shelf::memory(1_000));
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let throttle = Arc::clone(&throttle);
        guesses.spawn(async move { throttle.reserve(guess(ALICE, 5)).await.is_allowed() });
    }
    assert_eq!(guesses.join_all().await.into_iter().filter(|allowed| *allowed).count(), 5);
}

#[tokio::test(start_paused = true)]
async fn success_forgives_one_account_and_nobody_else() {
    let throttle = throttle(Shelf::memory(1_000));
    let home = Counted::Address(address("192.0.2.1"));
    for whose in [ALICE, Counted::Name("mallory"), home] {
        assert!(throttle.reserve(guess(whose, 1)).await.is_allowed());
    }
    throttle.forgive("password", Counted::Name("mallory")).await.unwrap();
    assert!(throttle.reserve(guess(Counted::Name("mallory"), 1)).await.is_allowed());
    assert!(!throttle.reserve(guess(ALICE, 1)).await.is_allowed());
    assert!(!throttle.reserve(guess(home, 1)).await.is_allowed());
}

#[tokio::test(start_paused = true)]
async fn a_refused_address_uses_up_no_tries_of_an_account() {
    let throttle = throttle(Shelf::memory(1_000));
    let mallory = guess(Counted::Address(address("192.0.2.1")), 2);
    let alice = guess(ALICE, 5);
    for remaining in [1, 0] {
        let both = throttle.reserve_all(&[mallory, alice]).await;
        assert_eq!(both, Reservation::Allowed { remaining }, "the narrower of both");
    }
    for _ in 0..100 {
        assert!(!throttle.reserve_all(&[mallory, alice]).await.is_allowed());
    }
    assert_eq!(throttle.reserve(alice).await, Reservation::Allowed { remaining: 2 });
}

#[tokio::test(start_paused = true)]
async fn the_back_off_ends_within_a_quarter_of_an_hour() {
    let throttle = throttle(Shelf::memory(1_000));
    let mut allowed = 0;
    for _ in 0..24 * 60 * 6 {
        allowed += usize::from(throttle.reserve(guess(ALICE, 5)).await.is_allowed());
        tokio::time::advance(Duration::from_secs(10)).await;
    }
    assert!((90..=105).contains(&allowed), "{allowed} guesses in a day");
    tokio::time::advance(Duration::from_mins(15)).await;
    assert!(throttle.reserve(guess(ALICE, 5)).await.is_allowed());
}

#[tokio::test(start_paused = true)]
async fn another_thing_is_counted_apart() {
    let throttle = throttle(Shelf::memory(1_000));
    assert!(throttle.reserve(guess(ALICE, 1)).await.is_allowed());
    let totp = Limit { what: "totp", ..guess(ALICE, 1) };
    assert!(throttle.reserve(totp).await.is_allowed());
    assert!(!throttle.reserve(totp).await.is_allowed());
}

#[tokio::test(start_paused = true)]
async fn while_the_shelf_is_away_fewer_are_allowed_and_never_all() {
    let throttle = throttle(Shelf::failing_after(0));
    let allowed = Reservation::Allowed { remaining: 1 };
    assert_eq!(throttle.reserve(guess(ALICE, 8)).await, allowed);
    assert!(throttle.reserve(guess(ALICE, 8)).await.is_allowed());
    assert!(!throttle.reserve(guess(ALICE, 8)).await.is_allowed());
    assert!(throttle.forgive("password", ALICE).await.is_err());
    assert!(throttle.reserve(guess(ALICE, 8)).await.is_allowed(), "forgiven here at least");
}

#[tokio::test(start_paused = true)]
async fn what_all_nodes_count_together_is_counted_by_none_alone() {
    let away = throttle(Shelf::failing_after(1));
    let allowed = Reservation::Allowed { remaining: 7 };
    assert_eq!(away.reserve_together(guess(ALICE, 8)).await.unwrap(), allowed);
    assert!(away.reserve_together(guess(ALICE, 8)).await.is_err());
    assert!(away.reserve(guess(ALICE, 8)).await.is_allowed());
    assert!(away.reserve_together(guess(ALICE, 8)).await.is_err());
    let shared = throttle(Shelf::memory(1_000));
    assert!(shared.reserve_together(guess(ALICE, 1)).await.unwrap().is_allowed());
    assert!(!shared.reserve(guess(ALICE, 1)).await.is_allowed(), "it is one count");
}

#[tokio::test(start_paused = true)]
async fn a_swarm_of_addresses_in_one_network_is_one_address() {
    let throttle = throttle(Shelf::memory(1_000));
    let mut allowed = 0;
    for host in 0..1_000_u64 {
        let rotated = address(&format!("2001:db8:1:2::{host:x}"));
        allowed +=
            usize::from(throttle.reserve(guess(Counted::Address(rotated), 3)).await.is_allowed());
    }
    assert_eq!(allowed, 3);
}

#[test]
fn addresses_are_counted_by_what_one_subscriber_has() {
    let keys = |one: fn(IpAddr) -> Counted<'static>, a: &str, b: &str| {
        let throttle = throttle(Shelf::memory(1));
        throttle.key("x", one(address(a))) == throttle.key("x", one(address(b)))
    };
    let one_address = |a, b| keys(Counted::Address, a, b);
    assert!(one_address("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
    assert!(!one_address("2001:db8:1:2::1", "2001:db8:1:3::1"));
    assert!(!one_address("192.0.2.1", "192.0.2.2"));
    assert!(one_address("192.0.2.1", "::ffff:192.0.2.1"));
    let one_network = |a, b| keys(Counted::Network, a, b);
    assert!(one_network("2001:db8:1:2::1", "2001:db8:1:ffff::1"));
    assert!(!one_network("2001:db8:1::1", "2001:db8:2::1"));
    assert!(one_network("192.0.2.1", "192.0.2.200"));
    assert!(!one_network("192.0.2.1", "192.0.3.1"));
    assert!(!one_network("192.0.2.1", "::ffff:192.0.3.1"));
}

#[test]
fn a_name_is_no_address_and_no_part_of_another() {
    let throttle = throttle(Shelf::memory(1));
    let keys = [
        throttle.key("x", Counted::Name("192.0.2.1")),
        throttle.key("x", Counted::Address(address("192.0.2.1"))),
        throttle.key("x", Counted::Network(address("192.0.2.0"))),
        throttle.key("xx", Counted::Name("192.0.2.1")),
        throttle.key("x", Counted::Name("x192.0.2.1")),
    ];
    for (index, key) in keys.iter().enumerate() {
        assert!(!keys[..index].contains(key), "{index}");
    }
}
