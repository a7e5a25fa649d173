//! ORP-11: an access token of another client passed off as a proof of login.

use idp_tests::harness::jose;
use idp_tests::harness::run;
use idp_tests::peers::hostile::{Mood, TokenAnswer};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::attacks::bench::bench;

#[test]
fn orp_11_without_an_id_token_there_is_no_login() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp11");
        let changes: [fn(&mut Value); 4] = [
            |answer| {
                answer.as_object_mut().unwrap().remove("id_token");
            },
            |answer| answer["id_token"] = Value::Null,
            |answer| answer["id_token"] = json!(""),
            |answer| answer["id_token"] = answer["access_token"].clone(),
        ];
        for change in changes {
            issuer.set(Mood { token: TokenAnswer::Changed(Arc::new(change)), ..Mood::default() });
            bench.rejects("orp11", &["id_token_missing", "malformed", "upstream_protocol"]).await;
        }
        assert_eq!(issuer.seen("userinfo").len(), 0, "userinfo is no proof of login");
    });
}

#[test]
fn orp_11_an_access_token_that_does_not_fit_at_hash_is_refused() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp11");
        let hash = |token: &str| jose::b64(&jose::sha256(token)[..16]);
        let wrong = [
            json!(hash("another token")),
            json!(""),
            json!(&hash("access-token-of-bob")[..10]),
            json!([hash("access-token-of-bob")]),
            json!(5),
        ];
        for at_hash in wrong {
            issuer.claims(move |claims| claims["at_hash"] = at_hash.clone());
            let row = bench.rejects("orp11", &["at_hash"]).await;
            assert_eq!(row.body["alert"], true, "A+");
        }
        let right = hash("access-token-of-bob");
        issuer.claims(move |claims| claims["at_hash"] = json!(right));
        let (mut visitor, party, begun) = bench.lured("orp11").await;
        let page = visitor.open(&begun.url).await;
        party.finish(&begun, &page).await;
    });
}

#[test]
fn orp_11_userinfo_of_somebody_else_is_refused() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp11");
        issuer.set(Mood {
            userinfo: Some(Arc::new(|claims: &mut Value| claims["sub"] = json!("alice"))),
            ..Mood::default()
        });
        bench.rejects("orp11", &["userinfo_subject"]).await;
    });
}

#[test]
fn orp_11_a_foreign_access_token_is_no_grant_at_our_token_endpoint() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let mark = bench.mark().await;
        let answer = party
            .token(&[
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                ("subject_token", "access-token-of-bob"),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            ])
            .await;
        assert_eq!((answer.status, answer.error()), (400, Some("unsupported_grant_type")));
        bench.nothing_created(&mark).await;
    });
}
