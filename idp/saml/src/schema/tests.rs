//! What is written is read back as it was, and what the schema does not know is not read at all.

mod strategies;

use proptest::option;
use proptest::prelude::*;

use self::strategies::{assertion, authn_request, id, instant, issuer, name_id, status, text};
use super::{
    Assertion, Attribute, AttributeValue, AuthnRequest, LogoutRequest, LogoutResponse, NameId,
    Opener, Response, SchemaError, new_id,
};
use crate::xml::{Document, Element, Limits, Markup};

/// Reads `xml` with `read`.
fn read<T>(
    xml: &[u8],
    read: impl FnOnce(Element<'_>) -> Result<T, SchemaError>,
) -> Result<T, SchemaError> {
    read(Document::parse(xml, Limits::MESSAGE)?.root())
}

fn again<T>(
    markup: &Markup,
    reader: impl FnOnce(Element<'_>) -> Result<T, SchemaError>,
) -> Result<T, SchemaError> {
    read(&markup.to_canonical(), reader)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_assertion_is_read_as_it_was_written(assertion in assertion()) {
        let read = again(&assertion.write(), |root| Assertion::read(root, &Opener::CLOSED));
        prop_assert_eq!(read, Ok(assertion));
    }

    #[test]
    fn a_request_is_read_as_it_was_written(request in authn_request()) {
        let read = again(&request.write(), |root| AuthnRequest::read(root, &Opener::CLOSED));
        prop_assert_eq!(read, Ok(request));
    }

    #[test]
    fn a_response_is_read_as_it_was_written(
        id in id(), in_response_to in option::of(id()), issue_instant in instant(),
        destination in option::of(text()), issuer in option::of(issuer()), status in status(),
        assertion in option::of(assertion()),
    ) {
        let held = usize::from(assertion.is_some());
        let response =
            Response { id, in_response_to, issue_instant, destination, issuer, status };
        let markup = response.write(assertion.as_ref().map(Assertion::write));
        let read = again(&markup, |root| {
            Response::read(root).map(|(response, assertions)| (response, assertions.len()))
        });
        prop_assert_eq!(read, Ok((response, held)));
    }

    #[test]
    fn messages_of_logout_are_read_as_they_were_written(
        id in id(), issue_instant in instant(), destination in option::of(text()),
        issuer in option::of(issuer()), not_on_or_after in option::of(instant()),
        reason in option::of(text()), name_id in name_id(),
        session_indexes in prop::collection::vec(text(), 0..3),
        asynchronous in any::<bool>(), in_response_to in option::of(id()), status in status(),
    ) {
        let response = LogoutResponse {
            id: id.clone(), in_response_to, issue_instant, destination: destination.clone(),
            issuer: issuer.clone(), status,
        };
        prop_assert_eq!(again(&response.write(), LogoutResponse::read), Ok(response));
        let request = LogoutRequest {
            id, issue_instant, destination, issuer, not_on_or_after, reason, name_id,
            session_indexes, asynchronous,
        };
        let read = again(&request.write(), |root| LogoutRequest::read(root, &Opener::CLOSED));
        prop_assert_eq!(read, Ok(request));
    }
}

const NAMESPACES: &str = r#"xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#;
const FRAME: &str = r#"ID="_1" Version="2.0" IssueInstant="2027-01-01T00:00:00Z""#;

/// What becomes of a logout request with these attributes and this content.
fn logout(attributes: &str, content: &str) -> Result<LogoutRequest, SchemaError> {
    let xml =
        format!("<samlp:LogoutRequest {NAMESPACES} {attributes}>{content}</samlp:LogoutRequest>");
    read(xml.as_bytes(), |root| LogoutRequest::read(root, &Opener::CLOSED))
}

const NAME: &str = "<saml:NameID>n</saml:NameID>";

#[test]
fn the_smallest_logout_request_is_read() {
    assert_eq!(logout(FRAME, NAME).unwrap().name_id.value, "n");
}

#[test]
fn an_id_is_a_name_of_at_most_256_bytes() {
    let frame =
        |id: &str| format!(r#"ID="{id}" Version="2.0" IssueInstant="2027-01-01T00:00:00Z""#);
    let long = "a".repeat(256);
    for good in ["_", "a-b.c", "É\u{301}", long.as_str()] {
        assert_eq!(logout(&frame(good), NAME).unwrap().id, good);
    }
    let longer = "a".repeat(257);
    for bad in ["", "1a", "-a", "a b", "a:b", " a", "a#", "·a", longer.as_str()] {
        let error = logout(&frame(bad), NAME).unwrap_err();
        assert_eq!(error, SchemaError::Attribute { element: "LogoutRequest", attribute: "ID" });
    }
}

#[test]
fn what_the_schema_demands_is_there_and_in_form() {
    for (from, to) in [
        (r#"ID="_1""#, ""),
        (r#"Version="2.0""#, ""),
        (r#"Version="2.0""#, r#"Version="2""#),
        (r#"Version="2.0""#, r#"Version="1.1""#),
        (r#"IssueInstant="2027-01-01T00:00:00Z""#, ""),
        ("2027-01-01T00:00:00Z", "2027-01-01"),
        ("2027-01-01T00:00:00Z", "yesterday"),
        (r#"ID="_1""#, r#"ID="_1" NotOnOrAfter="never""#),
        (r#"ID="_1""#, r#"ID="_1" Surprise="1""#),
        (r#"ID="_1""#, r#"ID="_1" xmlns:x="urn:x" x:surprise="1""#),
    ] {
        let attributes = FRAME.replace(from, to);
        assert_eq!(logout(&attributes, NAME).unwrap_err().slug(), "schema", "{attributes}");
    }
    let hinted = format!(r#"{FRAME} xsi:schemaLocation="urn:x x.xsd""#);
    assert!(logout(&hinted, NAME).is_ok());
}

#[test]
fn elements_stand_in_the_order_and_number_of_the_schema() {
    let issuer = "<saml:Issuer>https://a.example/</saml:Issuer>";
    let extensions = r#"<samlp:Extensions><x xmlns="urn:x">y</x></samlp:Extensions>"#;
    let index = "<samlp:SessionIndex>1</samlp:SessionIndex>";
    let all = format!("{issuer}{extensions}{NAME}{index}{index}");
    assert_eq!(logout(FRAME, &all).unwrap().session_indexes, ["1", "1"]);
    for content in [
        String::new(),
        issuer.to_owned(),
        format!("{NAME}{issuer}"),
        format!("{extensions}{issuer}{NAME}"),
        format!("{issuer}{issuer}{NAME}"),
        format!("{NAME}{NAME}"),
        format!("{index}{NAME}"),
        format!("{NAME}{index}<samlp:Surprise/>"),
        format!("{NAME}stray"),
        r#"<BaseID xmlns="urn:oasis:names:tc:SAML:2.0:assertion"/>"#.to_owned(),
        r#"<NameID xmlns="urn:oasis:names:tc:SAML:1.0:assertion">n</NameID>"#.to_owned(),
        "<saml:NameID><saml:NameID>n</saml:NameID></saml:NameID>".to_owned(),
        "<saml:EncryptedID/>".to_owned(),
    ] {
        let slug = logout(FRAME, &content).unwrap_err().slug();
        assert!(["schema", "mixed_content_in_value"].contains(&slug), "{slug}: {content}");
    }
}

#[test]
fn an_issuer_is_an_entity() {
    let issuer = |attributes: &str, content: &str| {
        let issuer = format!("<saml:Issuer {attributes}>{content}</saml:Issuer>{NAME}");
        logout(FRAME, &issuer).map(|request| request.issuer.unwrap().0)
    };
    let entity = r#"Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity""#;
    assert_eq!(issuer("", "https://a.example/"), Ok("https://a.example/".to_owned()));
    assert_eq!(issuer(entity, "urn:a"), Ok("urn:a".to_owned()));
    let persistent = r#"Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent""#;
    assert_eq!(issuer(persistent, "urn:a"), Err(SchemaError::Issuer));
    let long = "x".repeat(1025);
    for bad in ["", " ", "urn:a b", "\nurn:a\n", long.as_str()] {
        assert_eq!(issuer("", bad), Err(SchemaError::Issuer), "{bad:?}");
    }
}

/// What becomes of an attribute with this content.
fn values(content: &str) -> Result<Vec<AttributeValue>, SchemaError> {
    let xml = format!(r#"<saml:Attribute {NAMESPACES} Name="a">{content}</saml:Attribute>"#);
    read(xml.as_bytes(), Attribute::read).map(|attribute| attribute.values)
}

#[test]
fn a_value_is_a_text_a_name_nothing_or_beyond_us() {
    let text = |text: &str| AttributeValue::Text(text.to_owned());
    let name = AttributeValue::NameId(NameId {
        value: "n".to_owned(),
        format: None,
        name_qualifier: Some("urn:idp".to_owned()),
        sp_name_qualifier: None,
        sp_provided_id: None,
    });
    let nested = r#"<saml:NameID NameQualifier="urn:idp">n</saml:NameID>"#;
    for (value, wanted) in [
        ("", text("")),
        (" a b ", text(" a b ")),
        (&format!(" {nested} "), name),
        (&format!("x{nested}"), AttributeValue::Complex),
        (&format!("{nested}{nested}"), AttributeValue::Complex),
        ("<saml:Issuer>x</saml:Issuer>", AttributeValue::Complex),
        ("a<b xmlns=\"\"/>c", AttributeValue::Complex),
    ] {
        let typed = format!(
            r#"<saml:AttributeValue xmlns:xs="urn:xs" xsi:type="xs:string" other="1">{value}</saml:AttributeValue>"#
        );
        assert_eq!(values(&typed), Ok(vec![wanted]), "{value}");
    }
    for (nil, content, wanted) in [
        ("true", "", Some(AttributeValue::Nil)),
        ("1", " ", Some(AttributeValue::Nil)),
        ("false", "a", Some(text("a"))),
        ("true", "a", None),
        ("true", nested, None),
        ("yes", "", None),
    ] {
        let value =
            format!(r#"<saml:AttributeValue xsi:nil="{nil}">{content}</saml:AttributeValue>"#);
        assert_eq!(values(&value).ok(), wanted.map(|wanted| vec![wanted]), "{nil} {content}");
    }
}

#[test]
fn no_value_that_names_a_person_is_shown_for_debugging() {
    let secret = "mallory-the-person";
    let name = NameId::new(secret, super::format::PERSISTENT);
    let attribute = Attribute {
        name: "mail".to_owned(),
        name_format: None,
        friendly_name: None,
        values: vec![AttributeValue::Text(secret.to_owned()), AttributeValue::NameId(name.clone())],
    };
    assert!(!format!("{name:?} {attribute:?}").contains(secret));
}

#[test]
fn an_id_of_ours_is_a_name_and_holds_all_of_the_chance() {
    assert_eq!(new_id([0xab; 20]), format!("_{}", "ab".repeat(20)));
    assert_ne!(new_id([0; 20]), new_id([1; 20]));
}
