//! `idp access-pass`: what opens the enrolment of a factor to somebody who has lost them all.

use std::path::Path;

use clap::{Args as Arguments, Subcommand};
use idp_broker::{DeskRefusal, IssuePass};
use idp_domain::{AccessPassId, AccountId, AgencyId, Lang};
use idp_factors::access_pass::PassLife;
use serde_json::json;

use super::{
    Ending,
    acting::{Acting, Whom, at, failed, faulted, parsed, reason, wrong},
};
use crate::federation::{export, file::FederationFile};

/// What to do with access passes.
#[derive(Subcommand)]
pub(super) enum AccessPassCommand {
    /// Issue a pass; it is shown once
    Issue(IssueArgs),
    /// Approve a pass that somebody else issued
    Approve {
        /// Its id
        pass: String,
        /// For scripts
        #[arg(long)]
        json: bool,
    },
}

/// Which pass to issue.
#[derive(Arguments)]
pub(super) struct IssueArgs {
    #[command(flatten)]
    whom: Whom,
    /// How long it opens enrolment: 1 to 120
    #[arg(long, default_value_t = 15)]
    minutes: u32,
    /// Why, for the trail
    #[arg(long)]
    reason: String,
    /// The agency whose help desk issues it, where the person belongs to several
    #[arg(long)]
    agency: Option<String>,
    /// For scripts
    #[arg(long)]
    json: bool,
}

/// Does it.
pub(super) async fn run(path: &Path, command: &AccessPassCommand) -> Result<(), Ending> {
    let acting = Acting::open(path).await?;
    let done = match command {
        AccessPassCommand::Issue(args) => issue(&acting, args).await,
        AccessPassCommand::Approve { pass, json } => approve(&acting, pass, *json).await,
    };
    acting.close().await;
    done
}

async fn issue(acting: &Acting, args: &IssueArgs) -> Result<(), Ending> {
    let reason = reason(&args.reason)?;
    let life = PassLife::minutes(args.minutes).map_err(|error| wrong("--minutes", &error))?;
    let account = acting.account(&args.whom).await?;
    let (agency, needs_approval) = desk(acting, &account, args.agency.as_deref()).await?;
    let pass = IssuePass {
        account: account.clone(),
        agency,
        needs_approval,
        by: acting.by.clone(),
        reason,
        life,
        lang: Lang::En,
        now: acting.now,
    };
    let issued = acting.desk.issue_access_pass(&pass).await.map_err(faulted)?;
    let issued = issued.map_err(refused)?;
    if args.json {
        let told = json!({
            "account": account.as_str(),
            "id": issued.id.as_str(),
            "pass": issued.shown.expose(),
            "expires_at": issued.expires_at.seconds(),
            "needs_approval": issued.needs_approval,
        });
        println!("{told}");
        return Ok(());
    }
    println!("{}", issued.shown.expose());
    println!("opens enrolment once, until {}; it is not shown again", at(issued.expires_at));
    if issued.needs_approval {
        println!("somebody else has to approve it: idp access-pass approve {}", issued.id);
    }
    Ok(())
}

async fn approve(acting: &Acting, pass: &str, as_json: bool) -> Result<(), Ending> {
    let id: AccessPassId = parsed("the pass", pass)?;
    let done = acting.desk.approve_access_pass(&id, &acting.by, acting.now).await;
    done.map_err(faulted)?.map_err(refused)?;
    if as_json {
        println!("{}", json!({ "id": id.as_str(), "approved_by": acting.by }));
    } else {
        println!("approved: the pass opens enrolment now");
    }
    Ok(())
}

/// The agency whose help desk acts, and whether its passes need an approval.
async fn desk(
    acting: &Acting,
    account: &AccountId,
    named: Option<&str>,
) -> Result<(AgencyId, bool), Ending> {
    let links = acting.store.accounts.links(account).await.map_err(failed)?;
    let catalog = acting.store.federation.load().await.map_err(failed)?;
    let file: FederationFile =
        export::file(catalog).map_err(|error| Ending::Wrong(error.to_string()))?;
    let sources = file.sources.iter().filter(|one| links.iter().any(|link| link.source == one.id));
    let mut agencies: Vec<_> = sources.map(|source| source.agency.clone()).collect();
    agencies.sort();
    agencies.dedup();
    let agency = match (named, agencies.as_slice()) {
        (Some(named), own) => {
            let named: AgencyId = parsed("--agency", named)?;
            if !own.contains(&named) {
                return Err(Ending::No(Some(format!("{account} does not belong to {named}"))));
            }
            named
        }
        (None, [agency]) => agency.clone(),
        (None, own) => {
            let own: Vec<_> = own.iter().map(AgencyId::as_str).collect();
            let text = format!("{account} belongs to {}: say --agency", own.join(", "));
            return Err(Ending::Wrong(text));
        }
    };
    let entry = file.agencies.iter().find(|entry| entry.id == agency);
    let needs_approval = entry.is_some_and(|entry| entry.factors.approve_access_passes);
    Ok((agency, needs_approval))
}

fn refused(refusal: DeskRefusal) -> Ending {
    Ending::No(Some(
        match refusal {
            DeskRefusal::Unknown => "there is no such account that may sign in, or no such pass",
            DeskRefusal::SamePerson => "whoever issued a pass does not approve it",
            DeskRefusal::Over => "the pass is over, was used, or needs no approval",
        }
        .to_owned(),
    ))
}
