//! Sign-on across dialects: whoever vouches, and whoever wants to be told.

use idp_tests::harness::run;
use serde_json::json;

use super::scene::{Scene, UNA, shared};

#[test]
fn a_person_of_a_saml_agency_signs_in_to_an_openid_connect_application() {
    run(async {
        let Some(scene) = shared().await else { return };
        let party = scene.party("rp1").await;
        let mut visitor = Scene::visitor();
        let tokens = scene.sign_in_at(&mut visitor, &party, "borge").await;
        assert_eq!(tokens.claims["email"], "borge@una.example", "{}", tokens.claims);
        assert_eq!(tokens.claims["name"], "Børge O'Neill & Søn <x>");
        let again = scene.sign_in_at(&mut Scene::visitor(), &party, "borge").await;
        assert_eq!(tokens.claims["sub"], again.claims["sub"]);
    });
}

#[test]
fn a_person_of_an_openid_connect_agency_signs_in_to_saml_services() {
    run(async {
        let Some(scene) = shared().await else { return };
        let mut visitor = Scene::visitor();
        let sp = scene.provider("sp");
        let told = scene.sign_in_to(&mut visitor, &sp, &[("relay", "back")], "bob").await;
        assert_eq!(told["attributes"]["mail"], json!(["bob@unb.example"]), "{told}");
        assert_eq!(told["encrypted"], true);
        assert_eq!(told["relay_state"], "back");
        assert_eq!(told["issuer"], format!("{}/saml/metadata", scene.broker.base));
        assert_eq!(told["recipient"], sp.acs());
        // The second one asks nobody.
        let page = scene.sign_in_behind_mellon(&mut visitor, "nobody").await;
        assert!(page.text().contains("bob@unb.example"), "{}", page.describe());
    });
}

#[test]
fn a_person_of_a_saml_agency_signs_in_to_saml_services_and_to_others_without_being_asked() {
    run(async {
        let Some(scene) = shared().await else { return };
        let mut visitor = Scene::visitor();
        let page = scene.sign_in_behind_mellon(&mut visitor, "alice").await;
        assert!(page.text().contains("alice@una.example"), "{}", page.describe());
        let mut names = vec![];
        for name in ["sp", "plain", "unsigned"] {
            let provider = scene.provider(name);
            let told = scene.sign_in_to(&mut visitor, &provider, &[], "nobody").await;
            assert_eq!(told["attributes"]["mail"], json!(["alice@una.example"]), "{told}");
            assert_eq!(told["encrypted"], name == "sp");
            assert!(told["session_index"].is_string(), "{told}");
            // Who has authenticated her.
            assert_eq!(told["authorities"], json!([scene.idp.entity_id()]), "{told}");
            names.push(told["name_id"].as_str().unwrap().to_owned());
        }
        names.dedup();
        assert_eq!(names.len(), 3, "two services are told one name: {names:?}");
        // And to an application that speaks OpenID Connect.
        let party = scene.party("rp1").await;
        let tokens = scene.sign_in_at(&mut visitor, &party, "nobody").await;
        assert_eq!(tokens.claims["email"], "alice@una.example");
    });
}

#[test]
fn a_session_that_began_in_an_openid_connect_application_serves_saml_services() {
    run(async {
        let Some(scene) = shared().await else { return };
        let mut visitor = Scene::visitor();
        let party = scene.party("rp1").await;
        scene.sign_in_at(&mut visitor, &party, "alice").await;
        let sp = scene.provider("sp");
        for binding in ["redirect", "post"] {
            let asked = [("binding", binding), ("passive", "1")];
            let told = scene.sign_in_to(&mut visitor, &sp, &asked, "nobody").await;
            assert_eq!(told["attributes"]["mail"], json!(["alice@una.example"]), "{told}");
        }
    });
}

