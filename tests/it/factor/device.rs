//! What a browser keeps for a person: a device that stands for a code that was typed on it, and
//! nothing at all where others use the browser too.

use std::time::{Duration, Instant};

use idp_tests::harness::cookies::{Cookie, SameSite};
use idp_tests::harness::http::Visitor;
use idp_tests::harness::page::Page;
use idp_tests::harness::rp::Party;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::harness::totp::App;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::login::Login;
use super::scene::{LOCALS, MFA, OWN, Scene, at, somebody};
use crate::house::go_on;

/// An agency whose people may have a device remembered, and another one for those who may not.
const AGENCY: &str = "plain";
const NEVER: &str = "claims";

async fn scene() -> Option<&'static Scene> {
    static SCENE: OnceCell<Option<Scene>> = OnceCell::const_new();
    let open = async || {
        let rules = json!({"factors": {"remember_device_days": 30}});
        Scene::open(Plan::new("factor-device"), |federation| {
            federation.changed("agencies", AGENCY, rules.clone()).changed("agencies", "own", rules)
        })
        .await
    };
    SCENE.get_or_init(open).await.as_ref()
}

/// A cookie of this browser by its purpose.
fn cookie(visitor: &Visitor, purpose: &str) -> Option<Cookie> {
    visitor.jar.of_host("localhost").find(|cookie| cookie.name.ends_with(purpose)).cloned()
}

fn device(visitor: &Visitor) -> Cookie {
    cookie(visitor, "-device").expect("a remembered device")
}

/// Another browser, in which there is nothing but this cookie.
fn holding(scene: &Scene, cookie: &Cookie) -> Visitor {
    holding_in(scene, cookie, somebody())
}

fn holding_in(scene: &Scene, cookie: &Cookie, mut visitor: Visitor) -> Visitor {
    let here = scene.house.broker.base.parse().expect("an address");
    let line = format!("{}={}; Path=/; Secure; HttpOnly", cookie.name, cookie.value);
    visitor.jar.keep(&here, &line);
    visitor
}

/// Somebody of an agency with an app, of whose codes that of the next half minute is left.
async fn with_app(scene: &Scene, agency: &str, person: &str) -> App {
    let mut login = scene.login("rp-mfa", agency, person).await;
    let app = login.new_app().await;
    login.keep_codes().await;
    login.tokens().await;
    app
}

/// Types a code, and ticks that the device is to be remembered.
async fn remember(login: &mut Login<'_>, code: &str) {
    let form = login.page().form_with("code").fill("code", code).fill("remember", "yes").enter();
    login.send(form).await;
}

/// Somebody whose browser was remembered, and that browser.
async fn remembered<'a>(scene: &'a Scene, person: &str) -> (App, Login<'a>) {
    let app = with_app(scene, AGENCY, person).await;
    let mut login = scene.login("rp-mfa", AGENCY, person).await;
    remember(&mut login, &app.code()).await;
    login.tokens().await;
    (app, login)
}

/// The lines of the trail of this kind about a person.
async fn told(scene: &Scene, kind: &str, person: &str) -> Vec<Value> {
    let account = scene.account(person).await;
    let trail = scene.house.broker.database.trail().await;
    trail.into_values().filter(|row| row["kind"] == kind && row["account"] == account).collect()
}

