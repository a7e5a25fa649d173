//! Responses (SAML Core 3.3.3).

use idp_domain::Timestamp;

use super::{Issuer, Status};

/// The frame of an answer to an authentication request (`samlp:Response`).
///
/// The assertion inside is apart from it: it is written, signed and perhaps encrypted before it
/// is put into the frame, and it is read only once something signed is known to cover it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
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
