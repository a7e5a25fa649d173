//! A broker of a test's own: one node or several, on a database and a shelf of their own.
//! Length: a plan, its nodes and their commands are one thing to the tests.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::balancer::Balancer;
use super::command::{self, Ended};
use super::database::Database;
use super::http::client;
use super::ports::free_port;
use super::process::{Process, until};
use super::redis::Redis;
use super::{output, tools};

/// 32 bytes that seal everything at rest.
const MASTER_KEY: &str = "dGhlIG1hc3RlciBrZXkgb2YgdGhlIHRlc3QgYmVkIDA=";
/// How long a debug build on a busy machine may take to be ready.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is wanted of a broker, before it exists: its address is known already.
#[derive(Debug)]
pub struct Plan {
    /// Its address and issuer, without a slash at the end.
    pub base: String,
    name: String,
    port: u16,
    folder: PathBuf,
    database: Option<Database>,
    redis: Option<Redis>,
    nodes: usize,
    log: &'static str,
    extra: String,
}

/// A running broker.
#[derive(Debug)]
pub struct Broker {
    /// Its address and issuer, without a slash at the end.
    pub base: String,
    /// Its tables.
    pub database: Database,
    /// Its shelf, if that is a Redis.
    pub redis: Option<Redis>,
    /// Where its configuration lies.
    pub folder: PathBuf,
    /// Its nodes.
    pub nodes: Vec<Node>,
    balancer: Option<Balancer>,
}

/// One node.
#[derive(Debug)]
pub struct Node {
    /// Its management listener, without a slash at the end.
    pub management: String,
    config: PathBuf,
    name: String,
    port: u16,
    process: Process,
}

impl Plan {
    /// One node on SQLite and the memory shelf. The name must be this test's alone.
    pub fn new(name: &str) -> Self {
        let folder = output("brokers").join(name);
        // An earlier run may have left one.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let port = free_port();
        Self {
            base: format!("http://localhost:{port}"),
            name: name.to_owned(),
            port,
            folder,
            database: None,
            redis: None,
            nodes: 1,
            log: "info",
            extra: String::new(),
        }
    }

    /// Where its configuration will lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the source of this id takes answers.
    pub fn callback(&self, source: &str) -> String {
        format!("{}/sources/{source}/callback", self.base)
    }

    /// On this database.
    #[must_use]
    pub fn on(mut self, database: Database) -> Self {
        self.database = Some(database);
        self
    }

    /// With this Redis as the shelf.
    #[must_use]
    pub fn with_redis(mut self, redis: Redis) -> Self {
        self.redis = Some(redis);
        self
    }

    /// With this many nodes behind one address.
    #[must_use]
    pub fn nodes(mut self, nodes: usize) -> Self {
        self.nodes = nodes;
        self
    }

    /// With logs of this level.
    #[must_use]
    pub fn logging(mut self, level: &'static str) -> Self {
        self.log = level;
        self
    }

    /// With more lines at the end of `idp.toml`; the last section above is `[limits]`.
    #[must_use]
    pub fn with(mut self, lines: &str) -> Self {
        self.extra.push_str(lines);
        self.extra.push('\n');
        self
    }

    /// Writes the configuration, applies the federation, and starts every node.
    pub async fn start(self, federation: &Value) -> Broker {
        let broker = self.prepare().await;
        broker.apply(federation).await.ok();
        broker.start_nodes().await
    }

    /// Writes the configuration; nothing runs yet.
    pub async fn prepare(mut self) -> Prepared {
        let database = self.database.take().unwrap_or_else(|| Database::sqlite(&self.folder));
        let ports: Vec<u16> = match self.nodes {
            1 => vec![self.port],
            nodes => (0..nodes).map(|_| free_port()).collect(),
        };
        let mut nodes = vec![];
        for (index, port) in ports.iter().enumerate() {
            let management = free_port();
            let config = self.folder.join(format!("idp-{index}.toml"));
            let text = self.configuration(&database, *port, management);
            std::fs::write(&config, text).expect("idp.toml");
            nodes.push((config, *port, management));
        }
        let balancer = match self.nodes {
            1 => None,
            _ => Some(Balancer::start(self.port, ports[0]).await),
        };
        Prepared {
            base: self.base,
            name: self.name,
            folder: self.folder,
            database,
            redis: self.redis,
            nodes,
            balancer,
        }
    }

