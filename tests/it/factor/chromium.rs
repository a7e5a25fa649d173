//! Real Chromium: an authenticator app in the flow, a passkey beside it, and a page of another
//! origin that asks for the answer meant for us.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use idp_tests::harness::authenticator::{Model, VirtualAuthenticator};
use idp_tests::harness::browser::{self, Browser, Screen};
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::harness::totp::App;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::OnceCell;

use super::scene::{MFA, Scene};
use crate::house::SECRET;

/// A broker, and a relying party that shows where people come back to. It is another origin too.
struct Stage {
    scene: Scene,
    port: u16,
}

async fn stage() -> Option<&'static Stage> {
    static STAGE: OnceCell<Option<Stage>> = OnceCell::const_new();
    STAGE.get_or_init(open).await.as_ref()
}

async fn open() -> Option<Stage> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let page = async || Html("<!doctype html><title>Elsewhere</title><h1 id=here>Elsewhere</h1>");
    let router = Router::new().route("/", get(page)).route("/cb", get(page));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let back = format!("http://127.0.0.1:{port}/cb");
    let scene = Scene::open(Plan::new("factor-chromium"), |federation| {
        federation.party("web", SECRET, &back, json!({"required_acr": MFA})).changed(
            "agencies",
            "plain",
            json!({"factors": {"remember_device_days": 30}}),
        )
    });
    Some(Stage { scene: scene.await?, port })
}

impl Stage {
    /// Where somebody of an agency begins a login that wants two factors.
    async fn start(&self, agency: &str, person: &str, extra: &[(&str, &str)]) -> String {
        let mut party = self.scene.party("web").await;
        party.redirect_uri = format!("http://127.0.0.1:{}/cb", self.port);
        let mut all = vec![("idp_hint", agency), ("login_hint", person)];
        all.extend(extra);
        party.begin(&all).url.into()
    }

    /// Where they come back to, with a code.
    fn end(&self) -> String {
        format!("http://127.0.0.1:{}/cb?code=", self.port)
    }
}

async fn look(browser: &Browser, moment: &str) {
    browser.is_accessible().await;
    browser.screenshot(moment).await;
}

/// Sets up an app, as the page says.
async fn set_up_app(browser: &Browser) -> App {
    browser.find("ul.choices").await;
    look(browser, "choice").await;
    browser.click("form[action$='/enrol/app/start'] button").await;
    browser.find("#code").await;
    // The key to be typed stands behind a fold.
    browser.script("document.querySelector('main details').open = true").await;
    look(browser, "app").await;
    let app = App::told(&browser.read("code.secret").await);
    browser.fill("#code", "000000").await;
    browser.click("form:has(#code) button").await;
    browser.find("#proof-error").await;
    look(browser, "app-wrong").await;
    browser.fill("#code", &app.code()).await;
    browser.click("form:has(#code) button").await;
    browser.find("ul.codes").await;
    look(browser, "codes").await;
    browser.click("form[action$='/enrol/codes'] button").await;
    app
}

/// An app from the first login to a code that is asked for, and what a help desk would be asked.
async fn with_an_app(name: &'static str, screen: Screen, language: &'static str) {
    let Some(stage) = stage().await else { return };
    let person = format!("{name}-person");
    let first = stage.start("plain", &person, &[]).await;
    let anew = stage.start("plain", &person, &[("prompt", "login")]).await;
    let desk = stage.start("desk", &person, &[("prompt", "login")]).await;
    let end = stage.end();
    browser::visit(name, screen, language, async move |browser| {
        browser.open(&first).await;
        let app = set_up_app(&browser).await;
        browser.at(&end).await;
        // Asked again.
        browser.open(&anew).await;
        browser.find("#code").await;
        look(&browser, "code").await;
        browser.script("document.querySelector('main details').open = true").await;
        look(&browser, "code-others").await;
        browser.fill("#code", "000000").await;
        browser.click("form:has(#code) button").await;
        browser.find("#proof-error").await;
        look(&browser, "code-wrong").await;
        browser.fill("#code", &app.next_code()).await;
        browser.click("form:has(#code) button").await;
        browser.at(&end).await;
        // Where the help desk has to open enrolment.
        browser.open(&desk).await;
        browser.find("#pass").await;
        look(&browser, "pass").await;
        browser.fill("#pass", "AAAA-BBBB-CCCC-DDDD").await;
        browser.click("form:has(#pass) button").await;
        browser.find("#proof-error").await;
        look(&browser, "pass-wrong").await;
    })
    .await;
}

#[test]
fn an_app_is_set_up_and_asked_for_in_arabic_on_a_phone() {
    if browser::available() {
        run(with_an_app("factor-app-ar", Screen::Phone, "ar"));
    }
}

#[test]
fn an_app_is_set_up_and_asked_for_in_english_on_a_laptop() {
    if browser::available() {
        run(with_an_app("factor-app-en", Screen::Desktop, "en"));
    }
}

