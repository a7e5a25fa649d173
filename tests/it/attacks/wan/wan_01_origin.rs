//! WAN-01: another site's page between the person and us. WAN-03: an answer to another question.

use idp_tests::harness::run;
use serde_json::json;

use crate::factor::bench::factor_bench;

/// Origins that are not ours, by as little as can be.
fn others(ours: &str) -> Vec<String> {
    let port: u16 = ours.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    let origins = [
        "https://badlocalhost",
        "https://localhost.evil.example",
        "http://localhost",
        "https://localhost",
        "android:apk-key-hash:5ZqyXj3zjVGHNw3pJYw1E5Wv1oTfJz4bO8sCZ8cCgkY",
        "null",
        "",
    ];
    let near = [
        format!("https://localhost:{port}"),
        format!("http://localhost:{}", port ^ 1),
        format!("http://sub.localhost:{port}"),
        format!("http://127.0.0.1:{port}"),
        format!("http://[::1]:{port}"),
        ours.to_uppercase(),
        format!("HTTP{}", ours.strip_prefix("http").expect("http")),
        format!("{ours}/"),
        format!("{ours} "),
        format!("{ours}.evil.example"),
        format!("{ours}@evil.example"),
    ];
    origins.into_iter().map(str::to_owned).chain(near).collect()
}

#[test]
fn wan_01_a_proof_for_another_origin_is_no_proof() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let device = bench.has_passkey("wan01").await;
        let mut login = bench.asked("wan01").await;
        let mark = bench.bench.mark().await;
        let wrong = json!({"signature": "MEUCIQDd"});
        bench.refuses(&mut login, device, wrong, &["webauthn.wrong_signature"]).await;
        let usual = login.page().clone();
        for origin in others(&bench.scene.house.broker.base) {
            let change = json!({"origin": origin});
            bench.refuses(&mut login, device, change, &["webauthn.wrong_origin"]).await;
            // The same as for any other wrong credential.
            assert_eq!(login.page().status, usual.status);
            assert!(login.page().body == usual.body, "other bytes for {origin}");
        }
        for (change, reason) in [
            (json!({"cross_origin": true}), "webauthn.cross_origin"),
            (json!({"rp_id": "evil.example"}), "webauthn.wrong_relying_party"),
            (json!({"rp_id": "sub.localhost"}), "webauthn.wrong_relying_party"),
            (json!({"uv": false}), "webauthn.not_verified"),
            (json!({"up": false}), "webauthn.not_present"),
        ] {
            bench.refuses(&mut login, device, change, &[reason]).await;
            assert!(login.page().body == usual.body, "other bytes for {reason}");
        }
        bench.came_to_nothing(&login, &mark).await;
        // Ours is one.
        login.passkey(device, json!({"counter": 100})).await;
        assert_eq!(login.step(), "told", "{}", login.page().describe());
    });
}

#[test]
fn wan_01_a_passkey_that_is_made_at_another_origin_is_not_registered() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let mut login = bench.scene.login("rp-mfa", "plain", "wan01-new").await;
        login.ceremony().await;
        let mark = bench.bench.mark().await;
        for origin in others(&bench.scene.house.broker.base) {
            let device = bench.scene.drawer.draw(json!({})).await;
            let change = json!({"origin": origin});
            bench.refuses(&mut login, device, change, &["webauthn.wrong_origin"]).await;
        }
        let device = bench.scene.drawer.draw(json!({})).await;
        let framed = json!({"cross_origin": true});
        bench.refuses(&mut login, device, framed, &["webauthn.cross_origin"]).await;
        bench.came_to_nothing(&login, &mark).await;
        login.new_passkey().await;
        assert_eq!(login.step(), "codes");
    });
}

#[test]
fn wan_03_the_answer_to_another_question_is_none() {
    run(async {
        let Some(bench) = factor_bench().await else { return };
        let device = bench.has_passkey("wan03").await;
        let mut proving = bench.asked("wan03").await;
        let mut making = bench.scene.login("rp-mfa", "plain", "wan03-new").await;
        making.ceremony().await;
        let (base, mark) = (&bench.scene.house.broker.base, bench.bench.mark().await);
        for (login, ours) in [(&mut proving, "webauthn.get"), (&mut making, "webauthn.create")] {
            let other = if ours == "webauthn.get" { "webauthn.create" } else { "webauthn.get" };
            for kind in [other, "payment.get", " webauthn.get", "WEBAUTHN.GET", "webauthn.create "]
            {
                let reasons = ["webauthn.wrong_type"];
                bench.refuses(login, device, json!({"type": kind}), &reasons).await;
            }
            // Which of two members is read is for nobody to choose.
            let ceremony = login.ceremony().await;
            let challenge = ceremony.asked()["challenge"].as_str().expect("a challenge").to_owned();
            let rest = format!("\"challenge\":\"{challenge}\",\"origin\":\"{base}\"");
            for text in [
                format!("{{\"type\":\"{other}\",\"type\":\"{ours}\",{rest}}}"),
                format!("{{\"type\":\"{ours}\",{rest},\"type\":\"{ours}\"}}"),
                format!("{{\"type\":[\"{ours}\"],{rest}}}"),
                format!("{{{rest}}}"),
                format!("{{\"type\":\"{ours}\",{rest}}}x"),
                format!("{{\"type\":\"{ours}\",{rest},\"origin\":\"{base}\"}}"),
            ] {
                let again = login.ceremony().await;
                let now = again.asked()["challenge"].as_str().expect("a challenge");
                let text = text.replace(&challenge, now);
                let change = json!({"client_data": text});
                let answer = again.answer(&bench.scene.drawer, device, change).await;
                let reasons = ["webauthn.malformed", "webauthn.wrong_type"];
                bench.refuses_answer(login, &again, &answer, &reasons).await;
            }
        }
        bench.came_to_nothing(&proving, &mark).await;
        bench.came_to_nothing(&making, &mark).await;
    });
}
