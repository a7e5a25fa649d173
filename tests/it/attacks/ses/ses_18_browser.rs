//! SES-14, -18 in Chromium: what others wrote is text on every page that echoes it, and whoever goes
//! back after a logout sees nobody.

use std::time::Duration;

use idp_tests::harness::browser::{self, Browser, Screen};
use idp_tests::harness::federation::Person;
use idp_tests::harness::process::until;
use idp_tests::harness::run;
use idp_tests::harness::server::Plan;
use serde_json::json;
use url::Url;

use crate::house::{House, SECRET};

/// A name that would be markup in an attribute, in a text and in a script.
const HOSTILE: &str = "Mal\"'><img src=x onerror=struck=1><svg onload=struck=1></script>\
                       <script>struck=1</script>";
const MAL: Person = Person {
    username: "mal",
    password: "the words of somebody hostile",
    name: "Pat\"'><img src=x onerror=struck=1><script>struck=1</script>",
    mail: "mal@evil.example",
};

/// Nothing of the name became a part of the page, and none of it ran.
async fn is_text(browser: &Browser, moment: &str) {
    let asked = "return [typeof struck, document.querySelectorAll(\
                 'img[src=\"x\"], svg[onload], [onerror], [onload]').length, \
                 [...document.scripts].filter(it => it.text.includes('struck')).length]";
    let seen = browser.script(asked).await;
    assert_eq!(seen, json!(["undefined", 0, 0]), "{moment}: {}", browser.describe().await);
}

/// The same, on a page on which the name is to be read.
async fn is_shown(browser: &Browser, moment: &str) {
    is_text(browser, moment).await;
    let text = browser.text().await;
    assert!(text.contains("<img src=x onerror=struck=1>"), "{moment}: {text}");
}

/// Every page that repeats what others wrote, from the first to the one after a logout.
async fn visit(browser: Browser, base: String, login: Url) {
    let mut hinted = login.clone();
    hinted.query_pairs_mut().append_pair("login_hint", HOSTILE).append_pair("ui_locales", HOSTILE);
    browser.open(hinted.as_str()).await;
    // The agency and the service have that name.
    browser.find("#agencies").await;
    is_shown(&browser, "choice").await;
    browser.fill("#q", HOSTILE).await;
    browser.click("form[role=search] button").await;
    browser.find("#agencies").await;
    is_shown(&browser, "search").await;
    browser.fill("#email", "\"><img/src=x/onerror=struck=1>\"@evil.example").await;
    browser.click("form:has(#email) button").await;
    browser.find("h1").await;
    is_text(&browser, "address").await;
    browser.open(&format!("{base}/account")).await;
    browser.click("a.row[href*='/agency/evil']").await;
    browser.fill("#username", HOSTILE).await;
    browser.fill("#password", "wrong").await;
    browser.click("form:has(#password) button.main").await;
    browser.find("#password").await;
    is_text(&browser, "wrong password").await;
    browser.fill("#username", MAL.username).await;
    browser.fill("#password", MAL.password).await;
    browser.click("form:has(#password) button.main").await;
    browser.find("nav.parts").await;
    is_shown(&browser, "account").await;
    assert!(browser.text().await.contains("Pat\""), "{}", browser.describe().await);
    for path in ["/account/sessions", "/account/releases", "/account/security", "/logout"] {
        browser.open(&format!("{base}{path}")).await;
        browser.find("h1").await;
        is_text(&browser, path).await;
    }
    // Errors: of a request, of a page that is not there, of an answer of nobody.
    let mut asked: Url = format!("{base}/oidc/authorize").parse().expect("a URL");
    asked.query_pairs_mut().append_pair("client_id", HOSTILE).append_pair("state", HOSTILE);
    let mut answered: Url = format!("{base}/sources/bridges/callback").parse().expect("a URL");
    answered.query_pairs_mut().append_pair("error", HOSTILE).append_pair("state", HOSTILE);
    let mut nowhere: Url = format!("{base}/nothing").parse().expect("a URL");
    nowhere.query_pairs_mut().append_pair("lang", HOSTILE);
    for url in [asked, answered, nowhere] {
        browser.open(url.as_str()).await;
        browser.find("h1").await;
        is_text(&browser, url.path()).await;
    }

    // SES-14: out, and back by the browser's own button.
    browser.open(&format!("{base}/account")).await;
    browser.click(".who.person form button").await;
    browser.find("main form button, main h1").await;
    if browser.address().await.ends_with("/logout") && browser.has("form[action='/logout']").await {
        browser.click("form[action='/logout'] button").await;
    }
    until("the person to be out", Duration::from_secs(10), async || {
        let text = browser.text().await;
        text.contains("signed out").then_some(())
    })
    .await;
    is_text(&browser, "out").await;
    for _ in 0..2 {
        browser.script("history.back()").await;
        browser.find("h1").await;
        let text = browser.text().await;
        assert!(!text.contains("Pat\""), "{}", browser.describe().await);
        is_text(&browser, "back").await;
    }
    browser.open(&format!("{base}/account")).await;
    browser.at(&format!("{base}/login/")).await;
}

#[test]
fn ses_18_what_others_wrote_is_text_in_a_real_browser_and_ses_14_going_back_shows_nobody() {
    if !browser::available() {
        return;
    }
    run(async {
        let house = House::open_more(Plan::new("ses-18"), &["bridges"], |federation| {
            federation
                .agency("evil", HOSTILE, "evil.example", json!({}))
                .local_source("evil-people", "evil", &[MAL])
                .party("rp-evil", SECRET, "https://rp-evil.example/cb", {
                    json!({"names": {"en": HOSTILE}})
                })
        })
        .await;
        let party = house.party("rp-evil").await;
        let (base, login) = (house.broker.base.clone(), party.begin(&[]).url);
        browser::visit("ses-18", Screen::Desktop, "en", async move |browser| {
            visit(browser, base, login).await;
        })
        .await;
    });
}
