//! Signing keys: made at first start, published before they sign, and long after.

use idp_tests::harness::http::client;
use idp_tests::harness::rp::Answer;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

use crate::house::{House, visitor};

async fn published(base: &str) -> BTreeSet<String> {
    let document =
        Answer::of(client().get(format!("{base}/.well-known/openid-configuration"))).await;
    let keys = Answer::of(client().get(document.json["jwks_uri"].as_str().unwrap())).await.json;
    let keys = keys["keys"].as_array().unwrap().clone();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_rotation_publishes_first_and_forgets_last() {
    run(async {
        let house = House::open(Plan::new("keys-rotate")).await;
        let base = house.broker.base.clone();
        let party = house.party("rp1").await;
        let before = published(&base).await;
        let old = house.sign_in(&mut visitor(), &party).await;
        house.broker.idp(&["keys", "rotate"]).await.ok();
        let after =
            idp_tests::harness::process::until("new keys", Duration::from_secs(5), async || {
                let after = published(&base).await;
                (after != before).then_some(after)
            })
            .await;
        assert!(before.is_subset(&after), "a key vanished: {before:?} {after:?}");
        let new = house.sign_in(&mut visitor(), &party).await;
        let signed_by = |token: &str| {
            idp_tests::harness::jose::part(token, 0)["kid"].as_str().unwrap().to_owned()
        };
        assert!(
            before.contains(&signed_by(new.id_token())),
            "the key that signs now was published before the rotation"
        );
        assert_ne!(signed_by(old.id_token()), signed_by(new.id_token()));
        assert_eq!(party.userinfo(old.access()).await.status, 200, "old tokens stay good");
    });
}

#[test]
fn the_list_of_keys_shows_states_and_no_secret() {
    run(async {
        let house = House::open(Plan::new("keys-list")).await;
        let ended = house.broker.idp(&["keys", "list", "--json"]).await.ok();
        let list: Value = serde_json::from_str(&ended.out).expect("JSON");
        let text = list.to_string();
        for word in ["active", "next", "ES256", "RS256"] {
            assert!(text.contains(word), "{text}");
        }
        assert!(!text.contains("PRIVATE") && !text.contains("\"d\""), "{text}");
        let human = house.broker.idp(&["keys", "list"]).await.ok().out;
        assert!(human.contains("active"), "{human}");
    });
}

#[test]
fn keys_at_rest_are_sealed() {
    run(async {
        let house = House::open(Plan::new("keys-sealed")).await;
        for table in house.broker.database.tables().await {
            for row in house.broker.database.rows(&table).await {
                // The beginning of an unsealed PKCS#8 key, in hexadecimal and in base64.
                assert!(!row.contains("PRIVATE KEY"), "{table}");
                assert!(!row.to_lowercase().contains("020100301306072a8648ce3d0201"), "{table}");
            }
        }
    });
}
