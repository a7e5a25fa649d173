//! The endpoints of a hostile issuer. The honest answers are as strict as a real provider's.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use super::mood::{Raw, TokenAnswer};
use super::{CLIENT_ID, Forge, Hostile, Issuer, Mood, SECRET, Seen, lock};
use crate::harness::{jose, rp};

type Parameters = BTreeMap<String, String>;
type Answer = Response<Body>;

pub(super) fn router(hostile: Hostile) -> Router {
    Router::new()
        .route("/op/{name}/.well-known/openid-configuration", get(discovery))
        .route("/op/{name}/jwks", get(jwks))
        .route("/op/{name}/authorize", get(authorize))
        .route("/op/{name}/token", axum::routing::post(token))
        .route("/op/{name}/userinfo", get(userinfo))
        .with_state(hostile)
}

impl Issuer {
    fn now(&self, endpoint: &'static str, parameters: Parameters, headers: &HeaderMap) -> Mood {
        let authorization = headers.get("authorization");
        let authorization = authorization.and_then(|v| v.to_str().ok()).map(str::to_owned);
        lock(&self.seen).push(Seen { endpoint, parameters, authorization });
        lock(&self.mood).clone()
    }
}

async fn discovery(
    State(hostile): State<Hostile>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let Some(issuer) = hostile.find(&name) else { return not_found() };
    let mood = issuer.now("discovery", Parameters::new(), &headers);
    let url = &issuer.url;
    let mut document = json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "jwks_uri": format!("{url}/jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [issuer.key.algorithm()],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email"],
        "authorization_response_iss_parameter_supported": true,
    });
    if let Some(change) = mood.discovery {
        change(&mut document);
    }
    Json(document).into_response()
}

async fn jwks(
    State(hostile): State<Hostile>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let Some(issuer) = hostile.find(&name) else { return not_found() };
    let mood = issuer.now("jwks", Parameters::new(), &headers);
    let mut keys = json!({"keys": [issuer.key.jwk()]});
    if let Some(change) = mood.jwks {
        change(&mut keys);
    }
    Json(keys).into_response()
}

/// Nobody is asked: the person of the mood is signed in already.
async fn authorize(
    State(hostile): State<Hostile>,
    Path(name): Path<String>,
    Query(asked): Query<Parameters>,
    headers: HeaderMap,
) -> Answer {
    let Some(issuer) = hostile.find(&name) else { return not_found() };
    let mood = issuer.now("authorize", asked.clone(), &headers);
    let Some(Ok(mut target)) = asked.get("redirect_uri").map(|uri| uri.parse::<Url>()) else {
        return (StatusCode::BAD_REQUEST, "redirect_uri").into_response();
    };
    let code = jose::random();
    let mut answer = vec![
        ("code".to_owned(), code.clone()),
        ("state".to_owned(), asked.get("state").cloned().unwrap_or_default()),
        ("iss".to_owned(), issuer.url.clone()),
    ];
    lock(&issuer.codes).insert(code, asked);
    if let Some(change) = mood.answer {
        change(&mut answer);
    }
    target.query_pairs_mut().extend_pairs(answer);
    Redirect::to(target.as_str()).into_response()
}

async fn token(
    State(hostile): State<Hostile>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let Some(issuer) = hostile.find(&name) else { return not_found() };
    let form: Parameters = form_urlencoded::parse(&body).into_owned().collect();
    let mood = issuer.now("token", form.clone(), &headers);
    if matches!(mood.token, TokenAnswer::Silent) {
        std::future::pending::<()>().await;
    }
    let asked = match redeem(&issuer, &form, &headers) {
        Ok(asked) => asked,
        Err(error) => {
            let answer = Json(json!({"error": error}));
            return (StatusCode::BAD_REQUEST, answer).into_response();
        }
    };
    let person = person(&mood, &asked);
    let id_token = make_id_token(&issuer, &mood, &asked, &person);
    match mood.token {
        TokenAnswer::Honest | TokenAnswer::Silent => uncached(&honest(&id_token, &person)),
        TokenAnswer::Changed(change) => {
            let mut answer = honest(&id_token, &person);
            change(&mut answer);
            uncached(&answer)
        }
        TokenAnswer::Raw(raw) => raw_answer(raw, &id_token),
    }
}

