//! Passkeys in real Chromium, from the first one to the last: what the person sees, and what the
//! relying party is told in the end.

use std::future::Future;
use std::time::Duration;

use idp_tests::harness::authenticator::{Model, VirtualAuthenticator};
use idp_tests::harness::browser::{self, Browser, Screen};
use idp_tests::harness::ports::free_port;
use idp_tests::harness::process::until;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use idp_tests::peers::relying_party::{Registration, WebParty};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use url::Url;

use crate::attacks::bench::essential_mfa;
use crate::house::{EVE, House, SECRET};

const MFA: &str = "https://refeds.org/profile/mfa";
/// The button of the password page that asks for a passkey.
const BUTTON: &str = "form[data-passkey=get] button";

/// A security key.
const USB: Model = Model { transport: "usb", resident: true, verifies: true, backup: false };

/// The usual house, and a relying party that answers browsers.
struct Scene {
    house: House,
    party: WebParty,
}

/// None without a browser or the relying party's tools; `rules` are those of eve's agency.
async fn scene(name: &str, rules: Value) -> Option<Scene> {
    if !browser::available() {
        return None;
    }
    let (plan, port) = (Plan::new(name), free_port());
    let issuer = plan.base.clone();
    let (redirect_uri, home) = (WebParty::redirect_uri_at(port), WebParty::goodbye_at(port));
    let house = House::open_more(plan, &["bridges"], |federation| {
        federation.changed("agencies", "loc", rules).party(
            "web",
            SECRET,
            &redirect_uri,
            json!({"home": home}),
        )
    })
    .await;
    let as_ = Registration { id: "web", secret: SECRET, title: "Web" };
    Some(Scene { house, party: WebParty::start(port, &issuer, as_).await? })
}

impl Scene {
    /// Where a login begins that wants two factors of somebody of eve's agency.
    fn login(&self) -> String {
        let mut url: Url = format!("{}/login", self.party.base).parse().unwrap();
        url.query_pairs_mut()
            .append_pair("claims", &essential_mfa())
            .append_pair("idp_hint", "loc");
        url.into()
    }
}

/// What a visit in a fresh browser brings back.
async fn visit<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    name: &str,
    screen: Screen,
    language: &str,
    visit: impl FnOnce(Browser) -> F + Send + 'static,
) -> T {
    let (give, take) = oneshot::channel();
    browser::visit(name, screen, language, |browser| async move {
        let _ = give.send(visit(browser).await);
    })
    .await;
    take.await.expect("a visit that came to its end")
}

/// Looks at a page, and leaves a picture.
async fn look(browser: &Browser, moment: &str) {
    browser.is_accessible().await;
    browser.screenshot(moment).await;
}

/// Signs eve in with her password.
async fn password(browser: &Browser) {
    browser.fill("#username", EVE.username).await;
    browser.fill("#password", EVE.password).await;
    browser.click("form:has(#password) button.main").await;
}

/// The relying party is told that two factors were proven.
async fn arrived(browser: &Browser) {
    assert_eq!(browser.read("#claim-acr").await, MFA, "{}", browser.describe().await);
}

/// Eve's first login: with a password, and a passkey that she sets up; her passkey.
async fn first_login(browser: Browser, login: String) -> Value {
    let authenticator = VirtualAuthenticator::plug(&browser, Model::default()).await;
    browser.open(&login).await;
    browser.find("#password").await;
    look(&browser, "password").await;
    password(&browser).await;
    browser.find("ul.choices").await;
    look(&browser, "choice").await;
    browser.click("ul.choices a.row").await;
    browser.fill("#name", "Key ring").await;
    look(&browser, "create").await;
    browser.click("form[data-passkey=create] button").await;
    browser.find("ul.codes").await;
    look(&browser, "codes").await;
    // They are shown again until they are kept, and then never more.
    let codes = browser.address().await;
    browser.click("main form button.main").await;
    arrived(&browser).await;
    browser.open(&codes).await;
    assert!(!browser.has("ul.codes").await, "{}", browser.describe().await);
    let mut held = authenticator.credentials().await;
    assert_eq!(held.len(), 1, "{held:?}");
    held.remove(0)
}

/// Makes the password page wait for its button alone, with the field left alone.
async fn without_autofill(browser: &Browser) {
    browser.find(BUTTON).await;
    browser.script("delete document.querySelector('[data-autofill]').dataset.autofill").await;
}

/// How often a relying party was answered.
async fn issued(scene: &Scene) -> usize {
    let sql = "select kind from audit where kind = 'login.issued'";
    scene.house.broker.database.texts(sql).await.len()
}

