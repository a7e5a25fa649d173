//! How a request fared (SAML Core 3.2.2).

use super::{
    SchemaError,
    form::{Others, Reader, leaf},
};
use crate::xml::{Element, Markup, Sequence, ns};

/// How a request fared (`samlp:Status`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The outcome, and who is responsible for it.
    pub code: StatusCode,
    /// What it was, one of [`second`] or another URI.
    pub second: Option<String>,
    /// A text for an operator to read.
    pub message: Option<String>,
}

impl Status {
    /// All went well.
    #[must_use]
    pub const fn success() -> Self {
        Self { code: StatusCode::Success, second: None, message: None }
    }

    /// Something did not go well.
    #[must_use]
    pub fn failure(code: StatusCode, second: &str) -> Self {
        Self { code, second: Some(second.to_owned()), message: None }
    }
}

/// The outcome, and who is responsible for it: the top-level codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusCode {
    /// The request succeeded.
    Success,
    /// The requester made a mistake.
    Requester,
    /// The responder could not do it.
    Responder,
    /// The responder does not speak the version of the request.
    VersionMismatch,
}

impl StatusCode {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Success, Self::Requester, Self::Responder, Self::VersionMismatch];

    /// Its URI.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Success => "urn:oasis:names:tc:SAML:2.0:status:Success",
            Self::Requester => "urn:oasis:names:tc:SAML:2.0:status:Requester",
            Self::Responder => "urn:oasis:names:tc:SAML:2.0:status:Responder",
            Self::VersionMismatch => "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch",
        }
    }

    /// The code that has this URI.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.uri() == uri)
    }
}

/// The second-level codes that SAML Core 3.2.2.2 names.
pub mod second {
    /// The person could not be authenticated.
    pub const AUTHN_FAILED: &str = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed";
    /// The requested attributes or values cannot be handled.
    pub const INVALID_ATTR_NAME_OR_VALUE: &str =
        "urn:oasis:names:tc:SAML:2.0:status:InvalidAttrNameOrValue";
    /// The requested form of name cannot be had.
    pub const INVALID_NAME_ID_POLICY: &str =
        "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy";
    /// None of the requested contexts can be met.
    pub const NO_AUTHN_CONTEXT: &str = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext";
    /// None of the listed identity providers can be reached.
    pub const NO_AVAILABLE_IDP: &str = "urn:oasis:names:tc:SAML:2.0:status:NoAvailableIDP";
    /// Nobody could be authenticated without asking them.
    pub const NO_PASSIVE: &str = "urn:oasis:names:tc:SAML:2.0:status:NoPassive";
    /// None of the listed identity providers is supported.
    pub const NO_SUPPORTED_IDP: &str = "urn:oasis:names:tc:SAML:2.0:status:NoSupportedIDP";
    /// Not every participant of the session could be logged out.
    pub const PARTIAL_LOGOUT: &str = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";
    /// The request would have to be passed on further than it allows.
    pub const PROXY_COUNT_EXCEEDED: &str = "urn:oasis:names:tc:SAML:2.0:status:ProxyCountExceeded";
    /// The request can be met, but will not be.
    pub const REQUEST_DENIED: &str = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied";
    /// The kind of request is not supported.
    pub const REQUEST_UNSUPPORTED: &str = "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported";
    /// The request's version is no longer spoken.
    pub const REQUEST_VERSION_DEPRECATED: &str =
        "urn:oasis:names:tc:SAML:2.0:status:RequestVersionDeprecated";
    /// The request's version is too new.
    pub const REQUEST_VERSION_TOO_HIGH: &str =
        "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooHigh";
    /// The request's version is too old.
    pub const REQUEST_VERSION_TOO_LOW: &str =
        "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooLow";
    /// The named resource is not known.
    pub const RESOURCE_NOT_RECOGNIZED: &str =
        "urn:oasis:names:tc:SAML:2.0:status:ResourceNotRecognized";
    /// The answer would have more elements than can be returned.
    pub const TOO_MANY_RESPONSES: &str = "urn:oasis:names:tc:SAML:2.0:status:TooManyResponses";
    /// Attributes of the named profile are not known.
    pub const UNKNOWN_ATTR_PROFILE: &str = "urn:oasis:names:tc:SAML:2.0:status:UnknownAttrProfile";
    /// The person is not known, or not by that name.
    pub const UNKNOWN_PRINCIPAL: &str = "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal";
    /// The binding cannot carry the answer.
    pub const UNSUPPORTED_BINDING: &str = "urn:oasis:names:tc:SAML:2.0:status:UnsupportedBinding";
}

const CODE: (&str, &str) = (ns::SAMLP, "StatusCode");

impl Status {
    /// Reads a `samlp:Status`. Codes below the second level are passed over.
    pub fn read(element: Element<'_>) -> Result<Self, SchemaError> {
        Reader::new(element, (ns::SAMLP, "Status"), &[], Others::Refused)?;
        let mut sequence = Sequence::of(element)?;
        let code = sequence.optional(CODE.0, CODE.1).ok_or(SchemaError::Status)?;
        let message = sequence
            .optional(ns::SAMLP, "StatusMessage")
            .map(|one| Reader::new(one, (ns::SAMLP, "StatusMessage"), &[], Others::Refused))
            .transpose()?;
        sequence.optional(ns::SAMLP, "StatusDetail");
        sequence.end()?;
        let (top, nested) = read_code(code)?;
        Ok(Self {
            code: StatusCode::from_uri(&top).ok_or(SchemaError::Status)?,
            second: nested.map(|nested| read_code(nested).map(|(uri, _)| uri)).transpose()?,
            message: message.map(Reader::content).transpose()?,
        })
    }

    /// Writes it as `samlp:Status`.
    #[must_use]
    pub fn write(&self) -> Markup {
        let code = |uri: &str| Markup::new(CODE.0, CODE.1).attr("Value", uri);
        Markup::new(ns::SAMLP, "Status")
            .child(code(self.code.uri()).maybe(self.second.as_deref().map(code)))
            .maybe(self.message.as_deref().map(|text| leaf((ns::SAMLP, "StatusMessage"), text)))
    }
}

/// Reads one `samlp:StatusCode`: its URI, and the code inside it.
fn read_code(element: Element<'_>) -> Result<(String, Option<Element<'_>>), SchemaError> {
    let uri = Reader::new(element, CODE, &["Value"], Others::Refused)?.required("Value")?;
    let mut sequence = Sequence::of(element)?;
    let nested = sequence.optional(CODE.0, CODE.1);
    sequence.end()?;
    Ok((uri, nested))
}