#[test]
fn a_remembered_device_is_not_asked_for_a_code_again_and_its_cookie_changes_with_each_use() {
    run(async {
        let Some(scene) = scene().await else { return };
        let (_, login) = remembered(scene, "ana").await;
        let first = device(&login.visitor);
        assert!(first.name.starts_with("__Host-") && first.secure && first.http_only);
        assert_eq!((first.path.as_str(), first.same_site), ("/", SameSite::Lax));
        let life = first.expires.expect("an end") - Instant::now();
        let days = |days: u64| Duration::from_secs(days * 24 * 3_600);
        assert!(days(29) < life && life <= days(30), "{life:?}");
        assert_eq!(told(scene, "device.remembered", "ana").await.len(), 1);
        // In a browser without a session, nobody is signed in by it: the agency is still asked.
        let silent = [("prompt", "none")];
        let alone = holding(scene, &first);
        let asked = scene.login_in(alone, "rp-mfa", AGENCY, "ana", &silent).await;
        assert_eq!(asked.step(), "told login_required");
        let second = scene.login_in(holding(scene, &first), "rp-mfa", AGENCY, "ana", &[]).await;
        assert_eq!(second.step(), "told", "{}", second.page().describe());
        assert_eq!(second.tokens().await.claims["acr"], MFA);
        let rotated = device(&second.visitor);
        assert_ne!(rotated.value, first.value);
        let third = scene.login_in(holding(scene, &rotated), "rp-mfa", AGENCY, "ana", &[]).await;
        assert_eq!(third.step(), "told", "{}", third.page().describe());
        let rotated = device(&third.visitor);
        // A code is what it stands for, and nothing better.
        let phr = scene.login_in(holding(scene, &rotated), "rp-phr", AGENCY, "ana", &[]).await;
        assert!(phr.step().starts_with("prove"), "{}", phr.step());
        let aal3 = json!({"essential": true, "value": "urn:laissez-passer:assurance:aal3"});
        let aal3 = json!({"id_token": {"acr": aal3}}).to_string();
        let wanted = [("claims", aal3.as_str())];
        let best = scene.login_in(holding(scene, &rotated), "rp1", AGENCY, "ana", &wanted).await;
        assert_ne!(best.step(), "told", "{}", best.page().describe());
        // Where it is not hers, it stands for nobody.
        with_app(scene, AGENCY, "bob").await;
        let other = scene.login_in(holding(scene, &rotated), "rp-mfa", AGENCY, "bob", &[]).await;
        assert!(other.step().starts_with("prove"), "{}", other.step());
    });
}

#[test]
fn ses_13_a_device_s_cookie_that_was_exchanged_before_ends_the_device_for_its_thief_and_its_owner()
{
    run(async {
        let Some(scene) = scene().await else { return };
        let (_, login) = remembered(scene, "cleo").await;
        let stolen = device(&login.visitor);
        let home = "203.0.113.7";
        let in_window = async |cookie: &Cookie, address: &str| {
            let window = holding_in(scene, cookie, at(address));
            scene.login_in(window, "rp-mfa", AGENCY, "cleo", &[]).await
        };
        let own = in_window(&stolen, home).await;
        assert_eq!(own.step(), "told");
        // Another window of the same browser, opened at the same instant: there is one successor.
        let beside = in_window(&stolen, home).await;
        assert_eq!(beside.step(), "told");
        assert_eq!(device(&beside.visitor).value, stolen.value, "nothing was exchanged again");
        let thief = in_window(&stolen, "198.51.100.9").await;
        assert!(thief.step().starts_with("prove"), "{}", thief.step());
        let rows = told(scene, "device.forgotten", "cleo").await;
        let copied = |row: &&Value| row["reason"] == "copied" && row["alert"] == true;
        assert_eq!(rows.iter().filter(copied).count(), 1, "{rows:#?}");
        let kept = device(&own.visitor);
        let own = in_window(&kept, home).await;
        assert!(own.step().starts_with("prove"), "{}", own.step());
    });
}

#[test]
fn a_device_that_its_owner_forgets_is_asked_for_a_code_again() {
    run(async {
        let Some(scene) = scene().await else { return };
        let (_, mut login) = remembered(scene, "dora").await;
        let before = device(&login.visitor);
        let security = format!("{}/account/security", scene.house.broker.base);
        let page = login.visitor.open(&security).await;
        let form = page.form_by_button("Forget").expect("a device").press("Forget");
        assert!(form.fields.iter().any(|(_, value)| value == "forget-device"), "{form:?}");
        let page = login.visitor.submit(&page, form).await;
        let page = confirmed(&mut login.visitor, page).await;
        assert!(page.text().contains("The device was forgotten."), "{}", page.describe());
        assert!(page.form_by_button("Forget").is_none(), "{}", page.describe());
        let again = scene.login_in(holding(scene, &before), "rp-mfa", AGENCY, "dora", &[]).await;
        assert!(again.step().starts_with("prove"), "{}", again.step());
        assert_eq!(told(scene, "device.forgotten", "dora").await.len(), 1);
    });
}

