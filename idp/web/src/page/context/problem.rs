//! The page for everything that goes wrong: what happened, whose it is, and a way on.

use idp_domain::{Blame, Lang, Refusal};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{DisplayName, sample_service, samples};

/// What the page for a problem shows.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// What happened, as far as people tell it apart.
    #[serde(flatten, serialize_with = "kind_and_blame")]
    pub kind: ProblemKind,
    /// The stable code: the same in the trail, the logs and the metrics.
    pub code: String,
    /// The number under which the help desk finds what happened.
    pub reference: String,
    /// Where the person wanted to go.
    pub service: Option<DisplayName>,
    /// The agency with which the person signs in.
    pub agency: Option<String>,
    /// How many seconds to wait, where waiting helps.
    pub retry_after: Option<u32>,
    /// The ways on, the best first. There is always one: without any, the page leads to the front
    /// door.
    pub ways: Vec<WayOn>,
}

/// A way on from a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "to", content = "href")]
pub enum WayOn {
    /// Back to the relying party, with our answer if there is a ticket.
    Service(String),
    /// The same login from its beginning.
    Again(String),
    /// The choice of another agency.
    Agency(String),
    /// On with a logout.
    SignOut(String),
    /// The front door.
    Home(String),
}

/// What happened, as far as people tell it apart. Each has a title, a sentence on what happened
/// and one on what to do, in `words/*.ftl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// The login took too long, or its memory is lost.
    Expired,
    /// The login was finished already: the person went back in the browser.
    Completed,
    /// The browser does not carry the login's cookie.
    Cookies,
    /// The person said no.
    Declined,
    /// Somebody else signed in than was expected.
    WrongPerson,
    /// Too many attempts.
    Throttled,
    /// The agency does not answer, or its source is switched off.
    AgencyUnavailable,
    /// The agency said no.
    AgencyRefused,
    /// What the agency answered cannot be accepted.
    AgencyMisbehaved,
    /// The proof is weaker or older than the service demands.
    TooWeak,
    /// The account may not sign in.
    AccountDisabled,
    /// People of this agency may not use the service.
    AccessDenied,
    /// The service is switched off, or nobody may sign in to it.
    ServiceOff,
    /// The service's request cannot be answered: unknown, or not as registered.
    Misregistered,
    /// There is no such page.
    NotFound,
    /// Our own failure.
    Fault,
    /// More is being asked of us than we can do now.
    Busy,
}

impl ProblemKind {
    /// All kinds.
    pub const ALL: [Self; 17] = [
        Self::Expired,
        Self::Completed,
        Self::Cookies,
        Self::Declined,
        Self::WrongPerson,
        Self::Throttled,
        Self::AgencyUnavailable,
        Self::AgencyRefused,
        Self::AgencyMisbehaved,
        Self::TooWeak,
        Self::AccountDisabled,
        Self::AccessDenied,
        Self::ServiceOff,
        Self::Misregistered,
        Self::NotFound,
        Self::Fault,
        Self::Busy,
    ];

    /// The kind of a refusal.
    #[must_use]
    pub fn of(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::AccountDisabled => Self::AccountDisabled,
            Refusal::AgencyNotAllowed { .. } => Self::AccessDenied,
            Refusal::AssuranceUnmet
            | Refusal::EnrolmentNeedsHelp
            | Refusal::StaleAuthentication => Self::TooWeak,
            Refusal::BindingMissing => Self::Cookies,
            Refusal::Busy { .. } => Self::Busy,
            Refusal::InteractionNeeded(_) => Self::Misregistered,
            Refusal::NoSource | Refusal::RelyingPartyDisabled => Self::ServiceOff,
            Refusal::PersonDeclined => Self::Declined,
            Refusal::SourceDisabled | Refusal::SourceUnavailable { .. } => Self::AgencyUnavailable,
            Refusal::SourceMisbehaved { .. } => Self::AgencyMisbehaved,
            Refusal::SourceRefused { .. } => Self::AgencyRefused,
            Refusal::Throttled { .. } => Self::Throttled,
            Refusal::TransactionConsumed => Self::Completed,
            Refusal::TransactionLost => Self::Expired,
            Refusal::WrongPerson => Self::WrongPerson,
        }
    }

    /// Who can do something about it.
    #[must_use]
    pub fn blame(self) -> Blame {
        match self {
            Self::Expired
            | Self::Completed
            | Self::Cookies
            | Self::Declined
            | Self::WrongPerson
            | Self::Throttled
            | Self::NotFound => Blame::You,
            Self::AgencyUnavailable
            | Self::AgencyRefused
            | Self::AgencyMisbehaved
            | Self::TooWeak
            | Self::AccountDisabled => Blame::YourAgency,
            Self::AccessDenied | Self::ServiceOff | Self::Misregistered => Blame::TheService,
            Self::Fault | Self::Busy => Blame::Us,
        }
    }

    /// The HTTP status of a page about it.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Expired | Self::Completed | Self::Cookies | Self::Misregistered => 400,
            Self::Declined
            | Self::WrongPerson
            | Self::AgencyRefused
            | Self::AgencyMisbehaved
            | Self::TooWeak
            | Self::AccountDisabled
            | Self::AccessDenied
            | Self::ServiceOff => 403,
            Self::NotFound => 404,
            Self::Throttled => 429,
            Self::Fault => 500,
            Self::AgencyUnavailable | Self::Busy => 503,
        }
    }

    /// The word for it in the keys of the words.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Completed => "completed",
            Self::Cookies => "cookies",
            Self::Declined => "declined",
            Self::WrongPerson => "wrong-person",
            Self::Throttled => "throttled",
            Self::AgencyUnavailable => "agency-unavailable",
            Self::AgencyRefused => "agency-refused",
            Self::AgencyMisbehaved => "agency-misbehaved",
            Self::TooWeak => "too-weak",
            Self::AccountDisabled => "account-disabled",
            Self::AccessDenied => "access-denied",
            Self::ServiceOff => "service-off",
            Self::Misregistered => "misregistered",
            Self::NotFound => "not-found",
            Self::Fault => "fault",
            Self::Busy => "busy",
        }
    }
}

