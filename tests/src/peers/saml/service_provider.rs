//! Foreign SAML service providers: the package pysaml2, several in one process.

use serde_json::{Value, json};

use super::keys::KeyPair;
use crate::harness::http::{Visitor, client};
use crate::harness::page::Page;
use crate::harness::process::Process;
use crate::harness::{federation::merged, tools};
use crate::peers::listening;

/// The running service providers.
#[derive(Debug)]
pub struct ServiceProviders {
    base: String,
    process: Process,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct ServiceProvider {
    /// Its address, without a slash at the end.
    pub base: String,
}

impl ServiceProviders {
    /// Starts those that `providers` names, each with its settings; they ask for the identity
    /// provider's metadata when somebody first signs in.
    pub async fn start(port: u16, idp: &str, providers: &[(&str, Value)]) -> Option<Self> {
        let (python, folder) = tools::python_peers()?;
        tools::program("LP_XMLSEC1", "xmlsec1")?;
        let mut settings = vec![];
        for (name, more) in providers {
            let keys = KeyPair::named(name)?;
            let own = json!({"name": name, "key": keys.key, "cert": keys.certificate});
            settings.push(merged(own, more.clone()));
        }
        let settings = json!({"port": port, "idp": idp, "providers": settings});
        let script = folder.join("service_provider.py");
        let process = Process::start(&format!("service-providers-{port}"), &python, |command| {
            command.arg("-B").arg(&script).arg(settings.to_string());
            // A proxy of the machine has no business on loopback.
            for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
                command.env_remove(name);
            }
            command.env("NO_PROXY", "*");
        });
        listening(&process, &script).await;
        Some(Self { base: format!("http://127.0.0.1:{port}"), process })
    }

    /// One of them by its name.
    pub fn provider(&self, name: &str) -> ServiceProvider {
        ServiceProvider { base: format!("{}/{name}", self.base) }
    }

    /// What they have logged.
    pub fn log(&self) -> String {
        self.process.log()
    }
}

impl ServiceProvider {
    /// Its name, and where its metadata is.
    pub fn entity_id(&self) -> String {
        format!("{}/metadata", self.base)
    }

    /// Its metadata.
    pub async fn metadata(&self) -> String {
        let answer = client().get(self.entity_id()).send().await.expect("its metadata");
        answer.text().await.expect("a text")
    }

    /// Where a person begins; the parameters say what it asks of the identity provider.
    pub fn sign_in(&self, asked: &[(&str, &str)]) -> String {
        url::Url::parse_with_params(&format!("{}/login", self.base), asked)
            .expect("its address")
            .into()
    }

    /// Where a person signs out of everything, by `redirect`, `post` or `soap`.
    pub fn sign_out(&self, binding: &str) -> String {
        format!("{}/logout?binding={binding}", self.base)
    }

    /// Where it takes answers.
    pub fn acs(&self) -> String {
        format!("{}/acs", self.base)
    }

    /// What it says of a message that it has received.
    pub fn told(&self, page: &Page) -> Value {
        assert!(page.url.as_str().starts_with(&self.base), "not there:\n{}", page.describe());
        let html = page.texts("#told").into_iter().next();
        let Some(text) = html else { panic!("it tells nothing:\n{}", page.describe()) };
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Whether it has this browser's person signed in.
    pub async fn has_signed_in(&self, visitor: &mut Visitor) -> bool {
        let page = visitor.open(format!("{}/", self.base)).await;
        self.told(&page)["signed_in"] == true
    }

    /// The logout messages that it has received.
    pub async fn seen(&self) -> Vec<Value> {
        let page = Visitor::new().open(format!("{}/", self.base)).await;
        self.told(&page)["seen"].as_array().cloned().expect("a list")
    }
}
