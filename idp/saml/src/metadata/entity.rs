//! What an entity says of itself: one type for theirs, which is read, and for ours, which is
//! written. It must not judge what is said; that is done where an entity is registered.

use std::collections::BTreeMap;

use idp_domain::{Lifetime, Timestamp, agency::Domain};

use super::{AcsEndpoint, Endpoint, Keys, Location, Texts, Ui, Warning};

/// One `md:EntityDescriptor` (SAML Metadata 2.3.2), reduced to what a broker uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// Its name: at most 1,024 characters, compared byte by byte.
    pub entity_id: String,
    /// From this instant on nothing here may be used: the earliest `validUntil` of the entity,
    /// of what encloses it, and of its roles.
    pub valid_until: Option<Timestamp>,
    /// How long a copy may be kept before it is asked for again: the shortest of the same.
    pub cache_duration: Option<Lifetime>,
    /// Who registered it (`mdrpi:RegistrationInfo`).
    pub registration_authority: Option<String>,
    /// Entity attributes (SAML metadata extension for entity attributes): name and values.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Whose it is.
    pub organization: Option<Organization>,
    /// Whom to ask.
    pub contacts: Vec<Contact>,
    /// What it is as identity provider.
    pub idp: Option<IdpRole>,
    /// What it is as service provider.
    pub sp: Option<SpRole>,
    /// What was passed over while it was read.
    pub warnings: Vec<Warning>,
}

impl Entity {
    /// The attribute that names the categories an entity belongs to (RFC 8409 §3).
    pub const CATEGORY: &str = "http://macedir.org/entity-category";
    /// The attribute that names the categories an identity provider supports (RFC 8409 §4).
    pub const CATEGORY_SUPPORT: &str = "http://macedir.org/entity-category-support";
    /// The attribute that names what an entity is certified for.
    pub const ASSURANCE_CERTIFICATION: &str =
        "urn:oasis:names:tc:SAML:attribute:assurance-certification";
    /// The attribute by which a service says which identifier it needs (SAML Subject Identifier
    /// Attributes 1.0, 4.1).
    pub const SUBJECT_ID_REQ: &str = "urn:oasis:names:tc:SAML:profiles:subject-id:req";

    /// The values of an entity attribute; none if it is not there.
    #[must_use]
    pub fn attribute(&self, name: &str) -> &[String] {
        self.attributes.get(name).map_or(&[], Vec::as_slice)
    }
}

/// `md:Organization` (SAML Metadata 2.3.2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// Its registered name.
    pub names: Texts,
    /// The name that people know.
    pub display_names: Texts,
    /// Where people read about it.
    pub urls: Texts,
}

/// What a contact is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContactKind {
    /// Who runs it.
    Technical,
    /// Whom its people ask.
    Support,
    /// Who answers for it.
    Administrative,
    /// Who pays for it.
    Billing,
    /// Who handles its incidents (REFEDS security contact, as Sirtfi demands).
    Security,
    /// Anything else.
    Other,
}

/// `md:ContactPerson` (SAML Metadata 2.3.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// What it is for.
    pub kind: ContactKind,
    /// The company.
    pub company: Option<String>,
    /// The given name, or the name of a desk.
    pub given_name: Option<String>,
    /// The surname.
    pub surname: Option<String>,
    /// Addresses, without `mailto:`.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
}

/// `md:IDPSSODescriptor` (SAML Metadata 2.4.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdpRole {
    /// Where authentication is asked for.
    pub sso: Vec<Endpoint>,
    /// Where logout is asked for.
    pub slo: Vec<Endpoint>,
    /// Formats of `NameID` that it can give.
    pub name_id_formats: Vec<String>,
    /// Whether it wants requests signed.
    pub want_authn_requests_signed: bool,
    /// Its keys.
    pub keys: Keys,
    /// What people see of it.
    pub ui: Ui,
    /// The scopes that it claims (`shibmd:Scope`), never regular expressions.
    pub scopes: Vec<Domain>,
    /// The names of the attributes that it says it has.
    pub attributes: Vec<String>,
    /// Where people are sent when it could not help them.
    pub error_url: Option<Location>,
    /// The algorithms that it understands.
    pub algorithms: Algorithms,
}

/// `md:SPSSODescriptor` (SAML Metadata 2.4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpRole {
    /// Where answers go, in the order of the document.
    pub acs: Vec<AcsEndpoint>,
    /// Where logout is asked for.
    pub slo: Vec<Endpoint>,
    /// Formats of `NameID` that it can take.
    pub name_id_formats: Vec<String>,
    /// Whether it signs its requests, so that an unsigned one is not its own.
    pub authn_requests_signed: bool,
    /// Whether it wants assertions signed.
    pub want_assertions_signed: bool,
    /// Its keys.
    pub keys: Keys,
    /// The sets of attributes that it asks for.
    pub attribute_services: Vec<AttributeConsumer>,
    /// What people see of it.
    pub ui: Ui,
    /// Where a discovery service may send people back to.
    pub discovery_responses: Vec<Location>,
    /// The algorithms that it understands.
    pub algorithms: Algorithms,
}

/// `md:AttributeConsumingService` (SAML Metadata 2.4.4.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeConsumer {
    /// The number by which a request names it.
    pub index: u16,
    /// Whether it is marked as the default one, or as not.
    pub is_default: Option<bool>,
    /// What it is called.
    pub names: Texts,
    /// What it is for.
    pub descriptions: Texts,
    /// What it asks for.
    pub requested: Vec<RequestedAttribute>,
}

/// `md:RequestedAttribute` (SAML Metadata 2.4.4.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedAttribute {
    /// Its SAML attribute name.
    pub name: String,
    /// How the name is to be read.
    pub name_format: Option<String>,
    /// What people call it.
    pub friendly_name: Option<String>,
    /// Whether the service cannot work without it.
    pub required: bool,
    /// If any, only these values are asked for.
    pub values: Vec<String>,
}

/// The algorithms that an entity understands (SAML Metadata Profile for Algorithm Support 1.0),
/// by URI, the best first. An empty list says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Algorithms {
    /// For digests.
    pub digest: Vec<String>,
    /// For signatures.
    pub signing: Vec<String>,
}
