//! Two relying parties built with npm's `openid-client`.

use idp_tests::harness::browser::{self, Screen};
use idp_tests::harness::ports::free_port;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::peers::relying_party::{Registration, WebParty};

use super::{SECRET, at_the_foreign_provider, scene};
use crate::house::FOREIGN;

#[test]
fn from_a_relying_party_to_a_foreign_provider_and_back_and_on_to_a_second_one_and_out() {
    if !browser::available() {
        return;
    }
    run(async {
        let ports = [free_port(), free_port()];
        let plan = Plan::new("browser-openid-client");
        let issuer = plan.base.clone();
        let party = |id, port| (id, WebParty::redirect_uri_at(port), WebParty::goodbye_at(port));
        let parties = [party("travel", ports[0]), party("library", ports[1])];
        let Some(scene) = scene(plan, &parties).await else { return };
        let start = async |id: &'static str, title: &'static str, port| {
            WebParty::start(port, &issuer, Registration { id, secret: SECRET, title }).await
        };
        let Some(travel) = start("travel", "Travel", ports[0]).await else { return };
        let Some(library) = start("library", "Library", ports[1]).await else { return };
        let (first, second) = (travel.base.clone(), library.base.clone());
        browser::visit("openid-client", Screen::Desktop, "en", async move |browser| {
            browser.open(&first).await;
            browser.click("#sign-in").await;
            browser.find("#agencies").await;
            browser.screenshot("agencies").await;
            browser.is_accessible().await;
            browser.choose(FOREIGN).await;
            at_the_foreign_provider(&browser).await;
            assert_eq!(browser.read("#claim-email").await, "bob@unb.example");
            assert_eq!(browser.read("#claim-name").await, "Bob Browser");
            browser.screenshot("signed-in").await;

            // A second relying party needs no prompt.
            browser.open(&second).await;
            browser.click("#sign-in").await;
            assert_eq!(browser.read("#claim-email").await, "bob@unb.example");

            // Out.
            browser.click("#sign-out").await;
            if browser.has("main form button").await {
                browser.screenshot("sign-out").await;
                browser.click("main form button").await;
            }
            browser.find("#bye").await;
            browser.open(&format!("{first}/login?prompt=none")).await;
            let refused = browser.read("#refused").await;
            assert!(refused.contains("login_required"), "{refused}");
            browser.open(&format!("{first}/login")).await;
            browser.find("#agencies").await;
        })
        .await;
        drop(scene.broker);
    });
}
