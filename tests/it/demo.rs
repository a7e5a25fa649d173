//! The demonstration, as a newcomer sees it: in English, and in Arabic on a phone.

use idp_tests::harness::authenticator::{Model, VirtualAuthenticator};
use idp_tests::harness::browser::{self, Browser, Screen};
use idp_tests::harness::page::Page;
use idp_tests::harness::process::{Process, until};
use idp_tests::harness::{http, output, run, tools};
use serde_json::Value;
use std::time::Duration;

/// A running demonstration and the line that it printed.
struct Demo {
    process: Process,
    told: Value,
}

async fn demo(name: &str) -> Demo {
    let folder = output("brokers").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let process = Process::start(name, &tools::idp(), |command| {
        command.args(["demo", "--json", "--port", "0"]).current_dir(&folder);
    });
    let told = until("the demonstration", Duration::from_mins(1), async || {
        assert!(process.ended().is_none(), "it ended:\n{}", process.log());
        let log = process.log();
        let line = log.lines().find(|line| line.starts_with('{') && line.contains("\"issuer\""))?;
        serde_json::from_str(line).ok()
    })
    .await;
    Demo { process, told }
}

impl Demo {
    /// The addresses of the relying parties.
    fn parties(&self) -> Vec<String> {
        let parties = self.told["relying_parties"].as_array().expect("relying_parties");
        parties.iter().map(|party| party["url"].as_str().unwrap().to_owned()).collect()
    }

    /// Somebody with a password at each agency: agency, username, password.
    fn people(&self) -> Vec<[String; 3]> {
        let people = self.told["people"].as_array().expect("people");
        let text = |person: &Value, key: &str| person[key].as_str().unwrap().to_owned();
        people
            .iter()
            .map(|person| ["agency", "username", "password"].map(|key| text(person, key)))
            .collect()
    }
}

#[test]
fn the_line_for_scripts_tells_what_a_script_needs() {
    run(async {
        let demo = demo("demo-json").await;
        let told = &demo.told;
        let issuer = told["issuer"].as_str().unwrap();
        assert!(issuer.starts_with("http://localhost:"), "{issuer}");
        assert!(!demo.people().is_empty() && !demo.parties().is_empty(), "{told}");
        let client = &told["oidc_client"];
        assert!(client["client_id"].is_string() && client["client_secret"].is_string(), "{told}");
        assert!(client["redirect_uris"][0].is_string(), "{told}");
        let admin = &told["admin"];
        let api = admin["api_url"].as_str().unwrap();
        let token = admin["token"].as_str().unwrap();
        let switches = http::client().get(format!("{api}/switches")).bearer_auth(token);
        assert_eq!(switches.send().await.unwrap().status().as_u16(), 200);
        assert_eq!(told["demanding_parties"][0]["acr"], "https://refeds.org/profile/mfa");
        for role in ["idp_metadata_url", "sp_metadata_url"] {
            let url = told["saml"][role].as_str().unwrap();
            let answer = http::client().get(url).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 200, "{url}");
            assert!(answer.text().await.unwrap().contains("EntityDescriptor"), "{url}");
        }
        let answer = http::client().get(format!("{issuer}/.well-known/openid-configuration"));
        assert_eq!(answer.send().await.unwrap().status().as_u16(), 200);
        demo.process.signal("INT");
        let status = demo.process.wait(Duration::from_secs(15)).await;
        assert!(status.success(), "{status:?}\n{}", demo.process.log());
    });
}

#[test]
fn everybody_in_the_demonstration_can_sign_in_by_script() {
    run(async {
        let demo = demo("demo-script").await;
        let parties = demo.parties();
        for (nth, [agency, username, password]) in demo.people().into_iter().enumerate() {
            // Each begins at another relying party, and comes to the others without being asked.
            let mut visitor = http::Visitor::new();
            let first = &parties[nth % parties.len()];
            let page = visitor.open(format!("{first}sign-in")).await;
            let page = visitor.choose(&page, &agency).await;
            let page = visitor.sign_in(&page, &username, &password).await;
            let page = carried(&mut visitor, page).await;
            arrived(&page, first, &agency);
            for other in &parties {
                let page = visitor.open(format!("{other}sign-in")).await;
                let page = carried(&mut visitor, page).await;
                arrived(&page, other, &agency);
            }
        }
    });
}

