//! `idp audit`: is the trail whole, and what in it wants eyes?

use std::path::Path;

use clap::Subcommand;
use idp_domain::{
    AccountId, AgencyId, AuditEvent, Lifetime, RelyingPartyId, SessionId, SourceId, Timestamp,
};
use idp_saml::xml::read_instant;
use idp_store::{Store, audit::ListedAlert};
use idp_web::api::alerts::{MAX_PAGE, Shown};
use serde_json::json;

use super::{
    Ending,
    acting::{at, failed, wrong},
    settings,
};
use crate::{clock, node::Memory};

/// How far back alerts are shown, unless somebody says.
const RECENT: Lifetime = Lifetime::hours(24);

/// What to do with the trail.
#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Verify that no line of the trail was changed, taken out or put in
    Verify {
        /// For scripts.
        #[arg(long)]
        json: bool,
    },
    /// List what somebody should look at now, the earliest first
    Alerts {
        /// From this instant on, such as 2026-11-22T21:00:00Z; of the last 24 hours without it
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// For scripts
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub(super) async fn run(path: &Path, command: &AuditCommand) -> Result<(), Ending> {
    let now = clock::now();
    let store = Memory::open(&settings(path)?, now).await?.store;
    let done = match command {
        AuditCommand::Verify { json } => verify(&store, *json).await,
        AuditCommand::Alerts { since, json } => {
            let since = since.as_deref().map(read_instant).transpose();
            match since.map_err(|error| wrong("--since", &error)) {
                Ok(since) => alerts(&store, since.unwrap_or(now.minus(RECENT)), *json).await,
                Err(wrong) => Err(wrong),
            }
        }
    };
    store.close().await;
    done
}

async fn verify(store: &Store, as_json: bool) -> Result<(), Ending> {
    let mut chains = Vec::new();
    let mut whole = true;
    for chain in store.audit.chains().await.map_err(failed)? {
        let verified = store.audit.verify(&chain).await.map_err(failed)?;
        let broken = verified.broken.as_ref().map(|(seq, how)| format!("line {seq}: {how:?}"));
        whole &= broken.is_none();
        if !as_json {
            let said = broken.as_deref().unwrap_or("whole");
            let unlisted = match verified.unlisted {
                0 => String::new(),
                alerts => format!("; {alerts} alerts are on no list"),
            };
            println!("{chain} {} lines: {said}{unlisted}", verified.rows);
        }
        chains.push(json!({
            "chain": chain,
            "lines": verified.rows,
            "unlisted_alerts": verified.unlisted,
            "broken": broken,
        }));
    }
    if as_json {
        println!("{}", json!({ "whole": whole, "chains": chains }));
    }
    if whole { Ok(()) } else { Err(Ending::No(Some("the trail is broken".to_owned()))) }
}

async fn alerts(store: &Store, since: Timestamp, as_json: bool) -> Result<(), Ending> {
    let (mut after, mut shown) = (0, Vec::new());
    loop {
        let page = store.audit.alerts(after, since, MAX_PAGE).await.map_err(failed)?;
        let Some(last) = page.last() else { break };
        after = last.position;
        for listed in &page {
            let event = listed.row.event();
            let event = event.ok_or_else(|| Ending::No(Some("the trail is broken".to_owned())))?;
            if as_json {
                shown.push(json!(Shown::new(listed, &event)));
            } else {
                println!("{}", people(listed, &event));
            }
        }
    }
    if as_json {
        println!("{}", json!({ "alerts": shown, "next": after }));
    } else if after == 0 {
        println!("no alerts since {}", at(since));
    }
    Ok(())
}

fn people(listed: &ListedAlert, event: &AuditEvent) -> String {
    let about = [
        ("account", event.account.as_ref().map(AccountId::as_str)),
        ("agency", event.agency.as_ref().map(AgencyId::as_str)),
        ("source", event.source.as_ref().map(SourceId::as_str)),
        ("relying party", event.relying_party.as_ref().map(RelyingPartyId::as_str)),
        ("session", event.session.as_ref().map(SessionId::as_str)),
    ];
    let about = about.into_iter().filter_map(|(what, id)| Some(format!(", {what} {}", id?)));
    let place = &listed.row.place;
    let reason = if event.reason.is_empty() { "" } else { " " };
    format!(
        "{} {}{reason}{}{} ({} line {})",
        at(event.at),
        event.kind.as_str(),
        event.reason.escape_debug(),
        about.collect::<String>(),
        place.chain,
        place.seq,
    )
}
