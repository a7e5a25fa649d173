//! What fails fails for everybody it concerns, for nobody else, and is never answered as done.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use idp_domain::AuditEvent;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{Bench, NOW, later, node, on_every_engine, open, sql, url_of};
use crate::{
    db::Db,
    error::StoreError,
    journal::{Act, OpenGrant, Outcome, Unit, UseOnce},
    store::Store,
};

on_every_engine!(
    a_trail_that_cannot_be_written_fails_every_act,
    an_act_that_cannot_be_done_fails_alone,
    a_trail_that_cannot_be_told_fails_alone,
    a_closed_journal_has_written_all_and_takes_no_more,
    a_caller_who_goes_away_takes_nothing_back,
);

fn mark(key: usize) -> Unit {
    let event = AuditEvent::new(idp_domain::audit::AuditKind::TokenIssued, NOW);
    let act = UseOnce { kind: "jti", key: key.to_string(), until: later(60) };
    Unit::new(Act::UseOnce(act), vec![event])
}

/// The answers to `units`, offered at once.
async fn offer(store: &Store, units: Vec<Unit>) -> Vec<Result<Outcome, StoreError>> {
    let mut all = tokio::task::JoinSet::new();
    for (number, unit) in units.into_iter().enumerate() {
        let journal = store.journal.clone();
        all.spawn(async move { (number, journal.commit(unit).await) });
    }
    let mut answers = all.join_all().await;
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

async fn all_chains_stand(store: &Store) -> usize {
    let chains = store.audit.chains().await.unwrap();
    for chain in &chains {
        assert_eq!(store.audit.verify(chain).await.unwrap().broken, None);
    }
    chains.len()
}

async fn a_trail_that_cannot_be_written_fails_every_act(bench: &Bench) {
    let store = bench.store();
    assert_eq!(offer(store, vec![mark(0)]).await[0].as_ref().unwrap(), &Outcome::Done);
    bench.behind("alter table audit rename to elsewhere").await;
    for answer in offer(store, (1..20).map(mark).collect()).await {
        assert_eq!(answer.unwrap_err().slug(), "store.fault");
    }
    bench.behind("alter table elsewhere rename to audit").await;
    // Nothing of it was done, and the chain goes on where it was.
    for answer in offer(store, (1..20).map(mark).collect()).await {
        assert_eq!(answer.unwrap(), Outcome::Done);
    }
    assert_eq!(all_chains_stand(store).await, 1);
}

async fn an_act_that_cannot_be_done_fails_alone(bench: &Bench) {
    let store = bench.store();
    let account = store.account().await;
    let first = store.grant(&account).await;
    // No caller ever draws the same refresh token twice: a statement fails, not an act.
    let twin = OpenGrant { refresh: first.refresh, ..open(&account) };
    let mut units = (0..20).map(mark).collect::<Vec<_>>();
    units.insert(7, Unit::new(Act::OpenGrant(twin.clone()), Vec::new()));
    for (number, answer) in offer(store, units).await.into_iter().enumerate() {
        match number {
            7 => assert_eq!(answer.unwrap_err().slug(), "store.fault"),
            _ => assert_eq!(answer.unwrap(), Outcome::Done),
        }
    }
    assert_eq!(store.grants.find(&twin.grant.id).await.unwrap(), None);
    assert_eq!(all_chains_stand(store).await, 1);
}

async fn a_trail_that_cannot_be_told_fails_alone(bench: &Bench) {
    let store = bench.store();
    let mut units = (0..10).map(mark).collect::<Vec<_>>();
    let act = UseOnce { kind: "jti", key: "told".to_owned(), until: later(60) };
    units.push(Unit::telling(Act::UseOnce(act.clone()), |_| panic!("on purpose")));
    let answers = offer(store, units).await;
    assert_eq!(answers[10].as_ref().unwrap_err().slug(), "store.unstorable");
    assert!(answers[..10].iter().all(|answer| *answer.as_ref().unwrap() == Outcome::Done));
    assert_eq!(store.act(Act::UseOnce(act)).await, Outcome::Done);
}

async fn a_closed_journal_has_written_all_and_takes_no_more(bench: &Bench) {
    let [a, b] = &bench.nodes;
    let journal = a.journal.clone();
    let offered = tokio::spawn({
        let store = a.clone();
        async move { offer(&store, (0..50).map(mark).collect()).await }
    });
    tokio::task::yield_now().await;
    journal.close().await;
    for (number, answer) in offered.await.unwrap().into_iter().enumerate() {
        let again = b.journal.commit(mark(number)).await.unwrap();
        match answer {
            Ok(outcome) => assert_eq!((outcome, again), (Outcome::Done, Outcome::Used)),
            Err(error) => assert_eq!((error.slug(), again), ("store.closed", Outcome::Done)),
        }
    }
    assert_eq!(journal.commit(mark(99)).await.unwrap_err().slug(), "store.closed");
}

async fn a_caller_who_goes_away_takes_nothing_back(bench: &Bench) {
    let store = bench.store();
    let lease = store.db.writer().await.unwrap();
    let mut going = Box::pin(store.journal.commit(mark(1)));
    let soon = tokio::time::timeout(Duration::from_millis(10), &mut going).await;
    assert!(soon.is_err());
    drop(going);
    drop(lease);
    let answers = offer(store, vec![mark(2), mark(1)]).await;
    assert_eq!(answers[1].as_ref().unwrap(), &Outcome::Used);
}

/// Time passes only while everybody waits.
#[tokio::test]
async fn a_writer_that_is_stuck_makes_everybody_busy_and_does_nothing_later() {
    let bench = Bench::memory().await;
    let store = bench.store().clone();
    store.account().await;
    let lease = store.db.writer().await.unwrap();
    tokio::time::pause();
    let answers = offer(&store, (0..1_500).map(mark).collect()).await;
    drop(lease);
    tokio::time::resume();
    for answer in answers {
        assert_eq!(answer.unwrap_err().slug(), "store.busy");
    }
    for key in [0, 127, 128, 700, 1_499] {
        assert_eq!(store.journal.commit(mark(key)).await.unwrap(), Outcome::Done);
    }
}

#[tokio::test]
async fn a_flood_of_one_thing_stands_in_nobody_elses_way() {
    let bench = Bench::memory().await;
    let store = bench.store();
    let lease = store.db.writer().await.unwrap();
    let mut all = tokio::task::JoinSet::new();
    for number in 0..900 {
        let journal = store.journal.clone();
        let key = usize::from(number == 899);
        all.spawn(async move { (key, journal.commit(mark(key)).await) });
    }
    tokio::task::yield_now().await;
    drop(lease);
    let (mut used, mut place) = (0, None);
    while let Some(answer) = all.join_next().await {
        match answer.unwrap() {
            (0, Ok(Outcome::Used)) => used += 1,
            (0, Ok(Outcome::Done) | Err(StoreError::Busy)) => {}
            (1, Ok(Outcome::Done)) => place = Some(used),
            other => panic!("{other:?}"),
        }
    }
    let place = place.unwrap();
    assert!(place < 20 && used >= 256, "{place} of {used} were written before it");
}

/// A way to PostgreSQL that is cut once, when the client commits: before the server hears of it,
/// or before the client hears the answer.
pub(super) async fn cut_at_commit(url: &str, server_hears: bool) -> String {
    let mut url = url_of(url);
    let server = (url.host_str().unwrap().to_owned(), url.port().unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    let cut = Arc::new(AtomicBool::new(false));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(server.clone()).await.unwrap();
            tokio::spawn(forward(client, server, server_hears, cut.clone()));
        }
    });
    url.into()
}

