//! What help desks and administrators do by command, beside a node that serves: it hears of it
//! within a second, and the API says the same.

use idp_tests::harness::http::client;
use idp_tests::harness::page::Page;
use idp_tests::harness::process::until;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use serde_json::{Value, json};
use std::time::Duration;

use crate::house::{EVE, House, visitor};

/// What a command says for scripts.
async fn told(house: &House, arguments: &[&str]) -> Value {
    let ended = house.broker.idp(&[arguments, &["--json"]].concat()).await.ok();
    assert_eq!(ended.out.lines().count(), 1, "{ended:?}");
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

/// What the API says to the holder of `token`.
async fn asked(house: &House, token: &str, path: &str) -> (u16, Value) {
    let request = client().get(format!("{}/api/v1{path}", house.broker.base)).bearer_auth(token);
    let answer = request.send().await.expect("the broker");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[test]
fn a_command_and_the_api_find_the_same_person_and_what_ends_is_over_within_a_second() {
    run(async {
        let house = House::open(Plan::new("cli-desk")).await;
        let party = house.party("rp1").await;
        let mut browser = visitor();
        let tokens = house.sign_in(&mut browser, &party).await;
        assert_eq!(party.userinfo(tokens.access()).await.status, 200);
        let whom = ["--source", "partners", "--username", EVE.username];
        let shown = told(&house, &[&["factors", "show"][..], &whom].concat()).await;
        let account = shown["account"].as_str().unwrap();
        assert_eq!((&shown["passkeys"], &shown["enabled"]), (&json!([]), &json!(true)));

        let make = |name, role| ["token", "create", "--name", name, "--role", role];
        let soc = told(&house, &make("soc", "soc")).await;
        let soc = soc["token"].as_str().unwrap();
        let desk = [&make("desk", "help_desk")[..], &["--agency", "loc"]].concat();
        let desk = told(&house, &desk).await;
        let desk = desk["token"].as_str().unwrap();
        let path = format!("/accounts?source=partners&username={}", EVE.username);
        let (status, found) = asked(&house, desk, &path).await;
        assert_eq!((status, found["accounts"][0]["account"].as_str()), (200, Some(account)));
        assert_eq!(asked(&house, desk, "/switches").await.0, 403);
        assert_eq!(asked(&house, "lpat_nobody", "/switches").await.0, 401);

        let listed = told(&house, &["sessions", "list", "--account", account]).await;
        assert_eq!(listed["sessions"].as_array().unwrap().len(), 1);
        let (_, api) = asked(&house, soc, &format!("/sessions?account={account}")).await;
        assert_eq!(api["sessions"], listed["sessions"], "the same to the last word");
        assert_eq!(api["sessions"][0]["services"][0]["relying_party"], "rp1");
        let end = ["sessions", "end", "--agency", "loc", "--reason", "INC-1"];
        assert_eq!(told(&house, &end).await["sessions"], 1);
        until("the session to be over", Duration::from_secs(1), async || {
            let status = party.userinfo(tokens.access()).await.status;
            (status == 401).then_some(())
        })
        .await;

        let revoked = told(&house, &["token", "revoke", "soc"]).await;
        assert_eq!(revoked["changed"], true);
        assert_eq!(asked(&house, soc, "/switches").await.0, 401, "at the next call");
    });
}

#[test]
fn what_is_switched_off_by_command_takes_nobody_within_a_second_and_comes_back() {
    run(async {
        let house = House::open(Plan::new("cli-switch")).await;
        let party = house.party("rp1").await;
        let offers = async || {
            let begun = party.begin(&[("idp_hint", "loc")]);
            let page: Page = visitor().open(begun.url.clone()).await;
            page.form_by_button("Sign in").is_some()
        };
        assert!(offers().await);
        let off = ["switch", "off", "source", "partners", "--reason", "INC-1"];
        assert_eq!(told(&house, &off).await["changed"], true);
        until("the source to be off", Duration::from_secs(1), async || {
            (!offers().await).then_some(())
        })
        .await;
        // Whoever applies the federation file does not undo it.
        house.broker.apply(&house.file).await.ok();
        let listed = told(&house, &["switch", "list"]).await;
        assert_eq!(listed["off"][0]["id"], "partners");
        assert!(!offers().await);
        let on = ["switch", "on", "source", "partners", "--reason", "mended"];
        assert_eq!(told(&house, &on).await["changed"], true);
        until("the source to be back", Duration::from_secs(1), async || {
            offers().await.then_some(())
        })
        .await;
        let nothing = house.broker.idp(&["switch", "off", "agency", "lok", "--reason", "x"]).await;
        assert_eq!(nothing.one_line(1), "idp: there is no agency lok");
    });
}
