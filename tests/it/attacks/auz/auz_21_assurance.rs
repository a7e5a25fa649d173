//! AUZ-21: an essential `acr` that is quietly forgotten.

use idp_tests::harness::run;
use serde_json::json;

use crate::attacks::bench::{bench, essential_mfa};
use crate::house::{EVE, LOCAL, go_on, visitor};

const MFA: &str = "https://refeds.org/profile/mfa";

#[test]
fn auz_21_an_essential_acr_that_is_not_met_is_asked_for_or_an_error() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let essential = essential_mfa();
        let single = json!({"id_token": {"acr": {"essential": true, "value": MFA}}}).to_string();
        for claims in [&essential, &single] {
            let begun = party.begin(&[("claims", claims), ("idp_hint", "partners")]);
            let mut visitor = visitor();
            let page = visitor.open(&begun.url).await;
            let page = go_on(&mut visitor, page, EVE).await;
            assert!(page.asks_for_factor(), "{}", page.describe());
            // Half a login is nobody's: not at the application, and not here.
            bench.is_signed_out(&mut visitor, &party).await;
        }
    });
}

#[test]
fn auz_21_a_session_of_one_factor_does_not_answer_it() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let mut visitor = visitor();
        bench.house.sign_in(&mut visitor, &party).await;
        let essential = essential_mfa();
        let silent = party.begin(&[("claims", &essential), ("prompt", "none")]);
        let page = visitor.open(&silent.url).await;
        assert_eq!(party.error(&silent, &page), "login_required");
        let begun = party.begin(&[("claims", &essential)]);
        let page = visitor.open(&begun.url).await;
        let page = go_on(&mut visitor, page, EVE).await;
        assert!(page.asks_for_factor(), "{}", page.describe());
    });
}

#[test]
fn auz_21_the_demand_is_not_lost_on_the_way_back_from_an_error_page() {
    run(async {
        let bench = bench().await;
        let essential = essential_mfa();
        let party = bench.house.party("rp1").await;
        let begun = party.begin(&[("claims", &essential)]);
        let mut visitor = visitor();
        let mut page = visitor.open(&begun.url).await;
        if !page.arrived() {
            page = visitor.choose(&page, LOCAL).await;
        }
        if page.arrived() {
            party.error(&begun, &page);
            return;
        }
        page = go_on(&mut visitor, page, EVE).await;
        assert!(page.asks_for_factor(), "{}", page.describe());
        // Whatever way the page offers, none of them leads to a code.
        for (_, link) in page.links() {
            if link.as_str().starts_with(&bench.house.broker.base) {
                let mut next = visitor.open(link).await;
                if !next.arrived() {
                    next = go_on(&mut visitor, next, EVE).await;
                }
                assert!(!next.arrived() || next.answer("code").is_none(), "{}", next.url);
            }
        }
    });
}

#[test]
fn auz_21_an_unknown_essential_acr_is_an_error_too() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let claims = json!({"id_token": {"acr": {"essential": true, "values": ["urn:x:loa9"]}}});
        let begun = party.begin(&[("claims", &claims.to_string())]);
        let page = visitor().open(&begun.url).await;
        assert_eq!(party.error(&begun, &page), "unmet_authentication_requirements");
    });
}

#[test]
fn auz_21_a_claims_parameter_that_cannot_be_read_is_refused() {
    run(async {
        let bench = bench().await;
        let party = bench.house.party("rp1").await;
        let deep = format!("{}1{}", "{\"a\":".repeat(200), "}".repeat(200));
        let twice = r#"{"id_token":{"acr":{"essential":true,"value":"x"},"acr":null}}"#;
        for claims in ["{", "[]", "null", "\"acr\"", &deep, twice, r#"{"id_token":[]}"#] {
            let begun = party.begin(&[("claims", claims)]);
            assert_eq!(
                bench.refuses_by_redirect(&party, &begun).await,
                "invalid_request",
                "{claims}"
            );
        }
    });
}
