//! The kill switch: what can be put out of use at once, whatever the federation file says of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AccountId, AgencyId, RelyingPartyId, SourceId};

/// What can be switched off.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Switched {
    /// A source: nobody signs in there, and whoever did is signed out.
    Source(SourceId),
    /// An agency: the same for all its sources, and its relying parties get no answers.
    Agency(AgencyId),
    /// A relying party: it gets no answers, and its grants end.
    RelyingParty(RelyingPartyId),
    /// An account: the person signs in nowhere, and is signed out everywhere.
    Account(AccountId),
}

impl Switched {
    /// A stable word for what it is: in the trail, in addresses, on the command line.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Source(_) => "source",
            Self::Agency(_) => "agency",
            Self::RelyingParty(_) => "relying_party",
            Self::Account(_) => "account",
        }
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Source(id) => id.as_str(),
            Self::Agency(id) => id.as_str(),
            Self::RelyingParty(id) => id.as_str(),
            Self::Account(id) => id.as_str(),
        }
    }
}

impl fmt::Display for Switched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.id())
    }
}
