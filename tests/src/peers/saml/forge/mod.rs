//! Forgers: an identity provider and a service provider whose keys the test holds. Every part of
//! every message is XML text that an attack may replace before or after it is signed.

mod agency;
mod logout;
mod party;
mod request;
mod response;

pub use agency::{Agency, Asked};
pub use logout::{LogoutRequest, LogoutResponse};
pub use party::Party;
pub use request::AuthnRequest;
pub use response::{
    Assertion, Encryption, Response, attribute, authn_statement, conditions, confirmation,
};

use super::keys::KeyPair;
use crate::harness::jose;

/// A fresh `ID`.
pub fn id() -> String {
    format!("_{}", jose::random())
}

/// `Issuer`.
pub fn issuer(name: &str) -> String {
    format!(
        "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</saml:Issuer>",
        escape(name)
    )
}

/// `NameID` with these attributes.
pub fn name_id(value: &str, attributes: &[(&str, &str)]) -> String {
    format!("<saml:NameID{}>{}</saml:NameID>", write_attributes(attributes), escape(value))
}

/// `Status` with these codes, the outer one first, each without the common beginning.
pub fn status(codes: &[&str]) -> String {
    let inner = codes.iter().rev().fold(String::new(), |inner, code| {
        let value = format!("urn:oasis:names:tc:SAML:2.0:status:{code}");
        format!("<samlp:StatusCode Value=\"{value}\">{inner}</samlp:StatusCode>")
    });
    format!("<samlp:Status>{inner}</samlp:Status>")
}

/// Text as XML carries it, in elements and attributes.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn write_attributes(attributes: &[(&str, &str)]) -> String {
    let written = attributes.iter().map(|(name, value)| format!(" {name}=\"{}\"", escape(value)));
    written.collect::<Vec<_>>().concat()
}

fn optional(name: &str, value: Option<&String>) -> String {
    value.map(|value| format!(" {name}=\"{}\"", escape(value))).unwrap_or_default()
}

/// `KeyDescriptor`; no `use` where it is empty.
fn key_descriptor(usage: &str, keys: &KeyPair, methods: &str) -> String {
    let usage = if usage.is_empty() { String::new() } else { format!(" use=\"{usage}\"") };
    format!(
        "<md:KeyDescriptor{usage}><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
         <ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
         {methods}</md:KeyDescriptor>",
        keys.certificate_base64()
    )
}

/// An endpoint of this kind at this place.
fn endpoint(kind: &str, binding: &str, location: &str, more: &str) -> String {
    format!("<md:{kind} Binding=\"{binding}\" Location=\"{}\"{more}/>", escape(location))
}

/// `EntityDescriptor` around a role.
fn entity(id: &str, inside: &str) -> String {
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" entityID=\"{}\">{inside}\
         </md:EntityDescriptor>",
        escape(id)
    )
}
