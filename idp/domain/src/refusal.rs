//! Refusals: the ways of saying no. A refusal is an answer; a [`Fault`] is our own failure.

use std::{error::Error, fmt};

use crate::{AgencyId, Lifetime};

/// Who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Blame {
    /// The person at the browser.
    You,
    /// The person's agency, or its source.
    YourAgency,
    /// The relying party.
    TheService,
    /// The broker.
    Us,
}

impl Blame {
    /// A stable word for pages, logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::YourAgency => "agency",
            Self::TheService => "service",
            Self::Us => "us",
        }
    }
}

/// What a person would have to do, where nobody may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// Sign in.
    Login,
    /// Choose an account or agency.
    Selection,
    /// Consent.
    Consent,
}

/// A proper *no*: policy, person or source declined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The account may not sign in.
    AccountDisabled,
    /// People of this agency may not use this relying party.
    AgencyNotAllowed {
        /// The agency.
        agency: AgencyId,
    },
    /// The proof is weaker than the relying party demands, and nothing stronger can be had.
    AssuranceUnmet,
    /// This browser did not start the transaction.
    BindingMissing,
    /// More is being asked of us than we can do now.
    Busy {
        /// When to try again.
        retry_after: Lifetime,
    },
    /// The person has no factor, and may not enrol one without the help of the agency.
    EnrolmentNeedsHelp,
    /// A person would be needed, and may not be asked.
    InteractionNeeded(Need),
    /// No source is left that the person could use.
    NoSource,
    /// The person said no.
    PersonDeclined,
    /// The relying party is switched off.
    RelyingPartyDisabled,
    /// The source is switched off.
    SourceDisabled,
    /// The source broke its protocol, or said what it may not say.
    SourceMisbehaved {
        /// Stable slug of what was wrong, such as `issuer` or `signature_invalid`.
        reason: &'static str,
        /// For the operator; never shown to the person.
        detail: String,
    },
    /// The source said no to the person.
    SourceRefused {
        /// The source's own code, at most 64 visible ASCII characters.
        code: String,
        /// For the operator; never shown to the person.
        detail: String,
    },
    /// The source does not answer.
    SourceUnavailable {
        /// Stable slug of how it failed.
        reason: &'static str,
        /// For the operator; never shown to the person.
        detail: String,
    },
    /// The source's proof is older than what was demanded of it.
    StaleAuthentication,
    /// Too many attempts.
    Throttled {
        /// When to try again.
        retry_after: Lifetime,
    },
    /// The transaction was answered already.
    TransactionConsumed,
    /// The transaction is unknown or its time is up.
    TransactionLost,
    /// Somebody else signed in than the relying party named.
    WrongPerson,
}

impl Refusal {
    /// The stable code: the same on the page, in the trail, in logs and metrics.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::AccountDisabled => "account_disabled",
            Self::AgencyNotAllowed { .. } => "agency_not_allowed",
            Self::AssuranceUnmet => "assurance_unmet",
            Self::BindingMissing => "txn_binding",
            Self::EnrolmentNeedsHelp => "mfa_enrolment_required_contact_admin",
            Self::Busy { .. } => "busy",
            Self::InteractionNeeded(Need::Login) => "login_needed",
            Self::InteractionNeeded(Need::Selection) => "selection_needed",
            Self::InteractionNeeded(Need::Consent) => "consent_needed",
            Self::NoSource => "no_source",
            Self::PersonDeclined => "person_declined",
            Self::RelyingPartyDisabled => "relying_party_disabled",
            Self::SourceDisabled => "upstream_disabled",
            Self::SourceMisbehaved { .. } => "source_misbehaved",
            Self::SourceRefused { .. } => "source_refused",
            Self::SourceUnavailable { .. } => "source_unavailable",
            Self::StaleAuthentication => "stale_authn",
            Self::Throttled { .. } => "throttled",
            Self::TransactionConsumed => "txn_consumed",
            Self::TransactionLost => "txn_lost",
            Self::WrongPerson => "wrong_person",
        }
    }

    /// The real reason for the trail: finer than the slug where a source is at fault.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::SourceMisbehaved { reason, .. } | Self::SourceUnavailable { reason, .. } => {
                reason
            }
            other => other.slug(),
        }
    }

    /// What the operator is told besides.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::SourceMisbehaved { detail, .. } | Self::SourceUnavailable { detail, .. } => {
                Some(detail)
            }
            Self::SourceRefused { code, .. } => Some(code),
            Self::AgencyNotAllowed { agency } => Some(agency.as_str()),
            _ => None,
        }
    }

    /// Who can do something about it.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self {
            Self::BindingMissing
            | Self::PersonDeclined
            | Self::Throttled { .. }
            | Self::TransactionConsumed
            | Self::TransactionLost
            | Self::WrongPerson => Blame::You,
            Self::AccountDisabled
            | Self::AssuranceUnmet
            | Self::EnrolmentNeedsHelp
            | Self::SourceDisabled
            | Self::SourceMisbehaved { .. }
            | Self::SourceRefused { .. }
            | Self::SourceUnavailable { .. }
            | Self::StaleAuthentication => Blame::YourAgency,
            Self::AgencyNotAllowed { .. }
            | Self::InteractionNeeded(_)
            | Self::NoSource
            | Self::RelyingPartyDisabled => Blame::TheService,
            Self::Busy { .. } => Blame::Us,
        }
    }

    /// When to try again, where waiting helps.
    #[must_use]
    pub fn retry_after(&self) -> Option<Lifetime> {
        match self {
            Self::Busy { retry_after } | Self::Throttled { retry_after } => Some(*retry_after),
            _ => None,
        }
    }
}

/// Our own failure: database, shelf, or a bug. Opaque to everyone but the log.
#[derive(Debug)]
pub struct Fault {
    doing: &'static str,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A failure while `doing` something, caused by `cause`.
    pub fn new(doing: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { doing, cause: Some(cause.into()) }
    }

    /// A failure that nothing else explains: an invariant did not hold.
    #[must_use]
    pub fn broken(doing: &'static str) -> Self {
        Self { doing, cause: None }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed while {}", self.doing)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| &**cause as &(dyn Error + 'static))
    }
}
