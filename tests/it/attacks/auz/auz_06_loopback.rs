//! AUZ-06: the many names of loopback.

use idp_tests::harness::run;

use crate::attacks::bench::bench;
use crate::house::{EVE, visitor};

#[test]
fn auz_06_a_native_application_may_listen_on_any_port_of_the_registered_address() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp-native").await;
        assert_eq!(party.redirect_uri, "http://127.0.0.1:51234/cb");
        let begun = party.begin(&[]);
        let page = bench.house.answer(&mut visitor(), &begun, EVE).await;
        assert!(page.url.as_str().starts_with("http://127.0.0.1:51234/cb?"), "{}", page.url);
        party.finish(&begun, &page).await;
    });
}

#[test]
fn auz_06_other_names_of_loopback_are_other_addresses() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp-native").await;
        for uri in [
            "http://localhost:1/cb",
            "http://localhost/cb",
            "http://127.1/cb",
            "http://0x7f.1/cb",
            "http://2130706433/cb",
            "http://127.0.0.2/cb",
            "http://[::1]:51234/cb",
            "http://[::ffff:127.0.0.1]/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:80@evil/cb",
            "http://127.0.0.1:51234/other",
            "http://127.0.0.1:51234/cb/",
            "http://127.0.0.1:51234/cb?x=1",
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:0051234/cb",
            "http://127.0.0.1:99999/cb",
            "https://127.0.0.1:51234/cb",
            "http://127.0.0.1:51234\\@evil.example/cb",
        ] {
            let begun = party.begin(&[("redirect_uri", uri)]);
            bench.refuses_on_a_page(&begun.url, &["oidc.authorize.redirect_uri"]).await;
        }
    });
}

#[test]
fn auz_06_a_web_application_has_no_free_choice_of_port() {
    run(async {
        let bench = bench().await;
        // Loopback may be registered for web applications here, because `loopback_peers` is on.
        let party = bench.house.party("rp-loop").await;
        for uri in ["http://127.0.0.1:4712/cb", "http://127.0.0.1/cb"] {
            let begun = party.begin(&[("redirect_uri", uri)]);
            bench.refuses_on_a_page(&begun.url, &["oidc.authorize.redirect_uri"]).await;
        }
    });
}