/// A template asks who is to blame, and nobody should say so twice.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn kind_and_blame<S: Serializer>(kind: &ProblemKind, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry("kind", kind)?;
    map.serialize_entry("blame", kind.blame().as_str())?;
    map.end()
}

impl Problem {
    /// One problem of each kind, one of which nothing else is known, and one that passes by itself.
    pub(super) fn samples(lang: Lang) -> Vec<(String, Self)> {
        let row = samples::row(lang);
        let sample = |kind: ProblemKind| {
            let again = WayOn::Again("/login/t1".to_owned());
            let service = WayOn::Service("https://travel.example.org/".to_owned());
            let agency = WayOn::Agency("/login/t1/choose".to_owned());
            let ways = match kind.blame() {
                Blame::You => vec![again, service],
                Blame::YourAgency => vec![agency, service],
                Blame::TheService => vec![service],
                Blame::Us => vec![again, WayOn::Home("/".to_owned())],
            };
            let lost = matches!(kind, ProblemKind::NotFound | ProblemKind::Misregistered);
            Self {
                kind,
                code: kind.key().replace('-', "_"),
                reference: "7F3K-92QD-1XVB".to_owned(),
                service: (!lost).then(sample_service),
                agency: (kind.blame() == Blame::YourAgency).then(|| row.name.clone()),
                retry_after: None,
                ways: if lost { Vec::new() } else { ways },
            }
        };
        let named = |kind: ProblemKind| (format!("problem-{}", kind.key()), sample(kind));
        let mut all: Vec<_> = ProblemKind::ALL.map(named).into();
        let bare = Self { service: None, agency: None, ..sample(ProblemKind::AgencyRefused) };
        all.push(("problem-bare".to_owned(), bare));
        let on = WayOn::SignOut("/logout/l1/on".to_owned());
        let leaving = Self { ways: vec![on], ..sample(ProblemKind::Misregistered) };
        all.push(("problem-sign-out".to_owned(), leaving));
        let wait = Self { retry_after: Some(120), ..sample(ProblemKind::Throttled) };
        all.push(("problem-wait".to_owned(), wait));
        all
    }
}

#[cfg(test)]
mod tests {
    use idp_domain::Refusal;

    use super::ProblemKind;

    #[test]
    fn a_kind_is_written_as_its_key() {
        for kind in ProblemKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.key());
        }
    }

    #[test]
    fn the_page_blames_whom_the_refusal_blames() {
        let refusals = [
            Refusal::AccountDisabled,
            Refusal::AgencyNotAllowed { agency: "wfp".parse().unwrap() },
            Refusal::AssuranceUnmet,
            Refusal::BindingMissing,
            Refusal::NoSource,
            Refusal::PersonDeclined,
            Refusal::RelyingPartyDisabled,
            Refusal::SourceDisabled,
            Refusal::StaleAuthentication,
            Refusal::TransactionConsumed,
            Refusal::TransactionLost,
            Refusal::WrongPerson,
        ];
        for refusal in refusals {
            assert_eq!(ProblemKind::of(&refusal).blame(), refusal.blame(), "{refusal:?}");
        }
    }
}
