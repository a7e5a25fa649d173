//! A response part by part, as an agency would write it, to be bent before the attacker signs it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{Lifetime, Timestamp};
use idp_saml::{
    schema::{format, method, name_format},
    xml::{Markup, ns, write_instant},
};

use super::{Forger, id, random, text};
use crate::attack::error::ForgeError;

/// A response, to be bent.
pub(in crate::attack) struct Draft<'f, 'a> {
    forger: &'f Forger<'a>,
    /// `ID` of the response.
    pub(in crate::attack) id: String,
    /// `Version` of the response.
    pub(in crate::attack) version: &'static str,
    /// `IssueInstant` of both.
    pub(in crate::attack) issued: Timestamp,
    /// `Destination`.
    pub(in crate::attack) destination: Option<String>,
    /// `InResponseTo` of the response.
    pub(in crate::attack) in_response_to: Option<String>,
    /// Who answers, as both halves say.
    pub(in crate::attack) issuer: String,
    /// `Status` elements.
    pub(in crate::attack) status: Vec<Markup>,
    /// `ID` of the assertion.
    pub(in crate::attack) assertion_id: String,
    /// `Version` of the assertion.
    pub(in crate::attack) assertion_version: &'static str,
    /// `NameID` elements.
    pub(in crate::attack) names: Vec<Markup>,
    /// `Recipient` of the confirmation.
    pub(in crate::attack) recipient: String,
    /// `InResponseTo` of the confirmation.
    pub(in crate::attack) confirmed_for: Option<String>,
    /// Until when the confirmation holds.
    pub(in crate::attack) confirmed_until: Timestamp,
    /// From when on and until when the conditions hold.
    pub(in crate::attack) holds: (Timestamp, Timestamp),
    /// For whom; nobody in particular if none.
    pub(in crate::attack) audience: Option<String>,
    /// How many `Conditions` there are.
    pub(in crate::attack) conditions: usize,
    /// `AuthnStatement` elements.
    pub(in crate::attack) authn: Vec<Markup>,
    /// `Attribute` elements.
    pub(in crate::attack) attributes: Vec<Markup>,
}

/// An element with one text in it.
fn leaf(namespace: &'static str, local: &'static str, value: &str) -> Markup {
    Markup::new(namespace, local).text(value)
}

/// The words of URIs that many messages need.
pub(in crate::attack) mod words {
    /// What every status code begins with.
    pub(in crate::attack) const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";
    /// The name of the attribute that holds a mail address.
    pub(in crate::attack) const MAIL: &str = "urn:oid:0.9.2342.19200300.100.1.3";
}

/// `NameID`, of a name that stays.
pub(in crate::attack) fn name_id(value: &str) -> Markup {
    leaf(ns::SAML, "NameID", value).attr("Format", format::PERSISTENT)
}

/// `Attribute` with these values.
pub(in crate::attack) fn attribute(name: &str, values: &[&str]) -> Markup {
    let values = values.iter().map(|value| leaf(ns::SAML, "AttributeValue", value));
    Markup::new(ns::SAML, "Attribute")
        .attr("Name", name)
        .attr("NameFormat", name_format::URI)
        .children(values)
}

/// `Status` with these codes inside each other.
pub(in crate::attack) fn status(codes: &[&str]) -> Markup {
    let code = codes.iter().rev().fold(None, |inner, code| {
        let value = format!("{}{code}", words::STATUS);
        Some(Markup::new(ns::SAMLP, "StatusCode").attr("Value", value).maybe(inner))
    });
    Markup::new(ns::SAMLP, "Status").maybe(code)
}

/// `AuthnStatement` of a moment, for a session that ends at another.
pub(in crate::attack) fn authn_statement(
    instant: Timestamp,
    end: Option<Timestamp>,
) -> Result<Markup, ForgeError> {
    let class = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
    let class = leaf(ns::SAML, "AuthnContextClassRef", class);
    Ok(Markup::new(ns::SAML, "AuthnStatement")
        .attr("AuthnInstant", write_instant(instant))
        .attr("SessionIndex", URL_SAFE_NO_PAD.encode(random::<12>()?))
        .attr_maybe("SessionNotOnOrAfter", end.map(write_instant))
        .child(Markup::new(ns::SAML, "AuthnContext").child(class)))
}

