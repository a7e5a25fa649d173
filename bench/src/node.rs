//! The node that is measured: its configuration, its federation, and its process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::connection::Connection;
use crate::options::Options;

/// The relying party that asks.
pub(crate) const PARTY: &str = "bench";
/// `bench`, and a secret of the benchmark's own.
pub(crate) const AUTHORIZATION_OF_PARTY: &str =
    "Basic YmVuY2g6c2VjcmV0LW9mLXRoZS1iZW5jaG1hcmstMDEyMzQ1Njc4OQ==";
const SECRET_SHA256: &str = "ee070f2f9eacfdd05b14658be4396e8252d7bc5e8e42e608b233c3c6ed503105";
/// Where its answers go, encoded: nobody listens there.
pub(crate) const REDIRECT_URI: &str = "https%3A%2F%2Fbench.example%2Fcb";
/// Where people's accounts are.
pub(crate) const SOURCE: &str = "partners";
/// The person behind all sessions.
pub(crate) const USERNAME: &str = "ada";
/// Her password.
pub(crate) const PASSWORD: &str = "correct-horse-battery-staple";

const MASTER_KEY: &str = "dGhlIG1hc3RlciBrZXkgb2YgYSBiZW5jaG1hcmsgMDE=";
/// How long a node may take to be ready, and a federation to be applied.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server that runs, until this is dropped.
pub(crate) struct Server {
    /// Its process.
    pub(crate) pid: u32,
    /// Where it listens.
    pub(crate) port: u16,
    /// From its start to its first right answer.
    pub(crate) started_in: Duration,
    process: Child,
}

/// A node's files, before it runs.
pub(crate) struct Plan<'a> {
    options: &'a Options,
    folder: PathBuf,
    config: PathBuf,
    port: u16,
    management: u16,
}

