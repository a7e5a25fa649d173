//! WAN-16: another name of ours, by which every passkey would be dead.

use idp_tests::harness::http::client;
use idp_tests::harness::rp::Answer;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;

use crate::factor::scene::Scene;

#[test]
fn wan_16_a_node_does_not_start_under_a_name_that_kills_passkeys() {
    run(async {
        let plan = Plan::new("wan-16");
        let Some(mut scene) = Scene::open(plan, |federation| federation).await else { return };
        let well_known = format!("{}/.well-known/webauthn", scene.house.broker.nodes[0].base());
        assert_eq!(Answer::of(client().get(&well_known)).await.status, 404, "nothing configured");
        for person in ["ann", "ben"] {
            let mut login = scene.login("rp-mfa", "plain", person).await;
            login.new_passkey().await;
            login.keep_codes().await;
        }
        let broker = &mut scene.house.broker;
        broker.kill(0);
        let before = broker.base.clone();
        let base_url = |url: &str| format!("base_url = \"{url}\"");
        let elsewhere = base_url("https://sso.example.org");
        broker.rewrite(0, |text| text.replace(&base_url(&before), &elsewhere));
        let refused = broker.idp(&["serve"]).await;
        let why = refused.last_line(2);
        assert!(why.contains('2') && why.contains("passkeys"), "{why}");
        assert!(why.contains("sso.example.org"), "{why}");
        // Fewer than there are do not do.
        let refused = broker.idp(&["serve", "--accept-passkey-loss", "1"]).await;
        assert_ne!(refused.status, Some(0), "{refused:?}");
        broker.restart_with(0, &["--accept-passkey-loss", "2"]).await;
        broker.kill(0);
        // Another host under the same id loses nothing, and is published as related.
        let related = "[passkeys]\nrelated_origins = [\"https://sso.example.net\"]";
        broker.rewrite(0, |text| {
            text.replace(&elsewhere, &base_url(&before)).replace("[passkeys]", related)
        });
        broker.restart(0).await;
        let said = Answer::of(client().get(&well_known)).await;
        assert_eq!(said.status, 200, "{}", said.body);
        let origins = said.json["origins"].as_array().expect("a list");
        assert!(origins.iter().any(|origin| origin == "https://sso.example.net"), "{}", said.body);
        assert_eq!(said.header("content-type"), Some("application/json"));
    });
}
