//! Reasons: why policy decided as it did, in words that an auditor can read.

use std::fmt;

use super::{demand::DemandedBy, evidence::Means};
use crate::{Acr, AgencyId, FactorKind, Lifetime, SourceId, assurance::Worth};

/// One consideration of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The agency of the proof is not among the facts.
    AgencyUnknown(AgencyId),
    /// The account of the proof is not the one that the relying party named.
    AnotherPerson,
    /// The source could prove what is missing, and is asked before anything is asked for here.
    AskedFirst(SourceId),
    /// The source could prove what is wished, and is asked for that and nothing else, once in a
    /// login.
    AskedOnce(SourceId),
    /// The source can never prove what is missing.
    CeilingTooLow {
        /// Which source.
        source: SourceId,
        /// The most that it can prove.
        ceiling: Worth,
    },
    /// Every demand is met.
    DemandMet,
    /// A proof was good once, and has aged.
    Decayed {
        /// What it is.
        means: Means,
        /// How old it may be, where that is what it exceeds; none: its source is believed no
        /// longer.
        max_age: Option<Lifetime>,
    },
    /// The person was asked for what is wished, and went on without it.
    Declined,
    /// A factor can be enrolled now.
    EnrolmentOpen(Opening),
    /// A factor cannot be enrolled now.
    EnrolmentClosed(Closing),
    /// A factor was proven recently enough for what is to be changed.
    FactorRecent,
    /// No factor was proven recently enough for what is to be changed.
    FactorNotRecent {
        /// How old the proof may be.
        max_age: Lifetime,
    },
    /// What the person has enrolled is not among the facts.
    FactorsUnknown,
    /// The agency does not enforce its own demand yet: the account is new.
    Grace {
        /// For how long.
        days: u32,
    },
    /// The agency was named by the relying party or chosen by the person.
    Hinted(SourceId),
    /// A demand is met.
    Met {
        /// Whose.
        by: DemandedBy,
        /// By which of its names.
        acr: Acr,
        /// By what.
        means: Means,
    },
    /// The person reported the old factors and has to enrol anew.
    MustEnrol,
    /// The person has no factor for what is wished, and a wish stops nobody.
    NothingForWish,
    /// The source was asked and proved less than was demanded.
    NotProven {
        /// What the proof is worth.
        has: Worth,
    },
    /// The person has no factor, and the agency would like that to change.
    Nudged,
    /// Nobody may be asked anything.
    Passive,
    /// The relying party wants the person to be asked for consent.
    ConsentWanted,
    /// The relying party wants the person to authenticate again.
    Forced,
    /// The relying party wants the person to choose.
    SelectionWanted,
    /// The relying party is switched off.
    RelyingPartyOff,
    /// The browser has no session.
    NoSession,
    /// The session was not used for longer than it is believed.
    SessionIdle {
        /// For how long it was not used.
        idle: Lifetime,
        /// For how long it may be unused.
        limit: Lifetime,
    },
    /// The session began longer ago than it is believed.
    SessionOld {
        /// How old it is.
        age: Lifetime,
        /// How old it may be.
        limit: Lifetime,
    },
    /// No source is open to this relying party.
    NoSourceOpen,
    /// Only one source is open to this relying party.
    OnlySource(SourceId),
    /// The agency of the proof may not use this relying party, or its source is switched off.
    NotAdmitted(AgencyId),
    /// The person can prove what is missing.
    Provable(Vec<FactorKind>),
    /// Another agency was asked for than that of the session.
    SessionOfAnotherAgency(AgencyId),
    /// The session is reused.
    SessionReused,
    /// The authentication is too old, or the source did not say how old.
    Stale {
        /// How old it is, if the source said.
        age: Option<Lifetime>,
        /// How old it may be.
        max_age: Lifetime,
    },
    /// Several sources are open, and nothing tells which.
    Undecided {
        /// How many.
        open: usize,
    },
    /// Nothing that counts meets a demand.
    Unmet {
        /// Whose.
        by: DemandedBy,
        /// Its names.
        names: Vec<Acr>,
        /// The most that is proven.
        has: Worth,
    },
    /// A demand has no name that anything here could prove.
    Unprovable {
        /// Whose.
        by: DemandedBy,
    },
    /// The person has a factor that is too weak for what is missing: it is not even offered.
    WeakerNotOffered(FactorKind),
}

/// What opens enrolment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// A fresh sign-in of somebody without a factor.
    SignIn,
    /// A fresh sign-in, and another factor was proven in this login.
    Factor,
    /// An access pass.
    Pass,
}

