//! Client credentials: a token for a client itself, about nobody (RFC 6749 §4.4).

use super::{Client, Issuer, Params, token};
use crate::{
    error::{Rule, rules},
    scope::{STANDARD, Scopes},
};

rules! {
    SCOPE = "oidc.token.credentials_scope", InvalidScope,
        "The scope is malformed, not this client's, or about people.", "RFC 6749 4.4.2";
    TARGET = "oidc.token.credentials_resource", InvalidTarget,
        "The client may not ask for a token for that resource.", "RFC 8707 2";
}

/// What a client asks for in its own name.
#[derive(Clone, Debug)]
pub struct InOwnName<'a> {
    scope: Option<&'a str>,
    resources: Vec<&'a str>,
}

impl<'a> InOwnName<'a> {
    pub(super) fn read(params: &'a Params<'_>) -> Self {
        Self { scope: params.find("scope"), resources: token::resources(params) }
    }

    /// What the access token may say, for `client`, which has proven itself.
    ///
    /// Scopes of people's attributes are nobody's here. Without a scope in the request the client
    /// has all that are registered for it.
    pub fn admit(
        &self,
        client: &Client,
        issuer: &Issuer,
    ) -> Result<(Scopes, Vec<String>), &'static Rule> {
        let own = client.scopes.only(|scope| !STANDARD.contains(&scope));
        let scopes = match self.scope {
            None => own,
            Some(text) => {
                let asked = Scopes::parse(text).ok_or(&SCOPE)?;
                Some(asked).filter(|asked| asked.is_within(&own)).ok_or(&SCOPE)?
            }
        };
        let admitted = |name: &&str| *name == issuer.as_str() || client.audiences.contains(*name);
        if !self.resources.iter().all(admitted) {
            return Err(&TARGET);
        }
        Ok((scopes, self.resources.iter().map(|name| (*name).to_owned()).collect()))
    }
}

#[cfg(test)]
mod tests;
