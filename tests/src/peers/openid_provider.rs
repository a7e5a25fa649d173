//! A foreign OpenID Provider with login and consent pages of its own: `oidc-provider` on Node.

use serde_json::{Value, json};
use url::Url;

use super::node;
use crate::harness::http::Visitor;
use crate::harness::page::Page;
use crate::harness::process::Process;

/// The running provider.
#[derive(Debug)]
pub struct OpenidProvider {
    /// Its issuer, without a slash at the end.
    pub issuer: String,
    _process: Process,
}

/// One registered client of the foreign provider.
pub fn client(id: &str, secret: &str, redirect_uri: &str) -> Value {
    json!({
        "client_id": id, "client_secret": secret, "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "post_logout_redirect_uris": [redirect_uri],
    })
}

impl OpenidProvider {
    /// The issuer of a provider on this port.
    pub fn issuer_at(port: u16) -> String {
        format!("http://127.0.0.1:{port}")
    }

    /// Starts it; `people` maps a login name to claims, and any password will do.
    pub async fn start(port: u16, clients: &[Value], people: &Value) -> Option<Self> {
        let settings = json!({"port": port, "clients": clients, "people": people});
        let process =
            node(&format!("openid-provider-{port}"), "openid_provider.mjs", &settings).await?;
        Some(Self { issuer: Self::issuer_at(port), _process: process })
    }

    /// Signs in on its login page and agrees on its consent page.
    pub async fn sign_in(&self, visitor: &mut Visitor, page: &Page, person: &str) -> Page {
        assert!(self.owns(&page.url), "not at the foreign provider:\n{}", page.describe());
        let form = page.form_with("login").fill("login", person).fill("password", "any").enter();
        let mut page = visitor.submit(page, form).await;
        while self.owns(&page.url) && !page.arrived() {
            // The consent page: one form with one button.
            let form = page.forms().into_iter().next();
            let Some(form) = form else { panic!("no consent form:\n{}", page.describe()) };
            page = visitor.submit(&page, form.enter()).await;
        }
        page
    }

    fn owns(&self, url: &Url) -> bool {
        url.as_str().starts_with(&self.issuer)
    }
}
