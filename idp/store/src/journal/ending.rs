//! Ending many sessions from the first portion to the last, with what the trail says of it.

use std::net::IpAddr;

use idp_domain::{AuditEvent, Timestamp, audit::AuditKind};

use super::{Act, Journal, Outcome, Unit};
use crate::{
    credentials::NewLocalAccount,
    error::StoreError,
    sessions::{EndSessions, Ended},
    switches::{self, Switch},
};

/// Who ends sessions, as far as the trail wants to know.
#[derive(Clone, Debug, Default)]
pub struct By {
    /// Their name: of an account, a token, a command.
    pub name: String,
    /// Where they are.
    pub address: Option<IpAddr>,
}

/// How much was ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Sessions.
    pub sessions: u64,
    /// Grants, as far as they were bound to these sessions or to their account: those of earlier
    /// sessions are refused all the same where all of an agency, a source, a relying party or an
    /// account were ended.
    pub grants: u64,
}

/// What a switch did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thrown {
    /// Whether it stood otherwise before.
    pub changed: bool,
    /// What ended with it.
    pub total: Total,
}

impl Journal {
    /// Ends all sessions that `act` means.
    ///
    /// After the first commit all of them are over for every node that has heard of it; should
    /// this fail later or be dropped, the rest of the rows follows with housekeeping.
    pub async fn end_sessions(&self, act: EndSessions, by: &By) -> Result<Total, StoreError> {
        let mut total = Total::default();
        loop {
            let (now, because, teller) = (act.now, act.because, by.clone());
            let unit = Unit::telling(Act::EndSessions(act.clone()), move |outcome| match outcome {
                Outcome::SessionsEnded(ended) => told(ended, because, &teller, now),
                _ => Vec::new(),
            });
            let Outcome::SessionsEnded(ended) = self.commit(unit).await? else {
                return Ok(total);
            };
            total.add(&ended);
            if !ended.more {
                return Ok(total);
            }
        }
    }

    /// Writes a local account, with `event` and what ends with it in the trail. Whether it was
    /// written: not if its version has moved on.
    pub async fn put_local_account(
        &self,
        new: NewLocalAccount,
        event: AuditEvent,
        by: By,
    ) -> Result<bool, StoreError> {
        let now = new.now;
        let unit = Unit::telling(Act::PutLocalAccount(new), move |outcome| match outcome {
            Outcome::Done => vec![event.clone()],
            Outcome::SignedOut { because, ended } => {
                let event = event.clone().with("signed_out", *because);
                let mut events = vec![event.with("grants", ended.grants.to_string())];
                events.append(&mut told(ended, because, &by, now));
                events
            }
            _ => Vec::new(),
        });
        let outcome = self.commit(unit).await?;
        Ok(matches!(outcome, Outcome::Done | Outcome::SignedOut { .. }))
    }

    /// Throws a switch and ends all that rests on it; `None` when there is no such account.
    ///
    /// The first commit is the switch: what is said of [`Journal::end_sessions`] holds here too.
    pub async fn switch(
        &self,
        act: Switch,
        address: Option<IpAddr>,
    ) -> Result<Option<Thrown>, StoreError> {
        let by = By { name: act.by.clone(), address };
        let event = switches::event(&act, address);
        let because = switches::because(&act.what);
        let mut thrown = Thrown { changed: false, total: Total::default() };
        loop {
            let (now, by, event) = (act.now, by.clone(), event.clone());
            let unit = Unit::telling(Act::Switch(act.clone()), move |outcome| match outcome {
                Outcome::Switched { changed, ended } => {
                    let mut events = told(ended, because, &by, now);
                    events.extend(changed.then(|| event.clone()));
                    events
                }
                _ => Vec::new(),
            });
            let Outcome::Switched { changed, ended } = self.commit(unit).await? else {
                return Ok(None);
            };
            thrown.changed |= changed;
            thrown.total.add(&ended);
            if !ended.more {
                return Ok(Some(thrown));
            }
        }
    }
}

impl Total {
    fn add(&mut self, ended: &Ended) {
        self.sessions += ended.sessions.len() as u64;
        self.grants += ended.grants;
    }
}

fn told(ended: &Ended, because: &str, by: &By, now: Timestamp) -> Vec<AuditEvent> {
    let event = |session: &crate::sessions::EndedSession| AuditEvent {
        account: Some(session.account.clone()),
        session: Some(session.id.clone()),
        address: by.address,
        ..AuditEvent::new(AuditKind::SessionEnded, now)
            .because_of(because)
            .with("by", by.name.as_str())
    };
    ended.sessions.iter().map(event).collect()
}