#[test]
fn a_passkey_set_up_within_a_login_signs_in_from_another_machine_and_its_copy_does_not() {
    run(async {
        let Some(scene) = scene("passkeys-first", json!({})).await else { return };
        let login = scene.login();
        let key = visit("passkeys", Screen::Desktop, "en", async move |browser| {
            first_login(browser, login).await
        })
        .await;
        let login = scene.login();
        let used = visit("passkeys-second", Screen::Desktop, "en", async move |browser| {
            let authenticator = VirtualAuthenticator::plug(&browser, Model::default()).await;
            authenticator.put(&key).await;
            // The field of the user name offers it, and nothing needs to be pressed.
            browser.open(&login).await;
            arrived(&browser).await;
            (key, authenticator.credentials().await.remove(0))
        })
        .await;
        let (old, key) = used;
        assert!(old["signCount"].as_u64() < key["signCount"].as_u64(), "{old} {key}");
        assert_eq!(issued(&scene).await, 2);
        let login = scene.login();
        visit("passkeys-copy", Screen::Desktop, "en", async move |browser| {
            browser.open(&login).await;
            password(&browser).await;
            browser.find("form[data-passkey=get]:not([data-autofill])").await;
            look(&browser, "factor").await;
            let authenticator = VirtualAuthenticator::plug(&browser, Model::default()).await;
            authenticator.put(&old).await;
            browser.click(BUTTON).await;
            let said = browser.read("#proof-error").await;
            assert!(said.contains("The passkey was not accepted."), "{said}");
            look(&browser, "refused").await;
        })
        .await;
        assert_eq!(issued(&scene).await, 2, "the copy brought nothing");
    });
}

#[test]
fn whoever_is_not_the_owner_of_a_passkey_reads_so_and_the_owner_signs_in_by_the_button() {
    run(async {
        let Some(scene) = scene("passkeys-owner", json!({})).await else { return };
        let login = scene.login();
        let held = visit("passkeys-owner", Screen::Phone, "ar", async move |browser| {
            first_login(browser, login).await
        })
        .await;
        let (login, key) = (scene.login(), held.clone());
        visit("passkeys-stranger", Screen::Desktop, "en", async move |browser| {
            let authenticator = VirtualAuthenticator::plug(&browser, Model::default()).await;
            authenticator.verifies_person(false).await;
            authenticator.put(&key).await;
            browser.open(&login).await;
            without_autofill(&browser).await;
            browser.click(BUTTON).await;
            let said = browser.read("[data-complaint]:not([hidden])").await;
            assert!(said.contains("No passkey was used"), "{said}");
            look(&browser, "cancelled").await;
        })
        .await;
        assert_eq!(issued(&scene).await, 1, "a stranger got nothing");
        let login = scene.login();
        visit("passkeys-button", Screen::Phone, "ar", async move |browser| {
            let authenticator = VirtualAuthenticator::plug(&browser, Model::default()).await;
            authenticator.verifies_person(false).await;
            authenticator.put(&held).await;
            browser.open(&login).await;
            without_autofill(&browser).await;
            browser.click(BUTTON).await;
            browser.find("[data-complaint]:not([hidden])").await;
            look(&browser, "cancelled").await;
            authenticator.verifies_person(true).await;
            browser.click(BUTTON).await;
            arrived(&browser).await;
        })
        .await;
        assert_eq!(issued(&scene).await, 2);
    });
}

#[test]
fn a_second_device_is_added_and_then_the_first_one_is_removed_and_signs_in_no_more() {
    run(async {
        let Some(scene) = scene("passkeys-two", json!({})).await else { return };
        let (login, base) = (scene.login(), scene.house.broker.base.clone());
        let first = visit("passkeys-one", Screen::Desktop, "en", async move |browser| {
            first_login(browser, login).await
        })
        .await;
        let held = first.clone();
        let second = visit("passkeys-two", Screen::Desktop, "en", async move |browser| {
            browser.open(&format!("{base}/account/security/passkey")).await;
            browser.click("a.row[href*='/agency/loc']").await;
            password(&browser).await;
            // A password does not change what stands beside it: the passkey is asked for first.
            browser.find("main a.button.main").await;
            assert!(!browser.has("form[data-passkey]").await, "{}", browser.describe().await);
            look(&browser, "first").await;
            let device = VirtualAuthenticator::plug(&browser, Model::default()).await;
            device.put(&held).await;
            browser.click("main a.button.main").await;
            browser.click(BUTTON).await;
            // The device that has one already makes no second one.
            browser.click("form[data-passkey=create] button").await;
            let said = browser.read("[data-complaint]:not([hidden])").await;
            assert!(said.contains("already has a passkey"), "{said}");
            let key_ring = VirtualAuthenticator::plug(&browser, USB).await;
            browser.fill("#name", "Second").await;
            browser.click("form[data-passkey=create] button").await;
            browser.find("#passkeys").await;
            let text = browser.text().await;
            assert!(text.contains("Key ring") && text.contains("Second"), "{text}");
            look(&browser, "both").await;
            let path = "//li[contains(., 'Key ring')]//summary";
            browser
                .script(&format!("document.evaluate(\"{path}\", document).iterateNext().click()"))
                .await;
            browser.click("details[open] button[value=remove-passkey]").await;
            browser.click("main form button.grave").await;
            browser.find("#passkeys").await;
            let text = browser.text().await;
            assert!(!text.contains("Key ring") && text.contains("Second"), "{text}");
            look(&browser, "one").await;
            key_ring.credentials().await.remove(0)
        })
        .await;
        let login = scene.login();
        let before = issued(&scene).await;
        visit("passkeys-removed", Screen::Desktop, "en", async move |browser| {
            let authenticator = VirtualAuthenticator::plug(&browser, Model::default()).await;
            authenticator.put(&first).await;
            browser.open(&login).await;
            // The field offered it, and it was refused. Nothing offers it again but its owner.
            browser.find("form[data-unknown]:not([data-autofill])").await;
            look(&browser, "unknown").await;
            // The browser was told to forget it, and has no other.
            until("the authenticator to have forgotten it", Duration::from_secs(5), async || {
                authenticator.credentials().await.is_empty().then_some(())
            })
            .await;
            browser.click(BUTTON).await;
            let said = browser.read("[data-complaint]:not([hidden])").await;
            assert!(said.contains("No passkey was used"), "{said}");
            let asked = "return performance.getEntriesByType('resource')\
                         .filter(entry => entry.name.endsWith('/passkey/start')).length";
            assert_eq!(browser.script(asked).await, 1, "only the button asked");
            authenticator.unplug().await;
        })
        .await;
        assert_eq!(issued(&scene).await, before, "a removed passkey brought nothing");
        let login = scene.login();
        visit("passkeys-kept", Screen::Desktop, "en", async move |browser| {
            let authenticator = VirtualAuthenticator::plug(&browser, Model::default()).await;
            authenticator.put(&second).await;
            browser.open(&login).await;
            arrived(&browser).await;
        })
        .await;
    });
}

