//! Judging a batch: acts of one kind are done by one statement, in an order that keeps their
//! meaning: what opens comes before what revokes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use idp_domain::{AuditEvent, Lifetime};

use super::{Act, Outcome, Trail, Waiting, WriteError};
use crate::{
    accounts, api_tokens,
    audit::{self, Alert, Chain},
    credentials,
    db::Conn,
    devices,
    error::StoreError,
    factors, federation, grants,
    grants::Revoking,
    keys, letters, metadata, once,
    revocations::{self, Revocation, RevokedKind},
    sessions::{self, Why},
    sweep, switches,
};

/// An act, and its place in the batch.
pub(crate) type Picked<'a, T> = (usize, &'a T);

/// What a transaction did.
pub(super) struct Done {
    /// The outcome of each unit, in their order.
    pub(super) outcomes: Vec<Outcome>,
    /// What every node must no longer believe.
    pub(super) revoked: Vec<Revocation>,
    /// What somebody should look at now.
    pub(super) alerts: Vec<Alert>,
}

/// Does all acts of `batch` and appends their trail to `chain`.
pub(super) async fn apply(
    conn: &mut Conn,
    batch: &[Waiting],
    chain: &mut Chain,
    token_lifetime: Lifetime,
) -> Result<Done, WriteError> {
    let mut outcomes = vec![Outcome::Done; batch.len()];
    let mut revoking = Revoking::new(token_lifetime);
    let acts = Acts::sort(batch);
    if !acts.link.is_empty() {
        accounts::link_identities(conn, &acts.link, &mut outcomes).await?;
    }
    if !acts.open.is_empty() {
        grants::open(conn, &acts.open, &mut outcomes, &mut revoking).await?;
    }
    if !acts.rotate.is_empty() {
        grants::rotate(conn, &acts.rotate, &mut outcomes, &mut revoking).await?;
    }
    if !acts.attend.is_empty() {
        sessions::attend(conn, &acts.attend, &mut outcomes).await?;
    }
    if !acts.use_session.is_empty() {
        sessions::keep_using(conn, &acts.use_session, &mut outcomes).await?;
    }
    if !acts.use_once.is_empty() {
        once::use_once(conn, &acts.use_once, &mut outcomes).await?;
    }
    factors::use_passkeys(conn, &acts.use_passkey, &mut outcomes).await?;
    factors::use_totp_steps(conn, &acts.use_totp, &mut outcomes).await?;
    devices::rotate_all(conn, &acts.rotate_device, &mut outcomes, &mut revoking).await?;
    for (place, act) in &acts.single {
        let outcome = single(conn, act, &mut revoking).await?;
        if let Some(place) = outcomes.get_mut(*place) {
            *place = outcome;
        }
    }
    letters::queue(conn, batch, &outcomes).await?;
    end_many(conn, batch, &mut outcomes, &mut revoking).await?;
    revoke(conn, &acts, &mut outcomes, &mut revoking).await?;
    let events = tell(batch, &outcomes)?;
    let rows = chain.extend(&events)?;
    let alerts = audit::append(conn, chain, rows).await?;
    Ok(Done { outcomes, revoked: revoking.told, alerts })
}

/// The acts of a batch by kind.
#[derive(Default)]
struct Acts<'a> {
    link: Vec<Picked<'a, super::LinkIdentity>>,
    attend: Vec<Picked<'a, super::Attend>>,
    use_session: Vec<Picked<'a, super::UseSession>>,
    open: Vec<Picked<'a, super::OpenGrant>>,
    rotate: Vec<Picked<'a, super::Rotate>>,
    use_once: Vec<Picked<'a, super::UseOnce>>,
    use_passkey: Vec<Picked<'a, factors::act::UsePasskey>>,
    use_totp: Vec<Picked<'a, factors::act::UseTotpStep>>,
    rotate_device: Vec<Picked<'a, devices::RotateDevice>>,
    revoke: Vec<Picked<'a, super::RevokeGrant>>,
    revoke_token: Vec<Picked<'a, super::RevokeToken>>,
    end_session: Vec<Picked<'a, super::EndSession>>,
    disable: Vec<Picked<'a, super::DisableAccount>>,
    single: Vec<Picked<'a, Act>>,
}

