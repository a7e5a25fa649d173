//! The peers among themselves, without the product: what a failure elsewhere is not due to.

use idp_tests::harness::browser::{self, Screen};
use idp_tests::harness::http::Visitor;
use idp_tests::harness::ports::free_port;
use idp_tests::harness::redis::Redis;
use idp_tests::harness::rp::{Party, Proof};
use idp_tests::harness::run;
use idp_tests::peers::apache::Apache;
use idp_tests::peers::hostile::{CLIENT_ID, Hostile, SECRET};
use idp_tests::peers::openid_provider::{OpenidProvider, client};
use idp_tests::peers::relying_party::{Registration, WebParty};
use serde_json::json;

const PARTY: Registration<'static> =
    Registration { id: "party", secret: "a-secret-of-thirty-two-characters", title: "Travel" };

async fn provider(redirect_uri: &str, goodbye: &str) -> Option<OpenidProvider> {
    let mut registered = client(PARTY.id, PARTY.secret, redirect_uri);
    registered["post_logout_redirect_uris"] = json!([goodbye]);
    let people = json!({"bob": {"name": "Bob Browser", "email": "bob@unb.example"}});
    OpenidProvider::start(free_port(), &[registered], &people).await
}

#[test]
fn our_relying_party_signs_in_at_the_foreign_provider() {
    run(async {
        let redirect_uri = "http://127.0.0.1:1/cb";
        let Some(op) = provider(redirect_uri, redirect_uri).await else { return };
        let proof = Proof::Basic(PARTY.secret.to_owned());
        let party = Party::discover(&op.issuer, PARTY.id, proof, redirect_uri).await;
        let mut visitor = Visitor::new().stopping_at(redirect_uri);
        let begun = party.begin(&[]);
        let page = visitor.open(&begun.url).await;
        let page = op.sign_in(&mut visitor, &page, "bob").await;
        let tokens = party.finish(&begun, &page).await;
        assert_eq!(tokens.claims["sub"], "bob");
        assert_eq!(party.userinfo(tokens.access()).await.json["email"], "bob@unb.example");
    });
}

#[test]
fn our_relying_party_signs_in_at_the_hostile_provider_while_it_is_honest() {
    run(async {
        let hostile = Hostile::start(&["honest", "honest_rsa"]).await;
        for name in ["honest", "honest_rsa"] {
            let issuer = hostile.issuer(name);
            let redirect_uri = "http://127.0.0.1:1/cb";
            let proof = Proof::Basic(SECRET.to_owned());
            let party = Party::discover(&issuer.url, CLIENT_ID, proof, redirect_uri).await;
            let begun = party.begin(&[]);
            let page = Visitor::new().stopping_at(redirect_uri).open(&begun.url).await;
            let tokens = party.finish(&begun, &page).await;
            assert_eq!(tokens.claims["sub"], "bob");
            assert_eq!(issuer.seen("token").len(), 1);
        }
    });
}

#[test]
fn the_openid_client_party_signs_in_and_out_at_the_foreign_provider() {
    run(async {
        let port = free_port();
        let back = WebParty::redirect_uri_at(port);
        let Some(op) = provider(&back, &WebParty::goodbye_at(port)).await else { return };
        let Some(party) = WebParty::start(port, &op.issuer, PARTY).await else { return };
        let mut visitor = Visitor::new();
        let page = visitor.open(format!("{}/login", party.base)).await;
        let page = op.sign_in(&mut visitor, &page, "bob").await;
        assert_eq!(page.texts("#claim-email"), ["bob@unb.example"], "{}", page.describe());
        let page = visitor.choose(&page, "Sign out").await;
        let form = page.forms().remove(0);
        let page = visitor.submit(&page, form.enter()).await;
        assert_eq!(page.texts("#bye").len(), 1, "{}", page.describe());
    });
}

#[test]
fn apache_signs_in_at_the_foreign_provider() {
    run(async {
        let port = free_port();
        let back = Apache::redirect_uri_at(port);
        let Some(op) = provider(&back, &Apache::goodbye_at(port)).await else { return };
        let started = Apache::start(port, &op.issuer, PARTY.id, PARTY.secret).await;
        let Some(apache) = started else { return };
        let mut visitor = Visitor::new();
        let page = visitor.open(apache.protected()).await;
        let page = op.sign_in(&mut visitor, &page, "bob").await;
        assert!(page.text().contains("OIDC_CLAIM_email=bob@unb.example"), "{}", page.describe());
    });
}

#[test]
fn chromium_signs_in_at_the_foreign_provider() {
    if !browser::available() {
        return;
    }
    run(async {
        let port = free_port();
        let back = WebParty::redirect_uri_at(port);
        let Some(op) = provider(&back, &WebParty::goodbye_at(port)).await else { return };
        let Some(party) = WebParty::start(port, &op.issuer, PARTY).await else { return };
        let base = party.base.clone();
        browser::visit("peers", Screen::Phone, "en", async move |browser| {
            browser.open(&base).await;
            browser.choose("Sign in").await;
            browser.fill("input[name=login]", "bob").await;
            browser.fill("input[name=password]", "any").await;
            browser.choose("Sign-in").await;
            browser.choose("Continue").await;
            assert_eq!(browser.read("#claim-name").await, "Bob Browser");
            browser.screenshot("signed-in").await;
        })
        .await;
    });
}

#[test]
fn a_redis_of_our_own_fails_over_to_its_replica() {
    run(async {
        let Some(redis) = Redis::start_with_sentinel().await else { return };
        assert!(redis.url.starts_with("redis+sentinel://"), "{}", redis.url);
        redis.fail_over().await;
    });
}

#[test]
fn a_flushed_redis_holds_nothing() {
    run(async {
        let Some(redis) = Redis::start().await else { return };
        redis.flush().await;
        assert_eq!(redis.keys().await, Vec::<String>::new());
    });
}
