//! A relying party whose broker is away: what it does on its own.

use std::sync::Arc;

use axum::{body::Body, extract::Request};
use http::{Response, StatusCode, header};
use idp_domain::{Secret, Timestamp};
use serde_json::Map;
use tower::ServiceExt;

use super::{
    Parts, Party, Speaks,
    visits::{Farewell, Person, Visits},
};
use crate::demo::federations::PARTIES;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const COOKIE: &str = "__Host-demo-8082";

fn party() -> Arc<Party> {
    let [travel, library] = PARTIES;
    // Nothing listens on the lowest port, and nobody may.
    let issuer = "http://localhost:1".to_owned();
    Party::new(Parts {
        id: travel.id,
        names: travel.names,
        port: 8082,
        home: "http://localhost:8082".to_owned(),
        speaks: Speaks::Oidc { secret: Secret::new("s3cret".to_owned()), scopes: travel.scopes },
        issuer,
        other: (library.names, "http://localhost:8083".to_owned()),
    })
    .unwrap()
}

fn person() -> Person {
    Person {
        farewell: Farewell::IdToken(Secret::new("an id token".to_owned())),
        acr: None,
        authenticated_at: None,
        claims: Map::from_iter([("name".to_owned(), "Amina Diallo".into())]),
    }
}

async fn ask(
    party: &Arc<Party>,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    party.clone().routes().oneshot(request).await.unwrap()
}

async fn body(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_broker_that_is_away_is_said_on_a_page_with_a_way_on() {
    let response = ask(&party(), "GET", "/sign-in", &[]).await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    assert!(response.headers().get(header::SET_COOKIE).is_none());
    let page = body(response).await;
    assert!(
        page.contains("fetch.peer.unreachable") && page.contains("href=\"/sign-in\""),
        "{page}"
    );
}

#[tokio::test]
async fn an_answer_that_this_browser_did_not_ask_for_signs_nobody_in() {
    let party = party();
    let handle = party.visits.arrive("none", person(), crate::clock::now()).unwrap();
    for cookie in ["", "__Host-demo-8082=other", &format!("{COOKIE}={handle}")] {
        let answer = "/callback?code=c&state=s&iss=http%3A%2F%2Flocalhost%3A1";
        let response = ask(&party, "GET", answer, &[("cookie", cookie)]).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{cookie}");
        assert!(response.headers().get(header::SET_COOKIE).is_none(), "{cookie}");
    }
}

#[tokio::test]
async fn a_cookie_that_comes_twice_is_nobodys() {
    let party = party();
    let handle = party.visits.arrive("none", person(), crate::clock::now()).unwrap();
    let once = format!("{COOKIE}={handle}");
    let page = body(ask(&party, "GET", "/", &[("cookie", &once)]).await).await;
    assert!(page.contains("Amina Diallo"));
    let twice = format!("{once}; {once}");
    let page = body(ask(&party, "GET", "/", &[("cookie", &twice)]).await).await;
    assert!(!page.contains("Amina Diallo"));
}

#[tokio::test]
async fn another_site_signs_nobody_out() {
    let party = party();
    let handle = party.visits.arrive("none", person(), crate::clock::now()).unwrap();
    let cookie = format!("{COOKIE}={handle}");
    for (site, signed_in) in [("cross-site", true), ("same-site", true), ("same-origin", false)] {
        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", site)];
        ask(&party, "POST", "/sign-out", &headers).await;
        let still = party.visits.person(&handle, crate::clock::now()).is_some();
        assert_eq!(still, signed_in, "{site}");
    }
}

#[test]
fn a_visit_ends_after_eight_hours() {
    let visits = Visits::default();
    let handle = visits.arrive("none", person(), NOW).unwrap();
    let after = |seconds| Timestamp::from_seconds(NOW.seconds() + seconds);
    assert!(visits.person(&handle, after(8 * 3_600 - 1)).is_some());
    assert!(visits.person(&handle, after(8 * 3_600)).is_none());
}

#[test]
fn who_arrives_gets_another_handle() {
    let visits = Visits::default();
    let planted = visits.arrive("none", person(), NOW).unwrap();
    let own = visits.arrive(&planted, person(), NOW).unwrap();
    assert_ne!(own, planted);
    assert!(visits.person(&planted, NOW).is_none());
}
