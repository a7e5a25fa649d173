//! MFA-12: a weaker factor in the place of a passkey. MFA-19: a source's word counted as what it
//! is not.

use idp_tests::harness::run;
use serde_json::{Value, json};

use crate::factor::bench::factor_bench;
use crate::factor::scene::{MFA, PHR};

#[test]
fn mfa_12_where_phishing_must_be_resisted_no_code_is_offered_or_taken() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, codes) = bench.has_app("mfa12-app").await;
        let device = bench.has_passkey("mfa12-key").await;
        let code = app.code();
        let mut login = bench.scene.login("rp-phr", "plain", "mfa12-key").await;
        let shown = login.step();
        assert_eq!(shown, "prove, passkey, pass", "{}", login.page().describe());
        let mark = bench.bench.mark().await;
        for fields in [vec![("code", code.as_str())], vec![("recovery", &codes[0])]] {
            let page = login.post("/factor/code", &fields).await;
            assert!(!page.arrived(), "{fields:?}: {}", page.url);
        }
        // A browser that ran no script, or was kept from it.
        let form = login.page().form_with("ceremony").enter();
        login.send(form).await;
        assert_eq!(login.step(), shown, "{}", login.page().describe());
        assert!(login.page().text().contains("JavaScript"), "{}", login.page().describe());
        bench.came_to_nothing(&login, &mark).await;
        let mut login = bench.scene.login("rp-phr", "plain", "mfa12-key").await;
        login.passkey(device, json!({})).await;
        let claims = login.tokens().await.claims;
        assert_eq!(claims["acr"], PHR);
        assert_eq!(claims["amr"], json!(["pop", "user", "mfa"]), "{claims}");
        // Whoever has an app alone proves it to set up a passkey, and is told of nothing before.
        for (field, typed) in [("code", &code), ("recovery", &codes[0])] {
            let mut login = bench.scene.login("rp-phr", "plain", "mfa12-app").await;
            assert_eq!(login.step(), "prove, code, recovery, pass");
            login.type_in(field, typed).await;
            assert_eq!(login.step(), "enrol passkey", "{}", login.page().describe());
            for step in ["/enrol/later", "/enrol/codes", "/enrol/app/start", "/consent"] {
                let page = login.post(step, &[]).await;
                assert!(!page.arrived(), "{step}: {}", page.url);
            }
            bench.bench.is_signed_out(&mut login.visitor.clone(), &login.party).await;
        }
    });
}

#[test]
fn mfa_12_what_is_told_is_what_was_used() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let (app, codes) = bench.has_app("mfa12-told").await;
        let mut by_app = bench.asked("mfa12-told").await;
        by_app.type_in("code", &app.code()).await;
        let claims = by_app.tokens().await.claims;
        assert_eq!((&claims["acr"], &claims["amr"]), (&json!(MFA), &json!(["otp", "mfa"])));
        let mut by_code = bench.asked("mfa12-told").await;
        by_code.type_in("recovery", &codes[0]).await;
        let claims = by_code.tokens().await.claims;
        assert_eq!((&claims["acr"], &claims["amr"]), (&json!(MFA), &json!(["mfa"])));
        // Whoever wishes for more is told what there is; whoever demands it, nothing.
        let wish = by_app.on_to("rp1", &[("acr_values", PHR)]).await;
        assert_ne!(wish.tokens().await.claims["acr"], PHR);
        let demand = json!({"id_token": {"acr": {"essential": true, "value": PHR}}}).to_string();
        let demand = by_app.on_to("rp1", &[("claims", &demand), ("prompt", "none")]).await;
        assert_eq!(demand.error(), "login_required");
    });
}

#[test]
fn mfa_19_a_word_of_a_source_counts_for_what_was_agreed_and_no_more() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let words: [(Value, &str, &str); 7] = [
            (json!({"amr": ["sms"]}), "Aal1", "sms"),
            (json!({"amr": ["mfa"]}), "Aal1", "mfa"),
            (json!({"amr": ["pwd", "otp"]}), "Aal1", "pwd otp"),
            (json!({"amr": ["pwd", "otp", "mfa"], "acr": MFA}), "Aal2", "pwd otp mfa"),
            (json!({"amr": ["HWK"]}), "Aal1", "HWK"),
            // Two factors that resist phishing, and a message by telephone: a veto.
            (json!({"amr": ["hwk", "sms"], "acr": PHR}), "Aal1", "hwk sms"),
            (json!({"amr": "hwk", "acr": [PHR]}), "", ""),
        ];
        for (place, (claims, assurance, amr)) in words.into_iter().enumerate() {
            let person = format!("mfa19-{place}");
            bench.scene.says(&person, claims.clone());
            let mark = bench.bench.mark().await;
            let login = bench.scene.login("rp-phr", "proves", &person).await;
            if assurance.is_empty() {
                // What is not of its form is not read, or the answer is refused.
                assert_ne!(login.step(), "told", "{claims}");
                continue;
            }
            assert_eq!(login.step(), "enrol passkey", "{claims}: {}", login.page().describe());
            let row = bench.bench.told(&mark, "authn.succeeded", &[""]).await;
            let detail = &row.body["detail"];
            assert_eq!(detail["assurance"], assurance, "{claims}: {row:#?}");
            assert_eq!(detail["amr"], amr, "{claims}: {row:#?}");
            let acr = claims.get("acr").cloned().unwrap_or_default();
            assert_eq!(detail["acr"], acr, "{claims}: {row:#?}");
            let credited = detail["credited_by"].as_str().unwrap_or_default();
            assert_eq!(credited.is_empty(), assurance == "Aal1", "{claims}: {row:#?}");
        }
        // What was agreed counts.
        bench.scene.says("mfa19-agreed", json!({"amr": ["hwk", "user"]}));
        let login = bench.scene.login("rp-phr", "proves", "mfa19-agreed").await;
        assert_eq!(login.tokens().await.claims["acr"], PHR);
    });
}