/// Presses the button of the page that asks whether it is to be done.
async fn confirmed(visitor: &mut Visitor, page: Page) -> Page {
    if page.url.path() != "/account/change" {
        return page;
    }
    let form = page.form_by_button("Forget").expect("a button").press("Forget");
    visitor.submit(&page, form).await
}

#[test]
fn where_the_agency_remembers_no_device_it_is_not_offered_and_not_done() {
    run(async {
        let Some(scene) = scene().await else { return };
        let app = with_app(scene, NEVER, "emil").await;
        let mut login = scene.login("rp-mfa", NEVER, "emil").await;
        assert!(!login.page().body.contains("name=\"remember\""), "{}", login.page().describe());
        let (code, fields) = (app.code(), ("remember", "yes"));
        let page = login.post("/factor/code", &[("code", &code), fields]).await;
        login.show(page);
        login.tokens().await;
        assert!(cookie(&login.visitor, "-device").is_none());
    });
}

#[test]
fn where_others_use_the_browser_nothing_is_kept_longer_than_its_windows() {
    run(async {
        let Some(scene) = scene().await else { return };
        let app = with_app(scene, AGENCY, "finn").await;
        let wanted = [("idp_hint", Party::WITHOUT)];
        let mut login = scene.login_in(somebody(), "rp-mfa", AGENCY, "finn", &wanted).await;
        let page = login.page().clone();
        let page = login.visitor.choose(&page, "Sign me out when the browser is closed").await;
        let page = login.visitor.choose(&page, &format!("Agency {AGENCY}")).await;
        login.show(page);
        assert!(login.step().starts_with("prove"), "{}", login.page().describe());
        assert!(!login.page().body.contains("name=\"remember\""), "{}", login.page().describe());
        // Nor is it done for whoever asks all the same.
        let code = app.code();
        let page = login.post("/factor/code", &[("code", &code), ("remember", "yes")]).await;
        login.show(page);
        login.tokens().await;
        assert!(told(scene, "device.remembered", "finn").await.is_empty());
        only_for_its_windows(&login.visitor);
    });
}

/// The session ends with the browser's windows, and the next person finds nothing of this one.
fn only_for_its_windows(visitor: &Visitor) {
    let session = cookie(visitor, "-session").expect("a session");
    assert_eq!(session.expires, None, "the session outlives the windows");
    for purpose in ["-device", "-agencies"] {
        let kept = cookie(visitor, purpose);
        assert!(kept.as_ref().is_none_or(|kept| kept.expires.is_none()), "{kept:?}");
    }
}

#[test]
fn a_password_typed_on_a_shared_computer_makes_a_session_that_goes_with_its_windows() {
    run(async {
        let Some(scene) = scene().await else { return };
        let party = scene.party("rp1").await;
        // The control: on a browser of one's own the session has an end of its own.
        let mut own = somebody();
        let page = own.open(party.begin(&[("idp_hint", "people")]).url).await;
        let page = own.sign_in(&page, LOCALS[2].username, LOCALS[2].password).await;
        assert!(page.arrived(), "{}", page.describe());
        assert!(cookie(&own, "-session").expect("a session").expires.is_some());
        let mut shared = somebody();
        let begun = party.begin(&[]);
        let page = shared.open(&begun.url).await;
        let page = shared.choose(&page, OWN).await;
        let form = page.form_with("password").fill("username", LOCALS[2].username);
        let form = form.fill("password", LOCALS[2].password).fill("shared", "yes").enter();
        let page = shared.submit(&page, form).await;
        let page = go_on(&mut shared, page, LOCALS[2]).await;
        party.finish(&begun, &page).await;
        only_for_its_windows(&shared);
        let sessions = format!("{}/account/sessions", scene.house.broker.base);
        let page = shared.open(&sessions).await;
        assert!(page.text().contains("Shared device"), "{}", page.describe());
        let page = own.open(&sessions).await;
        assert_eq!(page.texts(".tag").iter().filter(|tag| *tag == "Shared device").count(), 1);
    });
}
