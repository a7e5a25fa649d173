//! SAM-10: three nodes of one broker, and one answer.

use std::sync::Arc;

use idp_tests::harness::database::Database;
use idp_tests::harness::redis::Redis;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::peers::saml::forge::Agency;
use idp_tests::peers::saml::xmlsec;
use serde_json::json;
use tokio::sync::Barrier;

use crate::house::{self, House};

const NODES: usize = 3;

#[test]
fn sam_10_an_answer_that_comes_to_three_nodes_at_once_is_taken_by_one() {
    run(async {
        if !xmlsec::available() {
            return;
        }
        let Some(database) = Database::postgres().await else { return };
        let Some(redis) = Redis::start().await else { return };
        let Some(agency) = Agency::named("aga") else { return };
        let plan = Plan::new("sam-10").on(database).with_redis(redis).nodes(NODES);
        let house = House::open_more(plan, &["bridges"], |federation| {
            federation.agency("aga", "Agency aga", "aga.example", json!({})).saml_source(
                "aga",
                "aga",
                &agency.metadata(),
                json!({}),
            )
        })
        .await;
        let party = house.party("rp1").await;
        for round in 0..3 {
            let begun = party.begin(&[("idp_hint", "aga")]);
            let mut visitor = house::visitor().stopping_at(&agency.home());
            house.broker.lead_to(round % NODES);
            let page = visitor.open(&begun.url).await;
            let asked = agency.asked(&page);
            let form = Agency::form(&asked, agency.response(&asked, "alice").signed(agency.keys));
            let path = asked.acs.strip_prefix(&house.broker.base).expect("an address of ours");
            let together = Arc::new(Barrier::new(NODES));
            let copies: Vec<_> = house
                .broker
                .nodes
                .iter()
                .map(|node| {
                    let (mut visitor, form) = (visitor.clone(), form.clone());
                    let acs = format!("{}{path}", node.base());
                    let together = Arc::clone(&together);
                    tokio::spawn(async move {
                        together.wait().await;
                        visitor.post(&acs, &form).await
                    })
                })
                .collect();
            let mut taken = vec![];
            for copy in copies {
                let page = copy.await.unwrap();
                if page.arrived() {
                    taken.push(page);
                } else {
                    assert!((400..500).contains(&page.status), "{}", page.describe());
                }
            }
            assert_eq!(taken.len(), 1, "{} nodes took it", taken.len());
            party.finish(&begun, &taken[0]).await;
        }
    });
}
