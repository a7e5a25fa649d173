//! The simple types of the schema: attributes and texts read into Rust's types, and back.
//!
//! Errors name elements and attributes, never what stood in them.

use std::fmt::Write;

use idp_domain::Timestamp;

use super::SchemaError;
use crate::xml::{Element, Markup, ns, read_instant};

/// The longest ID, in bytes.
const MAX_ID: usize = 256;
/// The longest entity ID, in characters (SAML Core 8.3.6).
const MAX_ENTITY_ID: usize = 1024;

/// An element whose attributes are read: it must be the expected one and have no others.
#[derive(Clone, Copy)]
pub(super) struct Reader<'d> {
    pub(super) element: Element<'d>,
    name: &'static str,
}

/// Whether attributes of other namespaces may stand on an element (`xs:anyAttribute`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    Refused,
    Ignored,
}

impl<'d> Reader<'d> {
    /// Takes `element` if it is the expected one and has no attribute but `known` ones.
    pub(super) fn new(
        element: Element<'d>,
        (namespace, name): (&str, &'static str),
        known: &[&str],
        others: Others,
    ) -> Result<Self, SchemaError> {
        if !element.is(namespace, name) {
            return Err(SchemaError::Kind { expected: name });
        }
        let stray = element.attributes().any(|(namespace, local, _)| match namespace {
            "" => !known.contains(&local),
            // XML Schema lets these stand on every element (XML Schema 1 §2.6).
            ns::XSI => false,
            _ => others == Others::Refused,
        });
        if stray {
            return Err(SchemaError::UnknownAttribute { element: name });
        }
        Ok(Self { element, name })
    }

    fn malformed(self, attribute: &'static str) -> SchemaError {
        SchemaError::Attribute { element: self.name, attribute }
    }

    fn parsed<T>(
        self,
        attribute: &'static str,
        parse: impl FnOnce(&'d str) -> Option<T>,
    ) -> Result<Option<T>, SchemaError> {
        let Some(text) = self.element.attribute(attribute) else { return Ok(None) };
        parse(text).map(Some).ok_or_else(|| self.malformed(attribute))
    }

    /// An attribute's text as it stands.
    pub(super) fn text(self, attribute: &str) -> Option<String> {
        self.element.attribute(attribute).map(str::to_owned)
    }

    /// The text of an attribute that must be there.
    pub(super) fn required(self, attribute: &'static str) -> Result<String, SchemaError> {
        self.text(attribute).ok_or_else(|| self.malformed(attribute))
    }

    /// An ID of this or another message, if there is one.
    pub(super) fn id(self, attribute: &'static str) -> Result<Option<String>, SchemaError> {
        self.parsed(attribute, |text| is_id(text).then(|| text.to_owned()))
    }

    /// The ID of this message.
    pub(super) fn own_id(self) -> Result<String, SchemaError> {
        self.id("ID")?.ok_or_else(|| self.malformed("ID"))
    }

    /// The version, which is 2.0 (SAML Core 4.1).
    pub(super) fn version(self) -> Result<(), SchemaError> {
        if self.element.attribute("Version") == Some("2.0") {
            return Ok(());
        }
        Err(SchemaError::Version)
    }

    /// An instant, if there is one.
    pub(super) fn instant(self, attribute: &'static str) -> Result<Option<Timestamp>, SchemaError> {
        self.parsed(attribute, |text| read_instant(text).ok())
    }

    /// An instant that must be there.
    pub(super) fn required_instant(
        self,
        attribute: &'static str,
    ) -> Result<Timestamp, SchemaError> {
        self.instant(attribute)?.ok_or_else(|| self.malformed(attribute))
    }

    /// A truth; false if it is not there.
    pub(super) fn truth(self, attribute: &'static str) -> Result<bool, SchemaError> {
        Ok(self.parsed(attribute, truth)?.unwrap_or_default())
    }

    /// A number from 0 to 65,535, if there is one.
    pub(super) fn index(self, attribute: &'static str) -> Result<Option<u16>, SchemaError> {
        self.parsed(attribute, |text| digits(text)?.parse().ok())
    }

    /// A number from 0; one that is too large for us is the largest that we know.
    pub(super) fn count(self, attribute: &'static str) -> Result<Option<u32>, SchemaError> {
        self.parsed(attribute, |text| Some(digits(text)?.parse().unwrap_or(u32::MAX)))
    }

    /// The text inside, as it stands.
    pub(super) fn content(self) -> Result<String, SchemaError> {
        Ok(self.element.text()?.into_owned())
    }

    /// That the content is malformed.
    pub(super) fn bad_content(self) -> SchemaError {
        SchemaError::Content { element: self.name }
    }

    /// The URI inside, without the blanks around it (`xs:anyURI` collapses them); never empty.
    pub(super) fn uri(self) -> Result<String, SchemaError> {
        let text = self.element.text()?;
        let uri = text.trim_matches(is_blank);
        if uri.is_empty() { Err(self.bad_content()) } else { Ok(uri.to_owned()) }
    }
}

/// Reads elements without attributes that hold one URI each.
pub(super) fn uris(
    elements: Vec<Element<'_>>,
    name: (&str, &'static str),
) -> Result<Vec<String>, SchemaError> {
    elements.into_iter().map(|one| Reader::new(one, name, &[], Others::Refused)?.uri()).collect()
}

/// Whether a text can be an entity ID (SAML Core 8.3.6).
pub(super) fn is_entity_id(text: &str) -> bool {
    !text.is_empty()
        && text.chars().take(MAX_ENTITY_ID + 1).count() <= MAX_ENTITY_ID
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Reads an `xs:boolean`.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Whether a text is an `NCName` of at most 256 bytes (Namespaces in XML 1.0, production 4).
fn is_id(text: &str) -> bool {
    let starts = |c: char| {
        matches!(c,
            'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
            | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}'
            | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
            | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
            | '\u{10000}'..='\u{effff}')
    };
    let goes_on = |c: char| {
        starts(c)
            || matches!(c,
                '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}'
                | '\u{203f}'..='\u{2040}')
    };
    text.len() <= MAX_ID && text.starts_with(starts) && text.chars().all(goes_on)
}

/// An ID for a message or an assertion of ours: 160 bits of chance, more than SAML Core 1.3.4
/// asks for.
#[must_use]
pub fn new_id(random: [u8; 20]) -> String {
    random.iter().fold(String::from("_"), |mut id, byte| {
        // Writing to a String cannot fail.
        let _ = write!(id, "{byte:02x}");
        id
    })
}

/// An element that holds a text.
pub(super) fn leaf((namespace, name): (&'static str, &'static str), text: &str) -> Markup {
    Markup::new(namespace, name).text(text)
}
