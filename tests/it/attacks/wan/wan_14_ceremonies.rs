//! WAN-14: a passkey is made by whoever is there and has just proven it, and by no other site.
//! WAN-15: nobody learns from a ceremony who has an account.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::rp::{Answer, now};
use idp_tests::harness::run;
use serde_json::{Value, json};
use url::Url;

use crate::factor::bench::{FactorBench, factor_bench};
use crate::factor::scene::{LOCALS, somebody};

fn url(text: impl AsRef<str>) -> Url {
    text.as_ref().parse().expect("an address")
}

#[test]
fn wan_14_no_other_site_begins_or_ends_a_ceremony() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut login = bench.scene.login("rp-mfa", "plain", "wan14").await;
        let ceremony = login.ceremony().await;
        let device = bench.scene.drawer.draw(json!({})).await;
        let answer = ceremony.answer(&bench.scene.drawer, device, json!({})).await.to_string();
        let start = url(login.address("/enrol/passkey/start"));
        let account =
            url(format!("{}/account/security/passkey/start", bench.scene.house.broker.base));
        let mark = bench.bench.mark().await;
        // A stranger, and a neighbour who gets the cookies sent along.
        for from in ["https://evil.example/", "http://localhost:1/", "https://localhost/"] {
            for (to, status) in [(&start, 400), (&account, 403)] {
                let said = login.visitor.fetch(&url(from), to, &json!({})).await;
                assert_eq!(said.status, status, "{from} {to}: {}", said.body);
                assert!(!said.body.contains("challenge"), "{}", said.body);
            }
        }
        let finish = login.address("/enrol/passkey/finish");
        let fields = [("ceremony", ceremony.name.as_str()), ("answer", &answer)];
        let page = login.visitor.post_from_elsewhere(&finish, &fields).await;
        assert!((400..500).contains(&page.status), "{}", page.describe());
        // A form can say nothing in JSON.
        let page = login.post("/enrol/passkey/start", &[("autofill", "false")]).await;
        assert_eq!(page.status, 400, "{}", page.describe());
        bench.bench.nothing_created(&mark).await;
        bench.bench.told(&mark, "rp.request.rejected", &["cross_site"]).await;
        // Ours goes on.
        login.new_passkey().await;
        assert_eq!(login.step(), "codes");
    });
}

/// What a browser is told that begins to make a passkey at the account page.
async fn begins(bench: &FactorBench, visitor: &mut Visitor) -> Answer {
    let base = &bench.scene.house.broker.base;
    let here = url(format!("{base}/account/security/passkey"));
    visitor.fetch(&here, &url(format!("{here}/start")), &json!({})).await
}

#[test]
fn wan_14_a_passkey_is_added_right_after_a_proof_and_not_later() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        // Whoever has signed in by one factor, and has another.
        let device = bench.has_passkey("wan14-one").await;
        let mut one_factor = bench.scene.login("rp1", "plain", "wan14-one").await;
        one_factor.tokens().await;
        // Whoever has signed in two hours ago, and has none.
        bench.scene.says("wan14-old", json!({"auth_time": now() - 7_200}));
        let mut old = bench.scene.login("rp1", "plain", "wan14-old").await;
        old.tokens().await;
        let base = &bench.scene.house.broker.base;
        for login in [&mut one_factor, &mut old] {
            let mark = bench.bench.mark().await;
            let said = begins(&bench, &mut login.visitor).await;
            assert_eq!(said.status, 403, "{}", said.body);
            assert_eq!(said.json["problem"], "step_up_required");
            // The page asks who is there, and has nothing to make a passkey with.
            let page = login.visitor.open(format!("{base}/account/security/passkey")).await;
            assert_eq!(page.attribute("form[data-passkey]", "action"), None, "{}", page.describe());
            bench.bench.nothing_created(&mark).await;
        }
        // Nobody at all.
        let said = begins(&bench, &mut somebody()).await;
        assert_eq!((said.status, &said.json["problem"]), (401, &json!("login_needed")));
        // Whoever proves it may.
        let mut proven = one_factor.on_to("rp-mfa", &[]).await;
        proven.passkey(device, json!({})).await;
        proven.tokens().await;
        let said = begins(&bench, &mut proven.visitor).await;
        assert_eq!(said.status, 200, "{}", said.body);
    });
}

#[test]
fn wan_14_a_login_that_waits_for_a_proof_makes_no_passkey() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        bench.has_passkey("wan14-waiting").await;
        let mut login = bench.asked("wan14-waiting").await;
        let mark = bench.bench.mark().await;
        let start = url(login.address("/enrol/passkey/start"));
        let said = login.visitor.fetch(&start, &start, &json!({})).await;
        assert_eq!(said.status, 409, "{}", said.body);
        assert!(!said.body.contains("challenge"), "{}", said.body);
        let page = login.post("/enrol/app/start", &[]).await;
        assert!(page.texts("code.secret").is_empty(), "{}", page.describe());
        bench.bench.nothing_created(&mark).await;
    });
}

/// What the sign-in form of our own source asks authenticators, without what is drawn anew.
async fn asked(bench: &FactorBench, hint: &str, autofill: bool) -> (u16, Value, String) {
    let extra = [("login_hint", hint)];
    let login = bench.scene.login_in(somebody(), "rp1", "people", "", &extra).await;
    let (mut visitor, page) = (login.visitor.clone(), login.page().clone());
    let start = page.attribute("form[data-passkey=get]", "data-start").expect("a ceremony");
    let start = page.url.join(&start).expect("an address");
    let said = visitor.fetch(&page.url, &start, &json!({"autofill": autofill})).await;
    let mut options = said.json["options"].clone();
    options["publicKey"]["challenge"] = Value::Null;
    let id = page.url.path().split('/').nth(2).unwrap_or_default();
    let shown = page.body.replace(id, "…");
    let shown = if hint.is_empty() { shown } else { shown.replace(hint, "…") };
    (said.status, options, shown)
}

#[test]
fn wan_15_a_ceremony_tells_nobody_who_has_an_account() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        // One with a passkey.
        let lou = LOCALS[1];
        let extra = [("login_hint", "lou")];
        let mut login = bench.scene.login_in(somebody(), "rp-mfa", "people", "", &extra).await;
        let page = login.page().clone();
        let page = login.visitor.sign_in(&page, lou.username, lou.password).await;
        login.show(page);
        login.new_passkey().await;
        login.keep_codes().await;
        // One without, and one who is nobody.
        for autofill in [false, true] {
            let (status, options, page) = asked(&bench, "lou", autofill).await;
            assert_eq!(status, 200);
            assert!(options["publicKey"]["allowCredentials"].as_array().is_none_or(Vec::is_empty));
            for other in ["max", "nobody"] {
                let (again, others, another) = asked(&bench, other, autofill).await;
                assert_eq!((again, &others), (status, &options), "{other}");
                assert!(page == another, "another page for {other}");
            }
        }
        // No name can be asked about.
        let login = bench.scene.login_in(somebody(), "rp1", "people", "", &[]).await;
        let start = url(login.address("/passkey/start"));
        for wish in [json!({"username": "lou"}), json!({"autofill": false, "user": "lou"})] {
            let said = login.visitor.clone().fetch(&start, &start, &wish).await;
            assert_eq!(said.status, 400, "{}", said.body);
        }
        // What somebody has is told after their first factor alone.
        let start = url(login.address("/factor/passkey/start"));
        let said = login.visitor.clone().fetch(&start, &start, &json!({})).await;
        assert_eq!(said.status, 409, "{}", said.body);
        assert!(!said.body.contains("allowCredentials"), "{}", said.body);
    });
}
