//! The catalogue's attacks on our client role, against a whole login.

use std::fmt::Write as _;

use expect_test::expect;
use idp_domain::refusal::Need;

use super::*;

#[tokio::test]
async fn orp_01_to_05_what_a_token_says_wrongly_refuses_the_login() {
    let scene = Scene::new().await;
    for (claim, value, reason) in [
        ("iss", json!("https://evil.example"), "issuer"),
        ("aud", json!([CLIENT_ID, "other"]), "audience"),
        ("azp", json!("other"), "audience"),
        ("nonce", json!("another"), "nonce"),
        ("exp", json!(NOW.seconds() - 61), "expired"),
        ("sub", json!(""), "subject"),
        ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"), "at_hash"),
    ] {
        let said = value.clone();
        let id_token = Some(Box::new(move |claims: &mut Value| claims[claim] = said.clone()) as _);
        scene.op.set(Mood { id_token, ..Mood::default() });
        assert_eq!(scene.refused().await.reason(), reason, "{claim}: {value}");
        assert_eq!(scene.op.asked("/userinfo"), 0, "nobody is asked about a person unproven");
    }
}

#[tokio::test]
async fn orp_08_an_answer_to_another_question_is_not_used() {
    let scene = Scene::new().await;
    let (url, kept) = scene.begin(&ask()).await;
    let mut query = scene.op.sign_in(&url);
    query[1].1 = "t2.other".to_owned();
    assert_eq!(refusal(scene.resume(kept, query).await).reason(), "state");
    assert_eq!(scene.op.asked("/token"), 0);
}

#[tokio::test]
async fn orp_08_a_code_of_another_login_is_refused_by_its_verifier() {
    let scene = Scene::new().await;
    let (url, _) = scene.begin(&ask()).await;
    let of_mallory = scene.op.sign_in(&url);
    let (url, kept) = scene.begin(&ask()).await;
    let mut query = scene.op.sign_in(&url);
    query[0] = of_mallory[0].clone();
    assert_eq!(refusal(scene.resume(kept, query).await).reason(), "token_refused");
}

#[tokio::test]
async fn orp_08_an_answer_that_comes_after_ten_minutes_finds_nothing() {
    let scene = Scene::new().await;
    let (url, kept) = scene.begin(&ask()).await;
    let query = scene.op.sign_in(&url);
    let late = NOW + Lifetime::seconds(601);
    let progress = scene.resume_at(kept, query, late).await;
    assert_eq!(refusal(progress), Refusal::TransactionLost);
    assert_eq!(scene.op.asked("/token"), 0);
}

#[tokio::test]
async fn orp_04_the_answer_of_another_issuer_brings_its_code_nowhere() {
    let scene = Scene::new().await;
    for iss in [Some("https://evil.example"), None] {
        let (url, kept) = scene.begin(&ask()).await;
        let mut query = scene.op.sign_in(&url);
        query.truncate(2);
        query.extend(iss.map(|iss| ("iss".to_owned(), iss.to_owned())));
        assert_eq!(refusal(scene.resume(kept, query).await).reason(), "issuer");
    }
    assert_eq!(scene.op.asked("/token"), 0);
}

#[tokio::test]
async fn orp_10_a_no_of_the_source_keeps_its_code_and_little_of_its_words() {
    let scene = Scene::new().await;
    let says = async |passive, code: &str| {
        let (_, kept) = scene.begin(&Ask { passive, ..ask() }).await;
        let words = "Call +1 555 0100\r\n".repeat(100);
        let query = [
            ("error", code),
            ("error_description", &words),
            ("state", "t1.secret"),
            ("iss", &scene.op.base),
            ("code", "c"),
        ];
        let query = query.map(|(name, value)| (name.to_owned(), value.to_owned()));
        refusal(scene.resume(kept, query.to_vec()).await)
    };
    let Refusal::SourceRefused { code, detail } = says(false, "access_denied").await else {
        panic!("a refusal of the source")
    };
    assert_eq!((code.as_str(), detail.chars().count()), ("access_denied", 200));
    assert!(!detail.contains(['\r', '\n']));
    let needs = |need| Refusal::InteractionNeeded(need);
    assert_eq!(says(true, "login_required").await, needs(Need::Login));
    assert_eq!(says(true, "consent_required").await, needs(Need::Consent));
    assert_eq!(says(true, "account_selection_required").await, needs(Need::Selection));
    assert_eq!(says(false, "login_required").await.slug(), "source_refused");
    assert_eq!(says(false, "server_error").await.slug(), "source_unavailable");
    let unmet = says(false, "unmet_authentication_requirements").await;
    assert_eq!(unmet, Refusal::AssuranceUnmet);
    assert_eq!(scene.op.asked("/token"), 0, "an error wins over a code");
}

