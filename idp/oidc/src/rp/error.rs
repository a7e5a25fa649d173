//! How a source can break its protocol, who is to blame, and the slug each way is known by.

use idp_domain::json::JsonError;
use thiserror::Error;

use crate::jwk::JwkSetError;
use crate::jwt::JwtError;

/// A JSON answer of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// The discovery document.
    Discovery,
    /// The set of keys.
    Keys,
    /// The answer of the token endpoint.
    TokenAnswer,
    /// The answer of the userinfo endpoint.
    Userinfo,
}

/// What a source did that it must not do. Quotes no token, no code and no claim's value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PeerError {
    /// An answer is not JSON that we accept.
    #[error("the {document} cannot be read")]
    Unreadable {
        /// Which answer.
        document: Document,
        /// What is wrong with it.
        source: JsonError,
    },
    /// An answer lacks a member, or the member has the wrong form.
    #[error("the {document} has no usable {member:?}")]
    Member {
        /// Which answer.
        document: Document,
        /// The member's name.
        member: &'static str,
    },
    /// An answer is not said to be JSON.
    #[error("the {document} is not said to be JSON")]
    MediaType {
        /// Which answer.
        document: Document,
    },
    /// An answer came with a status that promises nothing.
    #[error("the {document} came with status {status}")]
    Status {
        /// Which answer.
        document: Document,
        /// The HTTP status.
        status: u16,
    },
    /// The configured issuer is not one, or a template of several.
    #[error("{issuer:?} is not an issuer: an https URL without user name, query or fragment")]
    NotAnIssuer {
        /// What was configured.
        issuer: String,
    },
    /// The discovery document is another issuer's.
    #[error("the discovery document names another issuer: {found:?}")]
    OtherIssuer {
        /// What it names, cut to 200 characters.
        found: String,
    },
    /// An endpoint lies where nobody may be sent.
    #[error("the endpoint {member} is not an https URL without user name or fragment")]
    Endpoint {
        /// The member that names it.
        member: &'static str,
    },
    /// The source offers nothing that we use.
    #[error("the source does not offer {wanted}")]
    Incompatible {
        /// What we want.
        wanted: &'static str,
    },
    /// The published keys are not acceptable.
    #[error("the published keys are not acceptable")]
    KeySet(#[from] JwkSetError),
    /// A parameter came back more than once.
    #[error("the parameter {name} came back more than once")]
    Repeated {
        /// Its name, cut to 64 characters.
        name: String,
    },
    /// What came back holds neither a code nor an error, or one of impossible form.
    #[error("what came back holds neither a code nor an error of proper form")]
    NoAnswer,
    /// What came back is not the answer to what this browser was sent to ask.
    #[error("the state that came back is not the one that was sent")]
    State,
    /// The answer is another issuer's (mix-up), or hides whose it is.
    #[error("the answer does not say that it comes from the issuer that was asked")]
    AnswerIssuer,
    /// The token endpoint said no.
    #[error("the token endpoint said {code:?}")]
    TokenRefused {
        /// The error code, at most 64 visible ASCII characters.
        code: String,
        /// Its description, at most 200 characters, for the log alone.
        description: Option<String>,
    },
    /// There is no ID token in the token answer.
    #[error("the token answer holds no ID token")]
    NoIdToken,
    /// The ID token is encrypted.
    #[error("the ID token is encrypted, which was not agreed on")]
    Encrypted,
    /// The ID token's header brings a key of its own, or says where to find one.
    #[error("the ID token's header brings its own key ({member})")]
    ForeignKey {
        /// The header's member.
        member: &'static str,
    },
    /// The ID token's frame, key or signature is wrong.
    #[error("the ID token is not believed")]
    IdToken(#[from] JwtError),
    /// A claim of the ID token is missing or wrong.
    #[error("the ID token's claim {claim} is missing or wrong")]
    Claim {
        /// The claim.
        claim: &'static str,
    },
    /// The ID token's time is over.
    #[error("the ID token has expired")]
    Expired,
    /// The ID token was issued too long ago, or its time has not come.
    #[error("the ID token's time ({claim}) is too far from ours")]
    Time {
        /// The claim.
        claim: &'static str,
    },
    /// A claim that limits this source is missing or has another value.
    #[error("the claim {claim} does not have one of the required values")]
    RequiredClaim {
        /// The claim.
        claim: String,
    },
    /// The userinfo answer is about somebody else.
    #[error("the userinfo answer is about somebody else")]
    OtherPerson,
}

/// Who is to blame, and so what helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The source wrote something that cannot be read.
    Malformed,
    /// The source broke a rule of the protocol.
    Misbehaved,
    /// The source and we were not configured for each other.
    Incompatible,
    /// What came may be an attacker's.
    Untrusted,
}

