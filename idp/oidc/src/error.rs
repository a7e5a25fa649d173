//! Rules that a relying party's request can break, and the words in which it is told.
//!
//! A rule is a constant: code, text and citation stand together, and no text repeats what was
//! sent. Who is told, and how, is decided by the endpoint.

use std::fmt;

use http::StatusCode;
use serde::Serialize;

/// An error code as it stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// RFC 6749 §4.1.2.1: the person or the server said no.
    AccessDenied,
    /// OpenID Connect Core §3.1.2.6: an account must be chosen.
    AccountSelectionRequired,
    /// OpenID Connect Core §3.1.2.6: consent must be given.
    ConsentRequired,
    /// RFC 6750 §3.1: the token does not reach that far.
    InsufficientScope,
    /// RFC 6749 §5.2: the client is not who it says.
    InvalidClient,
    /// RFC 6749 §5.2: the code or refresh token is not good.
    InvalidGrant,
    /// RFC 6749 §4.1.2.1 and §5.2: the request breaks a rule.
    InvalidRequest,
    /// RFC 6749 §4.1.2.1 and §5.2: the scope is not to be had.
    InvalidScope,
    /// RFC 8707 §2: the resource is not to be had.
    InvalidTarget,
    /// RFC 6750 §3.1: the access token is not good.
    InvalidToken,
    /// OpenID Connect Core §3.1.2.6: the person must sign in.
    LoginRequired,
    /// OpenID Connect Core §3.1.2.6: the parameter `registration` is not supported.
    RegistrationNotSupported,
    /// OpenID Connect Core §3.1.2.6: the parameter `request` is not supported.
    RequestNotSupported,
    /// OpenID Connect Core §3.1.2.6: the parameter `request_uri` is not supported.
    RequestUriNotSupported,
    /// RFC 6749 §4.1.2.1: we failed.
    ServerError,
    /// RFC 6749 §4.1.2.1: we cannot do it now.
    TemporarilyUnavailable,
    /// RFC 6749 §4.1.2.1 and §5.2: this client may not ask that.
    UnauthorizedClient,
    /// OpenID Connect Core Unmet Authentication Requirements 1.0.
    UnmetAuthenticationRequirements,
    /// RFC 6749 §5.2: no such grant type here.
    UnsupportedGrantType,
    /// RFC 6749 §4.1.2.1: no such response type here.
    UnsupportedResponseType,
}

impl ErrorCode {
    /// The code as it stands on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::ConsentRequired => "consent_required",
            Self::InsufficientScope => "insufficient_scope",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidToken => "invalid_token",
            Self::LoginRequired => "login_required",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
        }
    }

    /// The status of an answer that goes to a program and not to a browser.
    //= rfc6749#5.2-1
    //= rfc6750#3.1-1
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::InvalidClient | Self::InvalidToken => StatusCode::UNAUTHORIZED,
            Self::InsufficientScope => StatusCode::FORBIDDEN,
            Self::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A rule that a request broke: the error of every endpoint of the provider.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable name: the same on the page, in the trail, in logs and metrics.
    pub slug: &'static str,
    /// What the relying party is told.
    pub code: ErrorCode,
    /// What its developer is told (`error_description`): ASCII, no quotes, nothing that was sent.
    pub text: &'static str,
    /// Where it is written.
    pub cites: &'static str,
}

impl Rule {
    /// The JSON body of an error answer (RFC 6749 §5.2).
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        body(self.code, self.text)
    }

    /// The status of an error answer to a program.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.code.status()
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {})", self.text, self.slug, self.cites)
    }
}

impl std::error::Error for Rule {}

/// The JSON body of an error answer (RFC 6749 §5.2) that no rule of a request is behind.
///
/// `text` must be ASCII without `"` and `\`, as every text in this crate is.
#[must_use]
pub fn body(code: ErrorCode, text: &'static str) -> Vec<u8> {
    #[derive(Serialize)]
    struct Body {
        error: &'static str,
        error_description: &'static str,
    }
    // Two static texts always serialize; an empty body would still carry the status.
    serde_json::to_vec(&Body { error: code.as_str(), error_description: text }).unwrap_or_default()
}

/// Declares rules, and the list of them that documentation is written from.
macro_rules! rules {
    ($($name:ident = $slug:literal, $code:ident, $text:literal, $cites:literal;)+) => {
        $(static $name: $crate::error::Rule = $crate::error::Rule {
            slug: $slug,
            code: $crate::error::ErrorCode::$code,
            text: $text,
            cites: $cites,
        };)+
        /// The rules that this module checks.
        pub(crate) static RULES: &[&$crate::error::Rule] = &[$(&$name),+];
    };
}
pub(crate) use rules;
