//! Identities: what one source says about a person, and the links that tie them to accounts.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{AccountId, AttributeSet, SourceId, Timestamp};

/// Why a source's name for a person cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SourceSubjectError {
    /// Nothing is left.
    #[error("the source's name for the person is empty")]
    Empty,
    /// More bytes than OpenID Connect Core §2 allows.
    #[error("the source's name for the person has {length} bytes, 255 are allowed")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// White space at an end, or a control character.
    #[error("the source's name for the person has blanks at its ends or control characters")]
    Unprintable,
}

/// The name by which a source knows a person: compared byte for byte, never folded.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SourceSubject(String);

impl SourceSubject {
    /// Admits `text` as a name: 1 to 255 bytes, no control characters, no blanks at its ends.
    pub fn parse(text: &str) -> Result<Self, SourceSubjectError> {
        if text.trim().is_empty() {
            return Err(SourceSubjectError::Empty);
        }
        if text.len() > 255 {
            return Err(SourceSubjectError::TooLong { length: text.len() });
        }
        if text.trim() != text || text.chars().any(char::is_control) {
            return Err(SourceSubjectError::Unprintable);
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SourceSubject {
    type Error = SourceSubjectError;

    fn try_from(text: String) -> Result<Self, SourceSubjectError> {
        Self::parse(&text)
    }
}

impl From<SourceSubject> for String {
    fn from(subject: SourceSubject) -> Self {
        subject.0
    }
}

impl fmt::Debug for SourceSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name of a person does not belong into a log.
        f.write_str("SourceSubject(…)")
    }
}

/// What one source says about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The source that says it.
    pub source: SourceId,
    /// The issuer's own name for itself at that time (issuer URL, entity id, or our own for local
    /// accounts): a part of the link's key, so that a source re-pointed elsewhere links nobody.
    pub issuer: String,
    /// The source's name for the person.
    pub subject: SourceSubject,
    /// The attributes, in canonical names, that the source may assert.
    pub attributes: AttributeSet,
}

impl Identity {
    /// Whether a link could tell the two apart: by nothing else are people compared.
    #[must_use]
    pub fn is_same_person(&self, other: &Self) -> bool {
        self.source == other.source && self.issuer == other.issuer && self.subject == other.subject
    }
}

/// Ties an identity to an account. Its key is (source, issuer, subject), never a mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The source.
    pub source: SourceId,
    /// The issuer.
    pub issuer: String,
    /// The source's name for the person.
    pub subject: SourceSubject,
    /// The account.
    pub account: AccountId,
    /// When the link was made.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::{SourceSubject, SourceSubjectError};

    #[test]
    fn names_are_kept_byte_for_byte_or_refused() {
        assert_ne!(SourceSubject::parse("é"), SourceSubject::parse("e\u{301}"));
        assert_ne!(SourceSubject::parse("Alice"), SourceSubject::parse("alice"));
        assert_eq!(SourceSubject::parse("  "), Err(SourceSubjectError::Empty));
        assert_eq!(SourceSubject::parse("a\0"), Err(SourceSubjectError::Unprintable));
        let long = "x".repeat(256);
        assert_eq!(SourceSubject::parse(&long), Err(SourceSubjectError::TooLong { length: 256 }));
    }
}
