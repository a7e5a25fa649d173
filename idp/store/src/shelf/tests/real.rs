//! What holds on real Redis only.

use super::*;
use crate::shelf::Drawer;
use crate::shelf::press::tests::session;
use crate::shelf::redis::{RESERVE_SCRIPT, key_name};
use crate::shelf::tally::Tally;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// A connection of the test's own to the single Redis.
async fn connection() -> Option<redis::aio::MultiplexedConnection> {
    let Ok(url) = std::env::var("LP_TEST_REDIS") else {
        eprintln!("skipped: LP_TEST_REDIS names no Redis");
        return None;
    };
    if url.starts_with("rediss") {
        eprintln!("skipped: this looks at Redis without TLS only");
        return None;
    }
    let client = redis::Client::open(url).unwrap();
    Some(client.get_multiplexed_async_connection().await.unwrap())
}

#[test]
fn a_key_shows_no_handle_and_no_hash_tag() {
    let bench = Bench::memory();
    let instance = Instance::parse("prod").unwrap();
    let name = String::from_utf8(key_name(&instance, &bench.named("alice@example.org"))).unwrap();
    assert!(name.starts_with("lp:prod:c:"), "{name}");
    assert_eq!(name.len(), "lp:prod:c:".len() + 43);
    assert!(!name.contains("alice") && !name.contains('{'), "{name}");
}

/// How many steps of a tally to compare.
#[derive(Debug, Clone)]
struct Steps {
    allowance: Allowance,
    waits: Vec<u32>,
}

fn steps() -> impl Strategy<Value = Steps> {
    let wait = prop_oneof![3 => 0..2_000_u32, 2 => 0..400_000_u32, 1 => 0..4_000_000_u32];
    let allowance =
        (1..8_u32, 1..1_000_000_u64, any::<bool>()).prop_map(|(limit, window, back)| {
            let window = Duration::from_millis(window);
            if back {
                Allowance::guesses(limit, window)
            } else {
                Allowance::requests(limit, window)
            }
        });
    let waits = proptest::collection::vec(wait, 1..40);
    (allowance, waits).prop_map(|(allowance, waits)| Steps { allowance, waits })
}

#[tokio::test]
async fn the_script_counts_as_rust_does() {
    let Some(mut connection) = connection().await else { return };
    // The clock becomes an argument; all else is the script that serves people.
    let script =
        RESERVE_SCRIPT.replace("redis.call('TIME')", "{tonumber(ARGV[5]), tonumber(ARGV[6])}");
    assert_ne!(script, RESERVE_SCRIPT);
    let script = redis::Script::new(&script);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for round in 0..200 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let key = format!("lp:test:tally:{}:{round}", random());
        let mut now = 1_790_000_000_000_u64;
        let mut tally = Tally::default();
        for wait in &steps.waits {
            now += u64::from(*wait);
            let (expected, kept) = tally.reserve(steps.allowance, now);
            let mut call = script.prepare_invoke();
            call.key(&key).arg(steps.allowance.limit).arg(steps.allowance.leak);
            call.arg(steps.allowance.pause).arg(900_000).arg(now / 1000).arg(now % 1000 * 1000);
            let (allowed, number): (bool, u64) = call.invoke_async(&mut connection).await.unwrap();
            let found = if allowed {
                Reservation::Allowed { remaining: u32::try_from(number).unwrap() }
            } else {
                Reservation::Refused { retry_after: Duration::from_millis(number) }
            };
            assert_eq!(found, expected, "{steps:?}");
            if let Some((kept, kept_for)) = kept {
                tally = kept;
                let (text, ttl): (Vec<u8>, u64) = redis::pipe()
                    .cmd("GET")
                    .arg(&key)
                    .cmd("PTTL")
                    .arg(&key)
                    .query_async(&mut connection)
                    .await
                    .unwrap();
                assert_eq!(text, tally.to_text().into_bytes(), "{steps:?}");
                assert!(ttl <= kept_for && ttl + 1_000 > kept_for, "{ttl} of {kept_for}");
            }
        }
        let _: () = redis::cmd("DEL").arg(&key).query_async(&mut connection).await.unwrap();
    }
}

#[tokio::test]
async fn a_script_that_redis_forgot_is_taught_again() {
    let (Some(bench), Some(mut connection)) =
        (Bench::redis("LP_TEST_REDIS").await, connection().await)
    else {
        return;
    };
    let guesses = Allowance::guesses(50, LONG);
    let key = bench.key();
    for left in (44..50).rev().step_by(2) {
        let _: () = redis::cmd("SCRIPT").arg("FLUSH").query_async(&mut connection).await.unwrap();
        let allowed = Reservation::Allowed { remaining: left };
        assert_eq!(bench.node().reserve(key, guesses).await, allowed);
        let _: () = redis::cmd("SCRIPT").arg("FLUSH").query_async(&mut connection).await.unwrap();
        let act = Act::Reserve { key, allowance: guesses };
        let answers = bench.node().send_all(vec![Verb(act)]).await.unwrap();
        let allowed = Reservation::Allowed { remaining: left - 1 };
        assert_eq!(answers, [Answer::Reserved(allowed)], "counted once, not twice");
    }
}

#[tokio::test]
async fn a_value_of_another_type_is_refused_and_not_shown() {
    let (Some(bench), Some(mut connection)) =
        (Bench::redis("LP_TEST_REDIS").await, connection().await)
    else {
        return;
    };
    let key = bench.key();
    let Arm::Redis(redis) = &bench.node().arm else { panic!("not Redis") };
    let name = key_name(redis.instance(), &key);
    let _: () = redis::cmd("LPUSH").arg(&name).arg("x").query_async(&mut connection).await.unwrap();
    let error = bench.node().carry_out(Act::Get { key, touch: None }).await.unwrap_err();
    assert!(matches!(&error, ShelfError::Refused { code } if &**code == "WRONGTYPE"), "{error:?}");
    assert!(bench.node().remove(key).await);
}

#[tokio::test]
async fn a_session_costs_redis_no_more_than_600_bytes() {
    let (Some(bench), Some(mut connection)) =
        (Bench::redis("LP_TEST_REDIS").await, connection().await)
    else {
        return;
    };
    let node = Arc::clone(&bench.nodes[0]);
    let Arm::Redis(arm) = &node.arm else { panic!("not Redis") };
    let sessions = Drawer::new(Arc::clone(&node), Arc::clone(&bench.sealer), Kind::Session);
    for participants in [1, 3, 8] {
        let session: serde_json::Value = serde_json::from_str(&session(participants)).unwrap();
        let handle = random().to_string();
        sessions.put(&handle, &session["d"], LONG).await.unwrap();
        let digest = bench.sealer.digest(Kind::Session.name(), handle.as_bytes());
        let name = key_name(arm.instance(), &Key::new(Kind::Session, digest));
        let usage: usize =
            redis::cmd("MEMORY").arg("USAGE").arg(name).query_async(&mut connection).await.unwrap();
        // Redis leaves out what it keeps to know when a key ends: an entry and two table slots.
        let usage = usage + 24 + 2 * 8 + 16;
        assert!(usage <= 600, "{usage} bytes with {participants} participants");
    }
}
