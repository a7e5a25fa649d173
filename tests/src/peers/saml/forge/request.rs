//! A forged or honest `AuthnRequest`, part by part.

use super::super::keys::KeyPair;
use super::super::message::{Query, instant};
use super::super::xmlsec::{self, Algorithms};
use super::{escape, id, issuer, optional};

/// An `AuthnRequest` before it is signed.
#[derive(Debug, Clone)]
pub struct AuthnRequest {
    /// `ID`.
    pub id: String,
    /// `Version`.
    pub version: String,
    /// `IssueInstant`.
    pub issue_instant: String,
    /// `Destination`.
    pub destination: Option<String>,
    /// Further attributes by name: `ForceAuthn`, `AssertionConsumerServiceURL`.
    pub attributes: Vec<(String, String)>,
    /// The `Issuer` element.
    pub issuer: String,
    /// What stands behind issuer and signature.
    pub inside: String,
}

impl AuthnRequest {
    /// The least that an honest service provider asks.
    pub fn honest(entity_id: &str, destination: &str) -> Self {
        Self {
            id: id(),
            version: "2.0".to_owned(),
            issue_instant: instant(0),
            destination: Some(destination.to_owned()),
            attributes: vec![],
            issuer: issuer(entity_id),
            inside: String::new(),
        }
    }

    /// The same with one more attribute.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.attributes.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with one more element at its end.
    #[must_use]
    pub fn asking(mut self, xml: &str) -> Self {
        self.inside.push_str(xml);
        self
    }

    /// The same that demands one of these classes, compared so.
    #[must_use]
    pub fn demanding(self, comparison: &str, classes: &[&str]) -> Self {
        let classes: Vec<String> = classes
            .iter()
            .map(|class| {
                let class = escape(class);
                format!("<saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef>")
            })
            .collect();
        self.asking(&format!(
            "<samlp:RequestedAuthnContext Comparison=\"{comparison}\">{}\
             </samlp:RequestedAuthnContext>",
            classes.concat(),
        ))
    }

    /// Its XML, with an empty signature if `algorithms` are given.
    pub fn template(&self, algorithms: Option<&Algorithms>) -> String {
        let Self { id, version, issue_instant, issuer, inside, .. } = self;
        let signature = algorithms.map(|alg| alg.template(id)).unwrap_or_default();
        let attributes: Vec<String> = self
            .attributes
            .iter()
            .map(|(name, value)| format!(" {name}=\"{}\"", escape(value)))
            .collect();
        format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" \
             Version=\"{version}\" IssueInstant=\"{issue_instant}\"{}{}>{issuer}\
             {signature}{inside}</samlp:AuthnRequest>",
            optional("Destination", self.destination.as_ref()),
            attributes.concat(),
        )
    }

    /// Its XML without a signature.
    pub fn xml(&self) -> String {
        self.template(None)
    }

    /// Its XML, signed for the POST binding.
    pub fn signed(&self, keys: &KeyPair) -> String {
        xmlsec::sign(&self.template(Some(&Algorithms::default())), &self.id, keys)
    }

    /// The query of the Redirect binding, unsigned.
    pub fn query(&self, relay_state: Option<&str>) -> Query {
        Query::of("SAMLRequest", &self.xml(), relay_state)
    }
}
