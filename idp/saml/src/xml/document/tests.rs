//! What is read as a document, and what is refused by which word.

use proptest::prelude::*;

use super::{Document, Limits};
use crate::xml::Element;

fn slug(bytes: &[u8]) -> &'static str {
    match Document::parse(bytes, Limits::MESSAGE) {
        Ok(_) => "accepted",
        Err(error) => error.slug(),
    }
}

#[track_caller]
fn check(slug_of: &[u8], expected: &str) {
    assert_eq!(slug(slug_of), expected, "{}", String::from_utf8_lossy(slug_of));
}

#[test]
fn xml_01_an_external_entity_is_refused_with_its_document_type() {
    check(
        b"<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><x>&e;</x>",
        "doctype_forbidden",
    );
    check(
        b"<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///x'>]><x/>",
        "doctype_forbidden",
    );
    check(b"<!doctype x><x/>", "doctype_forbidden");
}

#[test]
fn xml_02_parameter_entities_and_external_subsets_are_refused() {
    check(
        b"<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://canary.example/x.dtd\">%p;]><x/>",
        "doctype_forbidden",
    );
    check(b"<!DOCTYPE x SYSTEM \"http://canary.example/\"><x/>", "doctype_forbidden");
    check(b"<!DOCTYPE x PUBLIC '-//X//EN' 'http://canary.example/'><x/>", "doctype_forbidden");
}

#[test]
fn xml_03_entities_that_multiply_are_refused_by_their_declaration() {
    let mut laughs = "<!DOCTYPE x [<!ENTITY a0 \"ha\">".to_owned();
    for level in 1..10 {
        let ten = format!("&a{};", level - 1).repeat(10);
        laughs = format!("{laughs}<!ENTITY a{level} \"{ten}\">");
    }
    laughs.push_str("]><x>&a9;</x>");
    check(laughs.as_bytes(), "doctype_forbidden");
    let long = "a".repeat(100_000);
    let blowup = format!("<!DOCTYPE x [<!ENTITY a \"{long}\">]><x>{}</x>", "&a;".repeat(2_000));
    check(blowup.as_bytes(), "doctype_forbidden");
    check(b"<x>&a;</x>", "not_well_formed");
    check(b"<x y='&a;'/>", "not_well_formed");
}

#[test]
fn xml_04_a_document_type_that_only_adds_defaults_is_refused() {
    check(b"<!DOCTYPE r [<!ATTLIST Signature xmlns CDATA \"urn:x\">]><r/>", "doctype_forbidden");
    check(b"<r><!DOCTYPE r></r>", "doctype_forbidden");
}

#[test]
fn xml_05_nesting_ends_at_the_limit() {
    let nested = |depth: usize| {
        let mut xml = "<a>".repeat(depth);
        xml.push_str(&"</a>".repeat(depth));
        xml
    };
    check(nested(64).as_bytes(), "accepted");
    check(nested(65).as_bytes(), "depth_limit");
    let deep = "<a>".repeat(200_000) + &"x".repeat(400_000);
    assert!(deep.len() > Limits::MESSAGE.bytes);
    check(deep.as_bytes(), "depth_limit");
}

#[test]
fn a_document_is_as_large_as_the_limits_allow() {
    let sized = |bytes: usize| format!("<a>{}</a>", "x".repeat(bytes - 7));
    check(sized(Limits::MESSAGE.bytes).as_bytes(), "accepted");
    check(sized(Limits::MESSAGE.bytes + 1).as_bytes(), "too_large");
    let tags = |count: usize| format!("<a>{}</a>", "<b/>".repeat(count - 1));
    check(tags(Limits::MESSAGE.tags).as_bytes(), "accepted");
    check(tags(Limits::MESSAGE.tags + 1).as_bytes(), "too_large");
    let attributes = |count: usize| {
        let all: Vec<String> = (0..count).map(|name| format!(" a{name}=''")).collect();
        format!("<a{}/>", all.concat())
    };
    check(attributes(Limits::MESSAGE.attributes).as_bytes(), "accepted");
    check(attributes(Limits::MESSAGE.attributes + 1).as_bytes(), "too_large");
    let namespaces = |outer: usize, inner: usize| {
        let one = |letter, name| format!(" xmlns:{letter}{name}='urn:x'");
        let all = |letter: char, count: usize| {
            (0..count).map(|name| one(letter, name)).collect::<Vec<_>>().concat()
        };
        format!("<a{}><b{}/><b{}/></a>", all('p', outer), all('q', inner), all('q', inner))
    };
    check(namespaces(40, 24).as_bytes(), "accepted");
    check(namespaces(40, 25).as_bytes(), "too_large");
}

