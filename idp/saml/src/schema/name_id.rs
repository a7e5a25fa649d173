//! Names: of people, and of the entities that speak (SAML Core 2.2).

use std::fmt;

use super::{
    Opener, SchemaError,
    form::{Others, Reader, is_entity_id, leaf},
};
use crate::xml::{Element, Markup, Sequence, ns};

/// The formats that a name may be said to have (SAML Core 8.3).
pub mod format {
    /// Nothing is said about the form of the name (8.3.1).
    pub const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
    /// An e-mail address (8.3.2).
    pub const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    /// The distinguished name of a certificate's subject (8.3.3).
    pub const X509_SUBJECT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName";
    /// The name of an entity of SAML (8.3.6).
    pub const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
    /// An opaque name that stays, of one person between two entities (8.3.7).
    pub const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    /// An opaque name for one occasion (8.3.8).
    pub const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
    /// Asks for an encrypted name; only in a name policy (3.4.1.1).
    pub const ENCRYPTED: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted";
}

/// The name of a person (SAML Core 2.2.3, `saml:NameID`).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NameId {
    /// The name itself, byte for byte.
    pub value: String,
    /// The form of the name, one of [`format`] or another URI; absent means unspecified.
    pub format: Option<String>,
    /// The domain in which the name is one person's, mostly the entity ID of who made it.
    pub name_qualifier: Option<String>,
    /// The entity ID of the service provider that the name was made for.
    pub sp_name_qualifier: Option<String>,
    /// The name that the service provider gave the person.
    pub sp_provided_id: Option<String>,
}

impl NameId {
    /// A name of some format, without qualifiers.
    #[must_use]
    pub fn new(value: impl Into<String>, format: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            format: Some(format.into()),
            name_qualifier: None,
            sp_name_qualifier: None,
            sp_provided_id: None,
        }
    }

    /// The format; [`format::UNSPECIFIED`] if none is said (SAML Core 2.2.2).
    #[must_use]
    pub fn format(&self) -> &str {
        self.format.as_deref().unwrap_or(format::UNSPECIFIED)
    }
}

impl fmt::Debug for NameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value names a person.
        f.debug_struct("NameId").field("format", &self.format).finish_non_exhaustive()
    }
}

/// Who speaks: an entity ID (SAML Core 2.2.5, `saml:Issuer`).
///
/// Only the format `entity` is read, so a name of another kind never passes for an entity ID.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Issuer(pub String);

impl Issuer {
    /// The entity ID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The attributes of every name (SAML Core 2.2.2).
const KNOWN: [&str; 4] = ["Format", "NameQualifier", "SPNameQualifier", "SPProvidedID"];

impl NameId {
    /// Reads a `saml:NameID`.
    pub fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let name = Reader::new(element, (ns::SAML, "NameID"), &KNOWN, Others::Refused)?;
        Ok(Self {
            value: name.content()?,
            format: name.text("Format"),
            name_qualifier: name.text("NameQualifier"),
            sp_name_qualifier: name.text("SPNameQualifier"),
            sp_provided_id: name.text("SPProvidedID"),
        })
    }

    /// Reads the `saml:NameID` or `saml:EncryptedID` that comes next, if one does.
    pub(super) fn read_next(
        sequence: &mut Sequence<'_>,
        opener: &Opener<'_>,
    ) -> Result<Option<Self>, SchemaError> {
        let next = sequence.any_of(&[(ns::SAML, "NameID"), (ns::SAML, "EncryptedID")]);
        let Some(element) = next else { return Ok(None) };
        if element.is(ns::SAML, "EncryptedID") {
            return opener.read(element, Self::read).map(Some);
        }
        Self::read(element).map(Some)
    }

    /// Writes it as `saml:NameID`.
    #[must_use]
    pub fn write(&self) -> Markup {
        leaf((ns::SAML, "NameID"), &self.value)
            .attr_maybe("Format", self.format.as_deref())
            .attr_maybe("NameQualifier", self.name_qualifier.as_deref())
            .attr_maybe("SPNameQualifier", self.sp_name_qualifier.as_deref())
            .attr_maybe("SPProvidedID", self.sp_provided_id.as_deref())
    }
}

impl Issuer {
    /// Reads a `saml:Issuer`. Qualifiers, which an entity's name cannot have, mean nothing.
    pub fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        let issuer = Reader::new(element, (ns::SAML, "Issuer"), &KNOWN, Others::Refused)?;
        let entity_id = issuer.content()?;
        let format = element.attribute("Format").unwrap_or(format::ENTITY);
        if format != format::ENTITY || !is_entity_id(&entity_id) {
            return Err(SchemaError::Issuer);
        }
        Ok(Self(entity_id))
    }

    /// Writes it as `saml:Issuer`.
    #[must_use]
    pub fn write(&self) -> Markup {
        leaf((ns::SAML, "Issuer"), &self.0)
    }
}
