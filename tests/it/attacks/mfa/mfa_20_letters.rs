//! MFA-20: a person who is asked until they give in. MFA-21: what a person hears of.
//!
//! Nobody is asked to tap anything here, and nothing that arrives by mail or telephone is a factor.
//! What can be caused at will are letters.

use std::time::Duration;

use idp_tests::harness::ports::free_port;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::peers::mail_server::MailServer;
use serde_json::json;

use crate::factor::scene::Scene;

/// In which time people hear of something.
const SOON: Duration = Duration::from_mins(1);
/// How many letters one person gets in an hour.
const MOST: usize = 10;

async fn scene(name: &str) -> Option<(Scene, MailServer)> {
    let port = free_port();
    let server = MailServer::start(port, json!({})).await?;
    let plan = Plan::new(name).with(&MailServer::section(port));
    Some((Scene::open(plan, |federation| federation).await?, server))
}

#[test]
fn mfa_21_a_person_hears_of_every_change_at_the_address_that_was_known_before() {
    run(async {
        let Some((scene, server)) = scene("mfa-21").await else { return };
        let mut login = scene.login("rp-mfa", "plain", "ann").await;
        login.new_app().await;
        let codes = login.keep_codes().await;
        login.tokens().await;
        // Whoever took over the account at the agency has given another address there.
        scene.says("ann", json!({"email": "mallory@plain.example"}));
        let mut taken = scene.login("rp-mfa", "plain", "ann").await;
        taken.type_in("recovery", &codes[0]).await;
        taken.tokens().await;
        scene.issues_pass("desk", "plain", "ann").await;
        let whom = ["factors", "reset", "--source", "plain", "--subject", "ann"];
        let reset = [&whom[..], &["--reason", "stolen"]].concat();
        scene.house.broker.idp_as("desk", &reset).await.ok();
        let told = [
            "A sign-in method was added to your account",
            "A recovery code was used for your account",
            "An access pass was issued for your account",
            "All sign-in methods were removed from your account",
        ];
        let letters = server.wait("ann@plain.example", 2, SOON).await;
        let subjects: Vec<_> = letters.iter().map(|letter| letter.subject().to_owned()).collect();
        for subject in &told[..2] {
            assert!(subjects.iter().any(|one| one == subject), "no {subject} in {subjects:?}");
        }
        // The new one hears of it as well, and from then on.
        let letters = server.wait("mallory@plain.example", 3, SOON).await;
        let subjects: Vec<_> = letters.iter().map(|letter| letter.subject().to_owned()).collect();
        for subject in &told[1..] {
            assert!(subjects.iter().any(|one| one == subject), "no {subject} in {subjects:?}");
        }
        let trail = scene.house.broker.database.trail().await;
        assert!(trail.values().any(|row| row["kind"] == "letter.sent"), "{trail:#?}");
    });
}

#[test]
fn mfa_20_nobody_fills_somebody_elses_mailbox() {
    run(async {
        let Some((scene, server)) = scene("mfa-20").await else { return };
        let mut login = scene.login("rp-mfa", "plain", "ben").await;
        login.new_app().await;
        login.keep_codes().await;
        // Whoever knows the first factor fails at the second, again and again.
        let mut thief = scene.login("rp-mfa", "plain", "ben").await;
        let step = thief.step();
        assert_eq!(step, "prove, code, recovery, pass", "nothing that rings at ben's");
        for turn in 0..25 {
            thief.type_in("code", &format!("{turn:06}")).await;
            thief.type_in("recovery", &format!("AAAA-AAAA-AA{turn:02}")).await;
            assert_eq!(thief.step(), step);
        }
        // And somebody at the help desk is talked into one pass after the other.
        for _ in 0..MOST + 2 {
            scene.issues_pass("desk", "plain", "ben").await;
        }
        let about = |subject: &str| {
            let letters = server.letters("ben@plain.example");
            letters.iter().filter(|letter| letter.subject().contains(subject)).count()
        };
        server.wait("ben@plain.example", 4, SOON).await;
        // Whatever is over the limit would have been handed over in the same turn.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let all = server.letters("ben@plain.example").len();
        assert!(all <= MOST, "{all} letters");
        assert!(about("Too many failed attempts") <= 2, "one for each kind of factor");
        assert!(about("An access pass was issued") < MOST, "what somebody can cause at will");
        assert_eq!(about("was added"), 1, "what matters came through");
    });
}
