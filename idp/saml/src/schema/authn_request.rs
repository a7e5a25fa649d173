//! Authentication requests (SAML Core 3.4.1).

use idp_domain::Timestamp;

use super::{AttributeValue, Conditions, Issuer, Scoping, Subject};

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

/// How the person should authenticate (`samlp:RequestedAuthnContext`): by classes or by
/// declarations, never by both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedAuthnContext {
    /// Classes, the best liked first.
    pub classes: Vec<String>,
    /// Addresses of declarations, the best liked first.
    pub declarations: Vec<String>,
    /// How what is had must compare with them.
    pub comparison: Comparison,
}

/// How a context must compare with the requested ones (SAML Core 3.3.2.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// It must be one of them.
    #[default]
    Exact,
    /// It must be at least as strong as one of them.
    Minimum,
    /// It must be as strong as possible, without exceeding the strength of one of them.
    Maximum,
    /// It must be stronger than any of them.
    Better,
}

/// An attribute that is asked for (`md:RequestedAttribute`, SAML Metadata 2.4.4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedAttribute {
    /// Its name.
    pub name: String,
    /// How the name is to be read; absent means unspecified.
    pub name_format: Option<String>,
    /// A name for people to read; means nothing.
    pub friendly_name: Option<String>,
    /// The service is of no use without it.
    pub required: bool,
    /// The values that are of interest; none means all.
    pub values: Vec<AttributeValue>,
}
