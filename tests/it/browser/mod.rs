//! Real Chromium, a foreign provider, and relying parties that we did not write.

mod apache;
mod openid_client;
mod passkeys;

use idp_tests::harness::browser::Browser;
use idp_tests::harness::federation::{Federation, merged};
use idp_tests::harness::ports::free_port;
use idp_tests::harness::server::{Broker, Plan};
use idp_tests::peers::openid_provider::{self, OpenidProvider};
use serde_json::{Value, json};

use crate::house::{EVE, FOREIGN, LOCAL};

/// What the relying parties prove themselves with.
const SECRET: &str = "a-secret-of-the-test-bed-0123456789abcdef";

/// A broker in front of a foreign provider.
struct Scene {
    broker: Broker,
    _provider: OpenidProvider,
}

/// A relying party to be registered: id, redirect URI, address after sign-out.
type Party<'a> = (&'a str, String, String);

async fn scene(plan: Plan, parties: &[Party<'_>]) -> Option<Scene> {
    let port = free_port();
    let registered = openid_provider::client("broker", SECRET, &plan.callback("foreign"));
    let people = json!({"bob": {
        "name": "Bob Browser", "given_name": "Bob", "family_name": "Browser",
        "email": "bob@unb.example", "email_verified": true,
    }});
    let provider = OpenidProvider::start(port, &[registered], &people).await?;
    let more: Value = json!({"connection": {"scopes": ["openid", "profile", "email"]}});
    let mut federation = Federation::new()
        .agency("loc", LOCAL, "loc.example", json!({}))
        .local_source("partners", "loc", &[EVE])
        .agency("unb", FOREIGN, "unb.example", json!({}))
        .oidc_source("foreign", "unb", &provider.issuer, ("broker", SECRET), more);
    for (id, redirect_uri, goodbye) in parties {
        let connection = json!({"connection": {
            "post_logout_redirect_uris": [goodbye], "application_type": "web",
        }});
        let home = json!({"home": goodbye.rsplit_once('/').unwrap().0});
        federation = federation.party(id, SECRET, redirect_uri, merged(connection, home));
    }
    let broker = plan.start(&federation.build()).await;
    Some(Scene { broker, _provider: provider })
}

/// Signs bob in at the foreign provider's own pages, and agrees there.
async fn at_the_foreign_provider(browser: &Browser) {
    browser.fill("input[name=login]", "bob").await;
    browser.fill("input[name=password]", "any").await;
    browser.screenshot("foreign-login").await;
    browser.choose("Sign-in").await;
    browser.find("form button").await;
    browser.screenshot("foreign-consent").await;
    browser.choose("Continue").await;
}