#[tokio::test]
async fn orp_11_without_an_id_token_nobody_is_proven() {
    let scene = Scene::new().await;
    let body = r#"{"access_token":"access-token-of-alice","token_type":"Bearer"}"#.to_owned();
    scene.op.set(Mood { token: Some((200, "application/json", body)), ..Mood::default() });
    assert_eq!(scene.refused().await.reason(), "id_token_missing");
    assert_eq!(scene.op.asked("/userinfo"), 0);
}

#[tokio::test]
async fn orp_11_userinfo_about_somebody_else_is_not_mixed_in() {
    let scene = Scene::new().await;
    let userinfo = Some(Box::new(|said: &mut Value| said["sub"] = json!("bob")) as _);
    scene.op.set(Mood { userinfo, ..Mood::default() });
    assert_eq!(scene.refused().await.reason(), "userinfo_subject");
}

#[tokio::test]
async fn orp_12_a_token_endpoint_that_answers_oddly_is_told_in_the_trail() {
    let scene = Scene::new().await;
    let large = format!("\"{}\"", "x".repeat(300_000));
    let mut told = String::new();
    for (status, media_type, body) in [
        (200, "application/json", large),
        (200, "application/json", "[".repeat(100_000)),
        (200, "application/json", r#"{"id_token":"a","id_token":"b"}"#.to_owned()),
        (200, "text/html", "<html>".to_owned()),
        (302, "text/html", String::new()),
        (
            400,
            "application/json",
            r#"{"error":"invalid_grant","error_description":"no"}"#.to_owned(),
        ),
        (500, "application/json", "{}".to_owned()),
    ] {
        scene.op.set(Mood { token: Some((status, media_type, body)), ..Mood::default() });
        let refusal = scene.refused().await;
        writeln!(told, "{}: {}", refusal.reason(), refusal.detail().unwrap()).unwrap();
    }
    expect![[r#"
        upstream_protocol: "127.0.0.1" answered with more than 262144 bytes
        upstream_protocol: the token answer cannot be read: nested deeper than 32
        upstream_protocol: the token answer cannot be read: an object repeats the key "id_token"
        upstream_protocol: the token answer is not said to be JSON
        upstream_protocol: "127.0.0.1" answered with the redirect 302
        token_refused: the token endpoint said "invalid_grant": no
        upstream_protocol: the token answer came with status 500
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn orp_14_a_sign_in_is_as_old_as_the_source_says_whatever_was_asked() {
    let scene = Scene::new().await;
    for told in [Some(NOW.minus(Lifetime::hours(2))), None] {
        let change = move |claims: &mut Value| {
            claims.as_object_mut().unwrap().remove("auth_time");
            if let Some(at) = told {
                claims["auth_time"] = json!(at.seconds());
            }
        };
        scene.op.set(Mood { id_token: Some(Box::new(change)), ..Mood::default() });
        let aged = Ask { max_age: Some(Lifetime::minutes(5)), ..ask() };
        for ask in [aged, Ask { force: true, ..ask() }] {
            assert_eq!(scene.proven_for(&ask).await.authenticated_at, told, "never now");
        }
    }
}

#[tokio::test]
async fn orp_15_a_directory_that_is_not_required_is_refused() {
    let required = json!({"hd": ["una.example"]});
    let scene = Scene::with(json!({"client_secret": SECRET, "required_claims": required})).await;
    assert_eq!(scene.refused().await.reason(), "required_claim");
    let userinfo = Some(Box::new(|said: &mut Value| said["hd"] = json!("una.example")) as _);
    scene.op.set(Mood { userinfo, ..Mood::default() });
    assert_eq!(scene.refused().await.reason(), "required_claim", "userinfo is not signed");
    let id_token = Some(Box::new(|claims: &mut Value| claims["hd"] = json!("una.example")) as _);
    scene.op.set(Mood { id_token, ..Mood::default() });
    scene.proven().await;
}