impl<'a> Acts<'a> {
    fn sort(batch: &'a [Waiting]) -> Self {
        let mut acts = Self::default();
        for (place, waiting) in batch.iter().enumerate() {
            match &waiting.unit.act {
                Act::Record | Act::QueueLetters(_) | Act::EndSessions(_) | Act::Switch(_) => {}
                Act::Link(act) => acts.link.push((place, act)),
                Act::Attend(act) => acts.attend.push((place, act)),
                Act::UseSession(act) => acts.use_session.push((place, act)),
                Act::OpenGrant(act) => acts.open.push((place, act)),
                Act::Rotate(act) => acts.rotate.push((place, act)),
                Act::UseOnce(act) => acts.use_once.push((place, act)),
                Act::UsePasskey(act) => acts.use_passkey.push((place, act)),
                Act::UseTotpStep(act) => acts.use_totp.push((place, act)),
                Act::RotateDevice(act) => acts.rotate_device.push((place, act)),
                Act::RevokeGrant(act) => acts.revoke.push((place, act)),
                Act::RevokeToken(act) => acts.revoke_token.push((place, act)),
                Act::EndSession(act) => acts.end_session.push((place, act)),
                Act::DisableAccount(act) => acts.disable.push((place, act)),
                act => acts.single.push((place, act)),
            }
        }
        acts
    }
}

/// Does an act that is too rare to be done together with others of its kind.
async fn single(
    conn: &mut Conn,
    act: &Act,
    revoking: &mut Revoking,
) -> Result<Outcome, WriteError> {
    match act {
        Act::TakeNotices(act) => sessions::claim(conn, act).await,
        Act::SettleNotice(act) => sessions::settle(conn, act).await,
        Act::ChangeFederation(changes) => federation::apply(conn, changes).await,
        Act::InsertKey(key) => keys::insert(conn, key).await,
        Act::ChangeKeys(changes) => keys::change(conn, changes).await,
        Act::PutMetadata(act) => metadata::put(conn, act).await,
        Act::PutLocalAccount(account) => credentials::put(conn, account, revoking).await,
        Act::Rehash(act) => credentials::rehash(conn, act).await,
        Act::Sweep(now) => sweep::sweep(conn, *now).await,
        Act::RememberDevice(act) => devices::remember(conn, act).await,
        Act::ForgetDevices(act) => devices::forget(conn, act, revoking).await,
        Act::TakeLetters(act) => letters::take(conn, act).await,
        Act::SettleLetter(act) => letters::settle(conn, act).await,
        Act::PutApiToken(act) => api_tokens::put(conn, act).await,
        Act::UseApiToken(act) => api_tokens::use_token(conn, act).await,
        Act::RevokeApiToken(act) => api_tokens::revoke(conn, act).await,
        act => factors::write(conn, act, revoking).await,
    }
}

/// Ends many sessions, at somebody's wish or with what they rest on: alone in its transaction.
async fn end_many(
    conn: &mut Conn,
    batch: &[Waiting],
    outcomes: &mut [Outcome],
    revoking: &mut Revoking,
) -> Result<(), WriteError> {
    for (waiting, outcome) in batch.iter().zip(outcomes) {
        match &waiting.unit.act {
            Act::EndSessions(act) => {
                let ended = sessions::end_many(conn, act, Why::Wish, revoking).await?;
                *outcome = Outcome::SessionsEnded(ended);
            }
            Act::Switch(act) => *outcome = switches::switch(conn, act, revoking).await?,
            _ => {}
        }
    }
    Ok(())
}

/// Everything that revokes, and then the news of it for other nodes.
async fn revoke(
    conn: &mut Conn,
    acts: &Acts<'_>,
    outcomes: &mut [Outcome],
    revoking: &mut Revoking,
) -> Result<(), WriteError> {
    grants::revoke(conn, &acts.revoke, outcomes, revoking).await?;
    for (_, act) in &acts.revoke_token {
        revoking.token(act);
    }
    if !acts.end_session.is_empty() {
        grants::end_sessions(conn, &acts.end_session, outcomes, revoking).await?;
        sessions::end(conn, &acts.end_session, outcomes).await?;
    }
    if !acts.disable.is_empty() {
        grants::disable_accounts(conn, &acts.disable, outcomes, revoking).await?;
        sessions::end_of_accounts(conn, &acts.disable).await?;
        factors::disown(conn, acts.disable.iter().map(|(_, act)| (&act.account, act.now))).await?;
    }
    let new = revocations::write(conn, &revoking.told).await?;
    for (place, act) in &acts.end_session {
        if let Some(Outcome::SessionEnded { first, .. }) = outcomes.get_mut(*place) {
            *first = new.contains(&(RevokedKind::Session, act.session.as_str().into()));
        }
    }
    Ok(())
}

/// What the trail says, in the order of the units.
fn tell(batch: &[Waiting], outcomes: &[Outcome]) -> Result<Vec<AuditEvent>, StoreError> {
    let mut events = Vec::with_capacity(batch.len());
    for (waiting, outcome) in batch.iter().zip(outcomes) {
        match &waiting.unit.trail {
            Trail::Always(known) => events.extend_from_slice(known),
            // One caller's panic must not end the task that writes for all.
            Trail::Told(tell) => match catch_unwind(AssertUnwindSafe(|| tell(outcome))) {
                Ok(mut told) => events.append(&mut told),
                Err(_) => return Err(StoreError::Unstorable { field: "audit event" }),
            },
        }
    }
    Ok(events)
}
