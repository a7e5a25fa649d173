//! The memory shelf's bounds.

use super::*;

fn keys(kind: Kind, count: u32) -> Vec<Key> {
    let sealer = sealer();
    (0..count).map(|n| Key::new(kind, sealer.digest(kind.name(), &n.to_le_bytes()))).collect()
}

async fn still_there(shelf: &Shelf, keys: &[Key]) -> usize {
    let mut count = 0;
    for key in keys {
        count += usize::from(shelf.get(*key).await.is_some());
    }
    count
}

#[tokio::test(start_paused = true)]
async fn a_full_room_lets_go_of_what_ends_first() {
    let shelf = Shelf::memory(1_600);
    let (first, last) = (keys(Kind::Code, 400), keys(Kind::Code, 10_000));
    for key in &first {
        shelf.put(*key, b"x", Duration::from_hours(2)).await;
    }
    for key in &last {
        shelf.put(*key, b"x", LONG).await;
    }
    assert_eq!(still_there(&shelf, &first).await, 400, "those that end last stay");
    let rest = still_there(&shelf, &last).await;
    assert!((1_000..=1_200).contains(&rest), "{rest} of the others stay");
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_one_kind_pushes_out_no_other() {
    let shelf = Shelf::memory(160);
    let (sessions, flood) = (keys(Kind::Session, 40), keys(Kind::Transaction, 5_000));
    for key in &sessions {
        shelf.put(*key, b"x", SHORT).await;
    }
    for key in &flood {
        shelf.put(*key, b"x", LONG).await;
    }
    assert_eq!(still_there(&shelf, &sessions).await, 40);
}

#[tokio::test(start_paused = true)]
async fn a_value_whose_end_moved_away_is_not_let_go_first() {
    let shelf = Shelf::memory(64);
    let keys = keys(Kind::Session, 2_000);
    shelf.put(keys[0], b"x", SHORT).await;
    shelf.touch(keys[0], 10 * LONG).await;
    for key in &keys[1..] {
        shelf.put(*key, b"x", LONG).await;
    }
    assert!(shelf.get(keys[0]).await.is_some());
}

#[tokio::test(start_paused = true)]
async fn the_same_key_put_and_taken_for_ever_needs_no_more_room() {
    let bench = Bench::memory();
    let key = bench.key();
    for _ in 0..100_000 {
        bench.node().put(key, b"x", LONG).await;
        bench.node().take(key).await;
    }
    let Arm::Memory(memory) = &bench.node().arm else { panic!("not memory") };
    assert!(memory.queued() < 1_000, "{} entries are queued", memory.queued());
}
