//! Rotating refresh tokens: each is exchanged once, and a second try ends the whole grant.

use std::collections::{HashMap, HashSet};

use idp_domain::Timestamp;

use super::{Grant, Revoking, grant};
use crate::{
    db::{Conn, Many, Row},
    error::StoreError,
    journal::{Hash, Outcome, Picked, Rotate, WriteError},
};

static PRESENTED: Many = Many::new(
    "with presented (token) as (values",
    1,
    ") select g.id, g.relying_party, g.account, g.session, g.bound, g.created_at, g.expires_at, \
     g.revoked_at, g.body, t.hash, t.expires_at, t.used_at, a.disabled \
     from presented join refresh_tokens t on t.hash = presented.token \
     join grants g on g.id = t.grant_id join accounts a on a.id = g.account",
);

// Whoever sets `used_at` has won: another node may have read the row as unused, too.
static USE: Many = Many::new(
    "with presented (token, now, next) as (values",
    3,
    ") update refresh_tokens set used_at = presented.now, successor = presented.next \
     from presented where hash = presented.token and used_at is null returning hash",
);

static SUCCEED: Many =
    Many::new("insert into refresh_tokens (hash, grant_id, created_at, expires_at) values", 4, "");

/// A refresh token with all that judging it needs.
struct Presented {
    grant: Grant,
    expires_at: Timestamp,
    used: bool,
    disabled: bool,
}

/// Exchanges refresh tokens for their successors.
pub(crate) async fn rotate(
    conn: &mut Conn,
    acts: &[Picked<'_, Rotate>],
    outcomes: &mut [Outcome],
    revoking: &mut Revoking,
) -> Result<(), WriteError> {
    let rows = PRESENTED
        .fetch(conn, "refresh_tokens", acts, |args, (_, act)| {
            args.bytes(&act.old_hash);
        })
        .await?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in &rows {
        found.insert(row.hash(9)?, presented(row)?);
    }
    let mut fresh = Vec::with_capacity(acts.len());
    for (place, act) in acts {
        let Some(outcome) = outcomes.get_mut(*place) else { continue };
        match found.remove(&act.old_hash) {
            None => *outcome = Outcome::Unknown,
            Some(token) => match judge(&token, act) {
                Some(no) => *outcome = no,
                None => fresh.push((*place, *act, token.grant)),
            },
        }
    }
    exchange(conn, fresh, outcomes).await?;
    for (place, act) in acts {
        if let Some(Outcome::Reused { grant }) = outcomes.get(*place) {
            revoking.grant(grant, act.now);
        }
    }
    Ok(())
}

/// Why the token cannot be exchanged; `None` if nothing speaks against it.
fn judge(token: &Presented, act: &Rotate) -> Option<Outcome> {
    let grant = &token.grant;
    if grant.relying_party != act.relying_party {
        Some(Outcome::NotYours)
    } else if grant.revoked_at.is_some() {
        Some(Outcome::Revoked)
    } else if token.used {
        Some(Outcome::Reused { grant: grant.id.clone() })
    } else if act.now >= token.expires_at || act.now >= grant.expires_at {
        Some(Outcome::Expired)
    } else {
        token.disabled.then_some(Outcome::Disabled)
    }
}

/// Exchanges tokens that nothing speaks against, unless another node did so just now.
async fn exchange(
    conn: &mut Conn,
    fresh: Vec<(usize, &Rotate, Grant)>,
    outcomes: &mut [Outcome],
) -> Result<(), WriteError> {
    let rows = USE
        .fetch(conn, "refresh_tokens", &fresh, |args, (_, act, _)| {
            args.bytes(&act.old_hash).int(act.now.seconds()).bytes(&act.successor.hash);
        })
        .await?;
    let won = rows.iter().map(|row| row.hash(0)).collect::<Result<HashSet<Hash>, _>>()?;
    let (winners, losers) =
        fresh.into_iter().partition::<Vec<_>, _>(|(_, act, _)| won.contains(&act.old_hash));
    SUCCEED
        .fetch(conn, "refresh_tokens", &winners, |args, (_, act, grant)| {
            args.bytes(&act.successor.hash)
                .text(grant.id.as_str())
                .int(act.now.seconds())
                .int(act.successor.expires_at.seconds());
        })
        .await?;
    for (place, _, grant) in winners {
        if let Some(outcome) = outcomes.get_mut(place) {
            *outcome = Outcome::Rotated(Box::new(grant));
        }
    }
    for (place, _, grant) in losers {
        if let Some(outcome) = outcomes.get_mut(place) {
            *outcome = Outcome::Reused { grant: grant.id };
        }
    }
    Ok(())
}

fn presented(row: &Row) -> Result<Presented, StoreError> {
    Ok(Presented {
        grant: grant(row)?,
        expires_at: Timestamp::from_seconds(row.int(10)?),
        used: row.maybe_int(11)?.is_some(),
        disabled: row.bool(12)?,
    })
}
