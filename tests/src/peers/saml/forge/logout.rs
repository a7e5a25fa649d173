//! Forged or honest logout messages, part by part.

use super::super::keys::KeyPair;
use super::super::message::{Query, instant};
use super::super::xmlsec::{self, Algorithms};
use super::{escape, id, issuer, optional, status};

/// A `LogoutRequest` before it is signed.
#[derive(Debug, Clone)]
pub struct LogoutRequest {
    /// `ID`.
    pub id: String,
    /// `IssueInstant`.
    pub issue_instant: String,
    /// `Destination`.
    pub destination: Option<String>,
    /// `NotOnOrAfter`.
    pub not_on_or_after: Option<String>,
    /// The `Issuer` element.
    pub issuer: String,
    /// The `NameID` element.
    pub name_id: String,
    /// The `SessionIndex` elements.
    pub session_indexes: String,
    /// The `Extensions` element.
    pub extensions: String,
}

/// A `LogoutResponse` before it is signed.
#[derive(Debug, Clone)]
pub struct LogoutResponse {
    /// `ID`.
    pub id: String,
    /// `IssueInstant`.
    pub issue_instant: String,
    /// `Destination`.
    pub destination: Option<String>,
    /// `InResponseTo`.
    pub in_response_to: Option<String>,
    /// The `Issuer` element.
    pub issuer: String,
    /// The `Status` element.
    pub status: String,
}

impl LogoutRequest {
    /// What an honest peer sends: `name_id` is the element that it was given or has given.
    pub fn honest(entity_id: &str, destination: &str, name_id: &str, indexes: &[&str]) -> Self {
        let indexes = indexes
            .iter()
            .map(|index| format!("<samlp:SessionIndex>{}</samlp:SessionIndex>", escape(index)));
        Self {
            id: id(),
            issue_instant: instant(0),
            destination: Some(destination.to_owned()),
            not_on_or_after: Some(instant(300)),
            issuer: issuer(entity_id),
            name_id: name_id.to_owned(),
            session_indexes: indexes.collect(),
            extensions: String::new(),
        }
    }

    /// The same, for whose answer nobody waits.
    #[must_use]
    pub fn asynchronous(mut self) -> Self {
        let namespace = "urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo";
        self.extensions = format!(
            "<samlp:Extensions><aslo:Asynchronous xmlns:aslo=\"{namespace}\"/></samlp:Extensions>"
        );
        self
    }

    fn template(&self, algorithms: Option<&Algorithms>) -> String {
        let Self { id, issue_instant, issuer, extensions, name_id, session_indexes, .. } = self;
        let signature = algorithms.map(|alg| alg.template(id)).unwrap_or_default();
        format!(
            "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
             IssueInstant=\"{issue_instant}\"{}{}>{issuer}{signature}{extensions}{name_id}\
             {session_indexes}\
             </samlp:LogoutRequest>",
            optional("Destination", self.destination.as_ref()),
            optional("NotOnOrAfter", self.not_on_or_after.as_ref()),
        )
    }

    /// Its XML without a signature.
    pub fn xml(&self) -> String {
        self.template(None)
    }

    /// Its XML, signed for POST or SOAP.
    pub fn signed(&self, keys: &KeyPair) -> String {
        xmlsec::sign(&self.template(Some(&Algorithms::default())), &self.id, keys)
    }

    /// The query of the Redirect binding, unsigned.
    pub fn query(&self, relay_state: Option<&str>) -> Query {
        Query::of("SAMLRequest", &self.xml(), relay_state)
    }
}

impl LogoutResponse {
    /// What an honest peer answers.
    pub fn honest(entity_id: &str, destination: &str, in_response_to: &str) -> Self {
        Self {
            id: id(),
            issue_instant: instant(0),
            destination: Some(destination.to_owned()),
            in_response_to: Some(in_response_to.to_owned()),
            issuer: issuer(entity_id),
            status: status(&["Success"]),
        }
    }

    fn template(&self, algorithms: Option<&Algorithms>) -> String {
        let Self { id, issue_instant, issuer, status, .. } = self;
        let signature = algorithms.map(|alg| alg.template(id)).unwrap_or_default();
        format!(
            "<samlp:LogoutResponse xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
             IssueInstant=\"{issue_instant}\"{}{}>{issuer}{signature}{status}\
             </samlp:LogoutResponse>",
            optional("Destination", self.destination.as_ref()),
            optional("InResponseTo", self.in_response_to.as_ref()),
        )
    }

    /// Its XML without a signature.
    pub fn xml(&self) -> String {
        self.template(None)
    }

    /// Its XML, signed for POST.
    pub fn signed(&self, keys: &KeyPair) -> String {
        xmlsec::sign(&self.template(Some(&Algorithms::default())), &self.id, keys)
    }

    /// The query of the Redirect binding, unsigned.
    pub fn query(&self, relay_state: Option<&str>) -> Query {
        Query::of("SAMLResponse", &self.xml(), relay_state)
    }
}
