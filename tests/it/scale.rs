//! A thousand agencies and ten thousand relying parties, applied from one file.

use idp_tests::harness::federation::Federation;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use serde_json::json;
use std::time::{Duration, Instant};

use crate::house::{EVE, House, LOCAL, SECRET, redirect_uri, visitor};

const AGENCIES: usize = 1_000;
const PARTIES: usize = 10_000;

fn federation() -> Federation {
    let mut federation = Federation::new()
        .agency("loc", LOCAL, "loc.example", json!({}))
        .local_source("partners", "loc", &[EVE]);
    for number in 0..AGENCIES {
        let id = format!("agency-{number}");
        let names = json!({"names": {
            "en": format!("Agency {number} for Testing"), "fr": format!("Agence {number} des essais"),
            "es": format!("Agencia {number} de pruebas"), "ru": format!("Агентство {number}"),
            "ar": format!("وكالة {number}"), "zh": format!("机构 {number}"),
        }, "aliases": [format!("A{number}T")]});
        let issuer = format!("https://op-{number}.example");
        federation = federation.agency(&id, "", &format!("a{number}.example"), names).oidc_source(
            &id,
            &id,
            &issuer,
            ("broker", "a-secret-of-the-test-bed"),
            json!({}),
        );
    }
    for number in 0..PARTIES {
        let id = if number == 0 { "rp1".to_owned() } else { format!("party-{number}") };
        federation = federation.party(&id, SECRET, &redirect_uri(&id), json!({}));
    }
    federation
}

/// The median time of a page that a person sees first.
async fn median_page(house: &House) -> Duration {
    let party = house.party("rp1").await;
    let mut times = vec![];
    for _ in 0..25 {
        let begun = party.begin(&[]);
        let mut visitor = visitor();
        let start = Instant::now();
        let page = visitor.open(&begun.url).await;
        times.push(start.elapsed());
        assert_eq!(page.status, 200, "{}", page.describe());
    }
    times.sort();
    times[times.len() / 2]
}

#[test]
fn a_thousand_agencies_and_ten_thousand_parties_slow_nothing_down() {
    run(async {
        let small = House::open(Plan::new("scale-small")).await;
        let few = median_page(&small).await;

        let prepared = Plan::new("scale").prepare().await;
        let applied = prepared.apply(&federation().build()).await.ok();
        let again = prepared.apply(&federation().build()).await.ok();
        let start = Instant::now();
        let broker = prepared.start_nodes().await;
        let started = start.elapsed();
        let large = House::around(broker).await;
        let many = median_page(&large).await;
        let party = large.party("rp1").await;
        let mut visitor = visitor();
        let page = visitor.open(&party.begin(&[]).url).await;
        let search = page.form_with("q").fill("q", "agence 777").enter();
        let begun = Instant::now();
        let found = visitor.submit(&page, search).await;
        let searched = begun.elapsed();
        assert!(found.text().contains("777"), "{}", found.describe());
        large.sign_in_with(&mut visitor, &party, &[("idp_hint", "loc")]).await;
        let resident = large.broker.nodes[0].process().resident_kib() / 1_024;
        println!(
            "apply {:?}, again {:?}, start {started:?}, first page {many:?} (small federation \
             {few:?}), search {searched:?}, {resident} MiB resident",
            applied.took, again.took,
        );
        // A debug build on two busy cores; a release build takes a fraction.
        assert!(applied.took < Duration::from_secs(30), "apply took {:?}", applied.took);
        assert!(started < Duration::from_secs(15), "start took {started:?}");
        assert!(searched < Duration::from_millis(500), "search took {searched:?}");
        let allowed = few * 3 + Duration::from_millis(30);
        assert!(many < allowed, "a page took {many:?}, in a small federation {few:?}");
        assert!(page.body.len() < 120 * 1_024, "the page has {} bytes", page.body.len());
    });
}