    fn configuration(&self, database: &Database, port: u16, management: u16) -> String {
        let mut text = format!(
            "[server]\n\
             base_url = \"{base}\"\n\
             listen = \"127.0.0.1:{port}\"\n\
             management_listen = \"127.0.0.1:{management}\"\n\
             [database]\n\
             url = \"{url}\"\n\
             [keys]\n\
             master = {{ env = \"IDP_TEST_MASTER_KEY\" }}\n\
             [telemetry]\n\
             log = \"{log}\"\n",
            log = self.log,
            base = self.base,
            url = database.url,
        );
        if let Some(redis) = &self.redis {
            writeln!(text, "[redis]\nurl = \"{}\"", redis.url).expect("text");
        }
        // The cheapest hash that the product accepts would still be dear in a debug build.
        writeln!(text, "[limits]\nloopback_peers = true\n{}", self.extra).expect("text");
        text
    }
}

/// A configuration on disk, with nothing running.
#[derive(Debug)]
pub struct Prepared {
    /// Its address and issuer, without a slash at the end.
    pub base: String,
    /// Its tables, once something has made them.
    pub database: Database,
    /// Where its configuration lies.
    pub folder: PathBuf,
    name: String,
    redis: Option<Redis>,
    nodes: Vec<(PathBuf, u16, u16)>,
    balancer: Option<Balancer>,
}

impl Prepared {
    /// The first node's `idp.toml`.
    pub fn config(&self) -> &Path {
        &self.nodes[0].0
    }

    /// Runs a command with this configuration.
    pub async fn idp(&self, arguments: &[&str]) -> Ended {
        self.idp_with_key(MASTER_KEY, arguments).await
    }

    /// Runs a command with this configuration and another master key.
    pub async fn idp_with_key(&self, key: &str, arguments: &[&str]) -> Ended {
        idp(&self.folder, self.config(), key, arguments).await
    }

    /// Applies a federation file.
    pub async fn apply(&self, federation: &Value) -> Ended {
        self.apply_with(federation, &[]).await
    }

    /// Applies a federation file, with more options.
    pub async fn apply_with(&self, federation: &Value, options: &[&str]) -> Ended {
        let file = write_federation(&self.folder, federation);
        self.idp(&[&["apply", &file], options].concat()).await
    }

    /// Asks what applying a federation file would change, with more options.
    pub async fn plan(&self, federation: &Value, options: &[&str]) -> Ended {
        let file = write_federation(&self.folder, federation);
        self.idp(&[&["plan", &file], options].concat()).await
    }

    /// The names of all files in its folder.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.folder).expect("the folder");
        entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect()
    }

    /// Starts every node and waits until all are ready.
    pub async fn start_nodes(self) -> Broker {
        let mut nodes = vec![];
        for (index, (config, port, management)) in self.nodes.into_iter().enumerate() {
            let name = format!("{}-{index}", self.name);
            let process = launch(&name, &config, &[]);
            let management = format!("http://127.0.0.1:{management}");
            nodes.push(Node { management, config, name, port, process });
        }
        for node in &nodes {
            node.ready().await;
        }
        Broker {
            base: self.base,
            database: self.database,
            redis: self.redis,
            folder: self.folder,
            nodes,
            balancer: self.balancer,
        }
    }

    /// Starts the first node without waiting for anything.
    pub fn launch(&self) -> Process {
        launch(&format!("{}-bare", self.name), self.config(), &[])
    }

    /// The first node's management listener.
    pub fn management(&self) -> String {
        format!("http://127.0.0.1:{}", self.nodes[0].2)
    }
}

fn launch(name: &str, config: &Path, options: &[&str]) -> Process {
    Process::start(name, &tools::idp(), |command| {
        command.arg("serve").args(options).arg("--config").arg(config);
        command.current_dir(config.parent().expect("a folder"));
        command.env("IDP_TEST_MASTER_KEY", MASTER_KEY).env_remove("RUST_LOG");
    })
}

async fn idp(folder: &Path, config: &Path, key: &str, arguments: &[&str]) -> Ended {
    let config = config.to_str().expect("a path in UTF-8");
    let arguments = [arguments, &["--config", config]].concat();
    command::idp(folder, &arguments, &[("IDP_TEST_MASTER_KEY", key)]).await
}

