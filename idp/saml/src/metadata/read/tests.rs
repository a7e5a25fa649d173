//! The entity as a whole: its name, its end, its place in a group, whose word it is.

use idp_domain::{Lifetime, Timestamp};
use proptest::prelude::*;

use super::super::testing::{NOW, UNSIGNED, full, signing_key};
use super::super::{Entity, Flaw, MetadataError, Reading, Trust, Warning, write};
use super::{read, read_one};
use crate::dsig::testing::rsa;
use crate::dsig::{DsigError, SignatureAlg, VerifyingKey};
use crate::xml::XmlError;

mod federation;
mod parts;

const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

/// An entity with these attributes and children.
fn entity(attributes: &str, inside: &str) -> String {
    format!(
        r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui" xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" xmlns:alg="urn:oasis:names:tc:SAML:metadata:algsupport" xmlns:x="urn:x" entityID="https://idp.example" {attributes}>{inside}</md:EntityDescriptor>"#
    )
}

fn role(name: &str, inside: &str) -> String {
    format!(r#"<md:{name} protocolSupportEnumeration="urn:x {SAMLP}">{inside}</md:{name}>"#)
}

fn idp(inside: &str) -> String {
    entity("", &role("IDPSSODescriptor", inside))
}

fn sp(inside: &str) -> String {
    entity("", &role("SPSSODescriptor", inside))
}

fn must(xml: &str) -> Entity {
    read(xml.as_bytes(), &UNSIGNED).unwrap()
}

fn warning(element: &'static str, flaw: Flaw) -> Warning {
    Warning { element, flaw }
}

#[test]
fn the_earliest_end_and_the_shortest_keeping_count() {
    let instant = |text: &str| crate::xml::read_instant(text).unwrap();
    let role = role("IDPSSODescriptor", "").replace(
        "<md:IDPSSODescriptor",
        r#"<md:IDPSSODescriptor validUntil="2027-03-01T00:00:00Z" cacheDuration="PT1H""#,
    );
    let inner = entity(r#"validUntil="2027-04-01T00:00:00Z" cacheDuration="P1D""#, &role);
    let group = format!(
        r#"<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" validUntil="2027-02-01T00:00:00Z" cacheDuration="odd">{inner}</md:EntitiesDescriptor>"#
    );
    let alone = must(&inner);
    assert_eq!(alone.valid_until, Some(instant("2027-03-01T00:00:00Z")));
    assert_eq!(alone.cache_duration, Some(Lifetime::hours(1)));
    let grouped = must(&group);
    assert_eq!(grouped.valid_until, Some(instant("2027-02-01T00:00:00Z")));
    assert_eq!(grouped.warnings, [warning("cacheDuration", Flaw::BadNumber)]);

    let at = |now| read(group.as_bytes(), &Reading { now, ..UNSIGNED });
    let end = instant("2027-02-01T00:00:00Z");
    assert!(at(end.minus(Lifetime::seconds(1))).is_ok());
    assert_eq!(at(end), Err(MetadataError::Expired("2027-02-01T00:00:00Z".to_owned())));
}

#[test]
fn an_end_that_cannot_be_read_is_refused() {
    for text in ["", "tomorrow", "2099-01-01", "2099-01-01T00:00:00"] {
        let xml = entity(&format!(r#"validUntil="{text}""#), "");
        let error = read(xml.as_bytes(), &UNSIGNED).unwrap_err();
        assert_eq!(error, MetadataError::Xml(XmlError::Value("xs:dateTime")), "{text}");
    }
}

#[test]
fn a_name_is_a_name() {
    let long = "x".repeat(1_025);
    for text in ["", " https://idp.example", "https://idp.example/\u{a0}", &long] {
        let xml = entity("", "").replace("https://idp.example", text);
        assert_eq!(read(xml.as_bytes(), &UNSIGNED), Err(MetadataError::EntityId), "{text}");
    }
    let just = "é".repeat(1_024);
    let xml = entity("", "").replace("https://idp.example", &just);
    assert_eq!(must(&xml).entity_id, just);
}

fn group(entities: &[&str]) -> String {
    format!(
        r#"<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"><md:Extensions/><md:EntitiesDescriptor>{}</md:EntitiesDescriptor></md:EntitiesDescriptor>"#,
        entities.concat()
    )
}

#[test]
fn one_entity_is_taken_from_a_group_by_its_name() {
    let first = entity("", "");
    let second = first.replace("https://idp.example", "https://idp.example/2");
    let both = group(&[&first, &second]);
    let named = read_one(both.as_bytes(), "https://idp.example/2", &UNSIGNED).unwrap();
    assert_eq!(named.entity_id, "https://idp.example/2");
    for other in ["https://idp.example/3", "HTTPS://idp.example", "https://idp.example/", ""] {
        let error = read_one(both.as_bytes(), other, &UNSIGNED).unwrap_err();
        assert_eq!(error, MetadataError::NotFound, "{other}");
    }
    assert_eq!(read(both.as_bytes(), &UNSIGNED), Err(MetadataError::Ambiguous));
    assert_eq!(
        read(group(&[&first]).as_bytes(), &UNSIGNED).unwrap().entity_id,
        "https://idp.example"
    );
    assert_eq!(read(group(&[]).as_bytes(), &UNSIGNED), Err(MetadataError::NotFound));
}

#[test]
fn an_entity_that_stands_twice_is_refused() {
    let one = entity("", "");
    let twice = group(&[&one, &one]);
    let error = read_one(twice.as_bytes(), "https://idp.example", &UNSIGNED).unwrap_err();
    assert_eq!(error, MetadataError::Ambiguous);
}

#[test]
fn an_entity_in_the_extensions_of_another_is_none() {
    let hidden = entity("", "").replace("https://idp.example", "https://evil.example");
    let xml = entity("", &format!("<md:Extensions><x:y>{hidden}</x:y></md:Extensions>"));
    let error = read_one(xml.as_bytes(), "https://evil.example", &UNSIGNED).unwrap_err();
    assert_eq!(error, MetadataError::NotFound);
    assert_eq!(must(&xml).entity_id, "https://idp.example");
}

#[test]
fn what_is_not_metadata_is_refused() {
    for (xml, slug) in [
        ("<EntityDescriptor entityID='x'/>", "not_metadata"),
        ("<samlp:Response xmlns:samlp='urn:oasis:names:tc:SAML:2.0:protocol'/>", "not_metadata"),
        ("<!DOCTYPE md:EntityDescriptor><a/>", "doctype_forbidden"),
        ("not xml", "not_well_formed"),
        ("", "not_well_formed"),
    ] {
        assert_eq!(read(xml.as_bytes(), &UNSIGNED).unwrap_err().slug(), slug, "{xml}");
    }
}

fn signed_by(keys: &[VerifyingKey]) -> Reading<'_> {
    Reading { trust: Trust::Signed(keys), now: NOW, loopback_http: false }
}

#[test]
fn a_demanded_signature_must_be_there_and_hold() {
    let entity = Entity { valid_until: None, ..full() };
    let signed = write(&entity, &signing_key(), SignatureAlg::RsaSha256).unwrap();
    let key = [VerifyingKey::from_certificate(&rsa().certificate).unwrap()];
    assert_eq!(read(&signed, &signed_by(&key)).unwrap(), entity);

    let text = String::from_utf8(signed).unwrap();
    let changed = text.replace("https://sp.example/acs/7", "https://evil.example/a/7");
    let error = read(changed.as_bytes(), &signed_by(&key)).unwrap_err();
    assert_eq!(error, MetadataError::Signature(DsigError::Invalid));
    let none = read(text.as_bytes(), &signed_by(&[])).unwrap_err();
    assert_eq!(none, MetadataError::Signature(DsigError::Invalid));

    let (before, rest) = text.split_once("<ds:Signature").unwrap();
    let (_, after) = rest.split_once("</ds:Signature>").unwrap();
    let bare = format!("{before}{after}");
    assert_eq!(read(bare.as_bytes(), &signed_by(&key)), Err(MetadataError::Unsigned));
    assert_eq!(read(bare.as_bytes(), &UNSIGNED).unwrap(), entity);

    // In a group the entity's own signature serves, and not that of the one beside it.
    let beside = self::entity("", "");
    let both = group(&[&text, &beside]).replace("<md:EntitiesDescriptor>", "").replacen(
        "</md:EntitiesDescriptor>",
        "",
        1,
    );
    let named = |name| read_one(both.as_bytes(), name, &signed_by(&key));
    assert_eq!(named(&entity.entity_id).unwrap(), entity);
    assert_eq!(named("https://idp.example"), Err(MetadataError::Unsigned));
}

#[test]
fn a_signature_that_nobody_asked_for_is_passed_over() {
    let entity = full();
    let signed = write(&entity, &signing_key(), SignatureAlg::RsaSha256).unwrap();
    let text =
        String::from_utf8(signed).unwrap().replace("<ds:SignatureValue>", "<ds:SignatureValue>AA");
    assert_eq!(must(&text), entity);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, &UNSIGNED);
    }

    #[test]
    fn metadata_with_bytes_changed_is_read_or_refused(
        places in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = write(&full(), &signing_key(), SignatureAlg::RsaSha256).unwrap();
        for (place, byte) in places {
            let place = usize::from(place) % bytes.len();
            bytes[place] = byte;
        }
        let _ = read(&bytes, &UNSIGNED);
        let keys = [VerifyingKey::from_certificate(&rsa().certificate).unwrap()];
        // Whatever still verifies is what was signed.
        if let Ok(entity) = read(&bytes, &signed_by(&keys)) {
            prop_assert_eq!(entity, full());
        }
    }

    #[test]
    fn any_instant_is_before_or_after_the_end(now in any::<i64>()) {
        let now = Timestamp::from_seconds(now);
        let end = full().valid_until.unwrap();
        let bytes = write(&full(), &signing_key(), SignatureAlg::RsaSha256).unwrap();
        prop_assert_eq!(read(&bytes, &Reading { now, ..UNSIGNED }).is_ok(), now < end);
    }
}
