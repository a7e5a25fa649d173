//! ORP-02: an RS256 key taken for an HS256 secret.

use idp_tests::harness::run;
use idp_tests::peers::hostile::SECRET;

use crate::attacks::bench::bench;

#[test]
fn orp_02_a_public_key_is_no_shared_secret() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp02rsa");
        let jwk = issuer.key.jwk();
        let secrets: [Vec<u8>; 6] = [
            issuer.key.public_pem().into_bytes(),
            issuer.key.public_pem().trim().as_bytes().to_vec(),
            issuer.key.public_der(),
            jwk.to_string().into_bytes(),
            jwk["n"].as_str().unwrap().as_bytes().to_vec(),
            // Not even the real shared secret: the algorithm is pinned.
            SECRET.as_bytes().to_vec(),
        ];
        for secret in secrets {
            issuer.forge(move |forge| forge.sign_hs256(&secret));
            let row = bench.rejects("orp02rsa", &["algorithm"]).await;
            assert_eq!(row.body["alert"], true, "A+");
        }
    });
}