#[test]
fn a_name_is_what_the_service_asks_for() {
    run(async {
        let Some(scene) = shared().await else { return };
        let mut visitor = Scene::visitor();
        let sp = scene.provider("sp");
        let persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
        let transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
        let mut told = vec![];
        for format in [persistent, persistent, transient] {
            let one = scene.sign_in_to(&mut visitor, &sp, &[("format", format)], "alice").await;
            assert_eq!(one["format"], format, "{one}");
            assert!(!one["name_id"].as_str().unwrap().contains("alice"), "{one}");
            told.push(one["name_id"].as_str().unwrap().to_owned());
        }
        assert_eq!(told[0], told[1]);
        assert_ne!(told[0], told[2]);
        // A name for one time is another one in another session.
        let asked = [("format", transient)];
        let other = scene.sign_in_to(&mut Scene::visitor(), &sp, &asked, "alice").await;
        assert!(!told.contains(&other["name_id"].as_str().unwrap().to_owned()), "{other}");
        let email = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
        for format in [email, "urn:x:unknown"] {
            let refused = scene.sign_in_to(&mut visitor, &sp, &[("format", format)], "alice").await;
            assert_eq!(refused["error"], "StatusInvalidNameidPolicy", "{refused}");
        }
    });
}

#[test]
fn odd_texts_come_back_as_they_went() {
    run(async {
        let Some(scene) = shared().await else { return };
        let mut visitor = Scene::visitor();
        let sp = scene.provider("sp");
        for relay in
            ["a b&c=d%20é<\"'>  x", "%2B+%2b", "{\"a\":1}", "https://elsewhere.example/?a=b#c"]
        {
            for binding in ["redirect", "post"] {
                let asked = [("relay", relay), ("binding", binding)];
                let told = scene.sign_in_to(&mut visitor, &sp, &asked, "alice").await;
                assert_eq!(told["relay_state"], relay, "{told}");
            }
        }
        let told = scene.sign_in_to(&mut visitor, &sp, &[("acs_index", "1")], "alice").await;
        assert_eq!(told["acs"], "acs2", "{told}");
    });
}

#[test]
fn forced_and_passive_requests_are_answered_with_exact_codes() {
    run(async {
        let Some(scene) = shared().await else { return };
        let sp = scene.provider("sp");
        let mut visitor = Scene::visitor();
        let refused = scene.sign_in_to(&mut visitor, &sp, &[("passive", "1")], "nobody").await;
        assert_eq!(refused["error"], "StatusNoPassive", "{refused}");
        scene.sign_in_to(&mut visitor, &sp, &[], "alice").await;
        let told = scene.sign_in_to(&mut visitor, &sp, &[("passive", "1")], "nobody").await;
        assert!(told["name_id"].is_string(), "{told}");
        // Forced: `SimpleSAMLphp` asks for the password again.
        let page = visitor.open(sp.sign_in(&[("force", "1")])).await;
        let page = if scene.idp.owns(&page) { page } else { visitor.choose(&page, UNA).await };
        assert!(!page.forms().is_empty() && scene.idp.owns(&page), "{}", page.describe());
        assert!(page.forms().iter().any(|form| form.value("password").is_some()));
        let page = scene.go_on(&mut visitor, page, "alice").await;
        assert!(sp.told(&page)["name_id"].is_string(), "{}", page.describe());
        let asked = [("force", "1"), ("passive", "1")];
        let refused = scene.sign_in_to(&mut visitor, &sp, &asked, "nobody").await;
        assert_eq!(refused["error"], "StatusNoPassive", "{refused}");
    });
}

#[test]
fn the_four_comparisons_of_contexts_are_kept() {
    run(async {
        let Some(scene) = shared().await else { return };
        let sp = scene.provider("sp");
        let mut visitor = Scene::visitor();
        scene.sign_in_to(&mut visitor, &sp, &[], "alice").await;
        let password = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
        let mfa = "https://refeds.org/profile/mfa";
        for (comparison, context, met) in [
            ("exact", password, true),
            ("minimum", password, true),
            ("maximum", mfa, true),
            ("better", password, false),
            ("exact", mfa, false),
            ("minimum", mfa, false),
            ("better", mfa, false),
            ("exact", "urn:x:unknown", false),
        ] {
            let asked = [("comparison", comparison), ("context", context), ("passive", "1")];
            let told = scene.sign_in_to(&mut visitor, &sp, &asked, "nobody").await;
            if met {
                assert!(told["name_id"].is_string(), "{comparison} {context}: {told}");
                if comparison == "exact" {
                    assert_eq!(told["context"], context);
                }
            } else {
                let error = told["error"].as_str().unwrap_or_default();
                let known = ["StatusNoAuthnContext", "StatusNoPassive"].contains(&error);
                assert!(known, "{comparison} {context}: {told}");
            }
        }
    });
}
