//! Revoking: grants, and what takes grants down with it: sessions and accounts.

use std::collections::{BTreeMap, HashMap, HashSet};

use idp_domain::{AccountId, GrantId, Lifetime, SessionId, Timestamp};

use crate::{
    db::{Conn, Many, Row},
    journal::{DisableAccount, EndSession, Outcome, Picked, RevokeGrant, RevokeToken, WriteError},
    revocations::{Revocation, RevokedKind},
};

/// What one transaction revokes: told to all nodes through the table of revocations.
#[derive(Default)]
pub(crate) struct Revoking {
    token_lifetime: Lifetime,
    grants: BTreeMap<GrantId, Timestamp>,
    pub(crate) told: Vec<Revocation>,
}

impl Revoking {
    /// Nothing yet. No access token lives longer than `token_lifetime`.
    pub(crate) fn new(token_lifetime: Lifetime) -> Self {
        Self { token_lifetime, ..Self::default() }
    }

    /// The grant `id` is to be revoked.
    pub(crate) fn grant(&mut self, id: &GrantId, now: Timestamp) {
        self.grants.entry(id.clone()).or_insert(now);
    }

    /// The access token `act.jti` is to be revoked.
    pub(crate) fn token(&mut self, act: &RevokeToken) {
        self.tell(RevokedKind::Token, &act.jti, act.now, act.until);
    }

    /// The session `id`, which would have lasted until `until`, ended: a token that was on the way
    /// meanwhile may outlive the session.
    pub(crate) fn ended_session(&mut self, id: &SessionId, now: Timestamp, until: Timestamp) {
        let last_token = until + self.token_lifetime;
        self.tell(RevokedKind::Session, id.as_str(), now, last_token);
    }

    /// `key` is revoked from `at` on, and nothing that is meant lasts longer than `until`.
    pub(crate) fn tell(&mut self, kind: RevokedKind, key: &str, at: Timestamp, until: Timestamp) {
        self.told.push(Revocation { kind, key: key.into(), at, until });
    }

    /// A grant was revoked: its tokens must be refused for as long as one of them may live.
    fn tell_grant(&mut self, id: &str, now: Timestamp, expires_at: Timestamp) {
        let last_token = now + self.token_lifetime;
        self.tell(RevokedKind::Grant, id, now, last_token.min(expires_at));
    }
}

static REVOKE: Many = Many::new(
    "with revoking (grant_id, now) as (values",
    2,
    ") update grants set revoked_at = revoking.now from revoking \
     where id = revoking.grant_id and revoked_at is null returning id, revoked_at, expires_at",
);

static KNOWN: Many = Many::new(
    "with revoking (grant_id) as (values",
    1,
    ") select id from revoking join grants on id = revoking.grant_id",
);

static END_WITH_SESSION: Many = Many::new(
    "with ending (session_id, now) as (values",
    2,
    ") update grants set revoked_at = ending.now from ending \
     where session = ending.session_id and bound and revoked_at is null \
     returning id, revoked_at, expires_at, session",
);

static DISABLE: Many = Many::new(
    "with disabling (account_id) as (values",
    1,
    ") update accounts set disabled = true from disabling \
     where id = disabling.account_id returning id",
);

static END_WITH_ACCOUNT: Many = Many::new(
    "with disabling (account_id, now) as (values",
    2,
    ") update grants set revoked_at = disabling.now from disabling \
     where account = disabling.account_id and revoked_at is null \
     returning id, revoked_at, expires_at",
);

