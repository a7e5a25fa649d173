//! `idp keys`: lists signing keys, or begins their rotation.

use std::path::Path;

use clap::Subcommand;
use idp_oidc::keys::Rotation;
use idp_store::keys::{KeyState, StoredKey};
use serde_json::json;

use super::{Ending, one_line, settings};
use crate::{clock, node::Memory};

/// What to do with the keys.
#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// List the keys and their states
    List {
        /// For scripts.
        #[arg(long)]
        json: bool,
    },
    /// Publish the next keys now; each signs when it has been published long enough
    Rotate {
        /// For scripts.
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub(super) async fn run(path: &Path, command: &KeysCommand) -> Result<(), Ending> {
    let settings = settings(path)?;
    let memory = Memory::open(&settings, clock::now()).await?;
    let wrong = |error: &(dyn std::error::Error + 'static)| Ending::Wrong(one_line(error));
    let as_json = match command {
        KeysCommand::List { json } => *json,
        KeysCommand::Rotate { json } => {
            let rotated = memory.keys.follow(Rotation::Now, clock::now()).await;
            rotated.map_err(|error| wrong(&error))?;
            *json
        }
    };
    // Reading them all shows a wrong master key, too.
    memory.keys.load().await.map_err(|error| wrong(&error))?;
    let keys = memory.keys.stored().await.map_err(|error| wrong(&error))?;
    let keys: Vec<_> = keys.into_iter().filter(|key| key.state != KeyState::Gone).collect();
    if as_json {
        let list: Vec<_> = keys.iter().map(described).collect();
        println!("{}", json!({ "keys": list }));
    } else {
        for key in &keys {
            println!("{:8} {:7} {}", key.state.as_str(), key.alg, key.kid);
        }
    }
    memory.store.close().await;
    Ok(())
}

fn described(key: &StoredKey) -> serde_json::Value {
    json!({
        "kid": key.kid,
        "alg": key.alg,
        "state": key.state.as_str(),
        "created_at": key.created_at.seconds(),
        "active_from": key.active_from.map(idp_domain::Timestamp::seconds),
        "retired_at": key.retired_at.map(idp_domain::Timestamp::seconds),
        "gone_at": key.gone_at.map(idp_domain::Timestamp::seconds),
    })
}
