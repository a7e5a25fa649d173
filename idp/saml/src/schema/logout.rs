//! The messages of logout (SAML Core 3.7).

use idp_domain::Timestamp;

use super::{
    Issuer, NameId, Opener, SchemaError, Status,
    form::{Others, Reader, leaf},
    frame::{Answer, Frame, Head},
};
use crate::xml::{Element, Markup, ns, write_instant};

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
    /// Nobody waits for an answer (SAML V2.0 Asynchronous Single Logout Profile Extension).
    pub asynchronous: bool,
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

const SESSION_INDEX: (&str, &str) = (ns::SAMLP, "SessionIndex");
const ASYNCHRONOUS: (&str, &str) = (ns::ASLO, "Asynchronous");

impl LogoutRequest {
    /// Reads a `samlp:LogoutRequest`, opening an encrypted name with `opener`.
    pub fn read(element: Element<'_>, opener: &Opener<'_>) -> Result<Self, SchemaError> {
        let mut frame = Frame::read(element, "LogoutRequest", &["NotOnOrAfter", "Reason"])?;
        let name_id = NameId::read_next(&mut frame.rest, opener)?;
        let session_indexes = frame
            .rest
            .many(SESSION_INDEX.0, SESSION_INDEX.1)
            .into_iter()
            .map(|one| Reader::new(one, SESSION_INDEX, &[], Others::Refused)?.content())
            .collect::<Result<_, _>>()?;
        frame.rest.end()?;
        Ok(Self {
            id: frame.id,
            issue_instant: frame.issue_instant,
            destination: frame.destination,
            issuer: frame.issuer,
            not_on_or_after: frame.reader.instant("NotOnOrAfter")?,
            reason: frame.reader.text("Reason"),
            name_id: name_id.ok_or(SchemaError::Content { element: "LogoutRequest" })?,
            session_indexes,
            asynchronous: frame.extensions.is_some_and(|extensions| {
                extensions.children().any(|one| one.is(ASYNCHRONOUS.0, ASYNCHRONOUS.1))
            }),
        })
    }

    /// Writes it as `samlp:LogoutRequest`, unsigned.
    #[must_use]
    pub fn write(&self) -> Markup {
        self.write_about(self.name_id.write())
    }

    /// Writes it as `samlp:LogoutRequest`, unsigned, with `name` for the name: the
    /// `saml:EncryptedID` that the caller made of it.
    #[must_use]
    pub fn write_about(&self, name: Markup) -> Markup {
        let head = Head {
            id: &self.id,
            issue_instant: self.issue_instant,
            destination: self.destination.as_deref(),
            issuer: self.issuer.as_ref(),
        };
        head.write("LogoutRequest")
            .attr_maybe("Reason", self.reason.as_deref())
            .attr_maybe("NotOnOrAfter", self.not_on_or_after.map(write_instant))
            .maybe(self.asynchronous.then(|| {
                let (namespace, name) = ASYNCHRONOUS;
                Markup::new(ns::SAMLP, "Extensions").child(Markup::new(namespace, name))
            }))
            .child(name)
            .children(self.session_indexes.iter().map(|index| leaf(SESSION_INDEX, index)))
    }
}

impl LogoutResponse {
    /// Reads a `samlp:LogoutResponse`.
    pub fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let Answer { frame, in_response_to, status } = Answer::read(element, "LogoutResponse")?;
        frame.rest.end()?;
        Ok(Self {
            id: frame.id,
            in_response_to,
            issue_instant: frame.issue_instant,
            destination: frame.destination,
            issuer: frame.issuer,
            status,
        })
    }

    /// Writes it as `samlp:LogoutResponse`, unsigned.
    #[must_use]
    pub fn write(&self) -> Markup {
        let head = Head {
            id: &self.id,
            issue_instant: self.issue_instant,
            destination: self.destination.as_deref(),
            issuer: self.issuer.as_ref(),
        };
        head.write("LogoutResponse")
            .attr_maybe("InResponseTo", self.in_response_to.as_deref())
            .child(self.status.write())
    }
}
