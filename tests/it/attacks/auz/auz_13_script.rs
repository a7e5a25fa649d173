//! AUZ-13: script through state or error into a page of ours.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::run;

use crate::attacks::bench::bench;
use crate::house::{EVE, LOCAL};

#[test]
fn auz_13_a_hostile_state_comes_back_as_text_in_a_form() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        for state in [
            r#""><script>alert(1)</script>"#,
            "'><img src=x onerror=alert(1)>",
            "&quot;&amp;&lt;",
            "</textarea></form><form action=https://evil.example>",
            "ünïcödé ☃",
        ] {
            let begun = party.begin(&[("response_mode", "form_post"), ("state", state)]);
            let mut visitor = Visitor::new();
            let page = visitor.open(&begun.url).await;
            let page = visitor.choose(&page, LOCAL).await;
            let page = visitor.sign_in(&page, EVE.username, EVE.password).await;
            let form = page.form_with("code");
            assert_eq!(form.value("state"), Some(state), "byte for byte");
            assert_eq!(page.forms().len(), 1, "{}", page.body);
            assert!(!page.body.contains("<script>alert(1)"), "{}", page.body);
            assert!(page.texts("img[onerror]").is_empty());
            let policy = page.header("content-security-policy").expect("a policy");
            assert!(
                !policy.contains("unsafe-inline") && policy.contains("default-src 'none'"),
                "{policy}"
            );
            assert!(policy.contains("form-action https://rp1.example"), "{policy}");
        }
    });
}

#[test]
fn auz_13_a_state_that_is_too_long_or_holds_controls_is_refused() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let long = "x".repeat(8_192);
        for state in [long.as_str(), "a\u{0}b", "a\nb", "a\r\nSet-Cookie: x=y"] {
            let begun = party.begin(&[("state", state)]);
            let mark = bench.mark().await;
            let page = crate::house::visitor().open(&begun.url).await;
            // It cannot be sent back as it is, so either our own page or an answer without it.
            if page.arrived() {
                assert_eq!(page.answer("error").as_deref(), Some("invalid_request"));
                assert_eq!(page.answer("state"), None);
            } else {
                assert_eq!(page.status, 400, "{}", page.describe());
            }
            bench.nothing_created(&mark).await;
        }
        let just = "x".repeat(4_000);
        let begun = party.begin(&[("state", &just)]);
        let page = bench.house.answer(&mut crate::house::visitor(), &begun, EVE).await;
        assert_eq!(page.answer("state").as_deref(), Some(just.as_str()));
    });
}

#[test]
fn auz_13_an_error_page_repeats_nothing_as_markup() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let hostile = "<script>alert(1)</script>";
        for name in ["client_id", "redirect_uri"] {
            let begun = party.begin(&[(name, hostile)]);
            let page = bench
                .refuses_on_a_page(
                    &begun.url,
                    &["oidc.authorize.client_unknown", "oidc.authorize.redirect_uri"],
                )
                .await;
            assert!(!page.body.contains(hostile), "{}", page.body);
        }
        for path in ["/login/<script>alert(1)<%2Fscript>", "/<script>alert(1)<%2Fscript>"] {
            let page = Visitor::new().peek(format!("{}{path}", bench.house.broker.base)).await;
            assert!((400..500).contains(&page.status), "{}", page.describe());
            assert!(!page.body.contains(hostile), "{}", page.body);
        }
    });
}
