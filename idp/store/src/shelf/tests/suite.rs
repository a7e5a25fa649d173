//! What every backend must do.

use super::*;

#[tokio::test(start_paused = true)]
async fn memory_conforms() {
    conformance(&Bench::memory()).await;
}

#[tokio::test]
async fn redis_conforms() {
    if let Some(bench) = Bench::redis("LP_TEST_REDIS").await {
        conformance(&bench).await;
    }
}

#[tokio::test]
async fn a_redis_cluster_conforms() {
    if let Some(bench) = Bench::redis("LP_TEST_REDIS_CLUSTER").await {
        conformance(&bench).await;
    }
}

#[tokio::test]
async fn redis_behind_sentinels_conforms() {
    if let Some(bench) = Bench::redis("LP_TEST_REDIS_SENTINEL").await {
        conformance(&bench).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_crowd_on_memory_one_wins() {
    crowds(&Bench::memory()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_crowd_on_redis_one_wins() {
    for variable in ["LP_TEST_REDIS", "LP_TEST_REDIS_CLUSTER", "LP_TEST_REDIS_SENTINEL"] {
        if let Some(bench) = Bench::redis(variable).await {
            crowds(&bench).await;
        }
    }
}

/// Every verb, alone.
async fn conformance(bench: &Bench) {
    a_value_lies_until_it_is_taken(bench).await;
    conditions_are_kept(bench).await;
    a_swap_replaces_one_writing_only(bench).await;
    no_time_at_all_means_gone(bench).await;
    time_runs_out(bench).await;
    tries_are_counted(bench).await;
    several_verbs_go_together(bench).await;
}

async fn a_value_lies_until_it_is_taken(bench: &Bench) {
    let (shelf, key) = (bench.node(), bench.key());
    assert_eq!(shelf.get(key).await, None);
    assert_eq!(shelf.take(key).await, None);
    assert!(!shelf.remove(key).await);

    let every_byte: Vec<u8> = (0..=255).cycle().take(64 * 1024).collect();
    shelf.put(key, &every_byte, LONG).await;
    assert_eq!(shelf.get(key).await.as_ref(), Some(&every_byte));
    assert_eq!(bench.nodes[1].get(key).await, Some(every_byte), "another node sees it too");

    shelf.put(key, b"", Duration::MAX).await;
    assert_eq!(shelf.take(key).await.as_deref(), Some(b"".as_slice()));
    assert_eq!(shelf.get(key).await, None);

    shelf.put(key, b"again", LONG).await;
    assert!(shelf.remove(key).await);
    assert_eq!(shelf.take(key).await, None);
}

async fn conditions_are_kept(bench: &Bench) {
    let (shelf, key) = (bench.node(), bench.key());
    assert!(!shelf.put_when(key, b"x", LONG, When::Existing).await);
    assert_eq!(shelf.get(key).await, None);
    assert!(shelf.put_when(key, b"first", LONG, When::New).await);
    assert!(!shelf.put_when(key, b"second", LONG, When::New).await);
    assert_eq!(shelf.get(key).await.as_deref(), Some(b"first".as_slice()));
    assert!(shelf.put_when(key, b"third", LONG, When::Existing).await);
    assert_eq!(shelf.take(key).await.as_deref(), Some(b"third".as_slice()));
    assert!(shelf.put_when(key, b"fourth", LONG, When::New).await, "taken is as good as new");
}

async fn a_swap_replaces_one_writing_only(bench: &Bench) {
    let (shelf, key) = (bench.node(), bench.key());
    let (old, new) = (b"1-version-0000000000 old", b"2-version-0000000000 new");
    assert_eq!(shelf.swap(key, old, new, LONG).await, Swap::Absent);
    shelf.put(key, b"short", LONG).await;
    assert_eq!(shelf.swap(key, old, new, LONG).await, Swap::Conflict);
    shelf.put(key, b"", LONG).await;
    assert_eq!(shelf.swap(key, old, new, LONG).await, Swap::Conflict, "empty is not absent");

    shelf.put(key, old, LONG).await;
    assert_eq!(shelf.swap(key, old, new, LONG).await, Swap::Done);
    assert_eq!(shelf.swap(key, old, b"lost", LONG).await, Swap::Conflict);
    assert_eq!(shelf.get(key).await.as_deref(), Some(new.as_slice()));

    assert_eq!(shelf.swap(key, new, old, SHORT).await, Swap::Done);
    gone(shelf, key).await;
    assert_eq!(shelf.swap(key, old, new, LONG).await, Swap::Absent, "ended is absent");
}

async fn no_time_at_all_means_gone(bench: &Bench) {
    let (shelf, key) = (bench.node(), bench.key());
    let value = b"1-version-0000000000 value";
    let blink = Duration::from_micros(999);
    shelf.put(key, value, Duration::ZERO).await;
    assert_eq!(shelf.take(key).await, None);

    shelf.put(key, value, LONG).await;
    shelf.put(key, value, blink).await;
    assert_eq!(shelf.get(key).await, None, "the new end counts, not the old one");
    assert!(shelf.put_when(key, value, blink, When::New).await);
    assert!(!shelf.put_when(key, value, blink, When::Existing).await);

    shelf.put(key, value, LONG).await;
    assert!(shelf.touch(key, Duration::ZERO).await.is_some());
    assert_eq!(shelf.get(key).await, None);

    shelf.put(key, value, LONG).await;
    assert_eq!(shelf.swap(key, value, value, Duration::ZERO).await, Swap::Done);
    assert!(!shelf.remove(key).await);
}

async fn time_runs_out(bench: &Bench) {
    let shelf = bench.node();
    let [ended, touched, replaced] = [bench.key(), bench.key(), bench.key()];
    shelf.put(touched, b"touched", SHORT).await;
    shelf.put(replaced, b"replaced", SHORT).await;
    shelf.put(ended, b"ended", SHORT).await;
    assert!(shelf.touch(touched, LONG).await.is_some());
    shelf.put(replaced, b"replacement", LONG).await;
    gone(shelf, ended).await;
    assert!(shelf.put_when(ended, b"x", LONG, When::New).await, "ended is as good as new");
    assert_eq!(shelf.get(touched).await.as_deref(), Some(b"touched".as_slice()));
    assert_eq!(shelf.get(replaced).await.as_deref(), Some(b"replacement".as_slice()));

    assert!(shelf.touch(touched, SHORT).await.is_some(), "a touch may also shorten");
    gone(shelf, touched).await;
    assert_eq!(shelf.touch(touched, LONG).await, None, "a touch revives nothing");
    assert_eq!(shelf.get(touched).await, None);
}

async fn tries_are_counted(bench: &Bench) {
    let (shelf, key) = (bench.node(), bench.key());
    let guesses = Allowance::guesses(3, Duration::from_mins(5));
    for left in [2, 1, 0] {
        let allowed = Reservation::Allowed { remaining: left };
        assert_eq!(shelf.reserve(key, guesses).await, allowed);
    }
    for node in &bench.nodes {
        let Reservation::Refused { retry_after } = node.reserve(key, guesses).await else {
            panic!("one try too many");
        };
        assert!(retry_after <= Duration::from_mins(5));
        assert!(retry_after > Duration::from_mins(4), "{retry_after:?}");
    }
    assert!(shelf.remove(key).await);
    assert!(shelf.reserve(key, guesses).await.is_allowed(), "forgiven");

    let (key, requests) = (bench.key(), Allowance::requests(2, 2 * SHORT));
    assert!(shelf.reserve(key, requests).await.is_allowed());
    assert!(shelf.reserve(key, requests).await.is_allowed());
    let mut refused = 0;
    while let Reservation::Refused { retry_after } = shelf.reserve(key, requests).await {
        assert!(retry_after <= SHORT, "{retry_after:?}");
        refused += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(refused > 0, "the third came at once");
}

async fn several_verbs_go_together(bench: &Bench) {
    let shelf = bench.node();
    let old = b"1-version-0000000000 old";
    let keys: Vec<Key> = (0..12).map(|_| bench.key()).collect();
    shelf.put(keys[0], old, LONG).await;
    shelf.put(keys[1], b"taken", LONG).await;
    let put = |key| Act::Put { key, value: b"put".to_vec(), ttl: LONG, when: When::Always };
    let mut acts = vec![
        Act::Swap {
            key: keys[0],
            expected: Version::of(old).unwrap(),
            value: b"new".to_vec(),
            ttl: LONG,
        },
        Act::Take { key: keys[1] },
        Act::Reserve { key: keys[2], allowance: Allowance::guesses(5, LONG) },
        Act::Remove { key: keys[3] },
        Act::Get { key: keys[4], touch: None },
    ];
    acts.extend(keys[5..].iter().map(|key| put(*key)));
    let mut expected = vec![
        Answer::Swapped(Swap::Done),
        Answer::Found(Some(b"taken".to_vec())),
        Answer::Reserved(Reservation::Allowed { remaining: 4 }),
        Answer::Removed(false),
        Answer::Found(None),
    ];
    expected.resize(acts.len(), Answer::Placed(true));
    let answers = shelf.send_all(acts.into_iter().map(Verb).collect()).await.unwrap();
    assert_eq!(answers, expected);
    for key in &keys[5..] {
        assert_eq!(shelf.get(*key).await.as_deref(), Some(b"put".as_slice()));
    }
    assert_eq!(shelf.send_all(Vec::new()).await.unwrap(), []);
}

/// Every verb, with a hundred callers on several nodes at once.
async fn crowds(bench: &Bench) {
    for _ in 0..20 {
        let key = bench.key();
        bench.node().put(key, b"one", LONG).await;
        let takers = crowd(bench, move |node, _| async move { node.take(key).await.is_some() });
        assert_eq!(takers.await, 1, "one taker gets it");

        let claimers =
            crowd(
                bench,
                move |node, n| async move { node.put_when(key, &[n], LONG, When::New).await },
            );
        assert_eq!(claimers.await, 1, "one claimer gets it");

        let old = b"1-version-0000000000 old";
        bench.node().put(key, old, LONG).await;
        let swappers = crowd(bench, move |node, n| async move {
            let new = format!("{n:03}-version-00000000 new");
            node.swap(key, old, new.as_bytes(), LONG).await == Swap::Done
        });
        assert_eq!(swappers.await, 1, "one swapper gets it");

        let removers = crowd(bench, move |node, _| async move { node.remove(key).await });
        assert_eq!(removers.await, 1, "one remover gets it");

        let five = Allowance::guesses(5, LONG);
        let guessers =
            crowd(bench, move |node, _| async move { node.reserve(key, five).await.is_allowed() });
        assert_eq!(guessers.await, 5, "as many guesses as are allowed");
    }
}

/// How many of a hundred callers won.
async fn crowd<F>(bench: &Bench, call: impl Fn(Arc<Shelf>, u8) -> F) -> usize
where
    F: Future<Output = bool> + Send + 'static,
{
    let mut callers = tokio::task::JoinSet::new();
    for number in 0..100_u8 {
        let node = &bench.nodes[usize::from(number) % bench.nodes.len()];
        callers.spawn(call(Arc::clone(node), number));
    }
    callers.join_all().await.into_iter().filter(|won| *won).count()
}
