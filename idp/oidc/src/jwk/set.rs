//! A set of public keys as a peer registered it (RFC 7517 section 5), judged before it is kept.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idp_domain::json::{self, JsonError};
use serde_json::{Map, Value};
use thiserror::Error;

use super::{JwkError, PublicKey};
use crate::keys::SigningAlg;

/// The longest text of a set, in bytes.
const MAX_SET_BYTES: usize = 65_536;
/// The most keys in a set.
const MAX_KEYS: usize = 64;
/// The longest `kid`, in bytes.
const MAX_KID_BYTES: usize = 256;
/// The members that only a private or a symmetric key has (RFC 7518 section 6, RFC 8037).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A peer's keys for signatures. A set that holds anything dangerous was refused as a whole.
#[derive(Debug, Clone)]
pub struct JwkSet(Vec<Jwk>);

/// A key of a set.
#[derive(Debug, Clone)]
pub struct Jwk {
    kid: Option<String>,
    alg: Option<SigningAlg>,
    key: PublicKey,
}

/// Why a set was refused. `index` counts its keys from 0.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JwkSetError {
    /// The text is longer than 65,536 bytes.
    #[error("the key set is longer than 65536 bytes")]
    TooLong,
    /// The text is not JSON, or repeats a name.
    #[error("the key set cannot be read")]
    Json(#[from] JsonError),
    /// It is not an object with an array `keys` of objects.
    #[error("the key set is not an object with an array \"keys\" of objects")]
    Shape,
    /// More than 64 keys.
    #[error("the key set has more than 64 keys")]
    TooMany,
    /// It holds a private key. Whoever registered it should make a new one.
    #[error("key {index} is a private key: register its public half, and make a new key")]
    Private {
        /// Which key.
        index: usize,
    },
    /// It holds a symmetric key.
    #[error("key {index} is symmetric: a shared secret does not belong in a key set")]
    Symmetric {
        /// Which key.
        index: usize,
    },
    /// Two keys have the same `kid`.
    #[error("key {index} repeats the kid of another")]
    RepeatedKid {
        /// Which key.
        index: usize,
    },
    /// A member has the wrong type or length.
    #[error("key {index} has a wrong member {member:?}")]
    Member {
        /// Which key.
        index: usize,
        /// The member's name.
        member: &'static str,
    },
    /// `use`, `key_ops`, `alg` and `kty` contradict each other.
    #[error("key {index} contradicts itself about what it is for")]
    Conflict {
        /// Which key.
        index: usize,
    },
    /// The key's numbers are not acceptable.
    #[error("key {index} cannot be used")]
    Key {
        /// Which key.
        index: usize,
        /// Why.
        source: JwkError,
    },
    /// No key is left that verifies signatures of an algorithm that we know.
    #[error("the key set has no key for signatures of ES256, EdDSA, PS256 or RS256")]
    NoneUsable,
}

impl JwkSet {
    /// Reads and judges a set.
    ///
    /// Keys that are well formed but of a type, curve, use or algorithm that we do not verify with
    /// are passed over, as RFC 7517 section 5 asks.
    pub fn parse(text: &[u8]) -> Result<Self, JwkSetError> {
        if text.len() > MAX_SET_BYTES {
            return Err(JwkSetError::TooLong);
        }
        Self::from_value(&json::read_value(text)?)
    }

    /// Judges a set that was already read as JSON by a reader that refuses repeated names.
    pub fn from_value(set: &Value) -> Result<Self, JwkSetError> {
        let entries = set.get("keys").and_then(Value::as_array).ok_or(JwkSetError::Shape)?;
        if entries.len() > MAX_KEYS {
            return Err(JwkSetError::TooMany);
        }
        let mut kids = HashSet::new();
        let mut keys = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let entry = Entry { index, members: entry.as_object().ok_or(JwkSetError::Shape)? };
            if let Some(kid) = entry.text("kid")? {
                if kid.len() > MAX_KID_BYTES {
                    return Err(JwkSetError::Member { index, member: "kid" });
                }
                if !kids.insert(kid) {
                    return Err(JwkSetError::RepeatedKid { index });
                }
            }
            keys.extend(entry.judge()?);
        }
        if keys.is_empty() { Err(JwkSetError::NoneUsable) } else { Ok(Self(keys)) }
    }

    /// The keys.
    pub fn keys(&self) -> &[Jwk] {
        &self.0
    }

    /// The one key that a token with this `kid` and `alg` can be signed with.
    ///
    /// A `kid` is looked up letter for letter. Without one there must be a single key that fits:
    /// trying several would let the token choose.
    pub fn find(&self, kid: Option<&str>, alg: SigningAlg) -> Option<&Jwk> {
        let mut fitting = self.0.iter().filter(|jwk| {
            jwk.key.fits(alg)
                && jwk.alg.is_none_or(|own| own == alg)
                && kid.is_none_or(|kid| jwk.kid.as_deref() == Some(kid))
        });
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }
}

