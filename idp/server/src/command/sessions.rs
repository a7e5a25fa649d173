//! `idp sessions`: who is signed in, and the end of it.

use std::path::Path;

use clap::{Args as Arguments, Subcommand};
use idp_domain::{AuditEvent, Lifetime, audit::AuditKind};
use idp_store::{
    journal::{By, Unit},
    sessions::{EndSessions, Listed, Of},
};
use idp_web::api::sessions::described;
use serde_json::json;

use super::{
    Ending,
    acting::{Acting, at, failed, parsed, reason},
};

/// Sessions that are read at a time.
const PAGE: u32 = 200;
/// How exactly it is kept when a session was last used.
const EXACT: Lifetime = Lifetime::minutes(1);

/// What to do with sessions.
#[derive(Subcommand)]
pub(super) enum SessionsCommand {
    /// List live sessions, the latest first
    List {
        #[command(flatten)]
        whose: Whose,
        /// How many at most
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// For scripts
        #[arg(long)]
        json: bool,
    },
    /// End them, with the grants that rest on them
    End {
        #[command(flatten)]
        whose: Whose,
        /// Why, for the trail
        #[arg(long)]
        reason: String,
        /// For scripts
        #[arg(long)]
        json: bool,
    },
}

/// Whose sessions.
#[derive(Arguments)]
#[group(skip)]
pub(super) struct Whose {
    #[command(flatten)]
    one: One,
    /// Of those, the ones that rest on what the source calls by this name: a `sid`, a
    /// `SessionIndex`
    #[arg(long, value_name = "MARK", requires = "source")]
    source_session: Option<String>,
}

/// What they have in common.
#[derive(Arguments)]
#[group(required = true, multiple = false)]
struct One {
    /// This one
    #[arg(long)]
    session: Option<String>,
    /// Those of this account
    #[arg(long)]
    account: Option<String>,
    /// Those that rest on sources of this agency
    #[arg(long)]
    agency: Option<String>,
    /// Those that rest on this source
    #[arg(long)]
    source: Option<String>,
    /// Those of which this relying party was told
    #[arg(long)]
    relying_party: Option<String>,
}

impl Whose {
    async fn of(&self, acting: &Acting) -> Result<Of, Ending> {
        match (&self.one, &self.source_session) {
            (One { source: Some(id), .. }, Some(mark)) => {
                let source = parsed("--source", id)?;
                acting.store.sessions.of_source_session(&source, mark).await.map_err(failed)
            }
            (One { session: Some(id), .. }, None) => parsed("--session", id).map(Of::Session),
            (One { account: Some(id), .. }, None) => parsed("--account", id).map(Of::Account),
            (One { agency: Some(id), .. }, None) => parsed("--agency", id).map(Of::Agency),
            (One { source: Some(id), .. }, None) => parsed("--source", id).map(Of::Source),
            (One { relying_party: Some(id), .. }, None) => {
                parsed("--relying-party", id).map(Of::RelyingParty)
            }
            _ => Err(Ending::Wrong("say whose sessions".to_owned())),
        }
    }
}

/// Does it.
pub(super) async fn run(path: &Path, command: &SessionsCommand) -> Result<(), Ending> {
    let acting = Acting::open(path).await?;
    let done = match command {
        SessionsCommand::List { whose, limit, json } => list(&acting, whose, *limit, *json).await,
        SessionsCommand::End { whose, reason, json } => end(&acting, whose, reason, *json).await,
    };
    acting.close().await;
    done
}

async fn list(acting: &Acting, whose: &Whose, limit: u32, as_json: bool) -> Result<(), Ending> {
    let of = whose.of(acting).await?;
    let used_since = acting.now.minus(acting.settings.sessions.idle).minus(EXACT);
    let (mut sessions, mut after) = (Vec::new(), None);
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    loop {
        let page = acting.store.sessions.live(&of, acting.now, used_since, after.as_ref(), PAGE);
        let page = page.await.map_err(failed)?;
        sessions.extend(page.sessions);
        after = page.next;
        if after.is_none() || sessions.len() >= most {
            break;
        }
    }
    let more = after.is_some() || sessions.len() > most;
    sessions.truncate(most);
    if as_json {
        let list: Vec<_> = sessions.iter().map(described).collect();
        println!("{}", json!({ "sessions": list, "more": more }));
        return Ok(());
    }
    for session in &sessions {
        println!("{}", people(session));
    }
    if more {
        println!("and more: say --limit");
    } else if sessions.is_empty() {
        println!("nobody is signed in");
    }
    Ok(())
}

async fn end(acting: &Acting, whose: &Whose, why: &str, as_json: bool) -> Result<(), Ending> {
    let (of, why) = (whose.of(acting).await?, reason(why)?);
    if let Of::Session(id) = &of
        && acting.store.sessions.find(id).await.map_err(failed)?.is_none()
    {
        return Err(Ending::No(Some(format!("there is no session `{id}`"))));
    }
    let asked = AuditEvent::new(AuditKind::SessionEnded, acting.now);
    let asked = acting.signed(asked.because_of("administrator_asked").with("why", why.as_str()));
    let asked = match of.clone() {
        Of::Account(id) => AuditEvent { account: Some(id), ..asked },
        Of::Agency(id) => AuditEvent { agency: Some(id), ..asked },
        Of::RelyingParty(id) => AuditEvent { relying_party: Some(id), ..asked },
        Of::Source(source) | Of::SourceSession { source, .. } => {
            AuditEvent { source: Some(source), ..asked }
        }
        Of::Session(id) => AuditEvent { session: Some(id), ..asked },
    };
    acting.store.journal.commit(Unit::record(vec![asked])).await.map_err(failed)?;
    let end =
        EndSessions { of, except: None, offline: true, because: "administrator", now: acting.now };
    let by = By { name: acting.by.clone(), address: None };
    let total = acting.store.journal.end_sessions(end, &by).await.map_err(failed)?;
    if as_json {
        println!("{}", json!({ "sessions": total.sessions, "grants": total.grants }));
    } else {
        println!("{} sessions and {} grants ended", total.sessions, total.grants);
    }
    Ok(())
}

fn people(session: &Listed) -> String {
    let services: Vec<_> =
        session.services.iter().map(|service| service.relying_party.as_str()).collect();
    let services = if services.is_empty() { "no service".to_owned() } else { services.join(", ") };
    format!(
        "{} account {} through {} since {}, used {} from {} ({}), at {services}",
        session.id,
        session.account,
        session.source,
        at(session.started_at),
        at(session.used_at),
        session.address,
        session.browser,
    )
}
