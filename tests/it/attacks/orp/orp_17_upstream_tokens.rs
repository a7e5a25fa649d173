//! ORP-17: revocation at the source. No upstream session is kept yet, so there is nothing to
//! outlive a revocation; this shows that no token of a source is kept or used again.

use idp_tests::harness::run;
use idp_tests::peers::hostile::{Mood, TokenAnswer};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::attacks::bench::bench;

#[test]
fn orp_17_no_token_of_a_source_is_kept() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp17");
        let change = |answer: &mut Value| answer["refresh_token"] = json!("upstream-refresh-token");
        issuer.set(Mood { token: TokenAnswer::Changed(Arc::new(change)), ..Mood::default() });
        let (mut visitor, party, begun) = bench.lured("orp17").await;
        let page = visitor.open(&begun.url).await;
        party.finish(&begun, &page).await;
        for token in ["upstream-refresh-token", "access-token-of-bob"] {
            assert_eq!(bench.house.broker.database.holds(token).await, None, "{token} is kept");
            assert!(!bench.house.broker.log().contains(token), "{token} is logged");
        }
        let asked = issuer.seen("authorize").pop().unwrap().parameters;
        assert!(!asked["scope"].contains("offline_access"), "{asked:?}");
    });
}