/// Revokes the grants that `acts` name, and those that other acts found abused.
pub(crate) async fn revoke(
    conn: &mut Conn,
    acts: &[Picked<'_, RevokeGrant>],
    outcomes: &mut [Outcome],
    revoking: &mut Revoking,
) -> Result<(), WriteError> {
    for (_, act) in acts {
        revoking.grant(&act.grant, act.now);
    }
    let grants = std::mem::take(&mut revoking.grants).into_iter().collect::<Vec<_>>();
    let rows = REVOKE
        .fetch(conn, "grants", &grants, |args, (id, now)| {
            args.text(id.as_str()).int(now.seconds());
        })
        .await?;
    let mut revoked = HashSet::with_capacity(rows.len());
    for row in &rows {
        revoked.insert(tell_grant(row, revoking)?);
    }
    let rest = acts.iter().filter(|(_, act)| !revoked.contains(act.grant.as_str()));
    let rest = rest.collect::<Vec<_>>();
    let rows = KNOWN
        .fetch(conn, "grants", &rest, |args, (_, act)| {
            args.text(act.grant.as_str());
        })
        .await?;
    let known = rows.iter().map(|row| row.text(0)).collect::<Result<HashSet<_>, _>>()?;
    for (place, act) in rest {
        let is_known = known.contains(act.grant.as_str());
        if let Some(outcome) = outcomes.get_mut(*place) {
            *outcome = if is_known { Outcome::Revoked } else { Outcome::Unknown };
        }
    }
    Ok(())
}

/// Tells of the revoked grant in the first three columns of a row, and returns its id.
pub(crate) fn tell_grant<'r>(row: &'r Row, revoking: &mut Revoking) -> Result<&'r str, WriteError> {
    let id = row.text(0)?;
    let at = Timestamp::from_seconds(row.int(1)?);
    revoking.tell_grant(id, at, Timestamp::from_seconds(row.int(2)?));
    Ok(id)
}

/// Ends sessions and the grants that are bound to them.
///
/// Whether an act was the first to end its session is known once the revocation is written.
pub(crate) async fn end_sessions(
    conn: &mut Conn,
    acts: &[Picked<'_, EndSession>],
    outcomes: &mut [Outcome],
    revoking: &mut Revoking,
) -> Result<(), WriteError> {
    let rows = END_WITH_SESSION
        .fetch(conn, "grants", acts, |args, (_, act)| {
            args.text(act.session.as_str()).int(act.now.seconds());
        })
        .await?;
    let mut ended = HashMap::<&str, Vec<GrantId>>::new();
    for row in &rows {
        let id = tell_grant(row, revoking)?;
        let grant = id.parse().map_err(|_| row.corrupt(id))?;
        ended.entry(row.text(3)?).or_default().push(grant);
    }
    for (place, act) in acts {
        revoking.ended_session(&act.session, act.now, act.until);
        let grants = ended.remove(act.session.as_str()).unwrap_or_default();
        if let Some(outcome) = outcomes.get_mut(*place) {
            *outcome = Outcome::SessionEnded { first: true, grants, notices: Vec::new() };
        }
    }
    Ok(())
}

/// Disables accounts and revokes their grants.
pub(crate) async fn disable_accounts(
    conn: &mut Conn,
    acts: &[Picked<'_, DisableAccount>],
    outcomes: &mut [Outcome],
    revoking: &mut Revoking,
) -> Result<(), WriteError> {
    let rows = DISABLE
        .fetch(conn, "accounts", acts, |args, (_, act)| {
            args.text(act.account.as_str());
        })
        .await?;
    let disabled = rows.iter().map(|row| row.text(0)).collect::<Result<HashSet<_>, _>>()?;
    for (place, act) in acts {
        if disabled.contains(act.account.as_str()) {
            revoking.tell(RevokedKind::Account, act.account.as_str(), act.now, act.until);
        } else if let Some(outcome) = outcomes.get_mut(*place) {
            *outcome = Outcome::Unknown;
        }
    }
    let accounts: Vec<_> = acts.iter().map(|(_, act)| (&act.account, act.now)).collect();
    end_with_accounts(conn, &accounts, revoking).await?;
    Ok(())
}

/// Revokes all grants of accounts, and returns how many there were.
pub(crate) async fn end_with_accounts(
    conn: &mut Conn,
    accounts: &[(&AccountId, Timestamp)],
    revoking: &mut Revoking,
) -> Result<u64, WriteError> {
    let rows = END_WITH_ACCOUNT
        .fetch(conn, "grants", accounts, |args, (account, now)| {
            args.text(account.as_str()).int(now.seconds());
        })
        .await?;
    for row in &rows {
        tell_grant(row, revoking)?;
    }
    Ok(rows.len() as u64)
}
