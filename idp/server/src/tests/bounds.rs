//! What the administration API refuses, and that each refusal is a line of the trail.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use idp_domain::{Lifetime, identity::SourceSubject};
use idp_factors::api_token::ApiToken;
use idp_store::{
    api_tokens::RevokeApiToken,
    journal::{Act, Outcome},
};
use idp_web::api::role::Role;
use serde_json::{Value, json};

use super::{Answer, House, PASSWORD, commit, desk, link, schema::DESCRIPTION};
use crate::clock;

/// Each operation: its method, its template, the roles that may call it.
fn operations() -> Vec<(Method, String, Vec<String>)> {
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(template, operations)| {
        operations.as_object().unwrap().iter().map(move |(method, operation)| {
            let roles = operation["x-roles"].as_array().unwrap();
            let roles = roles.iter().map(|role| role.as_str().unwrap().to_owned());
            let method = method.to_uppercase().parse().unwrap();
            (method, template.clone(), roles.collect())
        })
    });
    all.collect()
}

/// A body that says what the operation wants, about `account` where it is about somebody.
fn sensible(template: &str, account: &str) -> Option<Value> {
    Some(match template {
        "/api/v1/accounts/{account}/factors/reset" => json!({"reason": "test"}),
        "/api/v1/accounts/{account}/access-passes" => json!({"reason": "test", "minutes": 5}),
        "/api/v1/access-passes/{pass}/approve" => json!({}),
        "/api/v1/sessions/end" => json!({"account": account, "reason": "test"}),
        "/api/v1/switches/off" | "/api/v1/switches/on" => {
            json!({"kind": "relying_party", "id": "wiki", "reason": "test"})
        }
        _ => return None,
    })
}

fn sensible_path(template: &str, account: &str) -> String {
    let path = template.replace("{account}", account).replace("{pass}", "AAAAAAAAAAAAAAAAAAAAAA");
    match template {
        "/api/v1/accounts" => format!("{path}?source=una-guests&username=ana@una.example"),
        "/api/v1/sessions" => format!("{path}?account={account}"),
        _ => path,
    }
}

#[tokio::test]
async fn every_operation_wants_a_token_that_counts() {
    let house = House::open().await;
    let ana = house.person("una").await;
    let over = house.token_until("over", &Role::FederationAdmin, Lifetime::minutes(10)).await;
    let revoked = house.token("revoked", &Role::FederationAdmin).await;
    let revoke = RevokeApiToken { name: "revoked".to_owned(), now: clock::now() };
    assert_eq!(commit(house.store(), Act::RevokeApiToken(revoke)).await, Outcome::Done);
    let unknown = ApiToken::draw().unwrap();
    let unknown = unknown.shown();
    let mut expected = Vec::new();
    for (method, template, _) in operations() {
        for (token, reason) in [
            ("", "token_absent"),
            ("nonsense", "token_unknown"),
            (unknown, "token_unknown"),
            (over.as_str(), "token_expired"),
            (revoked.as_str(), "token_revoked"),
        ] {
            let path = sensible_path(&template, ana.as_str());
            let body = sensible(&template, ana.as_str());
            let answer = house.call(method.clone(), token, &path, body).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {template} {token}");
            assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
            expected.push(reason);
        }
    }
    assert_eq!(house.denials().await, expected, "one line each, and no other");
    let elsewhere = house.get("", "/api/v1/nothing/of/the/kind").await;
    assert_eq!(elsewhere.status, StatusCode::UNAUTHORIZED, "who has no token learns nothing");
}

#[tokio::test]
async fn adm_03_a_role_does_what_the_description_says_and_nothing_else() {
    let house = House::open().await;
    let ana = house.person("una").await;
    for (role, name) in [
        (Role::FederationAdmin, "federation_admin"),
        (desk("una"), "help_desk"),
        (Role::Soc, "soc"),
    ] {
        let token = house.token(name, &role).await;
        for (method, template, roles) in operations() {
            let path = sensible_path(&template, ana.as_str());
            let body = sensible(&template, ana.as_str());
            let before = house.denials().await.len();
            let status = house.call(method.clone(), &token, &path, body).await.status;
            let may = roles.iter().any(|role| role == name);
            assert_eq!(status != StatusCode::FORBIDDEN, may, "{name} {method} {template} {status}");
            let denied = house.denials().await[before..].to_vec();
            assert_eq!(denied.is_empty(), may, "{name} {method} {template}: {denied:?}");
            if !may {
                assert_eq!(denied, ["role"]);
            }
        }
    }
}

