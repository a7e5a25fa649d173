//! Redeeming a code: the request to the token endpoint, and the answer.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use idp_domain::json;
use idp_domain::{Lifetime, Secret, Timestamp};
use serde_json::{Map, Value, json};
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::error::{Document, PeerError, code_of, shortened};
use super::reply::Reply;
use crate::jwt::{MintError, TokenType, mint};
use crate::keys::SigningKey;
use crate::pkce::Verifier;

/// How long an assertion of ours is good for: time enough for one request.
const ASSERTION_LIFETIME: Lifetime = Lifetime::seconds(60);
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How we prove at the token endpoint who we are.
#[derive(Debug, Clone)]
pub enum ClientProof {
    /// `client_secret_basic`.
    SecretBasic(Secret<String>),
    /// `client_secret_post`.
    SecretPost(Secret<String>),
    /// `private_key_jwt`.
    PrivateKey {
        /// The key, whose public half the source knows.
        key: Arc<SigningKey>,
        /// Whom the assertion is for: the issuer, unless the source wants its token endpoint.
        audience: String,
    },
}

/// A code to be redeemed.
#[derive(Debug)]
pub struct CodeExchange<'a> {
    /// Who we are there.
    pub client_id: &'a str,
    /// How we prove it.
    pub proof: &'a ClientProof,
    /// The code.
    pub code: &'a str,
    /// The redirect URI that the code came to.
    pub redirect_uri: &'a Url,
    /// The verifier whose hash was sent when the code was asked for.
    pub verifier: &'a Verifier,
    /// 128 random bits, to name an assertion with.
    pub nonce: [u8; 16],
    /// The time.
    pub now: Timestamp,
}

/// A request to the token endpoint, ready to be sent.
pub struct TokenRequest {
    /// The value of `Authorization`, if it bears the proof.
    pub authorization: Option<String>,
    /// The encoded form.
    pub form: String,
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenRequest(…)")
    }
}

impl CodeExchange<'_> {
    /// The request that redeems the code. Fails only if our own key does not sign.
    pub fn request(&self) -> Result<TokenRequest, MintError> {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", self.code)
            .append_pair("redirect_uri", self.redirect_uri.as_str())
            .append_pair("code_verifier", self.verifier.expose());
        let mut authorization = None;
        match self.proof {
            ClientProof::SecretBasic(secret) => {
                authorization = Some(basic(self.client_id, secret.expose()));
            }
            ClientProof::SecretPost(secret) => {
                form.append_pair("client_id", self.client_id)
                    .append_pair("client_secret", secret.expose());
            }
            ClientProof::PrivateKey { key, audience } => {
                form.append_pair("client_id", self.client_id)
                    .append_pair("client_assertion_type", ASSERTION_TYPE)
                    .append_pair("client_assertion", &self.assertion(key, audience)?);
            }
        }
        Ok(TokenRequest { authorization, form: form.finish() })
    }

    /// A token that proves who we are (OpenID Connect Core section 9).
    fn assertion(&self, key: &SigningKey, audience: &str) -> Result<String, MintError> {
        let claims = json!({
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": audience,
            "jti": URL_SAFE_NO_PAD.encode(self.nonce),
            "iat": self.now.seconds(),
            "exp": (self.now + ASSERTION_LIFETIME).seconds(),
        });
        mint(key, TokenType::ClientAssertion, &claims)
    }
}

/// RFC 6749 section 2.3.1: both parts are form-encoded before they are joined, so a colon or a
/// plus in a secret survives.
fn basic(client_id: &str, secret: &str) -> String {
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let credentials = format!("{}:{}", encode(client_id), encode(secret));
    format!("Basic {}", STANDARD.encode(credentials))
}

/// What a code was redeemed for. Nothing of it is believed yet.
pub struct TokenAnswer {
    /// The ID token.
    pub id_token: String,
    /// The access token, for the userinfo endpoint and `at_hash`.
    pub access_token: Secret<String>,
}

impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenAnswer(…)")
    }
}

/// Reads the answer of the token endpoint.
///
/// An access token alone is no login: whoever holds one could pass it to us.
//= oidc-core#3.1.3.5-1
pub fn read_token_answer(reply: &Reply<'_>) -> Result<TokenAnswer, PeerError> {
    const DOCUMENT: Document = Document::TokenAnswer;
    let status = reply.status;
    if status != 200 {
        let read = json::read::<Map<String, Value>>(reply.body);
        // A proper no is 400 or 401 with a code (RFC 6749 section 5.2).
        return Err(match read.as_ref().ok().and_then(|members| members.get("error")?.as_str()) {
            Some(code) if matches!(status, 400..=499) => PeerError::TokenRefused {
                code: code_of(code),
                description: read.as_ref().ok().and_then(description),
            },
            _ => PeerError::Status { document: DOCUMENT, status },
        });
    }
    let members = reply.members(DOCUMENT)?;
    let text = |member: &'static str| match members.get(member) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.as_str()),
        _ => Err(PeerError::Member { document: DOCUMENT, member }),
    };
    if !text("token_type")?.eq_ignore_ascii_case("Bearer") {
        return Err(PeerError::Member { document: DOCUMENT, member: "token_type" });
    }
    let access_token = Secret::new(text("access_token")?.to_owned());
    if !members.contains_key("id_token") {
        return Err(PeerError::NoIdToken);
    }
    Ok(TokenAnswer { id_token: text("id_token")?.to_owned(), access_token })
}

fn description(members: &Map<String, Value>) -> Option<String> {
    members.get("error_description").and_then(Value::as_str).map(shortened)
}

#[cfg(test)]
mod tests;
