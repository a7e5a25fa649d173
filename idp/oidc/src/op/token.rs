//! The token endpoint: what is asked in exchange for what, and the answer.

use std::fmt;

use idp_domain::Timestamp;
use serde::Serialize;
use thiserror::Error;

use super::{
    Client, Grant, Issuer, Opaque, Params,
    access_token::{self, Minted, Wanted},
    client::GrantType,
    client_credentials::InOwnName,
    code::Redemption,
    id_token,
    refresh::Refreshing,
};
use crate::{
    error::{Rule, rules},
    jwt::MintError,
    keys::{KeySet, SigningAlg},
    scope::Scopes,
};

rules! {
    NO_GRANT_TYPE = "oidc.token.grant_type_missing", InvalidRequest,
        "The request has no grant_type.", "RFC 6749 4.1.3";
    OTHER_GRANT_TYPE = "oidc.token.grant_type_unknown", UnsupportedGrantType,
        "The grant_type is none of authorization_code, refresh_token and client_credentials.", "RFC 6749 5.2";
    NOT_THIS_CLIENT = "oidc.token.grant_type", UnauthorizedClient,
        "This client is not registered for that grant_type.", "RFC 6749 5.2";
    INCOMPLETE = "oidc.token.incomplete", InvalidRequest,
        "The request lacks the code or the refresh_token.", "RFC 6749 4.1.3";
    TARGET = "oidc.token.resource", InvalidTarget,
        "The resource is not among those that were granted.", "RFC 8707 2.2";
}

/// What is asked of the token endpoint.
#[derive(Clone, Debug)]
pub enum TokenRequest<'a> {
    /// Tokens for a code.
    Code(Redemption<'a>),
    /// Tokens for a refresh token.
    Refresh(Refreshing<'a>),
    /// A token for the client itself.
    ClientCredentials(InOwnName<'a>),
}

impl<'a> TokenRequest<'a> {
    /// Reads a request of `client`, which has proven itself.
    ///
    /// The caller refused repeated parameters before ([`Params::once`]).
    //= rfc9700#2.4-1
    pub fn read(params: &'a Params<'_>, client: &Client) -> Result<Self, &'static Rule> {
        let name = params.find("grant_type").ok_or(&NO_GRANT_TYPE)?;
        let grant_type = GrantType::find(name).ok_or(&OTHER_GRANT_TYPE)?;
        if !client.may_use(grant_type) {
            return Err(&NOT_THIS_CLIENT);
        }
        Ok(match grant_type {
            GrantType::AuthorizationCode => Self::Code(Redemption {
                code: params.find("code").ok_or(&INCOMPLETE)?,
                redirect_uri: params.find("redirect_uri"),
                verifier: params.find("code_verifier"),
            }),
            GrantType::RefreshToken => {
                let token = params.find("refresh_token").ok_or(&INCOMPLETE)?;
                Self::Refresh(Refreshing::read(token, params))
            }
            GrantType::ClientCredentials => Self::ClientCredentials(InOwnName::read(params)),
        })
    }
}

/// The resources that a request names.
pub(super) fn resources<'p>(params: &'p Params<'_>) -> Vec<&'p str> {
    params.iter().filter(|(name, _)| *name == "resource").map(|(_, value)| value).collect()
}

/// The part of the granted resources that is asked for; all of them if none is named.
pub(super) fn narrow(granted: &[String], asked: &[&str]) -> Result<Vec<String>, &'static Rule> {
    if asked.is_empty() {
        return Ok(granted.to_vec());
    }
    let mut narrowed: Vec<String> = Vec::with_capacity(asked.len());
    for resource in asked {
        let found = granted.iter().find(|granted| granted == resource).ok_or(&TARGET)?;
        if !narrowed.contains(found) {
            narrowed.push(found.clone());
        }
    }
    Ok(narrowed)
}

