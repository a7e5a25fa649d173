//! Authentication requests (SAML Core 3.4.1).

use idp_domain::Timestamp;

use super::{
    Conditions, Issuer, Opener, RequestedAttribute, RequestedAuthnContext, SchemaError, Scoping,
    Subject,
    form::{Others, Reader},
    frame::{Frame, Head},
};
use crate::xml::{Element, Markup, Sequence, ns};

/// Asks for an authentication (`samlp:AuthnRequest`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnRequest {
    /// Its ID, to be named in the answer.
    pub id: String,
    /// When it was made.
    pub issue_instant: Timestamp,
    /// The address that it was sent to.
    pub destination: Option<String>,
    /// Who asks.
    pub issuer: Option<Issuer>,
    /// The attributes that are asked for this once, in an extension (SAML V2.0 Protocol
    /// Extension for Requesting Attributes per Request).
    pub requested_attributes: Vec<RequestedAttribute>,
    /// Who should authenticate, if somebody in particular.
    pub subject: Option<Subject>,
    /// What name is wanted.
    pub name_id_policy: Option<NameIdPolicy>,
    /// Conditions that are wanted in the assertion.
    pub conditions: Option<Conditions>,
    /// How the person should authenticate.
    pub requested_authn_context: Option<RequestedAuthnContext>,
    /// Who may answer.
    pub scoping: Option<Scoping>,
    /// The person must prove themselves again, whatever session there is.
    pub force_authn: bool,
    /// Nobody may be asked anything.
    pub is_passive: bool,
    /// Which of the asker's registered assertion consumer services to answer to.
    pub acs_index: Option<u16>,
    /// The address to answer to.
    pub acs_url: Option<String>,
    /// The binding to answer by.
    pub protocol_binding: Option<String>,
    /// Which of the asker's registered sets of attributes is wanted.
    pub attribute_consuming_service_index: Option<u16>,
    /// The asker's name for people to read.
    pub provider_name: Option<String>,
}

/// What name is wanted (`samlp:NameIDPolicy`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameIdPolicy {
    /// Its format, one of [`super::format`] or another URI; absent means any.
    pub format: Option<String>,
    /// The entity ID of whose name it should be, if not the asker's.
    pub sp_name_qualifier: Option<String>,
    /// A new name may be made.
    pub allow_create: bool,
}

/// The attributes that an authentication request has beside those of every message.
const KNOWN: [&str; 7] = [
    "ForceAuthn",
    "IsPassive",
    "AssertionConsumerServiceIndex",
    "AssertionConsumerServiceURL",
    "ProtocolBinding",
    "AttributeConsumingServiceIndex",
    "ProviderName",
];

impl AuthnRequest {
    /// Reads a `samlp:AuthnRequest`, opening an encrypted name with `opener`.
    pub fn read(element: Element<'_>, opener: &Opener<'_>) -> Result<Self, SchemaError> {
        let Frame { reader, mut rest, id, issue_instant, destination, issuer, extensions, .. } =
            Frame::read(element, "AuthnRequest", &KNOWN)?;
        let subject = rest.optional(ns::SAML, "Subject");
        let name_id_policy = rest.optional(ns::SAMLP, "NameIDPolicy");
        let conditions = rest.optional(ns::SAML, "Conditions");
        let requested = rest.optional(ns::SAMLP, "RequestedAuthnContext");
        let scoping = rest.optional(ns::SAMLP, "Scoping");
        rest.end()?;
        Ok(Self {
            id,
            issue_instant,
            destination,
            issuer,
            requested_attributes: extensions
                .map(RequestedAttribute::read_extension)
                .transpose()?
                .unwrap_or_default(),
            subject: subject.map(|one| Subject::read(one, opener)).transpose()?,
            name_id_policy: name_id_policy.map(NameIdPolicy::read).transpose()?,
            conditions: conditions.map(Conditions::read).transpose()?,
            requested_authn_context: requested.map(RequestedAuthnContext::read).transpose()?,
            scoping: scoping.map(Scoping::read).transpose()?,
            force_authn: reader.truth("ForceAuthn")?,
            is_passive: reader.truth("IsPassive")?,
            acs_index: reader.index("AssertionConsumerServiceIndex")?,
            acs_url: reader.text("AssertionConsumerServiceURL"),
            protocol_binding: reader.text("ProtocolBinding"),
            attribute_consuming_service_index: reader.index("AttributeConsumingServiceIndex")?,
            provider_name: reader.text("ProviderName"),
        })
    }

    /// Writes it as `samlp:AuthnRequest`, unsigned.
    #[must_use]
    pub fn write(&self) -> Markup {
        self.write_attributes()
            .maybe(RequestedAttribute::write_extension(&self.requested_attributes))
            .maybe(self.subject.as_ref().map(Subject::write))
            .maybe(self.name_id_policy.as_ref().map(NameIdPolicy::write))
            .maybe(self.conditions.as_ref().map(Conditions::write))
            .maybe(self.requested_authn_context.as_ref().map(RequestedAuthnContext::write))
            .maybe(self.scoping.as_ref().map(Scoping::write))
    }

    fn write_attributes(&self) -> Markup {
        let number = |index: Option<u16>| index.map(|index| index.to_string());
        let head = Head {
            id: &self.id,
            issue_instant: self.issue_instant,
            destination: self.destination.as_deref(),
            issuer: self.issuer.as_ref(),
        };
        head.write("AuthnRequest")
            .attr_maybe("ForceAuthn", self.force_authn.then_some("true"))
            .attr_maybe("IsPassive", self.is_passive.then_some("true"))
            .attr_maybe("AssertionConsumerServiceIndex", number(self.acs_index))
            .attr_maybe("AssertionConsumerServiceURL", self.acs_url.as_deref())
            .attr_maybe("ProtocolBinding", self.protocol_binding.as_deref())
            .attr_maybe(
                "AttributeConsumingServiceIndex",
                number(self.attribute_consuming_service_index),
            )
            .attr_maybe("ProviderName", self.provider_name.as_deref())
    }
}

impl NameIdPolicy {
    fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        const KNOWN: [&str; 3] = ["Format", "SPNameQualifier", "AllowCreate"];
        let policy = Reader::new(element, (ns::SAMLP, "NameIDPolicy"), &KNOWN, Others::Refused)?;
        Sequence::of(element)?.end()?;
        Ok(Self {
            format: policy.text("Format"),
            sp_name_qualifier: policy.text("SPNameQualifier"),
            allow_create: policy.truth("AllowCreate")?,
        })
    }

    fn write(&self) -> Markup {
        Markup::new(ns::SAMLP, "NameIDPolicy")
            .attr_maybe("Format", self.format.as_deref())
            .attr_maybe("SPNameQualifier", self.sp_name_qualifier.as_deref())
            .attr_maybe("AllowCreate", self.allow_create.then_some("true"))
    }
}