#[tokio::test]
async fn adm_01_people_of_another_agency_are_not_there_for_a_help_desk() {
    let house = House::open().await;
    let ben = house.person("unb").await;
    let token = house.token("desk", &desk("una")).await;
    let nobody = "AAAAAAAAAAAAAAAAAAAAAA";
    let mut denials = 0;
    for (method, template, roles) in operations() {
        let about_somebody = template.contains("{account}") || template.contains("sessions");
        if !about_somebody || !roles.iter().any(|role| role == "help_desk") {
            continue;
        }
        let call = async |account: &str| {
            let (path, body) = (sensible_path(&template, account), sensible(&template, account));
            house.call(method.clone(), &token, &path, body).await
        };
        let (theirs, nobodys) = (call(ben.as_str()).await, call(nobody).await);
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{method} {template}");
        assert_eq!(theirs.body, nobodys.body, "{method} {template}: the same for both");
        denials += 1;
    }
    assert!(denials >= 5, "{denials}");
    let found =
        house.get(&token, "/api/v1/accounts?source=unb-guests&username=ana@unb.example").await;
    assert_eq!(found.body, json!({"accounts": []}));
    assert_eq!(house.denials().await, vec!["agency"; denials + 1]);
    assert!(house.trail("factors.reset").await.is_empty());
    assert!(house.trail("session.ended").await.is_empty());
}

#[tokio::test]
async fn adm_01_who_belongs_to_two_agencies_is_out_of_reach_of_each_help_desk() {
    let house = House::open().await;
    let ana = house.person("una").await;
    let source = "unb-guests".parse().unwrap();
    // Two identities of one account: what links them is not the matter here.
    let subject = SourceSubject::parse("ana-at-unb").unwrap();
    link(house.store(), &source, &subject, ana.clone()).await;
    for agency in ["una", "unb"] {
        let token = house.token(agency, &desk(agency)).await;
        let shown = house.get(&token, &format!("/api/v1/accounts/{ana}/factors")).await;
        assert_eq!(shown.status, StatusCode::NOT_FOUND, "{agency}");
    }
    let soc = house.token("soc", &Role::Soc).await;
    let shown = house.get(&soc, &format!("/api/v1/accounts/{ana}")).await;
    assert_eq!(shown.body["agencies"], json!(["una", "unb"]));
}

#[tokio::test]
async fn adm_01_who_was_also_known_to_a_source_that_is_gone_is_nobody_s_to_act_on() {
    let house = House::open().await;
    let ana = house.person("una").await;
    let subject = SourceSubject::parse("ana-of-old").unwrap();
    link(house.store(), &"gone".parse().unwrap(), &subject, ana.clone()).await;
    let token = house.token("desk", &desk("una")).await;
    let shown = house.get(&token, &format!("/api/v1/accounts/{ana}")).await;
    assert_eq!(shown.status, StatusCode::NOT_FOUND);
    let soc = house.token("soc", &Role::Soc).await;
    let shown = house.get(&soc, &format!("/api/v1/accounts/{ana}")).await;
    assert_eq!(shown.body["agencies"], json!(["una"]));
}

#[tokio::test]
async fn adm_05_no_answer_holds_a_secret() {
    let house = House::open().await;
    let ana = house.person("una").await;
    let desk = house.token("desk", &desk("una")).await;
    let admin = house.token("admin", &Role::FederationAdmin).await;
    let wish = json!({"minutes": 15, "reason": "lost phone"});
    let issued = house.post(&desk, &format!("/api/v1/accounts/{ana}/access-passes"), wish).await;
    let pass = issued.body["pass"].as_str().unwrap().to_owned();
    let secrets = [pass.as_str(), PASSWORD, "$argon2id$", &desk, &admin, "0123456789abcdef"];
    for (method, template, _) in operations() {
        if method != Method::GET {
            continue;
        }
        for token in [&desk, &admin] {
            let path = sensible_path(&template, ana.as_str());
            let answer = house.get(token, &path).await.body.to_string();
            for secret in secrets {
                assert!(!answer.contains(secret), "{path}: {secret} in {answer}");
            }
        }
    }
}

