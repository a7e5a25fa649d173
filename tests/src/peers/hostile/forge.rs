//! The workbench on which a hostile issuer makes an ID token.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Issuer;
use crate::harness::jose::{self, SigningKey};

/// An honest ID token before it is signed; an attack changes what it wants.
#[derive(Debug)]
pub struct Forge<'a> {
    /// Who makes it.
    pub issuer: &'a Issuer,
    /// What was asked for at the authorization endpoint.
    pub asked: &'a BTreeMap<String, String>,
    /// The header, as an honest issuer would write it.
    pub header: Value,
    /// The claims, as an honest issuer would write them.
    pub claims: Value,
}

impl Forge<'_> {
    /// Header and claims with the issuer's own signature.
    pub fn sign(&self) -> String {
        self.issuer.key.sign_with(&self.header, &self.claims)
    }

    /// Header and claims with another key's signature.
    pub fn sign_by(&self, key: &SigningKey) -> String {
        key.sign_with(&self.header, &self.claims)
    }

    /// The same with another `alg` in the header and this signature, fitting or not.
    pub fn with_alg(&mut self, alg: &Value, signature: &[u8]) -> String {
        match alg {
            Value::Null => {
                self.header.as_object_mut().expect("an object").remove("alg");
            }
            _ => self.header["alg"] = alg.clone(),
        }
        let (header, claims) = (self.header.to_string(), self.claims.to_string());
        format!("{}.{}.{}", jose::b64(header), jose::b64(claims), jose::b64(signature))
    }

    /// Signed as if `secret` were a shared one.
    pub fn sign_hs256(&mut self, secret: &[u8]) -> String {
        self.header["alg"] = json!("HS256");
        jose::sign_hs256(secret, &self.header, &self.claims)
    }
}
