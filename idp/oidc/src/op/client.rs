//! Clients: the half of a relying party that only this dialect knows, checked when registered.
//!
//! A [`Client`] that exists is sound; only [`Client::register`] makes one.

mod channels;
mod register;
mod registration;
mod uri;

use std::{collections::BTreeSet, fmt};

use idp_domain::{Acr, Lifetime, RelyingPartyId, Timestamp, subject::SubjectKind};
use serde::{Deserialize, Serialize};
use subtle::{Choice, ConstantTimeEq};
use url::Url;

pub use registration::{ClientRegistration, RegisteredSecret};
pub use uri::{Surroundings, web_uri};

use super::{ResponseMode, redirect_uri::RedirectUris};
use crate::{jwk::JwkSet, keys::SigningAlg, scope::Scopes};

/// How long an access token lives unless registered otherwise.
pub const ACCESS_TOKEN_LIFETIME: Lifetime = Lifetime::minutes(5);
/// How long an unused refresh token lives unless registered otherwise.
pub const REFRESH_TOKEN_LIFETIME: Lifetime = Lifetime::hours(24 * 30);

/// Why a registration is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem} ({slug})")]
pub struct RegistrationError {
    /// The stable name of the rule.
    pub slug: &'static str,
    /// The field of the registration that breaks it.
    pub field: &'static str,
    /// What is wrong; may quote the field, cut to 200 characters.
    pub problem: String,
    /// What to do about it.
    pub hint: &'static str,
}

/// Where a client runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApplicationType {
    /// Behind a web address of its own.
    #[default]
    Web,
    /// On a person's device (RFC 8252).
    Native,
}

/// How a client proves itself (OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// A secret in the `Authorization` header.
    #[default]
    ClientSecretBasic,
    /// A secret in the form.
    ClientSecretPost,
    /// A token signed with a key of its own.
    PrivateKeyJwt,
    /// Not at all: a public client.
    None,
}

impl AuthMethod {
    /// All methods.
    pub const ALL: [Self; 4] =
        [Self::ClientSecretBasic, Self::ClientSecretPost, Self::PrivateKeyJwt, Self::None];

    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::None => "none",
        }
    }
}

/// What a client can exchange for tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// An authorization code.
    AuthorizationCode,
    /// A refresh token.
    RefreshToken,
    /// Its own credentials, for a token about nobody.
    ClientCredentials,
}

impl GrantType {
    /// All grant types.
    pub const ALL: [Self; 3] =
        [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials];

    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }

    /// The grant type of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant| grant.as_str() == name)
    }
}

/// How much a client can do for its own safety.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// PKCE always.
    #[default]
    Strict,
    /// Old software: a confidential client may send a nonce instead.
    Baseline,
}

/// The SHA-256 of a random client secret, and how long it counts.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret {
    hash: [u8; 32],
    expires_at: Option<Timestamp>,
}

impl ClientSecret {
    /// Whether `hash` is this one's and it still counts. The time tells nothing of the hash.
    pub(super) fn matches(&self, hash: &[u8; 32], now: Timestamp) -> Choice {
        let live = self.expires_at.is_none_or(|end| now < end);
        self.hash.ct_eq(hash) & Choice::from(u8::from(live))
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSecret").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// How a client proves itself, with what it takes.
#[derive(Clone, Debug)]
pub enum Authentication {
    /// Not at all.
    None,
    /// By a secret.
    Secret {
        /// In the header rather than in the form.
        basic: bool,
        /// One or two secrets, so that one can follow the other.
        secrets: Vec<ClientSecret>,
    },
    /// By a token that it signed.
    Assertion {
        /// Its keys.
        keys: JwkSet,
        /// The algorithm that it signs with.
        alg: SigningAlg,
        /// Whether the token endpoint's address is an audience too.
        legacy_audience: bool,
    },
}

impl Authentication {
    /// The method by its name on the wire.
    #[must_use]
    pub fn method(&self) -> AuthMethod {
        match self {
            Self::None => AuthMethod::None,
            Self::Secret { basic: true, .. } => AuthMethod::ClientSecretBasic,
            Self::Secret { basic: false, .. } => AuthMethod::ClientSecretPost,
            Self::Assertion { .. } => AuthMethod::PrivateKeyJwt,
        }
    }
}

/// A registered client.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its id.
    pub id: RelyingPartyId,
    /// Where it runs.
    pub application_type: ApplicationType,
    /// How it proves itself.
    pub authentication: Authentication,
    /// What it must do for its own safety.
    pub profile: Profile,
    /// Where answers may go.
    pub redirect_uris: RedirectUris,
    /// Where people may go after a logout.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where its server hears of logouts.
    pub backchannel_logout_uri: Option<Url>,
    /// What a frame loads so that it hears of logouts.
    pub frontchannel_logout_uri: Option<Url>,
    /// What it can exchange for tokens.
    pub grant_types: BTreeSet<GrantType>,
    /// How answers may travel.
    pub response_modes: Vec<ResponseMode>,
    /// The scopes that it may have.
    pub scopes: Scopes,
    /// The resources that it may ask tokens for.
    pub audiences: BTreeSet<String>,
    /// The resources that it is: it may introspect tokens for them.
    pub resources: BTreeSet<String>,
    /// What its ID tokens are signed with.
    pub id_token_alg: SigningAlg,
    /// How it is told who somebody is.
    pub subject: SubjectKind,
    /// Clients of one sector are told the same pairwise subject.
    pub sector: String,
    /// How long its access tokens live.
    pub access_token_lifetime: Lifetime,
    /// How long its refresh tokens live unused.
    pub refresh_token_lifetime: Lifetime,
    /// How old an authentication may be where a request does not say.
    pub default_max_age: Option<Lifetime>,
    /// The contexts that are wanted where a request does not say.
    pub default_acr: Vec<Acr>,
    /// Whether its ID tokens must say when the person authenticated.
    pub require_auth_time: bool,
    /// Whether it may have refresh tokens.
    pub offline_access: bool,
    /// Whether claims of scopes stand in the ID token too, for software that asks no userinfo.
    pub claims_in_id_token: bool,
    /// Its home page.
    pub client_uri: Option<Url>,
    /// Where a login can be started afresh.
    pub initiate_login_uri: Option<Url>,
    /// What it promises about personal data.
    pub policy_uri: Option<Url>,
    /// Its terms.
    pub tos_uri: Option<Url>,
}

impl Client {
    /// Registers the client `id`; every rule that is broken is told, not only the first.
    pub fn register(
        id: RelyingPartyId,
        registration: &ClientRegistration,
        surroundings: Surroundings,
    ) -> Result<Self, Vec<RegistrationError>> {
        register::register(id, registration, surroundings)
    }

    /// Whether it has no means to prove itself.
    #[must_use]
    pub fn is_public(&self) -> bool {
        matches!(self.authentication, Authentication::None)
    }

    /// Whether it may use `grant_type`.
    #[must_use]
    pub fn may_use(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }
}

#[cfg(test)]
mod tests;
