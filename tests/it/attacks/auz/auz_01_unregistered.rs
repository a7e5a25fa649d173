//! AUZ-01, AUZ-03, AUZ-09: redirect URIs that are not the registered one, character for character.

use idp_tests::harness::rp::Party;
use idp_tests::harness::run;

use crate::attacks::bench::bench;

/// Missing, or not the registered text; control characters are caught before either.
const REASONS: [&str; 3] =
    ["oidc.authorize.redirect_uri", "oidc.authorize.redirect_uri_missing", "oidc.params.control"];

#[test]
fn auz_01_a_redirect_uri_that_is_not_registered_gets_a_page() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        for uri in [
            "https://evil.example/cb",
            Party::WITHOUT,
            "",
            "https://rp1.example/cb/",
            "https://rp1.example/cb/..",
            "https://rp1.example/cb%2f..%2fevil",
            "https://rp1.example/cb?x=1",
            "https://rp1.example//cb",
            "https://RP1.example/cb",
            "HTTPS://rp1.example/cb",
            "https://rp1.example:443/cb",
            "https://rp1.example/./cb",
            "https://rp1.example/%63b",
            "http://rp1.example/cb",
            "https://rp1.example.evil.example/cb",
            "https://rp1.example\\@evil.example/cb",
            "//rp1.example/cb",
            " https://rp1.example/cb",
            "https://rp1.example/cb\n",
            "https://rp2.example/cb",
        ] {
            let begun = party.begin(&[("redirect_uri", uri)]);
            bench.refuses_on_a_page(&begun.url, &REASONS).await;
        }
    });
}

#[test]
fn auz_01_a_redirect_uri_given_twice_gets_a_page() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        for other in ["https://evil.example/cb", "https://rp1.example/cb"] {
            let mut url = party.begin(&[]).url;
            url.query_pairs_mut().append_pair("redirect_uri", other);
            bench.refuses_on_a_page(&url, &["oidc.authorize.repeated_way_back"]).await;
        }
    });
}

#[test]
fn auz_01_a_relying_party_that_nobody_knows_gets_a_page() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        for id in ["nobody", "", Party::WITHOUT, "RP1", "rp1 ", "rp1\u{0}", "' or 1=1 --"] {
            let begun = party.begin(&[("client_id", id)]);
            bench
                .refuses_on_a_page(
                    &begun.url,
                    &["oidc.authorize.client_unknown", "oidc.params.control"],
                )
                .await;
        }
    });
}

#[test]
fn auz_03_userinfo_in_a_redirect_uri_gets_a_page() {
    run(async {
        let bench = bench().await;
        for id in ["rp1", "rp-native"] {
            let party = bench.house.party(id).await;
            for uri in [
                "https://rp1.example@@evil.example",
                "https://a@b@evil.example/cb",
                "https://rp1.example:pw@evil.example",
                "https://user@rp1.example/cb",
                "https://@rp1.example/cb",
                "http://127.0.0.1@evil.example/cb",
                "http://user@127.0.0.1/cb",
            ] {
                let begun = party.begin(&[("redirect_uri", uri)]);
                bench.refuses_on_a_page(&begun.url, &REASONS).await;
            }
        }
    });
}

#[test]
fn auz_09_case_and_order_of_a_registered_query_matter() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp-query").await;
        let base = "https://rp-query.example/cb";
        for query in
            ["", "?", "?A=1", "?a=1&b=2", "?b=2&a=1", "?a=%31", "?a=1&", "?a=1&a=1", "?a=2"]
        {
            let begun = party.begin(&[("redirect_uri", &format!("{base}{query}"))]);
            bench.refuses_on_a_page(&begun.url, &REASONS).await;
        }
    });
}

#[test]
fn auz_09_a_registered_query_is_kept_in_the_answer() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp-query").await;
        let begun = party.begin(&[]);
        let page =
            bench.house.answer(&mut crate::house::visitor(), &begun, crate::house::EVE).await;
        assert!(page.url.as_str().starts_with("https://rp-query.example/cb?a=1&"), "{}", page.url);
        party.finish(&begun, &page).await;
    });
}
