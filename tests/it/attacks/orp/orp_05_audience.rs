//! ORP-05: an ID token for somebody else, or for several.

use idp_tests::harness::run;
use idp_tests::peers::hostile::CLIENT_ID;
use serde_json::{Value, json};

use crate::attacks::bench::bench;

#[test]
fn orp_05_an_id_token_for_another_audience_is_refused() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp05");
        let audiences = [
            json!("other"),
            json!([CLIENT_ID, "other"]),
            json!(["other", CLIENT_ID]),
            json!([]),
            json!({"0": CLIENT_ID}),
            json!(format!("{CLIENT_ID} ")),
            json!(CLIENT_ID.to_uppercase()),
            Value::Null,
        ];
        for aud in audiences {
            issuer.claims(move |claims| claims["aud"] = aud.clone());
            let row = bench.rejects("orp05", &["audience"]).await;
            assert_eq!(row.body["alert"], true, "A+");
        }
        issuer.claims(|claims| {
            claims.as_object_mut().unwrap().remove("aud");
        });
        bench.rejects("orp05", &["audience"]).await;
    });
}

#[test]
fn orp_05_a_party_that_the_token_was_not_issued_to_is_refused() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp05");
        for azp in [json!("other"), json!([CLIENT_ID]), json!("")] {
            issuer.claims(move |claims| claims["azp"] = azp.clone());
            bench.rejects("orp05", &["audience"]).await;
        }
        // Several audiences stay refused even when azp names us.
        issuer.claims(|claims| {
            claims["aud"] = json!([CLIENT_ID, "other"]);
            claims["azp"] = json!(CLIENT_ID);
        });
        bench.rejects("orp05", &["audience"]).await;
    });
}

#[test]
fn orp_05_our_own_name_alone_is_accepted_as_text_and_as_list() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp05");
        for aud in [json!(CLIENT_ID), json!([CLIENT_ID])] {
            issuer.claims(move |claims| {
                claims["aud"] = aud.clone();
                claims["azp"] = json!(CLIENT_ID);
            });
            let (mut visitor, party, begun) = bench.lured("orp05").await;
            let page = visitor.open(&begun.url).await;
            party.finish(&begun, &page).await;
        }
    });
}
