//! The operations that are measured. One is one thing that a relying party or a person wants.

use anyhow::{Result, ensure};
use http::header::AUTHORIZATION;

use crate::browser::Browser;
use crate::saml::Told;

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
    /// A service's request with a session, and the Response.
    SamlSignOn(Told),
    /// A Response of a SAML source to a login that waits for it, as far as the code.
    SamlConsume,
    /// A login without a session: relying party, SAML source, relying party, two tokens.
    SamlRoundOidc,
    /// A login without a session: service, SAML source, service.
    SamlRound,
}

impl Operation {
    /// What a node is asked.
    pub(crate) const OF_A_NODE: [Self; 12] = [
        Self::Discovery,
        Self::ClientCredentials,
        Self::CodeFlow,
        Self::Refresh,
        Self::Userinfo,
        Self::Introspection,
        Self::SamlSignOn(Told::One),
        Self::SamlSignOn(Told::Both),
        Self::SamlSignOn(Told::Sealed),
        Self::SamlConsume,
        Self::SamlRoundOidc,
        Self::SamlRound,
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
            Self::SamlSignOn(Told::One) => "saml_sign_on",
            Self::SamlSignOn(Told::Both) => "saml_sign_on_both",
            Self::SamlSignOn(Told::Sealed) => "saml_sign_on_sealed",
            Self::SamlConsume => "saml_consume",
            Self::SamlRoundOidc => "saml_round_oidc",
            Self::SamlRound => "saml_round",
        }
    }

    /// How many of it `users` could do in a second at the very best, where something must be made
    /// ahead of time for each.
    pub(crate) const fn made_ahead(self, users: usize) -> Option<usize> {
        let (all, each) = match self {
            // No more than the signature allows.
            Self::SamlSignOn(_) => (4_000, 2_000),
            Self::SamlRound => (1_500, 1_000),
            Self::SamlConsume => (2_500, 1_000),
            _ => return None,
        };
        Some(if users * each < all { users * each } else { all })
    }

    /// Makes ahead of time what `count` of it take.
    pub(crate) async fn prepare(self, browser: &mut Browser, count: usize) -> Result<()> {
        match self {
            Self::SamlSignOn(service) => browser.make_requests(service, false, count),
            Self::SamlRound => browser.make_requests(Told::One, true, count),
            Self::SamlConsume => browser.make_answers(count).await,
            _ => Ok(()),
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
            Self::SamlSignOn(_) => browser.sign_on().await?,
            Self::SamlConsume => browser.consume().await?,
            Self::SamlRoundOidc => browser.round().await?,
            Self::SamlRound => browser.round_between_services().await?,
        }
        Ok(())
    }
}
