//! Where a factor is proven, enrolled or removed: in a login, or on the person's own page.

use std::sync::Arc;

use idp_domain::{
    AccountId, Agency, AttributeSet, AuditEvent, AuthenticationEvent, FactorKind, Fault, Timestamp,
    Transaction, audit::AuditKind,
};

use super::ceremony::Of;
use crate::{
    Broker,
    visit::{LiveSession, Visit},
};

/// A login or a session.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scene<'a> {
    /// A login in progress.
    Login(&'a Transaction),
    /// A session, on its own page.
    Page(&'a LiveSession),
}

impl<'a> Scene<'a> {
    pub(crate) fn of(self) -> Of {
        match self {
            Self::Login(transaction) => Of::Transaction(transaction.id.clone()),
            Self::Page(live) => Of::Session(live.session.id.clone()),
        }
    }

    /// The proof of a source that says who is there.
    pub(crate) fn event(self, visit: &'a Visit) -> Option<&'a AuthenticationEvent> {
        match self {
            Self::Login(transaction) => at_hand(transaction, visit),
            Self::Page(live) => live.session.latest(),
        }
    }

    /// Since when what was proven in it stands, and nothing of before.
    pub(crate) fn since(self, visit: &Visit) -> Timestamp {
        match self {
            Self::Login(transaction) => {
                let event = self.event(visit).map_or(visit.now, |event| event.received_at);
                transaction.footing.map_or(event, |footing| event.min(footing.since))
            }
            Self::Page(live) => live.session.started_at,
        }
    }

    /// What that source says of the person.
    pub(crate) fn attributes(self, visit: &'a Visit) -> Option<&'a AttributeSet> {
        self.event(visit).map(|event| &event.identity.attributes)
    }

    /// An event about a factor of `account`.
    pub(crate) fn about(self, kind: AuditKind, account: &AccountId, visit: &Visit) -> AuditEvent {
        let event = match self {
            Self::Login(transaction) => Broker::about(kind, transaction, visit),
            Self::Page(live) => AuditEvent {
                session: Some(live.session.id.clone()),
                address: Some(visit.address),
                ..AuditEvent::new(kind, visit.now)
            },
        };
        let agency = self.event(visit).map(|event| event.agency.clone());
        AuditEvent { account: Some(account.clone()), agency, ..event }
    }

    /// The same about a factor of `kind`.
    pub(crate) fn about_factor(
        self,
        what: AuditKind,
        kind: FactorKind,
        account: &AccountId,
        visit: &Visit,
    ) -> AuditEvent {
        self.about(what, account, visit).with("factor", kind.as_str())
    }
}

/// The proof that a login is about: its own, or else that of the browser's session.
pub(crate) fn at_hand<'a>(
    transaction: &'a Transaction,
    visit: &'a Visit,
) -> Option<&'a AuthenticationEvent> {
    let session = visit.session.as_ref().and_then(|live| live.session.latest());
    transaction.event.as_deref().or(session)
}

impl Broker {
    /// The agency of whoever is there. One that is gone has nobody whom we would vouch for.
    pub(crate) fn agency_in(&self, scene: Scene<'_>, visit: &Visit) -> Result<Arc<Agency>, Fault> {
        let agency = scene.event(visit).map(|event| &event.agency);
        let agency = agency.and_then(|agency| self.catalog().agency(agency).map(Arc::clone));
        agency.ok_or_else(|| Fault::broken("finding the agency of somebody who signed in"))
    }
}
