//! What all requests and all answers have in common (SAML Core 3.2.1, 3.2.2).

use idp_domain::Timestamp;

use super::{
    Issuer, SchemaError, Status,
    form::{Others, Reader},
};
use crate::xml::{Element, Markup, Sequence, ns, write_instant};

/// The attributes of every message.
const MESSAGE: [&str; 5] = ["ID", "Version", "IssueInstant", "Destination", "Consent"];

/// The part of a message that all messages have, and what follows it.
pub(super) struct Frame<'d> {
    pub(super) reader: Reader<'d>,
    pub(super) rest: Sequence<'d>,
    pub(super) id: String,
    pub(super) issue_instant: Timestamp,
    pub(super) destination: Option<String>,
    pub(super) issuer: Option<Issuer>,
    pub(super) extensions: Option<Element<'d>>,
}

impl<'d> Frame<'d> {
    /// Reads the frame of the message `name`, which may have `more` attributes.
    pub(super) fn read(
        element: Element<'d>,
        name: &'static str,
        more: &[&str],
    ) -> Result<Self, SchemaError> {
        let known = [&MESSAGE, more].concat();
        let reader = Reader::new(element, (ns::SAMLP, name), &known, Others::Refused)?;
        reader.version()?;
        let mut rest = Sequence::of(element)?;
        let issuer = rest.optional(ns::SAML, "Issuer").map(Issuer::read).transpose()?;
        rest.optional(ns::DS, "Signature");
        let extensions = rest.optional(ns::SAMLP, "Extensions");
        Ok(Self {
            id: reader.own_id()?,
            issue_instant: reader.required_instant("IssueInstant")?,
            destination: reader.text("Destination"),
            reader,
            rest,
            issuer,
            extensions,
        })
    }
}

/// The start of a message: the same for all of them.
pub(super) struct Head<'a> {
    pub(super) id: &'a str,
    pub(super) issue_instant: Timestamp,
    pub(super) destination: Option<&'a str>,
    pub(super) issuer: Option<&'a Issuer>,
}

impl Head<'_> {
    /// Writes the message `name` up to its issuer.
    pub(super) fn write(&self, name: &'static str) -> Markup {
        Markup::new(ns::SAMLP, name)
            .attr("ID", self.id)
            .attr("Version", "2.0")
            .attr("IssueInstant", write_instant(self.issue_instant))
            .attr_maybe("Destination", self.destination)
            .maybe(self.issuer.map(Issuer::write))
    }
}

/// The frame of an answer (`samlp:StatusResponseType`).
pub(super) struct Answer<'d> {
    pub(super) frame: Frame<'d>,
    pub(super) in_response_to: Option<String>,
    pub(super) status: Status,
}

impl<'d> Answer<'d> {
    /// Reads the frame of the answer `name`.
    pub(super) fn read(element: Element<'d>, name: &'static str) -> Result<Self, SchemaError> {
        let mut frame = Frame::read(element, name, &["InResponseTo"])?;
        let in_response_to = frame.reader.id("InResponseTo")?;
        let statuses = frame.rest.many(ns::SAMLP, "Status");
        let [status] = statuses[..] else {
            if statuses.is_empty() && element.children().any(|one| one.is(ns::SAMLP, "Status")) {
                frame.rest.end()?;
            }
            return Err(SchemaError::Status);
        };
        Ok(Self { in_response_to, status: Status::read(status)?, frame })
    }
}
