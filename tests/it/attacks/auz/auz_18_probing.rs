//! AUZ-18: login state probed by `prompt=none` in a hidden frame.

use idp_tests::harness::cookies::SameSite;
use idp_tests::harness::run;

use crate::attacks::bench::bench;
use crate::house::visitor;

#[test]
fn auz_18_a_frame_on_another_site_sees_nobody_signed_in() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let mut browser = visitor();
        bench.house.sign_in(&mut browser, &party).await;
        let probe = party.begin(&[("prompt", "none")]);
        let page = browser.open_in_foreign_frame(&probe.url).await;
        assert_eq!(party.error(&probe, &page), "login_required");
        let stranger = visitor().open_in_foreign_frame(&probe.url).await;
        assert_eq!(party.error(&probe, &stranger), "login_required");
    });
}

#[test]
fn auz_18_every_cookie_stays_with_its_site() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let mut browser = visitor();
        bench.house.sign_in(&mut browser, &party).await;
        let cookies: Vec<_> = browser.jar.of_host("localhost").collect();
        assert!(!cookies.is_empty());
        for cookie in cookies {
            assert!(cookie.name.starts_with("__Host-"), "{}", cookie.name);
            assert!(cookie.secure && cookie.http_only, "{cookie:?}");
            assert_ne!(cookie.same_site, SameSite::None, "{cookie:?}");
        }
        assert_eq!(browser.jar.refused, Vec::<String>::new());
    });
}

#[test]
fn auz_18_only_a_registered_address_is_told_anything() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        for (name, value) in [("redirect_uri", "https://evil.example/probe"), ("client_id", "evil")]
        {
            let begun = party.begin(&[("prompt", "none"), (name, value)]);
            bench
                .refuses_on_a_page(
                    &begun.url,
                    &["oidc.authorize.client_unknown", "oidc.authorize.redirect_uri"],
                )
                .await;
        }
    });
}
