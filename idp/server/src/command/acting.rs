//! What commands that act on people and on the federation share: who acts, on what database, on
//! whom.

use std::path::Path;

use clap::Args as Arguments;
use idp_broker::HelpDesk;
use idp_domain::{AccountId, SourceId, Timestamp, audit::AuditEvent, identity::SourceSubject};
use idp_factors::{access_pass::PassReason, username::Username};
use idp_saml::xml::write_instant;
use idp_store::{Store, StoreError};

use super::{Ending, one_line, settings};
use crate::{clock, node::Memory, settings::Settings};

/// A database to act on.
pub(super) struct Acting {
    /// The database.
    pub(super) store: Store,
    /// Does what help desks do.
    pub(super) desk: HelpDesk,
    /// What the configuration says.
    pub(super) settings: Settings,
    /// Who acts, as the trail calls them.
    pub(super) by: String,
    /// The time.
    pub(super) now: Timestamp,
}

impl Acting {
    /// Opens the database that the configuration at `path` names.
    pub(super) async fn open(path: &Path) -> Result<Self, Ending> {
        let settings = settings(path)?;
        let now = clock::now();
        let Memory { store, sealer, .. } = Memory::open(&settings, now).await?;
        let desk = HelpDesk::new(&store, sealer, settings.mail.is_some());
        Ok(Self { store, desk, settings, by: by(), now })
    }

    /// Writes what waits, and lets go of the database.
    pub(super) async fn close(self) {
        self.store.close().await;
    }

    /// The account of whom `whom` names.
    pub(super) async fn account(&self, whom: &Whom) -> Result<AccountId, Ending> {
        let nobody = |text: String| Ending::No(Some(text));
        let (source, subject) = match whom {
            Whom { account: Some(id), .. } => {
                let id: AccountId = parsed("--account", id)?;
                let found = self.store.accounts.find(&id).await.map_err(failed)?;
                return match found {
                    Some(account) => Ok(account.id),
                    None => Err(nobody(format!("there is no account {id}"))),
                };
            }
            Whom { source: Some(source), subject: Some(subject), .. } => {
                let subject = SourceSubject::parse(subject);
                let subject = subject.map_err(|error| wrong("--subject", &error))?;
                (parsed("--source", source)?, subject)
            }
            Whom { source: Some(source), username: Some(username), .. } => {
                let source: SourceId = parsed("--source", source)?;
                let name = Username::parse(username);
                let name = name.map_err(|error| wrong("--username", &error))?;
                let found = self.store.local_accounts.find(&source, name.as_str()).await;
                let Some(found) = found.map_err(failed)? else {
                    return Err(nobody(format!("nobody is called so at {source}")));
                };
                (source, found.subject)
            }
            _ => {
                let text = "name --account, or --source with --subject or --username";
                return Err(Ending::Wrong(text.to_owned()));
            }
        };
        let found = self.store.accounts.of_subject(&source, &subject).await.map_err(failed)?;
        match found.as_slice() {
            [account] => Ok(account.clone()),
            [] => Err(nobody(format!("this person never signed in through {source}"))),
            several => {
                let ids: Vec<_> = several.iter().map(AccountId::as_str).collect();
                let ids = ids.join(", ");
                Err(nobody(format!("{source} had several names for itself: use --account {ids}")))
            }
        }
    }

    /// The same event, with who acts.
    pub(super) fn signed(&self, event: AuditEvent) -> AuditEvent {
        event.with("by", self.by.as_str())
    }
}

/// Whom to act on.
#[derive(Arguments)]
pub(super) struct Whom {
    /// The account's id
    #[arg(long, conflicts_with_all = ["source", "subject", "username"])]
    account: Option<String>,
    /// A source that knows the person
    #[arg(long, required_unless_present = "account")]
    source: Option<String>,
    /// What that source calls the person
    #[arg(long, requires = "source", conflicts_with = "username")]
    subject: Option<String>,
    /// What the person types there, if it is a source of local accounts
    #[arg(long, requires = "source")]
    username: Option<String>,
}

/// Reads why something is done.
pub(super) fn reason(text: &str) -> Result<PassReason, Ending> {
    PassReason::parse(text).map_err(|error| wrong("--reason", &error))
}

/// Reads the value of an option.
pub(super) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    option: &str,
    text: &str,
) -> Result<T, Ending> {
    text.parse().map_err(|error: T::Err| Ending::Wrong(format!("{option}: {error}")))
}

/// An option that makes no sense.
pub(super) fn wrong(option: &str, error: &dyn std::fmt::Display) -> Ending {
    Ending::Wrong(format!("{option}: {error}"))
}

/// The database says no.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
pub(super) fn failed(error: StoreError) -> Ending {
    Ending::Wrong(one_line(&error))
}

/// Something of ours failed.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
pub(super) fn faulted(fault: idp_domain::Fault) -> Ending {
    Ending::Wrong(one_line(&fault))
}

/// An instant, for people.
pub(super) fn at(time: Timestamp) -> String {
    write_instant(time)
}

/// Who acts: the name that the machine's user goes by. Whoever may open the database may call
/// themselves anything, so this is for the trail, and no proof.
fn by() -> String {
    let name = ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(|name| {
        let value = std::env::var(name).ok()?;
        let fits = !value.is_empty() && value.len() <= 64;
        (fits && value.chars().all(|one| one.is_ascii_graphic())).then_some(value)
    });
    format!("cli:{}", name.as_deref().unwrap_or("unknown"))
}
