//! Who the SAML peers are, and how they stand in the federation file. Nobody listens at their
//! addresses: the driver stops before them.

use serde_json::{Value, json};

use super::Keys;

/// The source that is a SAML identity provider.
pub(crate) const IDP_SOURCE: &str = "saml-office";
/// The entity id of that identity provider.
pub(super) const IDP: &str = "https://idp.saml-office.example/saml";
/// Where its endpoints begin.
pub(crate) const IDP_HOME: &str = "https://idp.saml-office.example/";
/// The names of persons that it gives.
pub(super) const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
/// Forms that browsers send.
pub(super) const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// A service provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is told a signed assertion.
    One,
    /// Assertion and response are signed.
    Both,
    /// The same, and the assertion is encrypted.
    Sealed,
}

impl Told {
    const ALL: [Self; 3] = [Self::One, Self::Both, Self::Sealed];

    /// Its id in the federation.
    const fn id(self) -> &'static str {
        match self {
            Self::One => "saml-one",
            Self::Both => "saml-both",
            Self::Sealed => "saml-sealed",
        }
    }

    /// Its entity id.
    pub(super) fn entity_id(self) -> String {
        format!("https://{}.example/saml", self.id())
    }

    /// Where its answers go.
    pub(super) fn acs(self) -> String {
        format!("https://{}.example/acs", self.id())
    }

    fn entry(self, keys: &Keys) -> Value {
        let id = self.id();
        json!({
            "id": id, "agency": "office", "kind": "saml", "names": {"en": format!("Service {id}")},
            "attributes": ["mail", "displayName"],
            "connection": {
                "metadata": {"xml": self.metadata(keys)}, "sign_response": self != Self::One,
            },
        })
    }

    fn metadata(self, keys: &Keys) -> String {
        let (signs, acs) = (key(keys, "signing"), self.acs());
        let sealed = if self == Self::Sealed { key(keys, "encryption") } else { String::new() };
        entity(
            &self.entity_id(),
            &format!(
                "<md:SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" \
                 protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{signs}\
                 {sealed}<md:AssertionConsumerService Binding=\"{POST}\" Location=\"{acs}\" \
                 index=\"0\" isDefault=\"true\"/></md:SPSSODescriptor>"
            ),
        )
    }
}

/// Adds the peers to a federation file.
pub(crate) fn add_to(federation: &mut Value, keys: &Keys) {
    let mut push = |list: &str, entry: Value| {
        if let Some(list) = federation.get_mut(list).and_then(Value::as_array_mut) {
            list.push(entry);
        }
    };
    push(
        "agencies",
        json!({
            "id": IDP_SOURCE, "names": {"en": "Office that Speaks SAML"},
            "domains": ["saml-office.example"], "scopes": ["saml-office.example"],
        }),
    );
    let metadata = entity(
        IDP,
        &format!(
            "<md:IDPSSODescriptor WantAuthnRequestsSigned=\"true\" \
             protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}\
             <md:NameIDFormat>{PERSISTENT}</md:NameIDFormat><md:SingleSignOnService \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
             Location=\"{IDP_HOME}sso\"/></md:IDPSSODescriptor>",
            key(keys, "signing")
        ),
    );
    push(
        "sources",
        json!({
            "id": IDP_SOURCE, "agency": IDP_SOURCE, "kind": "saml",
            "connection": {"metadata": {"xml": metadata}},
        }),
    );
    for service in Told::ALL {
        push("relying_parties", service.entry(keys));
    }
}

fn entity(id: &str, role: &str) -> String {
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         entityID=\"{id}\">{role}</md:EntityDescriptor>"
    )
}

fn key(keys: &Keys, usage: &str) -> String {
    format!(
        "<md:KeyDescriptor use=\"{usage}\"><ds:KeyInfo \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>{}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>",
        keys.certificate()
    )
}