fn write_federation(folder: &Path, federation: &Value) -> String {
    let file = folder.join("federation.json");
    std::fs::write(&file, federation.to_string()).expect("the federation file");
    file.into_os_string().into_string().expect("a path in UTF-8")
}

impl Broker {
    /// Sends the next connections to this node.
    pub fn lead_to(&self, node: usize) {
        let balancer = self.balancer.as_ref().expect("several nodes");
        balancer.lead_to(self.nodes[node].port);
    }

    /// Runs a command with this broker's configuration.
    pub async fn idp(&self, arguments: &[&str]) -> Ended {
        self.idp_with_key(MASTER_KEY, arguments).await
    }

    /// Runs a command with this broker's configuration and another master key.
    pub async fn idp_with_key(&self, key: &str, arguments: &[&str]) -> Ended {
        idp(&self.folder, &self.nodes[0].config, key, arguments).await
    }

    /// Runs a command by the hand of the machine's user of this name.
    pub async fn idp_as(&self, user: &str, arguments: &[&str]) -> Ended {
        let config = self.nodes[0].config.to_str().expect("a path in UTF-8");
        let arguments = [arguments, &["--config", config]].concat();
        let environment = [("IDP_TEST_MASTER_KEY", MASTER_KEY), ("SUDO_USER", user)];
        command::idp(&self.folder, &arguments, &environment).await
    }

    /// A copy of the first node's configuration for one more node on the same database.
    pub fn listening_elsewhere(&self) -> PathBuf {
        let node = &self.nodes[0];
        let port = |text: &str| text.rsplit(':').next().expect("a port").to_owned();
        let text = std::fs::read_to_string(&node.config).expect("idp.toml");
        let text = text
            .replace(&format!("127.0.0.1:{}", node.port), &format!("127.0.0.1:{}", free_port()))
            .replace(&port(&node.management), &free_port().to_string());
        let other = self.folder.join("idp-other.toml");
        std::fs::write(&other, text).expect("idp.toml");
        other
    }

    /// Runs a command with another configuration.
    pub async fn idp_with(&self, config: &Path, arguments: &[&str]) -> Ended {
        idp(&self.folder, config, MASTER_KEY, arguments).await
    }

    /// Applies a federation file to the running broker.
    pub async fn apply(&self, federation: &Value) -> Ended {
        let file = write_federation(&self.folder, federation);
        self.idp(&["apply", &file]).await
    }

    /// Asks what applying a federation file to the running broker would change.
    pub async fn plan(&self, federation: &Value) -> Ended {
        let file = write_federation(&self.folder, federation);
        self.idp(&["plan", &file]).await
    }

    /// What the nodes have logged.
    pub fn log(&self) -> String {
        self.nodes.iter().map(|node| node.process.log()).collect()
    }

    /// Kills one node as a power cut would.
    pub fn kill(&self, node: usize) {
        self.nodes[node].process.kill();
    }

    /// Starts a killed node again.
    pub async fn restart(&mut self, node: usize) {
        self.restart_with(node, &[]).await;
    }

    /// Starts a killed node again, with more options.
    pub async fn restart_with(&mut self, node: usize, options: &[&str]) {
        let node = &mut self.nodes[node];
        node.process = launch(&node.name, &node.config, options);
        node.ready().await;
    }

    /// Changes the text of a node's `idp.toml`.
    pub fn rewrite(&self, node: usize, change: impl FnOnce(&str) -> String) {
        let file = &self.nodes[node].config;
        let text = std::fs::read_to_string(file).expect("idp.toml");
        std::fs::write(file, change(&text)).expect("idp.toml");
    }
}

impl Node {
    /// Waits until it says that it is ready; answers how long that took.
    pub async fn ready(&self) -> Duration {
        let start = Instant::now();
        let (http, address) = (client(), format!("{}/readyz", self.management));
        until(&format!("{} to be ready", self.name), PATIENCE, async || {
            assert!(self.process.ended().is_none(), "{} ended:\n{}", self.name, self.process.log());
            http.get(&address).send().await.ok()?.status().is_success().then_some(())
        })
        .await;
        start.elapsed()
    }

    /// Its own address behind the balancer, without a slash at the end.
    pub fn base(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Its process.
    pub fn process(&self) -> &Process {
        &self.process
    }
}
