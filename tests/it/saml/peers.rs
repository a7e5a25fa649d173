//! The SAML peers among themselves, without the product: what a failure elsewhere is not due to.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::ports::free_port;
use idp_tests::harness::run;
use idp_tests::peers::apache::Mellon;
use idp_tests::peers::saml::service_provider::{ServiceProvider, ServiceProviders};
use idp_tests::peers::saml::simplesamlphp::SimpleSamlPhp;
use serde_json::json;

async fn scene() -> Option<(SimpleSamlPhp, ServiceProviders, ServiceProvider)> {
    let idp = SimpleSamlPhp::start().await?;
    let providers = [("sp", json!({"encrypt": true}))];
    let all = ServiceProviders::start(free_port(), &idp.metadata_url(), &providers).await?;
    let one = all.provider("sp");
    idp.trust(&one.metadata().await);
    Some((idp, all, one))
}

#[test]
fn pysaml2_signs_in_and_out_at_simplesamlphp_by_every_binding_that_both_have() {
    run(async {
        let Some((idp, _all, sp)) = scene().await else { return };
        for binding in ["redirect", "post"] {
            let mut visitor = Visitor::new();
            let asked = [("binding", binding), ("relay", "a b&c=d%20é<\"'>  x")];
            let page = visitor.open(sp.sign_in(&asked)).await;
            let page = match binding {
                "post" => visitor.submit(&page, page.forms().remove(0).enter()).await,
                _ => page,
            };
            let page = idp.sign_in(&mut visitor, &page, "borge").await;
            let told = sp.told(&page);
            assert_eq!(told["attributes"]["sn"], json!(["O'Neill & Søn <x>"]), "{told}");
            assert_eq!(told["relay_state"], asked[1].1);
            assert_eq!(told["issuer"], idp.entity_id());
            assert!(sp.has_signed_in(&mut visitor).await);
            let page = visitor.open(sp.sign_out(binding)).await;
            let page = match binding {
                "post" => visitor.submit(&page, page.forms().remove(0).enter()).await,
                _ => page,
            };
            let page = idp.press_on(&mut visitor, page).await;
            assert_eq!(sp.told(&page)["status"], "Success");
            assert!(!sp.has_signed_in(&mut visitor).await);
        }
    });
}

#[test]
fn simplesamlphp_can_be_told_how_to_sign_and_to_encrypt() {
    run(async {
        let Some((idp, _all, sp)) = scene().await else { return };
        let mut visitor = Visitor::new();
        idp.change(json!({"identity_provider": {"assertion.encryption": true}}));
        let page = visitor.open(sp.sign_in(&[])).await;
        let page = idp.sign_in(&mut visitor, &page, "alice").await;
        assert_eq!(sp.told(&page)["encrypted"], true);
        // Asked again, it asks nobody.
        idp.change(json!({"context": "https://refeds.org/profile/mfa"}));
        let page = visitor.open(sp.sign_in(&[("passive", "1")])).await;
        let page = idp.press_on(&mut visitor, page).await;
        assert_eq!(sp.told(&page)["context"], "https://refeds.org/profile/mfa");
        let page = visitor.open(sp.sign_in(&[("force", "1")])).await;
        let page = idp.sign_in(&mut visitor, &page, "alice").await;
        assert_eq!(sp.told(&page)["attributes"]["mail"], json!(["alice@una.example"]));
        idp.change(json!({"towards": {"saml20.sign.response": false}}));
        let page = visitor.open(sp.sign_in(&[])).await;
        let page = idp.press_on(&mut visitor, page).await;
        // This one wants both signed.
        assert!(sp.told(&page)["error"].is_string(), "{}", sp.told(&page));
        idp.change(json!({"towards": {"saml20.sign.response": null}}));
        let page = Visitor::new().open(sp.sign_in(&[("passive", "1")])).await;
        let page = idp.press_on(&mut Visitor::new(), page).await;
        assert_eq!(sp.told(&page)["error"], "StatusNoPassive");
    });
}

#[test]
fn simplesamlphp_signs_a_person_out_of_pysaml2() {
    run(async {
        let Some((idp, _all, sp)) = scene().await else { return };
        let mut visitor = Visitor::new();
        let page = visitor.open(sp.sign_in(&[])).await;
        idp.sign_in(&mut visitor, &page, "alice").await;
        visitor.open(idp.sign_out()).await;
        assert!(!sp.has_signed_in(&mut visitor).await, "{:?}", sp.seen().await);
        assert_eq!(sp.seen().await[0]["known"], true);
    });
}

#[test]
fn mellon_signs_in_and_out_at_simplesamlphp() {
    run(async {
        let Some(idp) = SimpleSamlPhp::start().await else { return };
        let port = free_port();
        let Some(registered) = Mellon::register(port) else { return };
        idp.trust(&registered.metadata());
        idp.change(json!({"identity_provider": {"assertion.encryption": true}}));
        let Some(apache) = registered.start(&idp.metadata().await).await else { return };
        let mut visitor = Visitor::new();
        let page = visitor.open(apache.protected()).await;
        let page = idp.sign_in(&mut visitor, &page, "alice").await;
        assert!(page.text().contains("alice@una.example"), "{}\n{}", page.describe(), apache.log());
        let page = visitor.choose(&page, "Sign out").await;
        assert_eq!(page.texts("#bye").len(), 1, "{}\n{}", page.describe(), apache.log());
        let page = visitor.open(apache.protected()).await;
        assert!(idp.owns(&page), "{}", page.describe());
    });
}
