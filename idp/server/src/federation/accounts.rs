//! Local accounts that the federation file names: compared with those that are there, and written.
//! They are rows of their own and no part of a source's document.

use std::collections::{BTreeMap, HashMap, HashSet};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{
    Agency, AttributeName, AttributeSet, AuditEvent, SourceId, Timestamp,
    attribute::{REGISTRY, admit, by_name},
    audit::AuditKind,
    identity::SourceSubject,
};
use idp_factors::password::{
    AdmittedPassword, Hasher, Password, PasswordHash, PasswordPolicy, Verdict,
};
use idp_sources::local::Username;
use idp_store::{
    credentials::{LocalAccount, NewLocalAccount},
    journal::By,
};
use serde::Serialize;
use serde_json::Value;
use tokio::task::JoinSet;

use super::{
    Context,
    apply::ApplyError,
    error::Problem,
    file::{AccountEntry, Connection, LocalEntry, OneOrMany},
    parts::{hint, parse},
    secrets::Vault,
};

/// Writes that wait for one commit at a time.
const AT_ONCE: usize = 64;

/// Who ends sessions, as the trail names it.
const BY: &str = "federation file";

/// An account as the file wants it.
pub(super) struct Wanted {
    username: Username,
    password: Wish,
    attributes: AttributeSet,
    disabled: bool,
}

/// What the file says about the password.
enum Wish {
    /// Nothing: it stays as it is.
    Keep,
    /// It is this one.
    Is(Password, AdmittedPassword),
    /// This is its hash.
    Hash(PasswordHash),
}

/// An account that is written when the file is applied.
pub(super) struct AccountChange {
    new: NewLocalAccount,
    /// To be hashed; the hash in `new` counts when there is none.
    password: Option<AdmittedPassword>,
}

/// How many accounts of a source change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct AccountCount {
    /// The source.
    pub(crate) source: String,
    /// Accounts that are new.
    pub(crate) created: usize,
    /// Accounts of which something changes.
    pub(crate) updated: usize,
}

/// The accounts that `connection` names, for people of `agency`.
pub(super) fn wanted(
    connection: &Connection,
    agency: &Agency,
    vault: &Vault<'_>,
) -> Result<Vec<Wanted>, Vec<Problem>> {
    let (mut wanted, mut problems) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for (number, keys) in parse::<LocalEntry>(&connection.0, &[])?.accounts.iter().enumerate() {
        let typed = keys.0.get("username").and_then(Value::as_str);
        let key = format!("accounts.{}", typed.map_or_else(|| number.to_string(), str::to_owned));
        let read = parse::<AccountEntry>(&keys.0, &["username"]);
        match read.and_then(|entry| one(entry, agency, vault).map_err(|problem| vec![problem])) {
            Ok(account) if seen.insert(account.username.clone()) => wanted.push(account),
            Ok(_) => problems.push(Problem::new(key, "this name stands here twice")),
            Err(more) => problems.extend(more.into_iter().map(|problem| problem.within(&key))),
        }
    }
    if problems.is_empty() { Ok(wanted) } else { Err(problems) }
}

fn one(entry: AccountEntry, agency: &Agency, vault: &Vault<'_>) -> Result<Wanted, Problem> {
    let username = Username::parse(&entry.username)
        .map_err(|error| Problem::new("username", error.to_string()))?;
    let password = match (entry.password, entry.password_hash) {
        (None, None) => Wish::Keep,
        (Some(written), None) => {
            let text = vault.read("password", written)?;
            let password = Password::typed(text.expose().clone());
            let context = [username.as_str(), agency.id.as_str()];
            let admitted = PasswordPolicy::ALONE
                .admit(password.clone(), &context)
                .map_err(|weakness| Problem::new("password", weakness.to_string()))?;
            Wish::Is(password, admitted)
        }
        (None, Some(phc)) => Wish::Hash(
            PasswordHash::parse(&phc)
                .map_err(|error| Problem::new("password_hash", error.to_string()))?,
        ),
        (Some(_), Some(_)) => {
            return Err(Problem::new("password", "it cannot stand beside `password_hash`"));
        }
    };
    let attributes = attributes(&entry.attributes, agency)?;
    Ok(Wanted { username, password, attributes, disabled: !entry.enabled })
}

/// The attributes, if a login could bring them.
fn attributes(
    written: &BTreeMap<AttributeName, OneOrMany>,
    agency: &Agency,
) -> Result<AttributeSet, Problem> {
    let mut set = AttributeSet::default();
    for (name, values) in written {
        let wrong = |message: String| Err(Problem::new("attributes", message));
        match by_name(name.as_str()) {
            None => {
                let known = hint(name.as_str(), REGISTRY.iter().map(|def| def.name.as_str()));
                return wrong(format!("there is no attribute `{name}`{known}"));
            }
            Some(_) if name.as_str() == "agency" => {
                return wrong("`agency` is said by the broker itself".to_owned());
            }
            Some(_) => {}
        }
        for value in values.values() {
            set.add(name.clone(), value.clone());
        }
        // Values are personal, so what is wrong with them is said without them.
        if let Err(refusal) = admit(&set.only(|one| one == name), agency) {
            return wrong(format!(
                "a login would be refused for `{name}` ({}): scoped values end in `@` and one of \
                 the agency's scopes, and some attributes have one value only",
                refusal.reason()
            ));
        }
    }
    Ok(set)
}

