//! Time on the memory shelf, to the millisecond, on a clock that tests move.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_value_lies_to_its_last_millisecond() {
    let bench = Bench::memory();
    let (shelf, key) = (bench.node(), bench.key());
    shelf.put(key, b"x", LONG).await;
    tokio::time::advance(Duration::from_millis(59_999)).await;
    assert!(shelf.get(key).await.is_some());
    tokio::time::advance(Duration::from_millis(1)).await;
    assert_eq!(shelf.get(key).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_touched_value_lies_as_long_as_it_is_used() {
    let bench = Bench::memory();
    let (shelf, key) = (bench.node(), bench.key());
    shelf.put(key, b"x", LONG).await;
    for _ in 0..100 {
        tokio::time::advance(Duration::from_millis(59_999)).await;
        assert!(shelf.touch(key, LONG).await.is_some());
    }
    tokio::time::advance(LONG).await;
    assert_eq!(shelf.touch(key, LONG).await, None);
}

#[tokio::test(start_paused = true)]
async fn ended_values_are_cleared_away_by_later_ones() {
    let shelf = Shelf::memory(100_000);
    let sealer = sealer();
    let key = |n: u32| Key::new(Kind::Code, sealer.digest("code", &n.to_le_bytes()));
    for n in 0..10_000 {
        shelf.put(key(n), b"x", LONG).await;
    }
    tokio::time::advance(LONG).await;
    for n in 10_000..15_000 {
        shelf.put(key(n), b"x", LONG).await;
    }
    let Arm::Memory(memory) = &shelf.arm else { panic!("not memory") };
    assert_eq!(memory.count(), 5_000, "5,000 writes cleared 10,000 ended values");
}
