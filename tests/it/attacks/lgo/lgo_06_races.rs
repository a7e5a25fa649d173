//! LGO-06: tokens that are asked for while the person signs out.

use std::sync::Arc;
use std::time::Duration;

use idp_tests::harness::run;

use super::bench::{EAR, LogoutBench, logout_bench};
use crate::house::{EVE, visitor};

/// How many codes are redeemed beside one logout.
const AT_ONCE: usize = 50;

#[test]
fn lgo_06_a_code_of_a_session_that_is_over_gives_nothing() {
    run(async {
        let bench = logout_bench().await;
        let mut visitor = visitor();
        let party = bench.bench.house.party(EAR).await;
        let begun = party.begin(&[]);
        let page = bench.bench.house.answer(&mut visitor, &begun, EVE).await;
        let code = party.code(&begun, &page);
        bench.sign_out(&mut visitor).await;
        let answer = party.redeem(&code, &begun.verifier).await;
        assert_eq!(
            (answer.status, answer.error()),
            (400, Some("invalid_grant")),
            "{}",
            answer.body
        );
    });
}

#[test]
fn lgo_06_no_token_outlives_the_logout_that_ran_beside_it() {
    run(async {
        let bench = Arc::new(logout_bench().await);
        for round in 0..3 {
            redeems_beside_a_logout(&bench, round).await;
        }
    });
}

async fn redeems_beside_a_logout(bench: &Arc<LogoutBench>, round: usize) {
    let mut visitor = visitor();
    let (party, first) = bench.sign_in(&mut visitor, "rp1").await;
    let mut codes = vec![];
    for _ in 0..AT_ONCE {
        let begun = party.begin(&[("prompt", "none")]);
        let page = visitor.open(&begun.url).await;
        codes.push((party.code(&begun, &page), begun.verifier));
    }
    let question = visitor.open(format!("{}/logout", bench.base())).await;
    let redeeming: Vec<_> = codes
        .into_iter()
        .enumerate()
        .map(|(place, (code, verifier))| {
            let party = party.clone();
            tokio::spawn(async move {
                // Some before, some while, some after.
                tokio::time::sleep(Duration::from_millis(place as u64)).await;
                party.redeem(&code, &verifier).await
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(10 * round as u64)).await;
    bench.confirm(&mut visitor, &question).await;
    // From here on, whatever was got and whatever comes is worth nothing.
    assert_eq!(party.userinfo(first.access()).await.status, 401);
    let mut issued = 0;
    for redeemed in redeeming {
        let answer = redeemed.await.expect("an answer");
        if answer.status == 200 {
            issued += 1;
            let access = answer.json["access_token"].as_str().expect("an access token");
            assert_eq!(party.userinfo(access).await.status, 401, "a token outlives the logout");
            assert_eq!(party.introspect(access).await.json["active"], false);
        } else {
            assert_eq!(answer.error(), Some("invalid_grant"), "{}", answer.body);
        }
    }
    eprintln!("round {round}: {issued} of {AT_ONCE} codes were redeemed before the logout");
    assert!(!bench.is_signed_in(&visitor).await);
}
