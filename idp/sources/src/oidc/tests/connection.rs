//! Connections as operators write them.

use std::error::Error as _;
use std::fmt::Write as _;

use aws_lc_rs::rand::SystemRandom;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use expect_test::expect;
use idp_oidc::keys::KeyKind;

use super::*;

#[tokio::test]
async fn configured_endpoints_need_no_discovery() {
    let op = TestProvider::start().await;
    let connection = json!({
        "issuer": op.base, "client_id": CLIENT_ID, "client_secret": SECRET, "userinfo": false,
        "token_endpoint_auth_method": "client_secret_post",
        "endpoints": {
            "authorization_endpoint": format!("{}/authorize", op.base),
            "token_endpoint": format!("{}/token", op.base),
            "jwks_uri": format!("{}/keys", op.base),
            "userinfo_endpoint": format!("{}/userinfo", op.base),
        },
    });
    let scene = Scene { connector: connector(connection).unwrap(), op };
    let event = scene.proven().await;
    assert_eq!(event.identity.attributes.iter().count(), 1, "no userinfo was asked for");
    assert_eq!(scene.op.asked("/.well-known/openid-configuration"), 0);
    assert_eq!(scene.op.asked("/userinfo"), 0);
}

#[tokio::test]
async fn a_private_key_proves_who_we_are_to_the_audience_that_is_configured() {
    let pkcs8 = KeyKind::EdDsa.generate(&SystemRandom::new());
    let der = STANDARD.encode(pkcs8.unwrap().expose());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
    for (audience, path) in [("issuer", ""), ("token_endpoint", "/token")] {
        let more = json!({"private_key": pem, "assertion_audience": audience});
        let scene = Scene::with(more).await;
        scene.proven().await;
        let form = scene.op.form();
        let assertion = form["client_assertion"].split('.').nth(1).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(assertion).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["aud"], format!("{}{path}", scene.op.base));
        assert_eq!((&claims["iss"], &claims["sub"]), (&json!(CLIENT_ID), &json!(CLIENT_ID)));
        assert!(!form.contains_key("client_secret"));
    }
}

#[test]
fn a_connection_that_can_never_work_is_refused_with_a_reason() {
    let base = json!({"issuer": "https://op.example", "client_id": "broker", "client_secret": "s"});
    let endpoints = json!({
        "authorization_endpoint": "javascript:alert(1)",
        "token_endpoint": "https://op.example/token",
        "jwks_uri": "https://op.example/keys",
    });
    let mut told = String::new();
    for change in [
        json!({"issuer": "http://op.example"}),
        json!({"issuer": "https://login.example/{directory}/v2.0"}),
        json!({"client_id": ""}),
        json!({"client_secret": null}),
        json!({"private_key": "beside the secret"}),
        json!({"client_secret": null, "private_key": "no PEM"}),
        json!({"token_endpoint_auth_method": "private_key_jwt"}),
        json!({"id_token_algs": []}),
        json!({"required_claims": {"hd": []}}),
        json!({"claims": {"shoeSize": "s"}}),
        json!({"clock_skew_seconds": 301}),
        json!({ "endpoints": endpoints }),
    ] {
        let mut connection = base.clone();
        connection.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let error = connector(connection).unwrap_err();
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        writeln!(told, "{error}{cause}").unwrap();
    }
    expect![[r#"
        the connection names a place that cannot be used: "http://op.example" is not an issuer: an https URL without user name, query or fragment
        the connection names a place that cannot be used: "https://login.example/{directory}/v2.0" is not an issuer: an https URL without user name, query or fragment
        client_id is empty
        client_secret is needed, and it alone, for the way in which we prove who we are
        client_secret is needed, and it alone, for the way in which we prove who we are
        private_key is not a private key in PEM (PKCS #8: `BEGIN PRIVATE KEY`)
        private_key is needed, and it alone, for the way in which we prove who we are
        id_token_algs is empty
        required_claims is empty
        claims: there is no attribute shoeSize
        clock_skew_seconds is 301, more than 300
        the connection names a place that cannot be used: the endpoint authorization_endpoint is not an https URL without user name or fragment
    "#]].assert_eq(&told);
    assert!(connector(base).is_ok());
}

#[test]
fn a_connection_knows_its_fields_and_does_not_show_its_secret() {
    let unknown = json!({"issuer": "https://op.example", "client_id": "b", "secret": "hush"});
    assert!(serde_json::from_value::<OidcConnection>(unknown).is_err());
    let known = json!({"issuer": "https://op.example", "client_id": "b", "client_secret": "hush"});
    let connection: OidcConnection = serde_json::from_value(known).unwrap();
    assert!(!format!("{connection:?}").contains("hush"));
}
