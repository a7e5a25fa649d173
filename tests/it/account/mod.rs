//! Self-service: what people see and change of their own account, over HTTP.

mod alerts;
mod chromium;

use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::{Form, Page};
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::harness::totp::App;
use serde_json::{Value, json};

use crate::house::{EVE, House, LEO, LOCAL, go_on, visitor};

/// Opens a page of self-service, signing in as eve where asked.
async fn at(house: &House, visitor: &mut Visitor, path: &str) -> Page {
    let page = visitor.open(format!("{}{path}", house.broker.base)).await;
    if page.url.path().starts_with("/login/") {
        return go_on_home(visitor, page).await;
    }
    page
}

/// Goes on from a page of a login until it is one of self-service.
async fn go_on_home(visitor: &mut Visitor, mut page: Page) -> Page {
    for _ in 0..3 {
        if page.url.path().starts_with("/account") {
            break;
        }
        page = if page.attribute("input[name=password]", "name").is_some() {
            visitor.sign_in(&page, EVE.username, EVE.password).await
        } else {
            visitor.choose(&page, LOCAL).await
        };
    }
    page
}

/// Presses the button of the form that asks for `change`.
async fn ask(visitor: &mut Visitor, page: &Page, button: &str) -> Page {
    let form = page.form_by_button(button);
    let form = form.unwrap_or_else(|| panic!("no `{button}` on {}", page.describe()));
    visitor.submit(page, form.press(button)).await
}

/// Sets up an app at the page that `page` is, and keeps the codes that come with it.
async fn add_app(house: &House, visitor: &mut Visitor) -> App {
    let page = at(house, visitor, "/account/security/app").await;
    let app = App::told(&page.texts("code.secret")[0]);
    app.steady().await;
    let form = page.form_with("code").fill("code", &app.last_code()).enter();
    let page = visitor.submit(&page, form).await;
    assert_eq!(page.texts("ul.codes code").len(), 10, "{}", page.describe());
    let page = ask(visitor, &page, "I have kept").await;
    assert!(page.text().contains("The authenticator app was added."), "{}", page.text());
    app
}

#[test]
fn whoever_opens_a_page_signs_in_first_and_comes_back_to_it() {
    run(async {
        let house = House::open(Plan::new("account-login")).await;
        for path in ["/account", "/account/sessions", "/account/not-me"] {
            let page = at(&house, &mut visitor(), path).await;
            assert_eq!((page.status, page.url.path()), (200, path));
            assert_eq!(page.header("cache-control"), Some("no-store"));
            assert_eq!(page.url.query(), None, "nothing of the person stands in the address");
        }
        let mut visitor = visitor();
        let page = at(&house, &mut visitor, "/account").await;
        assert!(page.text().contains(EVE.name), "{}", page.text());
        assert!(page.text().contains("Your account needs more protection"));
    });
}

#[test]
fn wan_14_a_change_that_no_page_of_this_session_asks_for_is_refused() {
    run(async {
        let house = House::open(Plan::new("account-csrf")).await;
        let (mut eve, mut other) = (visitor(), visitor());
        let page = at(&house, &mut eve, "/account/security/app").await;
        let token = page.form_with("code").value("token").unwrap().to_owned();
        let theirs = at(&house, &mut other, "/account/security/app").await;
        let foreign = theirs.form_with("code").value("token").unwrap().to_owned();
        assert_ne!(token, foreign, "each session and browser has its own");
        let url = format!("{}/account/not-me", house.broker.base);
        let elsewhere = eve.post_from_elsewhere(&url, &[("token", &token)]).await;
        assert_eq!(elsewhere.status, 403, "{}", elsewhere.describe());
        let dispute = at(&house, &mut eve, "/account/not-me").await;
        for wrong in [foreign.as_str(), "", "x"] {
            let form = dispute.form_with("token");
            let fields = vec![("token".to_owned(), wrong.to_owned())];
            let page = eve.submit(&dispute, Form { fields, ..form }).await;
            assert_eq!(page.status, 403, "{wrong}: {}", page.describe());
        }
        let start = format!("{}/account/security/passkey/start", house.broker.base);
        let evil = "https://evil.example/".parse().unwrap();
        let start = start.parse().unwrap();
        assert_eq!(eve.fetch(&evil, &start, &json!({})).await.status, 403);
        assert_eq!(at(&house, &mut eve, "/account").await.url.path(), "/account", "nothing ended");
    });
}

