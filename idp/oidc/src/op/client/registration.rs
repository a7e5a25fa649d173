//! The registered form of a client: how it stands in the federation file.

use idp_domain::{Acr, Timestamp, subject::SubjectKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ApplicationType, AuthMethod, GrantType, Profile};
use crate::{keys::SigningAlg, op::ResponseMode};

/// A client as it stands in the federation file, by the names of RFC 7591 where it has them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the registration")]
pub struct ClientRegistration {
    /// Where answers may go; each in full.
    pub redirect_uris: Vec<String>,
    /// Where people may go after a logout; each in full.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where its server hears of logouts (OpenID Connect Back-Channel Logout).
    pub backchannel_logout_uri: Option<String>,
    /// Whether it must be told which session; it always is.
    pub backchannel_logout_session_required: bool,
    /// What a frame in the browser loads so that it hears of logouts (OpenID Connect
    /// Front-Channel Logout).
    pub frontchannel_logout_uri: Option<String>,
    /// Whether it must be told which session; it always is.
    pub frontchannel_logout_session_required: bool,
    /// `web` or `native`.
    pub application_type: ApplicationType,
    /// How the client proves itself.
    pub token_endpoint_auth_method: AuthMethod,
    /// What a client that proves itself by a token signs it with.
    pub token_endpoint_auth_signing_alg: Option<SigningAlg>,
    /// Whether such a token may name the token endpoint as its audience, as old software does.
    pub token_endpoint_as_audience: bool,
    /// One secret, or two while one follows the other.
    pub client_secrets: Vec<RegisteredSecret>,
    /// The public keys of the client (RFC 7517).
    pub jwks: Option<Value>,
    /// `strict`, or `baseline` for software without PKCE.
    pub profile: Profile,
    /// What the client can exchange for tokens.
    pub grant_types: Vec<GrantType>,
    /// The scopes that it may have.
    pub scopes: Vec<String>,
    /// How answers may travel.
    pub response_modes: Vec<ResponseMode>,
    /// What its ID tokens are signed with.
    pub id_token_signed_response_alg: SigningAlg,
    /// `pairwise` or `public`.
    pub subject_type: SubjectKind,
    /// The host that stands for all of its hosts where a pairwise subject is made.
    pub sector: Option<String>,
    /// The resources that it may ask tokens for (RFC 8707).
    pub audiences: Vec<String>,
    /// The resources that it is.
    pub resources: Vec<String>,
    /// How long its access tokens live, in seconds: 30 to 3,600.
    pub access_token_lifetime: Option<u32>,
    /// How long its refresh tokens live unused, in seconds: 300 to 34,560,000.
    pub refresh_token_lifetime: Option<u32>,
    /// How old an authentication may be where a request does not say, in seconds.
    pub default_max_age: Option<u32>,
    /// The contexts that are wanted where a request does not say, best first.
    pub default_acr_values: Vec<Acr>,
    /// Whether its ID tokens must say when the person authenticated.
    pub require_auth_time: bool,
    /// Whether it may have refresh tokens.
    pub offline_access: bool,
    /// Whether claims of scopes stand in the ID token too.
    pub claims_in_id_token: bool,
    /// Its home page.
    pub client_uri: Option<String>,
    /// Where a login can be started afresh.
    pub initiate_login_uri: Option<String>,
    /// What it promises about personal data.
    pub policy_uri: Option<String>,
    /// Its terms.
    pub tos_uri: Option<String>,
}

/// A client's secret as it is registered: its hash, never itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisteredSecret {
    /// The SHA-256 of the secret, in 64 hexadecimal digits.
    pub sha256: String,
    /// When it ceases to count, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl Default for ClientRegistration {
    fn default() -> Self {
        Self {
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            backchannel_logout_session_required: false,
            frontchannel_logout_uri: None,
            frontchannel_logout_session_required: false,
            application_type: ApplicationType::default(),
            token_endpoint_auth_method: AuthMethod::default(),
            token_endpoint_auth_signing_alg: None,
            token_endpoint_as_audience: false,
            client_secrets: Vec::new(),
            jwks: None,
            profile: Profile::default(),
            grant_types: vec![GrantType::AuthorizationCode],
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
            response_modes: ResponseMode::ALL.to_vec(),
            id_token_signed_response_alg: SigningAlg::Es256,
            subject_type: SubjectKind::default(),
            sector: None,
            audiences: Vec::new(),
            resources: Vec::new(),
            access_token_lifetime: None,
            refresh_token_lifetime: None,
            default_max_age: None,
            default_acr_values: Vec::new(),
            require_auth_time: false,
            offline_access: false,
            claims_in_id_token: false,
            client_uri: None,
            initiate_login_uri: None,
            policy_uri: None,
            tos_uri: None,
        }
    }
}
