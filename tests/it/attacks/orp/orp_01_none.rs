//! ORP-01: `alg=none` and its variants.

use idp_tests::harness::run;
use serde_json::{Value, json};

use crate::attacks::bench::bench;

#[test]
fn orp_01_an_unsigned_id_token_is_refused_in_every_spelling() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp01");
        let spellings =
            [json!("none"), json!("None"), json!("NONE"), json!("nOnE"), json!(""), Value::Null];
        for alg in spellings {
            let said = alg.clone();
            issuer.forge(move |forge| forge.with_alg(&said, b""));
            let row = bench.rejects("orp01", &["algorithm"]).await;
            assert_eq!(row.body["alert"], true, "A+ for {alg}");
        }
    });
}

#[test]
fn orp_01_an_empty_signature_is_refused_under_an_honest_algorithm() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp01");
        issuer.forge(|forge| forge.with_alg(&json!("ES256"), b""));
        let row = bench.rejects("orp01", &["signature"]).await;
        assert_eq!(row.body["alert"], true, "A+");
        // A valid signature with its last part cut off, and one part too few.
        issuer.forge(|forge| forge.sign().trim_end_matches(|c| c != '.').to_owned());
        bench.rejects("orp01", &["signature"]).await;
        issuer.forge(|forge| forge.sign().rsplit_once('.').unwrap().0.to_owned());
        bench.rejects("orp01", &["malformed"]).await;
    });
}
