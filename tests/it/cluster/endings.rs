//! Sessions that an administrator ends, by command and by the API of one node: the other node knows
//! nobody any more within a second, and services hear of it.

use std::time::Duration;

use idp_tests::harness::database::Database;
use idp_tests::harness::http::{Visitor, client};
use idp_tests::harness::jose;
use idp_tests::harness::process::until;
use idp_tests::harness::redis::Redis;
use idp_tests::harness::rp::{Party, Tokens};
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use serde_json::{Value, json};

use crate::attacks::lgo::bench::Ear;
use crate::house::{EVE, House, LEO, SECRET, go_on, redirect_uri, visitor};

/// The relying party that is told of logouts.
const EAR: &str = "rp-heard";
/// How soon a session is over everywhere.
const SOON: Duration = Duration::from_secs(1);

/// Signs eve in at one node; her browser, and what was given out.
async fn live(house: &House, party: &Party) -> (Visitor, Tokens) {
    house.broker.lead_to(0);
    let mut browser = visitor();
    let wanted = [("scope", "openid email offline_access")];
    let tokens = house.sign_in_with(&mut browser, party, &wanted).await;
    house.broker.lead_to(1);
    (browser, tokens)
}

/// Whether a browser has a session, by the word of a relying party.
async fn is_signed_in(browser: &mut Visitor, party: &Party) -> bool {
    let silent = party.begin(&[("prompt", "none")]);
    let page = browser.open(&silent.url).await;
    page.answer("error").is_none()
}

#[test]
fn a_session_ended_at_one_node_is_over_at_the_other_and_services_hear_of_it() {
    run(async {
        let Some(redis) = Redis::start().await else { return };
        let Some(database) = Database::postgres().await else { return };
        let ear = Ear::default();
        let heard = json!({"connection": {
            "backchannel_logout_uri": ear.listen(true).await,
            "backchannel_logout_session_required": true,
        }});
        let plan = Plan::new("cluster-endings").on(database).with_redis(redis).nodes(2);
        let house = House::open_more(plan, &["bridges"], |federation| {
            federation.party(EAR, SECRET, &redirect_uri(EAR), heard)
        })
        .await;
        let party = house.party(EAR).await;
        // Whoever is not meant stays.
        house.broker.lead_to(1);
        let (mut leo, begun) = (visitor(), party.begin(&[]));
        let page = leo.open(&begun.url).await;
        let page = go_on(&mut leo, page, LEO).await;
        party.finish(&begun, &page).await;

        let create = ["token", "create", "--name", "soc", "--role", "soc", "--json"];
        let told = house.broker.idp(&create).await.ok().out;
        let token: Value = serde_json::from_str(&told).expect("a token");
        let token = token["token"].as_str().expect("a token");
        let show = ["factors", "show", "--source", "partners", "--username", EVE.username];
        live(&house, &party).await;
        let told = house.broker.idp(&[&show[..], &["--json"]].concat()).await.ok().out;
        let account: Value = serde_json::from_str(&told).expect("an account");
        let account = account["account"].as_str().expect("an account");
        let api = format!("{}/api/v1", house.broker.nodes[0].base());
        let by_api = async |wish: Value| -> Value {
            let request = client().post(format!("{api}/sessions/end")).bearer_auth(token);
            let answer = request.json(&wish).send().await.expect("a node");
            assert_eq!(answer.status(), 200, "{wish}");
            answer.json().await.expect("JSON")
        };
        let by_command = async |whose: &[&str]| -> Value {
            let words = ["sessions", "end", "--reason", "INC-8", "--json"];
            let told = house.broker.idp(&[&words[..], whose].concat()).await.ok().out;
            serde_json::from_str(&told).expect("JSON")
        };
        for (by, one) in [("command", false), ("command", true), ("API", false), ("API", true)] {
            // Unlike the kill switch it lets everybody sign in again at once.
            let (mut browser, tokens) = live(&house, &party).await;
            assert!(is_signed_in(&mut browser, &party).await);
            assert_eq!(party.userinfo(tokens.access()).await.status, 200);
            let session = {
                let list = ["sessions", "list", "--account", account, "--json"];
                let told = house.broker.idp(&list).await.ok().out;
                let listed: Value = serde_json::from_str(&told).expect("a list");
                let [.., session] = listed["sessions"].as_array().expect("sessions").as_slice()
                else {
                    panic!("none: {listed}")
                };
                session["session"].as_str().expect("a session").to_owned()
            };
            let before = ear.heard().len();
            let ended = match (by, one) {
                ("command", false) => by_command(&["--account", account]).await,
                ("command", true) => by_command(&["--session", &session]).await,
                (_, false) => by_api(json!({"account": account, "reason": "INC-8"})).await,
                (_, true) => by_api(json!({"session": session, "reason": "INC-8"})).await,
            };
            let least = ended["sessions"].as_u64().expect("a number");
            assert!(if one { least == 1 } else { least >= 1 }, "{by}: {ended}");
            let said = format!("the session to be over, by {by}");
            until(&said, SOON, async || {
                (party.userinfo(tokens.access()).await.status == 401).then_some(())
            })
            .await;
            assert!(!is_signed_in(&mut browser, &party).await, "{by}");
            assert_eq!(party.refresh(tokens.refresh()).await.error(), Some("invalid_grant"));
            assert_eq!(party.introspect(tokens.access()).await.json["active"], false);
            // The service hears which session of whom it was.
            let posted = ear.hears_more_than(before).await;
            let known = jose::part(posted.token(), 1);
            assert_eq!(known["sub"], tokens.claims["sub"], "{by}");
            if one {
                assert_eq!(known["sid"], tokens.claims["sid"], "{by}");
            }
            assert!(is_signed_in(&mut leo, &party).await, "{by}: leo");
        }
        let trail = house.broker.database.trail().await;
        let of_hers = |row: &&Value| row["kind"] == "session.ended" && row["account"] == account;
        assert!(trail.values().filter(of_hers).count() >= 4, "{trail:#?}");
    });
}