/// Why no token was made: ours to mend.
#[derive(Debug, Error)]
pub enum TokenFault {
    /// No key signs with the algorithm that the client registered.
    #[error("no key signs with {alg}, which the client is registered for")]
    NoKey {
        /// The algorithm.
        alg: SigningAlg,
    },
    /// The token was not made.
    #[error("the token was not made")]
    Mint(#[from] MintError),
}

/// What a node needs to make tokens.
#[derive(Clone, Copy, Debug)]
pub struct Mint<'a> {
    /// Our name.
    pub issuer: &'a Issuer,
    /// Our keys.
    pub keys: &'a KeySet,
    /// The time.
    pub now: Timestamp,
}

/// An answer of the token endpoint, and what the trail and the store want to know of it.
#[derive(Clone)]
pub struct Answered {
    /// The JSON body. Never to be cached or logged.
    pub body: Vec<u8>,
    /// The name of the access token.
    pub jti: String,
    /// When the access token ceases to count.
    pub expires_at: Timestamp,
}

impl fmt::Debug for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body is all secrets.
        f.debug_struct("Answered")
            .field("jti", &self.jti)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Mint<'_> {
    /// Tokens about a person: access token, ID token if the grant is one of OpenID Connect, and
    /// the refresh token that was drawn.
    ///
    /// `nonce` is that of the authorization request for a code, and none for a refresh. `scopes`
    /// and `resources` are those of the grant, or what a refresh has narrowed them to.
    //= oidc-core#3.1.3.3-1
    //= rfc6749#3.3-1
    #[expect(clippy::too_many_arguments, reason = "each is a different fact about the answer")]
    pub fn about_person(
        &self,
        client: &Client,
        grant: &Grant,
        scopes: &Scopes,
        resources: &[String],
        nonce: Option<&str>,
        refresh_token: Option<&Opaque>,
        bits: [u8; 16],
    ) -> Result<Answered, TokenFault> {
        let wanted = Wanted { client, grant: Some(grant), scopes, resources };
        let access = self.access_token(&wanted, bits)?;
        let id_token = if scopes.has_openid() {
            let alg = client.id_token_alg;
            let key = self.keys.signer(alg).ok_or(TokenFault::NoKey { alg })?;
            let made =
                id_token::mint(grant, client, self.issuer, nonce, &access.token, key, self.now)?;
            Some(made)
        } else {
            None
        };
        let refresh_token = refresh_token.map(|token| token.value.expose().as_str());
        self.answer(access, id_token.as_deref(), refresh_token, scopes)
    }

    /// A token about nobody, for the client itself.
    //= rfc6749#4.4.3-1
    pub fn about_nobody(
        &self,
        client: &Client,
        scopes: &Scopes,
        resources: &[String],
        bits: [u8; 16],
    ) -> Result<Answered, TokenFault> {
        let access = self.access_token(&Wanted { client, grant: None, scopes, resources }, bits)?;
        self.answer(access, None, None, scopes)
    }

    fn access_token(&self, wanted: &Wanted<'_>, bits: [u8; 16]) -> Result<Minted, TokenFault> {
        let key = access_token::signer(self.keys)
            .ok_or(TokenFault::NoKey { alg: wanted.client.id_token_alg })?;
        Ok(access_token::mint(wanted, self.issuer, key, bits, self.now)?)
    }

    fn answer(
        &self,
        access: Minted,
        id_token: Option<&str>,
        refresh_token: Option<&str>,
        scopes: &Scopes,
    ) -> Result<Answered, TokenFault> {
        #[derive(Serialize)]
        struct Body<'a> {
            access_token: &'a str,
            token_type: &'static str,
            expires_in: u32,
            #[serde(skip_serializing_if = "Option::is_none")]
            refresh_token: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            id_token: Option<&'a str>,
            #[serde(skip_serializing_if = "str::is_empty")]
            scope: &'a str,
        }
        let body = Body {
            access_token: &access.token,
            token_type: "Bearer",
            expires_in: access.lifetime.as_seconds(),
            refresh_token,
            id_token,
            scope: scopes.as_str(),
        };
        let body = serde_json::to_vec(&body).map_err(MintError::from)?;
        Ok(Answered { body, jti: access.jti, expires_at: self.now + access.lifetime })
    }
}

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod tests;
