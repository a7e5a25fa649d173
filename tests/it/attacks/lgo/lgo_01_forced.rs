//! LGO-01: a logout that the person did not want, forced by a page of another site.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::jose::SigningKey;
use idp_tests::harness::rp::now;
use idp_tests::harness::run;
use serde_json::json;

use super::bench::{EAR, LogoutBench, asks, logout_bench};
use crate::house::visitor;

/// An address that somebody else makes a browser load signs nobody out.
async fn signs_nobody_out(bench: &LogoutBench, visitor: &Visitor, url: &str) {
    let mark = bench.bench.mark().await;
    let mut visitor = visitor.clone();
    let framed = visitor.open_in_foreign_frame(url).await;
    assert!(framed.status < 500, "{}", framed.describe());
    // Followed as a link, it asks, or refuses to.
    let page = visitor.come_from_elsewhere(url).await;
    assert!(asks(&page).is_some() || page.status == 400, "{url}: {}", page.describe());
    // Typed by somebody who was told to, too.
    let page = visitor.open(url).await;
    assert!(asks(&page).is_some() || page.status == 400, "{url}: {}", page.describe());
    assert!(bench.is_signed_in(&visitor).await, "signed out by {url}");
    let rows = bench.bench.trail(&mark).await;
    assert!(rows.iter().all(|row| row.kind != "session.ended"), "{rows:#?}");
}

#[test]
fn lgo_01_an_address_alone_signs_nobody_out() {
    run(async {
        let bench = logout_bench().await;
        let mut visitor = visitor();
        let (party, _) = bench.sign_in(&mut visitor, EAR).await;
        let end = party.endpoint("end_session_endpoint");
        signs_nobody_out(&bench, &visitor, &format!("{}/logout", bench.base())).await;
        for query in ["", "?client_id=rp-ear", "?logout_hint=eve", "?client_id=rp-ear&state=x"] {
            signs_nobody_out(&bench, &visitor, &format!("{end}{query}")).await;
        }
    });
}

#[test]
fn lgo_01_a_hint_signs_out_the_session_it_was_given_in_and_no_other() {
    run(async {
        let bench = logout_bench().await;
        let (mut eve, mut other) = (visitor(), visitor());
        let (party, _) = bench.sign_in(&mut eve, EAR).await;
        // Of another session: of another person, or of the same one in another browser.
        let (_, tokens) = bench.sign_in(&mut other, EAR).await;
        signs_nobody_out(&bench, &eve, party.logout_url(tokens.id_token(), None).as_str()).await;
        // Of a key that is not ours, under a name of ours or none.
        let kid = party.jwks().await["keys"][0]["kid"].clone();
        for name in [kid.as_str().expect("a kid"), "stranger"] {
            let key = SigningKey::es256(name);
            let mut claims = tokens.claims.clone();
            claims["exp"] = json!(now() + 300);
            let hint = key.sign(&claims);
            signs_nobody_out(&bench, &eve, party.logout_url(&hint, None).as_str()).await;
        }
        assert!(bench.is_signed_in(&other).await, "the hint's own session ended");
        // The control: its own session's hint ends it.
        let page = eve.open(party.logout_url(tokens.id_token(), None)).await;
        assert!(asks(&page).is_some());
        other.open(party.logout_url(tokens.id_token(), None)).await;
        assert!(!bench.is_signed_in(&other).await);
    });
}

#[test]
fn lgo_01_a_form_of_another_site_signs_nobody_out() {
    run(async {
        let bench = logout_bench().await;
        let mut visitor = visitor();
        let (party, _) = bench.sign_in(&mut visitor, EAR).await;
        let end = party.endpoint("end_session_endpoint").to_owned();
        for url in [format!("{}/logout", bench.base()), end] {
            for fields in [&[][..], &[("wish", "client_id=rp-ear")], &[("client_id", "rp-ear")]] {
                // Nor does the answer take the cookie away that the browser left out.
                let page = visitor.post_from_elsewhere(&url, fields).await;
                assert!(asks(&page).is_some() || page.status >= 400, "{}", page.describe());
                assert!(bench.is_signed_in(&visitor).await, "signed out by {fields:?} to {url}");
            }
        }
    });
}
