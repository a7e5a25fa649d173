//! Letters: a person hears of what happens to their account, from a real node by a real mail server.

use std::time::Duration;

use idp_tests::harness::http::{Visitor, client};
use idp_tests::harness::page::Page;
use idp_tests::harness::ports::free_port;
use idp_tests::harness::process::until;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::harness::totp::App;
use idp_tests::peers::mail_server::{Letter, MailServer};
use serde_json::json;

use crate::house::{EVE, House, LOCAL, visitor};

/// In which time people hear of something.
const SOON: Duration = Duration::from_mins(1);

/// Opens a page of self-service, signing in as eve where asked.
async fn at(house: &House, visitor: &mut Visitor, path: &str) -> Page {
    let mut page = visitor.open(format!("{}{path}", house.broker.base)).await;
    if page.url.path().starts_with("/login/") {
        page = visitor.choose(&page, LOCAL).await;
        page = visitor.sign_in(&page, EVE.username, EVE.password).await;
    }
    assert_eq!(page.url.path(), path, "{}", page.describe());
    page
}

/// Eve sets up an app; the page that shows her the recovery codes which come with it.
async fn add_app(house: &House, visitor: &mut Visitor) -> Page {
    let page = at(house, visitor, "/account/security/app").await;
    let app = App::told(&page.texts("code.secret")[0]);
    let form = page.form_with("code").fill("code", &app.code()).enter();
    let page = visitor.submit(&page, form).await;
    assert_eq!(page.texts("ul.codes code").len(), 10, "{}", page.describe());
    page
}

async fn house(name: &str, port: u16) -> House {
    House::open(Plan::new(name).with(&MailServer::section(port))).await
}

/// The letter among these that says this in its subject.
fn about<'a>(letters: &'a [Letter], subject: &str) -> &'a Letter {
    let found = letters.iter().find(|letter| letter.subject() == subject);
    found.unwrap_or_else(|| panic!("no letter `{subject}` in {letters:#?}"))
}

#[test]
fn mfa_21_whoever_sets_up_a_factor_hears_of_it_within_a_minute() {
    run(async {
        let port = free_port();
        let Some(server) = MailServer::start(port, json!({})).await else { return };
        let house = house("mail-enrolled", port).await;
        add_app(&house, &mut visitor()).await;
        let letters = server.wait(EVE.mail, 1, SOON).await;
        let letter = about(&letters, "A sign-in method was added to your account");
        let plain = letter.plain();
        assert!(plain.contains("Sign-in method: Authenticator app"), "{plain}");
        assert!(plain.contains("Internet address: 127.0.0.1"), "{plain}");
        for path in ["/account", "/account/not-me"] {
            let address = format!("{}{path}", house.broker.base);
            assert!(plain.lines().any(|line| line == address), "{plain}");
            let page = at(&house, &mut visitor_of(&house).await, path).await;
            assert_eq!(page.status, 200, "{}", page.describe());
        }
        // The reference number leads to what happened, and to what became of the letter.
        let reference = plain.lines().find_map(|line| line.strip_prefix("Reference: ")).unwrap();
        let trail = house.broker.database.trail().await;
        let events: Vec<_> =
            trail.values().filter(|event| event["reference"] == reference).collect();
        for kind in ["factor.enrolled", "letter.sent"] {
            assert!(events.iter().any(|event| event["kind"] == kind), "{kind}: {events:#?}");
        }
        let said = format!("{trail:?}{}", house.broker.log());
        assert!(!said.contains(EVE.mail), "the address stands in the trail or the log");
    });
}

/// Somebody who has signed in with a password, in a browser of their own.
async fn visitor_of(house: &House) -> Visitor {
    let mut visitor = visitor();
    at(house, &mut visitor, "/account").await;
    visitor
}

/// Presses the button of the form that asks for `change`.
async fn ask(visitor: &mut Visitor, page: &Page, button: &str) -> Page {
    let form = page.form_by_button(button);
    let form = form.unwrap_or_else(|| panic!("no `{button}` on {}", page.describe()));
    visitor.submit(page, form.press(button)).await
}

