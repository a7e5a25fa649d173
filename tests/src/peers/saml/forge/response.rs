//! A forged or honest `Response`, part by part.

use super::super::keys::KeyPair;
use super::super::message::{PASSWORD, PERSISTENT, instant};
use super::super::xmlsec::{self, Algorithms};
use super::{Asked, escape, id, issuer, name_id, optional, status, write_attributes};

/// A `Response` before it is signed.
#[derive(Debug, Clone)]
pub struct Response {
    /// `ID`.
    pub id: String,
    /// `Version`.
    pub version: String,
    /// `IssueInstant`.
    pub issue_instant: String,
    /// `Destination`.
    pub destination: Option<String>,
    /// `InResponseTo`.
    pub in_response_to: Option<String>,
    /// The `Issuer` element.
    pub issuer: String,
    /// What stands between signature and status: `Extensions`.
    pub extensions: String,
    /// The `Status` element.
    pub status: String,
    /// What stands before the assertion.
    pub before: String,
    /// The assertion.
    pub assertion: Assertion,
    /// What stands behind the assertion.
    pub after: String,
    /// Whether and how it is signed.
    pub signature: Option<Algorithms>,
    /// Whether and how the assertion is encrypted.
    pub encryption: Option<Encryption>,
}

/// An `Assertion` before it is signed.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// `ID`.
    pub id: String,
    /// `Version`.
    pub version: String,
    /// `IssueInstant`.
    pub issue_instant: String,
    /// The `Issuer` element.
    pub issuer: String,
    /// The `NameID` element.
    pub name_id: String,
    /// The `SubjectConfirmation` elements.
    pub confirmations: String,
    /// The `Conditions` element.
    pub conditions: String,
    /// The `AuthnStatement` elements.
    pub authn: String,
    /// The `Attribute` elements; none, no statement.
    pub attributes: String,
    /// What stands at the end.
    pub after: String,
    /// Whether and how it is signed.
    pub signature: Option<Algorithms>,
}

/// For whom and how an assertion is encrypted.
#[derive(Debug, Clone)]
pub struct Encryption {
    /// The recipient's certificate, base64.
    pub certificate: String,
    /// The algorithm for the content.
    pub content: String,
    /// The algorithm for its key.
    pub transport: String,
}

impl Encryption {
    /// AES-256-GCM with RSA-OAEP.
    pub fn to(certificate: &str) -> Self {
        Self {
            certificate: certificate.to_owned(),
            content: "http://www.w3.org/2009/xmlenc11#aes256-gcm".to_owned(),
            transport: "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p".to_owned(),
        }
    }

    /// Any text, encrypted so: an `EncryptedAssertion`.
    pub fn wrap(&self, plain: &str) -> String {
        let Self { certificate, content, transport } = self;
        let data = xmlsec::encrypt(plain, certificate, content, transport);
        format!("<saml:EncryptedAssertion>{data}</saml:EncryptedAssertion>")
    }
}

impl Response {
    /// What an honest identity provider answers for this person.
    pub fn honest(entity_id: &str, asked: &Asked, person: &str, scope: &str) -> Self {
        Self {
            id: id(),
            version: "2.0".to_owned(),
            issue_instant: instant(0),
            destination: Some(asked.acs.clone()),
            in_response_to: Some(asked.id.clone()),
            issuer: issuer(entity_id),
            extensions: String::new(),
            status: status(&["Success"]),
            before: String::new(),
            assertion: Assertion::honest(entity_id, asked, person, scope),
            after: String::new(),
            signature: Some(Algorithms::default()),
            encryption: None,
        }
    }

    /// Its XML around these assertions, with an empty signature where it shall be signed.
    pub fn around(&self, assertions: &str) -> String {
        let Self { id, version, issue_instant, issuer, extensions, status, .. } = self;
        let (before, after) = (&self.before, &self.after);
        let signature = self.signature.as_ref().map(|alg| alg.template(id)).unwrap_or_default();
        format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" \
             Version=\"{version}\" IssueInstant=\"{issue_instant}\"{}{}>{issuer}{signature}\
             {extensions}{status}{before}{assertions}{after}</samlp:Response>",
            optional("Destination", self.destination.as_ref()),
            optional("InResponseTo", self.in_response_to.as_ref()),
        )
    }

    /// Its XML, signed with these keys where it shall be signed.
    pub fn signed(&self, keys: &KeyPair) -> String {
        let assertion = self.assertion.signed(keys);
        let assertion = match &self.encryption {
            Some(encryption) => encryption.wrap(&assertion),
            None => assertion,
        };
        self.signed_around(&assertion, keys)
    }

    /// The same around these assertions.
    pub fn signed_around(&self, assertions: &str, keys: &KeyPair) -> String {
        let xml = self.around(assertions);
        match self.signature {
            Some(_) => xmlsec::sign(&xml, &self.id, keys),
            None => xml,
        }
    }
}

