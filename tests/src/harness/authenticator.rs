//! Virtual authenticators of a Chromium window (`WebDriver` extension, `WebAuthn` section 11).

use serde_json::{Value, json};

use super::browser::Browser;
use super::http::client;

/// One authenticator, plugged into one window.
#[derive(Debug, Clone)]
pub struct VirtualAuthenticator {
    address: String,
}

/// What an authenticator is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// `internal`, `usb`, `hybrid`.
    pub transport: &'static str,
    /// Whether it keeps credentials that name their owner.
    pub resident: bool,
    /// Whether it can tell who touches it.
    pub verifies: bool,
    /// Whether its keys may leave it.
    pub backup: bool,
}

impl Default for Model {
    /// A phone or laptop whose keys stay where they are.
    fn default() -> Self {
        Self { transport: "internal", resident: true, verifies: true, backup: false }
    }
}

impl VirtualAuthenticator {
    /// Plugs one in.
    pub async fn plug(browser: &Browser, model: Model) -> Self {
        let root = format!("{}/webauthn/authenticator", browser.endpoint());
        let wanted = json!({
            "protocol": "ctap2",
            "transport": model.transport,
            "hasResidentKey": model.resident,
            "hasUserVerification": model.verifies,
            "isUserVerified": model.verifies,
            "isUserConsenting": true,
            "defaultBackupEligibility": model.backup,
            "defaultBackupState": model.backup,
        });
        let id = send(&root, Some(&wanted)).await;
        let id = id.as_str().expect("the authenticator's name");
        Self { address: format!("{root}/{id}") }
    }

    /// Whether the person who touches it is the right one from now on.
    pub async fn verifies_person(&self, verified: bool) {
        let wanted = json!({ "isUserVerified": verified });
        send(&format!("{}/uv", self.address), Some(&wanted)).await;
    }

    /// What it holds: `credentialId`, `rpId`, `userHandle`, `signCount`, `privateKey`…
    pub async fn credentials(&self) -> Vec<Value> {
        let held = send(&format!("{}/credentials", self.address), None).await;
        held.as_array().expect("a list").clone()
    }

    /// Puts a credential in, as [`Self::credentials`] gave it: with another counter it is a clone.
    pub async fn put(&self, credential: &Value) {
        send(&format!("{}/credential", self.address), Some(credential)).await;
    }

    /// Forgets everything.
    pub async fn forget(&self) {
        for credential in self.credentials().await {
            let id = credential["credentialId"].as_str().expect("an id");
            remove(&format!("{}/credentials/{id}", self.address)).await;
        }
    }

    /// Plugs it out.
    pub async fn unplug(self) {
        remove(&self.address).await;
    }
}

async fn send(url: &str, body: Option<&Value>) -> Value {
    let request = match body {
        Some(body) => client().post(url).json(body),
        None => client().get(url),
    };
    let answer = request.send().await.expect("chromedriver").json::<Value>().await;
    let value = answer.expect("an answer")["value"].take();
    assert!(value.get("error").is_none(), "{url}: {value}");
    value
}

async fn remove(url: &str) {
    let answer = client().delete(url).send().await.expect("chromedriver");
    assert!(answer.status().is_success(), "{url}: {}", answer.status());
}
