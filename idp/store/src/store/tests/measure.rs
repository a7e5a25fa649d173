//! What a durable act costs beside a bare commit, measured in one run:
//! `cargo test --release -p idp-store --lib -- --ignored --nocapture measure`.

use std::{fmt::Write as _, future::Future, sync::Arc, time::Instant};

use idp_domain::{AuditEvent, audit::AuditKind};
use tokio::{sync::Mutex, task::JoinSet};

use super::{Bench, NOW, link, open, random, rotate, token};
use crate::{
    journal::{Act, Hash, Outcome, Unit, UseOnce},
    store::Store,
};

/// Acts that one figure is taken from.
const ACTS: usize = 4_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
#[ignore = "measures for a minute"]
async fn acts_beside_a_bare_commit() {
    println!("engine    act            callers    per second    CPU µs each    × bare");
    measure("sqlite", Bench::file().await).await;
    if let Some(bench) = Bench::postgres().await {
        measure("postgres", bench).await;
    }
}

async fn measure(engine: &str, bench: Bench) {
    bench.behind("create table bare (id bytea not null primary key, body text not null)").await;
    let store = bench.store();
    let bare = figure(1, 2_000, store, |store, _| bare_commit(store)).await;
    println!("{}", bare.line(engine, "bare commit", 1, &bare));
    let account = store.account().await;
    for callers in [1, 16, 64] {
        let record = figure(callers, ACTS, store, |store, _| act(store, Act::Record)).await;
        println!("{}", record.line(engine, "record", callers, &bare));
        let once = figure(callers, ACTS, store, |store, _| act(store, use_once())).await;
        println!("{}", once.line(engine, "use once", callers, &bare));
        let again = figure(callers, ACTS, store, |store, caller| {
            act(store, Act::Link(link(&format!("person-{caller}"))))
        });
        println!("{}", again.await.line(engine, "link again", callers, &bare));
        let account = account.clone();
        let opened = figure(callers, ACTS, store, move |store, _| {
            act(store, Act::OpenGrant(open(&account)))
        });
        println!("{}", opened.await.line(engine, "open grant", callers, &bare));
        let tokens = tokens(store, callers).await;
        let rotated = figure(callers, ACTS, store, move |store, caller| {
            rotate_own(store, tokens.clone(), caller)
        });
        println!("{}", rotated.await.line(engine, "rotate", callers, &bare));
    }
    bench.run(|_| std::future::ready(())).await;
}

async fn act(store: Store, act: Act) {
    let event = AuditEvent::new(AuditKind::TokenIssued, NOW)
        .because_of("measured")
        .with("relying_party", "portal");
    let outcome = store.journal.commit(Unit::new(act, vec![event])).await.unwrap();
    assert!(
        matches!(outcome, Outcome::Done | Outcome::Linked { .. } | Outcome::Rotated(_)),
        "{outcome:?}"
    );
}

fn use_once() -> Act {
    let key = super::hex(&random::<16>());
    Act::UseOnce(UseOnce { kind: "client_assertion", key, until: NOW })
}

type Tokens = Arc<Vec<Mutex<Hash>>>;

async fn tokens(store: &Store, callers: usize) -> Tokens {
    let account = store.account().await;
    let mut tokens = Vec::new();
    for _ in 0..callers {
        tokens.push(Mutex::new(token(&store.grant(&account).await)));
    }
    Arc::new(tokens)
}

async fn rotate_own(store: Store, tokens: Tokens, caller: usize) {
    let mut hash = tokens[caller].lock().await;
    let step = rotate(*hash);
    *hash = step.successor.hash;
    act(store, Act::Rotate(step)).await;
}

async fn bare_commit(store: Store) {
    let mut lease = store.db.writer().await.unwrap();
    let conn = lease.unsettle();
    let mut args = conn.args();
    args.bytes(&random::<32>()).text(r#"{"at":1790000000,"kind":"token.issued","reason":"x"}"#);
    conn.execute("insert into bare (id, body) values ($1, $2)", args).await.unwrap();
    lease.settle();
}

struct Figure {
    per_second: f64,
    cpu: f64,
}

impl Figure {
    fn line(&self, engine: &str, act: &str, callers: usize, bare: &Self) -> String {
        let mut line = format!("{engine:<10}{act:<15}{callers:>7}");
        let (speed, cpu, times) = (self.per_second, self.cpu, self.cpu / bare.cpu);
        write!(line, "{speed:>14.0}{cpu:>15.1}{times:>10.2}").unwrap();
        line
    }
}

/// Runs `acts` acts from `callers` callers, each of which waits for its answer.
async fn figure<F: Future<Output = ()> + Send + 'static>(
    callers: usize,
    acts: usize,
    store: &Store,
    act: impl Fn(Store, usize) -> F + Clone + Send + 'static,
) -> Figure {
    act(store.clone(), 0).await;
    let (began, cpu) = (Instant::now(), cpu());
    let each = acts / callers;
    let mut all = JoinSet::new();
    for caller in 0..callers {
        let (store, act) = (store.clone(), act.clone());
        all.spawn(async move {
            for _ in 0..each {
                act(store.clone(), caller).await;
            }
        });
    }
    all.join_all().await;
    let done = f64::from(u32::try_from(each * callers).unwrap());
    let cpu = (self::cpu() - cpu) / done;
    Figure { per_second: done / began.elapsed().as_secs_f64(), cpu }
}

/// CPU time of this process in microseconds, from the kernel's accounting.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace().collect::<Vec<_>>();
    let ticks = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks * 10_000.0
}
