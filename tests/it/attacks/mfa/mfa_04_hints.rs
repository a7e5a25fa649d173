//! MFA-04: a policy that whoever it binds can talk away.

use idp_tests::harness::run;
use idp_tests::peers::saml::forge::AuthnRequest;
use idp_tests::peers::saml::message::PASSWORD;

use crate::factor::bench::factor_bench;
use crate::factor::login::step;
use crate::factor::scene::{at, somebody};
use crate::house::hands_over;

#[test]
fn mfa_04_nothing_that_a_browser_says_lowers_what_an_agency_or_a_service_demands() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let aal1 = "urn:laissez-passer:assurance:aal1";
        let weak = format!(r#"{{"id_token":{{"acr":{{"essential":true,"values":["{aal1}"]}}}}}}"#);
        let requests: [&[(&str, &str)]; 8] = [
            &[],
            &[("acr_values", "")],
            &[("acr_values", aal1)],
            &[("acr_values", "urn:x:none")],
            &[("claims", &weak)],
            &[("max_age", "31536000")],
            &[("prompt", "login")],
            &[("ui_locales", "ar"), ("display", "wap")],
        ];
        // By the agency's rule, and by the service's.
        for (agency, party) in [("strict", "rp1"), ("plain", "rp-mfa")] {
            for (place, extra) in requests.into_iter().enumerate() {
                let person = format!("mfa04-{agency}-{place}");
                let login = bench.scene.login_with(party, agency, &person, extra).await;
                let step = login.step();
                let asked =
                    step.starts_with("enrol") || step == "told unmet_authentication_requirements";
                assert!(asked, "{agency} {extra:?}: {step}");
            }
            let browsers = [
                at("10.0.0.1"),
                at("192.168.0.1, 127.0.0.1"),
                at("127.0.0.1"),
                somebody().with_header("user-agent", "Mozilla/4.0 (compatible; MSIE 6.0)"),
                somebody().with_header("user-agent", ""),
                somebody().with_header("accept-language", "xx"),
                somebody().with_header("x-real-ip", "10.0.0.1"),
                somebody().with_header("forwarded", "for=10.0.0.1"),
                somebody().with_header("x-original-url", "/account"),
                somebody().with_header("x-http-method-override", "DELETE"),
            ];
            for (place, visitor) in browsers.into_iter().enumerate() {
                let person = format!("mfa04-{agency}-b{place}");
                let login = bench.scene.login_in(visitor, party, agency, &person, &[]).await;
                assert!(login.step().starts_with("enrol"), "{agency} {place}: {}", login.step());
            }
            let person = format!("mfa04-{agency}-silent");
            let silent = [("prompt", "none")];
            let login = bench.scene.login_with(party, agency, &person, &silent).await;
            assert_eq!(login.error(), "login_required");
        }
    });
}

#[test]
fn mfa_04_every_way_in_demands_the_same() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        // SAML, whatever the request says.
        bench.scene.speaks_for("strict", "mfa04-saml");
        let party = &bench.scene.providers["sp"];
        let sso = format!("{}/saml/sso", bench.scene.house.broker.base);
        for demand in [None, Some(("exact", PASSWORD)), Some(("maximum", PASSWORD))] {
            let mut request = AuthnRequest::honest(&party.entity_id, &sso);
            if let Some((comparison, class)) = demand {
                request = request.demanding(comparison, &[class]);
            }
            let mut visitor = somebody();
            let page = visitor.open(request.query(None).at(&sso)).await;
            let mut page = visitor.choose(&page, "Agency strict").await;
            if let Some(form) = page.forms().into_iter().find(hands_over) {
                page = visitor.submit(&page, form.enter()).await;
            }
            let step = step(&page);
            assert!(step.starts_with("enrol") || step.starts_with("told"), "{demand:?}: {step}");
            if page.arrived() {
                let answer = idp_tests::peers::saml::message::Message::of(&page);
                assert!(!answer.has("Assertion"), "{demand:?}: {}", answer.xml);
            }
        }
        // The account page.
        let mut visitor = somebody();
        let page = visitor.open(format!("{}/account", bench.scene.house.broker.base)).await;
        let page = visitor.choose(&page, "Agency strict").await;
        bench.scene.speaks_for("strict", "nobody");
        assert!(step(&page).starts_with("enrol"), "{}", page.describe());
    });
}
