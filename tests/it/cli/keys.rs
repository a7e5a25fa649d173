//! Signing keys: made at first start, published before they sign, and long after.

use idp_tests::harness::http::client;
use idp_tests::harness::jose;
use idp_tests::harness::process::until;
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

/// The published keys, once they are others than `before`.
async fn published_anew(base: &str, before: &BTreeSet<String>) -> BTreeSet<String> {
    until("new keys", Duration::from_secs(5), async || {
        let now = published(base).await;
        (now != *before).then_some(now)
    })
    .await
}

fn signer(token: &str) -> String {
    jose::part(token, 0)["kid"].as_str().unwrap().to_owned()
}

#[test]
fn a_new_key_is_published_before_it_signs_and_an_old_one_long_after() {
    run(async {
        let house = House::open(Plan::new("keys-rotate")).await;
        let base = house.broker.base.clone();
        let party = house.party("rp1").await;
        let old = published(&base).await;
        let first = house.sign_in(&mut visitor(), &party).await;
        house.broker.idp(&["keys", "rotate"]).await.ok();
        let both = published_anew(&base, &old).await;
        assert!(old.is_subset(&both), "a key vanished: {old:?} {both:?}");
        let second = house.sign_in(&mut visitor(), &party).await;
        assert_eq!(signer(first.id_token()), signer(second.id_token()), "too early to sign");
        // When everybody knows them, the next keys sign, on every node and without a restart.
        house.broker.database.age_next_keys().await;
        house.broker.idp(&["keys", "rotate"]).await.ok();
        let third = until("the next key to sign", Duration::from_secs(5), async || {
            let tokens = house.sign_in(&mut visitor(), &party).await;
            (signer(tokens.id_token()) != signer(first.id_token())).then_some(tokens)
        })
        .await;
        assert!(both.contains(&signer(third.id_token())), "it was published before it signed");
        assert!(published(&base).await.contains(&signer(first.id_token())), "still published");
        assert_eq!(party.userinfo(first.access()).await.status, 200, "old tokens stay good");
    });
}

#[test]
fn the_list_of_keys_shows_states_and_no_secret() {
    run(async {
        let house = House::open(Plan::new("keys-list")).await;
        house.broker.idp(&["keys", "rotate"]).await.ok();
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

/// The certificates of a use in our metadata.
async fn certificates(base: &str, usage: &str) -> Vec<String> {
    let document = client().get(format!("{base}/saml/metadata")).send().await.unwrap();
    let document = document.text().await.unwrap();
    let descriptors = document.split("<md:KeyDescriptor").skip(1);
    let of_use = descriptors.filter(|part| part.contains(&format!("use=\"{usage}\"")));
    let certificate = |part: &str| part.split("X509Certificate>").nth(1).unwrap().to_owned();
    of_use.map(certificate).collect()
}

#[test]
fn saml_keys_change_step_by_step_and_the_metadata_follows() {
    run(async {
        let house = House::open(Plan::new("keys-saml")).await;
        let base = house.broker.base.clone();
        let step = async |step: &str| {
            house.broker.idp(&["keys", "rotate", "--purpose", "saml", "--step", step]).await
        };
        let until_there_are = async |count: usize| {
            until("other certificates", Duration::from_secs(5), async || {
                let found = certificates(&base, "signing").await;
                (found.len() == count).then_some(found)
            })
            .await
        };
        let old = until_there_are(1).await;
        let ended = step("activate").await;
        assert_eq!(ended.status, Some(1), "nothing was published: {}", ended.err);
        step("publish").await.ok();
        let both = until_there_are(2).await;
        assert_eq!(both[0], old[0], "the old one signs");
        step("activate").await.ok();
        until("the next key to sign", Duration::from_secs(5), async || {
            let found = certificates(&base, "signing").await;
            (found == [both[1].clone(), both[0].clone()]).then_some(())
        })
        .await;
        step("retire").await.ok();
        assert_eq!(until_there_are(1).await, [both[1].clone()]);
    });
}
