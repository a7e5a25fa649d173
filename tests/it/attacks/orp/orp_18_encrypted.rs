//! ORP-18: an encrypted ID token as a weapon. The broker asks no source for encryption.

use idp_tests::harness::jose::b64;
use idp_tests::harness::run;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

use crate::attacks::bench::bench;

fn jwe(header: &Value, payload: &str) -> String {
    let parts = [b64(header.to_string()), b64("key"), b64("iv"), b64(payload), b64("tag")];
    parts.join(".")
}

#[test]
fn orp_18_an_encrypted_token_is_refused_without_any_work() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp18");
        let epk = json!({"kty": "EC", "crv": "P-256", "x": b64([1; 32]), "y": b64([1; 32])});
        let headers = [
            json!({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2s": "AAAA", "p2c": 2_147_483_648_u64}),
            json!({"alg": "RSA-OAEP-256", "enc": "A256GCM", "zip": "DEF"}),
            json!({"alg": "RSA1_5", "enc": "A128CBC-HS256"}),
            json!({"alg": "ECDH-ES", "enc": "A256GCM", "epk": epk}),
            json!({"alg": "dir", "enc": "A256GCM", "cty": "JWT"}),
        ];
        for header in headers {
            issuer.forge(move |forge| jwe(&header, &forge.sign()));
            let start = Instant::now();
            bench.rejects("orp18", &["algorithm"]).await;
            assert!(start.elapsed() < Duration::from_secs(2), "took {:?}", start.elapsed());
        }
    });
}

#[test]
fn orp_18_a_token_in_a_token_is_refused() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp18");
        issuer.forge(|forge| {
            let mut token = forge.sign();
            for _ in 0..20 {
                token = jwe(&json!({"alg": "dir", "enc": "A256GCM", "cty": "JWT"}), &token);
            }
            token
        });
        bench.rejects("orp18", &["algorithm", "malformed"]).await;
        // A JWE around a token that nobody signed.
        issuer.forge(|forge| {
            let inner = forge.with_alg(&json!("none"), b"");
            jwe(&json!({"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT"}), &inner)
        });
        bench.rejects("orp18", &["algorithm"]).await;
    });
}
