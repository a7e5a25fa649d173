//! Signed tokens in compact form (RFC 7515, RFC 7519): minted with our keys, verified strictly.
//!
//! A token never chooses how it is verified: algorithm, type, issuer and audience are the caller's.

mod assertion;
mod claims;
mod compact;
mod verify;

pub use assertion::{
    AssertionRules, ClientAssertion, danger_unverified_issuer, verify_client_assertion,
};
pub use claims::VerifiedClaims;
pub use verify::{Audience, Expected, JwtError, verify, verify_hint, verify_with_jwks};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use thiserror::Error;

use crate::keys::{KeyError, SigningKey};

/// What a token of ours is for, told by its header's `typ`, so that none passes for another.
//= rfc8725#3.11-1
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenType {
    /// An ID token (OpenID Connect Core section 2).
    IdToken,
    /// An access token (RFC 9068).
    AccessToken,
    /// A logout token (OpenID Connect Back-Channel Logout section 2.4).
    LogoutToken,
    /// An assertion of who we are, for a source's token endpoint (OpenID Connect Core section 9).
    ClientAssertion,
}

impl TokenType {
    /// The header's `typ`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            // No source knows another type for assertions yet; they are signed with keys apart.
            Self::IdToken | Self::ClientAssertion => "JWT",
            Self::AccessToken => "at+jwt",
            Self::LogoutToken => "logout+jwt",
        }
    }
}

/// Why no token was made.
#[derive(Debug, Error)]
pub enum MintError {
    /// The claims cannot be written as JSON.
    #[error("the claims cannot be written as JSON")]
    Claims(#[from] serde_json::Error),
    /// The key did not sign.
    #[error("the token was not signed")]
    Sign(#[from] KeyError),
}

/// Makes a token of `claims`, signed with `key`.
pub fn mint(
    key: &SigningKey,
    typ: TokenType,
    claims: &impl Serialize,
) -> Result<String, MintError> {
    // Neither the names nor a thumbprint has a character that JSON would escape.
    let header = format!(
        r#"{{"alg":"{}","typ":"{}","kid":"{}"}}"#,
        key.alg().as_str(),
        typ.as_str(),
        key.kid()
    );
    let claims = serde_json::to_vec(claims)?;
    // Room for the largest signature too: RSA with 3,072 bits.
    let mut token = String::with_capacity((header.len() + claims.len() + 400) * 4 / 3);
    URL_SAFE_NO_PAD.encode_string(header, &mut token);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

#[cfg(test)]
mod tests;
