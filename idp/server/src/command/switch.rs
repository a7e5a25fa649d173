//! `idp switch`: the kill switch.

use std::path::Path;

use clap::{Args as Arguments, Subcommand, ValueEnum};
use idp_domain::Switched;
use idp_store::switches::Switch;
use serde_json::json;

use super::{
    Ending,
    acting::{Acting, at, failed, reason, wrong},
};

/// What to do with switches.
#[derive(Subcommand)]
pub(super) enum SwitchCommand {
    /// Put something out of use, at once and everywhere
    Off(What),
    /// Put it back into use; what ended stays ended
    On(What),
    /// List what is out of use
    List {
        /// For scripts
        #[arg(long)]
        json: bool,
    },
}

/// What to switch.
#[derive(Arguments)]
pub(super) struct What {
    /// Of which kind it is
    #[arg(value_enum)]
    kind: Kind,
    /// Its id
    id: String,
    /// Why, for the trail
    #[arg(long)]
    reason: String,
    /// For scripts
    #[arg(long)]
    json: bool,
}

/// What can be switched.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// A source: nobody signs in there
    Source,
    /// An agency: all its sources, and its services get no answers
    Agency,
    /// A relying party: it gets no answers
    RelyingParty,
    /// An account: the person signs in nowhere
    Account,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Agency => "agency",
            Self::RelyingParty => "relying_party",
            Self::Account => "account",
        }
    }
}

/// Does it.
pub(super) async fn run(path: &Path, command: &SwitchCommand) -> Result<(), Ending> {
    let acting = Acting::open(path).await?;
    let done = match command {
        SwitchCommand::Off(what) => throw(&acting, what, true).await,
        SwitchCommand::On(what) => throw(&acting, what, false).await,
        SwitchCommand::List { json } => list(&acting, *json).await,
    };
    acting.close().await;
    done
}

async fn throw(acting: &Acting, args: &What, off: bool) -> Result<(), Ending> {
    let reason = reason(&args.reason)?;
    let what =
        Switched::parse(args.kind.as_str(), &args.id).map_err(|error| wrong("ID", &error))?;
    let nothing = || Ending::No(Some(format!("there is no {what}")));
    if off && !acting.store.switches.is_known(&what).await.map_err(failed)? {
        return Err(nothing());
    }
    let switch = Switch {
        what: what.clone(),
        off,
        by: acting.by.clone(),
        reason: reason.as_str().to_owned(),
        now: acting.now,
    };
    let thrown = acting.store.journal.switch(switch, None).await.map_err(failed)?;
    let thrown = thrown.ok_or_else(nothing)?;
    let (sessions, grants) = (thrown.total.sessions, thrown.total.grants);
    if args.json {
        let line = json!({
            "kind": what.kind(),
            "id": what.id(),
            "off": off,
            "changed": thrown.changed,
            "sessions": sessions,
            "grants": grants,
        });
        println!("{line}");
        return Ok(());
    }
    let state = if off { "off" } else { "on" };
    let before = if thrown.changed { "" } else { " already" };
    println!("{what} is {state}{before}; {sessions} sessions and {grants} grants ended");
    Ok(())
}

async fn list(acting: &Acting, as_json: bool) -> Result<(), Ending> {
    let all = acting.store.switches.all().await.map_err(failed)?;
    let off: Vec<_> = all.into_iter().filter(|one| one.off).collect();
    if as_json {
        let off = off.iter().map(|one| {
            json!({
                "kind": one.what.kind(),
                "id": one.what.id(),
                "since": one.since.seconds(),
                "by": one.by,
                "reason": one.reason,
            })
        });
        println!("{}", json!({ "off": off.collect::<Vec<_>>() }));
        return Ok(());
    }
    for one in &off {
        println!("{}: since {}, by {}: {}", one.what, at(one.since), one.by, one.reason);
    }
    if off.is_empty() {
        println!("nothing is out of use");
    }
    Ok(())
}
