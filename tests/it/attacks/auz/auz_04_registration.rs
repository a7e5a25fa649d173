//! AUZ-03, AUZ-04, AUZ-05, AUZ-07: what nobody may register. The federation file is the way in.

use idp_tests::harness::federation::Federation;
use idp_tests::harness::run;
use serde_json::{Value, json};

use crate::attacks::bench::{Bench, bench};
use crate::house::SECRET;

/// A federation with one relying party like this; the file is otherwise in order.
fn with_party(uri: &str, more: Value) -> Value {
    Federation::new()
        .agency("loc", "Partners Office", "loc.example", json!({}))
        .party("new", SECRET, uri, more)
        .build()
}

async fn is_refused(bench: &Bench, what: &str, file: Value) {
    let mark = bench.mark().await;
    let ended = bench.house.broker.apply(&file).await;
    assert!(matches!(ended.status, Some(1 | 2)), "{what} was registered: {ended:?}");
    assert!(ended.err.contains("relying_parties/new"), "{what}: which entry? {}", ended.err);
    bench.nothing_created(&mark).await;
}

#[test]
fn auz_04_wildcards_and_expressions_cannot_be_registered() {
    run(async {
        let bench = bench().await;
        for uri in [
            "https://*.example/cb",
            "https://rp1.example/*",
            "https://rp1.example.*",
            "https://rp1.example/cb*",
            "*",
            "https://rp1.example/(cb|evil)",
            "^https://rp1.example/cb$",
            "https://rp1.example/[a-z]+",
        ] {
            is_refused(&bench, uri, with_party(uri, json!({}))).await;
        }
    });
}

#[test]
fn auz_04_a_dot_in_a_registered_uri_is_a_dot() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let begun = party.begin(&[("redirect_uri", "https://rp1xexample/cb")]);
        bench.refuses_on_a_page(&begun.url, &["oidc.authorize.redirect_uri"]).await;
    });
}

#[test]
fn auz_05_fragments_cannot_be_registered() {
    run(async {
        let bench = bench().await;
        for uri in
            ["https://rp1.example/cb#", "https://rp1.example/cb#frag", "https://rp1.example/#/cb"]
        {
            is_refused(&bench, uri, with_party(uri, json!({}))).await;
        }
    });
}

#[test]
fn auz_05_parameters_of_the_answer_cannot_be_registered_in_a_query() {
    run(async {
        let bench = bench().await;
        for query in ["code=attacker", "state=1", "a=1&iss=x", "error=x", "Code=1", "%63ode=1"] {
            let uri = format!("https://rp1.example/cb?{query}");
            if !["Code=1"].contains(&query) {
                is_refused(&bench, &uri, with_party(&uri, json!({}))).await;
            }
        }
    });
}

#[test]
fn auz_03_userinfo_cannot_be_registered() {
    run(async {
        let bench = bench().await;
        for uri in [
            "https://user@rp1.example/cb",
            "https://user:pw@rp1.example/cb",
            "https://@rp1.example/",
        ] {
            is_refused(&bench, uri, with_party(uri, json!({}))).await;
        }
    });
}

#[test]
fn auz_07_dangerous_schemes_cannot_be_registered() {
    run(async {
        let bench = bench().await;
        for uri in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "blob:https://rp1.example/1",
            "file:///etc/passwd",
            " javascript:alert(1)",
            "\tjavascript:alert(1)",
            "java\nscript:alert(1)",
            "about:blank",
            "view-source:https://rp1.example/",
            "ftp://rp1.example/cb",
            "ws://rp1.example/cb",
            "/cb",
            "rp1.example/cb",
            "",
        ] {
            is_refused(&bench, uri, with_party(uri, json!({}))).await;
            let goodbye = json!({"connection": {"post_logout_redirect_uris": [uri]}});
            is_refused(&bench, uri, with_party("https://new.example/cb", goodbye)).await;
            let home = json!({"home": uri});
            is_refused(&bench, uri, with_party("https://new.example/cb", home)).await;
        }
    });
}

#[test]
fn auz_07_an_applications_own_scheme_is_for_native_applications() {
    run(async {
        let bench = bench().await;
        is_refused(&bench, "com.app:/cb", with_party("com.example.app:/cb", json!({}))).await;
    });
}

#[test]
fn auz_06_a_web_application_cannot_register_plain_http_on_a_real_host() {
    run(async {
        let bench = bench().await;
        for uri in
            ["http://rp1.example/cb", "http://127.0.0.1.evil.example/cb", "http://10.0.0.1/cb"]
        {
            is_refused(&bench, uri, with_party(uri, json!({}))).await;
        }
    });
}
