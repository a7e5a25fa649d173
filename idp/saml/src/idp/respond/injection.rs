//! IDP-05: whatever stands in a value, it is text when it arrives.

use idp_domain::Subject;
use proptest::prelude::*;

use crate::idp::{
    ServiceProvider,
    testing::{accepted, attributes, encrypted_entity, registered, sp1},
};

/// What of a text XML 1.0 can hold; all else becomes U+FFFD.
fn holdable(text: &str) -> String {
    let holds = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if holds(c) { c } else { '\u{fffd}' }).collect()
}

/// The values of `displayName` as our own service provider reads them.
fn told(sp: &ServiceProvider, text: &str) -> Vec<String> {
    let read = accepted(sp, |issuance| {
        issuance.released = attributes(&[("displayName", text), ("mail", "a@una.example")]);
    });
    let names: Vec<_> =
        read.attributes.iter().filter_map(|one| one.friendly_name.clone()).collect();
    assert_eq!(names, ["mail", "displayName"], "nothing else was said");
    let name = &read.attributes[1];
    name.values.iter().map(|value| value.as_text().unwrap().to_owned()).collect()
}

#[test]
fn idp_05_markup_in_a_value_is_text() {
    for sp in [sp1(), registered(&encrypted_entity())] {
        for text in [
            "</saml:AttributeValue></saml:Attribute><saml:Attribute Name=\"role\"><saml:AttributeValue>admin",
            "]]>",
            "<![CDATA[x]]>",
            "<!-- x -->",
            "&lt;script&gt; &amp; &#0; &unknown;",
            "a\u{0}b\u{1}c\u{b}\u{1f}\u{7f}\u{85}",
            "\u{fffe}\u{ffff}\u{d7ff}\u{e000}",
            "\r\n\r\t \n",
            "\"'`<>&",
            "Food & Agriculture",
            "\u{202e}\u{645}\u{631}\u{62d}\u{628}\u{627}\u{202c}\u{200f}",
            "e\u{301} \u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f466}",
            "",
        ] {
            assert_eq!(told(&sp, text), [holdable(text)], "{text:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn idp_05_any_text_comes_back_as_it_went_in(text in any::<String>()) {
        prop_assert_eq!(told(&sp1(), &text), [holdable(&text)]);
    }

    #[test]
    fn idp_05_any_text_of_the_characters_of_markup_comes_back(
        text in "[<>&'\"\\]\\[/!?;#xX0-9a-z \t\r\n\u{0}\u{85}\u{2028}\u{feff}-]{0,40}",
    ) {
        prop_assert_eq!(told(&sp1(), &text), [holdable(&text)]);
    }
}

#[test]
fn idp_05_names_and_relay_states_are_text_too() {
    let sp = sp1();
    let markup = "x\"/></saml:NameID><saml:NameID>root";
    let read = accepted(&sp, |issuance| issuance.subject = Subject::new(markup.to_owned()));
    assert_eq!(read.name_id.unwrap().value, markup);
}