#[test]
fn mfa_21_the_owner_hears_of_guesses_at_a_second_factor() {
    run(async {
        let port = free_port();
        let Some(server) = MailServer::start(port, json!({})).await else { return };
        let house = house("mail-locked", port).await;
        let mut eve = visitor();
        let codes = add_app(&house, &mut eve).await;
        ask(&mut eve, &codes, "I have kept").await;
        // Somebody else knows her password alone, and guesses at the rest.
        let mut other = visitor();
        let page = at(&house, &mut other, "/account/security").await;
        let page = ask(&mut other, &page, "Make a new set").await;
        let mut page = other.choose(&page, "Continue").await;
        for guess in 0..6 {
            let form = page.form_with("code").fill("code", &format!("{guess:06}")).enter();
            page = other.submit(&page, form).await;
        }
        let subject = "Too many failed attempts to sign in to your account";
        let letters = until("a letter of guesses", SOON, async || {
            let letters = server.letters(EVE.mail);
            letters.iter().any(|letter| letter.subject() == subject).then_some(letters)
        })
        .await;
        let plain = about(&letters, subject).plain();
        assert!(plain.contains("Sign-in method: Authenticator app"), "{plain}");
        assert!(plain.contains("/account/not-me"), "{plain}");
    });
}

#[test]
fn a_letter_comes_in_the_language_of_the_browser() {
    run(async {
        let port = free_port();
        let Some(server) = MailServer::start(port, json!({})).await else { return };
        let house = house("mail-language", port).await;
        let mut visitor = Visitor::new().with_header("accept-language", "ar");
        let page = visitor.open(format!("{}/account/security/app", house.broker.base)).await;
        let page = visitor.choose(&page, LOCAL).await;
        let page = visitor.sign_in(&page, EVE.username, EVE.password).await;
        let app = App::told(&page.texts("code.secret")[0]);
        let form = page.form_with("code").fill("code", &app.code()).enter();
        visitor.submit(&page, form).await;
        let letters = server.wait(EVE.mail, 1, SOON).await;
        let letter = about(&letters, "أُضيفت وسيلة لتسجيل الدخول إلى حسابك");
        assert!(letter.0["html"].as_str().unwrap().contains("<html lang=\"ar\" dir=\"rtl\">"));
        assert!(letter.0["message"].as_str().unwrap().contains("Content-Language: ar"));
    });
}

#[test]
fn mfa_21_a_mail_server_that_is_away_holds_up_nobody_and_is_tried_again() {
    run(async {
        let port = free_port();
        let house = house("mail-outage", port).await;
        add_app(&house, &mut visitor()).await;
        let metrics = format!("{}/metrics", house.broker.nodes[0].management);
        let waits = "idp_letters_total{outcome=\"waits\"}";
        until("a letter to wait", SOON, async || {
            let answer = client().get(&metrics).send().await.ok()?;
            answer.text().await.ok()?.contains(waits).then_some(())
        })
        .await;
        let trail = house.broker.database.trail().await;
        let failed = trail.values().find(|event| event["kind"] == "letter.failed").unwrap();
        assert_eq!(failed["reason"], "smtp.unreachable", "{failed}");
        assert_eq!(failed["detail"]["outcome"], "waits", "{failed}");
        let Some(server) = MailServer::start(port, json!({})).await else { return };
        // It is tried again after a minute.
        let letters = server.wait(EVE.mail, 1, 2 * SOON).await;
        about(&letters, "A sign-in method was added to your account");
    });
}

#[test]
fn where_no_mail_is_set_up_nothing_waits_and_the_trail_says_so() {
    run(async {
        let house = House::open(Plan::new("mail-none")).await;
        add_app(&house, &mut visitor()).await;
        assert_eq!(house.broker.database.rows("letters").await, Vec::<String>::new());
        let trail = house.broker.database.trail().await;
        let enrolled = trail.values().find(|event| event["kind"] == "factor.enrolled").unwrap();
        assert_eq!(enrolled["detail"]["letter"], "off", "{enrolled}");
        let ended = house.broker.idp(&["check", "--json"]).await.ok();
        assert!(ended.out.contains("[mail] is absent"), "{ended:?}");
    });
}
