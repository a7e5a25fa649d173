//! Attributes (SAML Core 2.7.3).

use std::fmt;

use super::{
    NameId, Opener, SchemaError,
    form::{self, Others, Reader, is_blank},
};
use crate::xml::{Element, Markup, Sequence, ns};

/// How an attribute's name is to be read (SAML Core 8.2).
pub mod name_format {
    /// Nothing is said (8.2.1).
    pub const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified";
    /// The name is a URI (8.2.2).
    pub const URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";
    /// The name is a plain word (8.2.3).
    pub const BASIC: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
}

/// A named fact about the subject (`saml:Attribute`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// How the name is to be read, one of [`name_format`] or another URI; absent means
    /// unspecified.
    pub name_format: Option<String>,
    /// A name for people to read; means nothing.
    pub friendly_name: Option<String>,
    /// Its values, in order.
    pub values: Vec<AttributeValue>,
}

/// One value of an attribute (`saml:AttributeValue`).
#[derive(Clone, PartialEq, Eq)]
pub enum AttributeValue {
    /// A text, as it stands.
    Text(String),
    /// A name, as in `eduPersonTargetedID`.
    NameId(NameId),
    /// No value (`xsi:nil`).
    Nil,
    /// Some other elements. Nothing of them is kept, and never are they read as a text.
    Complex,
}

impl AttributeValue {
    /// The text, if the value is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::NameId(_) | Self::Nil | Self::Complex => None,
        }
    }
}

impl fmt::Debug for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values are facts about a person.
        f.write_str(match self {
            Self::Text(_) => "Text(…)",
            Self::NameId(_) => "NameId(…)",
            Self::Nil => "Nil",
            Self::Complex => "Complex",
        })
    }
}

impl Attribute {
    /// Reads a `saml:Attribute`.
    pub fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        const KNOWN: [&str; 3] = ["Name", "NameFormat", "FriendlyName"];
        let attribute = Reader::new(element, (ns::SAML, "Attribute"), &KNOWN, Others::Ignored)?;
        Ok(Self {
            name: attribute.required("Name")?,
            name_format: attribute.text("NameFormat"),
            friendly_name: attribute.text("FriendlyName"),
            values: AttributeValue::read_all(element)?,
        })
    }

    /// Reads the attributes of a `saml:AttributeStatement`, opening encrypted ones.
    pub(super) fn read_statement(
        element: Element<'_>,
        opener: &Opener<'_>,
    ) -> Result<Vec<Self>, SchemaError> {
        let statement =
            Reader::new(element, (ns::SAML, "AttributeStatement"), &[], Others::Refused)?;
        let mut attributes = Vec::new();
        let mut sequence = Sequence::of(element)?;
        let kinds = [(ns::SAML, "Attribute"), (ns::SAML, "EncryptedAttribute")];
        while let Some(one) = sequence.any_of(&kinds) {
            attributes.push(if one.is(ns::SAML, "EncryptedAttribute") {
                opener.read(one, Self::read)?
            } else {
                Self::read(one)?
            });
        }
        sequence.end()?;
        if attributes.is_empty() {
            return Err(statement.bad_content());
        }
        Ok(attributes)
    }

    /// Writes it as `saml:Attribute`.
    #[must_use]
    pub fn write(&self) -> Markup {
        Markup::new(ns::SAML, "Attribute")
            .attr("Name", &self.name)
            .attr_maybe("NameFormat", self.name_format.as_deref())
            .attr_maybe("FriendlyName", self.friendly_name.as_deref())
            .children(self.values.iter().map(AttributeValue::write))
    }
}

impl AttributeValue {
    /// Reads the values of an attribute, whatever the attribute's own element is.
    pub(super) fn read_all(attribute: Element<'_>) -> Result<Vec<Self>, SchemaError> {
        let mut sequence = Sequence::of(attribute)?;
        let values = sequence.many(ns::SAML, "AttributeValue");
        sequence.end()?;
        values.into_iter().map(Self::read).collect()
    }

    /// Reads a `saml:AttributeValue`. One with elements inside is never a text.
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let nil = element.attribute_ns(ns::XSI, "nil").map(form::truth);
        let mut children = element.children();
        match (nil, children.next(), children.next()) {
            (Some(None), _, _) | (Some(Some(true)), Some(_), _) => {
                Err(SchemaError::Content { element: "AttributeValue" })
            }
            (Some(Some(true)), None, _) if element.text()?.chars().all(is_blank) => Ok(Self::Nil),
            (Some(Some(true)), None, _) => Err(SchemaError::Content { element: "AttributeValue" }),
            (_, None, _) => Ok(Self::Text(element.text()?.into_owned())),
            (_, Some(only), None) if only.is(ns::SAML, "NameID") && !element.has_text() => {
                Ok(Self::NameId(NameId::read(only)?))
            }
            (_, Some(_), _) => Ok(Self::Complex),
        }
    }

    /// Writes it as `saml:AttributeValue`; a complex one, of which nothing is kept, as empty.
    pub(super) fn write(&self) -> Markup {
        let markup = Markup::new(ns::SAML, "AttributeValue");
        match self {
            Self::Text(text) => markup.text(text),
            Self::NameId(name) => markup.child(name.write()),
            Self::Nil => markup.attr_ns(ns::XSI, "nil", "true"),
            Self::Complex => markup,
        }
    }
}
