//! Reads the two roles. Children are found by name and not by place: many tools write them in an
//! order of their own, and nothing hangs on it.

use idp_domain::agency::Domain;

use super::super::{
    AcsEndpoint, Algorithms, AttributeConsumer, Endpoint, Flaw, IdpRole, Location, MetadataError,
    RequestedAttribute, SpRole,
};
use super::entity::extensions;
use super::reader::{Reader, trim};
use super::{key, ui};
use crate::binding::Binding;
use crate::xml::{Element, ns};

/// The longest name of a service, in bytes.
const MAX_NAME: usize = 512;
/// The longest description of a service, in bytes.
const MAX_DESCRIPTION: usize = 4_096;

/// The descriptor of this name that speaks SAML 2.0.
pub(super) fn of<'d>(
    reader: &mut Reader,
    entity: Element<'d>,
    name: &'static str,
) -> Option<Element<'d>> {
    let speaks = |role: &Element<'_>| {
        let protocols = role.attribute("protocolSupportEnumeration").unwrap_or_default();
        role.is(ns::MD, name) && protocols.split_ascii_whitespace().any(|uri| uri == ns::SAMLP)
    };
    let mut roles = entity.children().filter(speaks);
    let first = roles.next();
    if roles.next().is_some() {
        reader.warn(name, Flaw::Repeated);
    }
    first
}

pub(super) fn idp(
    reader: &mut Reader,
    role: Element<'_>,
    entity: Element<'_>,
) -> Result<IdpRole, MetadataError> {
    let wants = reader.boolean(role, "WantAuthnRequestsSigned");
    Ok(IdpRole {
        sso: endpoints(reader, role, "SingleSignOnService")?,
        slo: endpoints(reader, role, "SingleLogoutService")?,
        name_id_formats: reader.lines(role, ns::MD, "NameIDFormat"),
        want_authn_requests_signed: wants.unwrap_or(false),
        keys: key::keys(reader, role)?,
        ui: ui::ui(reader, role),
        scopes: scopes(reader, extensions(role).chain(extensions(entity))),
        attributes: role
            .children()
            .filter(|child| child.is(ns::SAML, "Attribute"))
            .filter_map(|child| child.attribute("Name"))
            .map(|name| trim(name).to_owned())
            .collect(),
        error_url: role.attribute("errorURL").and_then(|text| reader.link("errorURL", text)),
        algorithms: algorithms(role, entity),
    })
}

pub(super) fn sp(
    reader: &mut Reader,
    role: Element<'_>,
    entity: Element<'_>,
) -> Result<SpRole, MetadataError> {
    let signed = reader.boolean(role, "AuthnRequestsSigned");
    let wants = reader.boolean(role, "WantAssertionsSigned");
    Ok(SpRole {
        acs: consumers(reader, role)?,
        slo: endpoints(reader, role, "SingleLogoutService")?,
        name_id_formats: reader.lines(role, ns::MD, "NameIDFormat"),
        authn_requests_signed: signed.unwrap_or(false),
        want_assertions_signed: wants.unwrap_or(false),
        keys: key::keys(reader, role)?,
        attribute_services: services(reader, role),
        ui: ui::ui(reader, role),
        discovery_responses: discovery(reader, role)?,
        algorithms: algorithms(role, entity),
    })
}

/// Endpoints with a binding that is spoken here; others are no concern of ours.
fn endpoints(
    reader: &mut Reader,
    role: Element<'_>,
    name: &'static str,
) -> Result<Vec<Endpoint>, MetadataError> {
    let mut found = Vec::new();
    for element in role.children().filter(|child| child.is(ns::MD, name)) {
        let Some(binding) = binding(element) else { continue };
        let Some(location) = location(reader, element, name)? else { continue };
        let response_location = match element.attribute("ResponseLocation") {
            // Where it cannot be used, responses do not fall back to where requests go.
            Some(text) => match reader.endpoint(name, text)? {
                Some(location) => Some(location),
                None => continue,
            },
            None => None,
        };
        found.push(Endpoint { binding, location, response_location });
    }
    Ok(found)
}

