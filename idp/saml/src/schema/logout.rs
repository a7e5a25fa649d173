//! The messages of logout (SAML Core 3.7).

use idp_domain::Timestamp;

use super::{Issuer, NameId, Status};

/// Asks for the end of a session, or tells of it (`samlp:LogoutRequest`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutRequest {
    /// Its ID, to be named in the answer.
    pub id: String,
    /// When it was made.
    pub issue_instant: Timestamp,
    /// The address that it was sent to.
    pub destination: Option<String>,
    /// Who asks.
    pub issuer: Option<Issuer>,
    /// It means nothing from then on.
    pub not_on_or_after: Option<Timestamp>,
    /// Why, as a URI.
    pub reason: Option<String>,
    /// Whose sessions. An encrypted name has been opened when it stands here.
    pub name_id: NameId,
    /// Which sessions; none means all.
    pub session_indexes: Vec<String>,
}

/// Answers a logout request (`samlp:LogoutResponse`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutResponse {
    /// Its ID.
    pub id: String,
    /// The ID of the request that it answers.
    pub in_response_to: Option<String>,
    /// When it was made.
    pub issue_instant: Timestamp,
    /// The address that it was sent to.
    pub destination: Option<String>,
    /// Who answers.
    pub issuer: Option<Issuer>,
    /// How the request fared.
    pub status: Status,
}