/// What keeps enrolment closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// The person has a factor, and did not prove the best of them in this login.
    HasFactor,
    /// The agency wants an access pass, or two factors at the source.
    PassWanted,
    /// A session alone opens nothing: the person must sign in.
    SignInWanted,
    /// The sign-in at the source is not fresh.
    SignInOld,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AgencyUnknown(agency) => write!(f, "agency {agency} is not known here"),
            Self::AnotherPerson => f.write_str("the proof is of another person than was named"),
            Self::AskedFirst(source) => write!(f, "source {source} could prove it: asked first"),
            Self::AskedOnce(source) => write!(f, "source {source} could prove it: asked once"),
            Self::CeilingTooLow { source, ceiling } => {
                write!(f, "source {source} can prove no more than {ceiling}")
            }
            Self::Declined => f.write_str("the person went on without it"),
            Self::DemandMet => f.write_str("every demand is met"),
            Self::Decayed { means, max_age: Some(max_age) } => {
                write!(f, "{means} is too old: {} s are allowed", max_age.as_seconds())
            }
            Self::Decayed { means, max_age: None } => write!(f, "{means} is believed no longer"),
            Self::EnrolmentOpen(opening) => write!(f, "enrolment is open: {}", opening.text()),
            Self::EnrolmentClosed(closing) => write!(f, "enrolment is closed: {}", closing.text()),
            Self::FactorRecent => f.write_str("a factor was proven recently"),
            Self::FactorNotRecent { max_age } => {
                write!(f, "no factor was proven in the last {} s", max_age.as_seconds())
            }
            Self::FactorsUnknown => f.write_str("what the person has enrolled is not known"),
            Self::Grace { days } => {
                write!(f, "the account is new: its agency demands nothing for {days} days")
            }
            Self::Hinted(source) => write!(f, "source {source} was named or chosen"),
            Self::Met { by, acr, means } => write!(f, "{by} {acr} is met by {means}"),
            Self::MustEnrol => f.write_str("the old factors were reported"),
            Self::NotProven { has } => write!(f, "the source was asked and proved {has}"),
            Self::NothingForWish => {
                f.write_str("the person has nothing for it, and a wish stops nobody")
            }
            Self::Nudged => f.write_str("the agency asks people without a factor to enrol one"),
            Self::Passive => f.write_str("nobody may be asked anything"),
            Self::ConsentWanted => f.write_str("consent is wanted"),
            Self::Forced => f.write_str("authentication anew is wanted"),
            Self::SelectionWanted => f.write_str("a choice by the person is wanted"),
            Self::RelyingPartyOff => f.write_str("the relying party is switched off"),
            Self::NoSession => f.write_str("the browser has no session"),
            Self::SessionIdle { idle, limit } => write!(
                f,
                "the session was not used for {} s, {} s are allowed",
                idle.as_seconds(),
                limit.as_seconds()
            ),
            Self::SessionOld { age, limit } => write!(
                f,
                "the session is {} s old, {} s are allowed",
                age.as_seconds(),
                limit.as_seconds()
            ),
            Self::NoSourceOpen => f.write_str("no source is open to this relying party"),
            Self::OnlySource(source) => write!(f, "only source {source} is open"),
            Self::NotAdmitted(agency) => {
                write!(f, "the proof is of {agency}, which is not admitted here")
            }
            Self::Provable(kinds) => {
                let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
                write!(f, "the person can prove {}", kinds.join(" or "))
            }
            Self::SessionOfAnotherAgency(agency) => {
                write!(f, "the session is of {agency}, another one was named")
            }
            Self::SessionReused => f.write_str("the session is reused"),
            Self::Stale { age: Some(age), max_age } => write!(
                f,
                "the authentication is {} s old, {} s are allowed",
                age.as_seconds(),
                max_age.as_seconds()
            ),
            Self::Stale { age: None, max_age } => write!(
                f,
                "the source did not say how old the authentication is, {} s are allowed",
                max_age.as_seconds()
            ),
            Self::Undecided { open } => write!(f, "{open} sources are open"),
            Self::Unmet { by, names, has } => {
                let names: Vec<_> = names.iter().map(Acr::as_str).collect();
                write!(f, "{by} {} is not met by {has}", names.join(" or "))
            }
            Self::Unprovable { by } => write!(f, "{by} names nothing that could be proven here"),
            Self::WeakerNotOffered(kind) => {
                write!(f, "{} would be too weak, and is not offered", kind.as_str())
            }
        }
    }
}

impl Opening {
    fn text(self) -> &'static str {
        match self {
            Self::SignIn => "a fresh sign-in of somebody without a factor",
            Self::Factor => "a fresh sign-in, and a factor that was proven besides",
            Self::Pass => "an access pass was used",
        }
    }
}

impl Closing {
    fn text(self) -> &'static str {
        match self {
            Self::HasFactor => "the best factor that the person has is to be proven first",
            Self::PassWanted => "the agency wants an access pass, or two factors at the source",
            Self::SignInWanted => "a session alone does not open it",
            Self::SignInOld => "the sign-in at the source is not fresh",
        }
    }
}
