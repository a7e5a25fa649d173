//! A foreign SAML identity provider: Debian's `SimpleSAMLphp` under PHP's own server.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::keys::KeyPair;
use crate::harness::federation::merged;
use crate::harness::http::{Visitor, client};
use crate::harness::page::Page;
use crate::harness::process::{Process, until};
use crate::harness::{ports::free_port, tools};

/// Where Debian puts it.
const HOME: &str = "/usr/share/simplesamlphp/www";

/// The running identity provider.
#[derive(Debug)]
pub struct SimpleSamlPhp {
    /// Its address, without a slash at the end.
    pub base: String,
    /// Its key and certificate.
    pub keys: &'static KeyPair,
    settings: Mutex<Value>,
    file: PathBuf,
    process: Process,
    folder: TempDir,
}

/// Who may sign in: the login name, the password and the attributes by their short names.
pub fn people() -> Value {
    json!({
        "alice": {"password": "wonderland and more", "attributes": {
            "mail": "alice@una.example", "givenName": "Alice", "sn": "Agent",
            "displayName": "Alice Agent", "eduPersonPrincipalName": "alice@una.example",
            "eduPersonScopedAffiliation": ["member@una.example", "staff@una.example"],
        }},
        "borge": {"password": "smørrebrød", "attributes": {
            "mail": "borge@una.example", "givenName": "Børge", "sn": "O'Neill & Søn <x>",
            "displayName": "Børge O'Neill & Søn <x>", "eduPersonPrincipalName": "borge@una.example",
        }},
        "mallory": {"password": "a key of her own", "attributes": {
            "mail": "mallory@una.example", "displayName": "Mallory",
            "eduPersonPrincipalName": "alice@unb.example",
        }},
    })
}

impl SimpleSamlPhp {
    /// Starts it on a free port with the usual people.
    pub async fn start() -> Option<Self> {
        let home = tools::debian(HOME, "simplesamlphp")?;
        let php = tools::program("LP_PHP", "php")?;
        let keys = KeyPair::named("simplesamlphp")?;
        let port = free_port();
        let folder = TempDir::new().expect("a folder");
        let base = format!("http://127.0.0.1:{port}");
        let settings = json!({
            "base": base, "folder": folder.path(), "people": people(),
            "key": keys.key, "certificate": keys.certificate,
            "identity_provider": {}, "towards": {}, "context": null, "service_providers": [],
        });
        let file = folder.path().join("settings.json");
        let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/simplesamlphp");
        fs::write(&file, settings.to_string()).expect("the settings");
        let process = Process::start(&format!("simplesamlphp-{port}"), &php, |command| {
            command.args(["-d", "error_reporting=E_ALL&~E_DEPRECATED", "-d", "display_errors=0"]);
            command.args(["-d", "opcache.enable_cli=1", "-S", &format!("127.0.0.1:{port}"), "-t"]);
            command.arg(&home).current_dir(&home);
            command.env("SIMPLESAMLPHP_CONFIG_DIR", &config).env("LP_SETTINGS", &file);
        });
        let settings = Mutex::new(settings);
        let ours = Self { base, keys, settings, file, process, folder };
        let (http, metadata) = (client(), ours.metadata_url());
        until("SimpleSAMLphp to listen", Duration::from_secs(20), async || {
            let log = || ours.process.log();
            assert!(ours.process.ended().is_none(), "SimpleSAMLphp ended:\n{}", log());
            let answer = http.get(&metadata).send().await.ok()?;
            assert_eq!(answer.status(), StatusCode::OK, "its metadata:\n{}", log());
            Some(())
        })
        .await;
        Some(ours)
    }

    /// Its name.
    pub fn entity_id(&self) -> String {
        format!("{}/idp", self.base)
    }

    /// Where its metadata is.
    pub fn metadata_url(&self) -> String {
        format!("{}/saml2/idp/metadata.php", self.base)
    }

    /// Its metadata.
    pub async fn metadata(&self) -> String {
        let answer = client().get(self.metadata_url()).send().await.expect("its metadata");
        answer.text().await.expect("a text")
    }

    /// From now on knows this service provider.
    pub fn trust(&self, metadata: &str) {
        let mut settings = self.settings.lock().expect("the settings");
        let known = settings["service_providers"].as_array_mut().expect("a list");
        let file = self.folder.path().join(format!("sp-{}.xml", known.len()));
        fs::write(&file, metadata).expect("metadata");
        known.push(json!(file));
        self.keep(&settings);
    }

    /// From now on behaves like this; see `tests/peers/simplesamlphp` for the words.
    pub fn change(&self, more: Value) {
        let mut settings = self.settings.lock().expect("the settings");
        *settings = merged(settings.clone(), more);
        self.keep(&settings);
    }

    fn keep(&self, settings: &Value) {
        // Written beside and moved: a request never reads half of it.
        let beside = self.file.with_extension("new");
        fs::write(&beside, settings.to_string()).expect("the settings");
        fs::rename(&beside, &self.file).expect("the settings");
    }

    /// Whether an address is one of its own.
    pub fn owns(&self, page: &Page) -> bool {
        page.url.as_str().starts_with(&self.base)
    }

    /// Signs in on its login page, and presses on to the service provider.
    pub async fn sign_in(&self, visitor: &mut Visitor, page: &Page, person: &str) -> Page {
        let page = self.sign_in_only(visitor, page, person).await;
        self.press_on(visitor, page).await
    }

    /// Signs in on its login page; the answer waits on the page that comes.
    pub async fn sign_in_only(&self, visitor: &mut Visitor, page: &Page, person: &str) -> Page {
        assert!(self.owns(page), "not at SimpleSAMLphp:\n{}", page.describe());
        let password = people()[person]["password"].as_str().expect("somebody").to_owned();
        let form = page.form_with("username").fill("username", person).fill("password", &password);
        visitor.submit(page, form.enter()).await
    }

    /// Presses the button of a page that hands a message over, as long as the page is its own.
    pub async fn press_on(&self, visitor: &mut Visitor, page: Page) -> Page {
        if !self.owns(&page) || page.arrived() {
            return page;
        }
        let carries = |name: &str| page.forms().into_iter().find(|form| form.value(name).is_some());
        match carries("SAMLResponse").or_else(|| carries("SAMLRequest")) {
            Some(form) => visitor.submit(&page, form.enter()).await,
            None => page,
        }
    }

    /// Where a login starts that no service provider has asked for.
    pub fn unasked(&self, service_provider: &str, relay_state: Option<&str>) -> String {
        let mut url = url::Url::parse(&format!("{}/saml2/idp/SSOService.php", self.base))
            .expect("its address");
        url.query_pairs_mut().append_pair("spentityid", service_provider);
        if let Some(relay_state) = relay_state {
            url.query_pairs_mut().append_pair("RelayState", relay_state);
        }
        url.into()
    }

    /// Where a person signs out of it, and of all that it has signed them in to.
    pub fn sign_out(&self) -> String {
        format!("{0}/saml2/idp/SingleLogoutService.php?ReturnTo={0}/logout.php", self.base)
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.process.log()
    }
}
