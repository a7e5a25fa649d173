//! What is wrong with a federation file: which entry, which key, what was likely meant. Secrets are
//! never quoted.

use std::{fmt, path::PathBuf};

use thiserror::Error;

use super::plan::EntryKind;
use crate::config::with_hint;

/// Why a federation file cannot be used.
#[derive(Debug, Error)]
pub(crate) enum FederationError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The name does not tell what is in it.
    #[error("{0}: the name must end in .yaml, .yml, .json or .toml")]
    Format(PathBuf),
    /// It does not say what it should.
    #[error("{path}:{line}: {message}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Where, counted from 1.
        line: usize,
        /// What is wrong, and what was likely meant.
        message: String,
    },
    /// An entry contradicts another, or itself.
    #[error("{entry}: {problem}")]
    Entry {
        /// Which entry, such as `sources/unhcr-staff`.
        entry: String,
        /// What is wrong and how to mend it.
        problem: Problem,
    },
}

impl FederationError {
    /// An entry with a problem.
    pub(crate) fn entry(kind: EntryKind, id: impl fmt::Display, problem: Problem) -> Self {
        Self::Entry { entry: format!("{}/{id}", kind.section()), problem }
    }
}

/// What is wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where in the entry, such as `connection.issuer`; empty where it is about the whole.
    key: String,
    /// What is wrong, and how to mend it.
    message: String,
}

impl Problem {
    /// A problem with `key`.
    pub(crate) fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { key: key.into(), message: message.into() }
    }

    /// What a parser says of `key`, with what was likely meant and without what it read: that may
    /// be a secret in the wrong place.
    pub(crate) fn unreadable(key: impl Into<String>, message: &str) -> Self {
        Self::new(key, with_hint(&without_values(message)))
    }

    /// The same, within `parent`.
    pub(crate) fn within(mut self, parent: &str) -> Self {
        self.key = match self.key.as_str() {
            "" => parent.to_owned(),
            key => format!("{parent}.{key}"),
        };
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => f.write_str(&self.message),
            key => write!(f, "{key}: {}", self.message),
        }
    }
}

/// A parser's message without the text that it stumbled over: `invalid type: string "…"`.
pub(super) fn without_values(message: &str) -> String {
    let Some((before, rest)) = message.split_once("string \"") else { return message.to_owned() };
    let expected = rest.rfind("\", expected").and_then(|at| rest.get(at + 1..));
    format!("{before}text{}", expected.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::Problem;

    #[test]
    fn a_problem_names_its_key_and_quotes_no_text() {
        let problem = Problem::unreadable(
            "redirect_uris",
            "invalid type: string \"s\", x\", expected a sequence",
        );
        let said = problem.within("connection").to_string();
        assert_eq!(said, "connection.redirect_uris: invalid type: text, expected a sequence");
        assert_eq!(Problem::new("", "twice").within("names").to_string(), "names: twice");
        let said = Problem::unreadable("", "invalid value: string \"hunter2\"").to_string();
        assert_eq!(said, "invalid value: text");
    }

    #[test]
    fn a_key_that_is_not_known_is_told_with_the_likely_one() {
        let said = "unknown field `isuer`, expected one of `issuer`, `client_id`";
        let said = Problem::unreadable("connection", said).to_string();
        assert_eq!(said, "connection: unknown key `isuer`; did you mean `issuer`?");
    }
}
