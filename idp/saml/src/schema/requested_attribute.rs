//! Attributes that are asked for, once or always.

use super::{
    AttributeValue, SchemaError,
    form::{Others, Reader},
};
use crate::xml::{Element, Markup, Sequence, ns};

/// An attribute that is asked for (`md:RequestedAttribute`, SAML Metadata 2.4.4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedAttribute {
    /// Its name.
    pub name: String,
    /// How the name is to be read; absent means unspecified.
    pub name_format: Option<String>,
    /// A name for people to read; means nothing.
    pub friendly_name: Option<String>,
    /// The service is of no use without it.
    pub required: bool,
    /// The values that are of interest; none means all.
    pub values: Vec<AttributeValue>,
}

impl RequestedAttribute {
    /// Reads an `md:RequestedAttribute`.
    pub fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        const KNOWN: [&str; 4] = ["Name", "NameFormat", "FriendlyName", "isRequired"];
        let name = (ns::MD, "RequestedAttribute");
        let requested = Reader::new(element, name, &KNOWN, Others::Ignored)?;
        Ok(Self {
            name: requested.required("Name")?,
            name_format: requested.text("NameFormat"),
            friendly_name: requested.text("FriendlyName"),
            required: requested.truth("isRequired")?,
            values: AttributeValue::read_all(element)?,
        })
    }

    /// Writes it as `md:RequestedAttribute`.
    #[must_use]
    pub fn write(&self) -> Markup {
        Markup::new(ns::MD, "RequestedAttribute")
            .attr("Name", &self.name)
            .attr_maybe("NameFormat", self.name_format.as_deref())
            .attr_maybe("FriendlyName", self.friendly_name.as_deref())
            .attr_maybe("isRequired", self.required.then_some("true"))
            .children(self.values.iter().map(AttributeValue::write))
    }

    /// Finds those that stand in the extensions of a request.
    pub(super) fn read_extension(extensions: Element<'_>) -> Result<Vec<Self>, SchemaError> {
        let name = (ns::REQ_ATTR, "RequestedAttributes");
        let mut lists = extensions.children().filter(|one| one.is(name.0, name.1));
        let Some(list) = lists.next() else { return Ok(Vec::new()) };
        let frame = Reader::new(list, name, &[], Others::Refused)?;
        let mut sequence = Sequence::of(list)?;
        let requested = sequence.many(ns::MD, "RequestedAttribute");
        sequence.end()?;
        if lists.next().is_some() {
            return Err(frame.bad_content());
        }
        requested.into_iter().map(Self::read).collect()
    }

    /// Writes the extensions of a request that asks for `requested`.
    pub(super) fn write_extension(requested: &[Self]) -> Option<Markup> {
        if requested.is_empty() {
            return None;
        }
        let list = Markup::new(ns::REQ_ATTR, "RequestedAttributes")
            .children(requested.iter().map(Self::write));
        Some(Markup::new(ns::SAMLP, "Extensions").child(list))
    }
}
