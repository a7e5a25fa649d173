//! Real Chromium, where a form of another site arrives without our cookies.

use idp_tests::harness::browser::{self, Screen};
use idp_tests::harness::run;

use super::scene::{UNA, shared};

#[test]
fn a_form_of_another_site_finds_its_login_again() {
    if !browser::available() {
        return;
    }
    run(async {
        let Some(scene) = shared().await else { return };
        let sp = scene.provider("sp");
        let (start, acs) = (sp.sign_in(&[("relay", "é & co")]), sp.acs());
        let out = format!("{}/logout", scene.broker.base);
        let home = format!("{}/", sp.base);
        browser::visit("saml", Screen::Desktop, "en", async move |browser| {
            browser.open(&start).await;
            browser.find("#agencies").await;
            browser.choose(UNA).await;
            browser.fill("input[name=username]", "alice").await;
            browser.fill("input[name=password]", "wonderland and more").await;
            browser.screenshot("foreign-login").await;
            browser.click("form button[type=submit], form input[type=submit]").await;
            press_until(&browser, &acs).await;
            let told = browser.read("#told").await;
            assert!(told.contains("alice@una.example"), "{told}");
            assert!(told.contains("é & co"), "{told}");
            browser.screenshot("signed-in").await;
            // And out again.
            browser.open(&out).await;
            browser.is_accessible().await;
            browser.screenshot("sign-out").await;
            browser.click("main form button").await;
            for _ in 0..100 {
                if browser.address().await.contains("/logout") && !browser.has("form").await {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            browser.screenshot("signed-out").await;
            browser.open(&home).await;
            let told = browser.read("#told").await;
            assert!(told.contains("\"signed_in\":false"), "{told}");
        })
        .await;
    });
}

/// Waits until the browser is at `target`; where a page with a message does not leave by itself,
/// its button is pressed.
async fn press_until(browser: &browser::Browser, target: &str) {
    for _ in 0..400 {
        if browser.address().await.starts_with(target) {
            return;
        }
        if browser.has("form input[name=SAMLResponse]").await {
            let pressed = browser
                .script(
                    "const b = document.querySelector('form button'); if (b) b.click(); return !!b;",
                )
                .await;
            assert!(pressed.is_boolean());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("not at {target}: {}", browser.describe().await);
}

#[test]
fn the_same_in_arabic_reads_from_the_right() {
    if !browser::available() {
        return;
    }
    run(async {
        let Some(scene) = shared().await else { return };
        let sp = scene.provider("plain");
        let (start, acs) = (sp.sign_in(&[]), sp.acs());
        let base = scene.broker.base.clone();
        let login = "input[name=username]";
        browser::visit("saml-ar", Screen::Phone, "ar", async move |browser| {
            browser.open(&start).await;
            browser.find("#agencies").await;
            assert_eq!(browser.attribute("html", "dir").await.as_deref(), Some("rtl"));
            browser.is_accessible().await;
            browser.screenshot("agencies").await;
            browser.choose("مكتب الشوفان").await;
            browser.fill(login, "borge").await;
            browser.fill("input[name=password]", "smørrebrød").await;
            browser.click("form button[type=submit], form input[type=submit]").await;
            press_until(&browser, &acs).await;
            let told = browser.read("#told").await;
            assert!(told.contains("borge@una.example"), "{told}");
            browser.open(&format!("{base}/logout")).await;
            assert_eq!(browser.attribute("html", "dir").await.as_deref(), Some("rtl"));
            browser.is_accessible().await;
            browser.screenshot("sign-out").await;
        })
        .await;
    });
}
