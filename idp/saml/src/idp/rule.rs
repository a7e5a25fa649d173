//! Rules that a service provider's request can break, and the status by which it is told.
//!
//! A rule is a constant: status, text and citation stand together, and no text repeats what was
//! sent. Who is told, and how, is decided where the request is judged.

use std::fmt;

use crate::schema::{Status, StatusCode};

/// A rule that a request broke.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable name: the same on the page, in the trail, in logs and metrics.
    pub slug: &'static str,
    /// Who is responsible: the top-level status.
    pub code: StatusCode,
    /// What it was: the second-level status.
    pub second: Option<&'static str>,
    /// What the operator of the service is told (`StatusMessage`): ASCII, nothing that was sent.
    pub text: &'static str,
    /// Where it is written.
    pub cites: &'static str,
}

impl Rule {
    /// The status of an answer that says so.
    #[must_use]
    pub fn status(&self) -> Status {
        Status {
            code: self.code,
            second: self.second.map(str::to_owned),
            message: Some(self.text.to_owned()),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {})", self.text, self.slug, self.cites)
    }
}

impl std::error::Error for Rule {}
