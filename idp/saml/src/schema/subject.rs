//! Whom an assertion is about, and by what its bearer may use it (SAML Core 2.4).

use idp_domain::Timestamp;

use super::{
    NameId, Opener, SchemaError,
    form::{Others, Reader},
};
use crate::xml::{Element, Markup, Sequence, ns, write_instant};

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
    pub data: Option<ConfirmationLimits>,
}

/// What limits a confirmation (`saml:SubjectConfirmationData`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfirmationLimits {
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

impl Subject {
    /// Reads a `saml:Subject`, opening encrypted names with `opener`.
    pub fn read(element: Element<'_>, opener: &Opener<'_>) -> Result<Self, SchemaError> {
        Reader::new(element, (ns::SAML, "Subject"), &[], Others::Refused)?;
        let mut sequence = Sequence::of(element)?;
        let name_id = NameId::read_next(&mut sequence, opener)?;
        let confirmations = sequence
            .many(ns::SAML, "SubjectConfirmation")
            .into_iter()
            .map(|one| SubjectConfirmation::read(one, opener))
            .collect::<Result<Vec<_>, _>>()?;
        sequence.end()?;
        if name_id.is_none() && confirmations.is_empty() {
            return Err(SchemaError::Content { element: "Subject" });
        }
        Ok(Self { name_id, confirmations })
    }

    /// Writes it as `saml:Subject`.
    #[must_use]
    pub fn write(&self) -> Markup {
        Markup::new(ns::SAML, "Subject")
            .maybe(self.name_id.as_ref().map(NameId::write))
            .children(self.confirmations.iter().map(SubjectConfirmation::write))
    }
}

impl SubjectConfirmation {
    fn read(element: Element<'_>, opener: &Opener<'_>) -> Result<Self, SchemaError> {
        let name = (ns::SAML, "SubjectConfirmation");
        let confirmation = Reader::new(element, name, &["Method"], Others::Refused)?;
        let mut sequence = Sequence::of(element)?;
        let name_id = NameId::read_next(&mut sequence, opener)?;
        let data = sequence.optional(ns::SAML, "SubjectConfirmationData");
        sequence.end()?;
        Ok(Self {
            method: confirmation.required("Method")?,
            name_id,
            data: data.map(ConfirmationLimits::read).transpose()?,
        })
    }

    fn write(&self) -> Markup {
        Markup::new(ns::SAML, "SubjectConfirmation")
            .attr("Method", &self.method)
            .maybe(self.name_id.as_ref().map(NameId::write))
            .maybe(self.data.as_ref().map(ConfirmationLimits::write))
    }
}

impl ConfirmationLimits {
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        const KNOWN: [&str; 5] =
            ["NotBefore", "NotOnOrAfter", "Recipient", "InResponseTo", "Address"];
        // What stands inside is for methods that we do not take (2.4.1.2 lets anything stand).
        let name = (ns::SAML, "SubjectConfirmationData");
        let data = Reader::new(element, name, &KNOWN, Others::Ignored)?;
        Ok(Self {
            not_before: data.instant("NotBefore")?,
            not_on_or_after: data.instant("NotOnOrAfter")?,
            recipient: data.text("Recipient"),
            in_response_to: data.id("InResponseTo")?,
            address: data.text("Address"),
        })
    }

    fn write(&self) -> Markup {
        Markup::new(ns::SAML, "SubjectConfirmationData")
            .attr_maybe("NotBefore", self.not_before.map(write_instant))
            .attr_maybe("NotOnOrAfter", self.not_on_or_after.map(write_instant))
            .attr_maybe("Recipient", self.recipient.as_deref())
            .attr_maybe("InResponseTo", self.in_response_to.as_deref())
            .attr_maybe("Address", self.address.as_deref())
    }
}
