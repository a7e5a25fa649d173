//! A foreign mail server: the package aiosmtpd, which keeps what it is handed.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::process::{Process, until};
use crate::harness::{federation::merged, tools};

/// The running mail server.
#[derive(Debug)]
pub struct MailServer {
    process: Process,
}

/// A letter as the server got it.
#[derive(Clone, Debug)]
pub struct Letter(pub Value);

impl MailServer {
    /// Starts one on `port`, which takes what is said in the clear unless `settings` say otherwise.
    pub async fn start(port: u16, settings: Value) -> Option<Self> {
        let (python, folder) = tools::python_peers()?;
        let settings = merged(json!({"port": port}), settings);
        let script = folder.join("mail_server.py");
        let process = Process::start(&format!("mail-server-{port}"), &python, |command| {
            command.arg("-B").arg(&script).arg(settings.to_string());
        });
        until("the mail server to listen", Duration::from_secs(20), async || {
            assert!(process.ended().is_none(), "{} ended:\n{}", script.display(), process.log());
            process.log().contains("ready smtp").then_some(())
        })
        .await;
        Some(Self { process })
    }

    /// The lines of `idp.toml` for a broker on this machine that uses the server on `port`.
    pub fn section(port: u16) -> String {
        format!(
            "[mail]\nserver = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n\
             from = \"no-reply@sso.example.org\""
        )
    }

    /// The letters to `address` that it has accepted.
    pub fn letters(&self, address: &str) -> Vec<Letter> {
        let log = self.process.log();
        let letters = log.lines().filter_map(|line| serde_json::from_str(line).ok()).map(Letter);
        letters.filter(|letter| letter.0["to"] == json!([address])).collect()
    }

    /// Waits for `count` letters to `address`, for `limit` at most.
    pub async fn wait(&self, address: &str, count: usize, limit: Duration) -> Vec<Letter> {
        until(&format!("{count} letters to {address}"), limit, async || {
            Some(self.letters(address)).filter(|letters| letters.len() >= count)
        })
        .await
    }
}

impl Letter {
    /// Its subject.
    pub fn subject(&self) -> &str {
        self.0["subject"].as_str().expect("a subject")
    }

    /// What it says as plain text.
    pub fn plain(&self) -> &str {
        self.0["plain"].as_str().expect("a text")
    }
}
