//! Subjects: the name of an account towards one relying party.

use serde::{Deserialize, Serialize};

/// How relying parties are told who somebody is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// A name of their own for every sector, so that relying parties cannot compare notes.
    #[default]
    Pairwise,
    /// The same name for every relying party that is registered so.
    Public,
}

/// The name of an account towards one relying party. Opaque, at most 255 ASCII bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

impl Subject {
    /// A subject from its text, which the broker computed.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
