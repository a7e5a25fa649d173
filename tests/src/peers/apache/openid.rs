//! `mod_auth_openidc`: an OpenID Connect relying party.

use std::path::Path;

use super::{Apache, MODULES, lay_out};
use crate::harness::tools;

/// The page that Apache protects: it prints what the module tells an application.
const PAGE: &str = "<!doctype html><html lang=en><title>Protected</title><h1>Protected</h1>\
    <pre id=me><!--#printenv --></pre>\
    <p><a id=sign-out href='redirect_uri?logout=BASE/bye.html'>Sign out</a></p>";

impl Apache {
    /// Where the module takes answers.
    pub fn redirect_uri_at(port: u16) -> String {
        format!("http://127.0.0.1:{port}/secure/redirect_uri")
    }

    /// Starts it as a relying party of `issuer`.
    pub async fn start(port: u16, issuer: &str, id: &str, secret: &str) -> Option<Self> {
        let module = Path::new(MODULES).join("mod_auth_openidc.so");
        if !module.exists() {
            return tools::service("LP_APACHE_OPENIDC", "mod_auth_openidc").and(None);
        }
        let folder = lay_out(&PAGE.replace("BASE", &format!("http://127.0.0.1:{port}")));
        let told = directives(port, issuer, id, secret);
        Self::launch(port, folder, &["auth_openidc"], &told).await
    }
}

fn directives(port: u16, issuer: &str, id: &str, secret: &str) -> String {
    let issuer = issuer.trim_end_matches('/');
    format!(
        r#"LogLevel auth_openidc:info
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {id}
OIDCClientSecret {secret}
OIDCRedirectURI {redirect}
OIDCCryptoPassphrase a-passphrase-of-the-test-bed-0123456789
OIDCScope "openid profile email"
OIDCPKCEMethod S256
OIDCCookieSameSite On
OIDCRemoteUserClaim sub
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCDefaultLoggedOutURL {goodbye}
OIDCPassClaimsAs environment
<Location /secure>
  AuthType openid-connect
  Require valid-user
</Location>
"#,
        redirect = Apache::redirect_uri_at(port),
        goodbye = Apache::goodbye_at(port),
    )
}
