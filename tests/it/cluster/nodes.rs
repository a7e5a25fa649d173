//! No sticky sessions: any node goes on where another began.

use idp_tests::harness::process::until;
use idp_tests::harness::redis::Redis;
use idp_tests::harness::run;
use std::time::{Duration, Instant};

use super::two_nodes;
use crate::house::{EVE, LOCAL, go_on, visitor};

#[test]
fn a_login_changes_its_node_with_every_request() {
    run(async {
        let Some(house) = two_nodes("cluster-changing", Redis::start().await).await else { return };
        let (a, b) = (0, 1);
        let party = house.party("rp1").await;
        let begun = party.begin(&[("scope", "openid offline_access")]);
        let mut visitor = visitor();
        house.broker.lead_to(a);
        let choice = visitor.open(&begun.url).await;
        house.broker.lead_to(b);
        let form = visitor.choose(&choice, LOCAL).await;
        house.broker.lead_to(a);
        let answer = visitor.sign_in(&form, EVE.username, EVE.password).await;
        house.broker.lead_to(b);
        let tokens = party.finish(&begun, &answer).await;
        house.broker.lead_to(a);
        assert_eq!(party.userinfo(tokens.access()).await.status, 200);
        // What one node has revoked is revoked on the other: a refresh token at once, an access
        // token within a second (TOK-16).
        assert_eq!(party.revoke(tokens.refresh()).await.status, 200);
        house.broker.lead_to(b);
        assert_eq!(party.refresh(tokens.refresh()).await.error(), Some("invalid_grant"));
        let revoked = Instant::now();
        while party.userinfo(tokens.access()).await.status == 200 {
            assert!(revoked.elapsed() < Duration::from_secs(1), "it is still good after a second");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(party.userinfo(tokens.access()).await.status, 401);
    });
}

#[test]
fn a_node_that_dies_in_mid_login_costs_a_reload() {
    run(async {
        let name = "cluster-dying";
        let Some(mut house) = two_nodes(name, Redis::start().await).await else { return };
        let (a, b) = (0, 1);
        let party = house.party("rp1").await;
        let begun = party.begin(&[]);
        let mut visitor = visitor();
        house.broker.lead_to(a);
        let choice = visitor.open(&begun.url).await;
        let form = visitor.choose(&choice, LOCAL).await;
        house.broker.kill(a);
        house.broker.lead_to(b);
        let reloaded = visitor.open(&form.url).await;
        let page = go_on(&mut visitor, reloaded, EVE).await;
        let tokens = party.finish(&begun, &page).await;
        // The node comes back, and knows the session.
        house.broker.restart(a).await;
        house.broker.lead_to(a);
        let silent = party.begin(&[("prompt", "none")]);
        let page = visitor.open(&silent.url).await;
        let again = party.finish(&silent, &page).await;
        assert_eq!(tokens.claims["sub"], again.claims["sub"]);
    });
}

#[test]
fn a_change_of_the_federation_reaches_every_node() {
    run(async {
        let Some(house) = two_nodes("cluster-change", Redis::start().await).await else { return };
        let party = house.party("rp1").await;
        let mut file = house.file.clone();
        let parties = file["relying_parties"].as_array_mut().unwrap();
        let ours = parties.iter_mut().find(|party| party["id"] == "rp1").unwrap();
        ours["enabled"] = serde_json::json!(false);
        house.broker.apply(&file).await.ok();
        for node in [0, 1] {
            house.broker.lead_to(node);
            let begun = party.begin(&[]);
            until("the change", Duration::from_secs(3), async || {
                let page = visitor().open(&begun.url).await;
                (page.status >= 400 || page.arrived()).then_some(())
            })
            .await;
        }
    });
}

#[test]
fn all_nodes_sign_with_keys_that_all_publish() {
    run(async {
        let Some(house) = two_nodes("cluster-keys", Redis::start().await).await else { return };
        let party = house.party("rp1").await;
        house.broker.idp(&["keys", "rotate"]).await.ok();
        for node in [0, 1] {
            house.broker.lead_to(node);
            let tokens = house.sign_in(&mut visitor(), &party).await;
            // Whichever node is asked, it knows the key.
            for other in [0, 1] {
                house.broker.lead_to(other);
                let known = party.verify_id_token(tokens.id_token(), None).await;
                assert_eq!(known["sub"], tokens.claims["sub"]);
                assert_eq!(party.userinfo(tokens.access()).await.status, 200);
            }
        }
    });
}
