//! Tests of counting: how many guesses are judged, whose they are, and who is kept out by them.

use std::net::Ipv6Addr;
use std::str::FromStr as _;

use super::*;

fn v6(subscriber: u16, host: u16) -> IpAddr {
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, subscriber, 0, 0, 0, host))
}

#[tokio::test]
async fn pwd_03_an_address_that_tries_many_names_is_stopped_and_others_are_not() {
    let mut bench = Bench::new().await;
    bench.limits.address = Allowance::requests(20, Duration::from_mins(15));
    let gate = bench.gate();
    let mut judged = 0;
    for number in 0..100 {
        match attempt(&gate, &format!("person-{number}"), "guess", ELSEWHERE).await {
            Attempt::Wrong => judged += 1,
            Attempt::Throttled { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(judged, 20);
    let stopped = attempt(&gate, "eve", RIGHT, ELSEWHERE).await;
    assert!(matches!(stopped, Attempt::Throttled { .. }));
    assert!(matches!(attempt(&gate, "eve", RIGHT, HOME).await, Attempt::Proven(_)));
}

#[tokio::test]
async fn pwd_03_an_ipv6_subscriber_is_one_address_and_the_network_around_has_an_end_too() {
    let mut bench = Bench::new().await;
    bench.limits.address = Allowance::requests(5, Duration::from_mins(15));
    bench.limits.network = Allowance::requests(12, Duration::from_mins(15));
    let gate = bench.gate();
    let mut judged = [0; 4];
    for subscriber in 0..4u16 {
        for host in 0..10 {
            let name = format!("person-{subscriber}-{host}");
            if let Attempt::Wrong = attempt(&gate, &name, "guess", v6(subscriber, host)).await {
                judged[usize::from(subscriber)] += 1;
            }
        }
    }
    assert_eq!(judged, [5, 5, 2, 0]);
}

#[tokio::test]
async fn pwd_03_a_network_that_tries_one_agency_has_an_end_of_its_own() {
    let mut bench = Bench::new().await;
    bench.limits.agency = Allowance::requests(12, Duration::from_mins(15));
    let gate = bench.gate();
    let mut judged = 0;
    for host in 0..30 {
        let address = IpAddr::V4(Ipv4Addr::new(198, 51, 100, host));
        let name = format!("person-{host}");
        judged +=
            usize::from(matches!(attempt(&gate, &name, "guess", address).await, Attempt::Wrong));
    }
    assert_eq!(judged, 12);
    let other = SourceId::from_str("others").unwrap();
    let password = Password::typed("guess".to_owned());
    let tried = Try { source: &other, username: "person", password, address: ELSEWHERE, now: NOW };
    assert!(matches!(gate.attempt(tried).await.unwrap(), Attempt::Wrong), "another agency's");
}

#[tokio::test]
async fn pwd_03_stolen_passwords_that_are_tried_from_everywhere_are_reported_once() {
    let mut bench = Bench::new().await;
    bench.limits.alarm = Allowance::requests(50, Duration::from_mins(15));
    let nodes = [bench.gate(), bench.gate()];
    for number in 0..120_u8 {
        let address = IpAddr::V4(Ipv4Addr::new(203, number, 113, 9));
        let gate = &nodes[usize::from(number % 2)];
        attempt(gate, &format!("person-{number}"), "guess", address).await;
    }
    let trail = bench.store.audit.page(None, 100).await.unwrap();
    let events = trail.into_iter().filter_map(|row| row.event());
    let reports: Vec<_> = events.filter(|event| event.reason == "password_spray").collect();
    assert_eq!(reports.len(), 1);
    assert!(reports[0].alert && reports[0].source.as_ref() == Some(&source()));
    let owner = attempt(&nodes[0], "eve", RIGHT, HOME).await;
    assert!(matches!(owner, Attempt::Proven(_)), "nobody is kept out by it");
}

#[tokio::test]
async fn what_an_operator_sets_holds_for_the_wider_counts_too() {
    let mut bench = Bench::new().await;
    bench.limits = GateLimits::of(2, 4);
    let gate = bench.gate();
    let mut judged = [0; 2];
    for number in 0..20 {
        let attempted = attempt(&gate, &format!("person-{number}"), "guess", HOME).await;
        judged[0] += usize::from(matches!(attempted, Attempt::Wrong));
        let from = IpAddr::V4(Ipv4Addr::new(203, number, 113, 9));
        for _ in 0..2 {
            let attempted = attempt(&gate, "eve", "guess", from).await;
            judged[1] += usize::from(matches!(attempted, Attempt::Wrong));
        }
    }
    assert_eq!(judged, [4, 20], "of one address, and at one name from anywhere");
}

/// Tries `count` wrong passwords for eve at once, in turn at each of `gates`.
async fn guess_at_once(gates: &[Arc<Gate>], count: u8, from: impl Fn(u8) -> IpAddr) -> usize {
    let guesses: Vec<_> = (0..count)
        .zip(gates.iter().cycle())
        .map(|(number, gate)| {
            let (gate, address) = (Arc::clone(gate), from(number));
            tokio::spawn(async move { attempt(&gate, "eve", "guess", address).await })
        })
        .collect();
    let mut judged = 0;
    for guess in guesses {
        match guess.await.unwrap() {
            Attempt::Wrong => judged += 1,
            Attempt::Throttled { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    judged
}

#[tokio::test]
async fn pwd_04_of_many_guesses_at_once_no_more_are_judged_than_are_left() {
    let bench = Bench::new().await;
    let nodes = [Arc::new(bench.gate()), Arc::new(bench.gate()), Arc::new(bench.gate())];
    for _ in 0..9 {
        assert!(matches!(attempt(&nodes[0], "eve", "guess", HOME).await, Attempt::Wrong));
    }
    assert_eq!(guess_at_once(&nodes, 200, |_| HOME).await, 1);
}

#[tokio::test]
async fn pwd_04_guesses_from_everywhere_at_once_share_the_count_of_the_name() {
    let bench = Bench::new().await;
    let nodes = [Arc::new(bench.gate()), Arc::new(bench.gate())];
    let from = |number| IpAddr::V4(Ipv4Addr::new(203, number, 113, 9));
    assert_eq!(guess_at_once(&nodes, 200, from).await, 100);
}

#[tokio::test]
async fn pwd_05_guesses_from_one_place_keep_the_owner_out_of_nowhere_else() {
    let bench = Bench::new().await;
    let gate = bench.gate();
    let mut longest = Lifetime::seconds(0);
    for _ in 0..300 {
        if let Attempt::Throttled { retry_after } = attempt(&gate, "eve", "guess", ELSEWHERE).await
        {
            longest = longest.max(retry_after);
        }
    }
    assert!(longest > Lifetime::seconds(0));
    assert!(longest <= Lifetime::minutes(15), "{longest:?}");
    assert!(matches!(attempt(&gate, "eve", RIGHT, HOME).await, Attempt::Proven(_)));
}

#[tokio::test]
async fn pwd_06_every_path_and_every_spelling_shares_one_count() {
    let bench = Bench::new().await;
    let connector = bench.connector();
    for username in ["eve", "Eve", " eve", "EVE ", "eve", "eVe", "eve", "eve", "eve", "eve"] {
        let answer = answer(&connector, username, "guess", HOME).await;
        assert_eq!(problem(&answer), Some(FormProblem::WrongCredentials));
    }
    // The right password is not looked at either, neither here nor on another path or node.
    for username in ["eve", "EVE"] {
        let answer = answer(&connector, username, RIGHT, HOME).await;
        assert!(matches!(problem(&answer), Some(FormProblem::Throttled { .. })));
        let elsewhere = attempt(&bench.gate(), username, RIGHT, HOME).await;
        assert!(matches!(elsewhere, Attempt::Throttled { .. }));
    }
}

#[tokio::test]
async fn throttling_does_not_tell_whether_there_is_such_an_account() {
    let bench = Bench::new().await;
    let connector = bench.connector();
    let mut courses = Vec::new();
    for username in ["eve", "nobody"] {
        let mut course = Vec::new();
        for _ in 0..12 {
            let kind = match problem(&answer(&connector, username, "guess", HOME).await) {
                Some(FormProblem::WrongCredentials) => "wrong",
                Some(FormProblem::Throttled { .. }) => "throttled",
                other => panic!("{other:?}"),
            };
            course.push(kind);
        }
        courses.push(course);
    }
    assert_eq!(courses[0], courses[1]);
    assert_eq!(courses[0][9..], ["wrong", "throttled", "throttled"]);
}

#[tokio::test]
async fn pwd_07_a_success_forgives_the_guesses_at_its_own_name_only() {
    let mut bench = Bench::new().await;
    bench.put("mallory", Some("mallory knows this one"), false).await;
    bench.limits.address = Allowance::requests(30, Duration::from_mins(15));
    let gate = bench.gate();
    let mut judged = 0;
    for _ in 0..40 {
        let own = attempt(&gate, "mallory", "mallory knows this one", ELSEWHERE).await;
        if let Attempt::Wrong = attempt(&gate, "eve", "guess", ELSEWHERE).await {
            judged += 1;
        }
        assert!(matches!(own, Attempt::Proven(_) | Attempt::Throttled { .. }));
    }
    assert_eq!(judged, 10, "eve's count goes on");
    // Mallory's tries count for the address, successful or not.
    let own = attempt(&gate, "mallory", "mallory knows this one", ELSEWHERE).await;
    assert!(matches!(own, Attempt::Throttled { .. }));
}

#[tokio::test]
async fn a_success_forgives_the_guesses_before_it() {
    let bench = Bench::new().await;
    let gate = bench.gate();
    for _ in 0..3 {
        for _ in 0..9 {
            assert!(matches!(attempt(&gate, "eve", "guess", HOME).await, Attempt::Wrong));
        }
        assert!(matches!(attempt(&gate, "eve", RIGHT, HOME).await, Attempt::Proven(_)));
    }
}

#[tokio::test]
async fn a_success_forgives_guesses_from_other_places_for_the_name_as_a_whole() {
    let mut bench = Bench::new().await;
    bench.limits.name = Allowance::guesses(10, Duration::from_mins(1));
    let gate = bench.gate();
    for place in 0..3 {
        let elsewhere = IpAddr::V4(Ipv4Addr::new(203, 0, 113, place));
        for _ in 0..9 {
            assert!(matches!(attempt(&gate, "eve", "guess", elsewhere).await, Attempt::Wrong));
        }
        assert!(matches!(attempt(&gate, "eve", RIGHT, HOME).await, Attempt::Proven(_)));
    }
}
