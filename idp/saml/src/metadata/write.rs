//! Writes the metadata of one entity, signed, in the order that the schema prescribes.

mod role;

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};

use super::{Contact, ContactKind, Entity, Organization, Texts};
use crate::dsig::{self, KeyError, Place, SignatureAlg, SigningKey};
use crate::schema::name_format;
use crate::xml::{Markup, ns, write_instant};

/// Writes what `entity` says, signed: canonical XML without a declaration.
///
/// Warnings are not written. An organization without a name, a display name and an address is
/// left out, for the schema has no place for half of one; so is a set of attributes without a
/// name or an attribute.
pub fn write(entity: &Entity, key: &SigningKey, alg: SignatureAlg) -> Result<Vec<u8>, KeyError> {
    let mut markup = markup(entity);
    // The same content has the same ID, and so (but for ECDSA and PSS) the same bytes.
    let mut id = String::from("_");
    for byte in digest(&SHA256, &markup.to_canonical()).as_ref().iter().take(20) {
        // A string takes whatever is written to it.
        let _ = write!(id, "{byte:02x}");
    }
    markup = markup.attr("ID", id);
    Ok(dsig::sign(markup, key, alg, Place::First)?.to_canonical())
}

fn markup(entity: &Entity) -> Markup {
    let end = entity.valid_until.map(write_instant);
    let keep = entity.cache_duration.map(|span| format!("PT{}S", span.as_seconds()));
    Markup::new(ns::MD, "EntityDescriptor")
        .attr("entityID", &entity.entity_id)
        .attr_maybe("validUntil", end)
        .attr_maybe("cacheDuration", keep)
        .maybe(extensions(registration(entity).into_iter().chain(attributes(entity))))
        .maybe(entity.idp.as_ref().map(role::idp))
        .maybe(entity.sp.as_ref().map(role::sp))
        .maybe(entity.organization.as_ref().and_then(organization))
        .children(entity.contacts.iter().map(contact))
}

/// `md:Extensions`, which is not written empty.
fn extensions(inside: impl IntoIterator<Item = Markup>) -> Option<Markup> {
    let mut inside = inside.into_iter().peekable();
    inside.peek()?;
    Some(Markup::new(ns::MD, "Extensions").children(inside))
}

fn registration(entity: &Entity) -> Option<Markup> {
    let authority = entity.registration_authority.as_ref()?;
    Some(Markup::new(ns::MDRPI, "RegistrationInfo").attr("registrationAuthority", authority))
}

fn attributes(entity: &Entity) -> Option<Markup> {
    if entity.attributes.is_empty() {
        return None;
    }
    let attribute = |(name, values): (&String, &Vec<String>)| {
        let value = |value: &String| Markup::new(ns::SAML, "AttributeValue").text(value);
        Markup::new(ns::SAML, "Attribute")
            .attr("Name", name)
            .attr("NameFormat", name_format::URI)
            .children(values.iter().map(value))
    };
    let all = entity.attributes.iter().map(attribute);
    Some(Markup::new(ns::MDATTR, "EntityAttributes").children(all))
}

fn organization(organization: &Organization) -> Option<Markup> {
    let Organization { names, display_names, urls } = organization;
    if names.is_empty() || display_names.is_empty() || urls.is_empty() {
        return None;
    }
    let all = Markup::new(ns::MD, "Organization")
        .children(texts(names, ns::MD, "OrganizationName"))
        .children(texts(display_names, ns::MD, "OrganizationDisplayName"))
        .children(texts(urls, ns::MD, "OrganizationURL"));
    Some(all)
}

fn contact(contact: &Contact) -> Markup {
    let kind = match contact.kind {
        ContactKind::Technical => "technical",
        ContactKind::Support => "support",
        ContactKind::Administrative => "administrative",
        ContactKind::Billing => "billing",
        ContactKind::Security | ContactKind::Other => "other",
    };
    let mut markup = Markup::new(ns::MD, "ContactPerson").attr("contactType", kind);
    if contact.kind == ContactKind::Security {
        markup = markup.attr_ns(
            ns::REMD,
            "contactType",
            "http://refeds.org/metadata/contactType/security",
        );
    }
    let line = |name, text: &String| Markup::new(ns::MD, name).text(text);
    let address = |address: &String| line("EmailAddress", &format!("mailto:{address}"));
    markup
        .maybe(contact.company.as_ref().map(|text| line("Company", text)))
        .maybe(contact.given_name.as_ref().map(|text| line("GivenName", text)))
        .maybe(contact.surname.as_ref().map(|text| line("SurName", text)))
        .children(contact.emails.iter().map(address))
        .children(contact.phones.iter().map(|text| line("TelephoneNumber", text)))
}

/// One element a language.
fn texts(texts: &Texts, ns: &'static str, name: &'static str) -> impl Iterator<Item = Markup> {
    let element =
        move |(lang, text)| Markup::new(ns, name).attr_ns(ns::XML, "lang", lang).text(text);
    texts.iter().map(element)
}

#[cfg(test)]
mod tests;
