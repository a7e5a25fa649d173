//! LGO-03: forged logout tokens, as if a source said that a session of its own is over.

use std::sync::Arc;

use idp_tests::harness::http::{Visitor, client};
use idp_tests::harness::jose::{self, SigningKey};
use idp_tests::harness::rp::{Answer, Party, Tokens, now};
use idp_tests::harness::run;
use idp_tests::peers::hostile::{CLIENT_ID, Issuer};
use serde_json::{Value, json};

use super::bench::{LogoutBench, logout_bench};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Somebody who is signed in by the hostile issuer, and what her source may say.
struct Scene {
    bench: LogoutBench,
    issuer: Arc<Issuer>,
    visitor: Visitor,
    party: Party,
    tokens: Tokens,
}

impl Scene {
    async fn begin(sid: &'static str) -> Self {
        let bench = logout_bench().await;
        let issuer = bench.bench.house.provider.issuer("lgo03");
        issuer.claims(move |claims| claims["sid"] = json!(sid));
        let (mut visitor, party, begun) = bench.bench.lured("lgo03").await;
        let page = visitor.open(&begun.url).await;
        let tokens = party.finish(&begun, &page).await;
        Self { bench, issuer, visitor, party, tokens }
    }

    fn header(&self) -> Value {
        let key = &self.issuer.key;
        json!({"alg": key.algorithm(), "kid": key.id, "typ": "logout+jwt"})
    }

    fn claims(&self, sid: &str) -> Value {
        json!({
            "iss": self.issuer.url, "aud": CLIENT_ID, "iat": now(), "exp": now() + 120,
            "jti": jose::random(), "sub": "bob", "sid": sid, "events": {EVENT: {}},
        })
    }

    fn honest(&self, sid: &str) -> String {
        self.issuer.key.sign_with(&self.header(), &self.claims(sid))
    }

    /// Posts a body to where the source's words are heard.
    async fn post(&self, body: String) -> Answer {
        let url = format!("{}/sources/lgo03/backchannel_logout", self.bench.base());
        let kind = "application/x-www-form-urlencoded";
        Answer::of(client().post(url).header("content-type", kind).body(body)).await
    }

    async fn say(&self, token: &str) -> Answer {
        self.post(format!("logout_token={token}")).await
    }

    /// 400, a line in the trail, and nothing else.
    async fn refuses_body(&self, what: &str, body: String) {
        let mark = self.bench.bench.mark().await;
        let answer = self.post(body).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
        let rows = self.bench.bench.trail(&mark).await;
        assert_eq!(rows.len(), 1, "{what}: {rows:#?}");
        assert_eq!(rows[0].kind, "federation.inbound.rejected", "{what}");
        self.bench.bench.nothing_created(&mark).await;
        assert!(self.is_signed_in().await, "signed out by {what}");
    }

    async fn refuses(&self, what: &str, token: &str) {
        self.refuses_body(what, format!("logout_token={token}")).await;
    }

    async fn is_signed_in(&self) -> bool {
        let tokens_live = self.party.userinfo(self.tokens.access()).await.status == 200;
        let session_lives = self.bench.is_signed_in(&self.visitor).await;
        assert_eq!(tokens_live, session_lives, "tokens and session end together");
        session_lives
    }
}

#[test]
fn lgo_03_a_logout_token_whose_frame_is_wrong_ends_nothing() {
    run(async {
        let scene = Scene::begin("frame").await;
        let claims = scene.claims("frame");
        let key = &scene.issuer.key;
        let [header, body] = [&scene.header(), &claims].map(|part| jose::b64(part.to_string()));
        for alg in ["none", "None", "NONE"] {
            let header = jose::b64(json!({"alg": alg, "typ": "logout+jwt"}).to_string());
            scene.refuses(alg, &format!("{header}.{body}.")).await;
        }
        scene.refuses("no signature", &format!("{header}.{body}.")).await;
        let stranger = SigningKey::es256(&key.id);
        scene.refuses("another's key", &stranger.sign_with(&scene.header(), &claims)).await;
        let other = scene.bench.bench.house.provider.issuer("lgo03other");
        scene.refuses("another source's key", &other.key.sign_with(&scene.header(), &claims)).await;
        let hs256 = json!({"alg": "HS256", "typ": "logout+jwt"});
        let public = key.jwk()["x"].as_str().expect("x").to_owned();
        scene.refuses("HS256", &jose::sign_hs256(public.as_bytes(), &hs256, &claims)).await;
        for typ in [json!("JWT"), json!("at+jwt"), Value::Null, json!(["logout+jwt"])] {
            let mut header = scene.header();
            header["typ"] = typ.clone();
            scene.refuses(&format!("typ {typ}"), &key.sign_with(&header, &claims)).await;
        }
        let mut header = scene.header();
        header["crit"] = json!(["exp"]);
        scene.refuses("crit", &key.sign_with(&header, &claims)).await;
        // The ID token of the very session is no logout token.
        scene.refuses("an ID token of ours", scene.tokens.id_token()).await;
    });
}