#[test]
fn wan_14_a_factor_is_changed_only_by_whoever_has_just_proven_one() {
    run(async {
        let house = House::open(Plan::new("account-step-up")).await;
        let app = add_app(&house, &mut visitor()).await;
        // The session has signed in a moment ago, with one factor.
        let mut eve = visitor();
        let start = format!("{}/account/security/passkey/start", house.broker.base);
        let page = at(&house, &mut eve, "/account/security").await;
        let answer = eve.fetch(&page.url, &start.parse().unwrap(), &json!({})).await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.json["problem"], "step_up_required");
        let first = ask(&mut eve, &page, "Make a new set").await;
        assert!(first.text().contains("Confirm that it is you"), "{}", first.text());
        assert!(first.text().contains("Make new recovery codes"), "what was asked for is kept");
        let prove = eve.choose(&first, "Continue").await;
        let form = prove.form_with("code").fill("code", &app.code()).enter();
        let back = eve.submit(&prove, form).await;
        assert_eq!(back.url.path(), "/account/change", "{}", back.describe());
        let codes = ask(&mut eve, &back, "Make a new set").await;
        assert_eq!(codes.texts("ul.codes code").len(), 10, "{}", codes.describe());
        // It was done once; the same question is not there a second time.
        let again = at(&house, &mut eve, "/account/change").await;
        assert_eq!(again.url.path(), "/account");
    });
}

#[test]
fn where_a_pass_opens_enrolment_the_way_to_a_first_factor_asks_for_it() {
    run(async {
        let plan = Plan::new("account-pass");
        let desk = json!({"factors": {"enrol_with": "access_pass"}});
        let house =
            House::open_more(plan, &["bridges"], |file| file.changed("agencies", "loc", desk))
                .await;
        let mut eve = visitor();
        let first = at(&house, &mut eve, "/account/security/app").await;
        assert!(first.text().contains("Confirm that it is you"), "{}", first.describe());
        let issue = ["access-pass", "issue", "--source", "partners", "--username", EVE.username];
        let issue = [&issue[..], &["--reason", "new_device", "--json"]].concat();
        let issued = house.broker.idp(&issue).await;
        let pass: Value =
            serde_json::from_str(&issued.out).unwrap_or_else(|_| panic!("{issued:?}"));
        let asked = eve.choose(&first, "Continue").await;
        let form = asked.form_with("pass").fill("pass", pass["pass"].as_str().unwrap()).enter();
        let enrol = eve.submit(&asked, form).await;
        let page = eve.choose(&enrol, "Authenticator app").await;
        let app = App::told(&page.texts("code.secret")[0]);
        let form = page.form_with("code").fill("code", &app.code()).enter();
        let codes = eve.submit(&page, form).await;
        let page = ask(&mut eve, &codes, "I have kept").await;
        assert_eq!(page.url.path(), "/account/security", "{}", page.describe());
        assert!(page.text().contains("Replace the authenticator app"), "{}", page.text());
    });
}

#[test]
fn what_somebody_asked_for_is_not_done_by_whoever_signs_in_after_them() {
    run(async {
        let house = House::open(Plan::new("account-another")).await;
        let mut browser = visitor();
        add_app(&house, &mut visitor()).await;
        let page = at(&house, &mut browser, "/account/security").await;
        let first = ask(&mut browser, &page, "Remove").await;
        assert!(first.text().contains("Confirm that it is you"), "{}", first.text());
        let page = browser.open(format!("{}/logout", house.broker.base)).await;
        ask(&mut browser, &page, "Sign out").await;
        // Somebody else at the same machine comes to where it waits.
        let page = browser.open(format!("{}/account/change", house.broker.base)).await;
        let page = browser.choose(&page, LOCAL).await;
        let page = browser.sign_in(&page, LEO.username, LEO.password).await;
        assert_eq!(page.url.path(), "/account", "nothing waits for leo: {}", page.describe());
        assert!(page.text().contains(LEO.name), "{}", page.text());
        let page = at(&house, &mut visitor(), "/account/security").await;
        assert!(page.text().contains("Replace the authenticator app"), "{}", page.describe());
    });
}

