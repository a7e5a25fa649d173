//! AUZ-24: a relying party that dresses up as another.

use idp_tests::harness::federation::Federation;
use idp_tests::harness::run;
use serde_json::json;

use crate::attacks::bench::bench;
use crate::house::{EVE, LOCAL, SECRET, visitor};

#[test]
fn auz_24_the_host_that_a_person_goes_to_is_on_the_page() {
    run(async {
        let bench = bench().await;
        // Its name is that of somebody else; its address cannot be.
        let party = bench.house.party("rp-imposter").await;
        let mut visitor = visitor();
        let page = visitor.open(&party.begin(&[]).url).await;
        let page = visitor.choose(&page, LOCAL).await;
        let page = visitor.sign_in(&page, EVE.username, EVE.password).await;
        // It asks for consent, and that page says both name and host.
        assert!(!page.arrived(), "it asks for consent");
        assert!(page.text().contains("rp-imposter.example"), "{}", page.describe());
    });
}

#[test]
fn auz_24_a_name_cannot_turn_the_page_around() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp-imposter").await;
        let page = visitor().open(&party.begin(&[]).url).await;
        for control in ['\u{202e}', '\u{202d}', '\u{2066}', '\u{2067}', '\u{200f}', '\u{200b}'] {
            assert!(!page.text().contains(control), "{control:?} is on the page");
        }
    });
}

#[test]
fn auz_24_a_name_that_fills_the_page_cannot_be_registered_or_is_cut() {
    run(async {
        let bench = bench().await;
        let long = "A".repeat(5_000);
        let file = Federation::new()
            .agency("loc", "Partners Office", "loc.example", json!({}))
            .party("new", SECRET, "https://new.example/cb", json!({"names": {"en": long}}))
            .build();
        let mark = bench.mark().await;
        let ended = bench.house.broker.apply(&file).await;
        bench.nothing_created(&mark).await;
        assert!(matches!(ended.status, Some(1 | 2)), "a name of 5,000 letters: {ended:?}");
    });
}
