//! An identity provider whose keys the test holds.

use super::super::keys::KeyPair;
use super::super::message::{Message, PERSISTENT, POST, REDIRECT, SOAP, base64};
use super::{Response, endpoint, entity, key_descriptor};
use crate::harness::page::Page;

/// The identity provider; nobody listens at its address, visitors stop before it.
#[derive(Debug, Clone)]
pub struct Agency {
    /// The id of its source and of its agency.
    pub name: String,
    /// Its name.
    pub entity_id: String,
    /// What it signs with.
    pub keys: &'static KeyPair,
}

/// What the broker has asked, and where it wants the answer.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The `ID` of the request.
    pub id: String,
    /// Where the answer goes.
    pub acs: String,
    /// Who asks.
    pub audience: String,
    /// What comes back with the answer.
    pub relay_state: Option<String>,
    /// The request.
    pub message: Message,
}

impl Agency {
    /// One of this name, with keys of its own.
    pub fn named(name: &str) -> Option<Self> {
        let keys = KeyPair::named(name)?;
        let entity_id = format!("https://{name}.example/idp");
        Some(Self { name: name.to_owned(), entity_id, keys })
    }

    /// Where its endpoints begin: visitors stop there.
    pub fn home(&self) -> String {
        format!("https://{}.example/", self.name)
    }

    /// The domain of its people.
    pub fn scope(&self) -> String {
        format!("{}.example", self.name)
    }

    /// Its metadata.
    pub fn metadata(&self) -> String {
        self.metadata_with(&key_descriptor("signing", self.keys, ""))
    }

    /// Its metadata with these keys.
    pub fn metadata_with(&self, keys: &str) -> String {
        let (home, scope) = (self.home(), self.scope());
        let at = |kind: &str, binding: &str, place: &str| {
            endpoint(kind, binding, &format!("{home}{place}"), "")
        };
        let role = format!(
            "<md:IDPSSODescriptor WantAuthnRequestsSigned=\"true\" \
             protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
             <md:Extensions><shibmd:Scope xmlns:shibmd=\"urn:mace:shibboleth:metadata:1.0\" \
             regexp=\"false\">{scope}</shibmd:Scope></md:Extensions>{keys}{}{}{}\
             <md:NameIDFormat>{PERSISTENT}</md:NameIDFormat>{}{}</md:IDPSSODescriptor>",
            at("SingleLogoutService", REDIRECT, "slo"),
            at("SingleLogoutService", POST, "slo-post"),
            at("SingleLogoutService", SOAP, "slo-soap"),
            at("SingleSignOnService", REDIRECT, "sso"),
            at("SingleSignOnService", POST, "sso-post"),
        );
        entity(&self.entity_id, &role)
    }

    /// The request with which a visitor stopped before it.
    pub fn asked(&self, page: &Page) -> Asked {
        assert!(
            page.arrived() && page.url.as_str().starts_with(&self.home()),
            "not at {}:\n{}",
            self.name,
            page.describe()
        );
        let message = Message::of(page);
        Asked {
            id: message.id(),
            acs: message.attribute("AssertionConsumerServiceURL").expect("where answers go"),
            audience: message.text("Issuer").expect("who asks"),
            relay_state: message.relay_state.clone(),
            message,
        }
    }

    /// What an honest one would answer.
    pub fn response(&self, asked: &Asked, person: &str) -> Response {
        Response::honest(&self.entity_id, asked, person, &self.scope())
    }

    /// The fields of a form that carries this answer.
    pub fn form(asked: &Asked, xml: impl AsRef<[u8]>) -> Vec<(String, String)> {
        let mut fields = vec![("SAMLResponse".to_owned(), base64(xml))];
        fields.extend(asked.relay_state.clone().map(|text| ("RelayState".to_owned(), text)));
        fields
    }
}