#[test]
fn xml_15_only_utf_8_is_read() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>é</a>";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&little, "encoding");
    check(&big, "encoding");
    check(&[&[0xFF, 0xFE][..], &little].concat(), "encoding");
    check(&[&[0xFE, 0xFF][..], &big].concat(), "encoding");
    check(text.as_bytes(), "encoding");
    check(b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE9</a>", "encoding");
    check(b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>", "encoding");
    check(b"<?xml version=\"1.0\" encoding=\"UTF-7\"?><a>+AGE-</a>", "encoding");
    check(b"<?xml version='1.0' encoding='US-ASCII'?><a/>", "encoding");
    check(b"<a>\xC0\xBCb</a>", "encoding");
    check(b"<a>\xE0\x80\xBC</a>", "encoding");
    check(b"<a>\xED\xA0\x80</a>", "encoding");
    check(b"<a>\xED\xA0\xBD\xED\xB8\x80</a>", "encoding");
    check(b"<a>\0</a>", "encoding");
    check(b"<a b='\0'/>", "encoding");
    check(b"<a/>\0", "encoding");
    check(b"<a>&#0;</a>", "not_well_formed");
    check(b"<a>&#xD800;</a>", "not_well_formed");
    check(b"<a>\x01</a>", "not_well_formed");
    check(b"<a>\xEF\xBF\xBE</a>", "not_well_formed");
    check("\u{FEFF}<a/>".as_bytes(), "accepted");
    check("\u{FEFF}\u{FEFF}<a/>".as_bytes(), "not_well_formed");
    check(b"<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n<a/>", "accepted");
    check(b"<?xml version='1.1'?><a/>", "not_well_formed");
    check(b" <?xml version='1.0'?><a/>", "not_well_formed");
}

#[test]
fn xml_16_no_value_is_cut_by_a_comment_or_an_instruction() {
    for markup in ["<?x?>", "<!--x-->", "<![CDATA[x]]>", "<!---->", "<?xml version='1.0'?>"] {
        let xml = format!("<a><NameID>alice@una.example{markup}.unm.example</NameID></a>");
        check(xml.as_bytes(), "mixed_content_in_value");
        let xml = format!("<a><NameID/>{markup}</a>");
        check(xml.as_bytes(), "mixed_content_in_value");
    }
    check(b"<a><!--", "mixed_content_in_value");
}

#[test]
fn xsw_11_a_comment_in_a_digest_or_signature_value_is_refused_as_such() {
    for xml in [
        "<a><ds:DigestValue><!--forged-->original</ds:DigestValue></a>",
        "<a><ds:DigestValue>ori<!--forged-->ginal</ds:DigestValue></a>",
        "<a><DigestValue Id='x'>ori<?forged?>ginal</DigestValue></a>",
        "<a><ds:SignatureValue><![CDATA[forged]]></ds:SignatureValue></a>",
    ] {
        check(xml.as_bytes(), "signature_structure");
    }
    check(b"<a><DigestValues><!-- --></DigestValues></a>", "mixed_content_in_value");
}

#[test]
fn xml_17_nothing_stands_before_or_after_the_root() {
    for around in [
        "<a/><a/>",
        "<a/>x",
        "x<a/>",
        "<a/><?x?>",
        "<?x?><a/>",
        "<a/><!-- -->",
        "<!-- --><a/>",
        "<a/></a>",
        "<a>",
        "</a>",
        "",
        " ",
        "<",
        "<a",
        "<a b='",
        "<a></b>",
        "<a/>&#32;",
        "&#32;<a/>",
        "<![CDATA[x]]><a/>",
    ] {
        check(around.as_bytes(), "not_well_formed");
    }
    check(b"\r\n <a/>\t\n", "accepted");
}

#[test]
fn names_are_as_namespaces_in_xml_wants_them() {
    for xml in [
        "<p:a/>",
        "<a p:b=''/>",
        "<a:b:c xmlns:a='urn:x'/>",
        "<:a/>",
        "<a:/>",
        "<a :b=''/>",
        "<a xmlns:p=''/>",
        "<a xmlns:p='urn:x'><b xmlns:p=''/></a>",
        "<a xmlns:xmlns='urn:x'/>",
        "<a xmlns:xml='urn:x'/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<xmlns:a/>",
        "<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='' q:b=''/>",
        "<a b='' b=''/>",
        "<a xmlns='urn:x' xmlns='urn:y'/>",
        "<a xmlns:p='urn:x' xmlns:p='urn:x'/>",
        "<p:1 xmlns:p='urn:x'/>",
        "<a xmlns:1='urn:x'/>",
        "<a b=c/>",
        "<a b/>",
        "<a b='<'/>",
        "<a b='x'c='y'/>",
        "< a/>",
    ] {
        check(xml.as_bytes(), "not_well_formed");
    }
    check(b"<a xmlns='urn:x' xmlns:p='urn:x'><b xmlns='' p:c='' c=''/></a>", "accepted");
    check(b"<a xml:lang='en' xmlns:xml='http://www.w3.org/XML/1998/namespace'/>", "accepted");
}

/// The text of the root, or of its attribute `b`.
fn value(xml: &str, limits: Limits) -> String {
    let document = Document::parse(xml.as_bytes(), limits).unwrap();
    let root = document.root();
    root.attribute("b").map_or_else(|| root.text().unwrap().into_owned(), str::to_owned)
}

#[test]
fn values_are_read_as_xml_means_them() {
    for (xml, expected) in [
        ("<a>x &lt;&amp;&gt;&#x41;&#66;&apos;&quot; y</a>", "x <&>AB'\" y"),
        ("<a>\r\n x\ry \n</a>", "\n x\ny \n"),
        ("<a>&#13;</a>", "\r"),
        ("<a></a>", ""),
        ("<a>]] &gt;</a>", "]] >"),
        ("<a b=' x\ty\nz\r\nw '/>", " x y z w "),
        ("<a c='\n' b='x&#10;&#9;y'/>", "x\n\ty"),
        ("<a b=\"it's > \n'\"/>", "it's >  '"),
        ("<a b = '\r\r\n\n' />", "   "),
    ] {
        assert_eq!(value(xml, Limits::MESSAGE), expected, "{xml:?}");
    }
}

#[test]
fn metadata_may_have_comments_and_no_value_is_cut_by_them() {
    let xml = "<!-- a --><a>one<!-- <b> -- --> two</a><!----> <!-- ' -->";
    assert!(Document::parse(xml.as_bytes(), Limits::METADATA).is_err(), "-- stands in a comment");
    let xml = "<!-- a --><a>one<!-- <b> ' \" > --> two</a><!----> <!-- ' -->";
    assert_eq!(value(xml, Limits::METADATA), "one two");
    assert_eq!(slug(xml.as_bytes()), "not_well_formed");
    let xml = "<a b='x\ny<!-- -->'/>";
    assert!(Document::parse(xml.as_bytes(), Limits::METADATA).is_err());
    let xml = "<a b='--> x\ny' c='&lt;!--'/>";
    assert_eq!(value(xml, Limits::METADATA), "--> x y");
    for xml in ["<a><!--", "<a><!--></a>", "<a><!--->", "<a><?x?></a>", "<a><![CDATA[]]></a>"] {
        assert!(Document::parse(xml.as_bytes(), Limits::METADATA).is_err(), "{xml}");
    }
}

#[test]
fn elements_know_their_place() {
    let xml = "<r xmlns='urn:a' xmlns:p='urn:p' i='1' p:i='2'> <x><y/>t</x><z/></r>";
    let document = Document::parse(xml.as_bytes(), Limits::MESSAGE).unwrap();
    let root = document.root();
    let names = |elements: Vec<Element<'_>>| -> Vec<String> {
        elements.into_iter().map(|element| format!("{element:?}")).collect()
    };
    assert_eq!(names(root.children().collect()), ["{urn:a}x", "{urn:a}z"]);
    assert_eq!(names(root.descendants().collect()), ["{urn:a}x", "{urn:a}y", "{urn:a}z"]);
    assert_eq!((root.attribute("i"), root.attribute_ns("urn:p", "i")), (Some("1"), Some("2")));
    assert_eq!(root.attribute_ns("urn:a", "i"), None);
    let x = root.children().next().unwrap();
    let y = x.children().next().unwrap();
    assert_eq!(names(x.descendants().collect()), ["{urn:a}y"]);
    assert_eq!(names(y.descendants().collect()), Vec::<String>::new());
    assert!(y.parent().unwrap().same(x) && !y.same(x) && root.parent().is_none());
    assert!(y.is_within(root) && y.is_within(y) && !x.is_within(y));
    assert!(x.has_text() && !root.has_text() && x.text().is_err());
    let twin = Document::parse(xml.as_bytes(), Limits::MESSAGE).unwrap();
    assert!(!twin.root().same(root), "the same place of another document is another element");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Document::parse(&bytes, Limits::MESSAGE);
    }

    #[test]
    fn no_nearly_well_formed_text_makes_the_reader_panic(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "<a", "<p:a", ">", "/>", "</a>", "</p:a>", " xmlns:p='urn:x'", " b='", "'", "\"",
                "<!--", "-->", "<![CDATA[", "]]>", "<?x", "?>", "&#x41;", "&lt;", "&", ";", "=", "é",
                "\n", "\r", "\t", " ", "x", "<!DOCTYPE", "<?xml version='1.0'?>", "\u{FEFF}", "\0",
            ]),
            0..30,
        ),
        comments in any::<bool>(),
    ) {
        let text = parts.concat();
        let limits = Limits { drop_comments: comments, ..Limits::MESSAGE };
        if let Ok(document) = Document::parse(text.as_bytes(), limits) {
            prop_assert!(document.elements().count() <= text.matches('<').count());
        }
    }
}
