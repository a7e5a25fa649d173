//! What the administration API does for whom.

use http::StatusCode;
use idp_domain::Lifetime;
use idp_web::api::role::Role;
use serde_json::{Value, json};

use super::{House, desk, in_seconds, is_live, session};
use crate::clock;

#[tokio::test]
async fn somebody_is_found_by_what_a_source_calls_them() {
    let house = House::open().await;
    let ana = house.person("una").await;
    let token = house.token("desk", &desk("una")).await;
    let found =
        house.get(&token, "/api/v1/accounts?source=una-guests&username=%20Ana@UNA.example").await;
    let account = &found.body["accounts"][0];
    assert_eq!(account["account"], ana.as_str());
    assert_eq!((&account["agencies"], &account["enabled"]), (&json!(["una"]), &json!(true)));
    let subject = account["sources"][0]["subject"].as_str().unwrap();
    let again =
        house.get(&token, &format!("/api/v1/accounts?source=una-guests&subject={subject}")).await;
    assert_eq!(again.body, found.body);
    let shown = house.get(&token, &format!("/api/v1/accounts/{ana}")).await;
    assert_eq!(shown.body, *account);
    let nobody = house.get(&token, "/api/v1/accounts?source=una-guests&username=bob").await;
    assert_eq!((nobody.status, nobody.body), (StatusCode::OK, json!({"accounts": []})));
}

#[tokio::test]
async fn a_pass_is_told_once_and_the_trail_says_who_gave_it_and_why() {
    let house = House::open().await;
    let ana = house.person("una").await;
    let token = house.token("desk", &desk("una")).await;
    let wish = json!({"minutes": 15, "reason": "lost phone"});
    let issued = house.post(&token, &format!("/api/v1/accounts/{ana}/access-passes"), wish).await;
    assert_eq!(issued.status, StatusCode::CREATED);
    assert_eq!(issued.body["needs_approval"], false);
    let pass = issued.body["pass"].as_str().unwrap();
    assert_eq!(pass.split('-').count(), 4, "{pass}");
    let ends = issued.body["expires_at"].as_i64().unwrap() - in_seconds(clock::now());
    assert!((890..=900).contains(&ends), "{ends}");
    let rows = house.trail("access_pass.issued").await;
    let event = rows[0].event().unwrap();
    assert_eq!((rows.len(), event.account), (1, Some(ana)));
    assert_eq!(
        (event.detail["by"].as_str(), event.detail["why"].as_str()),
        ("token:desk", "lost phone")
    );
    assert!(!rows[0].body.contains(pass), "and not the pass itself");
}