/// Answers come by POST (SAML Profiles 4.1.2), so only such endpoints are kept.
fn consumers(reader: &mut Reader, role: Element<'_>) -> Result<Vec<AcsEndpoint>, MetadataError> {
    const NAME: &str = "AssertionConsumerService";
    let mut found: Vec<AcsEndpoint> = Vec::new();
    for element in role.children().filter(|child| child.is(ns::MD, NAME)) {
        if binding(element) != Some(Binding::Post) {
            continue;
        }
        let Some(location) = location(reader, element, NAME)? else { continue };
        let next = found.iter().map(|acs| acs.index.saturating_add(1)).max().unwrap_or(0);
        let index = index(reader, element, NAME, next);
        if found.iter().any(|acs| acs.index == index) {
            reader.warn(NAME, Flaw::Repeated);
        }
        let is_default = reader.boolean(element, "isDefault");
        found.push(AcsEndpoint { index, is_default, binding: Binding::Post, location });
    }
    Ok(found)
}

fn binding(element: Element<'_>) -> Option<Binding> {
    element.attribute("Binding").map(trim).and_then(Binding::from_uri)
}

fn location(
    reader: &mut Reader,
    element: Element<'_>,
    name: &'static str,
) -> Result<Option<Location>, MetadataError> {
    reader.endpoint(name, element.attribute("Location").unwrap_or_default())
}

fn index(reader: &mut Reader, element: Element<'_>, name: &'static str, otherwise: u16) -> u16 {
    let read = element.attribute("index").and_then(|text| trim(text).parse().ok());
    read.unwrap_or_else(|| {
        reader.warn(name, Flaw::BadNumber);
        otherwise
    })
}

fn discovery(reader: &mut Reader, role: Element<'_>) -> Result<Vec<Location>, MetadataError> {
    const NAME: &str = "DiscoveryResponse";
    let mut found = Vec::new();
    for element in extensions(role).filter(|child| child.is(ns::IDPDISC, NAME)) {
        found.extend(location(reader, element, NAME)?);
    }
    Ok(found)
}

/// Scopes that are domains. A regular expression names scopes that nobody can list, and so nobody
/// can own: it is never one of them.
fn scopes<'d>(reader: &mut Reader, extensions: impl Iterator<Item = Element<'d>>) -> Vec<Domain> {
    let mut found: Vec<Domain> = Vec::new();
    for element in extensions.filter(|child| child.is(ns::SHIBMD, "Scope")) {
        if reader.boolean(element, "regexp") == Some(true) {
            reader.warn("Scope", Flaw::RegexpScope);
            continue;
        }
        let text = element.text().unwrap_or_default();
        match trim(&text).to_ascii_lowercase().parse() {
            Ok(scope) if !found.contains(&scope) => found.push(scope),
            Ok(_) => {}
            Err(_) => reader.warn("Scope", Flaw::BadScope),
        }
    }
    found
}

/// What the role says of algorithms, else what the entity says (Algorithm Support 1.0, 2.2).
fn algorithms(role: Element<'_>, entity: Element<'_>) -> Algorithms {
    let of = |place, name| -> Vec<String> {
        extensions(place)
            .filter(|child| child.is(ns::ALG, name))
            .filter_map(|child| child.attribute("Algorithm"))
            .map(|uri| trim(uri).to_owned())
            .collect()
    };
    let either = |name| {
        let own = of(role, name);
        if own.is_empty() { of(entity, name) } else { own }
    };
    Algorithms { digest: either("DigestMethod"), signing: either("SigningMethod") }
}

fn services(reader: &mut Reader, role: Element<'_>) -> Vec<AttributeConsumer> {
    const NAME: &str = "AttributeConsumingService";
    let mut found: Vec<AttributeConsumer> = Vec::new();
    for element in role.children().filter(|child| child.is(ns::MD, NAME)) {
        let next = found.iter().map(|one| one.index.saturating_add(1)).max().unwrap_or(0);
        found.push(AttributeConsumer {
            index: index(reader, element, NAME, next),
            is_default: reader.boolean(element, "isDefault"),
            names: reader.texts(element, ns::MD, "ServiceName", MAX_NAME),
            descriptions: reader.texts(element, ns::MD, "ServiceDescription", MAX_DESCRIPTION),
            requested: element
                .children()
                .filter(|child| child.is(ns::MD, "RequestedAttribute"))
                .filter_map(|child| requested(reader, child))
                .collect(),
        });
    }
    found
}

fn requested(reader: &mut Reader, element: Element<'_>) -> Option<RequestedAttribute> {
    let name = trim(element.attribute("Name")?).to_owned();
    let text = |attribute| element.attribute(attribute).map(|text| trim(text).to_owned());
    Some(RequestedAttribute {
        name,
        name_format: text("NameFormat"),
        friendly_name: text("FriendlyName"),
        required: reader.boolean(element, "isRequired").unwrap_or(false),
        values: reader.lines(element, ns::SAML, "AttributeValue"),
    })
}
