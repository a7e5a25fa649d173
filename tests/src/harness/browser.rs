//! Real Chromium through chromedriver: a fresh profile each time, nothing leaves the machine.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::prelude::*;
use tokio::sync::{OnceCell, Semaphore};

use super::http::client;
use super::output;
use super::ports::free_port;
use super::process::{Process, until};
use super::tools;

/// How large the window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// A laptop.
    Desktop,
    /// A phone held upright.
    Phone,
}

/// One browser window of one person.
#[derive(Debug, Clone)]
pub struct Browser {
    driver: WebDriver,
    name: String,
}

/// Two at a time: more would only wait for each other on two cores.
static SEATS: Semaphore = Semaphore::const_new(2);
static DRIVER: OnceCell<(Process, String)> = OnceCell::const_new();

/// The machine's Chromium and its driver.
static PROGRAMS: LazyLock<Option<(PathBuf, PathBuf)>> = LazyLock::new(|| {
    let chromium = tools::program("LP_CHROMIUM", "chromium")?;
    Some((chromium, tools::program("LP_CHROMEDRIVER", "chromedriver")?))
});

/// Whether there is a browser; without one the test is skipped.
pub fn available() -> bool {
    PROGRAMS.is_some()
}

/// Runs `visit` in a fresh browser whose person reads `language`, and closes it whatever happens.
///
/// `name` names the screenshots. A failed visit leaves one more, `{name}-failed.png`.
pub async fn visit<F: Future<Output = ()> + Send + 'static>(
    name: &str,
    screen: Screen,
    language: &str,
    visit: impl FnOnce(Browser) -> F,
) {
    let _seat = SEATS.acquire().await.expect("a seat");
    let profile = TempDir::new().expect("a folder for the profile");
    let driver = start(&profile, screen, language).await;
    let browser = Browser { driver: driver.clone(), name: name.to_owned() };
    let outcome = tokio::spawn(visit(browser.clone())).await;
    if outcome.is_err() {
        println!("failed at {}", browser.describe().await);
        browser.screenshot("failed").await;
    }
    driver.quit().await.expect("Chromium to close");
    if let Err(error) = outcome {
        resume_unwind(error.into_panic());
    }
}

