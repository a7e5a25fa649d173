//! The kill switch: what can be put out of use at once, whatever the federation file says of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use thiserror::Error;

use crate::{AccountId, AgencyId, IdError, RelyingPartyId, SourceId};

/// Why a text names nothing that can be switched off.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SwitchError {
    /// There are switches of other kinds.
    #[error("`{0}` is no kind of switch; there is account, agency, relying_party, source")]
    Kind(String),
    /// The name is none of that kind.
    #[error(transparent)]
    Id(#[from] IdError),
}

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
    /// What has the name `id` among those of `kind`, as [`Switched::kind`] calls it.
    pub fn parse(kind: &str, id: &str) -> Result<Self, SwitchError> {
        Ok(match kind {
            "account" => Self::Account(id.parse()?),
            "agency" => Self::Agency(id.parse()?),
            "relying_party" => Self::RelyingParty(id.parse()?),
            "source" => Self::Source(id.parse()?),
            _ => return Err(SwitchError::Kind(kind.to_owned())),
        })
    }

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

#[cfg(test)]
mod tests {
    use super::Switched;

    #[test]
    fn what_can_be_switched_is_found_by_its_own_words() {
        for (kind, id) in [
            ("source", "una-staff"),
            ("agency", "una"),
            ("relying_party", "https://wiki.example/metadata"),
            ("account", "AAAAAAAAAAAAAAAAAAAAAA"),
        ] {
            let what = Switched::parse(kind, id).unwrap();
            assert_eq!((what.kind(), what.id()), (kind, id));
        }
        assert!(Switched::parse("sources", "una").unwrap_err().to_string().contains("agency"));
        assert!(Switched::parse("agency", "Una").is_err());
    }
}