/// What was asked at the authorization endpoint, if code, verifier and secret are right.
fn redeem(
    issuer: &Issuer,
    form: &Parameters,
    headers: &HeaderMap,
) -> Result<Parameters, &'static str> {
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let basic = headers.get("authorization").and_then(|value| value.to_str().ok());
    let posted = field("client_id") == CLIENT_ID && field("client_secret") == SECRET;
    if basic != Some(&rp::basic(CLIENT_ID, SECRET)) && !posted {
        return Err("invalid_client");
    }
    let asked = lock(&issuer.codes).remove(field("code")).ok_or("invalid_grant")?;
    let challenge = jose::b64(jose::sha256(field("code_verifier")));
    if asked.get("code_challenge") != Some(&challenge)
        || asked.get("code_challenge_method").map(String::as_str) != Some("S256")
    {
        return Err("invalid_grant");
    }
    if asked.get("redirect_uri").map(String::as_str) != Some(field("redirect_uri")) {
        return Err("invalid_grant");
    }
    Ok(asked)
}

/// Whose login it is.
fn person(mood: &Mood, asked: &Parameters) -> String {
    let hinted = asked.get("login_hint").filter(|_| mood.by_hint);
    hinted.or(mood.person.as_ref()).map_or("bob", String::as_str).to_owned()
}

fn make_id_token(issuer: &Issuer, mood: &Mood, asked: &Parameters, person: &str) -> String {
    let now = rp::now();
    let mut forge = Forge {
        issuer,
        asked,
        header: json!({"alg": issuer.key.algorithm(), "kid": issuer.key.id, "typ": "JWT"}),
        claims: json!({
            "iss": issuer.url, "sub": person, "aud": CLIENT_ID,
            "iat": now, "exp": now + 300, "auth_time": now,
            "nonce": asked.get("nonce"),
            "name": format!("{person} of the test bed"),
            "email": format!("{person}@unb.example"), "email_verified": true,
        }),
    };
    match &mood.id_token {
        Some(make) => make(&mut forge),
        None => forge.sign(),
    }
}

fn honest(id_token: &str, person: &str) -> Value {
    json!({
        "access_token": format!("access-token-of-{person}"),
        "token_type": "Bearer", "expires_in": 300, "id_token": id_token,
    })
}

fn uncached(answer: &Value) -> Answer {
    ([("cache-control", "no-store")], Json(answer)).into_response()
}

fn raw_answer(raw: Raw, id_token: &str) -> Answer {
    let mut body = raw.body;
    if let Ok(text) = std::str::from_utf8(&body) {
        body = text.replace("{id_token}", id_token).into_bytes();
    }
    let mut response = Response::builder().status(raw.status);
    for (name, value) in raw.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(body)).expect("a response")
}

async fn userinfo(
    State(hostile): State<Hostile>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let Some(issuer) = hostile.find(&name) else { return not_found() };
    let mood = issuer.now("userinfo", Parameters::new(), &headers);
    let token = headers.get("authorization").and_then(|value| value.to_str().ok());
    let Some(person) = token.and_then(|token| token.strip_prefix("Bearer access-token-of-")) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let mut claims = json!({
        "sub": person,
        "name": format!("{person} of the test bed"),
        "email": format!("{person}@unb.example"), "email_verified": true,
    });
    if let Some(change) = mood.userinfo {
        change(&mut claims);
    }
    Json(claims).into_response()
}

fn not_found() -> Answer {
    StatusCode::NOT_FOUND.into_response()
}
