//! Discovery documents and configured endpoints, sound and unsound.

use serde_json::json;

use super::*;

fn document() -> Value {
    json!({
        "issuer": "https://op.example/a/",
        "authorization_endpoint": "https://op.example/authorize?p=1",
        "token_endpoint": "https://op.example/token",
        "jwks_uri": "https://op.example/keys",
        "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256"],
        "authorization_response_iss_parameter_supported": true,
    })
}

fn issuer() -> Issuer {
    Issuer::parse("https://op.example/a/", Transport::Https).unwrap()
}

fn read(document: &Value) -> Result<Provider, PeerError> {
    let text = document.to_string();
    Provider::discovered(text.as_bytes(), &issuer(), Transport::Https, &[SigningAlg::Rs256])
}

fn check(member: &str, value: Value, expected: &str) {
    let mut changed = document();
    changed[member] = value;
    let found = read(&changed).map_or_else(|error| error.to_string(), |_| "fine".to_owned());
    assert_eq!(found, expected, "{member}");
}

//= oidc-discovery#4.1-1 test
#[test]
fn the_document_lies_under_the_issuer_without_its_closing_slash() {
    let url = "https://op.example/a/.well-known/openid-configuration";
    assert_eq!(issuer().discovery_url().unwrap().as_str(), url);
}

#[test]
fn a_sound_document_is_read() {
    let provider = read(&document()).unwrap();
    assert_eq!(provider.issuer(), &issuer());
    assert_eq!(provider.token_endpoint().as_str(), "https://op.example/token");
    assert_eq!(provider.jwks_uri().as_str(), "https://op.example/keys");
    assert_eq!(provider.userinfo_endpoint(), None);
    assert!(provider.answers_name_issuer);
}

//= oidc-discovery#4.3-1 test
#[test]
fn another_issuer_is_another_by_a_single_character() {
    for other in ["https://op.example/a", "https://OP.example/a/", "https://op.example:443/a/"] {
        let expected = format!("the discovery document names another issuer: {other:?}");
        check("issuer", json!(other), &expected);
    }
}

#[test]
fn an_endpoint_where_nobody_may_be_sent_is_refused() {
    for url in [
        "http://op.example/x",
        "javascript:alert(1)",
        "https://u@op.example/",
        "/x",
        "https://op.example/#x",
        "http://127.0.0.1/x",
        "ftp://op.example/",
    ] {
        for member in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"]
        {
            let expected =
                format!("the endpoint {member} is not an https URL without user name or fragment");
            check(member, json!(url), &expected);
        }
    }
}

#[test]
fn what_is_missing_or_of_the_wrong_form_is_named() {
    check("token_endpoint", Value::Null, "the discovery document has no usable \"token_endpoint\"");
    check(
        "response_types_supported",
        json!("code"),
        "the discovery document has no usable \"response_types_supported\"",
    );
    check(
        "response_types_supported",
        json!(["id_token"]),
        "the source does not offer response type code",
    );
    check(
        "id_token_signing_alg_values_supported",
        json!(["none", "HS256"]),
        "the source does not offer an agreed signature algorithm",
    );
    check(
        "authorization_response_iss_parameter_supported",
        json!("true"),
        "the discovery document has no usable \"authorization_response_iss_parameter_supported\"",
    );
}

#[test]
fn a_document_that_repeats_a_name_is_refused() {
    let text = br#"{"issuer":"https://op.example/a/","issuer":"https://evil.example"}"#;
    let error = Provider::discovered(text, &issuer(), Transport::Https, &[]).unwrap_err();
    assert_eq!(error.slug(), "discovery");
}

#[test]
fn plain_http_is_for_loopback_and_only_where_it_is_allowed() {
    for (text, loopback, anywhere) in [
        ("http://127.0.0.1:9/op", true, false),
        ("http://localhost:9", true, false),
        ("http://[::1]:9/op", true, false),
        ("http://op.example", false, false),
        ("http://localhost.example", false, false),
        ("https://op.example", true, true),
    ] {
        let parse = |transport| Issuer::parse(text, transport).is_ok();
        assert_eq!(parse(Transport::HttpsOrLoopback), loopback, "{text}");
        assert_eq!(parse(Transport::Https), anywhere, "{text}");
    }
}

#[test]
fn a_template_a_query_or_a_fragment_is_no_issuer() {
    for text in [
        "https://login.example/{directory}/v2.0",
        "https://op.example?x=1",
        "https://op.example#x",
        "https://u:p@op.example",
        "op.example",
        "",
    ] {
        let error = Issuer::parse(text, Transport::HttpsOrLoopback).unwrap_err();
        assert_eq!(error.slug(), "issuer_config", "{text}");
    }
}

#[test]
fn configured_endpoints_are_held_to_the_same() {
    let mut endpoints = Endpoints {
        authorization_endpoint: "https://op.example/authorize".to_owned(),
        token_endpoint: "https://op.example/token".to_owned(),
        jwks_uri: "https://op.example/keys".to_owned(),
        userinfo_endpoint: None,
        authorization_response_iss_parameter_supported: false,
    };
    assert!(Provider::configured(&endpoints, &issuer(), Transport::Https).is_ok());
    endpoints.userinfo_endpoint = Some("http://op.example/userinfo".to_owned());
    let error = Provider::configured(&endpoints, &issuer(), Transport::Https).unwrap_err();
    assert_eq!(error, PeerError::Endpoint { member: "userinfo_endpoint" });
}
