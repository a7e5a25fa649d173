//! Reads `md:EntityDescriptor`, and what concerns the entity as a whole.

use std::collections::BTreeMap;

use idp_domain::{Lifetime, Timestamp};

use super::super::{Contact, ContactKind, Entity, Flaw, MetadataError, Organization};
use super::Reading;
use super::reader::{MAX_URL, Reader, trim};
use super::role;
use crate::schema::name_format;
use crate::xml::{Element, ns, read_duration, read_instant, write_instant};

/// SAML Core 8.3.6: a name has at most 1,024 characters.
const MAX_ENTITY_ID: usize = 1_024;
/// The longest name of an organization, a person or a number to call, in bytes.
const MAX_NAME: usize = 512;

/// How REFEDS says that a contact handles incidents, and how it is often written.
const SECURITY: [&str; 2] = [
    "http://refeds.org/metadata/contactType/security",
    "https://refeds.org/metadata/contactType/security",
];

pub(super) fn entity(element: Element<'_>, how: &Reading<'_>) -> Result<Entity, MetadataError> {
    let mut reader = Reader::new(how.loopback_http);
    let mut found = Entity { entity_id: entity_id(element)?, ..Entity::default() };
    let extensions: Vec<_> = extensions(element).collect();
    found.registration_authority = extensions
        .iter()
        .filter(|extension| extension.is(ns::MDRPI, "RegistrationInfo"))
        .find_map(|extension| extension.attribute("registrationAuthority"))
        .map(trim)
        .filter(|authority| !authority.is_empty() && authority.len() <= MAX_URL)
        .map(str::to_owned);
    found.attributes = attributes(&mut reader, &extensions);
    found.organization = element
        .children()
        .find(|child| child.is(ns::MD, "Organization"))
        .map(|child| organization(&mut reader, child));
    let contacts = element.children().filter(|child| child.is(ns::MD, "ContactPerson"));
    found.contacts = contacts.map(|child| contact(&mut reader, child)).collect();
    let (idp, sp) = (
        role::of(&mut reader, element, "IDPSSODescriptor"),
        role::of(&mut reader, element, "SPSSODescriptor"),
    );
    found.idp = idp.map(|role| role::idp(&mut reader, role, element)).transpose()?;
    found.sp = sp.map(|role| role::sp(&mut reader, role, element)).transpose()?;
    (found.valid_until, found.cache_duration) = bounds(&mut reader, element, [idp, sp])?;
    found.warnings = reader.warnings;
    match found.valid_until {
        Some(end) if end <= how.now => Err(MetadataError::Expired(write_instant(end))),
        _ => Ok(found),
    }
}

fn entity_id(element: Element<'_>) -> Result<String, MetadataError> {
    let entity_id = element.attribute("entityID").unwrap_or_default();
    let fits = (1..=MAX_ENTITY_ID).contains(&entity_id.chars().count())
        && !entity_id.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    if fits { Ok(entity_id.to_owned()) } else { Err(MetadataError::EntityId) }
}

/// What stands in the `md:Extensions` of an element, in whatever order.
pub(super) fn extensions(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    let inside = element.children().filter(|child| child.is(ns::MD, "Extensions"));
    inside.flat_map(Element::children)
}

/// The earliest end and the shortest keeping of the entity, of whatever encloses it and of the
/// roles that are used. An end that cannot be read is no end that can be kept: refused.
fn bounds(
    reader: &mut Reader,
    entity: Element<'_>,
    roles: [Option<Element<'_>>; 2],
) -> Result<(Option<Timestamp>, Option<Lifetime>), MetadataError> {
    let (mut end, mut keep) = (None, None);
    let outwards = std::iter::successors(Some(entity), |element| element.parent());
    for element in outwards.chain(roles.into_iter().flatten()) {
        if let Some(text) = element.attribute("validUntil") {
            let instant = read_instant(text)?;
            end = Some(end.map_or(instant, |known: Timestamp| known.min(instant)));
        }
        match element.attribute("cacheDuration").map(read_duration) {
            Some(Ok(span)) => keep = Some(keep.map_or(span, |known: Lifetime| known.min(span))),
            Some(Err(_)) => reader.warn("cacheDuration", Flaw::BadNumber),
            None => {}
        }
    }
    Ok((end, keep))
}

fn attributes(reader: &mut Reader, extensions: &[Element<'_>]) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let holders = extensions.iter().filter(|child| child.is(ns::MDATTR, "EntityAttributes"));
    for attribute in holders.flat_map(|holder| holder.children()) {
        // What an assertion says, which may stand here too, is its issuer's word: not ours to read.
        let is_uri = attribute
            .attribute("NameFormat")
            .is_none_or(|format| [name_format::URI, name_format::UNSPECIFIED].contains(&format));
        let name = attribute.attribute("Name").map(trim).unwrap_or_default();
        let fits = (1..=MAX_URL).contains(&name.len());
        if !attribute.is(ns::SAML, "Attribute") || !is_uri || !fits {
            continue;
        }
        let values = reader.lines(attribute, ns::SAML, "AttributeValue");
        found.entry(name.to_owned()).or_default().extend(values);
    }
    found
}

fn organization(reader: &mut Reader, element: Element<'_>) -> Organization {
    Organization {
        names: reader.texts(element, ns::MD, "OrganizationName", MAX_NAME),
        display_names: reader.texts(element, ns::MD, "OrganizationDisplayName", MAX_NAME),
        urls: reader.links(element, ns::MD, "OrganizationURL"),
    }
}

fn contact(reader: &mut Reader, element: Element<'_>) -> Contact {
    let is_security = element
        .attribute_ns(ns::REMD, "contactType")
        .is_some_and(|kind| SECURITY.contains(&trim(kind)));
    let kind = match element.attribute("contactType").map(trim) {
        _ if is_security => ContactKind::Security,
        Some("technical") => ContactKind::Technical,
        Some("support") => ContactKind::Support,
        Some("administrative") => ContactKind::Administrative,
        Some("billing") => ContactKind::Billing,
        _ => ContactKind::Other,
    };
    let mut all = |what| {
        let named = element.children().filter(move |child| child.is(ns::MD, what));
        named.filter_map(|child| reader.line(child, what, MAX_NAME)).collect::<Vec<_>>()
    };
    let [company, given_name, surname] =
        ["Company", "GivenName", "SurName"].map(|what| all(what).into_iter().next());
    let bare = |address: String| match address.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto") => rest.trim().to_owned(),
        _ => address,
    };
    let emails = all("EmailAddress").into_iter().map(bare).collect();
    let phones = all("TelephoneNumber");
    Contact { kind, company, given_name, surname, emails, phones }
}