#[test]
fn signing_out_anywhere_in_the_demonstration_signs_out_everywhere() {
    run(async {
        let demo = demo("demo-logout").await;
        let parties = demo.parties();
        let people = demo.people();
        for (nth, at) in parties.iter().enumerate() {
            let [agency, username, password] = &people[nth % people.len()];
            let mut visitor = http::Visitor::new();
            let page = visitor.open(format!("{}sign-in", parties[0])).await;
            let page = visitor.choose(&page, agency).await;
            let page = visitor.sign_in(&page, username, password).await;
            carried(&mut visitor, page).await;
            for party in &parties {
                let page = visitor.open(format!("{party}sign-in")).await;
                arrived(&carried(&mut visitor, page).await, party, agency);
                assert!(visitor.open(party).await.text().contains("Sign out"), "{party}");
            }
            let page = visitor.open(at).await;
            let page = visitor.choose(&page, "Sign out").await;
            carried(&mut visitor, page).await;
            for party in &parties {
                let page = visitor.open(party).await;
                assert!(
                    page.form_by_button("Sign out").is_none(),
                    "signed out at {at}, {party} still knows: {}",
                    page.describe()
                );
            }
        }
    });
}

//= oidc-backchannel#2.5-1 test
#[test]
fn signing_out_at_an_agency_signs_out_everywhere() {
    run(async {
        let demo = demo("demo-agency-logout").await;
        let parties = demo.parties();
        let issuer: url::Url = demo.told["issuer"].as_str().unwrap().parse().unwrap();
        // Where the agencies' own brokers are, which the summary for people tells.
        for (of, offset) in [("International Agency for Oceans", 1), ("World Relief Programme", 6)]
        {
            let [agency, username, password] =
                demo.people().into_iter().find(|[name, ..]| name == of).unwrap();
            let mut visitor = http::Visitor::new();
            let page = visitor.open(format!("{}sign-in", parties[0])).await;
            let page = visitor.choose(&page, &agency).await;
            let page = visitor.sign_in(&page, &username, &password).await;
            carried(&mut visitor, page).await;
            for party in &parties {
                let page = visitor.open(format!("{party}sign-in")).await;
                arrived(&carried(&mut visitor, page).await, party, &agency);
            }
            let mut own = issuer.clone();
            own.set_port(Some(issuer.port().unwrap() + offset)).unwrap();
            let page = visitor.open(own.join("/logout").unwrap()).await;
            let page = visitor.choose(&page, "Sign out").await;
            carried(&mut visitor, page).await;
            for party in &parties {
                let visitor = tokio::sync::Mutex::new(&mut visitor);
                until("the relying party to hear of it", Duration::from_secs(20), async || {
                    let page = visitor.lock().await.open(party).await;
                    page.form_by_button("Sign out").is_none().then_some(())
                })
                .await;
            }
        }
    });
}

/// Presses the button of each page that carries an answer on: no script runs here.
async fn carried(visitor: &mut http::Visitor, mut page: Page) -> Page {
    while page.form_by_button("Continue").is_some() {
        page = visitor.choose(&page, "Continue").await;
    }
    page
}

fn arrived(page: &Page, party: &str, agency: &str) {
    let home = party.trim_end_matches('/');
    assert!(page.url.as_str().starts_with(home), "{agency}: {}", page.describe());
    assert_eq!(page.status, 200, "{agency}: {}", page.describe());
}

#[test]
fn the_demonstration_works_in_english_on_a_desktop() {
    in_a_browser("demo-en", Screen::Desktop, "en", "ltr", "International Agency for Oceans");
}

#[test]
fn the_demonstration_works_in_arabic_on_a_phone() {
    in_a_browser("demo-ar-phone", Screen::Phone, "ar", "rtl", "World Relief Programme");
}

