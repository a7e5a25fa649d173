//! Tests of the queue: a gate holds the only thread, so that nothing depends on timing.

use std::sync::mpsc;

use super::*;

/// Occupies a thread of `pool` until the returned sender is dropped.
async fn occupy(pool: &Arc<Pool>) -> mpsc::Sender<()> {
    let (gate, held) = mpsc::channel::<()>();
    let (started, running) = oneshot::channel();
    let pool = Arc::clone(pool);
    tokio::spawn(async move {
        pool.run(move |_| {
            started.send(()).unwrap();
            let _released = held.recv();
            Ok(())
        })
        .await
    });
    running.await.unwrap();
    gate
}

fn waiting(pool: &Pool) -> usize {
    pool.shared.lock().waiting.len()
}

async fn until_waiting(pool: &Pool, count: usize) {
    while waiting(pool) < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn pwd_09_a_job_that_waited_too_long_is_refused_without_being_done() {
    let pool = Arc::new(Pool::start(1, Duration::from_secs(2)).unwrap());
    let gate = occupy(&pool).await;
    let late = tokio::spawn({
        let pool = Arc::clone(&pool);
        async move { pool.run::<()>(|_| panic!("it must not be done")).await }
    });
    until_waiting(&pool, 1).await;
    pool.shared.lock().waiting[0].since -= Duration::from_millis(2_001);
    drop(gate);
    let error = late.await.unwrap().unwrap_err();
    assert!(
        matches!(error, HashError::Busy { retry_after } if retry_after >= Duration::from_secs(1))
    );
}

#[tokio::test]
async fn pwd_09_a_queue_that_is_expected_to_take_too_long_refuses_at_once() {
    let pool = Arc::new(Pool::start(1, Duration::from_secs(2)).unwrap());
    let gate = occupy(&pool).await;
    pool.shared.lock().typical = Duration::from_secs(1);
    for _ in 0..3 {
        let pool = Arc::clone(&pool);
        tokio::spawn(async move { pool.run(|_| Ok(())).await });
    }
    until_waiting(&pool, 3).await;
    let refused = pool.run(|_| Ok(())).await;
    assert_eq!(refused, Err(HashError::Busy { retry_after: Duration::from_secs(4) }));
    drop(gate);
}

#[tokio::test]
async fn pwd_09_the_queue_has_an_end_even_before_a_job_was_timed() {
    let pool = Arc::new(Pool::start(1, Duration::from_secs(2)).unwrap());
    let gate = occupy(&pool).await;
    for _ in 0..MAX_WAITING {
        let pool = Arc::clone(&pool);
        tokio::spawn(async move { pool.run(|_| Ok(())).await });
    }
    until_waiting(&pool, MAX_WAITING).await;
    assert!(matches!(pool.run(|_| Ok(())).await, Err(HashError::Busy { .. })));
    drop(gate);
}

#[tokio::test]
async fn a_job_that_nobody_waits_for_is_not_done() {
    let pool = Arc::new(Pool::start(1, Duration::from_mins(1)).unwrap());
    let gate = occupy(&pool).await;
    let given_up = tokio::spawn({
        let pool = Arc::clone(&pool);
        async move { pool.run::<()>(|_| panic!("it must not be done")).await }
    });
    until_waiting(&pool, 1).await;
    given_up.abort();
    assert!(given_up.await.unwrap_err().is_cancelled());
    drop(gate);
    // The thread is alive, so the job before was skipped.
    assert_eq!(pool.run(|_| Ok(7)).await, Ok(7));
}

#[tokio::test]
async fn a_pool_takes_no_hashing_memory_before_it_is_used_and_then_keeps_it() {
    let pool = Pool::start(1, Duration::from_mins(1)).unwrap();
    let blocks = |bench: &mut Bench| Ok(bench.blocks.len());
    assert_eq!(pool.run(blocks).await, Ok(0));
    let cost = HashCost::new(64, 1, 1).unwrap();
    pool.run(move |bench| bench.derive(cost, b"x", b"saltsalt", &mut [0; 32])).await.unwrap();
    assert_eq!(pool.run(blocks).await, Ok(64));
}

#[test]
fn the_hash_is_that_of_the_reference_implementation() {
    // From the test suite of the reference implementation: argon2id, version 1.3, m=256, t=2, p=2.
    let mut output = [0; 32];
    let cost = HashCost::new(256, 2, 2).unwrap();
    Bench::default().derive(cost, b"password", b"somesalt", &mut output).unwrap();
    let expected = 0x6d09_3c50_1fd5_9996_45e0_ea3b_f620_d7b8_u128.to_be_bytes();
    assert_eq!(output[..16], expected);
    let expected = 0xbe7f_d2db_59c2_0d9f_ff95_39da_2bf5_7037_u128.to_be_bytes();
    assert_eq!(output[16..], expected);
}

#[test]
fn memory_left_by_another_hash_does_not_change_the_next() {
    let small = HashCost::new(32, 1, 1).unwrap();
    let (mut fresh, mut used) = ([0; 32], [1; 32]);
    Bench::default().derive(small, b"x", b"saltsalt", &mut fresh).unwrap();
    let mut bench = Bench::default();
    let large = HashCost::new(64, 3, 2).unwrap();
    bench.derive(large, b"y", b"saltsalt", &mut [0; 32]).unwrap();
    bench.derive(small, b"x", b"saltsalt", &mut used).unwrap();
    assert_eq!(fresh, used);
}
