//! Genuine answers of an identity provider, to be bent by tests before they are signed.

use std::error::Error;
use std::sync::LazyLock;

use idp_domain::{Lifetime, Timestamp};

use super::{Accepted, Asked, ConsumeError, DEFAULT_SKEW, Expected, IdpTrust, Quirks, consume};
use crate::dsig::testing::{decryption, encryption, signing, verifying};
use crate::dsig::{
    ContentAlg, DecryptionKey, DecryptionPolicy, ENCRYPTION_RANDOM, KeyTransport, Place,
    SignatureAlg, SigningKey, encrypt, sign,
};
use crate::schema::{
    Assertion, Attribute, AttributeValue, AudienceRestriction, AuthnContext, AuthnStatement,
    Conditions, ConfirmationLimits, Issuer, NameId, Response, Status, Subject, SubjectConfirmation,
    format, method, name_format,
};
use crate::xml::{Document, Element, Limits, Markup, ns};

/// The entity ID of the identity provider that was asked (AGA of the catalogue).
pub(crate) const IDP: &str = "https://idp.una.example/saml";
/// The entity ID of another identity provider (AGM of the catalogue).
pub(crate) const OTHER_IDP: &str = "https://idp.unm.example/saml";
/// Our entity ID.
pub(crate) const SP: &str = "https://broker.example/saml/sp/metadata";
/// The address that answers of [`IDP`] come to.
pub(crate) const ACS: &str = "https://broker.example/sources/una/acs";
/// The ID of our request.
pub(crate) const REQUEST: &str = "_0123456789abcdef";
/// The time at which answers come.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_830_000_000);

/// `seconds` after [`NOW`], or before.
pub(crate) const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(NOW.seconds() + seconds)
}

/// Which halves of an answer are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    Nothing,
    Assertion,
    Response,
    Both,
}

/// Keys are parsed once for the run, as in production.
static IDP_KEY: LazyLock<SigningKey> = LazyLock::new(|| signing(SignatureAlg::RsaSha256));
static OTHER_KEY: LazyLock<SigningKey> = LazyLock::new(|| signing(SignatureAlg::EcdsaSha256));

/// An answer of an identity provider.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) response: Response,
    /// None: the answer holds no assertion.
    pub(crate) assertion: Option<Assertion>,
    pub(crate) signed: Signed,
    /// The assertion is encrypted to us, so.
    pub(crate) sealed: Option<(ContentAlg, KeyTransport)>,
    /// Who signs is the other identity provider.
    pub(crate) foreign: bool,
    /// Text that is replaced in the XML before it is signed.
    pub(crate) edits: Vec<(&'static str, &'static str)>,
}

impl Answer {
    /// A fresh genuine answer to [`REQUEST`], response and assertion signed.
    pub(crate) fn genuine() -> Self {
        let response = Response {
            id: "_response".to_owned(),
            in_response_to: Some(REQUEST.to_owned()),
            issue_instant: at(-2),
            destination: Some(ACS.to_owned()),
            issuer: Some(Issuer(IDP.to_owned())),
            status: Status::success(),
        };
        Self {
            response,
            assertion: Some(assertion()),
            signed: Signed::Both,
            sealed: None,
            foreign: false,
            edits: Vec::new(),
        }
    }

    /// A fresh genuine answer that was not asked for.
    pub(crate) fn unsolicited() -> Self {
        let mut answer = Self::genuine();
        answer.response.in_response_to = None;
        answer.data().in_response_to = None;
        answer
    }

    /// The assertion, to be bent.
    pub(crate) fn assertion(&mut self) -> &mut Assertion {
        self.assertion.as_mut().unwrap()
    }

    /// The subject, to be bent.
    pub(crate) fn subject(&mut self) -> &mut Subject {
        self.assertion().subject.as_mut().unwrap()
    }

    /// The name, to be bent.
    pub(crate) fn name(&mut self) -> &mut NameId {
        self.subject().name_id.as_mut().unwrap()
    }

    /// The data of the one confirmation, to be bent.
    pub(crate) fn data(&mut self) -> &mut ConfirmationLimits {
        self.subject().confirmations[0].data.as_mut().unwrap()
    }

