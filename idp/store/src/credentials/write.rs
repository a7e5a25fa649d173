//! Writing local accounts. Whoever may not sign in any more, or not with the old password, is
//! signed out everywhere in the same commit.

use idp_domain::{AccountId, SourceId, Timestamp, identity::SourceSubject};

use super::{NewLocalAccount, Rehash, given};
use crate::{
    db::{Conn, Row},
    error::StoreError,
    factors,
    grants::Revoking,
    journal::{Outcome, WriteError},
    sessions::{self, EndSessions, Ended, Of, Why},
};

/// Why people are signed out when their local account changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Because {
    /// It may not sign in any more.
    Disabled,
    /// An administrator gave it another password: whoever knew the old one may be signed in.
    Password,
}

impl Because {
    fn slug(self) -> &'static str {
        match self {
            Self::Disabled => "local_account_off",
            Self::Password => "password_changed",
        }
    }
}

/// A local account as it was before it is replaced.
struct Before {
    subject: SourceSubject,
    because: Option<Because>,
    /// Whether the password's hash is another one.
    other_hash: bool,
}

/// Writes a local account, if it is still at the version that is to be replaced.
pub(crate) async fn put(
    conn: &mut Conn,
    new: &NewLocalAccount,
    revoking: &mut Revoking,
) -> Result<Outcome, WriteError> {
    if new.replaces == 0 {
        return insert(conn, new).await;
    }
    let Some(before) = before(conn, new).await? else { return Ok(Outcome::Conflict) };
    let attributes = serde_json::to_string(&new.attributes).unwrap_or_default();
    let given = new.password_hash.as_deref().filter(|_| before.other_hash).map(given);
    let mut args = conn.args();
    args.text(new.source.as_str())
        .text(&new.username)
        .maybe_text(new.password_hash.as_deref())
        .bool(new.disabled)
        .text(&attributes)
        .int(new.now.seconds())
        .int(new.replaces)
        .maybe_bytes(given.as_deref());
    let sql = "update local_accounts set password_hash = $3, disabled = $4, attributes = $5, \
               updated_at = $6, version = version + 1, given = coalesce($8, given) \
               where source = $1 and username = $2 and version = $7 returning version";
    // Whoever replaced that version since it was looked at has won.
    if conn.fetch("local_accounts", sql, args).await?.is_empty() {
        return Ok(Outcome::Conflict);
    }
    let Some(because) = before.because else { return Ok(Outcome::Done) };
    let mut ended = Ended::default();
    for account in linked(conn, &new.source, &before.subject).await? {
        let more = sign_out(conn, &account, because, new.now, revoking).await?;
        ended.sessions.extend(more.sessions);
        ended.grants += more.grants;
        ended.more |= more.more;
    }
    Ok(Outcome::SignedOut { because: because.slug(), ended })
}

async fn insert(conn: &mut Conn, new: &NewLocalAccount) -> Result<Outcome, WriteError> {
    let attributes = serde_json::to_string(&new.attributes).unwrap_or_default();
    let given = new.password_hash.as_deref().map(given);
    let mut args = conn.args();
    args.text(new.source.as_str())
        .text(&new.username)
        .maybe_text(new.password_hash.as_deref())
        .bool(new.disabled)
        .text(&attributes)
        .int(new.now.seconds())
        .text(new.subject.as_str())
        .maybe_bytes(given.as_deref());
    let sql = "insert into local_accounts (source, username, password_hash, disabled, attributes, \
               updated_at, subject, version, given) values ($1, $2, $3, $4, $5, $6, $7, 1, $8) \
               on conflict do nothing returning version";
    let rows = conn.fetch("local_accounts", sql, args).await?;
    Ok(if rows.is_empty() { Outcome::Conflict } else { Outcome::Done })
}

/// The version that is to be replaced, unless it is gone.
async fn before(conn: &mut Conn, new: &NewLocalAccount) -> Result<Option<Before>, WriteError> {
    let mut args = conn.args();
    args.text(new.source.as_str()).text(&new.username).int(new.replaces);
    let sql = "select subject, password_hash, disabled from local_accounts \
               where source = $1 and username = $2 and version = $3";
    let rows = conn.fetch("local_accounts", sql, args).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let subject = SourceSubject::parse(row.text(0)?);
    let other_hash = row.maybe_text(1)? != new.password_hash.as_deref();
    let because = if new.disabled && !row.bool(2)? {
        Some(Because::Disabled)
    } else if other_hash {
        Some(Because::Password)
    } else {
        None
    };
    let subject = subject.map_err(|_| row.corrupt(new.source.as_str()))?;
    Ok(Some(Before { subject, because, other_hash }))
}

/// The accounts of the person; none before the first sign-in.
async fn linked(
    conn: &mut Conn,
    source: &SourceId,
    subject: &SourceSubject,
) -> Result<Vec<AccountId>, WriteError> {
    let mut args = conn.args();
    args.text(source.as_str()).text(subject.as_str());
    let sql = "select distinct account from links where source = $1 and subject = $2 \
               order by account";
    let rows = conn.fetch("links", sql, args).await?;
    let account = |row: &Row| row.text(0)?.parse().map_err(|_| row.corrupt(source.as_str()));
    Ok(rows.iter().map(account).collect::<Result<_, StoreError>>()?)
}

/// Ends all that `account` has, and forgets its devices. What is more than a portion is over for
/// every node by then; its rows follow with housekeeping.
async fn sign_out(
    conn: &mut Conn,
    account: &AccountId,
    because: Because,
    now: Timestamp,
    revoking: &mut Revoking,
) -> Result<Ended, WriteError> {
    match because {
        Because::Disabled => factors::disown(conn, std::iter::once((account, now))).await?,
        // An access pass that a help desk gave with the new password goes on.
        Because::Password => factors::begin_epoch(conn, account, now).await?,
    }
    let end = EndSessions {
        of: Of::Account(account.clone()),
        except: None,
        offline: true,
        because: because.slug(),
        now,
    };
    sessions::end_many(conn, &end, Why::Off, revoking).await
}

/// Replaces a password's hash, if the account has not changed since it was read.
pub(crate) async fn rehash(conn: &mut Conn, act: &Rehash) -> Result<Outcome, WriteError> {
    let mut args = conn.args();
    args.text(act.source.as_str())
        .text(&act.username)
        .text(&act.password_hash)
        .int(act.now.seconds())
        .int(act.version);
    let sql = "update local_accounts set password_hash = $3, updated_at = $4, \
               version = version + 1 \
               where source = $1 and username = $2 and version = $5 returning version";
    let rows = conn.fetch("local_accounts", sql, args).await?;
    Ok(if rows.is_empty() { Outcome::Conflict } else { Outcome::Done })
}
