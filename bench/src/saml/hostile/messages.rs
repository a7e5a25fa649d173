//! What is sent, and to which door. The dearest are by somebody whose signature holds: all of such
//! a message is canonicalized before anything else is looked at.

use std::fmt::Write as _;
use std::ops::Range;

use anyhow::{Result, ensure};

use crate::browser::{Ahead, Browser, Jar};
use crate::saml::answer::{form, response};
use crate::saml::wire::{deflate, encoded, id};
use crate::saml::{Keys, Question, Told, signature};

/// As long as a message is.
const BYTES: usize = 64 * 1024;
/// As long as a signed answer is without what fills it, at most.
const AROUND: usize = 10 * 1024;
/// More elements, and more attributes of one, are refused before there is a tree.
const TAGS: usize = 3_900;
const ATTRIBUTES: usize = 60;
/// More prefixes than this are not let count.
const PREFIXES: usize = 32;

/// A hostile message, before it is known whom it answers.
pub(super) struct Letter {
    pub(super) name: &'static str,
    content: Content,
}

enum Content {
    /// A request in a form, as it is sent: at the door that takes long ones.
    Form(String),
    /// A request in an address, as it is sent.
    Query(String),
    /// An answer to a login, signed by the source that was asked, and sent to a wrong address.
    Answer(Stuffing),
}

/// What fills an answer.
#[derive(Default)]
struct Stuffing {
    /// As it is signed: canonical.
    signed: String,
    /// As it is sent; of the same canonical form.
    sent: String,
    /// Prefixes whose declarations count.
    prefixes: String,
}

impl Letter {
    /// The door that it comes to.
    pub(super) fn door(&self) -> &'static str {
        match self.content {
            Content::Form(_) => "/saml/slo, POST",
            Content::Query(_) => "/saml/sso, Redirect",
            Content::Answer(_) => "/sources/…/acs",
        }
    }

    /// Whether it answers a login, and so can be sent once.
    pub(super) fn answers(&self) -> bool {
        matches!(self.content, Content::Answer(_))
    }

    /// The letter as it is sent.
    pub(super) async fn addressed(&self, browser: &mut Browser) -> Result<Ahead> {
        let (path, form) = match &self.content {
            Content::Query(path) => (path.clone(), None),
            Content::Form(form) => ("/saml/slo".to_owned(), Some((form.clone(), Jar::default()))),
            Content::Answer(stuffing) => {
                let (question, jar) = browser.begin().await?;
                let form = stuffing.answer(browser.keys(), &question)?;
                (question.path()?, Some((form, jar)))
            }
        };
        Ok(Ahead { path, form })
    }
}

impl Stuffing {
    fn same(signed: String) -> Self {
        Self { sent: signed.clone(), signed, ..Self::default() }
    }

    fn answer(&self, keys: &Keys, question: &Question) -> Result<String> {
        let id = id()?;
        let extensions = format!("<samlp:Extensions>{}</samlp:Extensions>", self.signed);
        let xml = response(question, &id, "https://elsewhere.example/acs", &extensions)?;
        let xml = signature::sign(keys, &xml, &id, &self.prefixes)?;
        let xml = xml.replacen(&self.signed, &self.sent, 1);
        ensure!(xml.len() <= BYTES, "{} bytes are too many", xml.len());
        Ok(form(question, &xml))
    }
}

/// All of them.
pub(super) fn letters() -> Result<Vec<Letter>> {
    let mut all: Vec<Letter> = requests().into_iter().map(in_a_form).collect();
    let bomb = deflate(&vec![b' '; 40 * 1024 * 1024])?;
    all.push(in_an_address("40 MiB of spaces, deflated", &bomb));
    let tags = full_tags(256 * 1024);
    all.push(in_an_address("256 KiB of full tags, deflated", &deflate(tags.as_bytes())?));
    let answers = [
        ("signed: elements", Stuffing::same(elements(TAGS, ""))),
        ("signed: attributes", Stuffing::same(attributes())),
        ("signed: escaped text", Stuffing::same(wrapped("", &"&amp;".repeat(10_500)))),
        ("signed: declarations of no use", unused_declarations()),
        ("signed: declarations that count", counted_declarations()),
    ];
    all.extend(answers.map(|(name, stuffing)| Letter { name, content: Content::Answer(stuffing) }));
    Ok(all)
}

