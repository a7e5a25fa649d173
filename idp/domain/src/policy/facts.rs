//! What policy is told, and what it answers.

use super::{Candidate, Reason};
use crate::{Refusal, RelyingParty, Session, SourceId, Subject, Transaction};

/// Everything that a decision rests on.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The login in progress.
    pub transaction: &'a Transaction,
    /// Who asks.
    pub relying_party: &'a RelyingParty,
    /// The browser's session, if it has a live one.
    pub session: Option<&'a Session>,
    /// The sources that people of this relying party may use.
    pub candidates: &'a [Candidate],
    /// The name that the relying party knows for the account of the session or event, if any.
    pub subject: Option<&'a Subject>,
}

/// What policy decided, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What to do next.
    pub step: Step,
    /// Why, in the order in which it was considered.
    pub because: Vec<Reason>,
}

/// The next step of a login. Steps never lead to one another: each comes back and asks again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The person chooses an agency.
    ChooseSource,
    /// The person authenticates at a source.
    Authenticate {
        /// Where.
        source: SourceId,
        /// Whether an existing session there does not count.
        force: bool,
    },
    /// The person consents to the release.
    Consent,
    /// We vouch, on the proof of this login or of the session.
    Issue(Basis),
    /// We say no.
    Refuse(Refusal),
}

impl Step {
    /// A stable word for the trail and metrics.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::ChooseSource => "choose_source",
            Self::Authenticate { .. } => "authenticate",
            Self::Consent => "consent",
            Self::Issue(_) => "issue",
            Self::Refuse(_) => "refuse",
        }
    }
}

/// Which proof we vouch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The event that this login brought.
    Event,
    /// The session that the browser had.
    Session,
}
