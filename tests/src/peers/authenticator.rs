//! Authenticators in software that do what no browser lets a page do: made of Yubico's fido2.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

use crate::harness::tools;

/// Who signs metadata files.
pub const METADATA_SIGNER: &str = "metadata.example";

/// A drawer of authenticators.
#[derive(Debug)]
pub struct SoftAuthenticators {
    pipe: Mutex<Pipe>,
}

#[derive(Debug)]
struct Pipe {
    _child: Child,
    asks: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

/// One authenticator of the drawer. It holds one credential: its latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoftAuthenticator(u64);

impl SoftAuthenticators {
    /// An empty drawer. Must be called on the runtime.
    pub fn start() -> Option<Self> {
        let (python, folder) = tools::python_peers()?;
        let mut child = Command::new(python)
            .arg("-B")
            .arg(folder.join("soft_authenticator.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the authenticators");
        let asks = child.stdin.take().expect("its input");
        let answers = BufReader::new(child.stdout.take().expect("its output")).lines();
        Some(Self { pipe: Mutex::new(Pipe { _child: child, asks, answers }) })
    }

    /// A new authenticator; `about` may say `aaguid` (hexadecimal), `be` and `bs`.
    pub async fn draw(&self, about: Value) -> SoftAuthenticator {
        let mut ask = about;
        ask["op"] = "new".into();
        SoftAuthenticator(self.ask(&ask).await["device"].as_u64().expect("a device"))
    }

    /// What `navigator.credentials.create()` would give for `options` at `origin`, but for what
    /// `change` says: see the program.
    pub async fn create(
        &self,
        device: SoftAuthenticator,
        options: &Value,
        origin: &str,
        change: Value,
    ) -> Value {
        self.act("create", device, options, origin, change).await
    }

    /// The same for `navigator.credentials.get()`.
    pub async fn get(
        &self,
        device: SoftAuthenticator,
        options: &Value,
        origin: &str,
        change: Value,
    ) -> Value {
        self.act("get", device, options, origin, change).await
    }

    /// The certificate in PEM with which the maker of all of them signs for their models.
    pub async fn maker(&self) -> String {
        self.ask(&json!({"op": "root"})).await["pem"].as_str().expect("a certificate").to_owned()
    }

    /// A file of FIDO MDS3 that trusts their maker for these models (UUIDs), and says of each what
    /// became of it (`FIDO_CERTIFIED_L1`, `REVOKED`). [`Self::maker`] is the root of its signature
    /// too, [`METADATA_SIGNER`] whose it is.
    pub async fn metadata(&self, models: Value) -> String {
        let made = self.ask(&json!({"op": "metadata", "models": models})).await;
        made["blob"].as_str().expect("a file").to_owned()
    }

    async fn act(
        &self,
        act: &str,
        device: SoftAuthenticator,
        options: &Value,
        origin: &str,
        change: Value,
    ) -> Value {
        let ask = json!({
            "op": act, "device": device.0, "options": options, "origin": origin, "change": change,
        });
        self.ask(&ask).await
    }

    async fn ask(&self, ask: &Value) -> Value {
        let mut pipe = self.pipe.lock().await;
        let line = format!("{ask}\n");
        pipe.asks.write_all(line.as_bytes()).await.expect("the authenticators to listen");
        pipe.asks.flush().await.expect("the authenticators to listen");
        let answer = pipe.answers.next_line().await.expect("the authenticators to answer");
        serde_json::from_str(&answer.expect("the authenticators to live")).expect("an answer")
    }
}
