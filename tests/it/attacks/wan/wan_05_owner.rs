//! WAN-05: passkeys of somebody else. WAN-13: a credential's name that is somebody else's already.

use idp_tests::harness::jose;
use idp_tests::harness::run;
use serde_json::json;

use crate::factor::bench::{FactorBench, factor_bench};
use crate::factor::login::Login;
use crate::factor::scene::{LOCALS, somebody};

/// The form of our own source, at which somebody may sign in with a passkey alone.
async fn at_the_form(bench: &FactorBench) -> Login<'static> {
    let extra = [("login_hint", "")];
    bench.scene.login_in(somebody(), "rp1", "people", "", &extra).await
}

#[test]
fn wan_05_a_passkey_of_somebody_else_proves_nothing() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let alices = bench.has_passkey("wan05-alice").await;
        let bobs = bench.has_passkey("wan05-bob").await;
        let mut login = bench.asked("wan05-alice").await;
        let mark = bench.bench.mark().await;
        let ceremony = login.ceremony().await;
        let allowed = ceremony.asked()["allowCredentials"].as_array().expect("a list").clone();
        assert_eq!(allowed.len(), 1, "exactly alice's: {allowed:?}");
        let bobs_answer = ceremony.answer(&bench.scene.drawer, bobs, json!({})).await;
        assert_ne!(bobs_answer["id"], allowed[0]["id"]);
        bench.refuses_answer(&mut login, &ceremony, &bobs_answer, &["webauthn.wrong_owner"]).await;
        for (device, change, reason) in [
            // Bob's key under the name of alice's.
            (bobs, json!({"id": allowed[0]["id"]}), "webauthn.wrong_owner"),
            (
                bobs,
                json!({"id": allowed[0]["id"], "user_handle": null}),
                "webauthn.wrong_signature",
            ),
            // Alice's key under the name of bob's.
            (alices, json!({"id": bobs_answer["id"]}), "webauthn.wrong_owner"),
            (alices, json!({"id": bobs_answer["id"], "user_handle": null}), "webauthn.wrong_owner"),
            // Alice's key in bob's name.
            (
                alices,
                json!({"user_handle": bobs_answer["response"]["userHandle"]}),
                "webauthn.wrong_owner",
            ),
            (alices, json!({"user_handle": ""}), "webauthn.wrong_owner"),
            (alices, json!({"user_handle": jose::random()}), "webauthn.wrong_owner"),
            (alices, json!({"id": jose::random()}), "webauthn.unknown_credential"),
        ] {
            bench.refuses(&mut login, device, change, &[reason]).await;
        }
        bench.came_to_nothing(&login, &mark).await;
        // Who was asked for by name need not say it.
        login.passkey(alices, json!({"user_handle": null, "counter": 50})).await;
        assert_eq!(login.step(), "told", "{}", login.page().describe());
    });
}

#[test]
fn wan_05_without_a_name_in_the_answer_nobody_signs_in_with_a_passkey_alone() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let kim = LOCALS[0];
        let extra = [("login_hint", "kim")];
        let mut login = bench.scene.login_in(somebody(), "rp-mfa", "people", "", &extra).await;
        let page = login.page().clone();
        let page = login.visitor.sign_in(&page, kim.username, kim.password).await;
        login.show(page);
        assert_eq!(login.step(), "enrol passkey, enrol app", "{}", login.page().describe());
        let device = login.new_passkey().await;
        login.keep_codes().await;
        let subject = login.tokens().await.claims["sub"].clone();

        let stranger = bench.has_passkey("wan05-stranger").await;
        let mut login = at_the_form(&bench).await;
        assert_eq!(login.step(), "sign in", "{}", login.page().describe());
        let mark = bench.bench.mark().await;
        for (device, change, reason) in [
            (device, json!({"user_handle": null}), "webauthn.wrong_owner"),
            (device, json!({"user_handle": ""}), "webauthn.wrong_owner"),
            (device, json!({"user_handle": jose::random()}), "webauthn.wrong_owner"),
            (device, json!({"uv": false}), "webauthn.not_verified"),
            (device, json!({"id": jose::random()}), "webauthn.unknown_credential"),
        ] {
            bench.refuses(&mut login, device, change, &[reason]).await;
        }
        bench.came_to_nothing(&login, &mark).await;
        // A good passkey of an account that has nothing to do with this source.
        let (mark, ceremony) = (bench.bench.mark().await, login.ceremony().await);
        let answer = ceremony.answer(&bench.scene.drawer, stranger, json!({})).await;
        let page = ceremony.finish(&mut login.visitor, &answer).await;
        login.show(page);
        assert_eq!(login.step(), "sign in");
        bench.bench.told(&mark, "authn.failed", &["not_of_this_source"]).await;
        bench.bench.is_signed_out(&mut login.visitor.clone(), &login.party).await;

        login.passkey(device, json!({"counter": 50})).await;
        assert_eq!(login.tokens().await.claims["sub"], subject);
    });
}

#[test]
fn wan_13_a_credential_is_somebody_elses_for_good() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let bobs = bench.has_passkey("wan13-bob").await;
        let mut bob = bench.asked("wan13-bob").await;
        let id = bob.ceremony().await.asked()["allowCredentials"][0]["id"].clone();

        let mut mallory = bench.scene.login("rp-mfa", "plain", "wan13-mallory").await;
        let device = bench.scene.drawer.draw(json!({})).await;
        mallory.ceremony().await;
        let mark = bench.bench.mark().await;
        bench.refuses(&mut mallory, device, json!({"id": id}), &["credential_known"]).await;
        // Nothing but a name for mallory's own account, which authenticators are told.
        bench.bench.nothing_created_but(&mark, &["used_once", "factors"]).await;
        // Not a word of whose it is.
        let said = mallory.page().text().to_lowercase();
        for word in ["bob", "somebody", "other person", "another account"] {
            assert!(!said.contains(word), "{said}");
        }
        // Bob's is what it was.
        bob.passkey(bobs, json!({})).await;
        assert_eq!(bob.step(), "told", "{}", bob.page().describe());
        // And mallory gets on with one of her own.
        mallory.new_passkey().await;
        assert_eq!(mallory.step(), "codes");
    });
}