impl PeerError {
    /// The stable name of what was wrong: the same in trail, log and metric.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Unreadable { document, .. }
            | Self::Member { document, .. }
            | Self::MediaType { document }
            | Self::Status { document, .. } => document.slug(),
            Self::NotAnIssuer { .. } => "issuer_config",
            Self::OtherIssuer { .. } => "discovery_issuer",
            Self::Endpoint { .. } => "discovery_endpoint",
            Self::Incompatible { .. } => "incompatible",
            Self::KeySet(_) | Self::ForeignKey { .. } => "key",
            Self::Repeated { .. } | Self::NoAnswer => "callback_malformed",
            Self::State => "state",
            Self::AnswerIssuer => "issuer",
            Self::TokenRefused { .. } => "token_refused",
            Self::NoIdToken => "id_token_missing",
            Self::Encrypted => "algorithm",
            Self::IdToken(error) => frame_slug(error),
            Self::Claim { claim } => claim_slug(claim),
            Self::Expired => "expired",
            Self::Time { .. } => "id_token_time",
            Self::RequiredClaim { .. } => "required_claim",
            Self::OtherPerson => "userinfo_subject",
        }
    }

    /// Who is to blame.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self {
            Self::Unreadable { .. }
            | Self::Member { .. }
            | Self::MediaType { .. }
            | Self::Repeated { .. }
            | Self::NoAnswer
            | Self::NoIdToken => Blame::Malformed,
            Self::NotAnIssuer { .. }
            | Self::Endpoint { .. }
            | Self::Incompatible { .. }
            | Self::KeySet(_)
            | Self::TokenRefused { .. }
            | Self::Encrypted => Blame::Incompatible,
            Self::Status { .. } => Blame::Misbehaved,
            Self::OtherIssuer { .. }
            | Self::State
            | Self::AnswerIssuer
            | Self::ForeignKey { .. }
            | Self::IdToken(_)
            | Self::Claim { .. }
            | Self::Expired
            | Self::Time { .. }
            | Self::RequiredClaim { .. }
            | Self::OtherPerson => Blame::Untrusted,
        }
    }

    /// Whether a newer set of the source's keys might change the verdict.
    #[must_use]
    pub const fn wants_newer_keys(&self) -> bool {
        matches!(self, Self::IdToken(JwtError::UnknownKey))
    }
}

impl Document {
    const fn slug(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Keys => "key",
            Self::TokenAnswer => "upstream_protocol",
            Self::Userinfo => "userinfo",
        }
    }
}

impl std::fmt::Display for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Discovery => "discovery document",
            Self::Keys => "key set",
            Self::TokenAnswer => "token answer",
            Self::Userinfo => "userinfo answer",
        })
    }
}

fn frame_slug(error: &JwtError) -> &'static str {
    match error {
        JwtError::Algorithm { .. } => "algorithm",
        JwtError::UnknownKey => "key",
        JwtError::Signature => "signature",
        _ => "malformed",
    }
}

fn claim_slug(claim: &str) -> &'static str {
    match claim {
        "iss" => "issuer",
        "aud" | "azp" => "audience",
        "nonce" => "nonce",
        "at_hash" => "at_hash",
        "sub" => "subject",
        _ => "malformed",
    }
}

/// At most 200 characters of a text that a source wrote, on one line and in reading order.
pub(super) fn shortened(text: &str) -> String {
    let disturbs = |c: char| {
        // The marks that turn the direction of writing could make a log line read otherwise.
        c.is_control()
            || matches!(c, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().take(200).map(|c| if disturbs(c) { ' ' } else { c }).collect()
}

/// At most 64 visible ASCII characters of a code that a source wrote.
pub(super) fn code_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(64).collect()
}
