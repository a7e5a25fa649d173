//! Logout across dialects: whoever begins it, everybody hears of it.

use std::time::Duration;

use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::Page;
use idp_tests::harness::rp::{Party, Tokens};
use idp_tests::harness::run;
use tokio::sync::Mutex;

use super::scene::{Scene, UNA, shared};
use crate::house::hands_over;

/// One logout at a time: a service has three seconds to answer, and the foreign ones are slow.
static TURN: Mutex<()> = Mutex::const_new(());

/// Alice's browser, signed in everywhere by `SimpleSAMLphp`.
async fn everywhere(scene: &Scene) -> (Visitor, Party, Tokens) {
    let mut visitor = Scene::visitor();
    let party = scene.party("rp1").await;
    let tokens = scene.sign_in_at(&mut visitor, &party, "alice").await;
    scene.sign_in_behind_mellon(&mut visitor, "nobody").await;
    for name in ["sp", "soap"] {
        let provider = scene.provider(name);
        scene.sign_in_to(&mut visitor, &provider, &[], "nobody").await;
        assert!(provider.has_signed_in(&mut visitor).await, "{name}");
    }
    assert!(scene.is_signed_in(&mut visitor).await);
    (visitor, party, tokens)
}

/// Follows a logout from page to page, as a person without scripts would.
async fn follow(scene: &Scene, visitor: &mut Visitor, mut page: Page) -> Page {
    for _ in 0..40 {
        if page.arrived() {
            return page;
        }
        let messages = page.forms().into_iter().find(hands_over);
        let ours = page.url.as_str().starts_with(&scene.broker.base);
        let wish = page
            .forms()
            .into_iter()
            .find(|form| ours && form.action.path().contains("logout") && !form.buttons.is_empty());
        page = if let Some(form) = messages.or(wish) {
            visitor.submit(&page, form.enter()).await
        } else if page.attribute("meta[http-equiv=refresh]", "content").is_some() && ours {
            // Somebody is being waited for.
            tokio::time::sleep(Duration::from_millis(200)).await;
            visitor.choose(&page, "Continue").await
        } else {
            return page;
        };
    }
    panic!("a logout without end: {}", page.describe());
}

/// Nobody knows the browser any more.
async fn is_over(scene: &Scene, visitor: &mut Visitor, party: &Party, tokens: &Tokens) {
    assert!(!scene.is_signed_in(visitor).await, "the broker");
    assert_eq!(party.userinfo(tokens.access()).await.status, 401, "the tokens");
    for name in ["sp", "soap"] {
        let provider = scene.provider(name);
        assert!(
            !provider.has_signed_in(visitor).await,
            "{name}: {:#?}\n{}",
            provider.seen().await,
            scene.providers.log()
        );
    }
    let page = visitor.open(scene.apache.protected()).await;
    assert!(
        page.url.as_str().starts_with(&scene.broker.base),
        "mellon: {}\n{}",
        page.describe(),
        scene.apache.log()
    );
    // And the agency asks for the password again.
    let page = visitor.choose(&page, UNA).await;
    assert!(
        page.forms().iter().any(|form| form.value("password").is_some()),
        "SimpleSAMLphp: {}",
        page.describe()
    );
}

#[test]
fn a_person_signs_out_at_the_broker_and_is_out_everywhere() {
    run(async {
        let _turn = TURN.lock().await;
        let Some(scene) = shared().await else { return };
        let (mut visitor, party, tokens) = everywhere(scene).await;
        let page = visitor.open(format!("{}/logout", scene.broker.base)).await;
        let page = follow(scene, &mut visitor, page).await;
        assert!(page.url.as_str().starts_with(&scene.broker.base), "{}", page.describe());
        assert_eq!(page.status, 200, "{}", page.describe());
        // She is told who was told.
        for service in ["rp1 application", "mellon service", "sp service", "soap service"] {
            assert!(page.text().contains(service), "no {service}: {}", page.describe());
        }
        assert!(!page.text().contains("Did not answer"), "{}", page.describe());
        is_over(scene, &mut visitor, &party, &tokens).await;
    });
}

#[test]
fn mellon_signs_a_person_out_everywhere() {
    run(async {
        let _turn = TURN.lock().await;
        let Some(scene) = shared().await else { return };
        let (mut visitor, party, tokens) = everywhere(scene).await;
        let page = visitor.open(scene.apache.protected()).await;
        let page = visitor.choose(&page, "Sign out").await;
        let page = follow(scene, &mut visitor, page).await;
        assert_eq!(page.texts("#bye").len(), 1, "{}\n{}", page.describe(), scene.apache.log());
        is_over(scene, &mut visitor, &party, &tokens).await;
    });
}

#[test]
fn pysaml2_signs_a_person_out_everywhere_by_redirect_and_by_form() {
    run(async {
        let _turn = TURN.lock().await;
        let Some(scene) = shared().await else { return };
        for binding in ["redirect", "post"] {
            let (mut visitor, party, tokens) = everywhere(scene).await;
            let sp = scene.provider("sp");
            let page = visitor.open(sp.sign_out(binding)).await;
            let page = follow(scene, &mut visitor, page).await;
            assert_eq!(sp.told(&page)["status"], "Success", "{binding}: {}", page.describe());
            is_over(scene, &mut visitor, &party, &tokens).await;
        }
    });
}

#[test]
fn pysaml2_signs_a_person_out_from_server_to_server() {
    run(async {
        let _turn = TURN.lock().await;
        let Some(scene) = shared().await else { return };
        let (mut visitor, party, tokens) = everywhere(scene).await;
        let soap = scene.provider("soap");
        let page = visitor.open(soap.sign_out("soap")).await;
        assert_eq!(soap.told(&page)["soap"], true, "{}", page.describe());
        assert!(!scene.is_signed_in(&mut visitor).await, "the broker");
        assert_eq!(party.userinfo(tokens.access()).await.status, 401, "the tokens");
        // Who can be told without the browser is told.
        let sp = scene.provider("sp");
        idp_tests::harness::process::until(
            "the other service to hear of it",
            Duration::from_secs(5),
            async || (!sp.has_signed_in(&mut visitor.clone()).await).then_some(()),
        )
        .await;
    });
}

#[test]
fn an_openid_connect_application_signs_a_person_out_everywhere() {
    run(async {
        let _turn = TURN.lock().await;
        let Some(scene) = shared().await else { return };
        let (mut visitor, party, tokens) = everywhere(scene).await;
        let goodbye = "https://rp1.example/bye";
        let page = visitor.open(party.logout_url(tokens.id_token(), Some(goodbye))).await;
        let page = follow(scene, &mut visitor, page).await;
        assert!(page.arrived() && page.url.as_str().starts_with(goodbye), "{}", page.describe());
        assert_eq!(page.answer("state").as_deref(), Some("signed-out"));
        is_over(scene, &mut visitor, &party, &tokens).await;
    });
}

#[test]
fn the_agency_signs_a_person_out_everywhere() {
    run(async {
        let _turn = TURN.lock().await;
        let Some(scene) = shared().await else { return };
        let (mut visitor, party, tokens) = everywhere(scene).await;
        let page = visitor.open(scene.idp.sign_out()).await;
        let page = follow(scene, &mut visitor, page).await;
        assert!(scene.idp.owns(&page), "{}\n{}", page.describe(), scene.broker.log());
        is_over(scene, &mut visitor, &party, &tokens).await;
    });
}
