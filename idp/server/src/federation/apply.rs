//! Applying a federation file: everything is judged before anything is written, documents change as
//! a whole or not at all, and applying twice changes nothing.

use idp_domain::{AuditEvent, Fault, audit::AuditKind};
use idp_factors::password::HashError;
use idp_fetch::FetchError;
use idp_store::{
    Act, Outcome, StoreError, Unit,
    federation::{Changes, DocChange},
};
use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use super::{
    Context,
    accounts::{self, AccountChange, AccountCount},
    desired::{Desired, entries, judge},
    error::FederationError,
    file::FederationFile,
    plan::{Action, Change, plan},
};

/// How many of the changed entries the trail names.
const NAMED: usize = 10;

/// Why a file was not applied.
#[derive(Debug, Error)]
pub(crate) enum ApplyError {
    /// The file is wrong; nothing was written.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<FederationError>),
    /// Somebody else changed the federation meanwhile; nothing was written.
    #[error("the federation was changed by somebody else in the meantime: look again with `plan`")]
    Conflict,
    /// Some local accounts were changed by somebody else meanwhile; everything else is written.
    #[error("{count} local accounts were changed by somebody else in the meantime: apply again")]
    Accounts {
        /// How many.
        count: usize,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The connections could not be judged.
    #[error("outbound requests cannot be judged: {0}")]
    Outbound(#[from] FetchError),
    /// Our own failure.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The issuer is no address.
    #[error("{0} is no address of the broker")]
    Issuer(String),
    /// No name could be made for an account.
    #[error("no name could be made for a local account")]
    Subject,
    /// The process is ending.
    #[error("the writing of local accounts was stopped")]
    Stopped,
}

/// What applying a file changes; nothing is written yet.
pub(crate) struct Prepared {
    against: i64,
    docs: Vec<DocChange>,
    accounts: Vec<AccountChange>,
    /// What it is and means, for people and scripts.
    pub(crate) plan: Plan,
}

/// The difference between what is and what is wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Plan {
    /// Entries that change.
    pub(crate) changes: Vec<Change>,
    /// Local accounts that change, by source.
    pub(crate) accounts: Vec<AccountCount>,
}

impl Plan {
    /// Whether everything is as it should be.
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.accounts.is_empty()
    }

    /// How many entries are new, changed and removed.
    pub(crate) fn counts(&self) -> [usize; 3] {
        let count = |wanted: fn(&Action) -> bool| {
            self.changes.iter().filter(|change| wanted(&change.action)).count()
        };
        [
            count(|action| matches!(action, Action::Create)),
            count(|action| matches!(action, Action::Update(_))),
            count(|action| matches!(action, Action::Remove)),
        ]
    }
}

/// Judges `file` against what is there, and says what applying it would change.
pub(crate) async fn prepare(
    context: &Context,
    file: FederationFile,
    prune: bool,
) -> Result<Prepared, ApplyError> {
    let catalog = context.store.federation.load().await?;
    let against = catalog.version;
    let is = entries(catalog);
    let Desired { documents: wanted, people } = judge(context, file, &is, prune)?;
    let changes = plan(&is, &wanted, prune, context.surroundings());
    let docs = changes.iter().map(|change| {
        let key = (change.kind, change.id.clone());
        let text = match change.action {
            Action::Create | Action::Update(_) => wanted.get(&key).map(Value::to_string),
            Action::Remove => None,
        };
        DocChange { kind: change.kind.as_str().to_owned(), id: key.1, text }
    });
    let docs = docs.collect();
    let (mut accounts, mut counts) = (Vec::new(), Vec::new());
    for (source, people) in people {
        let (some, count) = accounts::compare(context, &source, people).await?;
        if !some.is_empty() {
            accounts.extend(some);
            counts.push(count);
        }
    }
    Ok(Prepared { against, docs, accounts, plan: Plan { changes, accounts: counts } })
}

impl Prepared {
    /// Writes the changes, with their lines in the trail.
    pub(crate) async fn commit(self, context: &Context) -> Result<Plan, ApplyError> {
        // Slow and able to fail, so before anything is written.
        let accounts = accounts::hash(context, self.accounts).await?;
        if !self.docs.is_empty() {
            let event = event(&self.plan, context);
            let act = Act::ChangeFederation(Changes { against: self.against, docs: self.docs });
            let unit = Unit::telling(act, move |outcome| match outcome {
                Outcome::Applied { version } => {
                    vec![event.clone().with("version", version.to_string())]
                }
                _ => Vec::new(),
            });
            match context.store.journal.commit(unit).await? {
                Outcome::Applied { .. } => {}
                _ => return Err(ApplyError::Conflict),
            }
        }
        accounts::write(context, accounts).await?;
        Ok(self.plan)
    }
}

fn event(plan: &Plan, context: &Context) -> AuditEvent {
    let [created, updated, removed] = plan.counts();
    let first = plan.changes.iter().take(NAMED);
    let first: Vec<_> = first.map(|one| format!("{}/{}", one.kind.section(), one.id)).collect();
    AuditEvent::new(AuditKind::FederationApplied, context.now)
        .with("created", created.to_string())
        .with("updated", updated.to_string())
        .with("removed", removed.to_string())
        .with("first", first.join(" "))
}