fn in_a_form((name, xml): (&'static str, String)) -> Letter {
    Letter { name, content: Content::Form(format!("SAMLRequest={}", encoded(xml.as_bytes()))) }
}

fn in_an_address(name: &'static str, deflated: &[u8]) -> Letter {
    let path = format!("/saml/sso?SAMLRequest={}", encoded(deflated));
    Letter { name, content: Content::Query(path) }
}

fn requests() -> Vec<(&'static str, String)> {
    // Somebody whom the node knows, so that it looks further.
    let open = &format!(
        "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" ID=\"_a\"><saml:Issuer \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</saml:Issuer>",
        Told::Both.entity_id()
    );
    let close = "</samlp:LogoutRequest>";
    let in_signature = |before: &str, unit: &str, after: &str| {
        let (before, after) =
            (format!("{open}<ds:Signature>{before}"), format!("{after}</ds:Signature>{close}"));
        filled(&before, unit, &after)
    };
    let prefixed: String = declarations(0..ATTRIBUTES - 1) + " xmlns:p=\"urn:y\"";
    vec![
        ("nesting", filled("", "<a>", "")),
        ("tags", filled("<a>", "<bcd/>", "</a>")),
        ("attributes of one tag", filled("<a", " b=''", "/>")),
        ("full tags", full_tags(BYTES)),
        (
            "prefixes",
            filled(&format!("<a{prefixed}>"), "<p:a p00:b='' p01:c='' p58:d=''/>", "</a>"),
        ),
        ("references in text", filled("<a>", "&amp;", "</a>")),
        ("an endless reference", filled("<a>&#", "1", "</a>")),
        ("returns", filled("<a>", "\r", "</a>")),
        ("line ends in attributes", filled("<a>", "<b c='\n'/>", "</a>")),
        ("open tags", filled("<a>", "<", "")),
        ("a document type", filled("<!DOCTYPE a [", "<!ENTITY b 'c'>", "]><a/>")),
        ("comments", filled("<a>", "<!---->", "</a>")),
        ("IDs", filled(open, "<x ID='_12345' Id='a'/>", close)),
        ("signatures", filled(open, "<ds:Signature/>", close)),
        (
            "references of a signature",
            in_signature("<ds:SignedInfo>", "<ds:Reference URI='#_a'/>", "</ds:SignedInfo>"),
        ),
        (
            "transforms of a signature",
            in_signature(
                "<ds:SignedInfo><ds:Reference URI='#_a'><ds:Transforms>",
                "<ds:Transform Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/>",
                "</ds:Transforms></ds:Reference></ds:SignedInfo>",
            ),
        ),
        ("keys of a signature", in_signature("<ds:KeyInfo>", "<ds:KeyName/>", "</ds:KeyInfo>")),
    ]
}

/// `unit` as often as a message has room, between `before` and `after`.
fn filled(before: &str, unit: &str, after: &str) -> String {
    let room = BYTES - before.len() - after.len();
    format!("{before}{}{after}", unit.repeat(room / unit.len()))
}

fn full_tags(bytes: usize) -> String {
    let tag = format!("<b{}/>", numbered(0..ATTRIBUTES, " c", "=''"));
    format!("<a>{}</a>", tag.repeat((bytes - 7) / tag.len()))
}

/// So many elements in one that has `more` in its tag, as long as an answer has room for.
fn elements(count: usize, more: &str) -> String {
    let room = (BYTES - AROUND - more.len()) / count - 11;
    wrapped(more, &format!("<e:b>{}</e:b>", "x".repeat(room)).repeat(count))
}

fn attributes() -> String {
    let tag = format!("<e:b{}></e:b>", numbered(0..ATTRIBUTES, " a", "=\"\""));
    wrapped("", &tag.repeat((BYTES - AROUND) / tag.len()))
}

/// Declarations that exclusive canonicalization leaves out, and has to look through.
fn unused_declarations() -> Stuffing {
    let more = declarations(0..ATTRIBUTES - 1);
    let sent = elements(TAGS, &more);
    Stuffing { signed: sent.replacen(&more, "", 1), sent, prefixes: String::new() }
}

/// The same, and declarations that the signature counts by their names; each of them is looked up
/// at each element, and so there may not be as many.
fn counted_declarations() -> Stuffing {
    let more = declarations(PREFIXES..ATTRIBUTES - 1);
    let sent = elements(1_150, &(declarations(0..PREFIXES) + &more));
    let prefixes = numbered(0..PREFIXES, " p", "").trim().to_owned();
    Stuffing { signed: sent.replacen(&more, "", 1), sent, prefixes }
}

fn wrapped(more: &str, inside: &str) -> String {
    format!("<e:w xmlns:e=\"urn:e\"{more}>{inside}</e:w>")
}

fn declarations(numbers: Range<usize>) -> String {
    numbered(numbers, " xmlns:p", "=\"urn:x\"")
}

/// `before`, a number and `after`, for each of the numbers.
fn numbered(numbers: Range<usize>, before: &str, after: &str) -> String {
    numbers.fold(String::new(), |mut all, number| {
        // Writing to a text has no way to fail.
        let _ = write!(all, "{before}{number:02}{after}");
        all
    })
}
