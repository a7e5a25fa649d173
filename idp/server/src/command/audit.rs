//! `idp audit verify`: is the trail whole?

use std::path::Path;

use clap::Subcommand;
use serde_json::json;

use super::{Ending, one_line, settings};
use crate::{clock, node::Memory};

/// What to do with the trail.
#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Verify that no line of the trail was changed, taken out or put in
    Verify {
        /// For scripts.
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub(super) async fn run(path: &Path, command: &AuditCommand) -> Result<(), Ending> {
    let AuditCommand::Verify { json: as_json } = command;
    let settings = settings(path)?;
    let memory = Memory::open(&settings, clock::now()).await?;
    let wrong = |error: idp_store::StoreError| Ending::Wrong(one_line(&error));
    let mut chains = Vec::new();
    let mut whole = true;
    for chain in memory.store.audit.chains().await.map_err(wrong)? {
        let verified = memory.store.audit.verify(&chain).await.map_err(wrong)?;
        let broken = verified.broken.as_ref().map(|(seq, how)| format!("line {seq}: {how:?}"));
        whole &= broken.is_none();
        if !*as_json {
            let said = broken.as_deref().unwrap_or("whole");
            println!("{chain} {} lines: {said}", verified.rows);
        }
        chains.push(json!({ "chain": chain, "lines": verified.rows, "broken": broken }));
    }
    memory.store.close().await;
    if *as_json {
        println!("{}", json!({ "whole": whole, "chains": chains }));
    }
    if whole { Ok(()) } else { Err(Ending::No(Some("the trail is broken".to_owned()))) }
}
