//! A node that is described and not run, for tests of what would be sent to it.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use idp_domain::Timestamp;
use idp_saml::dsig::{KeyKind, SigningKey, self_signed};
use url::Url;

use super::{
    forge::{Forger, Genuine},
    login::Live,
    stage::{Stage, Target, parse},
};

/// When these tests are.
pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
/// The ID of the node's request.
pub(super) const REQUEST: &str = "_0123456789";

/// A private key in PKCS #8 and its certificate.
pub(super) struct Pair {
    pub(super) pkcs8: Vec<u8>,
    pub(super) certificate: Vec<u8>,
}

impl Pair {
    fn make() -> Self {
        let pkcs8 = KeyKind::Rsa2048.generate().unwrap().expose().clone();
        let certificate = self_signed(&pkcs8, "test", NOW, 1, [7; 16]).unwrap();
        Self { pkcs8, certificate }
    }

    pub(super) fn signing(&self) -> SigningKey {
        SigningKey::new(&self.pkcs8, &self.certificate).unwrap()
    }
}

/// The key that the agency signs with.
pub(super) static AGENCY: LazyLock<Pair> = LazyLock::new(Pair::make);
/// The key that the attacker signs with.
pub(super) static ATTACKER: LazyLock<Pair> = LazyLock::new(Pair::make);
/// The key that the node decrypts with.
pub(super) static NODE: LazyLock<Pair> = LazyLock::new(Pair::make);

/// The node.
pub(super) fn base() -> Url {
    "https://sso.example/".parse().unwrap()
}

/// Its metadata in one role.
pub(super) fn metadata(path: &str, role: &str, inside: &str) -> String {
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         entityID=\"https://sso.example{path}\"><md:{role} \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{inside}</md:{role}>\
         </md:EntityDescriptor>"
    )
}

/// An endpoint of it.
pub(super) fn endpoint(kind: &str, binding: &str, place: &str) -> String {
    let index = if kind.starts_with("Assertion") { " index=\"0\"" } else { "" };
    format!(
        "<md:{kind} Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" \
         Location=\"https://sso.example{place}\"{index}/>"
    )
}

/// The stage of that node and its source `una`.
pub(super) fn stage() -> Stage {
    let logouts = |path: &str| {
        endpoint("SingleLogoutService", "SOAP", &format!("{path}/soap"))
            + &endpoint("SingleLogoutService", "HTTP-Redirect", path)
            + &endpoint("SingleLogoutService", "HTTP-POST", path)
    };
    let sso = ["HTTP-Redirect", "HTTP-POST"]
        .map(|binding| endpoint("SingleSignOnService", binding, "/saml/sso"));
    let key = format!(
        "<md:KeyDescriptor use=\"encryption\"><ds:KeyInfo \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>{}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>",
        STANDARD.encode(&NODE.certificate)
    );
    let acs = endpoint("AssertionConsumerService", "HTTP-POST", "/sources/una/acs");
    let idp =
        metadata("/saml/metadata", "IDPSSODescriptor", &(logouts("/saml/slo") + &sso.concat()));
    let inside = key + &logouts("/saml/sp/slo") + &acs;
    let sp = metadata("/saml/sp/metadata", "SPSSODescriptor", &inside);
    let read = |text: &str| parse(text, &base(), &base(), NOW).unwrap();
    let target = Target::of("una".parse().unwrap(), read(&sp)).unwrap();
    Stage::of(base(), read(&idp), Some(target))
}

/// A login that waits for an answer.
pub(super) fn live() -> Live {
    Live {
        request: Some(REQUEST.to_owned()),
        relay_state: Some("transaction.secret".to_owned()),
        asked_at: Some("https://una.example/sso?SAMLRequest=x".parse().unwrap()),
    }
}

/// Everything that forgeries are made of.
pub(super) struct Studio {
    pub(super) stage: Stage,
    pub(super) live: Live,
    pub(super) key: SigningKey,
    pub(super) issuer: String,
    pub(super) genuine: Option<Genuine>,
    pub(super) provider: Option<(String, bool)>,
}

impl Studio {
    pub(super) fn new() -> Self {
        let provider = Some(("https://sp.example/saml".to_owned(), false));
        let (stage, live, key) = (stage(), live(), ATTACKER.signing());
        Self {
            stage,
            live,
            key,
            issuer: "https://una.example/idp".to_owned(),
            genuine: None,
            provider,
        }
    }

    pub(super) fn forger(&self) -> Forger<'_> {
        Forger {
            stage: &self.stage,
            live: &self.live,
            key: &self.key,
            issuer: Some(&self.issuer),
            genuine: self.genuine.as_ref(),
            provider: self.provider.as_ref(),
            canary: "http://127.0.0.1:9",
            now: NOW,
        }
    }
}
