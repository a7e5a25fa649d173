//! What messages cost: hostile ones next to nothing, ours little more than the bare operations.

use std::fmt::Write as _;

use crate::dsig::backend::canonicalize;
use crate::dsig::testing::{signing, verifying};
use crate::dsig::{Place, SignatureAlg, gate, sign};
use crate::testing::{assertion, response};
use crate::xml::{Document, Limits, Markup, ns};

/// What a message may be long in a form post.
const BYTES: usize = 64 * 1024;

/// `unit` as often as the rest of the bytes allow, between `before` and `after`.
fn filled(before: &str, unit: &str, after: &str) -> String {
    let room = BYTES - before.len() - after.len();
    format!("{before}{}{after}", unit.repeat(room / unit.len()))
}

/// As many numbered attributes as one element may have.
fn attributes(name: &str) -> String {
    (0..Limits::MESSAGE.attributes).fold(String::new(), |mut all, number| {
        write!(all, " {name}{number:02}=''").unwrap();
        all
    })
}

fn hostile() -> Vec<(&'static str, String)> {
    let (ds, samlp, saml) = (ns::DS, ns::SAMLP, ns::SAML);
    let open = format!("<samlp:Response xmlns:samlp='{samlp}' xmlns:ds='{ds}' ID='_r'>");
    let close = "</samlp:Response>";
    let deep = "<x>".repeat(50);
    let shallow = "</x>".repeat(50);
    let declared = attributes("xmlns:p").replace("''", "'urn:x'");
    let declared = declared.replace(" xmlns:p62='urn:x'", "");
    let one_of_many = format!("<p:a{}/>", " p00:b='' p01:c='' p61:d=''");
    let nested_key = format!("{open}{deep}<samlp:KeyInfo>");
    let mut numbered = open.clone();
    for number in 0..2_500 {
        write!(numbered, "<x ID='_{number}' Id='a{number}'/>").unwrap();
    }
    let signature = format!("<ds:Signature>{}", "<ds:SignedInfo/>".repeat(3));
    vec![
        ("attributes of one tag", filled("<a", " b=''", "/>")),
        (
            "different attributes of one tag",
            (0..6_000).fold("<a".to_owned(), |all, n| format!("{all} b{n}=''")) + "/>",
        ),
        ("full tags", filled("<a>", &format!("<b{}/>", attributes("c")), "</a>")),
        ("nesting", filled("", "<a>", "")),
        ("tags", filled("<a>", "<bcd/>", "</a>")),
        ("tags and texts", filled("<a>", "xy<b/>", "</a>")),
        ("long names", filled("<a>", &format!("<{0}></{0}>", "n".repeat(500)), "</a>")),
        (
            "namespaces and prefixes",
            filled(&format!("<a{declared} xmlns:p='urn:y'>"), &one_of_many, "</a>"),
        ),
        ("declarations", filled("<a>", "<b xmlns='urn:x' xmlns:c='urn:x'/>", "</a>")),
        ("references in text", filled("<a>", "&amp;", "</a>")),
        ("numeric references in text", filled("<a>", "&#x41;", "</a>")),
        ("references in an attribute", filled("<a b='", "&lt;", "'/>")),
        ("an endless reference", filled("<a>&#", "1", "</a>")),
        ("endless references", filled("<a>", "&#", "</a>")),
        ("brackets", filled("<a>", "]", "</a>")),
        ("returns", filled("<a>", "\r", "</a>")),
        ("line ends in an attribute", filled("<a b='", "\n", "'/>")),
        ("line ends in attributes", filled("<a>", "<b c='\n'/>", "</a>")),
        ("an open quote", filled("<a b='", "x", "")),
        ("open tags", filled("<a>", "<", "")),
        ("end tags", filled("<a>", "</a>", "")),
        ("spaces in a tag", filled("<a", " ", "/>")),
        ("a document type", filled("<!DOCTYPE a [", "<!ENTITY b 'c'>", "]><a/>")),
        ("comments", filled("<a>", "<!---->", "</a>")),
        ("instructions", filled("<?xml version='1.0'", " ", "?><a/>")),
        ("four-byte letters", filled("<a>", "\u{1F600}", "</a>")),
        ("IDs", numbered + close),
        ("signatures", filled(&open, "<ds:Signature/>", close)),
        (
            "signed infos",
            filled(
                &format!("{open}<ds:Signature>"),
                "<ds:SignedInfo/>",
                &format!("</ds:Signature>{close}"),
            ),
        ),
        (
            "references",
            filled(
                &format!("{open}<ds:Signature><ds:SignedInfo>"),
                "<ds:Reference/>",
                &format!("</ds:SignedInfo></ds:Signature>{close}"),
            ),
        ),
        (
            "key descriptions",
            filled(
                &format!("{open}{signature}<ds:KeyInfo>"),
                "<ds:KeyName/>",
                &format!("</ds:KeyInfo></ds:Signature>{close}"),
            ),
        ),
        (
            "deep key descriptions",
            filled(
                &format!(
                    "{nested_key}<saml:SubjectConfirmationData xmlns:saml='{saml}'><ds:KeyInfo>"
                ),
                "<ds:KeyName/>",
                &format!(
                    "</ds:KeyInfo></saml:SubjectConfirmationData></samlp:KeyInfo>{shallow}{close}"
                ),
            ),
        ),
        (
            "deep foreign elements",
            filled(&format!("{open}{deep}"), "<yyyy/>", &format!("{shallow}{close}")),
        ),
    ]
}

