//! The broker: what every step of a login needs at hand.

use std::sync::{Arc, OnceLock};

use arc_swap::{ArcSwap, Guard};
use idp_domain::{
    AccountId, AuditEvent, Fault, Logout, RelyingParty, RelyingPartyId, Session, SessionId,
    Subject, Timestamp, Transaction, audit::AuditKind, session::Limits,
};
use idp_factors::webauthn::{Site, mds::Models};
use idp_fetch::Fetcher;
use idp_store::{
    Sealer, StoreError, Throttle,
    accounts::Accounts,
    devices::Devices,
    factors::{FactorTables, passes::AccessPasses},
    journal::{Journal, Outcome, Unit},
    revocations::{Revocations, RevokedKind},
    sessions::Sessions,
    shelf::Drawer,
};

use crate::{
    Catalog, Ceremony, PassingNames, SubjectKey,
    factor::Scribe,
    logout::{Courier, Envoy},
    visit::Visit,
};

/// What a broker is made of.
pub struct Parts {
    /// Logins in progress.
    pub transactions: Drawer<Transaction>,
    /// Sessions.
    pub sessions: Drawer<Session>,
    /// Logouts that browsers carry on.
    pub logouts: Drawer<Logout>,
    /// Sessions by other names than their handles.
    pub known: Sessions,
    /// Sends letters to relying parties.
    pub fetcher: Fetcher,
    /// The door to everything durable.
    pub journal: Journal,
    /// Accounts and links, to read.
    pub accounts: Accounts,
    /// What must no longer be believed.
    pub revocations: Revocations,
    /// Computes subjects.
    pub subjects: SubjectKey,
    /// What people can prove here, to read.
    pub factors: FactorTables,
    /// Access passes, to read.
    pub passes: AccessPasses,
    /// Remembered devices, to read.
    pub devices: Devices,
    /// Ceremonies that browsers work at.
    pub ceremonies: Drawer<Ceremony>,
    /// Seals secrets of apps, and letters.
    pub sealer: Arc<Sealer>,
    /// Whether letters are sent at all: what nobody sends is not written.
    pub letters: bool,
    /// Counts guesses.
    pub throttle: Arc<Throttle>,
    /// Who we are towards browsers and authenticators.
    pub site: Site,
    /// What is known of models of authenticators.
    pub models: Arc<Models>,
    /// How long sessions last.
    pub settings: Limits,
    /// Whether a session ends that is used in two places at the same time.
    pub end_suspicious: bool,
}

/// Carries logins from beginning to end. One a node, shared by all requests.
pub struct Broker {
    pub(crate) transactions: Drawer<Transaction>,
    pub(crate) sessions: Drawer<Session>,
    pub(crate) logouts: Drawer<Logout>,
    pub(crate) known: Sessions,
    pub(crate) courier: Courier,
    pub(crate) envoy: OnceLock<Envoy>,
    pub(crate) journal: Journal,
    pub(crate) accounts: Accounts,
    pub(crate) revocations: Revocations,
    pub(crate) factors: FactorTables,
    pub(crate) passes: AccessPasses,
    pub(crate) devices: Devices,
    pub(crate) ceremonies: Drawer<Ceremony>,
    pub(crate) sealer: Arc<Sealer>,
    pub(crate) scribe: Scribe,
    pub(crate) throttle: Arc<Throttle>,
    pub(crate) site: Site,
    pub(crate) models: Arc<Models>,
    pub(crate) settings: Limits,
    pub(crate) end_suspicious: bool,
    subjects: SubjectKey,
    catalog: ArcSwap<Catalog>,
}

impl Broker {
    /// A broker of these parts, with an empty catalog.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            courier: Courier { fetcher: parts.fetcher, journal: parts.journal.clone() },
            transactions: parts.transactions,
            sessions: parts.sessions,
            logouts: parts.logouts,
            known: parts.known,
            envoy: OnceLock::new(),
            journal: parts.journal,
            scribe: Scribe::new(parts.accounts.clone(), parts.sealer.clone(), parts.letters),
            accounts: parts.accounts,
            revocations: parts.revocations,
            factors: parts.factors,
            passes: parts.passes,
            devices: parts.devices,
            ceremonies: parts.ceremonies,
            sealer: parts.sealer,
            throttle: parts.throttle,
            site: parts.site,
            models: parts.models,
            settings: parts.settings,
            end_suspicious: parts.end_suspicious,
            subjects: parts.subjects,
            catalog: ArcSwap::from_pointee(Catalog::default()),
        }
    }

    /// Who we are towards browsers and authenticators.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// What is known of models of authenticators.
    #[must_use]
    pub fn models(&self) -> &Models {
        &self.models
    }

    /// The federation as it now stands.
    #[must_use]
    pub fn catalog(&self) -> Guard<Arc<Catalog>> {
        self.catalog.load()
    }

    /// The federation has changed.
    pub fn replace_catalog(&self, catalog: Arc<Catalog>) {
        self.catalog.store(catalog);
    }

    /// The name of `account` towards `relying_party`.
    #[must_use]
    pub fn subject(&self, relying_party: &RelyingParty, account: &AccountId) -> Subject {
        self.subjects.subject(relying_party, account)
    }

    /// The names of `session` towards `relying_party`.
    #[must_use]
    pub fn passing_names(
        &self,
        relying_party: &RelyingPartyId,
        session: &SessionId,
    ) -> PassingNames {
        self.subjects.passing(relying_party, session)
    }

    /// Writes `events` to the trail, and nothing else. Done when they are durable.
    pub async fn record(&self, events: Vec<AuditEvent>) -> Result<(), Fault> {
        self.commit("writing to the trail", Unit::record(events)).await.map(drop)
    }

    /// Does `unit` durably.
    pub async fn commit(&self, doing: &'static str, unit: Unit) -> Result<Outcome, Fault> {
        self.journal.commit(unit).await.map_err(|error| Fault::new(doing, error))
    }

    /// When something was revoked, if it is. A node that has not heard from the database lately
    /// does not know, and says so.
    pub fn revoked_at(&self, kind: RevokedKind, key: &str) -> Result<Option<Timestamp>, Fault> {
        if !self.revocations.is_fresh() {
            return Err(Fault::new("hearing of revocations in time", StoreError::Closed));
        }
        Ok(self.revocations.revoked_at(kind, key))
    }

    /// An event about `transaction`.
    pub(crate) fn about(kind: AuditKind, transaction: &Transaction, visit: &Visit) -> AuditEvent {
        let shown = matches!(
            kind,
            AuditKind::LoginRefused | AuditKind::InboundRejected | AuditKind::AuthnFailed
        );
        AuditEvent {
            reference: shown.then(|| visit.reference.to_string()),
            transaction: Some(transaction.id.clone()),
            relying_party: Some(transaction.relying_party().clone()),
            source: transaction.chosen.clone(),
            address: Some(visit.address),
            ..AuditEvent::new(kind, visit.now)
        }
    }
}
