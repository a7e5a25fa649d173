//! A token taken apart, strictly, and nothing believed yet.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idp_domain::json;
use serde_json::{Map, Value};

use super::verify::JwtError;

/// The longest token that is looked at, in bytes.
pub(super) const MAX_TOKEN_BYTES: usize = 16_384;

/// A compact JWS (RFC 7515 section 7.1) of one form only.
#[derive(Debug)]
pub(super) struct Compact<'a> {
    /// The header's `alg`, as it stands there.
    pub(super) alg: String,
    /// The header's `typ`, if there is one.
    pub(super) typ: Option<String>,
    /// The header's `kid`, if there is one.
    pub(super) kid: Option<String>,
    /// What the signature is over.
    pub(super) signed: &'a [u8],
    /// The payload in base64url, not looked at before the signature was.
    payload: &'a str,
    /// The signature.
    pub(super) signature: Vec<u8>,
}

impl<'a> Compact<'a> {
    /// Takes `token` apart: three parts, base64url without padding, a header without surprises.
    pub(super) fn parse(token: &'a str) -> Result<Self, JwtError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(JwtError::TooLong { bytes: token.len() });
        }
        let Some((signed, signature)) = token.rsplit_once('.') else {
            return Err(JwtError::Malformed("not three parts"));
        };
        let Some((header, payload)) = signed.split_once('.') else {
            return Err(JwtError::Malformed("not three parts"));
        };
        if payload.contains('.') {
            return Err(JwtError::Malformed("not three parts"));
        }
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| JwtError::Malformed("the signature is not base64url"))?;
        let mut header = object(header)?;
        //= rfc7515#4.1.11-1
        // We know no extension, so none may be critical. `b64` changes what was signed (RFC 7797).
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(JwtError::Critical);
        }
        let mut text = |name: &'static str| match header.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(JwtError::Malformed("alg, typ or kid is not a text")),
        };
        let alg = text("alg")?.ok_or(JwtError::Malformed("no alg"))?;
        //= rfc8725#3.5-1
        // What else the header offers (jwk, jku, x5c, x5u) is never looked at.
        Ok(Self {
            alg,
            typ: text("typ")?,
            kid: text("kid")?,
            signed: signed.as_bytes(),
            payload,
            signature,
        })
    }

    /// The claims. To be called once the signature was found good, except by what says danger.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, JwtError> {
        object(self.payload)
    }
}

fn object(part: &str) -> Result<Map<String, Value>, JwtError> {
    let text = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| JwtError::Malformed("header or claims are not base64url"))?;
    match json::read_value(&text)? {
        Value::Object(members) => Ok(members),
        _ => Err(JwtError::Malformed("header or claims are not an object")),
    }
}