fn in_a_browser(
    name: &'static str,
    screen: Screen,
    language: &'static str,
    direction: &'static str,
    agency: &'static str,
) {
    if !browser::available() {
        return;
    }
    run(async {
        let demo = demo(name).await;
        let issuer = demo.told["issuer"].as_str().unwrap().to_owned();
        let parties = demo.parties();
        let person = demo.people().into_iter().find(|[of, ..]| of == agency).unwrap();
        browser::visit(name, screen, language, async move |browser| {
            let [agency, username, password] = person;
            browser.open(&parties[0]).await;
            browser.screenshot("1-relying-party").await;
            browser.click("a[href$='sign-in']").await;
            browser.at(&issuer).await;
            browser.screenshot("2-agencies").await;
            assert_eq!(browser.attribute("html", "lang").await.as_deref(), Some(language));
            let shown =
                browser.script("return getComputedStyle(document.documentElement).direction").await;
            assert_eq!(shown, direction);
            browser.is_accessible().await;
            // Its name is another in another language, and is found all the same.
            browser.fill("#q", &agency).await;
            browser.click("[role=search] button").await;
            browser.find("a[href*='choose?q='], #agencies li:only-child").await;
            browser.screenshot("2-found").await;
            browser.click("#agencies ul.rows li a").await;
            browser.find("input[name=password]").await;
            browser.screenshot("3-sign-in").await;
            browser.is_accessible().await;
            browser.fill("input[name=username]", &username).await;
            browser.fill("input[name=password]", &password).await;
            browser.click("form button[type=submit]").await;
            browser.at(parties[0].trim_end_matches('/')).await;
            browser.screenshot("4-signed-in").await;
            // The other relying parties ask nothing, whatever they speak.
            for (nth, other) in parties.iter().enumerate().skip(1) {
                browser.open(other).await;
                browser.click("a[href$='sign-in']").await;
                browser.at(other.trim_end_matches('/')).await;
                browser.find("table").await;
                browser.screenshot(&format!("5-party-{nth}")).await;
            }
            // Signing out at the last one signs out at all.
            browser.click("form[action$='sign-out'] button").await;
            browser.at(parties.last().unwrap().trim_end_matches('/')).await;
            browser.find("a[href$='sign-in']").await;
            browser.open(&parties[0]).await;
            browser.find("a[href$='sign-in']").await;
            // And at the broker, for whoever comes there: what it says to do so.
            browser.click("a[href$='sign-in']").await;
            browser.at(&issuer).await;
            browser.screenshot("6-asked-again").await;
        })
        .await;
    });
}

/// Where an agency's own broker is, by how far its port lies from the broker's.
fn beside(issuer: &str, offset: u16) -> String {
    let mut url: url::Url = issuer.parse().unwrap();
    url.set_port(Some(url.port().unwrap() + offset)).unwrap();
    url.as_str().trim_end_matches('/').to_owned()
}

/// Sets up a passkey at an agency's own broker, and signs in there with it on the way to the
/// relying party that demands two factors.
async fn with_a_passkey(
    browser: &Browser,
    strict: &str,
    agency: (&str, &str),
    person: &[String; 3],
) {
    let (id, home) = agency;
    let [_, username, password] = person;
    browser.open(&format!("{home}/account/security/passkey")).await;
    browser.fill("#username", username).await;
    browser.fill("#password", password).await;
    browser.click("form:has(#password) button.main").await;
    browser.click("form[data-passkey=create] button").await;
    browser.find("ul.codes").await;
    browser.open(strict).await;
    browser.click("a[href$='sign-in']").await;
    browser.click(&format!("a[href$='/agency/{id}']")).await;
    // The field for the name offers the passkey by itself, and the authenticator takes the offer.
}

#[test]
fn two_factors_of_a_trusted_agency_are_enough_and_those_of_another_are_not() {
    if !browser::available() {
        return;
    }
    run(async {
        let demo = demo("demo-factors").await;
        let issuer = demo.told["issuer"].as_str().unwrap().to_owned();
        let strict = demo.told["demanding_parties"][0]["url"].as_str().unwrap().to_owned();
        let find = |agency: &str| demo.people().into_iter().find(|[of, ..]| of == agency).unwrap();
        let trusted = (beside(&issuer, 1), find("International Agency for Oceans"));
        let other = (beside(&issuer, 6), find("World Relief Programme"));
        let (party, broker) = (strict.clone(), issuer.clone());
        browser::visit("demo-trusted", Screen::Desktop, "en", async move |browser| {
            let _authenticator = VirtualAuthenticator::plug(&browser, Model::default()).await;
            with_a_passkey(&browser, &party, ("iao", &trusted.0), &trusted.1).await;
            browser.at(party.trim_end_matches('/')).await;
            browser.screenshot("payroll").await;
            let text = browser.text().await;
            assert!(text.contains("https://refeds.org/profile/mfa"), "{text}");
        })
        .await;
        browser::visit("demo-untrusted", Screen::Desktop, "en", async move |browser| {
            let _authenticator = VirtualAuthenticator::plug(&browser, Model::default()).await;
            with_a_passkey(&browser, &strict, ("wrp", &other.0), &other.1).await;
            browser.at(&format!("{broker}/login")).await;
            browser.find("ul.choices").await;
            browser.screenshot("asked-here").await;
        })
        .await;
    });
}
