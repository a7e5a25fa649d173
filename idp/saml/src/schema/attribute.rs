//! Attributes (SAML Core 2.7.3).

use std::fmt;

use super::NameId;

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
