//! Why an answer is not taken, and who is to blame. Texts are for the operator; none holds a
//! value that names a person.

use std::fmt;

use thiserror::Error;

use crate::{
    dsig::DsigError,
    schema::{SchemaError, StatusCode},
    xml::XmlError,
};

/// Why an answer is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConsumeError {
    /// It is not the XML that we read.
    #[error("the answer, or what was encrypted in it, is not XML that we read")]
    Xml(#[from] XmlError),
    /// It is not of the schema's form, or something in it cannot be decrypted.
    #[error("the answer is not of the form that SAML gives it")]
    Schema(#[from] SchemaError),
    /// A signature has the wrong form or place, or does not verify.
    #[error("a signature in the answer is not accepted")]
    Signature(#[from] DsigError),
    /// There is not exactly one assertion.
    #[error("the answer holds {count} assertions, wanted is one")]
    AssertionCount {
        /// How many there are, encrypted ones included.
        count: usize,
    },
    /// Nothing that was verified covers the assertion.
    #[error("no signature covers the assertion")]
    Unsigned,
    /// The assertion is not encrypted, as was agreed on.
    #[error("the assertion is not encrypted")]
    EncryptionRequired,
    /// Somebody else answers, or hides who answers.
    #[error("the {half} is issued by {found:?}, not by the identity provider that was asked")]
    UnexpectedIssuer {
        /// Which of the two.
        half: Half,
        /// Who issued it; nobody if it does not say.
        found: Option<String>,
    },
    /// The answer was sent to another address, or does not say where to.
    #[error("the response's Destination is {found:?}, not the address that it came to")]
    Destination {
        /// What it says.
        found: Option<String>,
    },
    /// Something that binds the answer stands only where no signature covers it, or differs from
    /// what is signed.
    #[error("the response's {attribute}, which nothing signs, is not borne out by the assertion")]
    UnsignedBinding {
        /// What it is.
        attribute: &'static str,
    },
    /// Nothing in the answer says that it answers a request, but we asked.
    #[error("the answer answers no request, but one was made")]
    Unsolicited,
    /// The answer answers another request, or one although none was made.
    #[error("the {half} answers a request that was not made here, or names none")]
    InResponseTo {
        /// Which of the two.
        half: Half,
    },
    /// The identity provider says no.
    #[error("the identity provider says {code:?}, {second:?}: {message:?}")]
    Status {
        /// Who is responsible, in its view.
        code: StatusCode,
        /// What it was, as a URI of at most 200 characters.
        second: Option<String>,
        /// Its text, on one line of at most 200 characters.
        message: Option<String>,
    },
    /// The conditions are missing, contradict each other, or forbid what a broker does.
    #[error("the assertion's conditions cannot be met: {problem}")]
    Conditions {
        /// What is wrong.
        problem: &'static str,
    },
    /// The assertion is meant for others.
    #[error("an audience restriction does not name us")]
    Audience,
    /// The time of something is over.
    #[error("the time of the {what} is over")]
    Expired {
        /// What it is.
        what: &'static str,
    },
    /// The time of something has not come.
    #[error("the time of the {what} has not come")]
    NotYetValid {
        /// What it is.
        what: &'static str,
    },
    /// The subject is not confirmed as one that a bearer brings.
    #[error("the subject is not confirmed: {problem}")]
    Confirmation {
        /// What is wrong.
        problem: &'static str,
    },
    /// The assertion was made for another address.
    #[error("the confirmation's Recipient is not the address that the answer came to")]
    Recipient,
    /// There is not exactly one authentication statement that holds.
    #[error("the authentication statement cannot be used: {problem}")]
    AuthnStatement {
        /// What is wrong.
        problem: &'static str,
    },
    /// The name was made by or for somebody else.
    #[error("the name's {attribute} names somebody else")]
    NameQualifier {
        /// Which of the qualifiers.
        attribute: &'static str,
    },
    /// The name cannot name anybody.
    #[error("the name is empty, too long, or has blanks at its ends or control characters")]
    Identifier,
}

/// A half of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The response: the frame.
    Response,
    /// The assertion: the content.
    Assertion,
}

impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Response => "response",
            Self::Assertion => "assertion",
        })
    }
}

/// Who is to blame, and so what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The identity provider wrote something that cannot be read.
    Malformed,
    /// The identity provider broke a rule of the protocol, or said no.
    Misbehaved,
    /// The identity provider and we were not configured for each other.
    Incompatible,
    /// What came may be an attacker's.
    Untrusted,
}

impl ConsumeError {
    /// The stable name of what was wrong: the same in trail, log and metric.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Xml(error) => error.slug(),
            Self::Schema(error) => error.slug(),
            Self::Signature(error) => error.slug(),
            Self::AssertionCount { .. } => "assertion_count",
            Self::Unsigned => "unsigned",
            Self::EncryptionRequired => "encryption_required",
            Self::UnexpectedIssuer { .. } => "unexpected_issuer",
            Self::Destination { .. } => "destination",
            Self::UnsignedBinding { .. } => "unsigned_binding",
            Self::Unsolicited => "unsolicited",
            Self::InResponseTo { .. } => "in_response_to",
            Self::Status { .. } => "status",
            Self::Conditions { .. } => "conditions",
            Self::Audience => "audience",
            Self::Expired { .. } => "expired",
            Self::NotYetValid { .. } => "not_yet_valid",
            Self::Confirmation { .. } => "subject_confirmation",
            Self::Recipient => "recipient",
            Self::AuthnStatement { .. } => "authn_statement",
            Self::NameQualifier { .. } => "name_qualifier",
            Self::Identifier => "identifier",
        }
    }

    /// Who is to blame.
    #[must_use]
    pub const fn blame(&self) -> Blame {
        match self {
            Self::Xml(_) | Self::Schema(_) => Blame::Malformed,
            Self::Status { .. }
            | Self::Conditions { .. }
            | Self::Confirmation { .. }
            | Self::AuthnStatement { .. }
            | Self::Identifier => Blame::Misbehaved,
            Self::EncryptionRequired | Self::Audience => Blame::Incompatible,
            Self::Signature(_)
            | Self::AssertionCount { .. }
            | Self::Unsigned
            | Self::UnexpectedIssuer { .. }
            | Self::Destination { .. }
            | Self::UnsignedBinding { .. }
            | Self::Unsolicited
            | Self::InResponseTo { .. }
            | Self::Expired { .. }
            | Self::NotYetValid { .. }
            | Self::Recipient
            | Self::NameQualifier { .. } => Blame::Untrusted,
        }
    }
}

/// At most 200 characters of a text that a peer wrote, on one line and in reading order.
pub(super) fn shortened(text: &str) -> String {
    let disturbs = |c: char| {
        // The marks that turn the direction of writing could make a log line read otherwise.
        c.is_control()
            || matches!(c, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().take(200).map(|c| if disturbs(c) { ' ' } else { c }).collect()
}
