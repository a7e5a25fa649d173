//! A service provider whose keys the test holds.

use super::super::keys::KeyPair;
use super::super::message::{POST, REDIRECT};
use super::{endpoint, entity, key_descriptor};

/// The service provider; nobody listens at its address, visitors stop before it.
#[derive(Debug, Clone)]
pub struct Party {
    /// The id under which it is registered.
    pub name: String,
    /// Its name.
    pub entity_id: String,
    /// What it signs with, and is encrypted to.
    pub keys: &'static KeyPair,
    /// Whether its metadata say that its requests are signed.
    pub signs: bool,
    /// The `KeyDescriptor` for encryption; none, nothing is encrypted.
    pub encryption: String,
    /// What stands at the end of its role: `AttributeConsumingService`.
    pub consuming: String,
}

impl Party {
    /// One of this name that signs its requests.
    pub fn named(name: &str) -> Option<Self> {
        let keys = KeyPair::named(name)?;
        let (encryption, consuming) = (String::new(), String::new());
        let entity_id = format!("https://{name}.example/saml");
        Some(Self { name: name.to_owned(), entity_id, keys, signs: true, encryption, consuming })
    }

    /// The same that does not sign its requests.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.signs = false;
        self
    }

    /// The same that wants its assertions encrypted to these keys, by these `EncryptionMethod`s.
    #[must_use]
    pub fn encrypted(mut self, keys: &KeyPair, methods: &str) -> Self {
        self.encryption = key_descriptor("encryption", keys, methods);
        self
    }

    /// Where its endpoints begin: visitors stop there.
    pub fn home(&self) -> String {
        format!("https://{}.example/", self.name)
    }

    /// Where it takes answers.
    pub fn acs(&self) -> String {
        format!("{}acs", self.home())
    }

    /// Its metadata.
    pub fn metadata(&self) -> String {
        let at = |kind: &str, binding: &str, place: &str, more: &str| {
            endpoint(kind, binding, &format!("{}{place}", self.home()), more)
        };
        let role = format!(
            "<md:SPSSODescriptor AuthnRequestsSigned=\"{}\" WantAssertionsSigned=\"true\" \
             protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}{}{}{}{}{}{}\
             </md:SPSSODescriptor>",
            self.signs,
            key_descriptor("signing", self.keys, ""),
            self.encryption,
            at("SingleLogoutService", REDIRECT, "slo", ""),
            at("SingleLogoutService", POST, "slo-post", ""),
            at("AssertionConsumerService", POST, "acs", " index=\"0\" isDefault=\"true\""),
            at("AssertionConsumerService", POST, "acs2", " index=\"1\""),
            self.consuming,
        );
        entity(&self.entity_id, &role)
    }
}