#[tokio::test]
async fn adm_14_a_pass_is_approved_by_another_token_of_the_same_agency() {
    let house = House::open().await;
    let ben = house.person("unb").await;
    let one = house.token("one", &desk("unb")).await;
    let other = house.token("other", &desk("unb")).await;
    let foreign = house.token("foreign", &desk("una")).await;
    let wish = json!({"minutes": 15, "reason": "lost phone"});
    let issued = house.post(&one, &format!("/api/v1/accounts/{ben}/access-passes"), wish).await;
    assert_eq!(issued.body["needs_approval"], true);
    let id = issued.body["id"].as_str().unwrap().to_owned();
    let pending = house.get(&other, "/api/v1/access-passes").await;
    assert_eq!(pending.body["access_passes"][0]["id"], id.as_str());
    assert_eq!(pending.body["access_passes"][0]["issued_by"], "token:one");
    let elsewhere = house.get(&foreign, "/api/v1/access-passes").await;
    assert_eq!(elsewhere.body, json!({"access_passes": []}));
    let path = format!("/api/v1/access-passes/{id}/approve");
    assert_eq!(house.post(&one, &path, json!({})).await.status, StatusCode::CONFLICT);
    assert_eq!(house.post(&foreign, &path, json!({})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.denials().await, ["approval", "agency"]);
    assert_eq!(house.post(&other, &path, json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(house.post(&other, &path, json!({})).await.status, StatusCode::CONFLICT);
    let rows = house.trail("access_pass.approved").await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].event().unwrap().detail["by"], "token:other");
    assert_eq!(house.get(&other, "/api/v1/access-passes").await.body, elsewhere.body);
}

#[tokio::test]
async fn factors_are_shown_and_removed_and_the_sessions_end() {
    let house = House::open().await;
    let ana = house.person("una").await;
    let token = house.token("desk", &desk("una")).await;
    let open = session(house.store(), &ana, "una").await;
    let path = format!("/api/v1/accounts/{ana}/factors");
    let shown = house.get(&token, &path).await;
    assert_eq!((&shown.body["passkeys"], &shown.body["must_enrol"]), (&json!([]), &json!(false)));
    let wish = json!({"reason": "lost phone"});
    let reset = house.post(&token, &format!("{path}/reset"), wish).await;
    assert_eq!(reset.status, StatusCode::NO_CONTENT);
    assert_eq!(house.get(&token, &path).await.body["must_enrol"], true);
    assert!(!is_live(house.store(), &open).await);
    let event = house.trail("factors.reset").await[0].event().unwrap();
    assert_eq!((event.account, event.detail["by"].as_str()), (Some(ana), "token:desk"));
}

#[tokio::test]
async fn sessions_are_listed_a_page_at_a_time_and_ended_at_once() {
    let house = House::open().await;
    let (ana, ben) = (house.person("una").await, house.person("unb").await);
    let soc = house.token("soc", &Role::Soc).await;
    let mut of_ana = Vec::new();
    for _ in 0..3 {
        of_ana.push(session(house.store(), &ana, "una").await);
    }
    let of_ben = session(house.store(), &ben, "unb").await;
    let mut seen = Vec::new();
    let mut next = Value::Null;
    for _ in 0..3 {
        let after = next.as_str().map(|after| format!("&after={after}")).unwrap_or_default();
        let page = house.get(&soc, &format!("/api/v1/sessions?agency=una&limit=1{after}")).await;
        seen.push(page.body["sessions"][0]["session"].as_str().unwrap().to_owned());
        next = page.body["next"].clone();
    }
    seen.sort();
    let mut all: Vec<_> = of_ana.iter().map(ToString::to_string).collect();
    all.sort();
    assert_eq!(seen, all);
    let told = house.get(&soc, "/api/v1/sessions?relying_party=portal").await;
    assert_eq!(told.body["sessions"].as_array().unwrap().len(), 4);
    assert_eq!(told.body["sessions"][0]["services"][0]["released"], json!(["mail"]));
    let wish = json!({"agency": "una", "reason": "INC-1"});
    let ended = house.post(&soc, "/api/v1/sessions/end", wish).await;
    assert_eq!(ended.body["sessions"], 3);
    for session in &of_ana {
        assert!(!is_live(house.store(), session).await);
    }
    assert!(is_live(house.store(), &of_ben).await, "of another agency");
    let rows = house.trail("session.ended").await;
    let asked = rows[0].event().unwrap();
    assert_eq!((rows.len(), asked.reason.as_str()), (4, "administrator_asked"));
    assert_eq!((asked.detail["by"].as_str(), asked.detail["why"].as_str()), ("token:soc", "INC-1"));
}

#[tokio::test]
async fn adm_01_one_session_is_ended_by_whoever_may_act_on_its_person_alone() {
    let house = House::open().await;
    let (ana, ben) = (house.person("una").await, house.person("unb").await);
    let token = house.token("desk", &desk("una")).await;
    let one = session(house.store(), &ana, "una").await;
    let other = session(house.store(), &ana, "una").await;
    let of_ben = session(house.store(), &ben, "unb").await;
    let end = async |token: &str, session: &str| {
        let wish = json!({"session": session, "reason": "INC-1"});
        house.post(token, "/api/v1/sessions/end", wish).await
    };
    assert_eq!(end(&token, one.as_str()).await.body["sessions"], 1);
    assert!(!is_live(house.store(), &one).await);
    assert!(is_live(house.store(), &other).await, "the same person's");
    assert_eq!(end(&token, one.as_str()).await.body["sessions"], 0, "it has ended");
    // What is another agency's and what is nobody's look the same.
    let foreign = end(&token, of_ben.as_str()).await;
    for nobodys in ["AAAAAAAAAAAAAAAAAAAAAA", "a/b", ""] {
        let unknown = end(&token, nobodys).await;
        assert_eq!((unknown.status, &unknown.body), (StatusCode::NOT_FOUND, &foreign.body));
    }
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(house.denials().await, ["agency"]);
    assert!(is_live(house.store(), &of_ben).await);
    let soc = house.token("soc", &Role::Soc).await;
    assert_eq!(end(&soc, of_ben.as_str()).await.body["sessions"], 1);
    let both = json!({"session": other.as_str(), "account": ana.as_str(), "reason": "INC-1"});
    let both = house.post(&soc, "/api/v1/sessions/end", both).await;
    assert_eq!(both.status, StatusCode::BAD_REQUEST);
    assert!(is_live(house.store(), &other).await);
    let asked = house.trail("session.ended").await;
    let asked = asked.iter().filter(|row| row.reason == "administrator_asked");
    let asked: Vec<_> = asked.map(|row| row.event().unwrap().session.unwrap()).collect();
    assert_eq!(asked, [one.clone(), one, of_ben]);
}

#[tokio::test]
async fn what_is_switched_off_is_off_on_the_node_and_in_the_trail_and_comes_back() {
    let house = House::open().await;
    let ana = house.person("una").await;
    let soc = house.token("soc", &Role::Soc).await;
    let open = session(house.store(), &ana, "una").await;
    let wish = json!({"kind": "source", "id": "una-guests", "reason": "INC-1"});
    let thrown = house.post(&soc, "/api/v1/switches/off", wish.clone()).await;
    assert_eq!(thrown.body, json!({"changed": true, "sessions": 1, "grants": 0}));
    assert!(!is_live(house.store(), &open).await);
    let list = house.get(&soc, "/api/v1/switches").await;
    assert_eq!(list.body["off"][0]["id"], "una-guests");
    let is_open = async || {
        house.node.reload().await.unwrap();
        let id = "una-guests".parse().unwrap();
        house.node.catalog().source(&id).unwrap().is_open()
    };
    assert!(!is_open().await, "whatever the federation file says");
    let again = house.post(&soc, "/api/v1/switches/off", wish.clone()).await;
    assert_eq!(again.body["changed"], false);
    let back = house.post(&soc, "/api/v1/switches/on", wish).await;
    assert_eq!(back.body["changed"], true);
    assert!(is_open().await);
    assert_eq!(house.get(&soc, "/api/v1/switches").await.body, json!({"off": []}));
    let [off, on] = [house.trail("switched.off").await, house.trail("switched.on").await];
    assert_eq!((off.len(), on.len()), (1, 1));
    let event = off[0].event().unwrap();
    assert!(event.alert && event.detail["by"] == "token:soc" && event.detail["why"] == "INC-1");
}

#[tokio::test]
async fn every_kind_of_thing_can_be_switched_and_nothing_that_is_not_there() {
    let house = House::open().await;
    let ana = house.person("una").await;
    let admin = house.token("admin", &Role::FederationAdmin).await;
    let off = async |kind: &str, id: &str| {
        let wish = json!({"kind": kind, "id": id, "reason": "INC-1"});
        house.post(&admin, "/api/v1/switches/off", wish).await.status
    };
    for (kind, id) in [
        ("source", "una-guests"),
        ("agency", "unb"),
        ("relying_party", "wiki"),
        ("account", ana.as_str()),
    ] {
        assert_eq!(off(kind, id).await, StatusCode::OK, "{kind}");
    }
    house.node.reload().await.unwrap();
    let catalog = house.node.catalog();
    assert!(!catalog.agency(&"unb".parse().unwrap()).unwrap().enabled);
    assert!(!catalog.relying_party(&"wiki".parse().unwrap()).unwrap().enabled);
    assert!(catalog.relying_party(&"portal".parse().unwrap()).unwrap().enabled);
    assert!(house.store().accounts.find(&ana).await.unwrap().unwrap().disabled);
    for (kind, id) in [
        ("source", "una-gests"),
        ("agency", "unc"),
        ("relying_party", "urn:laissez-passer:account"),
        ("account", "AAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        assert_eq!(off(kind, id).await, StatusCode::NOT_FOUND, "{kind} {id}");
    }
    assert_eq!(off("tenant", "una").await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_token_that_was_used_says_when() {
    let house = House::open().await;
    let token = house.token_until("desk", &desk("una"), Lifetime::hours(2)).await;
    let used = async || house.store().api_tokens.list().await.unwrap()[0].used_at;
    assert_eq!(used().await, None);
    house.get(&token, "/api/v1/access-passes").await;
    assert!(used().await.is_some());
}