async fn forward(client: TcpStream, server: TcpStream, server_hears: bool, cut: Arc<AtomicBool>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut back =
        tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut buffer = vec![0; 65_536];
    while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
        let message = &buffer[..length];
        // The simple query `commit`.
        if message.starts_with(b"Q\0\0\0\x0bcommit\0") && !cut.swap(true, Ordering::SeqCst) {
            back.abort();
            assert!((&mut back).await.is_err());
            if server_hears {
                to_server.write_all(message).await.unwrap();
                // The server answers once it has committed; nobody gets to hear it.
                to_server.shutdown().await.unwrap();
            }
            return;
        }
        to_server.write_all(message).await.unwrap();
    }
    back.abort();
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_not_answered_as_done() {
    for server_hears in [false, true] {
        let Some(bench) = Bench::postgres().await else { return };
        let url = cut_at_commit(&bench.url, server_hears).await;
        let store = node(Db::connect(&url).unwrap(), "cut");
        for answer in offer(&store, (0..10).map(mark).collect()).await {
            assert_eq!(answer.unwrap_err().slug(), "store.away");
        }
        for (number, answer) in offer(&store, (0..10).map(mark).collect()).await.iter().enumerate()
        {
            let outcome = answer.as_ref().unwrap();
            let expected = if server_hears { Outcome::Used } else { Outcome::Done };
            assert_eq!(*outcome, expected, "{number}");
        }
        // What may be lost is not built upon: the trail goes on in a chain of its own.
        let latest = store.audit.page(None, 50).await.unwrap();
        assert!(latest.iter().any(|row| row.body.contains(r#""after":"#)));
        assert!(all_chains_stand(&store).await >= 1);
        store.close().await;
        bench.run(|_| std::future::ready(())).await;
    }
}

#[tokio::test]
async fn connections_that_the_server_ended_are_replaced() {
    let Some(bench) = Bench::postgres().await else { return };
    let store = bench.store();
    let account = store.account().await;
    store.accounts.find(&account).await.unwrap().unwrap();
    let name = url_of(&bench.url).path().trim_start_matches('/').to_owned();
    let end =
        format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
    sql(bench.admin.as_ref().unwrap(), &end).await;
    store.accounts.find(&account).await.unwrap().unwrap();
    store.account().await;
    assert_eq!(all_chains_stand(store).await, 1);
    bench.run(|_| std::future::ready(())).await;
}
