//! SAM-22, SAM-29, SAM-30: names and attributes of people.

use crate::schema::{AttributeValue, format};
use crate::sp::testing::{Answer, OTHER_IDP, Wish, attribute, bent};

#[test]
fn sam_22_values_of_one_attribute_in_two_places_are_all_seen() {
    let mut answer = Answer::genuine();
    let name = "urn:oid:0.9.2342.19200300.100.1.3";
    answer.assertion().attributes.push(attribute(name, &["alice@una.example"]));
    answer.edit(
        "alice@una.example</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>",
        "alice@una.example</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>\
         <saml:AttributeStatement><saml:Attribute Name=\"urn:oid:0.9.2342.19200300.100.1.3\" \
         NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"><saml:AttributeValue>\
         carol@una.example</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>",
    );
    let accepted = Wish::new().consume(&answer.xml()).unwrap();
    let all = ["mallory@una.example", "alice@una.example", "carol@una.example"];
    assert_eq!(accepted.attributes, [attribute(name, &all)]);
}

#[test]
fn sam_22_an_attribute_of_another_name_format_is_another() {
    let mut answer = Answer::genuine();
    let mut other = answer.assertion().attributes[0].clone();
    other.name_format = None;
    answer.assertion().attributes.push(other);
    assert_eq!(Wish::new().consume(&answer.xml()).unwrap().attributes.len(), 2);
}

#[test]
fn sam_22_nested_xml_is_never_read_as_a_text() {
    for (nested, value) in [
        ("<a>mallory@una.example</a>", AttributeValue::Complex),
        ("mallory<a></a>@una.example", AttributeValue::Complex),
        ("<a></a>mallory@una.example", AttributeValue::Complex),
    ] {
        let text = "<saml:AttributeValue>mallory@una.example";
        let to = String::leak(format!("<saml:AttributeValue>{nested}"));
        let mut answer = Answer::genuine();
        answer.edit(text, to);
        let accepted = Wish::new().consume(&answer.xml()).unwrap();
        assert_eq!(accepted.attributes[0].values, [value], "{nested}");
    }
}

#[test]
fn sam_22_there_is_one_subject_with_one_name() {
    let name = "</saml:NameID>";
    let subject = "</saml:Subject>";
    for (from, to) in [
        (name, "</saml:NameID><saml:NameID>alice</saml:NameID>"),
        (subject, "</saml:Subject><saml:Subject><saml:NameID>alice</saml:NameID></saml:Subject>"),
        ("<saml:Conditions", "<saml:Subject></saml:Subject><saml:Conditions"),
    ] {
        assert_eq!(bent(|answer| answer.edit(from, to)), "schema", "{to}");
    }
    let nested = |answer: &mut Answer| answer.edit("opaque-mallory", "alice<b></b>");
    assert_eq!(bent(nested), "mixed_content_in_value");
}

//= saml-core#8.3.7-1 test
#[test]
fn sam_29_a_name_was_made_by_whom_we_asked_and_for_us() {
    let by = |answer: &mut Answer| answer.name().name_qualifier = Some(OTHER_IDP.to_owned());
    assert_eq!(bent(by), "name_qualifier");
    let for_other = |answer: &mut Answer| {
        answer.name().sp_name_qualifier = Some("https://another.example/sp".to_owned());
    };
    assert_eq!(bent(for_other), "name_qualifier");
    let unqualified = |answer: &mut Answer| {
        answer.name().name_qualifier = None;
        answer.name().sp_name_qualifier = None;
    };
    assert_eq!(bent(unqualified), "accepted");
    let domain = |answer: &mut Answer| {
        answer.name().format = Some(format::EMAIL.to_owned());
        answer.name().name_qualifier = Some("una.example".to_owned());
    };
    assert_eq!(bent(domain), "accepted");
}

#[test]
fn sam_30_a_name_is_neither_empty_nor_endless_nor_invisible() {
    let value = |value: &str| {
        let value = value.to_owned();
        bent(move |answer| answer.name().value = value)
    };
    for bad in ["", " ", "\t", " alice", "alice ", "al\nice", "al\u{85}ice", "\u{a0}"] {
        assert_eq!(value(bad), "identifier", "{bad:?}");
    }
    assert_eq!(value(&"x".repeat(257)), "identifier");
    assert_eq!(value(&"x".repeat(10_240)), "identifier");
    assert_eq!(value(&"é".repeat(256)), "accepted");
}

#[test]
fn sam_30_what_a_session_keeps_of_an_assertion_is_short() {
    let provided =
        |length: usize| bent(move |answer| answer.name().sp_provided_id = Some("x".repeat(length)));
    assert_eq!(provided(1_024), "accepted");
    assert_eq!(provided(1_025), "identifier");
    let domain = |answer: &mut Answer| {
        answer.name().format = Some(format::EMAIL.to_owned());
        answer.name().name_qualifier = Some("x".repeat(200_000));
    };
    assert_eq!(bent(domain), "identifier");
    let index = |length: usize| {
        bent(move |answer| {
            answer.assertion().authn_statements[0].session_index = Some("x".repeat(length));
        })
    };
    assert_eq!(index(1_024), "accepted");
    assert_eq!(index(1_025), "authn_statement");
}

#[test]
fn sam_30_names_are_kept_byte_for_byte() {
    for name in ["é", "e\u{301}", "İ", "i", "ß", "ss", "Alice", "alice", "a\u{200b}b"] {
        let mut answer = Answer::genuine();
        name.clone_into(&mut answer.name().value);
        let accepted = Wish::new().consume(&answer.xml()).unwrap();
        assert_eq!(accepted.name_id.unwrap().value, name);
    }
}

#[test]
fn an_assertion_without_a_name_is_for_its_attributes_to_name_somebody() {
    let mut answer = Answer::genuine();
    answer.subject().name_id = None;
    assert_eq!(Wish::new().consume(&answer.xml()).unwrap().name_id, None);
}
