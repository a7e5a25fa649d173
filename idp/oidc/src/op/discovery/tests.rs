//! Tests of the discovery document.

use expect_test::expect;
use serde_json::Value;

use super::render;
use crate::{
    keys::SigningAlg,
    op::testing::{ENDPOINTS, ISSUER, json},
};

//= oidc-discovery#3-1 test
//= rfc8414#2-2 test
//= rfc8414#2-3 test
//= rfc9700#2.1.1-7 test
//= rfc9207#3-1 test
//= oidc-rpinitiated#2.1-1 test
//= oidc-backchannel#2.1-1 test
//= oidc-frontchannel#3-2 test
#[test]
fn the_document_says_what_we_do() {
    let document =
        render(&ISSUER, &ENDPOINTS, &[SigningAlg::Es256, SigningAlg::Rs256], &["ar", "en"]);
    let Value::Object(members) = json(&document) else { panic!("no object") };
    let lines: Vec<_> = members.iter().map(|(name, value)| format!("{name} {value}")).collect();
    expect![[r#"
        acr_values_supported ["urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport","https://refeds.org/profile/sfa","urn:laissez-passer:assurance:aal1","https://refeds.org/profile/mfa","urn:laissez-passer:assurance:aal2","phr","urn:laissez-passer:assurance:aal3","phrh"]
        authorization_endpoint "https://broker.example/oidc/authorize"
        authorization_response_iss_parameter_supported true
        backchannel_logout_session_supported true
        backchannel_logout_supported true
        claim_types_supported ["normal"]
        claims_parameter_supported true
        claims_supported ["iss","sub","aud","exp","iat","auth_time","nonce","acr","amr","sid","at_hash","email_verified","subject_id","pairwise_id","eduperson_principal_name","email","name","given_name","family_name","locale","eduperson_scoped_affiliation","eduperson_assurance","eduperson_entitlement","groups","schac_home_organization","agency"]
        code_challenge_methods_supported ["S256"]
        end_session_endpoint "https://broker.example/oidc/logout"
        frontchannel_logout_session_supported true
        frontchannel_logout_supported true
        grant_types_supported ["authorization_code","refresh_token","client_credentials"]
        id_token_signing_alg_values_supported ["ES256","RS256"]
        introspection_endpoint "https://broker.example/oidc/introspect"
        introspection_endpoint_auth_methods_supported ["client_secret_basic","client_secret_post","private_key_jwt"]
        introspection_endpoint_auth_signing_alg_values_supported ["ES256","EdDSA","PS256","RS256"]
        issuer "https://broker.example"
        jwks_uri "https://broker.example/oidc/jwks"
        prompt_values_supported ["none","login","consent","select_account"]
        request_parameter_supported false
        request_uri_parameter_supported false
        response_modes_supported ["query","form_post"]
        response_types_supported ["code"]
        revocation_endpoint "https://broker.example/oidc/revoke"
        revocation_endpoint_auth_methods_supported ["client_secret_basic","client_secret_post","private_key_jwt","none"]
        revocation_endpoint_auth_signing_alg_values_supported ["ES256","EdDSA","PS256","RS256"]
        scopes_supported ["openid","profile","email","agency","groups","federation","offline_access"]
        subject_types_supported ["pairwise","public"]
        token_endpoint "https://broker.example/oidc/token"
        token_endpoint_auth_methods_supported ["client_secret_basic","client_secret_post","private_key_jwt","none"]
        token_endpoint_auth_signing_alg_values_supported ["ES256","EdDSA","PS256","RS256"]
        ui_locales_supported ["ar","en"]
        userinfo_endpoint "https://broker.example/oidc/userinfo""#]].assert_eq(&lines.join("\n"));
}

//= rfc8414#3.2-1 test
#[test]
fn an_empty_list_is_left_out() {
    let document = json(&render(&ISSUER, &ENDPOINTS, &[SigningAlg::Es256], &[]));
    assert!(document.get("ui_locales_supported").is_none());
}
