//! The userinfo endpoint: the attributes behind an access token (OpenID Connect Core §5.3).

use idp_domain::Timestamp;
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Grant, Issuer, Params, access_token::AccessToken};
use crate::{
    claims::Told,
    error::{Rule, rules},
    keys::KeySet,
};

rules! {
    SEVERAL = "oidc.bearer.several", InvalidRequest,
        "The request carries its token in more than one way.", "RFC 6750 2";
    IN_QUERY = "oidc.bearer.query", InvalidRequest,
        "A token does not belong into an address.", "RFC 6750 2.3";
    MISSING = "oidc.bearer.missing", InvalidToken,
        "The request has no access token.", "RFC 6750 3.1";
    INVALID = "oidc.bearer.token", InvalidToken,
        "The access token is malformed, expired, revoked or not for this endpoint.", "RFC 6750 3.1";
    NO_OPENID = "oidc.userinfo.scope", InsufficientScope,
        "The access token needs the scope openid.", "OpenID Connect Core 5.3.1";
}

/// The rule that a token breaks whose grant no longer stands.
pub fn revoked() -> &'static Rule {
    &INVALID
}

/// The token of a request: in the header, or in the form of a POST.
//= rfc6750#2-1
//= rfc6750#2.1-1
//= rfc6750#2.3-1
pub fn bearer<'a>(
    authorization: Option<&'a str>,
    query: &Params<'_>,
    form: Option<&'a Params<'_>>,
) -> Result<&'a str, &'static Rule> {
    if query.find("access_token").is_some() {
        return Err(&IN_QUERY);
    }
    let in_form = form.and_then(|form| form.find("access_token"));
    match (authorization, in_form) {
        (Some(_), Some(_)) => Err(&SEVERAL),
        (None, Some(token)) => Ok(token),
        (None, None) => Err(&MISSING),
        (Some(header), None) => {
            let (scheme, token) = header.split_once(' ').ok_or(&MISSING)?;
            if !scheme.eq_ignore_ascii_case("Bearer") {
                return Err(&MISSING);
            }
            Ok(token.trim_start_matches(' '))
        }
    }
}

/// The value of `WWW-Authenticate` with an error; one without credentials names no error.
//= oidc-core#5.3.3-1
//= rfc6750#3-1
//= rfc6750#3.1-1
#[must_use]
pub fn challenge(rule: &Rule) -> String {
    if *rule == MISSING {
        return "Bearer".to_owned();
    }
    format!("Bearer error=\"{}\", error_description=\"{}\"", rule.code, rule.text)
}

/// Verifies a token that is to open this endpoint, and names the grant to look up.
pub fn admit(
    token: &str,
    keys: &KeySet,
    issuer: &Issuer,
    now: Timestamp,
) -> Result<AccessToken, &'static Rule> {
    let token = AccessToken::verify(token, keys, issuer, now).map_err(|_| &INVALID)?;
    if !token.is_for(issuer.as_str()) || token.grant.is_none() {
        return Err(&INVALID);
    }
    if !token.scopes.has_openid() {
        return Err(&NO_OPENID);
    }
    Ok(token)
}

/// The JSON body: `sub`, and what the token's scopes and the request by name ask for.
///
/// The grant must be the one that the token names, and stand.
//= oidc-core#5.3.2-1
pub fn body(token: &AccessToken, grant: &Grant) -> Result<Vec<u8>, &'static Rule> {
    if token.grant.as_ref() != Some(&grant.id) || token.client_id != grant.client.as_str() {
        return Err(&INVALID);
    }
    serde_json::to_vec(&Body { token, grant }).map_err(|_| &INVALID)
}

struct Body<'a> {
    token: &'a AccessToken,
    grant: &'a Grant,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        let mut claims = writer.serialize_map(None)?;
        claims.serialize_entry("sub", &self.grant.subject)?;
        let told = Told {
            released: &self.grant.released,
            scopes: Some(&self.token.scopes),
            names: &self.grant.claims.userinfo,
        };
        told.write(&mut claims)?;
        claims.end()
    }
}

#[cfg(test)]
mod tests;
