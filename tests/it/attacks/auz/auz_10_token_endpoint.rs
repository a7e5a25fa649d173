//! AUZ-10: another redirect URI at the token endpoint than the code was issued for.

use idp_tests::harness::run;

use crate::attacks::bench::bench;
use crate::house::{EVE, visitor};

#[test]
fn auz_10_a_code_is_burned_by_another_redirect_uri() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp-two").await;
        let others = [
            Some("https://rp-two.example/cb2"),
            Some("https://rp-two.example/CB"),
            Some("https://RP-TWO.example/cb"),
            Some("https://rp-two.example/cb/"),
            Some(""),
            None,
        ];
        for other in others {
            let begun = party.begin(&[]);
            let page = bench.house.answer(&mut visitor(), &begun, EVE).await;
            let code = party.code(&begun, &page);
            let mark = bench.mark().await;
            let mut form = vec![
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("code_verifier", &begun.verifier),
            ];
            form.extend(other.map(|uri| ("redirect_uri", uri)));
            let answer = party.token(&form).await;
            let error = answer.error().unwrap_or("none");
            // A missing parameter is a malformed request as well; either says no.
            let expected: &[&str] = if other.is_none_or(str::is_empty) {
                &["invalid_grant", "invalid_request"]
            } else {
                &["invalid_grant"]
            };
            assert!(expected.contains(&error), "{other:?}: {}", answer.body);
            assert_eq!(answer.status, 400);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            let rows = bench.trail(&mark).await;
            assert!(rows.iter().any(|row| row.kind == "token.rejected"), "{rows:#?}");
            if error == "invalid_grant" {
                let right = party.redeem(&code, &begun.verifier).await;
                assert_eq!(right.error(), Some("invalid_grant"), "burned after {other:?}");
            }
        }
    });
}
