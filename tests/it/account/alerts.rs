//! A report of a person reaches whoever watches: by the log, by the meters, by the API.

use idp_tests::harness::http::client;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use serde_json::{Value, json};

use super::{ask, at};
use crate::house::{EVE, House, visitor};

/// What a command says for scripts.
async fn told(house: &House, arguments: &[&str]) -> Value {
    let ended = house.broker.idp(&[arguments, &["--json"]].concat()).await.ok();
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

async fn asked(house: &House, token: &str, path: &str) -> (u16, Value) {
    let request = client().get(format!("{}/api/v1{path}", house.broker.base)).bearer_auth(token);
    let answer = request.send().await.expect("the broker");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[test]
fn this_was_not_me_is_heard_by_the_log_the_meters_and_the_api() {
    run(async {
        let house = House::open(Plan::new("account-alert")).await;
        let make = |name, role| ["token", "create", "--name", name, "--role", role];
        let soc = told(&house, &make("soc", "soc")).await;
        let soc = soc["token"].as_str().unwrap();
        let desk = [&make("desk", "help_desk")[..], &["--agency", "loc"]].concat();
        let desk = told(&house, &desk).await;
        let (_, before) = asked(&house, soc, "/alerts").await;
        assert_eq!(before["alerts"], json!([]));

        let mut eve = visitor();
        let page = at(&house, &mut eve, "/account/not-me").await;
        let page = ask(&mut eve, &page, "Sign out everywhere").await;
        assert!(page.text().contains("Your report has arrived"), "{}", page.text());
        let reference = page.texts("dl.facts code").remove(0);

        let (status, page) = asked(&house, soc, &format!("/alerts?after={}", before["next"])).await;
        assert_eq!((status, page["alerts"].as_array().unwrap().len()), (200, 1), "{page}");
        let alert = &page["alerts"][0];
        assert_eq!(alert["kind"], "account.disputed");
        assert_eq!(alert["reference"], reference.as_str());
        assert_eq!(asked(&house, desk["token"].as_str().unwrap(), "/alerts").await.0, 403);
        let (_, after) = asked(&house, soc, &format!("/alerts?after={}", page["next"])).await;
        assert_eq!(after["alerts"], json!([]));
        let by_command = told(&house, &["audit", "alerts"]).await;
        assert_eq!(by_command["alerts"], page["alerts"]);

        let log = house.broker.log();
        let lines = log.lines().filter(|line| line.contains("\"idp_alert\""));
        let lines: Vec<Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 1, "{log}");
        assert_eq!(
            (&lines[0]["level"], &lines[0]["target"]),
            (&json!("WARN"), &json!("idp_alert"))
        );
        for name in ["kind", "reason", "account", "agency", "session", "chain", "seq", "at"] {
            assert_eq!(lines[0][name], alert[name], "{name}: {}", lines[0]);
            assert!(!alert[name].is_null(), "{name}: {alert}");
        }
        for person in [EVE.name, EVE.mail] {
            assert!(!lines[0].to_string().contains(person), "{}", lines[0]);
        }

        let metrics = format!("{}/metrics", house.broker.nodes[0].management);
        let metrics = client().get(metrics).send().await.unwrap().text().await.unwrap();
        let reason = alert["reason"].as_str().unwrap();
        let line = format!("idp_alerts_total{{kind=\"account.disputed\",reason=\"{reason}\"}} 1");
        assert!(metrics.lines().any(|known| known == line), "{line}: {metrics}");
        let verified = told(&house, &["audit", "verify"]).await;
        assert_eq!(verified["whole"], true, "{verified}");
    });
}
