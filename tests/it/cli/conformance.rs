//! `idp conformance`: what it says of registered peers, and how it ends.

use idp_tests::harness::federation::Federation;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::peers::saml::forge::{Agency, Party};
use serde_json::{Value, json};

use crate::house::SECRET;

#[test]
fn a_peer_is_judged_and_the_exit_status_tells() {
    run(async {
        let (Some(agency), Some(party)) = (Agency::named("aga"), Party::named("sp1")) else {
            return;
        };
        let file = Federation::new()
            .agency("loc", "Agency A", "loc.example", json!({}))
            .saml_source("staff", "loc", &agency.metadata(), json!({}))
            .saml_party("wiki", "loc", &party.metadata(), json!({}))
            .party("rp1", SECRET, "https://rp1.example/cb", json!({}));
        let prepared = Plan::new("conformance").prepare().await;
        prepared.idp(&["migrate"]).await.ok();
        prepared.apply(&file.build()).await.ok();
        let judge = async |arguments: &[&str]| {
            prepared.idp(&[&["conformance", "saml2int"], arguments].concat()).await
        };
        for (which, id, entity_id) in [
            ("--relying-party", "wiki", &party.entity_id),
            ("--source", "staff", &agency.entity_id),
        ] {
            let told = judge(&[which, id]).await;
            assert_eq!(told.status, Some(1), "something is not held: {told:?}");
            assert!(
                told.out.contains(entity_id.as_str()) && told.out.contains("SDP-MD03   not held")
            );
            let told = judge(&[which, id, "--json"]).await;
            assert_eq!(told.status, Some(1));
            let told: Value = serde_json::from_str(&told.out).expect("JSON");
            let all = told["clauses"].as_array().unwrap().len() as u64;
            let counts = ["held", "not_held", "cannot_tell"].map(|key| told[key].as_u64().unwrap());
            assert_eq!(counts.iter().sum::<u64>(), all);
        }
        for wrong in [
            &["--relying-party", "nobody"][..],
            &["--relying-party", "rp1"],
            &["--source", "wiki"],
            &["--relying-party", "wiki", "--source", "staff"],
            &[],
        ] {
            let ended = judge(wrong).await;
            assert_eq!(ended.status, Some(2), "{wrong:?}: {ended:?}");
            assert_eq!(ended.out, "");
        }
    });
}