#[test]
fn a_person_ends_their_own_sessions_and_nobody_elses() {
    run(async {
        let house = House::open(Plan::new("account-sessions")).await;
        let party = house.party("rp1").await;
        let (mut here, mut there, mut leo) = (visitor(), visitor(), visitor());
        let begun = party.begin(&[]);
        let page = leo.open(&begun.url).await;
        go_on(&mut leo, page, LEO).await;
        let theirs = house.broker.database.texts("select id from sessions").await;
        let theirs = theirs[0][0].clone().unwrap();
        house.sign_in(&mut there, &party).await;
        let page = at(&house, &mut here, "/account/sessions").await;
        let others = page.forms().into_iter().filter(|form| form.value("of").is_some());
        assert_eq!(others.count(), 1, "leo's is not listed: {}", page.describe());
        assert!(page.text().contains("127.0.0.0/24"), "a network: {}", page.text());
        assert!(!page.text().contains("127.0.0.1"), "and no address: {}", page.text());

        // Leo's session by its id: it is none of eve's, and stays.
        let form = page.form_by_button("Sign out there").unwrap().press("Sign out there");
        let (form, own) = with(form, "of", &theirs);
        let nothing = here.submit(&page, form).await;
        assert!(nothing.text().contains("Nothing was changed"), "{}", nothing.text());
        let page = leo.open(format!("{}/account", house.broker.base)).await;
        assert_eq!(page.url.path(), "/account", "leo is signed in");

        let page = at(&house, &mut here, "/account/sessions").await;
        let form = page.form_by_button("Sign out there").unwrap().press("Sign out there");
        assert_eq!(form.value("of"), own.as_deref());
        let page = here.submit(&page, form).await;
        assert!(page.text().contains("That browser was signed out."), "{}", page.text());
        let page = there.open(format!("{}/account", house.broker.base)).await;
        assert!(page.url.path().starts_with("/login/"), "{}", page.url);
        assert_eq!(at(&house, &mut here, "/account").await.url.path(), "/account");
    });
}

/// The form with another value in one field, and the one that stood there.
fn with(form: Form, name: &str, value: &str) -> (Form, Option<String>) {
    let before = form.value(name).map(str::to_owned);
    (form.fill(name, value), before)
}

#[test]
fn a_receipt_says_what_was_told_and_repeats_none_of_it() {
    run(async {
        let house = House::open(Plan::new("account-receipt")).await;
        let party = house.party("rp1").await;
        let mut eve = visitor();
        let extra = [("scope", "openid profile email agency")];
        house.sign_in_with(&mut eve, &party, &extra).await;
        let page = at(&house, &mut eve, "/account/releases").await;
        assert!(page.text().contains("Your email address"), "{}", page.text());
        assert!(!page.text().contains(EVE.mail), "{}", page.text());
        let file = at(&house, &mut eve, "/account/releases.json").await;
        assert_eq!(file.header("content-type"), Some("application/json"));
        assert_eq!(file.header("cache-control"), Some("no-store"));
        assert!(file.header("content-disposition").unwrap().starts_with("attachment"));
        assert!(!file.body.contains(EVE.mail) && !file.body.contains(EVE.name), "{}", file.body);
        let receipt: Value = serde_json::from_str(&file.body).unwrap();
        assert_eq!(receipt["version"], "urn:laissez-passer:release-receipt:1");
        assert_eq!((&receipt["keptDays"], &receipt["complete"]), (&30.into(), &true.into()));
        let told = &receipt["receipts"][0];
        assert_eq!(told["services"][0]["id"], "rp1");
        let names = told["services"][0]["purposes"][0]["piiCategory"].as_array().unwrap();
        assert!(names.contains(&"mail".into()) && names.contains(&"sub".into()), "{names:?}");
        assert_eq!(
            receipt["receipts"].as_array().unwrap().len(),
            1,
            "our own pages are told nothing"
        );
        let again = at(&house, &mut eve, "/account/releases.json").await;
        let again: Value = serde_json::from_str(&again.body).unwrap();
        assert_eq!(again["receipts"], receipt["receipts"], "the same release has the same receipt");
    });
}

#[test]
fn this_was_not_me_ends_everything_and_says_under_which_number() {
    run(async {
        let house = House::open(Plan::new("account-dispute")).await;
        let (mut here, mut there) = (visitor(), visitor());
        add_app(&house, &mut there).await;
        let page = at(&house, &mut here, "/account/not-me").await;
        assert!(page.text().contains("confirm first that it is you"), "{}", page.text());
        let page = ask(&mut here, &page, "Sign out everywhere").await;
        assert!(page.text().contains("Your report has arrived"), "{}", page.text());
        let cleared = page.headers.iter().filter(|(name, _)| name == "set-cookie");
        assert!(cleared.filter(|(_, line)| line.contains("Max-Age=0")).count() >= 2);
        let reference = page.texts("dl.facts code").remove(0);
        let sql = "select body from audit where kind = 'account.disputed'";
        let trail = house.broker.database.texts(sql).await;
        let event: Value = serde_json::from_str(trail[0][0].as_deref().unwrap()).unwrap();
        assert_eq!(event["reference"], reference.as_str());
        assert_eq!((&event["alert"], &event["reason"]), (&true.into(), &"ended".into()));
        for visitor in [&mut here, &mut there] {
            let page = visitor.open(format!("{}/account", house.broker.base)).await;
            assert!(page.url.path().starts_with("/login/"), "{}", page.url);
        }
    });
}