impl<'f, 'a> Draft<'f, 'a> {
    pub(super) fn about(forger: &'f Forger<'a>, who: &str) -> Result<Self, ForgeError> {
        let (target, now) = (forger.target()?, forger.now);
        Ok(Self {
            forger,
            id: id()?,
            version: "2.0",
            issued: now,
            destination: Some(target.acs.clone()),
            in_response_to: forger.live.request.clone(),
            issuer: forger.agency(),
            status: vec![status(&["Success"])],
            assertion_id: id()?,
            assertion_version: "2.0",
            names: vec![name_id(who)],
            recipient: target.acs.clone(),
            confirmed_for: forger.live.request.clone(),
            confirmed_until: now + Lifetime::minutes(5),
            holds: (now.minus(Lifetime::minutes(1)), now + Lifetime::minutes(5)),
            audience: Some(target.entity_id.clone()),
            conditions: 1,
            authn: vec![authn_statement(now, None)?],
            attributes: vec![attribute(words::MAIL, &[&format!("{who}@attack-test.invalid")])],
        })
    }

    /// The assertion, unsigned.
    pub(in crate::attack) fn assertion(&self) -> Markup {
        let data = Markup::new(ns::SAML, "SubjectConfirmationData")
            .attr("NotOnOrAfter", write_instant(self.confirmed_until))
            .attr("Recipient", &self.recipient)
            .attr_maybe("InResponseTo", self.confirmed_for.as_deref());
        let confirmation =
            Markup::new(ns::SAML, "SubjectConfirmation").attr("Method", method::BEARER).child(data);
        let subject = Markup::new(ns::SAML, "Subject")
            .children(self.names.iter().cloned())
            .child(confirmation);
        let audience = self.audience.as_deref().map(|audience| {
            Markup::new(ns::SAML, "AudienceRestriction").child(leaf(ns::SAML, "Audience", audience))
        });
        let conditions = Markup::new(ns::SAML, "Conditions")
            .attr("NotBefore", write_instant(self.holds.0))
            .attr("NotOnOrAfter", write_instant(self.holds.1))
            .maybe(audience);
        let attributes = (!self.attributes.is_empty()).then(|| {
            Markup::new(ns::SAML, "AttributeStatement").children(self.attributes.iter().cloned())
        });
        Markup::new(ns::SAML, "Assertion")
            .attr("ID", &self.assertion_id)
            .attr("Version", self.assertion_version)
            .attr("IssueInstant", write_instant(self.issued))
            .child(leaf(ns::SAML, "Issuer", &self.issuer))
            .child(subject)
            .children(vec![conditions; self.conditions])
            .children(self.authn.iter().cloned())
            .maybe(attributes)
    }

    /// The assertion as text.
    pub(in crate::attack) fn assertion_text(&self, signed: bool) -> Result<String, ForgeError> {
        let assertion = self.assertion();
        text(&if signed { self.forger.sign(assertion)? } else { assertion })
    }

    /// The response around what stands in it, unsigned.
    pub(in crate::attack) fn around(&self, inside: Option<Markup>) -> Markup {
        Markup::new(ns::SAMLP, "Response")
            .attr("ID", &self.id)
            .attr("Version", self.version)
            .attr("IssueInstant", write_instant(self.issued))
            .attr_maybe("Destination", self.destination.as_deref())
            .attr_maybe("InResponseTo", self.in_response_to.as_deref())
            .child(leaf(ns::SAML, "Issuer", &self.issuer))
            .children(self.status.iter().cloned())
            .maybe(inside)
    }

    /// The text of it, response and assertion signed by the attacker.
    pub(in crate::attack) fn signed(&self) -> Result<String, ForgeError> {
        let assertion = self.forger.sign(self.assertion())?;
        text(&self.forger.sign(self.around(Some(assertion)))?)
    }

    /// The text of it, the assertion alone signed by the attacker.
    pub(in crate::attack) fn half_signed(&self) -> Result<String, ForgeError> {
        text(&self.around(Some(self.forger.sign(self.assertion())?)))
    }
}
