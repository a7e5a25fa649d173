//! What a SAML agency may do one way or another: sign, encrypt, demand, come unasked.

use idp_tests::harness::run;
use serde_json::json;

use super::scene::Scene;

#[test]
fn an_agency_may_sign_either_part_or_both_and_encrypt() {
    run(async {
        // It knows no other cipher than CBC.
        let old = json!({"connection": {"encryption": {"allow_cbc_until": "2030-12-31"}}});
        let Some(scene) = Scene::open("saml-habits", old, json!({})).await else { return };
        let party = scene.party("rp1").await;
        let habits = [
            json!({"saml20.sign.response": true, "saml20.sign.assertion": true}),
            json!({"saml20.sign.response": true, "saml20.sign.assertion": false}),
            json!({"saml20.sign.response": false, "saml20.sign.assertion": true}),
        ];
        for encrypted in [false, true] {
            for habit in &habits {
                let both = idp_tests::harness::federation::merged(
                    habit.clone(),
                    json!({"assertion.encryption": encrypted}),
                );
                scene.idp.change(json!({"towards": both}));
                let mut visitor = Scene::visitor();
                if encrypted && habit["saml20.sign.response"] == false {
                    // CBC cannot tell that it was changed: a signature around it must.
                    let begun = party.begin(&[]);
                    let page = visitor.open(&begun.url).await;
                    let page = scene.go_on(&mut visitor, page, "alice").await;
                    assert!(!page.arrived() && page.status == 403, "{}", page.describe());
                    assert!(scene.reasons().await.concat().contains("algorithm"));
                    continue;
                }
                let tokens = scene.sign_in_at(&mut visitor, &party, "alice").await;
                assert_eq!(tokens.claims["email"], "alice@una.example", "{encrypted} {habit}");
            }
        }
        // Nothing signed is nothing said.
        let none = json!({
            "saml20.sign.response": false, "saml20.sign.assertion": false,
            "assertion.encryption": false,
        });
        scene.idp.change(json!({"towards": none}));
        let mut visitor = Scene::visitor();
        let begun = party.begin(&[]);
        let page = visitor.open(&begun.url).await;
        let page = scene.go_on(&mut visitor, page, "alice").await;
        assert!(!page.arrived() && page.status >= 400, "{}", page.describe());
        // A scope of another agency is not believed of her.
        scene.idp.change(json!({"towards": {
            "saml20.sign.response": true, "saml20.sign.assertion": true,
        }}));
        let begun = party.begin(&[]);
        let mut visitor = Scene::visitor();
        let page = visitor.open(&begun.url).await;
        let page = scene.go_on(&mut visitor, page, "mallory").await;
        assert!(!page.arrived() && page.status == 403, "{}", page.describe());
        assert!(scene.reasons().await.concat().contains("scope"), "{:?}", scene.reasons().await);
    });
}

#[test]
fn a_context_of_the_agency_counts_as_far_as_the_agency_is_trusted() {
    run(async {
        let mfa = "https://refeds.org/profile/mfa";
        let source = json!({"trusted_acr": [mfa]});
        let Some(scene) = Scene::open("saml-contexts", source, json!({})).await else { return };
        let sp = scene.provider("sp");
        let asked = [("comparison", "exact"), ("context", mfa)];
        let mut visitor = Scene::visitor();
        let page = visitor.open(sp.sign_in(&asked)).await;
        let page = scene.go_on(&mut visitor, page, "alice").await;
        assert!(page.asks_for_factor(), "{}", page.describe());
        scene.idp.change(json!({"context": mfa}));
        let told = scene.sign_in_to(&mut Scene::visitor(), &sp, &asked, "alice").await;
        assert_eq!(told["context"], mfa, "{told}");
        // Of the same session, a weaker one is told as what it is.
        assert!(told["authn_instant"].is_string());
    });
}

#[test]
fn who_comes_unasked_is_taken_where_that_was_switched_on_and_only_there() {
    run(async {
        let source = json!({"connection": {"idp_initiated": true}});
        let party = json!({"connection": {"unsolicited": true}});
        let Some(scene) = Scene::open("saml-unasked", source, party).await else { return };
        let us = format!("{}/saml/sp/metadata", scene.broker.base);
        let mut visitor = Scene::visitor();
        let page = visitor.open(scene.idp.unasked(&us, None)).await;
        let page = scene.go_on(&mut visitor, page, "alice").await;
        assert!(page.url.as_str().starts_with(&scene.broker.base), "{}", page.describe());
        assert_eq!(page.status, 200, "{}", page.describe());
        assert!(scene.is_signed_in(&mut visitor).await);
        // On to a service that wants such.
        let mut visitor = Scene::visitor();
        let page = visitor.open(scene.idp.unasked(&us, Some("plain"))).await;
        let page = scene.go_on(&mut visitor, page, "alice").await;
        let plain = scene.provider("plain");
        let told = plain.told(&page);
        // Pysaml2 has not asked, and says so: it was reached.
        assert_eq!(told["error"], "UnsolicitedResponse", "{told}");
    });
}

#[test]
fn who_comes_unasked_is_turned_away_where_nothing_was_said() {
    run(async {
        let Some(scene) = super::scene::shared().await else { return };
        let us = format!("{}/saml/sp/metadata", scene.broker.base);
        let mut visitor = Scene::visitor();
        let page = visitor.open(scene.idp.unasked(&us, None)).await;
        let page = scene.go_on(&mut visitor, page, "alice").await;
        assert!([400, 403].contains(&page.status), "{}", page.describe());
        assert!(!scene.is_signed_in(&mut visitor).await);
    });
}
