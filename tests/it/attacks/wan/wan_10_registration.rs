//! WAN-10: whatever the browser was asked for when a passkey is made, it may have been told
//! otherwise.

use idp_tests::harness::run;
use serde_json::{Value, json};

use crate::factor::bench::{FactorBench, factor_bench};
use crate::factor::scene::{BROKEN_MODEL, MODEL};

#[test]
fn wan_10_what_was_asked_for_is_what_is_taken() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut login = bench.scene.login("rp-mfa", "plain", "wan10").await;
        let ceremony = login.ceremony().await;
        let asked = ceremony.asked();
        let offered: Vec<_> = asked["pubKeyCredParams"].as_array().expect("a list").clone();
        let offered: Vec<_> = offered.iter().map(|one| one["alg"].as_i64().unwrap()).collect();
        assert!(offered.contains(&-7) && !offered.contains(&-65_535), "{offered:?}");
        let selection = &asked["authenticatorSelection"];
        assert_eq!(selection["userVerification"], "required", "{selection}");
        assert_eq!(selection["residentKey"], "required", "{selection}");
        let device = bench.scene.drawer.draw(json!({})).await;
        let mut wrong = vec![
            (json!({"uv": false}), "webauthn.not_verified"),
            (json!({"up": false}), "webauthn.not_present"),
            (json!({"rk": false}), "webauthn.not_discoverable"),
            (json!({"rp_id": "evil.example"}), "webauthn.wrong_relying_party"),
            (json!({"key": rsa_with_sha1()}), "webauthn.algorithm"),
        ];
        if !offered.contains(&-8) {
            wrong.push((json!({"alg": -8}), "webauthn.algorithm"));
        }
        let mark = bench.bench.mark().await;
        for (change, reason) in wrong {
            let reasons = [reason, "webauthn.malformed"];
            bench.refuses(&mut login, device, change, &reasons).await;
        }
        bench.came_to_nothing(&login, &mark).await;
        for alg in offered {
            let person = format!("wan10{alg}");
            let mut login = bench.scene.login("rp-mfa", "plain", &person).await;
            let device = bench.scene.drawer.draw(json!({})).await;
            login.passkey(device, json!({"alg": alg})).await;
            assert_eq!(login.step(), "codes", "{alg}: {}", login.page().describe());
        }
    });
}

/// The public key of `RS1`: RSA with SHA-1, which nobody offers.
fn rsa_with_sha1() -> String {
    let mut key = vec![0xa4, 0x01, 0x03, 0x03, 0x39, 0xff, 0xfe, 0x20, 0x59, 0x01, 0x00];
    key.extend([0xc1; 256]);
    key.extend([0x21, 0x43, 0x01, 0x00, 0x01]);
    idp_tests::harness::jose::b64(key)
}

/// Whether an agency takes a new passkey of this model, made with `change`; if not, why.
async fn takes(
    bench: &FactorBench,
    agency: &str,
    model: &str,
    change: Value,
    reasons: Option<&[&str]>,
) {
    let person = format!("{agency}-{model}-{}", change["attest"]);
    let mut login = bench.scene.login("rp-mfa", agency, &person).await;
    login.ceremony().await;
    let device = bench.scene.drawer.draw(json!({"aaguid": model.replace('-', "")})).await;
    let Some(reasons) = reasons else {
        login.passkey(device, change).await;
        assert_eq!(login.step(), "codes", "{person}: {}", login.page().describe());
        return;
    };
    let mark = bench.bench.mark().await;
    bench.refuses(&mut login, device, change, reasons).await;
    let said = login.page().text();
    assert!(said.contains("does not accept"), "{said}");
    bench.came_to_nothing(&login, &mark).await;
}

#[test]
fn wan_10_an_agency_gets_the_attestation_that_it_wants() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let none = "00000000-0000-0000-0000-000000000000";
        let unknown = "09090909-0909-0909-0909-090909090909";
        let not_attested: &[&str] = &["webauthn.not_attested", "webauthn.bad_attestation"];
        let untrusted: &[&str] = &[
            "webauthn.untrusted_attestation",
            "webauthn.not_attested",
            "webauthn.bad_attestation",
        ];
        let model: &[&str] = &["webauthn.model_not_allowed"];
        for (agency, aaguid, attest, refused) in [
            ("attested", none, "none", Some(not_attested)),
            ("attested", unknown, "self", Some(not_attested)),
            ("attested", unknown, "maker", None),
            ("attested", BROKEN_MODEL, "maker", Some(model)),
            ("trusting", none, "none", Some(model)),
            ("trusting", MODEL, "none", Some(untrusted)),
            ("trusting", MODEL, "self", Some(untrusted)),
            ("trusting", unknown, "maker", Some(model)),
            ("trusting", BROKEN_MODEL, "maker", Some(model)),
            ("trusting", MODEL, "maker", None),
            ("picky", unknown, "none", Some(model)),
            ("picky", MODEL, "none", None),
            ("averse", MODEL, "none", Some(model)),
            ("averse", unknown, "none", None),
        ] {
            takes(&bench, agency, aaguid, json!({"attest": attest}), refused).await;
        }
    });
}

#[test]
fn wan_10_the_same_authenticator_is_not_registered_twice() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut login = bench.scene.login("rp-mfa", "plain", "wan10-twice").await;
        let device = login.new_passkey().await;
        login.keep_codes().await;
        let there = bench.scene.house.broker.base.clone() + "/account/security/passkey";
        let page = login.visitor.open(&there).await;
        login.show(page);
        let ceremony = login.ceremony().await;
        let excluded = ceremony.asked()["excludeCredentials"].as_array().expect("a list").clone();
        assert_eq!(excluded.len(), 1);
        let id = excluded[0]["id"].clone();
        let mark = bench.bench.mark().await;
        let change = json!({"id": id});
        let other = bench.scene.drawer.draw(json!({})).await;
        let answer = ceremony.answer(&bench.scene.drawer, other, change).await;
        let page = ceremony.finish(&mut login.visitor, &answer).await;
        assert!(page.text().contains("already has a passkey"), "{}", page.describe());
        let known = ["factors.webauthn.already_registered"];
        bench.bench.told(&mark, "factor.failed", &known).await;
        bench.bench.nothing_created_but(&mark, &["used_once"]).await;
        // The first one is what it was.
        let mut login = bench.asked("wan10-twice").await;
        login.passkey(device, json!({})).await;
        assert_eq!(login.step(), "told");
    });
}
