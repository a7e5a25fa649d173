//! The SAML peers among themselves, without the product: what a failure elsewhere is not due to.

use idp_tests::harness::http::Visitor;
use idp_tests::harness::ports::free_port;
use idp_tests::harness::{output, run};
use idp_tests::peers::apache::Mellon;
use idp_tests::peers::saml::forge::{Agency, AuthnRequest, Encryption, Party};
use idp_tests::peers::saml::keys::KeyPair;
use idp_tests::peers::saml::message::{Message, base64, redirect_is_signed};
use idp_tests::peers::saml::service_provider::{ServiceProvider, ServiceProviders};
use idp_tests::peers::saml::simplesamlphp::SimpleSamlPhp;
use idp_tests::peers::saml::xmlsec;
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

#[test]
fn pysaml2_takes_what_a_forger_says_honestly_and_nothing_that_it_forges() {
    run(async {
        let Some(agency) = Agency::named("forger") else { return };
        if !xmlsec::available() {
            return;
        }
        let file = output("keys").join("forger-metadata.xml");
        std::fs::write(&file, agency.metadata()).unwrap();
        let url = format!("file://{}", file.display());
        let settings = [("trusting", json!({"encrypt": true}))];
        let Some(all) = ServiceProviders::start(free_port(), &url, &settings).await else { return };
        let sp = all.provider("trusting");
        let keys = KeyPair::named("trusting").unwrap();
        for encrypted in [false, true] {
            let mut visitor = Visitor::new().stopping_at(&agency.home());
            let page = visitor.open(sp.sign_in(&[("relay", "x")])).await;
            assert!(redirect_is_signed(&page.url, &keys.certificate_base64()), "{}", page.url);
            let asked = agency.asked(&page);
            let mut response = agency.response(&asked, "alice");
            response.encryption = encrypted.then(|| Encryption::to(&keys.certificate_base64()));
            let xml = response.signed(agency.keys);
            let acs = sp.acs();
            let page =
                visitor.post(&acs, &Agency::form(&asked, xml.replace("alice", "malice"))).await;
            assert_eq!(sp.told(&page)["error"].is_string(), !encrypted, "{}", sp.told(&page));
            if !encrypted {
                let page = visitor.post(&acs, &Agency::form(&asked, &xml)).await;
                assert_eq!(sp.told(&page)["attributes"]["mail"], json!(["alice@forger.example"]));
            }
            assert!(xmlsec::verifies(&xml, &response.id, &agency.keys.certificate_base64()));
            assert_eq!(xmlsec::invalid(&xml), None);
        }
    });
}

#[test]
fn simplesamlphp_answers_a_forged_service_provider_that_is_honest() {
    run(async {
        let Some(idp) = SimpleSamlPhp::start().await else { return };
        let Some(party) = Party::named("forged-sp") else { return };
        if !xmlsec::available() {
            return;
        }
        idp.trust(&party.metadata());
        let sso = format!("{}/saml2/idp/SSOService.php", idp.base);
        let request = AuthnRequest::honest(&party.entity_id, &sso);
        let mut visitor = Visitor::new().stopping_at(&party.home());
        let page = visitor.open(request.query(Some("x")).signed(party.keys).at(&sso)).await;
        let page = idp.sign_in(&mut visitor, &page, "alice").await;
        let answer = Message::of(&page);
        assert_eq!(answer.status(), ["Success"]);
        assert_eq!(answer.attribute("InResponseTo"), Some(request.id.clone()));
        let certificate = idp.keys.certificate_base64();
        assert!(xmlsec::verifies(&answer.xml, &answer.id(), &certificate));
        let fields = [("SAMLRequest".to_owned(), base64(request.signed(party.keys)))];
        // Its cookies do not travel with a form of another site: it asks again.
        let page = visitor.post(&sso, &fields).await;
        let page = idp.sign_in(&mut visitor, &page, "alice").await;
        assert_eq!(Message::of(&page).status(), ["Success"]);
        // It does look at signatures.
        let stranger = KeyPair::named("stranger").unwrap();
        let page = visitor.open(request.query(None).signed(stranger).at(&sso)).await;
        assert!(page.text().contains("Unable to validate signature"), "{}", page.describe());
    });
}
