//! What is written is canonical, and reads as it was meant.

use bergshamra::c14n::{C14nMode, canonicalize};
use proptest::prelude::*;

use super::Markup;
use crate::xml::{Document, Element, Limits, ns};

fn text(markup: &Markup) -> String {
    String::from_utf8(markup.to_canonical()).unwrap()
}

#[test]
fn namespaces_are_declared_where_they_are_used_and_attributes_are_sorted() {
    let markup = Markup::new(ns::SAMLP, "Response")
        .attr_ns(ns::XSI, "nil", "false")
        .attr_ns(ns::XML, "lang", "en")
        .attr("b", "2")
        .attr("a", "1")
        .child(Markup::new(ns::SAML, "Issuer").text("x"))
        .child(Markup::new(ns::SAMLP, "Extensions").child(Markup::new("", "plain")));
    assert_eq!(
        text(&markup),
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" a=\"1\" b=\"2\" xsi:nil=\"false\" \
         xml:lang=\"en\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">x\
         </saml:Issuer><samlp:Extensions><plain></plain></samlp:Extensions></samlp:Response>"
    );
}

#[test]
fn namespaces_that_nobody_knows_do_not_disturb_each_other() {
    let inner = Markup::new("urn:two", "b").attr_ns("urn:one", "c", "").attr_ns("urn:two", "d", "");
    let markup = Markup::new("urn:one", "a").child(inner).child(Markup::new("urn:one", "e"));
    assert_eq!(
        text(&markup),
        "<n0:a xmlns:n0=\"urn:one\"><n0:b xmlns:n0=\"urn:two\" xmlns:n1=\"urn:one\" n1:c=\"\" \
         n0:d=\"\"></n0:b><n0:e></n0:e></n0:a>"
    );
}

#[test]
fn markup_in_a_value_stays_a_value() {
    let hostile = "</saml:NameID><x a=\"b\">&amp;]]>\r\n\t\u{0}\u{B}\u{FFFE}é😀";
    let markup = Markup::new("", "a").attr("v", hostile).text(hostile);
    assert_eq!(
        text(&markup),
        "<a v=\"&lt;/saml:NameID>&lt;x a=&quot;b&quot;>&amp;amp;]]>&#xD;&#xA;&#x9;\u{FFFD}\u{FFFD}\
         \u{FFFD}é😀\">&lt;/saml:NameID&gt;&lt;x a=\"b\"&gt;&amp;amp;]]&gt;&#xD;\n\t\u{FFFD}\u{FFFD}\
         \u{FFFD}é😀</a>"
    );
}

#[test]
fn an_attribute_is_set_once() {
    let markup = Markup::new("", "a").attr("b", "1").attr("b", "2").attr_maybe("c", None::<&str>);
    assert_eq!(text(&markup), "<a b=\"2\"></a>");
}

/// What was put in, as it must come out.
fn assert_read_as(element: Element<'_>, markup: &Markup) -> Result<(), TestCaseError> {
    prop_assert!(element.is(markup.ns, markup.local));
    prop_assert_eq!(element.attributes().count(), markup.attributes.len());
    for attribute in &markup.attributes {
        let read = element.attribute_ns(attribute.ns, attribute.local);
        prop_assert_eq!(read.map(str::to_owned), Some(readable(&attribute.value)));
    }
    let mut children = element.children();
    for content in &markup.content {
        match content {
            super::Content::Element(child) => assert_read_as(children.next().unwrap(), child)?,
            super::Content::Text(text) if markup.content.len() == 1 => {
                prop_assert_eq!(element.text().unwrap().into_owned(), readable(text));
            }
            super::Content::Text(_) => {}
        }
    }
    prop_assert!(children.next().is_none());
    Ok(())
}

fn readable(text: &str) -> String {
    let forbidden = |letter: &char| {
        (*letter < ' ' && !matches!(letter, '\t' | '\n' | '\r'))
            || matches!(letter, '\u{FFFE}' | '\u{FFFF}')
    };
    text.chars().map(|letter| if forbidden(&letter) { '\u{FFFD}' } else { letter }).collect()
}

const NAMESPACES: [&str; 8] =
    ["", ns::SAMLP, ns::SAML, ns::DS, ns::XSI, ns::REQ_ATTR, "urn:other:one", "urn:other:two"];
const NAMES: [&str; 5] = ["a", "Z", "Attribute", "id", "_x-1.y"];

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,8}",
        "[<>&\"'\r\n\t \u{0}\u{8}\u{1F}\u{85}\u{A0}\u{2028}\u{FFFE}\u{FFFF}]{0,8}"
    ]
}

fn any_markup() -> impl Strategy<Value = Markup> {
    let name = || (prop::sample::select(&NAMESPACES[..]), prop::sample::select(&NAMES[..]));
    let attributes = || {
        let namespaces =
            prop_oneof![4 => prop::sample::select(&NAMESPACES[..]), 1 => Just(ns::XML)];
        prop::collection::vec((namespaces, prop::sample::select(&NAMES[..]), any_text()), 0..5)
    };
    let open = move |(ns, local): (&'static str, &'static str), attributes: Vec<_>| {
        attributes.into_iter().fold(Markup::new(ns, local), |markup, (ns, name, value)| {
            markup.attr_ns(ns, name, value)
        })
    };
    let leaf = (name(), attributes(), any_text())
        .prop_map(move |(name, attributes, text)| open(name, attributes).text(text));
    leaf.prop_recursive(5, 40, 5, move |inner| {
        let content = prop::collection::vec(
            prop_oneof![3 => inner.prop_map(Ok), 1 => any_text().prop_map(Err)],
            0..5,
        );
        (name(), attributes(), content).prop_map(move |(name, attributes, content)| {
            content.into_iter().fold(open(name, attributes), |markup, item| match item {
                Ok(child) => markup.child(child),
                Err(text) => markup.text(text),
            })
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_written_is_canonical_and_reads_as_it_was_meant(markup in any_markup()) {
        let written = text(&markup);
        let again = canonicalize::<&str>(&written, C14nMode::Exclusive, None, &[]).unwrap();
        prop_assert_eq!(&written, &String::from_utf8(again).unwrap());
        let document = Document::parse(written.as_bytes(), Limits::MESSAGE).unwrap();
        assert_read_as(document.root(), &markup)?;
    }
}
