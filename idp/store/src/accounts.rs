//! Accounts, and the links that tie identities to them.

use std::collections::HashMap;

use idp_domain::{
    Account, AccountId, AttributeSet, Link, SourceId, Timestamp, identity::SourceSubject,
};

use crate::{
    db::{Conn, Db, Many, Row},
    error::StoreError,
    journal::{LinkIdentity, Outcome, Picked, WriteError},
};

/// Reads accounts. They are linked and disabled through the journal.
#[derive(Clone, Debug)]
pub struct Accounts {
    db: Db,
}

impl Accounts {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// The account `id`.
    pub async fn find(&self, id: &AccountId) -> Result<Option<Account>, StoreError> {
        let sql = "select created_at, disabled from accounts where id = $1";
        let row = self.db.read_one("accounts", sql, |args| {
            args.text(id.as_str());
        });
        row.await?
            .map(|row| {
                Ok(Account {
                    id: id.clone(),
                    created_at: Timestamp::from_seconds(row.int(0)?),
                    disabled: row.bool(1)?,
                })
            })
            .transpose()
    }

    /// The identities that are linked to the account `id`, oldest first.
    pub async fn links(&self, id: &AccountId) -> Result<Vec<Link>, StoreError> {
        let sql = "select source, issuer, subject, created_at from links where account = $1 \
                   order by created_at, source, issuer, subject";
        let rows = self.db.read("links", sql, |args| {
            args.text(id.as_str());
        });
        rows.await?.iter().map(|row| link(row, id)).collect()
    }

    /// The account that an identity is linked to.
    pub async fn of_identity(
        &self,
        source: &SourceId,
        issuer: &str,
        subject: &SourceSubject,
    ) -> Result<Option<AccountId>, StoreError> {
        let sql = "select account from links where source = $1 and issuer = $2 and subject = $3";
        let row = self.db.read_one("links", sql, |args| {
            args.text(source.as_str()).text(issuer).text(subject.as_str());
        });
        let Some(row) = row.await? else { return Ok(None) };
        row.text(0)?.parse().map(Some).map_err(|_| row.corrupt(source.as_str()))
    }

    /// The accounts of whoever `source` knows as `subject`: more than one where the source had
    /// several names for itself.
    pub async fn of_subject(
        &self,
        source: &SourceId,
        subject: &SourceSubject,
    ) -> Result<Vec<AccountId>, StoreError> {
        let sql = "select account from links where source = $1 and subject = $2 \
                   order by created_at, account";
        let rows = self.db.read("links", sql, |args| {
            args.text(source.as_str()).text(subject.as_str());
        });
        let account = |row: &Row| row.text(0)?.parse().map_err(|_| row.corrupt(source.as_str()));
        rows.await?.iter().map(account).collect()
    }

    /// What the source said about the person at the last login, if the identity is linked.
    pub async fn attributes(
        &self,
        source: &SourceId,
        issuer: &str,
        subject: &SourceSubject,
    ) -> Result<Option<AttributeSet>, StoreError> {
        let sql = "select attributes, account from links \
                   where source = $1 and issuer = $2 and subject = $3";
        let row = self.db.read_one("links", sql, |args| {
            args.text(source.as_str()).text(issuer).text(subject.as_str());
        });
        let Some(row) = row.await? else { return Ok(None) };
        match serde_json::from_str(row.text(0)?) {
            Ok(attributes) => Ok(Some(attributes)),
            Err(_) => Err(row.corrupt(row.text(1)?)),
        }
    }
}

fn link(row: &Row, account: &AccountId) -> Result<Link, StoreError> {
    let corrupt = || row.corrupt(account.as_str());
    Ok(Link {
        source: row.text(0)?.parse().map_err(|_| corrupt())?,
        issuer: row.text(1)?.to_owned(),
        subject: SourceSubject::parse(row.text(2)?).map_err(|_| corrupt())?,
        account: account.clone(),
        created_at: Timestamp::from_seconds(row.int(3)?),
    })
}

// The link is written first: of several first logins of one person, one row decides, and its
// account is the one that is made.
static LINK: Many = Many::new(
    "insert into links \
     (source, issuer, subject, account, created_at, last_seen_at, attributes) values",
    7,
    "on conflict (source, issuer, subject) do update \
     set last_seen_at = excluded.last_seen_at, attributes = excluded.attributes \
     returning source, issuer, subject, account, \
     (select accounts.disabled from accounts where accounts.id = links.account)",
);

static CREATE: Many = Many::new(
    "insert into accounts (id, created_at, disabled) values",
    3,
    "on conflict do nothing",
);

static STATE: Many = Many::new(
    "with linked (account) as (values",
    1,
    ") select id, disabled from linked join accounts on id = linked.account",
);

/// Finds or makes the accounts of identities.
pub(crate) async fn link_identities(
    conn: &mut Conn,
    acts: &[Picked<'_, LinkIdentity>],
    outcomes: &mut [Outcome],
) -> Result<(), WriteError> {
    let rows = LINK
        .fetch(conn, "links", acts, |args, (_, act)| {
            // A set of attributes is texts under text keys: it has a JSON form.
            let attributes = serde_json::to_string(&act.attributes).unwrap_or_default();
            args.text(act.source.as_str())
                .text(&act.issuer)
                .text(act.subject.as_str())
                .text(act.account_if_new.as_str())
                .int(act.now.seconds())
                .int(act.now.seconds())
                .text(&attributes);
        })
        .await?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in &rows {
        found.insert((row.text(0)?, row.text(1)?, row.text(2)?), row);
    }
    let (mut new, mut unseen) = (Vec::new(), Vec::new());
    for (place, act) in acts {
        let key = (act.source.as_str(), act.issuer.as_str(), act.subject.as_str());
        let row = found.get(&key).ok_or(sqlx::Error::RowNotFound)?;
        let account = row.text(3)?.parse::<AccountId>();
        let account = account.map_err(|_| row.corrupt(act.source.as_str()))?;
        let known = row.maybe_bool(4)?;
        let created = known.is_none() && account == act.account_if_new;
        if created {
            new.push((account.clone(), act.now));
        } else if known.is_none() {
            unseen.push((*place, account.clone()));
        }
        if let Some(outcome) = outcomes.get_mut(*place) {
            *outcome = Outcome::Linked { account, created, disabled: known.unwrap_or(false) };
        }
    }
    CREATE
        .fetch(conn, "accounts", &new, |args, (account, now)| {
            args.text(account.as_str()).int(now.seconds()).bool(false);
        })
        .await?;
    look_again(conn, &unseen, outcomes).await
}

/// Asks for the state of accounts that another node made while our statement waited for its
/// link: a statement sees what was there when it began.
async fn look_again(
    conn: &mut Conn,
    unseen: &[(usize, AccountId)],
    outcomes: &mut [Outcome],
) -> Result<(), WriteError> {
    let rows = STATE
        .fetch(conn, "accounts", unseen, |args, (_, account)| {
            args.text(account.as_str());
        })
        .await?;
    let mut states = HashMap::with_capacity(rows.len());
    for row in &rows {
        states.insert(row.text(0)?, row.bool(1)?);
    }
    for (place, account) in unseen {
        let state = states.get(account.as_str()).ok_or(sqlx::Error::RowNotFound)?;
        if let Some(Outcome::Linked { disabled, .. }) = outcomes.get_mut(*place) {
            *disabled = *state;
        }
    }
    Ok(())
}
