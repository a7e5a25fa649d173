//! A web application whose sign-in is npm's `openid-client`, for a person in a browser.

use serde_json::json;

use super::node;
use crate::harness::process::Process;

/// The running application.
#[derive(Debug)]
pub struct WebParty {
    /// Its address, without a slash at the end.
    pub base: String,
    _process: Process,
}

/// How the application is registered.
#[derive(Debug, Clone, Copy)]
pub struct Registration<'a> {
    /// Its `client_id`.
    pub id: &'a str,
    /// Its secret.
    pub secret: &'a str,
    /// What stands on its pages.
    pub title: &'a str,
}

impl WebParty {
    /// The address of an application on this port.
    pub fn base_at(port: u16) -> String {
        format!("http://127.0.0.1:{port}")
    }

    /// Where it takes answers.
    pub fn redirect_uri_at(port: u16) -> String {
        format!("{}/cb", Self::base_at(port))
    }

    /// Where it wants people after sign-out.
    pub fn goodbye_at(port: u16) -> String {
        format!("{}/bye", Self::base_at(port))
    }

    /// Starts it; it looks for the provider only when somebody signs in.
    pub async fn start(port: u16, issuer: &str, as_: Registration<'_>) -> Option<Self> {
        let settings = json!({
            "port": port, "issuer": issuer,
            "client_id": as_.id, "client_secret": as_.secret, "title": as_.title,
        });
        let process =
            node(&format!("relying-party-{port}"), "relying_party.mjs", &settings).await?;
        Some(Self { base: Self::base_at(port), _process: process })
    }
}
