//! What policy is told, and what it answers.

use super::{Candidate, Reason};
use crate::{
    Agency, FactorKind, Factors, Refusal, RelyingParty, Session, SourceId, Subject, Transaction,
    assurance::Worth, session::Limits,
};

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
    /// The agency of the proof that counts, of this login or else of the session, if there is one.
    /// A proof whose agency is not given here is not vouched for.
    pub agency: Option<&'a Agency>,
    /// What the account of that proof has enrolled; `None` when [`super::needs_factors`] says that
    /// no decision rests on it.
    pub factors: Option<&'a Factors>,
    /// How long things are believed, before agency and relying party narrow it.
    pub limits: Limits,
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
    /// The person proves a factor here.
    ProveFactor {
        /// Of which kinds one is enough, the best first; never empty.
        kinds: Vec<FactorKind>,
        /// What the proof must be worth: a key that is worth less is no answer.
        wanted: Worth,
        /// Whether the relying party would only like it: the person may go on without it, to
        /// whatever is demanded.
        optional: bool,
    },
    /// The person enrols a factor.
    Enrol {
        /// Of which kinds one is enough, the best first; never empty.
        kinds: Vec<FactorKind>,
        /// What a proof of it must be worth.
        wanted: Worth,
        /// Whether the person may say "later".
        optional: bool,
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
            Self::ProveFactor { .. } => "prove_factor",
            Self::Enrol { .. } => "enrol",
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