async fn start(profile: &TempDir, screen: Screen, language: &str) -> WebDriver {
    let (chromium, _) = PROGRAMS.as_ref().expect("`available` was asked first");
    let (_, address) = DRIVER.get_or_init(start_driver).await;
    let mut wanted = DesiredCapabilities::chrome();
    wanted.set_binary(&chromium.to_string_lossy()).expect("a capability");
    let profile = format!("--user-data-dir={}", profile.path().display());
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--hide-scrollbars",
        "--window-size=1280,900",
        // No name resolves but loopback's own.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        "--no-proxy-server",
        &profile,
    ];
    for flag in flags {
        wanted.add_arg(flag).expect("a capability");
    }
    let preferences =
        json!({"intl.accept_languages": language, "credentials_enable_service": false});
    wanted.add_experimental_option("prefs", preferences).expect("a capability");
    if screen == Screen::Phone {
        let phone = json!({"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2.0}});
        wanted.add_experimental_option("mobileEmulation", phone).expect("a capability");
    }
    let driver = WebDriver::new(address.as_str(), wanted).await.expect("Chromium");
    driver.set_page_load_timeout(Duration::from_secs(30)).await.expect("a time limit");
    driver
}

async fn start_driver() -> (Process, String) {
    let (_, program) = PROGRAMS.as_ref().expect("`available` was asked first");
    let port = free_port();
    let process = Process::start("chromedriver", program, |command| {
        command.arg(format!("--port={port}"));
    });
    let address = format!("http://127.0.0.1:{port}");
    let (status, http) = (format!("{address}/status"), client());
    until("chromedriver to answer", Duration::from_secs(20), async || {
        http.get(&status).send().await.ok()?.status().is_success().then_some(())
    })
    .await;
    (process, address)
}

impl Browser {
    /// Where its window takes commands.
    pub(super) fn endpoint(&self) -> String {
        let handle = self.driver.handle();
        let server = handle.server_url().as_str().trim_end_matches('/');
        format!("{server}/session/{}", handle.session_id())
    }

    /// Goes to an address.
    pub async fn open(&self, url: &str) {
        self.driver.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// The address bar.
    pub async fn address(&self) -> String {
        self.driver.current_url().await.map_or_else(|error| error.to_string(), Into::into)
    }

    /// All text on the page.
    pub async fn text(&self) -> String {
        let body = self.driver.find(By::Tag("body")).await;
        match body {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> WebElement {
        let query = self.driver.query(By::Css(css));
        let found = query.wait(Duration::from_secs(15), Duration::from_millis(25)).first().await;
        match found {
            Ok(element) => element,
            Err(error) => panic!(
                "no `{css}`: {error}
{}",
                self.describe().await
            ),
        }
    }

    /// Whether an element is there now.
    pub async fn has(&self, css: &str) -> bool {
        self.driver.find_all(By::Css(css)).await.is_ok_and(|found| !found.is_empty())
    }

    /// The text of an element, once it is there.
    pub async fn read(&self, css: &str) -> String {
        self.find(css).await.text().await.expect("a text")
    }

    /// An attribute of an element, once it is there.
    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.find(css).await.attr(name).await.expect("an attribute")
    }

    /// Types into a field, in place of what stands there.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.expect("a field");
        field.send_keys(text).await.expect("a field");
    }

    /// Clicks an element.
    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap_or_else(|error| panic!("click {css}: {error}"));
    }

    /// Clicks the button or link that bears `text`.
    pub async fn choose(&self, text: &str) {
        let path = format!(
            "//button[contains(normalize-space(.), \"{text}\")] \
             | //a[contains(normalize-space(.), \"{text}\")]"
        );
        let query = self.driver.query(By::XPath(path));
        let found = query.wait(Duration::from_secs(15), Duration::from_millis(25)).first().await;
        match found {
            Ok(element) => element.click().await.expect("a click"),
            Err(error) => panic!(
                "no `{text}`: {error}
{}",
                self.describe().await
            ),
        }
    }

    /// Waits until the address bar begins with `prefix`.
    pub async fn at(&self, prefix: &str) {
        for _ in 0..600 {
            if self.address().await.starts_with(prefix) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("not at {prefix}: {}", self.describe().await);
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str) -> serde_json::Value {
        self.driver.execute(script, vec![]).await.expect("a script").json().clone()
    }

    /// Address and text, for the message of a failed test.
    pub async fn describe(&self) -> String {
        format!("{}\n{}", self.address().await, self.text().await)
    }

    /// Leaves a picture in `tests/output/screens`, named after the visit and `moment`.
    pub async fn screenshot(&self, moment: &str) {
        let file = output("screens").join(format!("{}-{moment}.png", self.name));
        self.driver.screenshot(&file).await.expect("a screenshot");
    }

    /// Checks what anybody can check of a page for people: a title, a language, a direction that
    /// fits it, a heading, a label for every control, no sideways scrolling.
    pub async fn is_accessible(&self) {
        let faults = self.script(ACCESSIBLE).await;
        assert_eq!(faults, json!([]), "{}", self.describe().await);
    }
}

const ACCESSIBLE: &str = r"
    const faults = [], html = document.documentElement;
    if (!document.title.trim()) faults.push('no title');
    if (!html.lang) faults.push('no language');
    const rtl = html.lang.startsWith('ar');
    if ((getComputedStyle(html).direction === 'rtl') !== rtl) faults.push('wrong direction');
    if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
    if (!document.querySelector('main, [role=main]')) faults.push('no main landmark');
    for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea'))
      if (!(e.labels?.length || e.ariaLabel || e.getAttribute('aria-labelledby')))
        faults.push('no label: ' + e.outerHTML);
    for (const e of document.querySelectorAll('button, a[href]'))
      if (!(e.textContent.trim() || e.ariaLabel || e.querySelector('img[alt]:not([alt=\'\'])')))
        faults.push('no name: ' + e.outerHTML);
    for (const e of document.querySelectorAll('img'))
      if (e.getAttribute('alt') === null) faults.push('no alt: ' + e.outerHTML);
    const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
    if (new Set(ids).size !== ids.length) faults.push('an id twice');
    if (html.scrollWidth > html.clientWidth + 1) faults.push('scrolls sideways: ' + html.scrollWidth);
    return faults;";
