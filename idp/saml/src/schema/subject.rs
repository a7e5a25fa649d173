//! Whom an assertion is about, and by what its bearer may use it (SAML Core 2.4).

use idp_domain::Timestamp;

use super::NameId;

/// The ways to confirm a subject (SAML Profiles 3).
pub mod method {
    /// Whoever brings the assertion is its subject (3.3).
    pub const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    /// Whoever proves possession of a key (3.1).
    pub const HOLDER_OF_KEY: &str = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key";
    /// Somebody else vouches for the subject (3.2).
    pub const SENDER_VOUCHES: &str = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches";
}

/// Whom an assertion or a request is about (`saml:Subject`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Their name. An encrypted name has been opened when it stands here.
    pub name_id: Option<NameId>,
    /// The ways in which the subject is confirmed, in order.
    pub confirmations: Vec<SubjectConfirmation>,
}

/// One way to confirm the subject (`saml:SubjectConfirmation`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectConfirmation {
    /// The method, one of [`method`] or another URI.
    pub method: String,
    /// Who may act for the subject, if somebody else may.
    pub name_id: Option<NameId>,
    /// What limits the confirmation.
    pub data: Option<SubjectConfirmationData>,
}

/// What limits a confirmation (`saml:SubjectConfirmationData`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectConfirmationData {
    /// It cannot be used before.
    pub not_before: Option<Timestamp>,
    /// It cannot be used from then on.
    pub not_on_or_after: Option<Timestamp>,
    /// Where it can be used: the address of an assertion consumer service.
    pub recipient: Option<String>,
    /// The ID of the request that it answers.
    pub in_response_to: Option<String>,
    /// The network address that it can be used from.
    pub address: Option<String>,
}
