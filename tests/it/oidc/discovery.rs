//! What the discovery documents promise.

use idp_tests::harness::http::client;
use idp_tests::harness::rp::Answer;
use idp_tests::harness::run;
use serde_json::json;

use crate::house::house;

#[test]
fn the_discovery_document_names_every_endpoint_below_the_issuer() {
    run(async {
        let base = &house().await.broker.base;
        let document = read("openid-configuration").await;
        assert_eq!(document["issuer"], json!(base));
        for endpoint in [
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "introspection_endpoint",
            "revocation_endpoint",
            "end_session_endpoint",
        ] {
            let address = document[endpoint].as_str().unwrap_or_else(|| panic!("no {endpoint}"));
            assert!(address.starts_with(base.as_str()), "{endpoint}: {address}");
        }
    });
}

#[test]
fn the_discovery_document_promises_what_the_house_does_and_no_more() {
    run(async {
        let document = read("openid-configuration").await;
        assert_eq!(document["response_types_supported"], json!(["code"]));
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(document["authorization_response_iss_parameter_supported"], json!(true));
        let has = |list: &str, value: &str| {
            let values = document[list].as_array().unwrap_or_else(|| panic!("no {list}"));
            assert!(values.contains(&json!(value)), "{list} lacks {value}: {values:?}");
        };
        for mode in ["query", "form_post"] {
            has("response_modes_supported", mode);
        }
        for grant in ["authorization_code", "refresh_token", "client_credentials"] {
            has("grant_types_supported", grant);
        }
        for method in ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"] {
            has("token_endpoint_auth_methods_supported", method);
        }
        for subject in ["public", "pairwise"] {
            has("subject_types_supported", subject);
        }
        // OpenID Connect Core demands RS256 of every provider.
        for algorithm in ["RS256", "ES256"] {
            has("id_token_signing_alg_values_supported", algorithm);
        }
        for acr in ["https://refeds.org/profile/mfa", "https://refeds.org/profile/sfa"] {
            has("acr_values_supported", acr);
        }
        for language in ["ar", "en", "es", "fr", "ru", "zh"] {
            has("ui_locales_supported", language);
        }
        assert_ne!(document["request_uri_parameter_supported"], json!(true));
    });
}

#[test]
fn both_discovery_documents_agree() {
    run(async {
        let openid = read("openid-configuration").await;
        let oauth = read("oauth-authorization-server").await;
        for field in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"] {
            assert_eq!(openid[field], oauth[field], "{field}");
        }
    });
}

#[test]
fn the_key_set_holds_public_halves_only() {
    run(async {
        let document = read("openid-configuration").await;
        let address = document["jwks_uri"].as_str().unwrap().to_owned();
        let keys = Answer::of(client().get(address)).await.json;
        let keys = keys["keys"].as_array().unwrap();
        assert!(!keys.is_empty());
        for key in keys {
            for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
                assert!(key[private].is_null(), "{private} is published");
            }
            assert_eq!(key["use"], "sig");
            assert!(key["kid"].is_string() && key["alg"].is_string(), "{key}");
        }
    });
}

async fn read(name: &str) -> serde_json::Value {
    let base = &house().await.broker.base;
    let answer = Answer::of(client().get(format!("{base}/.well-known/{name}"))).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    // Pages of other origins may read it.
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    answer.json
}