    /// The conditions, to be bent.
    pub(crate) fn conditions(&mut self) -> &mut Conditions {
        self.assertion().conditions.as_mut().unwrap()
    }

    /// The one authentication statement, to be bent.
    pub(crate) fn statement(&mut self) -> &mut AuthnStatement {
        &mut self.assertion().authn_statements[0]
    }

    /// Replaces text in the XML before it is signed; it must be there.
    pub(crate) fn edit(&mut self, from: &'static str, to: &'static str) {
        self.edits.push((from, to));
    }

    /// The bytes.
    pub(crate) fn xml(&self) -> Vec<u8> {
        let plain = self.response.write(self.assertion.as_ref().map(Assertion::write));
        let mut text = String::from_utf8(plain.to_canonical()).unwrap();
        for (from, to) in &self.edits {
            assert!(text.contains(from), "there is no {from} to replace in {text}");
            text = text.replace(from, to);
        }
        let key: &SigningKey = if self.foreign { &OTHER_KEY } else { &IDP_KEY };
        remade(text.as_bytes(), self.signed, self.sealed, key)
    }
}

/// A Response of whatever content, without its signatures, signed and encrypted anew.
pub(crate) fn remade(
    xml: &[u8],
    signed: Signed,
    sealed: Option<(ContentAlg, KeyTransport)>,
    key: &SigningKey,
) -> Vec<u8> {
    let document = Document::parse(xml, Limits::MESSAGE).unwrap();
    let root = document.root();
    let sign = |markup: Markup, yes: bool| {
        if !yes || markup.attribute("ID").is_none() {
            return markup;
        }
        sign(markup, key, key.default_alg(), Place::AfterIssuer).unwrap()
    };
    let inside = |element: Element<'_>| {
        if !element.is(ns::SAML, "Assertion") {
            return copy(element);
        }
        let own = matches!(signed, Signed::Assertion | Signed::Both);
        let assertion = sign(copy(element), own);
        match sealed {
            Some(algorithms) => envelope("EncryptedAssertion", &assertion, algorithms),
            None => assertion,
        }
    };
    let frame = root.attributes().fold(empty(root), with_attribute);
    let children = root.children().filter(|child| !child.is(ns::DS, "Signature")).map(inside);
    let own = matches!(signed, Signed::Response | Signed::Both);
    sign(frame.children(children), own).to_canonical()
}

/// `saml:EncryptedAssertion`, `EncryptedID` or `EncryptedAttribute` around `content`.
pub(crate) fn envelope(
    name: &'static str,
    content: &Markup,
    (content_alg, transport): (ContentAlg, KeyTransport),
) -> Markup {
    let plaintext = content.to_canonical();
    sealed(name, &plaintext, (content_alg, transport))
}

/// The same around any bytes.
pub(crate) fn sealed(
    name: &'static str,
    plaintext: &[u8],
    (content, transport): (ContentAlg, KeyTransport),
) -> Markup {
    let random = [9; ENCRYPTION_RANDOM];
    let data = encrypt(plaintext, &encryption(), content, transport, NOW, random).unwrap();
    Markup::new(ns::SAML, name).child(data)
}

/// A copy of an element for writing, without the signatures in it.
pub(crate) fn copy(element: Element<'_>) -> Markup {
    let markup = element.attributes().fold(empty(element), with_attribute);
    if let Ok(text) = element.text() {
        return markup.text(text);
    }
    let children = element.children().filter(|child| !child.is(ns::DS, "Signature"));
    markup.children(children.map(copy))
}

fn empty(element: Element<'_>) -> Markup {
    Markup::new(leak(element.namespace()), leak(element.local_name()))
}

fn with_attribute(markup: Markup, (namespace, name, value): (&str, &str, &str)) -> Markup {
    markup.attr_ns(leak(namespace), leak(name), value)
}