#[tokio::test]
async fn adm_12_pages_and_marks_that_make_no_sense_are_refused() {
    let house = House::open().await;
    let token = house.token("soc", &Role::Soc).await;
    for query in [
        "agency=una&limit=0",
        "agency=una&limit=-1",
        "agency=una&limit=201",
        "agency=una&limit=1000000000",
        "agency=una&limit=ten",
        "agency=una&after=x",
        "agency=una&after=1.",
        "agency=una&after=1.'%20or%201=1",
        "agency=una&source=una-guests",
        "",
        "agency=una&sort=secret",
        "agency=Una",
    ] {
        let answer = house.get(&token, &format!("/api/v1/sessions?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    assert_eq!(house.get(&token, "/api/v1/sessions?agency=una").await.status, StatusCode::OK);
}

#[tokio::test]
async fn adm_13_hostile_texts_find_nothing_and_break_nothing() {
    let house = House::open().await;
    let token = house.token("soc", &Role::Soc).await;
    for text in ["%27", "%5C", "%00", "%25", "' or 1=1--", "{}", "[1,2]", "%F0%9F%98%80", "../.."] {
        let text = text.replace(' ', "%20").replace('\'', "%27");
        for path in [
            format!("/api/v1/accounts?source=una-guests&subject={text}"),
            format!("/api/v1/accounts?source=una-guests&username={text}"),
            format!("/api/v1/sessions?relying_party={text}"),
            format!("/api/v1/accounts/{}", text.replace('/', "%2F")),
        ] {
            let status = house.get(&token, &path).await.status;
            assert!(status.is_success() || status.is_client_error(), "{path}: {status}");
        }
    }
}

#[tokio::test]
async fn a_body_says_exactly_what_it_should() {
    let house = House::open().await;
    let ana = house.person("una").await;
    let token = house.token("desk", &desk("una")).await;
    let path = format!("/api/v1/accounts/{ana}/access-passes");
    for body in [
        json!({"reason": "test"}),
        json!({"reason": "", "minutes": 5}),
        json!({"reason": "two\nlines", "minutes": 5}),
        json!({"reason": "x".repeat(201), "minutes": 5}),
        json!({"reason": "test", "minutes": 0}),
        json!({"reason": "test", "minutes": 121}),
        json!({"reason": "test", "minutes": -1}),
        json!({"reason": "test", "minutes": 5, "agency": "unb"}),
        json!([]),
    ] {
        let answer = house.post(&token, &path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
    }
    let raw = async |kind: &str, body: String| {
        let request = Request::builder()
            .method(Method::POST)
            .uri(&path)
            .header(header::AUTHORIZATION, format!("bearer {token}"))
            .header(header::CONTENT_TYPE, kind);
        house.send(request.body(Body::from(body)).unwrap()).await.status
    };
    let well = json!({"reason": "test", "minutes": 5}).to_string();
    assert_eq!(raw("text/plain", well.clone()).await, StatusCode::BAD_REQUEST);
    assert_eq!(raw("application/json", "{".to_owned()).await, StatusCode::BAD_REQUEST);
    let large = format!("{}{well}", " ".repeat(5_000));
    assert_eq!(raw("application/json", large).await, StatusCode::BAD_REQUEST);
    assert!(house.trail("access_pass.issued").await.is_empty());
    assert_eq!(raw("application/json; charset=utf-8", well).await, StatusCode::CREATED);
}

impl House {
    /// Calls until that is too often, and returns the answer that says so.
    async fn called_too_often(&self) -> Answer {
        for _ in 0..400 {
            let answer = self.get("", "/api/v1/switches").await;
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                return answer;
            }
        }
        panic!("an address calls for ever");
    }
}

#[tokio::test]
async fn too_many_calls_are_told_when_to_come_back() {
    let house = House::open().await;
    let refused = house.called_too_often().await;
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(house.denials().await.last().map(String::as_str), Some("throttled"));
}

#[tokio::test]
async fn calls_that_are_too_many_write_one_line_of_the_trail_in_a_minute() {
    let house = House::open().await;
    house.called_too_often().await;
    for _ in 0..40 {
        let answer = house.get("", "/api/v1/switches").await;
        // One try is forgiven every fifth of a second.
        assert!([StatusCode::TOO_MANY_REQUESTS, StatusCode::UNAUTHORIZED].contains(&answer.status));
    }
    let denials = house.denials().await;
    assert_eq!(denials.iter().filter(|reason| *reason == "throttled").count(), 1);
}
