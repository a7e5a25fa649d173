//! Whoever watches: alerts by position, and the sessions of one session of a source.

use http::StatusCode;
use idp_domain::{AuditEvent, audit::AuditKind};
use idp_store::journal::{Outcome, Unit};
use idp_web::api::role::Role;
use serde_json::{Value, json};

use super::{House, desk, in_seconds, is_live, session, session_called};
use crate::clock;

async fn alert(house: &House, reason: &str) {
    let event = AuditEvent::new(AuditKind::AccountDisputed, clock::now()).because_of(reason);
    let unit = Unit::record(vec![AuditEvent { alert: true, ..event }]);
    assert_eq!(house.store().journal.commit(unit).await.unwrap(), Outcome::Done);
}

fn reasons(page: &Value) -> Vec<&str> {
    let alerts = page["alerts"].as_array().unwrap();
    alerts.iter().map(|alert| alert["reason"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn whoever_keeps_the_position_reads_every_alert_once() {
    let house = House::open().await;
    let token = house.token("soc", &Role::Soc).await;
    let read = async |query: &str| house.get(&token, &format!("/api/v1/alerts{query}")).await.body;
    assert_eq!(read("").await, json!({"alerts": [], "next": 0, "more": false}));
    let began = in_seconds(clock::now());
    for reason in ["a", "b", "c"] {
        alert(&house, reason).await;
    }
    let first = read("?limit=2").await;
    assert_eq!((reasons(&first), &first["more"]), (vec!["a", "b"], &json!(true)));
    let second = read(&format!("?limit=2&after={}", first["next"])).await;
    assert_eq!((reasons(&second), &second["more"]), (vec!["c"], &json!(false)));
    let after = format!("?after={}", second["next"]);
    assert_eq!(read(&after).await, json!({"alerts": [], "next": second["next"], "more": false}));
    alert(&house, "d").await;
    assert_eq!(reasons(&read(&after).await), ["d"]);
    assert_eq!(reasons(&read(&format!("?since={began}")).await), ["a", "b", "c", "d"]);
    let later = format!("?since={}", began + 3_600);
    assert_eq!(reasons(&read(&later).await), Vec::<&str>::new());
}

#[tokio::test]
async fn an_alert_says_about_whom_it_is_and_where_it_stands() {
    let house = House::open().await;
    let token = house.token("admin", &Role::FederationAdmin).await;
    let wish = json!({"kind": "source", "id": "una-guests", "reason": "INC-1"});
    house.post(&token, "/api/v1/switches/off", wish).await;
    let page = house.get(&token, "/api/v1/alerts").await.body;
    let alert = &page["alerts"][0];
    assert_eq!((&alert["kind"], &alert["source"]), (&json!("switched.off"), &json!("una-guests")));
    assert_eq!(alert["detail"], json!({"by": "token:admin", "why": "INC-1"}));
    assert_eq!((&alert["account"], &alert["address"]), (&Value::Null, &json!("192.0.2.7")));
    let row = &house.trail("switched.off").await[0];
    assert_eq!((&alert["chain"], &alert["seq"]), (&json!(row.place.chain), &json!(row.place.seq)));
}

#[tokio::test]
async fn help_desks_read_no_alerts_and_odd_questions_are_refused() {
    let house = House::open().await;
    let token = house.token("desk", &desk("una")).await;
    assert_eq!(house.get(&token, "/api/v1/alerts").await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.denials().await, ["role"]);
    let soc = house.token("soc", &Role::Soc).await;
    for query in ["limit=0", "limit=501", "after=-1", "after=x", "since=-1", "since=1e9", "of=una"]
    {
        let answer = house.get(&soc, &format!("/api/v1/alerts?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn what_rests_on_one_session_of_a_source_is_listed_and_ended_alone() {
    let house = House::open().await;
    let (ana, ben) = (house.person("una").await, house.person("unb").await);
    let soc = house.token("soc", &Role::Soc).await;
    let stolen = session_called(house.store(), &ana, "una", Some("s/1 &")).await;
    let other = session_called(house.store(), &ana, "una", Some("s2")).await;
    let unnamed = session(house.store(), &ana, "una").await;
    let elsewhere = session_called(house.store(), &ben, "unb", Some("s/1 &")).await;
    let query = "source=una-guests&source_session=s/1%20%26";
    let listed = house.get(&soc, &format!("/api/v1/sessions?{query}")).await;
    assert_eq!(listed.body["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(listed.body["sessions"][0]["session"], stolen.as_str());
    let end = async |token: &str, mut wish: Value| {
        wish["reason"] = json!("INC-1");
        house.post(token, "/api/v1/sessions/end", wish).await
    };
    let wish = json!({"source": "una-guests", "source_session": "s/1 &"});
    let desk = house.token("desk", &desk("una")).await;
    assert_eq!(end(&desk, wish.clone()).await.status, StatusCode::FORBIDDEN);
    for wrong in [
        json!({"source_session": "s2"}),
        json!({"account": ana.as_str(), "source_session": "s2"}),
        json!({"agency": "una", "source": "una-guests", "source_session": "s2"}),
        json!({"session": other.as_str(), "source_session": "s2"}),
    ] {
        assert_eq!(end(&soc, wrong).await.status, StatusCode::BAD_REQUEST);
    }
    let nobodys = json!({"source": "una-guests", "source_session": "s3"});
    assert_eq!(end(&soc, nobodys).await.body, json!({"sessions": 0, "grants": 0}));
    assert_eq!(end(&soc, wish).await.body["sessions"], 1);
    assert!(!is_live(house.store(), &stolen).await);
    for spared in [&other, &unnamed, &elsewhere] {
        assert!(is_live(house.store(), spared).await);
    }
    let trail = house.trail("session.ended").await;
    let asked = trail.iter().filter(|row| row.reason == "administrator_asked");
    let asked: Vec<_> = asked.map(|row| row.event().unwrap().source.unwrap()).collect();
    assert_eq!(asked.len(), 2);
    assert!(trail.iter().all(|row| !row.body.contains("s/1")), "its name stays between us and it");
}
