//! Redis servers of a test's own: one to flush at will, or a pair with a sentinel to fail over.

use std::path::Path;
use std::time::Duration;

use redis::{Client, FromRedisValue};
use tempfile::TempDir;

use super::ports::free_port;
use super::process::{Process, until};
use super::tools;

/// A Redis that belongs to one test.
#[derive(Debug)]
pub struct Redis {
    /// Where the product finds it.
    pub url: String,
    nodes: Vec<Node>,
    _folder: TempDir,
}

#[derive(Debug)]
struct Node {
    port: u16,
    process: Process,
}

/// The name under which the sentinel knows the pair.
const MASTER: &str = "shelf";

impl Redis {
    /// One server without persistence.
    pub async fn start() -> Option<Self> {
        let program = tools::program("LP_REDIS_SERVER", "redis-server")?;
        let folder = TempDir::new().expect("a folder");
        let node = Node::start(&program, &folder, &[]).await;
        let url = format!("redis://127.0.0.1:{}/0", node.port);
        Some(Self { url, nodes: vec![node], _folder: folder })
    }

    /// A master, a replica, and a sentinel that promotes the replica within a second or two.
    pub async fn start_with_sentinel() -> Option<Self> {
        let program = tools::program("LP_REDIS_SERVER", "redis-server")?;
        let folder = TempDir::new().expect("a folder");
        let master = Node::start(&program, &folder, &[]).await;
        let of = ["--replicaof", "127.0.0.1", &master.port.to_string()];
        let replica = Node::start(&program, &folder, &of).await;
        let port = free_port();
        let file = folder.path().join("sentinel.conf");
        let config = format!(
            "port {port}\nbind 127.0.0.1\ndir {dir}\n\
             sentinel monitor {MASTER} 127.0.0.1 {master} 1\n\
             sentinel down-after-milliseconds {MASTER} 500\n\
             sentinel failover-timeout {MASTER} 2000\n",
            dir = folder.path().display(),
            master = master.port,
        );
        std::fs::write(&file, config).expect("sentinel.conf");
        let process = Process::start(&format!("sentinel-{port}"), &program, |command| {
            command.arg(&file).arg("--sentinel");
        });
        let sentinel = Node { port, process };
        sentinel.answering().await;
        let redis = Self {
            url: format!("redis+sentinel://127.0.0.1:{port}/{MASTER}/0"),
            nodes: vec![master, replica, sentinel],
            _folder: folder,
        };
        until("the replica to be in step and known", Duration::from_secs(20), async || {
            let known: Vec<Vec<(String, String)>> =
                redis.nodes[2].ask(&["SENTINEL", "REPLICAS", MASTER]).await?;
            let state = known.first()?.iter().find(|(key, _)| key == "master-link-status")?;
            (state.1 == "ok").then_some(())
        })
        .await;
        Some(redis)
    }

    /// Kills the master, and waits until the sentinel has promoted the replica.
    pub async fn fail_over(&self) {
        let [master, replica, sentinel] = self.nodes.as_slice() else { panic!("no sentinel") };
        master.process.kill();
        until("the replica to be promoted", Duration::from_secs(20), async || {
            let address: Vec<String> =
                sentinel.ask(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER]).await?;
            let role: Vec<redis::Value> = replica.ask(&["ROLE"]).await?;
            let is_master =
                matches!(role.first(), Some(redis::Value::BulkString(word)) if word == b"master");
            (address.get(1)? == &replica.port.to_string() && is_master).then_some(())
        })
        .await;
    }

    /// Loses everything.
    pub async fn flush(&self) {
        let done: Option<String> = self.nodes[0].ask(&["FLUSHALL"]).await;
        assert_eq!(done.as_deref(), Some("OK"), "FLUSHALL");
    }

    /// All keys, sorted.
    pub async fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.nodes[0].ask(&["KEYS", "*"]).await.expect("KEYS");
        keys.sort();
        keys
    }

    /// How many bytes its values take.
    pub async fn used_bytes(&self) -> u64 {
        let told: String = self.nodes[0].ask(&["INFO", "memory"]).await.expect("INFO");
        let line = told.lines().find_map(|line| line.strip_prefix("used_memory_dataset:"));
        line.and_then(|bytes| bytes.trim().parse().ok()).expect("a number")
    }

    /// Stops answering, without closing connections.
    pub fn freeze(&self) {
        self.nodes[0].process.signal("STOP");
    }

    /// Answers again.
    pub fn thaw(&self) {
        self.nodes[0].process.signal("CONT");
    }
}

impl Node {
    async fn start(program: &Path, folder: &TempDir, more: &[&str]) -> Self {
        let port = free_port();
        let process = Process::start(&format!("redis-{port}"), program, |command| {
            command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
            command.args(["--save", "", "--appendonly", "no", "--dir"]).arg(folder.path());
            command.args(["--repl-diskless-sync-delay", "0"]).args(more);
        });
        let node = Self { port, process };
        node.answering().await;
        node
    }

    async fn answering(&self) {
        until("Redis to answer", Duration::from_secs(10), async || {
            assert!(self.process.ended().is_none(), "Redis ended:\n{}", self.process.log());
            self.ask::<String>(&["PING"]).await
        })
        .await;
    }

    async fn ask<T: FromRedisValue>(&self, words: &[&str]) -> Option<T> {
        let client = Client::open(format!("redis://127.0.0.1:{}/", self.port)).expect("a URL");
        let mut connection = client.get_multiplexed_async_connection().await.ok()?;
        let mut command = redis::cmd(words[0]);
        command.arg(&words[1..]);
        command.query_async(&mut connection).await.ok()
    }
}
