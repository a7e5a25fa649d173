//! `idp check`: is the configuration workable? Nothing is started, nothing is written.

use std::path::Path;

use clap::Args as Arguments;
use serde_json::json;

use super::{Ending, settings};

/// How to say it.
#[derive(Arguments)]
pub(super) struct Args {
    /// For scripts.
    #[arg(long)]
    json: bool,
}

/// Checks.
pub(super) fn run(path: &Path, args: &Args) -> Result<(), Ending> {
    let settings = settings(path)?;
    let mut warnings: Vec<_> = settings.passkeys.warnings.iter().map(String::as_str).collect();
    if settings.loopback_peers {
        warnings.push("[limits] loopback_peers = true is for tests and demonstrations only");
    }
    if settings.redis.is_none() {
        warnings.push("[redis] is absent: one node only, and a restart signs everybody out");
    }
    if settings.database.expose().starts_with("sqlite") {
        warnings.push("[database] is SQLite: one node only");
    }
    if settings.mail.is_none() {
        warnings.push("[mail] is absent: nobody is told of changes to their account");
    }
    if args.json {
        println!("{}", json!({ "ok": true, "warnings": warnings }));
        return Ok(());
    }
    for warning in warnings {
        eprintln!("idp: warning: {warning}");
    }
    println!("{} is workable; the issuer is {}", path.display(), settings.issuer);
    Ok(())
}
