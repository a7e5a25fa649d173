//! Reasons: why policy decided as it did, in words that an auditor can read.

use std::fmt;

use crate::{Acr, AgencyId, Assurance, Lifetime, SourceId};

/// One consideration of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The account of the proof is not the one that the relying party named.
    AnotherPerson,
    /// A context that was wanted is met by the proof.
    ContextMet(Acr),
    /// Every demand is met.
    DemandMet,
    /// The agency was named by the relying party or chosen by the person.
    Hinted(SourceId),
    /// The source was asked and proved less than was demanded.
    NotProven {
        /// What the proof is worth.
        has: Assurance,
    },
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
    /// No source is open to this relying party.
    NoSourceOpen,
    /// Only one source is open to this relying party.
    OnlySource(SourceId),
    /// The agency of the proof may not use this relying party, or its source is switched off.
    NotAdmitted(AgencyId),
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
    /// The proof is weaker than demanded.
    TooWeak {
        /// What the proof is worth.
        has: Assurance,
    },
    /// No source here could prove what is demanded.
    Unprovable,
    /// Several sources are open, and nothing tells which.
    Undecided {
        /// How many.
        open: usize,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnotherPerson => f.write_str("the proof is of another person than was named"),
            Self::ContextMet(acr) => write!(f, "the proof meets {acr}"),
            Self::DemandMet => f.write_str("every demand is met"),
            Self::Hinted(source) => write!(f, "source {source} was named or chosen"),
            Self::NotProven { has } => write!(f, "the source was asked and proved {has:?}"),
            Self::Passive => f.write_str("nobody may be asked anything"),
            Self::ConsentWanted => f.write_str("consent is wanted"),
            Self::Forced => f.write_str("authentication anew is wanted"),
            Self::SelectionWanted => f.write_str("a choice by the person is wanted"),
            Self::RelyingPartyOff => f.write_str("the relying party is switched off"),
            Self::NoSession => f.write_str("the browser has no session"),
            Self::NoSourceOpen => f.write_str("no source is open to this relying party"),
            Self::OnlySource(source) => write!(f, "only source {source} is open"),
            Self::NotAdmitted(agency) => {
                write!(f, "the proof is of {agency}, which is not admitted here")
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
            Self::TooWeak { has } => write!(f, "the proof is worth {has:?}, more is demanded"),
            Self::Unprovable => f.write_str("no open source could prove what is demanded"),
            Self::Undecided { open } => write!(f, "{open} sources are open"),
        }
    }
}
