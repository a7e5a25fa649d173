//! ORP-03: keys that the token itself brings along.

use idp_tests::harness::jose::SigningKey;
use idp_tests::harness::run;
use idp_tests::peers::canary::Canary;
use idp_tests::peers::hostile::Mood;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::attacks::bench::bench;

#[test]
fn orp_03_a_key_in_the_header_is_not_looked_at() {
    run(async {
        let bench = bench().await;
        let canary = Canary::start().await;
        let issuer = bench.house.provider.issuer("orp03");
        let attacker = Arc::new(SigningKey::es256("attacker"));
        let headers = [
            json!({"alg": "ES256", "jwk": attacker.jwk()}),
            json!({"alg": "ES256", "kid": "attacker", "jwk": attacker.jwk()}),
            json!({"alg": "ES256", "kid": "attacker", "jku": format!("{}/jwks", canary.base)}),
            json!({"alg": "ES256", "kid": "attacker", "x5u": format!("{}/cert", canary.base)}),
            json!({"alg": "ES256", "kid": "attacker", "x5c": ["MIIB"]}),
        ];
        for header in headers {
            let (key, header) = (Arc::clone(&attacker), header.clone());
            issuer.forge(move |forge| {
                forge.header = header.clone();
                forge.sign_by(&key)
            });
            let row = bench.rejects("orp03", &["key", "signature"]).await;
            assert_eq!(row.body["alert"], true, "A+");
        }
        assert_eq!(canary.calls(), 0, "the broker called an address out of a token");
    });
}

#[test]
fn orp_03_a_kid_is_an_exact_name_and_nothing_else() {
    run(async {
        let bench = bench().await;
        let canary = Canary::start().await;
        let issuer = bench.house.provider.issuer("orp03");
        let attacker = Arc::new(SigningKey::es256("attacker"));
        let long = "k".repeat(10_000);
        let kids =
            ["../../dev/null", "' or '1'='1", &canary.base, &long, "ORP03-KEY", "orp03-key "];
        for kid in kids {
            let (key, kid) = (Arc::clone(&attacker), kid.to_owned());
            issuer.forge(move |forge| {
                forge.header["kid"] = json!(kid);
                forge.sign_by(&key)
            });
            bench.rejects("orp03", &["key", "malformed"]).await;
        }
        assert_eq!(canary.calls(), 0, "the broker called an address out of a token");
    });
}

#[test]
fn orp_03_two_keys_of_one_name_are_no_key() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp03dup");
        let attacker = Arc::new(SigningKey::es256("orp03dup-key"));
        let (jwk, key) = (attacker.jwk(), Arc::clone(&attacker));
        issuer.set(Mood {
            jwks: Some(Arc::new(move |keys: &mut Value| {
                keys["keys"].as_array_mut().unwrap().push(jwk.clone());
            })),
            id_token: Some(Arc::new(move |forge| forge.sign_by(&key))),
            ..Mood::default()
        });
        bench.rejects("orp03dup", &["key"]).await;
    });
}
