//! Responses (SAML Core 3.3.3).

use idp_domain::Timestamp;

use super::{
    Issuer, SchemaError, Status,
    frame::{Answer, Head},
};
use crate::xml::{Element, Markup, ns};

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

impl Response {
    /// Reads the frame of a `samlp:Response`, and finds the `saml:Assertion` and
    /// `saml:EncryptedAssertion` elements inside, unread.
    pub fn read(element: Element<'_>) -> Result<(Self, Vec<Element<'_>>), SchemaError> {
        let Answer { mut frame, in_response_to, status } = Answer::read(element, "Response")?;
        let kinds = [(ns::SAML, "Assertion"), (ns::SAML, "EncryptedAssertion")];
        let mut assertions = Vec::new();
        while let Some(assertion) = frame.rest.any_of(&kinds) {
            assertions.push(assertion);
        }
        frame.rest.end()?;
        let response = Self {
            id: frame.id,
            in_response_to,
            issue_instant: frame.issue_instant,
            destination: frame.destination,
            issuer: frame.issuer,
            status,
        };
        Ok((response, assertions))
    }

    /// Writes it as `samlp:Response`, unsigned, around what is to stand in it: a
    /// `saml:Assertion`, a `saml:EncryptedAssertion`, or nothing.
    #[must_use]
    pub fn write(&self, assertion: Option<Markup>) -> Markup {
        let head = Head {
            id: &self.id,
            issue_instant: self.issue_instant,
            destination: self.destination.as_deref(),
            issuer: self.issuer.as_ref(),
        };
        head.write("Response")
            .attr_maybe("InResponseTo", self.in_response_to.as_deref())
            .child(self.status.write())
            .maybe(assertion)
    }
}
