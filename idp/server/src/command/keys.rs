//! `idp keys`: lists keys, or goes on with their rotation.

use std::path::Path;

use clap::{Subcommand, ValueEnum};
use idp_oidc::keys::Rotation;
use idp_store::keys::StoredKey;
use serde_json::json;

use super::{Ending, one_line, settings};
use crate::{
    clock,
    keys::{
        KeysError, SIGNING,
        saml::{SAML, SamlStep},
    },
    node::Memory,
    settings::Settings,
};

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
    ///
    /// SAML keys go step by step, for peers must read our metadata before each next one.
    Rotate {
        /// Which keys.
        #[arg(long, value_enum, default_value = "oidc")]
        purpose: Keys,
        /// What to do with SAML keys now.
        #[arg(long, value_enum, required_if_eq("purpose", "saml"))]
        step: Option<SamlStep>,
        /// For scripts.
        #[arg(long)]
        json: bool,
    },
}

/// What keys are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Keys {
    /// Those that sign tokens
    Oidc,
    /// Those of SAML
    Saml,
}

/// Does it.
pub(super) async fn run(path: &Path, command: &KeysCommand) -> Result<(), Ending> {
    let settings = settings(path)?;
    let memory = Memory::open(&settings, clock::now()).await?;
    let wrong = |error: &(dyn std::error::Error + 'static)| Ending::Wrong(one_line(error));
    let as_json = match command {
        KeysCommand::List { json } => *json,
        KeysCommand::Rotate { purpose: Keys::Saml, step: Some(step), json } => {
            let host = host(&settings);
            let stepped = memory.keys.step_saml(*step, &host, clock::now()).await;
            stepped.map_err(|error| match error {
                KeysError::Step(why) => Ending::No(Some(why.to_owned())),
                error => wrong(&error),
            })?;
            *json
        }
        KeysCommand::Rotate { json, .. } => {
            let rotated = memory.keys.follow(Rotation::Now, clock::now()).await;
            rotated.map_err(|error| wrong(&error))?;
            *json
        }
    };
    // Reading them all shows a wrong master key, too.
    memory.keys.load().await.map_err(|error| wrong(&error))?;
    let mut keys = memory.keys.stored(SIGNING).await.map_err(|error| wrong(&error))?;
    keys.extend(memory.keys.stored(SAML).await.map_err(|error| wrong(&error))?);
    if as_json {
        let list: Vec<_> = keys.iter().map(described).collect();
        println!("{}", json!({ "keys": list }));
    } else {
        for key in &keys {
            println!("{:4} {:8} {:8} {}", key.purpose, key.state.as_str(), key.alg, key.kid);
        }
    }
    memory.store.close().await;
    Ok(())
}

/// The name in the certificates around SAML keys.
fn host(settings: &Settings) -> String {
    settings.base_url.host_str().unwrap_or_default().to_owned()
}

fn described(key: &StoredKey) -> serde_json::Value {
    json!({
        "kid": key.kid,
        "purpose": key.purpose,
        "alg": key.alg,
        "state": key.state.as_str(),
        "created_at": key.created_at.seconds(),
        "active_from": key.active_from.map(idp_domain::Timestamp::seconds),
        "retired_at": key.retired_at.map(idp_domain::Timestamp::seconds),
        "gone_at": key.gone_at.map(idp_domain::Timestamp::seconds),
    })
}
