//! What a durable act costs beside a bare commit, measured in one run:
//! `cargo test --release -p idp-store --lib -- --ignored --nocapture measure`.

use std::{fmt::Write as _, future::Future, sync::Arc, time::Instant};

use idp_domain::{AuditEvent, audit::AuditKind};
use tokio::{sync::Mutex, task::JoinSet};

use super::{Bench, NOW, link, open, random, rotate, sessions::session, token};
use crate::{
    journal::{Act, Attend, Hash, Outcome, Unit, UseOnce},
    sessions::{EndSessions, Of},
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

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
#[ignore = "measures for a minute"]
async fn an_agencys_end() {
    println!("engine    sessions    in force after ms    rows after ms    longest commit ms");
    end_agency("sqlite", Bench::file().await).await;
    if let Some(bench) = Bench::postgres().await {
        end_agency("postgres", bench).await;
    }
}

/// Ends ten thousand sessions with two participants and a grant each.
async fn end_agency(engine: &str, bench: Bench) {
    let store = bench.store();
    let first = Attend { account: store.account().await, ..session("s1") };
    store.attend(&first).await;
    bench.more_like(9_999, &first).await;
    bench
        .behind(
            "insert into participants (session, name, relying_party, since, tries) \
             select sessions.id, source_name, 'rp1', started_at, 0 from sessions",
        )
        .await;
    bench
        .behind(
            "insert into grants (id, relying_party, account, session, bound, created_at, \
             expires_at, body) select sessions.id, 'rp1', account, sessions.id, true, started_at, \
             ends_at, '{}' from sessions",
        )
        .await;
    let begun = Instant::now();
    let end = || {
        let of = Of::Agency("una".parse().unwrap());
        EndSessions { of, except: None, offline: true, because: "measured", now: NOW }
    };
    let (mut in_force, mut longest) = (None, std::time::Duration::ZERO);
    loop {
        let commit = Instant::now();
        let outcome = store.act(Act::EndSessions(end())).await;
        longest = longest.max(commit.elapsed());
        in_force.get_or_insert(begun.elapsed());
        if !matches!(outcome, Outcome::SessionsEnded(ended) if ended.more) {
            break;
        }
    }
    println!(
        "{engine:<9} {:>8} {:>20.1} {:>16.1} {:>20.1}",
        10_000,
        in_force.unwrap_or_default().as_secs_f64() * 1e3,
        begun.elapsed().as_secs_f64() * 1e3,
        longest.as_secs_f64() * 1e3,
    );
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