/// A program on the processor that is measured.
pub(crate) fn measured(program: &Path, pinned: bool) -> Command {
    let mut command = if pinned {
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", "0"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

impl Server {
    /// Starts `command` and waits until `path` is answered.
    pub(crate) async fn start(mut command: Command, port: u16, path: &str) -> Result<Self> {
        let begun = Instant::now();
        let mut process = command.spawn().context("the server does not start")?;
        let pid = process.id().context("the server ended at once")?;
        let mut connection = Connection::to(port);
        while !connection.send(path, &[], None).await.is_ok_and(|answer| answer.status == 200) {
            if let Some(status) = process.try_wait()? {
                bail!("the server ended with {status}");
            }
            if begun.elapsed() > PATIENCE {
                bail!("the server is not ready after {} s", PATIENCE.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(Self { pid, port, started_in: begun.elapsed(), process })
    }

    /// Ends it as a power cut would.
    pub(crate) async fn end(mut self) -> Result<()> {
        Ok(self.process.kill().await?)
    }
}

impl<'a> Plan<'a> {
    /// Writes the configuration of a node called `name` on these stores.
    pub(crate) async fn write(
        options: &'a Options,
        name: &str,
        database: Option<&str>,
        redis: Option<&str>,
    ) -> Result<Self> {
        let folder = options.folder.join(name);
        fs::create_dir(&folder)?;
        let config = folder.join("idp.toml");
        let (port, management) = (free_port().await?, free_port().await?);
        let sqlite = format!("sqlite:{}", folder.join("idp.sqlite").display());
        let redis = redis.map(|url| format!("[redis]\nurl = \"{url}\"\n")).unwrap_or_default();
        let text = format!(
            "[server]\n\
             base_url = \"http://localhost:{port}\"\n\
             {public}\n\
             {managed}\n\
             [database]\nurl = \"{database}\"\n\
             {redis}\
             [keys]\nmaster = {{ env = \"IDP_BENCH_MASTER_KEY\" }}\n\
             [telemetry]\nlog = \"warn\"\n\
             [limits]\nattempts_per_address = 100000\nattempts_per_account = 100000\n",
            public = listen("listen", port),
            managed = listen("management_listen", management),
            database = database.unwrap_or(&sqlite),
        );
        fs::write(&config, text)?;
        Ok(Self { options, folder, config, port, management })
    }

    /// Applies a federation, and says how long that took.
    pub(crate) async fn apply(&self, federation: &Value) -> Result<Duration> {
        let file = self.folder.join("federation.json");
        fs::write(&file, federation.to_string())?;
        let begun = Instant::now();
        let mut command = self.idp("apply", false);
        command.arg(&file).stdout(Stdio::null()).stderr(Stdio::piped());
        let output = tokio::time::timeout(PATIENCE, command.output()).await;
        let output = output.context("idp apply takes too long")??;
        if !output.status.success() {
            bail!("idp apply: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(begun.elapsed())
    }

    /// A second node of the same broker: the same stores and names, but ports of its own.
    pub(crate) async fn twin(&self) -> Result<Self> {
        let (port, management) = (free_port().await?, free_port().await?);
        let text = fs::read_to_string(&self.config)?;
        let text = text.replace(&listen("listen", self.port), &listen("listen", port)).replace(
            &listen("management_listen", self.management),
            &listen("management_listen", management),
        );
        let config = self.folder.join("twin.toml");
        fs::write(&config, text)?;
        Ok(Self { options: self.options, folder: self.folder.clone(), config, port, management })
    }

    /// A token of the administration API with this role.
    pub(crate) async fn api_token(&self, role: &str) -> Result<String> {
        let mut command = self.idp("token", false);
        command.args(["create", "--name", "bench", "--role", role]);
        let output = tokio::time::timeout(PATIENCE, command.output()).await;
        let output = output.context("idp token takes too long")??;
        if !output.status.success() {
            bail!("idp token: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let said = String::from_utf8(output.stdout)?;
        let token = said.split_whitespace().find(|word| word.starts_with("lpat_"));
        token.map(str::to_owned).context("idp token shows no token")
    }

    /// Starts the node for the first time, when it makes its keys, and then again to stay.
    pub(crate) async fn serve_again(&self) -> Result<(Duration, Server)> {
        let first = self.serve().await?;
        let took = first.started_in;
        first.end().await?;
        Ok((took, self.serve().await?))
    }

    /// Starts the node on what it keeps.
    pub(crate) async fn serve(&self) -> Result<Server> {
        let path = "/.well-known/openid-configuration";
        let server = Server::start(self.idp("serve", self.options.pinned), self.port, path).await?;
        Connection::to(self.management).send("/readyz", &[], None).await?.text(200)?;
        Ok(server)
    }

    fn idp(&self, command: &str, pinned: bool) -> Command {
        let mut process = measured(&self.options.idp, pinned);
        process.arg(command).arg("--config").arg(&self.config);
        process.current_dir(&self.folder).env("IDP_BENCH_MASTER_KEY", MASTER_KEY);
        process
    }
}

/// A line of the configuration.
fn listen(key: &str, port: u16) -> String {
    format!("{key} = \"127.0.0.1:{port}\"")
}

/// A port that nobody listens on now.
pub(crate) async fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0)).await?.local_addr()?.port())
}

/// A federation with one agency that has local accounts, and so many more of each.
pub(crate) fn federation(agencies: usize, parties: usize) -> Value {
    let mut file = json!({
        "agencies": [{
            "id": "office", "names": {"en": "Partners Office"},
            "domains": ["office.example"], "scopes": ["office.example"],
        }],
        "sources": [{
            "id": SOURCE, "agency": "office", "kind": "local",
            "connection": {"accounts": [{
                "username": USERNAME, "password": PASSWORD,
                "attributes": {"displayName": "Ada Partner", "mail": "ada@office.example"},
            }]},
        }],
        "relying_parties": [],
    });
    let mut push = |list: &str, entry: Value| {
        if let Some(list) = file.get_mut(list).and_then(Value::as_array_mut) {
            list.push(entry);
        }
    };
    for number in 1..agencies {
        let id = format!("agency-{number}");
        push(
            "agencies",
            json!({
                "id": id, "domains": [format!("a{number}.example")],
                "names": {
                    "en": format!("Agency {number} for Measurement"),
                    "fr": format!("Agence {number} de la mesure"),
                },
                "aliases": [format!("A{number}M")],
            }),
        );
        push(
            "sources",
            json!({
                "id": id, "agency": id, "kind": "oidc",
                "connection": {
                    "issuer": format!("https://op-{number}.example"),
                    "client_id": "broker", "client_secret": "secret-of-the-benchmark",
                },
            }),
        );
    }
    for number in 0..parties {
        push("relying_parties", party(number));
    }
    file
}

fn party(number: usize) -> Value {
    let id = if number == 0 { PARTY.to_owned() } else { format!("party-{number}") };
    json!({
        "id": id, "agency": "office", "kind": "oidc",
        "names": {"en": format!("Application {number}")},
        "attributes": ["mail", "displayName"],
        "connection": {
            "client_secrets": [{"sha256": SECRET_SHA256}],
            "redirect_uris": [format!("https://{id}.example/cb")],
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "scopes": ["openid", "profile", "email", "offline_access"],
            "offline_access": true,
        },
    })
}
