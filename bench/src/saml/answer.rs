//! Answers: what our identity provider says, and whether the node says yes to a service.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::peers::{IDP, PERSISTENT};
use super::request::Question;
use super::wire::{encoded, escaped, id, instant};
use super::{Keys, signature};

/// What identity providers commonly tell of a person: a name, a short name, the value.
const ATTRIBUTES: [(&str, &str, &str); 8] = [
    ("urn:oid:0.9.2342.19200300.100.1.3", "mail", "grace@saml-office.example"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "eduPersonPrincipalName", "grace@saml-office.example"),
    ("urn:oid:2.16.840.1.113730.3.1.241", "displayName", "Grace Participant"),
    ("urn:oid:2.5.4.42", "givenName", "Grace"),
    ("urn:oid:2.5.4.4", "sn", "Participant"),
    (
        "urn:oid:1.3.6.1.4.1.5923.1.1.1.9",
        "eduPersonScopedAffiliation",
        "member@saml-office.example",
    ),
    ("urn:oid:1.3.6.1.4.1.25178.1.2.9", "schacHomeOrganization", "saml-office.example"),
    ("urn:oid:2.5.4.20", "telephoneNumber", "+41 00 000 00 00"),
];

/// The form with which `question` is answered: a signed Response about one person.
pub(crate) fn answer(keys: &Keys, question: &Question) -> Result<String> {
    let id = id()?;
    let xml = signature::sign(keys, &response(question, &id, &question.acs, "")?, &id, "")?;
    Ok(form(question, &xml))
}

/// The form that carries `xml` as the answer.
pub(super) fn form(question: &Question, xml: &str) -> String {
    let relay_state = escaped(&question.relay_state);
    format!("SAMLResponse={}&RelayState={relay_state}", encoded(xml.as_bytes()))
}

/// The Response called `id` to a `destination`, canonical and not signed.
pub(super) fn response(
    question: &Question,
    id: &str,
    destination: &str,
    extensions: &str,
) -> Result<String> {
    let Question { id: asked, acs, audience, .. } = question;
    let (assertion, session) = (self::id()?, self::id()?);
    let (now, begin, end) = (instant(0)?, instant(-60)?, instant(300)?);
    let attributes = ATTRIBUTES.map(|(name, short, value)| {
        format!(
            "<saml:Attribute FriendlyName=\"{short}\" Name=\"{name}\" \
             NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\">\
             <saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"
        )
    });
    let attributes = attributes.concat();
    Ok(format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         Destination=\"{destination}\" ID=\"{id}\" InResponseTo=\"{asked}\" IssueInstant=\"{now}\" \
         Version=\"2.0\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP}\
         </saml:Issuer>{extensions}<samlp:Status><samlp:StatusCode \
         Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>\
         <saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{assertion}\" \
         IssueInstant=\"{now}\" Version=\"2.0\"><saml:Issuer>{IDP}</saml:Issuer><saml:Subject>\
         <saml:NameID Format=\"{PERSISTENT}\" NameQualifier=\"{IDP}\" \
         SPNameQualifier=\"{audience}\">grace-of-the-benchmark</saml:NameID>\
         <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <saml:SubjectConfirmationData InResponseTo=\"{asked}\" NotOnOrAfter=\"{end}\" \
         Recipient=\"{acs}\"></saml:SubjectConfirmationData></saml:SubjectConfirmation>\
         </saml:Subject><saml:Conditions NotBefore=\"{begin}\" NotOnOrAfter=\"{end}\">\
         <saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>\
         </saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\"{now}\" \
         SessionIndex=\"{session}\"><saml:AuthnContext><saml:AuthnContextClassRef>\
         urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport\
         </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>\
         <saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>\
         </samlp:Response>"
    ))
}

/// Whether the page of the node takes a Response along that says yes.
pub(crate) fn is_yes(page: &str) -> Result<bool> {
    let (_, rest) = page.split_once("name=\"SAMLResponse\"").context("no answer in the page")?;
    let (_, rest) = rest.split_once("value=\"").context("an answer without a value")?;
    let value = rest.split('"').next().unwrap_or_default();
    let value = value.replace("&#x2f;", "/").replace("&#x3d;", "=").replace("&#x2b;", "+");
    let xml = String::from_utf8(STANDARD.decode(value)?)?;
    Ok(xml.contains("status:Success\"") && xml.contains("Assertion"))
}
