//! Discovery: what we can do, said once and true (OpenID Connect Discovery, RFC 8414).

use idp_domain::{assurance, attribute::REGISTRY};
use serde::Serialize;

use super::{
    Endpoints, Issuer, ResponseMode,
    client::{AuthMethod, GrantType},
};
use crate::{keys::SigningAlg, pkce, scope::STANDARD};

/// Claims that do not come from attributes.
const OWN_CLAIMS: [&str; 12] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "sid",
    "at_hash",
    "email_verified",
];

/// The document as it is served under both names: rendered once, when keys or settings change.
///
/// `algs` are the algorithms that ID tokens can be signed with now, `locales` the languages of the
/// pages.
//= oidc-discovery#3-1
//= rfc8414#2-2
//= rfc8414#2-3
//= rfc8414#3.2-1
#[must_use]
pub fn render(
    issuer: &Issuer,
    endpoints: &Endpoints,
    algs: &[SigningAlg],
    locales: &[&str],
) -> Vec<u8> {
    let confidential: Vec<&str> = AuthMethod::ALL
        .into_iter()
        .filter(|method| *method != AuthMethod::None)
        .map(AuthMethod::as_str)
        .collect();
    let assertion_algs = SigningAlg::ALL.map(SigningAlg::as_str);
    let claims = REGISTRY.iter().map(|def| def.claim);
    let document = Document {
        issuer: issuer.as_str(),
        authorization_endpoint: &endpoints.authorize,
        token_endpoint: &endpoints.token,
        userinfo_endpoint: &endpoints.userinfo,
        jwks_uri: &endpoints.jwks,
        introspection_endpoint: &endpoints.introspect,
        revocation_endpoint: &endpoints.revoke,
        end_session_endpoint: &endpoints.logout,
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
        frontchannel_logout_supported: true,
        frontchannel_logout_session_supported: true,
        scopes_supported: &STANDARD,
        response_types_supported: ["code"],
        response_modes_supported: ResponseMode::ALL.map(ResponseMode::as_str),
        grant_types_supported: GrantType::ALL.map(GrantType::as_str),
        subject_types_supported: ["pairwise", "public"],
        id_token_signing_alg_values_supported: algs.iter().map(|alg| alg.as_str()).collect(),
        token_endpoint_auth_methods_supported: AuthMethod::ALL.map(AuthMethod::as_str),
        token_endpoint_auth_signing_alg_values_supported: assertion_algs,
        introspection_endpoint_auth_methods_supported: &confidential,
        introspection_endpoint_auth_signing_alg_values_supported: assertion_algs,
        revocation_endpoint_auth_methods_supported: AuthMethod::ALL.map(AuthMethod::as_str),
        revocation_endpoint_auth_signing_alg_values_supported: assertion_algs,
        code_challenge_methods_supported: [pkce::METHOD],
        claim_types_supported: ["normal"],
        claims_supported: OWN_CLAIMS.into_iter().chain(claims).collect(),
        claims_parameter_supported: true,
        request_parameter_supported: false,
        request_uri_parameter_supported: false,
        prompt_values_supported: ["none", "login", "consent", "select_account"],
        acr_values_supported: &assurance::KNOWN,
        authorization_response_iss_parameter_supported: true,
        ui_locales_supported: locales,
    };
    // Texts and lists always serialize.
    serde_json::to_vec(&document).unwrap_or_default()
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the document has these")]
struct Document<'a> {
    issuer: &'a str,
    authorization_endpoint: &'a str,
    token_endpoint: &'a str,
    userinfo_endpoint: &'a str,
    jwks_uri: &'a str,
    introspection_endpoint: &'a str,
    revocation_endpoint: &'a str,
    //= oidc-rpinitiated#2.1-1
    end_session_endpoint: &'a str,
    //= oidc-backchannel#2.1-1
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    //= oidc-frontchannel#3-2
    frontchannel_logout_supported: bool,
    frontchannel_logout_session_supported: bool,
    scopes_supported: &'a [&'a str],
    response_types_supported: [&'a str; 1],
    response_modes_supported: [&'a str; 2],
    grant_types_supported: [&'a str; 3],
    subject_types_supported: [&'a str; 2],
    id_token_signing_alg_values_supported: Vec<&'a str>,
    token_endpoint_auth_methods_supported: [&'a str; 4],
    token_endpoint_auth_signing_alg_values_supported: [&'a str; 4],
    introspection_endpoint_auth_methods_supported: &'a [&'a str],
    introspection_endpoint_auth_signing_alg_values_supported: [&'a str; 4],
    revocation_endpoint_auth_methods_supported: [&'a str; 4],
    revocation_endpoint_auth_signing_alg_values_supported: [&'a str; 4],
    //= rfc9700#2.1.1-7
    code_challenge_methods_supported: [&'a str; 1],
    claim_types_supported: [&'a str; 1],
    claims_supported: Vec<&'a str>,
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    prompt_values_supported: [&'a str; 4],
    acr_values_supported: &'a [&'a str],
    //= rfc9207#3-1
    authorization_response_iss_parameter_supported: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    ui_locales_supported: &'a [&'a str],
}

#[cfg(test)]
mod tests;