/// What has to be written so that the accounts of `source` are as `wanted`.
pub(super) async fn compare(
    context: &Context,
    source: &SourceId,
    wanted: Vec<Wanted>,
) -> Result<(Vec<AccountChange>, AccountCount), ApplyError> {
    let mut changes = Vec::new();
    let mut count = AccountCount { source: source.to_string(), created: 0, updated: 0 };
    let known = match wanted.as_slice() {
        [] => Vec::new(),
        _ => context.store.local_accounts.load(source).await?,
    };
    let mut known: HashMap<_, _> =
        known.into_iter().map(|account| (account.username.clone(), account)).collect();
    for account in wanted {
        let before = known.remove(account.username.as_str());
        let is_new = before.is_none();
        let change = change(&context.hasher, source, account, before, context.now).await?;
        if let Some(change) = change {
            *(if is_new { &mut count.created } else { &mut count.updated }) += 1;
            changes.push(change);
        }
    }
    Ok((changes, count))
}

async fn change(
    hasher: &Hasher,
    source: &SourceId,
    wanted: Wanted,
    before: Option<LocalAccount>,
    now: Timestamp,
) -> Result<Option<AccountChange>, ApplyError> {
    let stored = before.as_ref().and_then(|account| account.password_hash.clone());
    let (password_hash, password) = match wanted.password {
        Wish::Keep => (stored.clone(), None),
        Wish::Hash(hash) => (Some(as_given(hash.to_phc(), before.as_ref())), None),
        Wish::Is(password, admitted) => {
            if is_behind(hasher, password, stored.as_deref()).await? {
                (stored.clone(), None)
            } else {
                (None, Some(admitted))
            }
        }
    };
    let same = before.as_ref().is_some_and(|before| {
        password.is_none()
            && before.password_hash == password_hash
            && before.disabled == wanted.disabled
            && before.attributes == wanted.attributes
    });
    if same {
        return Ok(None);
    }
    let (subject, replaces) = match before {
        Some(before) => (before.subject, before.version),
        None => (draw_subject()?, 0),
    };
    let new = NewLocalAccount {
        source: source.clone(),
        username: wanted.username.as_str().to_owned(),
        subject,
        password_hash,
        disabled: wanted.disabled,
        attributes: wanted.attributes,
        replaces,
        now,
    };
    Ok(Some(AccountChange { new, password }))
}

/// The hash that is to be kept of a password whose hash the file gives: the one that is stored, if
/// that was made of the same at a sign-in since.
fn as_given(phc: String, before: Option<&LocalAccount>) -> String {
    let stored = before.filter(|before| before.was_given(&phc));
    stored.and_then(|before| before.password_hash.clone()).unwrap_or(phc)
}

async fn is_behind(
    hasher: &Hasher,
    password: Password,
    stored: Option<&str>,
) -> Result<bool, ApplyError> {
    // A hash that cannot be read lets nobody in; the file brings a better one.
    let Some(hash) = stored.and_then(|phc| PasswordHash::parse(phc).ok()) else {
        return Ok(false);
    };
    Ok(matches!(hasher.verify(password, hash).await?, Verdict::Match { .. }))
}

/// A lasting name that nobody had before and that says nothing about the person.
fn draw_subject() -> Result<SourceSubject, ApplyError> {
    let text = URL_SAFE_NO_PAD.encode(idp_broker::random::<16>()?);
    SourceSubject::parse(&text).map_err(|_| ApplyError::Subject)
}

/// Hashes the passwords, slow on purpose.
pub(super) async fn hash(
    context: &Context,
    changes: Vec<AccountChange>,
) -> Result<Vec<NewLocalAccount>, ApplyError> {
    let mut ready = Vec::with_capacity(changes.len());
    for AccountChange { mut new, password } in changes {
        if let Some(password) = password {
            new.password_hash = Some(context.hasher.hash(password).await?.to_phc());
        }
        ready.push(new);
    }
    Ok(ready)
}

/// Writes the accounts, each with its line in the trail.
pub(super) async fn write(
    context: &Context,
    accounts: Vec<NewLocalAccount>,
) -> Result<(), ApplyError> {
    let mut writing = JoinSet::new();
    let mut lost = 0_usize;
    let mut judge = |ended: Result<Result<bool, _>, _>| match ended {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => {
            lost += 1;
            Ok(())
        }
        Ok(Err(error)) => Err(ApplyError::Store(error)),
        Err(_) => Err(ApplyError::Stopped),
    };
    for mut account in accounts {
        if writing.len() >= AT_ONCE
            && let Some(ended) = writing.join_next().await
        {
            judge(ended)?;
        }
        let journal = context.store.journal.clone();
        // Whoever signed in with the old password until now is signed out with the rest.
        account.now = (context.clock)();
        let event = AuditEvent {
            source: Some(account.source.clone()),
            ..AuditEvent::new(AuditKind::FederationApplied, account.now)
        };
        let reason = if account.replaces == 0 { "account_created" } else { "account_updated" };
        let event = event.because_of(reason).with("subject", account.subject.as_str());
        let by = By { name: BY.to_owned(), address: None };
        writing.spawn(async move { journal.put_local_account(account, event, by).await });
    }
    while let Some(ended) = writing.join_next().await {
        judge(ended)?;
    }
    if lost > 0 { Err(ApplyError::Accounts { count: lost }) } else { Ok(()) }
}