#[test]
fn where_keys_must_stay_on_a_device_of_some_maker_one_that_may_leave_is_refused_in_words() {
    run(async {
        let wanted = json!({"attestation": "any", "device_bound": true});
        let rules = json!({"factors": {"passkeys": wanted}});
        let Some(scene) = scene("passkeys-bound", rules).await else { return };
        let login = scene.login();
        visit("passkeys-bound", Screen::Desktop, "en", async move |browser| {
            let leaving = Model { backup: true, ..Model::default() };
            let cloud = VirtualAuthenticator::plug(&browser, leaving).await;
            browser.open(&login).await;
            password(&browser).await;
            browser.click("ul.choices a.row").await;
            browser.click("form[data-passkey=create] button").await;
            let said = browser.read("#proof-error").await;
            assert!(said.contains("does not accept passkeys of this kind"), "{said}");
            look(&browser, "refused").await;
            cloud.unplug().await;
            // Chromium's own is one that a maker signs for, of whom nobody has heard.
            VirtualAuthenticator::plug(&browser, Model::default()).await;
            browser.click("form[data-passkey=create] button").await;
            browser.find("ul.codes").await;
            browser.click("main form button.main").await;
            arrived(&browser).await;
        })
        .await;
        assert_eq!(issued(&scene).await, 1);
    });
}

#[test]
fn whoever_comes_back_to_a_page_that_the_browser_kept_can_ask_for_a_passkey_again() {
    run(async {
        let Some(scene) = scene("passkeys-kept", json!({})).await else { return };
        let login = scene.login();
        visit("passkeys-kept-page", Screen::Desktop, "en", async move |browser| {
            // There is no authenticator, so that the browser waits for one.
            browser.open(&login).await;
            browser.click(BUTTON).await;
            browser.find(&format!("{BUTTON}[aria-disabled=true]")).await;
            let focus = "return document.activeElement.matches('form[data-passkey] button')";
            assert_eq!(browser.script(focus).await, true, "nobody is led away from the button");
            let event = |name| {
                format!("dispatchEvent(new PageTransitionEvent('{name}', {{ persisted: true }}))")
            };
            browser.script(&event("pagehide")).await;
            browser.script(&event("pageshow")).await;
            browser.find(&format!("{BUTTON}[aria-disabled=false]")).await;
            assert!(!browser.has("[data-complaint]:not([hidden])").await, "nobody did anything");
            let authenticator = VirtualAuthenticator::plug(&browser, Model::default()).await;
            authenticator.verifies_person(false).await;
            browser.click(BUTTON).await;
            let said = browser.read("[data-complaint]:not([hidden])").await;
            assert!(said.contains("No passkey was used"), "{said}");
            assert_eq!(browser.script(focus).await, true, "the next try is one key away");
        })
        .await;
    });
}

#[test]
fn at_another_address_of_the_broker_the_button_says_that_it_does_not_work() {
    run(async {
        let Some(scene) = scene("passkeys-elsewhere", json!({})).await else { return };
        let party = scene.house.party("rp1").await;
        let begun = party.begin(&[("idp_hint", "loc")]);
        let elsewhere = begun.url.as_str().replacen("//localhost:", "//127.0.0.1:", 1);
        assert_ne!(elsewhere, begun.url.as_str());
        visit("passkeys-elsewhere", Screen::Desktop, "en", async move |browser| {
            VirtualAuthenticator::plug(&browser, Model::default()).await;
            browser.open(&elsewhere).await;
            browser.at("http://127.0.0.1:").await;
            browser.click(BUTTON).await;
            let said = browser.read("[data-complaint]:not([hidden])").await;
            assert!(said.contains("That did not work."), "{said}");
            look(&browser, "failed").await;
        })
        .await;
    });
}
