//! Client authentication: one method a request, the registered one, or none at all.
//!
//! Whoever fails is told the same, whatever the reason; the slug says it to the trail.

use std::{borrow::Cow, fmt};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use idp_domain::{Lifetime, RelyingPartyId, Secret, Timestamp};
use subtle::Choice;

use super::{
    Client, Endpoints, Issuer, Params,
    client::{Authentication, ClientSecret},
    params::decode,
};
use crate::{
    error::{Rule, rules},
    jwt::{self, AssertionRules},
};

/// The value of `WWW-Authenticate` with every `invalid_client`.
//= rfc6749#5.2-1
pub const CHALLENGE: &str = "Basic realm=\"broker\", charset=\"UTF-8\"";

/// How far a client's clock may be off.
const SKEW: Lifetime = Lifetime::minutes(1);
/// The longest secret that is looked at, in bytes.
const MAX_SECRET: usize = 1_024;
/// The one type of assertion (RFC 7523 §2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

rules! {
    IN_QUERY = "oidc.client_auth.query", InvalidRequest,
        "Parameters belong into the form, not into the address.", "RFC 6749 2.3.1";
    SEVERAL = "oidc.client_auth.several", InvalidRequest,
        "The request uses more than one method of client authentication.", "RFC 6749 2.3";
    OTHER_ID = "oidc.client_auth.two_clients", InvalidRequest,
        "The request names two clients.", "RFC 6749 2.3";
    ASSERTION_FORM = "oidc.client_auth.assertion_form", InvalidRequest,
        "A client assertion needs client_assertion and client_assertion_type.", "RFC 7521 4.2";
    NOBODY = "oidc.client_auth.missing", InvalidClient,
        "Client authentication failed.", "RFC 6749 5.2";
    HEADER = "oidc.client_auth.header", InvalidClient,
        "Client authentication failed.", "RFC 6749 2.3.1";
    UNKNOWN = "oidc.client_auth.unknown", InvalidClient,
        "Client authentication failed.", "RFC 6749 5.2";
    DISABLED = "oidc.client_auth.disabled", InvalidClient,
        "Client authentication failed.", "RFC 6749 5.2";
    METHOD = "oidc.client_auth.method", InvalidClient,
        "Client authentication failed.", "OpenID Connect Core 9";
    SECRET = "oidc.client_auth.secret", InvalidClient,
        "Client authentication failed.", "RFC 6749 2.3.1";
    ASSERTION = "oidc.client_auth.assertion", InvalidClient,
        "Client authentication failed.", "RFC 7523 3";
}

/// Who a request says that it is of, and what it shows for it.
#[derive(Clone)]
pub struct Credentials<'a> {
    client_id: Cow<'a, str>,
    shown: Shown<'a>,
}

#[derive(Clone)]
enum Shown<'a> {
    Nothing,
    Basic(Secret<String>),
    Post(Secret<String>),
    Assertion(&'a str),
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// A client that has proven itself, or that is public and need not.
#[derive(Clone, Debug)]
pub struct Authenticated<'c> {
    /// The client.
    pub client: &'c Client,
    /// What must be used once now: before anything else is done, the caller marks it as used and
    /// stops if it was.
    pub once: Option<OnceOnly>,
}

/// The name of a client assertion, unique among those of one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnceOnly {
    /// Whose assertion it was.
    pub client: RelyingPartyId,
    /// Its `jti`.
    pub jti: String,
    /// Until when the name must be remembered.
    pub remember_until: Timestamp,
}

/// The rule that an assertion breaks which was used before.
pub fn assertion_used_before() -> &'static Rule {
    &ASSERTION
}

/// The rule that a client breaks which is switched off.
pub fn disabled() -> &'static Rule {
    &DISABLED
}