#[test]
fn a_device_that_is_to_be_remembered_is_not_asked_for_a_code_again() {
    if !browser::available() {
        return;
    }
    run(async {
        let Some(stage) = stage().await else { return };
        let first = stage.start("plain", "remembered", &[]).await;
        let anew = stage.start("plain", "remembered", &[("prompt", "login")]).await;
        let mut later = vec![];
        for _ in 0..2 {
            later.push(stage.start("plain", "remembered", &[]).await);
        }
        let base = stage.scene.house.broker.base.clone();
        let end = stage.end();
        browser::visit("factor-remember", Screen::Phone, "es", async move |browser| {
            browser.open(&first).await;
            let app = set_up_app(&browser).await;
            browser.at(&end).await;
            browser.open(&anew).await;
            browser.click("#remember").await;
            look(&browser, "ticked").await;
            browser.fill("#code", &app.next_code()).await;
            browser.click("form:has(#code) button").await;
            browser.at(&end).await;
            // Signed out, and in again: the cookie is exchanged, and the browser has the new one.
            for login in &later {
                browser.open(&format!("{base}/logout")).await;
                browser.click("form[action='/logout'] button").await;
                browser.at(&format!("{base}/logout/")).await;
                browser.open(login).await;
                browser.at(&end).await;
            }
        })
        .await;
        let account = stage.scene.account("remembered").await;
        let trail = stage.scene.house.broker.database.trail().await;
        let by_device = |row: &&Value| {
            row["kind"] == "factor.proven"
                && row["account"] == account
                && row["detail"]["factor"] == "device"
        };
        assert_eq!(trail.values().filter(by_device).count(), 2);
    });
}

/// Makes a passkey within a login.
async fn set_up_passkey(browser: &Browser) {
    browser.click("ul.choices a.row").await;
    browser.click("form[data-passkey=create] button").await;
}

#[test]
fn the_field_for_a_code_offers_the_passkey_that_is_there_besides() {
    if !browser::available() {
        return;
    }
    run(async {
        let Some(stage) = stage().await else { return };
        let first = stage.start("plain", "both", &[]).await;
        let anew = stage.start("plain", "both", &[("prompt", "login")]).await;
        let (end, base) = (stage.end(), stage.scene.house.broker.base.clone());
        browser::visit("factor-both", Screen::Desktop, "fr", async move |browser| {
            browser.open(&first).await;
            set_up_app(&browser).await;
            browser.at(&end).await;
            // Just proven: another factor may be added.
            let key = VirtualAuthenticator::plug(&browser, Model::default()).await;
            browser.open(&format!("{base}/account/security/passkey")).await;
            browser.click("form[data-passkey=create] button").await;
            browser.find("#passkeys").await;
            look(&browser, "security").await;
            let held = key.credentials().await;
            assert_eq!(held.len(), 1, "{held:?}");
            // Nobody is there: the page waits.
            key.unplug().await;
            browser.open(&anew).await;
            browser.find("form[data-passkey=get][data-autofill]").await;
            look(&browser, "both").await;
            // Plugged in, it is asked through the field, and nothing is pressed.
            let key = VirtualAuthenticator::plug(&browser, Model::default()).await;
            key.put(&held[0]).await;
            browser.open(&anew).await;
            browser.at(&end).await;
        })
        .await;
    });
}

/// A script of a page that asks the browser for the answer to a ceremony of ours.
fn asking(options: &Value) -> String {
    format!(
        "return (async () => {{
            try {{
                const options = PublicKeyCredential.parseRequestOptionsFromJSON({options});
                const made = await navigator.credentials.get({{ publicKey: options }});
                return made.toJSON();
            }} catch (error) {{
                return {{ error: error.name }};
            }}
        }})()"
    )
}

#[test]
fn wan_01_a_page_of_another_origin_gets_no_answer_that_counts() {
    if !browser::available() {
        return;
    }
    run(async {
        let Some(stage) = stage().await else { return };
        let (first, end) = (stage.start("plain", "lured", &[]).await, stage.end());
        browser::visit("factor-origin", Screen::Desktop, "en", async move |browser| {
            VirtualAuthenticator::plug(&browser, Model::default()).await;
            browser.open(&first).await;
            set_up_passkey(&browser).await;
            browser.click("form[action$='/enrol/codes'] button").await;
            browser.at(&end).await;
            // Somebody else has the first factor, and waits with our question.
            let mut thief = stage.scene.login("rp-mfa", "plain", "lured").await;
            let ceremony = thief.ceremony().await;
            // At an address that is no name, the browser itself declines.
            browser.open(&format!("http://127.0.0.1:{}/", stage.port)).await;
            let said = browser.script(&asking(ceremony.asked())).await;
            assert_eq!(said["error"], "SecurityError", "{said}");
            // At a neighbour's, it answers; and says whose page it was.
            browser.open(&format!("http://localhost:{}/", stage.port)).await;
            let answer = browser.script(&asking(ceremony.asked())).await;
            assert!(answer["response"]["signature"].is_string(), "{answer}");
            let before = thief.step();
            let page = ceremony.finish(&mut thief.visitor, &answer).await;
            thief.show(page);
            assert_eq!(thief.step(), before, "{}", thief.page().describe());
            let trail = stage.scene.house.broker.database.trail().await;
            let wrong = trail.values().filter(|row| row["reason"] == WRONG_ORIGIN).count();
            assert_eq!(wrong, 1, "{trail:#?}");
        })
        .await;
    });
}

const WRONG_ORIGIN: &str = "factors.webauthn.wrong_origin";

#[test]
fn an_authenticator_that_nobody_trusts_is_refused_in_words() {
    if !browser::available() {
        return;
    }
    run(async {
        let Some(stage) = stage().await else { return };
        let first = stage.start("trusting", "stranger", &[]).await;
        browser::visit("factor-untrusted", Screen::Phone, "es", async move |browser| {
            VirtualAuthenticator::plug(&browser, Model::default()).await;
            browser.open(&first).await;
            set_up_passkey(&browser).await;
            browser.find("#proof-error").await;
            look(&browser, "refused").await;
        })
        .await;
    });
}
