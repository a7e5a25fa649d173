//! LGO-04: what the broker says to relying parties when a session is over, and for how long it
//! keeps a person waiting.

use std::time::{Duration, Instant};

use idp_tests::harness::jose;
use idp_tests::harness::page::Page;
use idp_tests::harness::rp::now;
use idp_tests::harness::run;
use serde_json::{Value, json};
use url::Url;

use super::bench::{EAR, FRAMED, MUTE, asks, logout_bench};
use crate::house::visitor;

#[test]
fn lgo_04_a_logout_token_says_which_session_of_whom_is_over_and_nothing_else() {
    run(async {
        let bench = logout_bench().await;
        let mut visitor = visitor();
        let (party, tokens) = bench.sign_in(&mut visitor, EAR).await;
        let before = bench.ear.heard().len();
        bench.sign_out(&mut visitor).await;
        let posted = bench.ear.hears_more_than(before).await;
        let kind = posted.headers.get("content-type").and_then(|kind| kind.to_str().ok());
        assert_eq!(kind, Some("application/x-www-form-urlencoded"));
        for name in ["cookie", "authorization"] {
            assert!(posted.headers.get(name).is_none(), "sends {name}");
        }
        let token = posted.token();
        let header = jose::part(token, 0);
        assert_eq!(header["typ"], "logout+jwt");
        let claims = jose::verify(token, &party.jwks().await).expect("a signature of ours");
        assert_eq!(claims["iss"], party.provider["issuer"]);
        assert_eq!(claims["aud"], EAR);
        // As this relying party knows her (she has another name at each), and as in its ID token.
        assert_eq!(claims["sub"], tokens.claims["sub"]);
        assert_eq!(claims["sid"], tokens.claims["sid"]);
        assert!(claims["sid"].is_string());
        let (iat, exp) = (claims["iat"].as_u64().unwrap(), claims["exp"].as_u64().unwrap());
        assert!(exp > now() && exp <= iat + 120 && iat <= now(), "{claims}");
        assert!(claims["jti"].as_str().is_some_and(|jti| jti.len() >= 16), "{claims}");
        let event = "http://schemas.openid.net/event/backchannel-logout";
        assert_eq!(claims["events"], json!({event: {}}));
        let names: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        let known = ["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"];
        assert!(names.iter().all(|name| known.contains(name)), "more than is needed: {names:?}");
        // It is no ID token, and no access token.
        assert_eq!(party.userinfo(token).await.status, 401);
        assert_eq!(party.introspect(token).await.json["active"], false);
    });
}

#[test]
fn lgo_04_one_who_never_answers_holds_nobody_up_and_is_named() {
    run(async {
        let bench = logout_bench().await;
        let mut visitor = visitor();
        bench.sign_in(&mut visitor, EAR).await;
        bench.sign_in(&mut visitor, MUTE).await;
        let (heard, ignored) = (bench.ear.heard().len(), bench.mute.heard().len());
        let mark = bench.bench.mark().await;
        let question = visitor.open(format!("{}/logout", bench.base())).await;
        let form = asks(&question).expect("a question").enter();
        let began = Instant::now();
        let mut page = visitor.submit_once(&question, form).await;
        let mut waited = began.elapsed();
        assert!(!bench.is_signed_in(&visitor).await, "still signed in here");
        // She sees at once who is out and who has not said so, and nothing keeps her longer.
        let (mut seen, mut steps) = (false, 0);
        while let Some(on) = on(&page) {
            let began = Instant::now();
            page = visitor.peek(on).await;
            waited = if page.status == 200 { began.elapsed() } else { waited + began.elapsed() };
            seen |= page.text().contains("rp-mute application");
            assert!(waited < Duration::from_secs(2), "waited {waited:?} for a page");
            steps += 1;
            assert!(steps < 20, "waits for ever: {}", page.describe());
        }
        assert!(seen, "{}", page.describe());
        bench.ear.hears_more_than(heard).await;
        bench.mute.hears_more_than(ignored).await;
        let [out, failed] = ["out", "failed"].map(|fate| page.texts(&format!(".fates li.{fate}")));
        assert!(out.iter().any(|line| line.contains("rp-ear")), "{}", page.describe());
        assert!(failed.iter().any(|line| line.contains("rp-mute")), "{}", page.describe());
        // It will be told again: who was told stands in the trail, and nobody else as told.
        let told = bench.told(&mark).await;
        assert_eq!(told, [EAR], "{}", page.describe());
    });
}

/// Where an answer leads by itself, now or in some seconds.
fn on(page: &Page) -> Option<Url> {
    if let Some(location) = page.header("location") {
        return page.url.join(location).ok();
    }
    let content = page.attribute("meta[http-equiv=refresh i]", "content")?;
    let (_, target) = content.split_once(';')?;
    page.url.join(target.trim().strip_prefix("url=")?).ok()
}

#[test]
fn lgo_04_a_frame_names_the_session_to_its_own_relying_party_alone() {
    run(async {
        let bench = logout_bench().await;
        let mut visitor = visitor();
        let (party, tokens) = bench.sign_in(&mut visitor, FRAMED).await;
        let page = bench.sign_out(&mut visitor).await;
        let frame: Url = page.attribute("iframe", "src").expect("a frame").parse().expect("a URL");
        assert_eq!(frame.origin().ascii_serialization(), "https://rp-framed.example");
        let pairs: Vec<_> = frame.query_pairs().into_owned().collect();
        let expected = [
            ("theme", &json!("1")),
            ("iss", &party.provider["issuer"]),
            ("sid", &tokens.claims["sid"]),
        ];
        let expected: Vec<(String, String)> =
            expected.map(|(k, v)| (k.to_owned(), v.as_str().unwrap().to_owned())).to_vec();
        assert_eq!(pairs, expected);
        let policy = page.header("content-security-policy").expect("a policy");
        let frames = policy.split(';').find(|part| part.trim().starts_with("frame-src"));
        assert_eq!(frames.map(str::trim), Some("frame-src https://rp-framed.example"), "{policy}");
        let sandbox = page.attribute("iframe", "sandbox");
        assert!(sandbox.is_some_and(|rights| !rights.contains("top-navigation")), "may lead away");
        assert_ne!(tokens.claims["sid"], Value::Null);
        // Nobody else's page learns the session's name.
        let (_, others) = bench.sign_in(&mut visitor, "rp1").await;
        assert_ne!(others.claims["sid"], tokens.claims["sid"]);
    });
}
