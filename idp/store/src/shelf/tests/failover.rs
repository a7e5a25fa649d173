//! Redis comes late, dies, comes back, hands over: with servers of the test's own, where
//! `redis-server` is installed.

use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::*;

/// A server of this test, ended with it.
struct Server {
    child: Child,
    port: u16,
    /// Where it may write; kept until it has ended.
    _dir: tempfile::TempDir,
}

impl Server {
    fn start(port: u16, arguments: &[&str]) -> Option<Self> {
        Self::launch(port, "", arguments)
    }

    fn launch(port: u16, configuration: &str, arguments: &[&str]) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("redis.conf");
        std::fs::write(&file, configuration).unwrap();
        let mut command = Command::new("redis-server");
        command.arg(&file).args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
        command.args(["--dir".as_ref(), dir.path().as_os_str()]).args(arguments);
        let started = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let Ok(child) = started else {
            eprintln!("skipped: redis-server is not installed");
            return None;
        };
        Some(Self { child, port, _dir: dir })
    }

    fn single(port: u16) -> Option<Self> {
        let at_once = ["--repl-diskless-sync-delay", "0"];
        Self::start(port, &[&["--save", "", "--appendonly", "no"][..], &at_once].concat())
    }

    fn replica(port: u16, of: u16) -> Option<Self> {
        let of = format!("127.0.0.1 {of}");
        Self::start(port, &["--save", "", "--appendonly", "no", "--replicaof", &of])
    }

    fn sentinel(port: u16, of: u16, replica: u16) -> Option<Self> {
        let configuration = format!(
            "sentinel monitor main 127.0.0.1 {of} 1\n\
             sentinel known-replica main 127.0.0.1 {replica}\n\
             sentinel down-after-milliseconds main 1000\n\
             sentinel failover-timeout main 5000\n"
        );
        Self::launch(port, &configuration, &["--sentinel"])
    }

    /// Ends it as a crash would.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    async fn ask(&self, command: &str) -> Option<String> {
        let client = ::redis::Client::open(format!("redis://127.0.0.1:{}", self.port)).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.ok()?;
        let mut words = command.split(' ');
        let mut cmd = ::redis::cmd(words.next()?);
        words.for_each(|word| _ = cmd.arg(word));
        cmd.query_async(&mut connection).await.ok().map(flat)
    }

    /// Waits until it answers `command` with something that holds `expected`.
    async fn says(&self, command: &str, expected: &str) {
        let mut answer = None;
        for _ in 0..1_000 {
            answer = self.ask(command).await;
            if answer.as_ref().is_some_and(|answer| answer.contains(expected)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{command} brought {answer:?}, never {expected}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn flat(value: ::redis::Value) -> String {
    match value {
        ::redis::Value::Array(values) => values.into_iter().map(flat).collect::<Vec<_>>().join(" "),
        value => ::redis::from_redis_value(value).unwrap_or_default(),
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn shelf(url: &str) -> Shelf {
    let place = RedisPlace::parse(&[url], None).unwrap();
    Shelf::redis(place, Instance::parse("failover").unwrap())
}

/// Tries until the shelf claims again, and returns how long that took. No try may hang.
async fn recovers(shelf: &Shelf, bench: &Bench) -> Duration {
    let started = Instant::now();
    loop {
        let tried = Instant::now();
        let act = Act::Put { key: bench.key(), value: Vec::new(), ttl: LONG, when: When::New };
        let result = shelf.carry_out(act).await;
        assert!(tried.elapsed() < Duration::from_secs(2), "a verb took {:?}", tried.elapsed());
        match result {
            Ok(answer) => {
                assert_eq!(answer, Answer::Placed(true));
                return started.elapsed();
            }
            Err(ShelfError::Away { .. }) => tokio::time::sleep(Duration::from_millis(10)).await,
            Err(error) => panic!("{error:?}"),
        }
        assert!(started.elapsed() < Duration::from_secs(20), "it never recovered");
    }
}

const SOON: Duration = Duration::from_secs(5);
/// Sentinels need two to three seconds to see that a master is gone and to elect another; the rest
/// is for a busy machine.
const ELECTED: Duration = Duration::from_secs(10);

#[tokio::test]
async fn redis_may_come_late_and_die_and_come_back() {
    let (port, bench) = (free_port(), Bench::memory());
    let shelf = shelf(&format!("redis://127.0.0.1:{port}"));
    let key = bench.key();
    let act = Act::Take { key };
    assert!(matches!(shelf.carry_out(act).await, Err(ShelfError::Away { .. })));

    let Some(mut redis) = Server::single(port) else { return };
    redis.says("PING", "PONG").await;
    assert!(recovers(&shelf, &bench).await < SOON);
    assert_eq!(shelf.health(), Health::Up);
    shelf.put(key, b"lost with it", LONG).await;

    redis.kill();
    let error = shelf.carry_out(Act::Take { key }).await.unwrap_err();
    assert!(matches!(error, ShelfError::Away { .. }), "{error:?}");

    let Some(redis) = Server::single(port) else { return };
    redis.says("PING", "PONG").await;
    assert!(recovers(&shelf, &bench).await < SOON);
    assert_eq!(shelf.take(key).await, None, "and nothing comes back that was lost");
}

#[tokio::test]
async fn a_connection_that_was_cut_is_not_noticed_by_the_next_caller() {
    let (port, bench) = (free_port(), Bench::memory());
    let Some(redis) = Server::single(port) else { return };
    redis.says("PING", "PONG").await;
    let shelf = shelf(&format!("redis://127.0.0.1:{port}"));
    up(&shelf).await;
    let key = bench.key();
    for _ in 0..5 {
        shelf.put(key, b"x", LONG).await;
        redis.ask("CLIENT KILL TYPE normal SKIPME yes").await.unwrap();
        while shelf.health() == Health::Up {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(shelf.take(key).await.as_deref(), Some(b"x".as_slice()));
    }
}

#[tokio::test]
async fn the_new_master_is_found_when_the_old_one_dies() {
    let [first, second, third] = [free_port(), free_port(), free_port()];
    let bench = Bench::memory();
    let Some(mut master) = Server::single(first) else { return };
    let replica = Server::replica(second, first).unwrap();
    master.says("PING", "PONG").await;
    replica.says("INFO replication", "master_link_status:up").await;
    let sentinel = Server::sentinel(third, first, second).unwrap();
    sentinel.says("SENTINEL MASTER main", "num-slaves 1").await;

    let shelf = shelf(&format!("redis+sentinel://127.0.0.1:{third}/main"));
    up(&shelf).await;
    let key = bench.key();
    shelf.put(key, b"x", LONG).await;
    replica.says("DBSIZE", "1").await;

    master.kill();
    let away = recovers(&shelf, &bench).await;
    assert!(away < ELECTED, "away for {away:?}");
    assert_eq!(shelf.take(key).await.as_deref(), Some(b"x".as_slice()));
    assert_eq!(shelf.take(key).await, None);
}

#[tokio::test]
async fn a_master_is_left_when_another_was_elected() {
    let [first, second, third] = [free_port(), free_port(), free_port()];
    let bench = Bench::memory();
    let Some(_master) = Server::single(first) else { return };
    let replica = Server::replica(second, first).unwrap();
    replica.says("INFO replication", "master_link_status:up").await;
    let sentinel = Server::sentinel(third, first, second).unwrap();
    sentinel.says("SENTINEL MASTER main", "num-slaves 1").await;
    let shelf = shelf(&format!("redis+sentinel://127.0.0.1:{third}/main"));
    up(&shelf).await;

    sentinel.says("SENTINEL FAILOVER main", "OK").await;
    // The old master still serves whoever is connected to it, for it has not been told yet.
    replica.says("ROLE", "master").await;
    let (started, size) = (Instant::now(), replica.ask("DBSIZE").await);
    while replica.ask("DBSIZE").await == size {
        recovers(&shelf, &bench).await;
        assert!(started.elapsed() < ELECTED, "it stays with the old master");
    }
}

#[tokio::test]
async fn what_cannot_serve_is_told_from_what_is_not_there() {
    let [first, second, third] = [free_port(), free_port(), free_port()];
    let Some(master) = Server::single(first) else { return };
    master.says("PING", "PONG").await;
    let replica = Server::replica(second, first).unwrap();
    let member = Server::start(third, &["--save", "", "--cluster-enabled", "yes"]).unwrap();
    for (server, complaint) in [(replica, "is a replica"), (member, "is a node of a cluster")] {
        server.says("PING", "PONG").await;
        let shelf = shelf(&format!("redis://127.0.0.1:{}", server.port));
        let mut why = String::new();
        for _ in 0..1_000 {
            if let Health::Away { why: told } = shelf.health() {
                why = told.to_string();
            }
            if why.contains(complaint) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(why.contains(complaint), "{why}");
    }
}