impl Assertion {
    /// What an honest identity provider says of this person.
    pub fn honest(entity_id: &str, asked: &Asked, person: &str, scope: &str) -> Self {
        let qualifiers = [
            ("Format", PERSISTENT),
            ("NameQualifier", entity_id),
            ("SPNameQualifier", &asked.audience),
        ];
        Self {
            id: id(),
            version: "2.0".to_owned(),
            issue_instant: instant(0),
            issuer: issuer(entity_id),
            name_id: name_id(&format!("{person} of {entity_id}"), &qualifiers),
            confirmations: confirmation(Some(&asked.id), &asked.acs, 300),
            conditions: conditions(-60, 300, &asked.audience),
            authn: authn_statement(0, &id(), PASSWORD),
            attributes: [
                ("urn:oid:0.9.2342.19200300.100.1.3", "mail"),
                ("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "eduPersonPrincipalName"),
            ]
            .map(|(name, short)| attribute(name, short, &[&format!("{person}@{scope}")]))
            .concat()
                + attribute("urn:oid:2.16.840.1.113730.3.1.241", "displayName", &[person]).as_str(),
            after: String::new(),
            signature: Some(Algorithms::default()),
        }
    }

    /// Its XML, with an empty signature where it shall be signed.
    pub fn xml(&self) -> String {
        let Self { id, version, issue_instant, issuer, name_id, confirmations, .. } = self;
        let Self { conditions, authn, attributes, after, .. } = self;
        let signature = self.signature.as_ref().map(|alg| alg.template(id)).unwrap_or_default();
        let attributes = match attributes.as_str() {
            "" => String::new(),
            some => format!("<saml:AttributeStatement>{some}</saml:AttributeStatement>"),
        };
        format!(
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" \
             Version=\"{version}\" IssueInstant=\"{issue_instant}\">{issuer}{signature}\
             <saml:Subject>{name_id}{confirmations}</saml:Subject>{conditions}{authn}{attributes}\
             {after}</saml:Assertion>"
        )
    }

    /// Its XML, signed with these keys if it shall be signed.
    pub fn signed(&self, keys: &KeyPair) -> String {
        match self.signature {
            Some(_) => xmlsec::sign(&self.xml(), &self.id, keys),
            None => self.xml(),
        }
    }
}

/// A bearer `SubjectConfirmation` that ends so many seconds from now.
pub fn confirmation(in_response_to: Option<&str>, recipient: &str, end: i64) -> String {
    let end = instant(end);
    let mut attributes = vec![("NotOnOrAfter", end.as_str()), ("Recipient", recipient)];
    attributes.extend(in_response_to.map(|id| ("InResponseTo", id)));
    format!(
        "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <saml:SubjectConfirmationData{}/></saml:SubjectConfirmation>",
        write_attributes(&attributes)
    )
}

/// `Conditions` from then to then, in seconds from now, for this audience.
pub fn conditions(begin: i64, end: i64, audience: &str) -> String {
    format!(
        "<saml:Conditions NotBefore=\"{}\" NotOnOrAfter=\"{}\"><saml:AudienceRestriction>\
         <saml:Audience>{}</saml:Audience></saml:AudienceRestriction></saml:Conditions>",
        instant(begin),
        instant(end),
        escape(audience)
    )
}

/// `AuthnStatement` so many seconds from now.
pub fn authn_statement(seconds: i64, session_index: &str, context: &str) -> String {
    format!(
        "<saml:AuthnStatement AuthnInstant=\"{}\" SessionIndex=\"{session_index}\">\
         <saml:AuthnContext><saml:AuthnContextClassRef>{}</saml:AuthnContextClassRef>\
         </saml:AuthnContext></saml:AuthnStatement>",
        instant(seconds),
        escape(context)
    )
}

/// `Attribute` with these values.
pub fn attribute(name: &str, friendly: &str, values: &[&str]) -> String {
    let values: Vec<String> = values
        .iter()
        .map(|value| format!("<saml:AttributeValue>{}</saml:AttributeValue>", escape(value)))
        .collect();
    format!(
        "<saml:Attribute Name=\"{}\" \
         NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\" FriendlyName=\"{friendly}\">\
         {}</saml:Attribute>",
        escape(name),
        values.concat()
    )
}
