//! Opening grants: the row of a grant is the record that its code was redeemed.

use std::collections::{HashMap, HashSet};

use idp_domain::{GrantId, SessionId};

use super::Revoking;
use crate::{
    db::{Conn, Many},
    journal::{Hash, OpenGrant, Outcome, Picked, WriteError},
};

// A disabled account opens nothing: its row is not there to be joined. Nor does a session that
// has ended: its code was on the way meanwhile.
static OPEN: Many = Many::new(
    "with opening (id, relying_party, account, session, bound, code_hash, created_at, \
     expires_at, body) as (values",
    9,
    ") insert into grants (id, relying_party, account, session, bound, code_hash, created_at, \
     expires_at, body) \
     select opening.id, opening.relying_party, opening.account, opening.session, opening.bound, \
     opening.code_hash, opening.created_at, opening.expires_at, opening.body \
     from opening join accounts on accounts.id = opening.account \
     where not accounts.disabled and not exists (select 1 from sessions \
     where sessions.id = opening.session and sessions.ended_at is not null) \
     on conflict do nothing returning id",
);

static FIRST_USE: Many = Many::new(
    "with presented (code) as (values",
    1,
    ") select grants.id, grants.code_hash from presented \
     join grants on grants.code_hash = presented.code",
);

static OVER: Many = Many::new(
    "with presented (session_id) as (values",
    1,
    ") select sessions.id from presented \
     join sessions on sessions.id = presented.session_id where sessions.ended_at is not null",
);

static ADD_TOKEN: Many =
    Many::new("insert into refresh_tokens (hash, grant_id, created_at, expires_at) values", 4, "");

/// Opens grants, each once for its code.
pub(crate) async fn open(
    conn: &mut Conn,
    acts: &[Picked<'_, OpenGrant>],
    outcomes: &mut [Outcome],
    revoking: &mut Revoking,
) -> Result<(), WriteError> {
    let rows = OPEN
        .fetch(conn, "grants", acts, |args, (_, act)| {
            let grant = &act.grant;
            args.text(grant.id.as_str())
                .text(grant.relying_party.as_str())
                .text(grant.account.as_str())
                .maybe_text(grant.session.as_ref().map(SessionId::as_str))
                .bool(grant.bound)
                .bytes(&act.code_hash)
                .int(grant.created_at.seconds())
                .int(grant.expires_at.seconds())
                .text(&grant.body);
        })
        .await?;
    let mut opened = HashSet::with_capacity(rows.len());
    for row in &rows {
        opened.insert(row.text(0)?);
    }
    let is_opened = |(_, act): &&Picked<'_, OpenGrant>| opened.contains(act.grant.id.as_str());
    let (done, refused) = acts.iter().partition::<Vec<_>, _>(is_opened);
    let tokens = done
        .iter()
        .filter_map(|(_, act)| act.refresh.map(|token| (&act.grant, token)))
        .collect::<Vec<_>>();
    ADD_TOKEN
        .fetch(conn, "refresh_tokens", &tokens, |args, (grant, token)| {
            args.bytes(&token.hash)
                .text(grant.id.as_str())
                .int(grant.created_at.seconds())
                .int(token.expires_at.seconds());
        })
        .await?;
    refuse(conn, &refused, outcomes, revoking).await
}

/// Tells a code that was used before from a session that is over and an account that is disabled.
async fn refuse(
    conn: &mut Conn,
    acts: &[Picked<'_, OpenGrant>],
    outcomes: &mut [Outcome],
    revoking: &mut Revoking,
) -> Result<(), WriteError> {
    let rows = FIRST_USE
        .fetch(conn, "grants", acts, |args, (_, act)| {
            args.bytes(&act.code_hash);
        })
        .await?;
    let mut first = HashMap::<Hash, GrantId>::with_capacity(rows.len());
    for row in &rows {
        let grant = row.text(0)?.parse().map_err(|_| row.corrupt("id"))?;
        first.insert(row.hash(1)?, grant);
    }
    let rows = OVER
        .fetch(conn, "sessions", acts, |args, (_, act)| {
            args.maybe_text(act.grant.session.as_ref().map(SessionId::as_str));
        })
        .await?;
    let over = rows.iter().map(|row| row.text(0)).collect::<Result<HashSet<_>, _>>()?;
    for (place, act) in acts {
        let Some(outcome) = outcomes.get_mut(*place) else { continue };
        let session = act.grant.session.as_ref();
        *outcome = match first.get(&act.code_hash) {
            Some(grant) => {
                revoking.grant(grant, act.grant.created_at);
                Outcome::CodeUsed { grant: grant.clone() }
            }
            None if session.is_some_and(|id| over.contains(id.as_str())) => Outcome::SessionOver,
            None => Outcome::Disabled,
        };
    }
    Ok(())
}