#[test]
fn lgo_03_a_logout_token_whose_claims_are_wrong_ends_nothing() {
    run(async {
        let scene = Scene::begin("claims").await;
        let now = now();
        for (name, value) in [
            ("iss", json!("https://evil.example")),
            ("iss", json!(format!("{}/", scene.issuer.url))),
            ("iss", Value::Null),
            ("aud", json!("another")),
            ("aud", json!([])),
            ("aud", Value::Null),
            ("nonce", json!("n")),
            ("nonce", Value::Null),
            ("events", json!({})),
            ("events", json!({EVENT: true})),
            ("events", json!([EVENT])),
            ("events", json!({"http://schemas.openid.net/event/backchannel-logouT": {}})),
            ("events", Value::Null),
            ("iat", json!(now - 3_600)),
            ("iat", json!(now + 3_600)),
            ("iat", json!("now")),
            ("iat", Value::Null),
            ("exp", json!(now - 600)),
            ("exp", Value::Null),
            ("jti", json!("")),
            ("jti", json!(1)),
            ("jti", Value::Null),
            ("sub", json!({"a": 1})),
            ("sid", json!(["claims"])),
        ] {
            let mut claims = scene.claims("claims");
            claims[name] = value.clone();
            let token = scene.issuer.key.sign_with(&scene.header(), &claims);
            scene.refuses(&format!("{name} is {value}"), &token).await;
        }
        let mut claims = scene.claims("claims");
        let fields = claims.as_object_mut().expect("claims");
        fields.remove("sub");
        fields.remove("sid");
        let token = scene.issuer.key.sign_with(&scene.header(), &claims);
        scene.refuses("neither sub nor sid", &token).await;
    });
}

#[test]
fn lgo_03_a_logout_token_comes_once_in_one_field_and_is_small() {
    run(async {
        let scene = Scene::begin("form").await;
        let token = scene.honest("form");
        let twice = format!("logout_token={token}&logout_token={token}");
        scene.refuses_body("the field twice", twice).await;
        scene.refuses_body("no field", "token=x".to_owned()).await;
        scene.refuses_body("nothing", String::new()).await;
        let huge = "x".repeat(1024 * 1024);
        let mark = scene.bench.bench.mark().await;
        let answer = scene.say(&huge).await;
        assert!([400, 413].contains(&answer.status), "1 MB: {} {}", answer.status, answer.body);
        scene.bench.bench.nothing_created(&mark).await;
        assert!(scene.is_signed_in().await);
        // In an address, or as JSON, it is not heard at all.
        let url = format!("{}/sources/lgo03/backchannel_logout", scene.bench.base());
        let answer = Answer::of(client().get(format!("{url}?logout_token={token}"))).await;
        assert_eq!(answer.status, 405);
        let json = json!({"logout_token": token}).to_string();
        let sent = client().post(&url).header("content-type", "application/json");
        assert_eq!(Answer::of(sent.body(json)).await.status, 400);
        assert!(scene.is_signed_in().await);
    });
}

#[test]
fn lgo_03_a_logout_token_of_somebody_else_ends_nothing_and_an_honest_one_ends_its_own_once() {
    run(async {
        let scene = Scene::begin("honest").await;
        // Another source says it of its own person, who has the same name there.
        let other = scene.bench.bench.house.provider.issuer("lgo03other");
        let mut claims = scene.claims("honest");
        claims["iss"] = json!(other.url);
        let header =
            json!({"alg": other.key.algorithm(), "kid": other.key.id, "typ": "logout+jwt"});
        let foreign = other.key.sign_with(&header, &claims);
        let url = format!("{}/sources/lgo03other/backchannel_logout", scene.bench.base());
        let answer = Answer::of(client().post(url).form(&[("logout_token", &foreign)])).await;
        assert_eq!(answer.status, 200, "an unknown session is over already: {}", answer.body);
        assert!(scene.is_signed_in().await, "signed out by another source");
        // Of another session of hers.
        assert_eq!(scene.say(&scene.honest("another session")).await.status, 200);
        assert!(scene.is_signed_in().await, "signed out by a word about another session");
        // The control: hers.
        let token = scene.honest("honest");
        let answer = scene.say(&token).await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
        assert!(!scene.is_signed_in().await);
        // Signed in again in the same upstream session, a copy of the token ends nothing more.
        let (mut visitor, party, begun) = scene.bench.bench.lured("lgo03").await;
        let page = visitor.open(&begun.url).await;
        let tokens = party.finish(&begun, &page).await;
        let again = Scene { visitor, party, tokens, ..scene };
        again.refuses("a copy", &token).await;
    });
}
