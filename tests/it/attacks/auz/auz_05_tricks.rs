//! AUZ-05: fragment and query tricks at run time.

use idp_tests::harness::run;

use crate::attacks::bench::bench;

#[test]
fn auz_05_a_fragment_or_an_answer_in_the_redirect_uri_gets_a_page() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        for tail in ["#", "#frag", "%23frag", "?code=attacker", "?state=1", "?", "#?code=1"] {
            let begun = party.begin(&[("redirect_uri", &format!("{}{tail}", party.redirect_uri))]);
            bench.refuses_on_a_page(&begun.url, &["oidc.authorize.redirect_uri"]).await;
        }
    });
}