impl Jwk {
    /// Its name, if it has one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The one algorithm that it may be used with, if it says so.
    pub fn alg(&self) -> Option<SigningAlg> {
        self.alg
    }

    /// The key itself.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }
}

/// One entry of the array, with its place for error messages.
struct Entry<'a> {
    index: usize,
    members: &'a Map<String, Value>,
}

impl<'a> Entry<'a> {
    /// The key; `None` if it is sound but not one that we verify with.
    fn judge(&self) -> Result<Option<Jwk>, JwkSetError> {
        let index = self.index;
        let kty = self.text("kty")?.ok_or(JwkSetError::Member { index, member: "kty" })?;
        if kty == "oct" {
            return Err(JwkSetError::Symmetric { index });
        }
        if PRIVATE_MEMBERS.iter().any(|name| self.members.contains_key(*name)) {
            return Err(JwkSetError::Private { index });
        }
        let named = self.text("alg")?;
        let alg = named.and_then(SigningAlg::find);
        if !self.is_for_signatures(alg)? || named.is_some() != alg.is_some() {
            return Ok(None);
        }
        let Some(key) = self.key(kty)? else { return Ok(None) };
        if alg.is_some_and(|alg| !key.fits(alg)) {
            return Err(JwkSetError::Conflict { index });
        }
        Ok(Some(Jwk { kid: self.text("kid")?.map(str::to_owned), alg, key }))
    }

    /// Whether the key may verify signatures, by `use` and `key_ops` (RFC 7517 section 4.3).
    fn is_for_signatures(&self, alg: Option<SigningAlg>) -> Result<bool, JwkSetError> {
        let index = self.index;
        let by_use = self.text("use")?.map(|name| name == "sig");
        let by_ops = match self.members.get("key_ops") {
            None => None,
            Some(Value::Array(ops)) if ops.iter().all(Value::is_string) => {
                Some(ops.iter().any(|op| op == "verify"))
            }
            Some(_) => return Err(JwkSetError::Member { index, member: "key_ops" }),
        };
        match (by_use, by_ops) {
            (Some(one), Some(other)) if one != other => Err(JwkSetError::Conflict { index }),
            (Some(false), _) | (_, Some(false)) if alg.is_some() => {
                Err(JwkSetError::Conflict { index })
            }
            (one, other) => Ok(one.or(other).unwrap_or(true)),
        }
    }

    fn key(&self, kty: &str) -> Result<Option<PublicKey>, JwkSetError> {
        let made = match (kty, self.text("crv")?) {
            ("EC", Some("P-256")) => {
                // SEC 1's mark of an uncompressed point, then both coordinates.
                let mut point = vec![4];
                point.extend(self.bytes("x")?);
                point.extend(self.bytes("y")?);
                PublicKey::p256(&point)
            }
            ("OKP", Some("Ed25519")) => PublicKey::ed25519(&self.bytes("x")?),
            ("RSA", None) => PublicKey::rsa(self.bytes("n")?, self.bytes("e")?),
            _ => return Ok(None),
        };
        made.map(Some).map_err(|source| JwkSetError::Key { index: self.index, source })
    }

    /// A member that must be a text if it is there.
    fn text(&self, member: &'static str) -> Result<Option<&'a str>, JwkSetError> {
        match self.members.get(member) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(JwkSetError::Member { index: self.index, member }),
        }
    }

    /// A member that must be there, in base64url without padding.
    fn bytes(&self, member: &'static str) -> Result<Vec<u8>, JwkSetError> {
        let wrong = JwkSetError::Member { index: self.index, member };
        let Some(text) = self.text(member)? else { return Err(wrong) };
        URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong)
    }
}

#[cfg(test)]
mod tests;
