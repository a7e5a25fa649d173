//! LGO-02: tricks with `post_logout_redirect_uri`.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::Page;
use idp_tests::harness::run;
use url::Url;

use super::bench::{EAR, LogoutBench, asks, logout_bench};
use crate::house::visitor;

const REGISTERED: &str = "https://rp-ear.example/bye";

/// A browser that would go wherever it is led, and says so.
fn led() -> Visitor {
    visitor()
        .stopping_at("https://evil.example")
        .stopping_at("https://user")
        .stopping_at("https://RP")
        .stopping_at("https://xn--")
        .stopping_at("http://rp")
}

fn address(end: &str, pairs: &[(&str, &str)]) -> Url {
    let mut url: Url = end.parse().expect("a URL");
    url.query_pairs_mut().extend_pairs(pairs);
    url
}

/// Follows the wish to its end, pressing the button that asks.
async fn follow(bench: &LogoutBench, visitor: &mut Visitor, url: &Url) -> Page {
    let page = visitor.open(url).await;
    match asks(&page) {
        Some(_) => bench.confirm(visitor, &page).await,
        None => page,
    }
}

/// The wish ends on a page of ours that does not even link to where it wanted to go.
fn stays(bench: &LogoutBench, page: &Page, wanted: &str) {
    assert!(!page.arrived(), "went to {}", page.url);
    assert!(page.url.as_str().starts_with(bench.base()), "{}", page.describe());
    assert_eq!(page.header("location"), None);
    assert!(page.links().iter().all(|(_, link)| link.as_str() != wanted), "links to {wanted}");
    bench.bench.has_a_way_on(page);
}

#[test]
fn lgo_02_an_address_must_be_registered_byte_for_byte() {
    run(async {
        let bench = logout_bench().await;
        let mut visitor = led();
        let (party, tokens) = bench.sign_in(&mut visitor, EAR).await;
        let end = party.endpoint("end_session_endpoint");
        for wanted in [
            "https://evil.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://rp-ear.example/bye/",
            "https://rp-ear.example/bye?",
            "https://rp-ear.example/bye?a=1",
            "https://rp-ear.example/bye#",
            "https://rp-ear.example/bye/../bye",
            "https://rp-ear.example/./bye",
            "https://rp-ear.example//bye",
            "https://rp-ear.example/BYE",
            "https://rp-ear.example/b%79e",
            "https://RP-ear.example/bye",
            "HTTPS://rp-ear.example/bye",
            "https://rp-ear.example:443/bye",
            "https://rp-ear.example./bye",
            "https://user@rp-ear.example/bye",
            "https://rp-ear.example@evil.example/bye",
            "https://rp-ear.example\\@evil.example/bye",
            "https://rp-ear.example.evil.example/bye",
            "http://rp-ear.example/bye",
            "//rp-ear.example/bye",
            "/bye",
            " https://rp-ear.example/bye",
            "https://rp-ear.example/bye\u{0}",
            "",
        ] {
            let pairs =
                [("id_token_hint", tokens.id_token()), ("post_logout_redirect_uri", wanted)];
            let page = follow(&bench, &mut visitor.clone(), &address(end, &pairs)).await;
            stays(&bench, &page, wanted);
            let pairs = [("client_id", EAR), ("post_logout_redirect_uri", wanted)];
            let page = visitor.clone().open(address(end, &pairs)).await;
            stays(&bench, &page, wanted);
        }
    });
}

#[test]
fn lgo_02_an_address_belongs_to_whom_the_hint_was_made_for() {
    run(async {
        let bench = logout_bench().await;
        let mut visitor = led();
        let (party, tokens) = bench.sign_in(&mut visitor, EAR).await;
        let (_, others) = bench.sign_in(&mut visitor, "rp1").await;
        let end = party.endpoint("end_session_endpoint");
        let theirs = "https://rp1.example/bye";
        for pairs in [
            // Another's address with this one's hint, and with both named.
            &[("id_token_hint", tokens.id_token()), ("post_logout_redirect_uri", theirs)][..],
            &[
                ("id_token_hint", tokens.id_token()),
                ("client_id", "rp1"),
                ("post_logout_redirect_uri", theirs),
            ],
            &[
                ("id_token_hint", others.id_token()),
                ("client_id", EAR),
                ("post_logout_redirect_uri", REGISTERED),
            ],
            // Nobody is named, so it is nobody's.
            &[("post_logout_redirect_uri", REGISTERED)],
            // Twice: whoever reads the other one is led elsewhere.
            &[
                ("id_token_hint", tokens.id_token()),
                ("post_logout_redirect_uri", REGISTERED),
                ("post_logout_redirect_uri", "https://evil.example/"),
            ],
        ] {
            let mut lured = visitor.clone();
            let page = lured.open(address(end, pairs)).await;
            assert_eq!(page.status, 400, "{pairs:?}: {}", page.describe());
            stays(&bench, &page, pairs.last().expect("pairs").1);
            assert!(bench.is_signed_in(&visitor).await, "signed out by {pairs:?}");
        }
        // The control: as registered, with the hint of its own.
        let mut visitor = led();
        let (_, tokens) = bench.sign_in(&mut visitor, EAR).await;
        let url = party.logout_url(tokens.id_token(), Some(REGISTERED));
        let mut page = follow(&bench, &mut visitor, &url).await;
        if !page.arrived() {
            // Where somebody is slow to hear of it, a page says so first, and links there.
            let links = page.links();
            let back = links.iter().find(|(_, link)| link.as_str().starts_with(REGISTERED));
            page = visitor.open(&back.expect("a way back").1).await;
        }
        assert!(page.arrived() && page.url.as_str().starts_with(REGISTERED), "{}", page.describe());
        assert_eq!(page.answer("state").as_deref(), Some("signed-out"));
    });
}