/// A message by somebody whose signature holds: the dearest, for all of it is canonicalized.
fn signed(stuff: impl IntoIterator<Item = Markup>) -> String {
    let message = response("_r", assertion("_a", "mallory")).children(stuff);
    let alg = SignatureAlg::RsaSha256;
    let message = sign(message, &signing(alg), alg, Place::AfterIssuer).unwrap();
    String::from_utf8(message.to_canonical()).unwrap()
}

#[test]
#[ignore = "a measurement: run it in release, with --nocapture"]
#[expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "it measures time")]
fn a_hostile_message_of_64_kib_costs_less_than_20_ms() {
    let mut messages = hostile();
    let element = || Markup::new("", "a").attr("b", "").attr("c", "");
    messages.push(("signed elements", signed((0..3_400).map(|_| element()))));
    let element = || Markup::new("urn:x", "a").attr_ns("urn:y", "b", "");
    messages.push(("signed namespaces", signed((0..1_000).map(|_| element()))));
    messages.push(("signed text", signed([Markup::new("", "a").text("&".repeat(12_000))])));
    let keys = [verifying(SignatureAlg::RsaSha256)];
    for (name, message) in messages {
        let run = || {
            let Ok(document) = Document::parse(message.as_bytes(), Limits::MESSAGE) else {
                return "not parsed";
            };
            let Ok(signatures) = gate(&document) else { return "not through the gate" };
            signatures.verify_all(&keys).map_or("not valid", |()| "accepted")
        };
        let outcome = run();
        let start = std::time::Instant::now();
        for _ in 0..10 {
            run();
        }
        let each = start.elapsed() / 10;
        println!("{each:>12.1?}  {name}: {outcome}");
        assert!(cfg!(debug_assertions) || each.as_millis() < 20, "{name}");
    }

    // And by somebody whose signature names as many prefixes as it may.
    let declared = attributes("xmlns:p").replace("''", "'urn:x'");
    let elements = format!("<a{declared}>{}</a>", "<b/>".repeat(1_250));
    let names: Vec<String> = (0..32).map(|number| format!("p{number:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let document = Document::parse(elements.as_bytes(), Limits::MESSAGE).unwrap();
    let start = std::time::Instant::now();
    canonicalize(document.root(), None, &names).unwrap();
    println!("{:>12.1?}  canonicalization with 32 prefixes", start.elapsed());
    assert!(cfg!(debug_assertions) || start.elapsed().as_millis() < 20);
}

#[test]
#[ignore = "a measurement: run it in release, with --nocapture"]
#[expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "it measures time")]
fn signing_and_verifying_cost_little_more_than_the_bare_operations() {
    let alg = SignatureAlg::RsaSha256;
    let (key, keys) = (signing(alg), [verifying(alg)]);
    let values = (0..12).map(|_| Markup::new(ns::SAML, "AttributeValue").text("x".repeat(120)));
    let message = response("_r", assertion("_a", "mallory")).children(values);
    let signed = sign(message.clone(), &key, alg, Place::AfterIssuer).unwrap().to_canonical();
    let time = |what: &str, run: &mut dyn FnMut()| {
        let start = std::time::Instant::now();
        (0..1_000).for_each(|_| run());
        println!("{:>12.1?}  {what}, {} bytes", start.elapsed() / 1_000, signed.len());
    };
    for _ in 0..3 {
        time("the bare signature", &mut || drop(key.sign(alg, b"x").unwrap()));
        time("signing", &mut || {
            drop(sign(message.clone(), &key, alg, Place::AfterIssuer).unwrap().to_canonical());
        });
        let bare = key.sign(alg, b"x").unwrap();
        time("the bare verification", &mut || keys[0].verify(alg, b"x", &bare).unwrap());
        time("parsing", &mut || drop(Document::parse(&signed, Limits::MESSAGE).unwrap()));
        time("parsing, the gate and verifying", &mut || {
            let document = Document::parse(&signed, Limits::MESSAGE).unwrap();
            gate(&document).unwrap().verify_all(&keys).unwrap();
        });
    }
}
