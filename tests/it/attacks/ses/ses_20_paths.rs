//! SES-17, -20: frames that ask for the session's state, and paths that a cache would keep.

use idp_tests::harness::run;

use crate::attacks::bench::bench;
use crate::house::visitor;

#[test]
fn ses_17_there_is_no_frame_to_ask_for_the_state_of_a_session() {
    run(async {
        let bench = bench().await;
        let base = &bench.house.broker.base;
        let page = visitor().peek(&format!("{base}/.well-known/openid-configuration")).await;
        assert!(!page.body.contains("check_session_iframe"), "{}", page.body);
        let party = bench.house.party("rp1").await;
        let begun = party.begin(&[]);
        let answer = bench.house.answer(&mut visitor(), &begun, crate::house::EVE).await;
        assert_eq!(answer.answer("session_state"), None);
        // No page of ours may stand in a frame of others.
        for path in ["/", "/logout", "/account"] {
            let page = visitor().peek(&format!("{base}{path}")).await;
            if page.status == 200 {
                let policy = page.header("content-security-policy").unwrap_or_default();
                assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            }
        }
    });
}

#[test]
fn ses_20_no_suffix_and_no_trick_makes_a_page_of_a_person_a_file() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let mut eve = visitor();
        bench.house.sign_in(&mut eve, &party).await;
        let base = &bench.house.broker.base;
        for path in [
            "/account/x.css",
            "/account/security.js",
            "/account.css",
            "/account;a.js",
            "/account/%2e%2e/account/style.css",
            "/account%2fx.css",
            "/account%00.css",
            "/login/x.css",
            "/logout/x.js",
            "/oidc/authorize;a.js",
            "/oidc/userinfo/x.css",
            "/.well-known/../account/x.png",
            "/static/../account",
            "/static/%2e%2e/%2e%2e/etc/passwd",
            "//account",
        ] {
            let page = eve.peek(&format!("{base}{path}")).await;
            assert!(!page.body.contains(crate::house::EVE.mail), "{path}: {}", page.describe());
            let is_kept = page
                .header("cache-control")
                .is_some_and(|kept| !kept.contains("no-store") && !kept.contains("no-cache"));
            assert!(page.status >= 300 || !is_kept, "{path}: {}", page.describe());
            assert_ne!(page.status, 500, "{path}");
        }
        // What a person sees is kept nowhere, whoever is said to have asked for it.
        let mut eve = eve
            .with_header("x-forwarded-prefix", "/static")
            .with_header("x-original-url", "/static/style.css");
        let page = eve.peek(&format!("{base}/")).await;
        assert_eq!(page.header("cache-control"), Some("no-store"));
    });
}
