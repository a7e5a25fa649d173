//! ORP-15: a source that is limited to one directory or domain, and an answer from another.

use idp_tests::harness::run;
use serde_json::{Value, json};

use crate::attacks::bench::bench;

#[test]
fn orp_15_an_answer_without_the_required_claim_is_refused() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp15");
        let wrong: [fn(&mut Value); 5] = [
            |_| {},
            |claims| claims["hd"] = json!("evil.example"),
            |claims| claims["hd"] = json!("UNB.EXAMPLE"),
            |claims| claims["hd"] = json!("unb.example.evil.example"),
            |claims| claims["hd"] = json!(["unb.example"]),
        ];
        for change in wrong {
            issuer.claims(change);
            let row = bench.rejects("orp15", &["required_claim"]).await;
            assert_eq!(row.body["alert"], true, "A+");
        }
        issuer.claims(|claims| claims["hd"] = json!("unb.example"));
        let (mut visitor, party, begun) = bench.lured("orp15").await;
        let page = visitor.open(&begun.url).await;
        party.finish(&begun, &page).await;
    });
}

#[test]
fn orp_15_userinfo_cannot_supply_what_the_signed_token_lacks() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp15");
        issuer.set(idp_tests::peers::hostile::Mood {
            userinfo: Some(std::sync::Arc::new(|claims: &mut Value| {
                claims["hd"] = json!("unb.example");
            })),
            ..Default::default()
        });
        bench.rejects("orp15", &["required_claim"]).await;
    });
}
