//! The clauses of the profile as data: each in our own words, with our stand and what shows it.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A clause of the profile, and how we stand to it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its name in the profile: `SDP-IDP09`.
    pub id: String,
    /// The strongest word in it.
    pub level: Level,
    /// What it says, in our own words.
    pub says: String,
    /// How we stand to it.
    pub stand: Stand,
    /// How we keep it, or why not.
    pub how: String,
    /// The tests that show it.
    pub tests: Vec<String>,
}

/// How strongly a clause binds, in the words of RFC 2119.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Level {
    /// It must be so.
    #[serde(rename = "MUST")]
    Must,
    /// It must not be so.
    #[serde(rename = "MUST NOT")]
    MustNot,
    /// It should be so.
    #[serde(rename = "SHOULD")]
    Should,
    /// It may be so.
    #[serde(rename = "MAY")]
    May,
}

/// How we stand to a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// We keep it, with no more than the configuration that the product comes with.
    Held,
    /// We keep some of it, or all of it only where it is configured so.
    Partly,
    /// We do not.
    NotHeld,
    /// It concerns nothing that we do.
    NotApplicable,
}

/// A table that cannot be read is not there; a test holds that it can.
static CLAUSES: LazyLock<Vec<Clause>> =
    LazyLock::new(|| read(include_str!("saml2int.toml")).unwrap_or_default());

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    clause: Vec<Clause>,
}

pub(super) fn read(text: &str) -> Result<Vec<Clause>, toml::de::Error> {
    toml::from_str(text).map(|table: Table| table.clause)
}

impl Clause {
    /// All clauses, in the order of the profile.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &CLAUSES
    }

    /// The clause of that name.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().iter().find(|clause| clause.id == id)
    }
}

impl Level {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::May => "MAY",
        }
    }
}
