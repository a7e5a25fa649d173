//! Applications that run in a browser: whose origin may read what.

use idp_tests::harness::http::client;
use idp_tests::harness::run;
use reqwest::Method;

use crate::house::house;

async fn allowed(method: Method, endpoint: &str, origin: &str) -> Option<String> {
    let party = house().await.party("rp-spa").await;
    let request = client()
        .request(method, party.endpoint(endpoint))
        .header("origin", origin)
        .header("access-control-request-method", "POST");
    let response = request.send().await.expect("an answer");
    let header = response.headers().get("access-control-allow-origin")?;
    assert!(response.headers().get("access-control-allow-credentials").is_none());
    Some(header.to_str().expect("text").to_owned())
}

#[test]
fn the_origin_of_a_public_relying_party_may_use_the_token_endpoint() {
    run(async {
        let origin = "https://rp-spa.example";
        for endpoint in ["token_endpoint", "userinfo_endpoint", "revocation_endpoint"] {
            let found = allowed(Method::OPTIONS, endpoint, origin).await;
            assert_eq!(found.as_deref(), Some(origin), "{endpoint}");
        }
        let answered = allowed(Method::POST, "token_endpoint", origin).await;
        assert_eq!(answered.as_deref(), Some(origin), "errors are readable too");
    });
}

#[test]
fn other_origins_may_not() {
    run(async {
        // A confidential relying party has no business in a browser.
        for origin in
            ["https://evil.example", "https://rp1.example", "null", "http://rp-spa.example"]
        {
            for method in [Method::OPTIONS, Method::POST] {
                assert_eq!(allowed(method, "token_endpoint", origin).await, None, "{origin}");
            }
        }
    });
}
