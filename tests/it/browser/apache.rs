//! `mod_auth_openidc` as the relying party.

use idp_tests::harness::browser::{self, Screen};
use idp_tests::harness::ports::free_port;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::peers::apache::Apache;

use super::{SECRET, at_the_foreign_provider, scene};
use crate::house::FOREIGN;

#[test]
fn an_old_application_behind_apache_signs_a_person_in_and_out() {
    if !browser::available() {
        return;
    }
    run(async {
        let ports = [free_port(), free_port()];
        let plan = Plan::new("browser-apache");
        let issuer = plan.base.clone();
        let party = |id, port| (id, Apache::redirect_uri_at(port), Apache::goodbye_at(port));
        let parties = [party("archive", ports[0]), party("forms", ports[1])];
        let Some(scene) = scene(plan, &parties).await else { return };
        let Some(archive) = Apache::start(ports[0], &issuer, "archive", SECRET).await else {
            return;
        };
        let Some(forms) = Apache::start(ports[1], &issuer, "forms", SECRET).await else { return };
        let (first, second) = (archive.protected(), forms.protected());
        browser::visit("apache", Screen::Desktop, "en", async move |browser| {
            browser.open(&first).await;
            browser.choose(FOREIGN).await;
            at_the_foreign_provider(&browser).await;
            let told = browser.read("#me").await;
            for line in
                ["OIDC_CLAIM_email=bob@unb.example", "OIDC_CLAIM_name=Bob Browser", "REMOTE_USER="]
            {
                assert!(told.contains(line), "no {line} in {told}");
            }
            browser.screenshot("signed-in").await;
            browser.open(&second).await;
            assert!(browser.read("#me").await.contains("OIDC_CLAIM_email=bob@unb.example"));
            browser.click("#sign-out").await;
            if browser.has("main form button").await {
                browser.click("main form button").await;
            }
            browser.find("#bye").await;
            browser.open(&second).await;
            browser.find("#agencies").await;
        })
        .await;
        drop(scene.broker);
    });
}
