//! The other side of every message: providers, relying parties, and attackers.

pub mod apache;
pub mod authenticator;
pub mod canary;
pub mod hostile;
pub mod mail_server;
pub mod openid_provider;
pub mod relying_party;
pub mod saml;

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::harness::process::{Process, until};
use crate::harness::tools;

/// Starts a Node program of `tests/peers` and waits for its word that it listens.
async fn node(name: &str, script: &str, settings: &Value) -> Option<Process> {
    let folder = tools::node_peers()?;
    let node = tools::program("LP_NODE", "node")?;
    let script = folder.join(script);
    let process = Process::start(name, &node, |command| {
        command.arg(&script).arg(settings.to_string()).current_dir(&folder);
        // A proxy or certificate of the machine has no business on loopback.
        command.env_remove("NODE_EXTRA_CA_CERTS").env_remove("NODE_OPTIONS");
    });
    listening(&process, &script).await;
    Some(process)
}

async fn listening(process: &Process, script: &Path) {
    until(&format!("{} to listen", script.display()), Duration::from_secs(20), async || {
        assert!(process.ended().is_none(), "{} ended:\n{}", script.display(), process.log());
        process.log().contains("ready http").then_some(())
    })
    .await;
}