impl<'a> Credentials<'a> {
    /// Reads the header `Authorization` and the form of a request.
    ///
    /// `stray_query`: whether the address carries parameters; they may be secrets, and addresses
    /// are written to logs.
    //= rfc6749#2.3-1
    //= rfc6749#2.3.1-2
    pub fn read(
        authorization: Option<&str>,
        stray_query: bool,
        params: &'a Params<'_>,
    ) -> Result<Self, &'static Rule> {
        if stray_query {
            return Err(&IN_QUERY);
        }
        let id = params.find("client_id");
        let secret = params.find("client_secret");
        let assertion =
            match (params.find("client_assertion"), params.find("client_assertion_type")) {
                (None, None) => None,
                (Some(assertion), Some(ASSERTION_TYPE)) => Some(assertion),
                _ => return Err(&ASSERTION_FORM),
            };
        let methods = [authorization.is_some(), secret.is_some(), assertion.is_some()];
        if methods.into_iter().filter(|used| *used).count() > 1 {
            return Err(&SEVERAL);
        }
        if let Some(header) = authorization {
            let (name, secret) = basic(header).ok_or(&HEADER)?;
            if id.is_some_and(|id| id != name) {
                return Err(&OTHER_ID);
            }
            return Ok(Self { client_id: name.into(), shown: Shown::Basic(secret) });
        }
        if let Some(assertion) = assertion {
            let issuer = jwt::danger_unverified_issuer(assertion).map_err(|_| &ASSERTION)?;
            if id.is_some_and(|id| id != issuer) {
                return Err(&OTHER_ID);
            }
            return Ok(Self { client_id: issuer.into(), shown: Shown::Assertion(assertion) });
        }
        let client_id = id.ok_or(&NOBODY)?.into();
        let shown = secret.map_or(Shown::Nothing, |secret| Shown::Post(secret.to_owned().into()));
        Ok(Self { client_id, shown })
    }

    /// Who the request says that it is of. Nothing is proven yet.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Verifies the credentials against the client of that name, if there is one.
    //= oidc-core#9-1
    //= rfc6749#3.2.1-1
    //= rfc7662#2.3-1
    pub fn verify<'c>(
        &self,
        client: Option<&'c Client>,
        issuer: &Issuer,
        endpoints: &Endpoints,
        now: Timestamp,
    ) -> Result<Authenticated<'c>, &'static Rule> {
        // An unknown client costs the same hash as a known one.
        let hash = self.secret_hash();
        let Some(client) = client.filter(|client| client.id.as_str() == self.client_id) else {
            return Err(&UNKNOWN);
        };
        let once = match (&self.shown, &client.authentication) {
            (Shown::Nothing, Authentication::None) => None,
            (Shown::Basic(_), Authentication::Secret { basic: true, secrets })
            | (Shown::Post(_), Authentication::Secret { basic: false, secrets }) => {
                verify_secret(hash.as_ref(), secrets, now)?;
                None
            }
            (
                Shown::Assertion(assertion),
                Authentication::Assertion { keys, alg, legacy_audience },
            ) => {
                let rules = AssertionRules {
                    client_id: client.id.as_str(),
                    keys,
                    algs: std::slice::from_ref(alg),
                    issuer: issuer.as_str(),
                    legacy_audience: legacy_audience.then_some(endpoints.token.as_str()),
                    now,
                    skew: SKEW,
                };
                let held =
                    jwt::verify_client_assertion(assertion, &rules).map_err(|_| &ASSERTION)?;
                Some(OnceOnly {
                    client: client.id.clone(),
                    jti: held.jti,
                    remember_until: held.remember_until,
                })
            }
            _ => return Err(&METHOD),
        };
        Ok(Authenticated { client, once })
    }

    fn secret_hash(&self) -> Option<[u8; 32]> {
        let (Shown::Basic(secret) | Shown::Post(secret)) = &self.shown else { return None };
        let secret = secret.expose();
        if secret.len() > MAX_SECRET {
            return None;
        }
        digest(&SHA256, secret.as_bytes()).as_ref().try_into().ok()
    }
}

/// Compares with every registered secret, whatever the first one says.
fn verify_secret(
    hash: Option<&[u8; 32]>,
    secrets: &[ClientSecret],
    now: Timestamp,
) -> Result<(), &'static Rule> {
    let hash = hash.ok_or(&SECRET)?;
    let found =
        secrets.iter().fold(Choice::from(0), |found, secret| found | secret.matches(hash, now));
    if found.into() { Ok(()) } else { Err(&SECRET) }
}

/// Name and secret of a Basic header, form-decoded; `None` when it is anything else.
//= rfc6749#2.3.1-1
fn basic(header: &str) -> Option<(String, Secret<String>)> {
    let (scheme, rest) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    // Strict: one text for one pair of name and secret.
    let pair = Secret::new(STANDARD.decode(rest.trim_start_matches(' ')).ok()?);
    let colon = pair.expose().iter().position(|byte| *byte == b':')?;
    let (name, secret) = pair.expose().split_at_checked(colon)?;
    let name = decode(name)?.into_owned();
    let secret = decode(secret.get(1..)?)?.into_owned();
    Some((name, Secret::new(secret)))
}

#[cfg(test)]
mod tests;