fn leak(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

fn assertion() -> Assertion {
    let confirmation = SubjectConfirmation {
        method: method::BEARER.to_owned(),
        name_id: None,
        data: Some(ConfirmationLimits {
            not_on_or_after: Some(at(300)),
            recipient: Some(ACS.to_owned()),
            in_response_to: Some(REQUEST.to_owned()),
            ..ConfirmationLimits::default()
        }),
    };
    Assertion {
        id: "_assertion".to_owned(),
        issue_instant: at(-2),
        issuer: Issuer(IDP.to_owned()),
        subject: Some(Subject {
            name_id: Some(NameId {
                name_qualifier: Some(IDP.to_owned()),
                sp_name_qualifier: Some(SP.to_owned()),
                ..NameId::new("opaque-mallory", format::PERSISTENT)
            }),
            confirmations: vec![confirmation],
        }),
        conditions: Some(Conditions {
            not_before: Some(at(-30)),
            not_on_or_after: Some(at(300)),
            audience_restrictions: vec![AudienceRestriction { audiences: vec![SP.to_owned()] }],
            ..Conditions::default()
        }),
        authn_statements: vec![AuthnStatement {
            authn_instant: at(-5),
            session_index: Some("session-7".to_owned()),
            session_not_on_or_after: Some(at(28_800)),
            locality: None,
            context: AuthnContext {
                class: Some("https://refeds.org/profile/mfa".to_owned()),
                decl_ref: None,
                authorities: vec!["https://home.example/idp".to_owned()],
            },
        }],
        attributes: vec![attribute("urn:oid:0.9.2342.19200300.100.1.3", &["mallory@una.example"])],
    }
}

/// An attribute with a URI for its name.
pub(crate) fn attribute(name: &str, values: &[&str]) -> Attribute {
    Attribute {
        name: name.to_owned(),
        name_format: Some(name_format::URI.to_owned()),
        friendly_name: None,
        values: values.iter().map(|value| AttributeValue::Text((*value).to_owned())).collect(),
    }
}

/// What an answer must be, to be bent.
pub(crate) struct Wish {
    pub(crate) idp: IdpTrust,
    pub(crate) asked: Option<Asked>,
    pub(crate) decryption: Vec<DecryptionKey>,
    pub(crate) policy: DecryptionPolicy,
    pub(crate) require_encryption: bool,
    pub(crate) skew: Lifetime,
    pub(crate) now: Timestamp,
}

impl Wish {
    /// [`IDP`] was asked [`REQUEST`], half a minute ago.
    pub(crate) fn new() -> Self {
        let keys = vec![verifying(SignatureAlg::RsaSha256)];
        Self {
            idp: IdpTrust { entity_id: IDP.to_owned(), keys, quirks: Quirks::default() },
            asked: Some(Asked { request_id: REQUEST.to_owned(), issued_at: at(-30) }),
            decryption: vec![decryption()],
            policy: DecryptionPolicy::default(),
            require_encryption: false,
            skew: DEFAULT_SKEW,
            now: NOW,
        }
    }

    /// Nobody was asked.
    pub(crate) fn unsolicited() -> Self {
        Self { asked: None, ..Self::new() }
    }

    pub(crate) fn expected(&self) -> Expected<'_> {
        Expected {
            idp: &self.idp,
            our_entity_id: SP,
            acs: ACS,
            asked: self.asked.as_ref(),
            decryption: &self.decryption,
            policy: self.policy,
            require_encryption: self.require_encryption,
            skew: self.skew,
            now: self.now,
        }
    }

    pub(crate) fn consume(&self, xml: &[u8]) -> Result<Accepted, ConsumeError> {
        consume(xml, &self.expected())
    }
}

/// What becomes of bytes: `accepted`, or the reason why not, which names nobody.
pub(crate) fn outcome(xml: &[u8], wish: &Wish) -> &'static str {
    match wish.consume(xml) {
        Ok(_) => "accepted",
        Err(error) => {
            let causes = std::iter::successors(error.source(), |cause| Error::source(*cause));
            let told: Vec<_> = causes.map(ToString::to_string).collect();
            let told = format!("{error:?} {error} {}", told.join(" "));
            assert!(!told.contains("mallory"), "a value of the answer is in {told}");
            error.slug()
        }
    }
}

/// What becomes of a genuine answer that was bent by `bend`.
pub(crate) fn bent(bend: impl FnOnce(&mut Answer)) -> &'static str {
    let mut answer = Answer::genuine();
    bend(&mut answer);
    outcome(&answer.xml(), &Wish::new())
}
