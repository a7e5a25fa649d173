//! The operations that are measured. One is one thing that a relying party or a person wants.

use anyhow::{Result, ensure};
use http::header::AUTHORIZATION;

use crate::browser::Browser;

/// What a virtual user does over and over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// A bare answer of the floor's server.
    Hello,
    /// The discovery document.
    Discovery,
    /// A token for the relying party itself.
    ClientCredentials,
    /// Authorize with a session, then two tokens for the code.
    CodeFlow,
    /// Tokens and a new refresh token for a refresh token.
    Refresh,
    /// The attributes behind an access token.
    Userinfo,
    /// Whether an access token is good.
    Introspection,
}

impl Operation {
    /// What a node is asked.
    pub(crate) const OF_A_NODE: [Self; 6] = [
        Self::Discovery,
        Self::ClientCredentials,
        Self::CodeFlow,
        Self::Refresh,
        Self::Userinfo,
        Self::Introspection,
    ];

    /// Its name in reports and after `--only`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Discovery => "discovery",
            Self::ClientCredentials => "client_credentials",
            Self::CodeFlow => "code_flow",
            Self::Refresh => "refresh",
            Self::Userinfo => "userinfo",
            Self::Introspection => "introspection",
        }
    }

    /// Does it once, and fails unless it succeeded.
    pub(crate) async fn once(self, browser: &mut Browser) -> Result<()> {
        match self {
            Self::Hello => {
                browser.connection.send("/hello", &[], None).await?.text(200)?;
            }
            Self::Discovery => {
                let path = "/.well-known/openid-configuration";
                browser.connection.send(path, &[], None).await?.text(200)?;
            }
            Self::ClientCredentials => {
                let form = "grant_type=client_credentials".to_owned();
                browser.back_channel("/oidc/token", form).await?.text(200)?;
            }
            Self::CodeFlow => browser.code_flow("openid%20profile%20email").await?,
            Self::Refresh => browser.refresh().await?,
            Self::Userinfo => {
                let bearer = format!("Bearer {}", browser.access_token);
                let headers = [(AUTHORIZATION, bearer.as_str())];
                browser.connection.send("/oidc/userinfo", &headers, None).await?.text(200)?;
            }
            Self::Introspection => {
                let form = format!("token={}", browser.access_token);
                let answer = browser.back_channel("/oidc/introspect", form).await?;
                ensure!(answer.text(200)?.contains("\"active\":true"), "the token is not active");
            }
        }
        Ok(())
    }
}
