//! Troubles: whatever ends with a page that says what happened, whose it is, and a way on.

use std::error::Error;

use axum::response::Response;
use idp_broker::{Reference, Stopped, Visit};
use idp_domain::{
    AgencyId, AuditEvent, Fault, Lang, LogoutId, Refusal, RelyingParty, RelyingPartyId,
    TransactionId, audit::AuditKind,
};
use idp_store::{StoreError, shelf::ShelfError};

use crate::{
    App,
    page::{DisplayName, Page, Problem, ProblemKind, WayOn},
    session_layer::OutOfReach,
};

/// Something that ends with a page.
#[derive(Debug)]
pub(crate) struct Trouble {
    kind: ProblemKind,
    code: String,
    retry_after: Option<u32>,
    relying_party: Option<RelyingPartyId>,
    agency: Option<AgencyId>,
    choose_again: Option<TransactionId>,
    sign_out: Option<LogoutId>,
}

/// Seconds after which a busy node is worth another try.
const BUSY: u32 = 5;

impl Trouble {
    fn new(kind: ProblemKind, code: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.into(),
            retry_after: None,
            relying_party: None,
            agency: None,
            choose_again: None,
            sign_out: None,
        }
    }

    /// A refusal of policy, person or source.
    #[must_use]
    pub(crate) fn refused(refusal: &Refusal) -> Self {
        let retry_after = refusal.retry_after().map(idp_domain::Lifetime::as_seconds);
        Self { retry_after, ..Self::new(ProblemKind::of(refusal), refusal.slug()) }
    }

    /// A login that cannot go on.
    #[must_use]
    pub(crate) fn stopped(stopped: Stopped) -> Self {
        Self { relying_party: stopped.relying_party, ..Self::refused(&stopped.refusal) }
    }

    /// A request of a relying party that cannot be answered to it.
    #[must_use]
    pub(crate) fn misregistered(
        code: impl Into<String>,
        relying_party: Option<RelyingPartyId>,
    ) -> Self {
        Self { relying_party, ..Self::new(ProblemKind::Misregistered, code) }
    }

    /// A form that another site sent.
    #[must_use]
    pub(crate) fn cross_site() -> Self {
        Self::new(ProblemKind::Cookies, "cross_site")
    }

    /// A form that no page of ours sends.
    #[must_use]
    pub(crate) fn misshapen() -> Self {
        Self::new(ProblemKind::Expired, "malformed")
    }

    /// Nothing is at this address.
    #[must_use]
    pub(crate) fn not_found() -> Self {
        Self::new(ProblemKind::NotFound, "not_found")
    }

    /// More than we can do now.
    #[must_use]
    pub(crate) fn busy() -> Self {
        Self { retry_after: Some(BUSY), ..Self::new(ProblemKind::Busy, "busy") }
    }

    /// Our own failure: logged here with its whole chain, and shown as nothing but ours.
    #[must_use]
    pub(crate) fn fault(fault: &Fault, reference: Reference) -> Self {
        let chain = chain(fault);
        if is_temporary(fault) {
            tracing::warn!(%reference, error = %chain, "a store is away or busy");
            return Self::busy();
        }
        tracing::error!(%reference, error = %chain, "a request failed");
        Self::new(ProblemKind::Fault, "fault")
    }

    /// The same for a relying party, which gives the page a way on.
    #[must_use]
    pub(crate) fn of(mut self, relying_party: &RelyingPartyId) -> Self {
        self.relying_party = Some(relying_party.clone());
        self
    }

    /// The same, naming an agency.
    #[must_use]
    pub(crate) fn at(mut self, agency: &AgencyId) -> Self {
        self.agency = Some(agency.clone());
        self
    }

    /// The same, with a way to choose another agency.
    #[must_use]
    pub(crate) fn choose_again(mut self, transaction: &TransactionId) -> Self {
        self.choose_again = Some(transaction.clone());
        self
    }

    /// The same, with the way on in a logout.
    #[must_use]
    pub(crate) fn sign_out(mut self, logout: &LogoutId) -> Self {
        self.sign_out = Some(logout.clone());
        self
    }
}

/// A fault and everything that caused it, in one line.
pub(crate) fn chain(fault: &Fault) -> String {
    let mut text = fault.to_string();
    let mut cause = fault.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Whether waiting may help.
pub(crate) fn is_temporary(fault: &Fault) -> bool {
    let Some(cause) = fault.source() else { return false };
    cause.downcast_ref::<StoreError>().is_some_and(StoreError::is_temporary)
        || matches!(cause.downcast_ref::<ShelfError>(), Some(ShelfError::Away { .. }))
        || cause.is::<OutOfReach>()
}

impl App {
    /// The page for a request that was not even considered, and its line in the trail.
    pub(crate) async fn rejected(&self, trouble: Trouble, visit: &Visit) -> Response {
        let event = AuditEvent {
            relying_party: trouble.relying_party.clone(),
            address: Some(visit.address),
            reference: Some(visit.reference.to_string()),
            ..AuditEvent::new(AuditKind::RequestRejected, visit.now)
        };
        let event = event.because_of(trouble.code.as_str());
        if trouble.kind != ProblemKind::NotFound
            && let Err(fault) = self.broker.record(vec![event]).await
        {
            return self.problem(&Trouble::fault(&fault, visit.reference), visit);
        }
        self.problem(&trouble, visit)
    }

    /// The page for a failure of ours.
    pub(crate) fn faulted(&self, fault: &Fault, visit: &Visit) -> Response {
        self.problem(&Trouble::fault(fault, visit.reference), visit)
    }

    /// The page for a trouble that is in the trail already.
    pub(crate) fn problem(&self, trouble: &Trouble, visit: &Visit) -> Response {
        metrics::counter!("idp_problems_total", "code" => trouble.kind.key()).increment(1);
        let catalog = self.broker.catalog();
        let party = trouble.relying_party.as_ref().and_then(|id| catalog.relying_party(id));
        let mut ways = Vec::new();
        if let Some(id) = &trouble.choose_again {
            ways.push(WayOn::Agency(format!("/login/{id}/choose")));
        }
        if let Some(id) = &trouble.sign_out {
            ways.push(WayOn::SignOut(format!("/logout/{id}/on")));
        }
        if let Some(party) = party {
            if let Some(initiate) = &party.initiate {
                ways.push(WayOn::Again(initiate.as_str().to_owned()));
            }
            if let Some(home) = &party.home {
                ways.push(WayOn::Service(home.as_str().to_owned()));
            }
        }
        if ways.is_empty() {
            ways.push(WayOn::Home("/".to_owned()));
        }
        let agency = trouble.agency.as_ref().and_then(|id| catalog.agency(id));
        let page = Page::Problem(Problem {
            kind: trouble.kind,
            code: trouble.code.clone(),
            reference: visit.reference.to_string(),
            service: party.map(|party| display_name(party, visit.lang)),
            agency: agency.and_then(|agency| agency.names.text(visit.lang)).map(str::to_owned),
            retry_after: trouble.retry_after,
            ways,
        });
        self.page(&page, visit, None)
    }
}

/// What a relying party is called on pages.
pub(crate) fn display_name(party: &RelyingParty, lang: Lang) -> DisplayName {
    DisplayName::new(party.names.text(lang).unwrap_or_default(), party.id.as_str())
}
