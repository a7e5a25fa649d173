//! ORP-14: `acr`, `amr` and `auth_time` of a source, taken on trust.

use idp_tests::harness::rp::now;
use idp_tests::harness::run;
use serde_json::{Value, json};

use crate::attacks::bench::{bench, essential_mfa};

const MFA: &str = "https://refeds.org/profile/mfa";

#[test]
fn orp_14_what_a_trusted_source_does_not_say_is_not_credited() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp14mfa");
        let essential = essential_mfa();
        let weak: [fn(&mut Value); 6] = [
            |_| {},
            |claims| claims["acr"] = json!("https://refeds.org/profile/sfa"),
            |claims| claims["acr"] = json!("HTTPS://REFEDS.ORG/profile/mfa"),
            |claims| claims["amr"] = json!(["pwd"]),
            |claims| claims["amr"] = json!(["mfa", "otp", "hwk", "something else"]),
            |claims| claims["acr"] = json!(["https://refeds.org/profile/mfa"]),
        ];
        for change in weak {
            issuer.claims(change);
            let (mut visitor, party, begun) =
                bench.lured_with("orp14mfa", &[("claims", &essential)]).await;
            let page = visitor.open(&begun.url).await;
            if page.arrived() {
                assert_eq!(party.error(&begun, &page), "unmet_authentication_requirements");
            } else {
                // What the source did not prove is to be proven here.
                assert!(page.status >= 400 || page.asks_for_factor(), "{}", page.describe());
            }
        }
        // What it does say is credited.
        issuer.claims(|claims| claims["acr"] = json!(MFA));
        let (mut visitor, party, begun) =
            bench.lured_with("orp14mfa", &[("claims", &essential)]).await;
        let page = visitor.open(&begun.url).await;
        assert_eq!(party.finish(&begun, &page).await.claims["acr"], MFA);
    });
}

#[test]
fn orp_14_a_source_that_is_not_trusted_for_it_cannot_claim_a_second_factor() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp14");
        issuer.claims(|claims| {
            claims["acr"] = json!(MFA);
            claims["amr"] = json!(["pwd", "otp", "mfa"]);
        });
        let (mut visitor, party, begun) = bench.lured("orp14").await;
        let page = visitor.open(&begun.url).await;
        let tokens = party.finish(&begun, &page).await;
        assert_ne!(tokens.claims["acr"], MFA);
        let essential = essential_mfa();
        let (mut visitor, _, begun) = bench.lured_with("orp14", &[("claims", &essential)]).await;
        let page = visitor.open(&begun.url).await;
        assert!(page.asks_for_factor(), "{}", page.describe());
    });
}

#[test]
fn orp_14_an_authentication_that_is_old_or_of_unknown_age_is_refused() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp14");
        let stale: [fn(&mut Value); 4] = [
            |claims| {
                claims.as_object_mut().unwrap().remove("auth_time");
            },
            |claims| claims["auth_time"] = json!(now() - 3_600),
            |claims| claims["auth_time"] = json!("yesterday"),
            |claims| claims["auth_time"] = json!(now() + 3_600),
        ];
        for change in stale {
            issuer.claims(change);
            let (mut visitor, party, begun) =
                bench.lured_with("orp14", &[("max_age", "300")]).await;
            let mark = bench.mark().await;
            let page = visitor.open(&begun.url).await;
            assert!(page.arrived() || page.status >= 400, "{}", page.describe());
            if page.arrived() {
                party.error(&begun, &page);
            }
            bench.is_signed_out(&mut visitor, &party).await;
            bench.nothing_created(&mark).await;
        }
        assert!(
            issuer.seen("authorize").iter().all(|seen| seen.parameters.contains_key("max_age")),
            "max_age is passed on"
        );
    });
}

#[test]
fn orp_14_the_demand_is_passed_on_to_the_source() {
    run(async {
        let bench = bench().await;
        let issuer = bench.house.provider.issuer("orp14mfa");
        issuer.claims(|claims| claims["acr"] = json!(MFA));
        let essential = essential_mfa();
        let extra = [("claims", essential.as_str()), ("max_age", "300"), ("login_hint", "bob")];
        let (mut visitor, party, begun) = bench.lured_with("orp14mfa", &extra).await;
        let page = visitor.open(&begun.url).await;
        party.finish(&begun, &page).await;
        let asked = issuer.seen("authorize").pop().unwrap().parameters;
        assert!(asked["acr_values"].contains(MFA), "{asked:?}");
        assert_eq!(asked["max_age"], "300");
        assert_eq!(asked["login_hint"], "bob");
        assert_eq!(asked["scope"].split(' ').next(), Some("openid"));
    });
}
