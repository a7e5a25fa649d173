//! Self-service in real Chromium, with an authenticator: in Arabic on a phone, in Russian on a
//! laptop. Its pictures are looked at.

use idp_tests::harness::authenticator::{Model, VirtualAuthenticator};
use idp_tests::harness::browser::{self, Browser, Screen};
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;

use crate::house::{EVE, House};

/// Signs eve in at her own account.
async fn sign_in(browser: &Browser, base: &str) {
    browser.open(&format!("{base}/account")).await;
    browser.click("a.row[href*='/agency/loc']").await;
    browser.fill("#username", EVE.username).await;
    browser.fill("#password", EVE.password).await;
    browser.click("form:has(#password) button.main").await;
    browser.find("nav.parts").await;
}

/// Looks at a page, and leaves a picture.
async fn look(browser: &Browser, moment: &str) {
    browser.is_accessible().await;
    browser.screenshot(moment).await;
}

/// From an account with nothing to one with a passkey, whose name is changed by whoever has it,
/// and back.
async fn life_of_a_passkey(browser: Browser, base: String) {
    let authenticator = VirtualAuthenticator::plug(&browser, Model::default()).await;
    sign_in(&browser, &base).await;
    look(&browser, "overview").await;
    browser.open(&format!("{base}/account/security/passkey")).await;
    look(&browser, "add").await;
    browser.fill("#name", "<i>\u{202e}مفتاح</i>").await;
    browser.click("form[data-passkey] button").await;
    browser.find("ul.codes").await;
    look(&browser, "codes").await;
    browser.click("main form button.main").await;
    browser.find("#passkeys").await;
    look(&browser, "security").await;
    assert!(browser.text().await.contains("<i>مفتاح</i>"), "{}", browser.describe().await);
    assert!(!browser.has("main i").await, "a name is no markup");
    assert_eq!(authenticator.credentials().await.len(), 1);

    // Whoever has just made it needs no other proof for its name.
    browser.click("main details summary").await;
    browser.fill("#name-1", "Key ring").await;
    browser.click("button[value=rename-passkey]").await;
    browser.find("#name-1[value='Key ring']").await;
    assert!(browser.text().await.contains("Key ring"), "{}", browser.describe().await);

    browser.click("main details summary").await;
    browser.click("button[value=remove-passkey]").await;
    browser.find("main form button.grave").await;
    look(&browser, "remove").await;
    browser.click("main form button.grave").await;
    browser.find("#passkeys").await;
    assert!(!browser.has("main details").await, "{}", browser.describe().await);
    for page in ["sessions", "releases", "not-me"] {
        browser.open(&format!("{base}/account/{page}")).await;
        look(&browser, page).await;
    }
    browser.click("main form button.grave").await;
    browser.find("code.copy").await;
    look(&browser, "reported").await;
}

#[test]
fn a_person_looks_after_a_passkey_in_arabic_on_a_phone() {
    if !browser::available() {
        return;
    }
    run(async {
        let house = House::open(Plan::new("account-chromium-ar")).await;
        let base = house.broker.base.clone();
        let name = "account-ar";
        browser::visit(name, Screen::Phone, "ar", |browser| life_of_a_passkey(browser, base)).await;
    });
}

#[test]
fn a_person_looks_after_a_passkey_in_russian_on_a_laptop() {
    if !browser::available() {
        return;
    }
    run(async {
        let house = House::open(Plan::new("account-chromium-ru")).await;
        let base = house.broker.base.clone();
        let name = "account-ru";
        browser::visit(name, Screen::Desktop, "ru", |browser| life_of_a_passkey(browser, base))
            .await;
    });
}
