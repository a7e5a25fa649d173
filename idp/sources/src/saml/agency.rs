//! A SAML identity provider for tests: it says what a test wants, signed or not, and never more
//! than a real one could say.

use idp_domain::{Lifetime, Timestamp};
use idp_saml::binding::{Kind, post};
use idp_saml::dsig::{KeyKind, Place, SigningKey, self_signed, sign};
use idp_saml::schema::{
    Assertion, Attribute, AttributeValue, AudienceRestriction, AuthnContext, AuthnStatement,
    Conditions, ConfirmationLimits, Issuer, NameId, Response, Status, Subject, SubjectConfirmation,
    format, method, name_format,
};
use idp_saml::xml::{Markup, write_base64};

/// When all tests happen.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
/// The usual class of a sign-in by password.
pub(crate) const PASSWORD: &str =
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

/// An identity provider with a key of its own.
pub(crate) struct Agency {
    pub(crate) entity_id: String,
    pub(crate) key: SigningKey,
}

/// What it says. The default is an honest answer to nobody's question.
#[derive(Clone)]
pub(crate) struct Told {
    /// The answer's address.
    pub(crate) acs: String,
    /// Whom it is for.
    pub(crate) audience: String,
    /// The request that it answers.
    pub(crate) request: Option<String>,
    pub(crate) assertion_id: String,
    pub(crate) status: Status,
    pub(crate) name_id: Option<NameId>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) class: Option<String>,
    /// A declaration that stands beside the class.
    pub(crate) declaration: Option<String>,
    pub(crate) authn_instant: Timestamp,
    pub(crate) session: Option<String>,
    pub(crate) session_until: Option<Timestamp>,
    pub(crate) now: Timestamp,
    /// Whether the response is signed beside the assertion.
    pub(crate) signed: bool,
    /// What becomes of the signed assertion.
    pub(crate) wrap: fn(&Markup) -> Markup,
}

impl Told {
    /// An honest answer to `request`, for the broker at `base`, about its source `source`.
    pub(crate) fn honest(base: &str, source: &str, request: Option<&str>) -> Self {
        let persistent = NameId::new("Alice-1", format::PERSISTENT);
        Self {
            acs: format!("{base}/sources/{source}/acs"),
            audience: format!("{base}/saml/sp/metadata"),
            request: request.map(str::to_owned),
            assertion_id: "_a1".to_owned(),
            status: Status::success(),
            name_id: Some(persistent),
            attributes: vec![attribute("urn:oid:2.16.840.1.113730.3.1.241", &["Alice A."])],
            class: Some(PASSWORD.to_owned()),
            declaration: None,
            authn_instant: NOW,
            session: Some("s1".to_owned()),
            session_until: None,
            now: NOW,
            signed: false,
            wrap: Markup::clone,
        }
    }
}

/// An attribute with these texts.
pub(crate) fn attribute(name: &str, texts: &[&str]) -> Attribute {
    Attribute {
        name: name.to_owned(),
        name_format: Some(name_format::URI.to_owned()),
        friendly_name: None,
        values: texts.iter().map(|text| AttributeValue::Text((*text).to_owned())).collect(),
    }
}

impl Agency {
    pub(crate) fn new(entity_id: &str) -> Self {
        let pkcs8 = KeyKind::P256.generate().unwrap();
        let from = NOW.minus(Lifetime::hours(24));
        let der = self_signed(pkcs8.expose(), "agency.example", from, 1, [7; 16]).unwrap();
        let key = SigningKey::new(pkcs8.expose(), &der).unwrap();
        Self { entity_id: entity_id.to_owned(), key }
    }

    /// What it publishes.
    pub(crate) fn metadata(&self) -> String {
        self.metadata_with("", "")
    }

    /// What it publishes, with more attributes of the entity and of its role.
    pub(crate) fn metadata_with(&self, entity: &str, role: &str) -> String {
        let Self { entity_id, key } = self;
        let certificate = write_base64(key.certificate());
        let at = |service: &str, binding: &str, path: &str| {
            format!(
                "<md:{service} Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" \
                 Location=\"https://idp.una.example/{path}\"/>"
            )
        };
        let slo = at("SingleLogoutService", "HTTP-Redirect", "slo");
        let redirect = at("SingleSignOnService", "HTTP-Redirect", "sso");
        let post = at("SingleSignOnService", "HTTP-POST", "sso");
        format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
             entityID=\"{entity_id}\" {entity}>\
             <md:IDPSSODescriptor {role} \
             protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
             <md:KeyDescriptor><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
             <ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>\
             </ds:KeyInfo></md:KeyDescriptor>{slo}{redirect}{post}\
             </md:IDPSSODescriptor></md:EntityDescriptor>"
        )
    }

    /// The form that a browser brings.
    pub(crate) fn form(&self, told: &Told, relay_state: &str) -> Vec<(String, String)> {
        let form = post::write(&told.acs, Kind::Response, &self.response(told), Some(relay_state));
        form.fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// A response whose assertion is signed, and perhaps the whole.
    pub(crate) fn response(&self, told: &Told) -> Vec<u8> {
        let alg = self.key.default_alg();
        let assertion = told.status == Status::success();
        let assertion = assertion.then(|| {
            let assertion = self.assertion(told).write();
            (told.wrap)(&sign(assertion, &self.key, alg, Place::AfterIssuer).unwrap())
        });
        let response = Response {
            id: "_r1".to_owned(),
            in_response_to: told.request.clone(),
            issue_instant: told.now,
            destination: Some(told.acs.clone()),
            issuer: Some(Issuer(self.entity_id.clone())),
            status: told.status.clone(),
        };
        let mut response = response.write(assertion);
        if told.signed {
            response = sign(response, &self.key, alg, Place::AfterIssuer).unwrap();
        }
        response.to_canonical()
    }

    fn assertion(&self, told: &Told) -> Assertion {
        let end = told.now + Lifetime::minutes(5);
        let confirmation = SubjectConfirmation {
            method: method::BEARER.to_owned(),
            name_id: None,
            data: Some(ConfirmationLimits {
                not_on_or_after: Some(end),
                recipient: Some(told.acs.clone()),
                in_response_to: told.request.clone(),
                ..ConfirmationLimits::default()
            }),
        };
        Assertion {
            id: told.assertion_id.clone(),
            issue_instant: told.now,
            issuer: Issuer(self.entity_id.clone()),
            subject: Some(Subject {
                name_id: told.name_id.clone(),
                confirmations: vec![confirmation],
            }),
            conditions: Some(Conditions {
                not_before: Some(told.now),
                not_on_or_after: Some(end),
                audience_restrictions: vec![AudienceRestriction {
                    audiences: vec![told.audience.clone()],
                }],
                ..Conditions::default()
            }),
            authn_statements: vec![AuthnStatement {
                authn_instant: told.authn_instant,
                session_index: told.session.clone(),
                session_not_on_or_after: told.session_until,
                locality: None,
                context: AuthnContext {
                    class: told.class.clone(),
                    decl_ref: told.declaration.clone(),
                    authorities: Vec::new(),
                },
            }],
            attributes: told.attributes.clone(),
        }
    }
}
