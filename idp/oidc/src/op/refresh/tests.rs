//! Tests of what a refresh may give.

use super::{is_due, issue};
use crate::op::{
    Client, ClientRegistration, Grant, Params,
    client::REFRESH_TOKEN_LIFETIME,
    testing::{NOW, form, grant, register, rp1},
    token::TokenRequest,
};
use crate::scope::Scopes;

fn admit(grant: &Grant, client: &Client, more: &str) -> Result<String, &'static str> {
    let text = format!("grant_type=refresh_token&refresh_token=x{more}");
    let params = Params::parse(text.as_bytes()).unwrap();
    let Ok(TokenRequest::Refresh(refreshing)) = TokenRequest::read(&params, client) else {
        panic!("no refresh")
    };
    assert_eq!(refreshing.token, "x");
    let (scopes, resources) = refreshing.admit(grant, client).map_err(|rule| rule.slug)?;
    Ok(format!("{} / {}", scopes.as_str(), resources.join(" ")))
}

//= rfc6749#6-2 test
#[test]
fn tok_08_a_refresh_narrows_and_never_widens() {
    let grant =
        grant(&[("scope", "openid email offline_access"), ("resource", "https://api.example")]);
    let admit = |more: &str| admit(&grant, &rp1(), more);
    assert_eq!(admit("").unwrap(), "openid email offline_access / https://api.example");
    assert_eq!(admit("&scope=openid").unwrap(), "openid / https://api.example");
    assert_eq!(
        admit("&scope=email&resource=https://api.example&resource=https://api.example").unwrap(),
        "email / https://api.example"
    );
    // Registered for the client, but not granted by this person.
    for scope in ["openid+profile", "groups", "admin", "%22"] {
        let end = admit(&format!("&scope={scope}"));
        assert_eq!(end, Err("oidc.token.refresh_scope"), "{scope}");
    }
    for resource in ["https://files.example", "https://broker.example", "x"] {
        let end = admit(&format!("&resource={resource}"));
        assert_eq!(end, Err("oidc.token.resource"), "{resource}");
    }
}

//= rfc6749#6-1 test
#[test]
fn tok_08_a_refresh_token_of_another_client_is_refused() {
    let thief = register("rpx", &form());
    let grant = grant(&[("scope", "openid offline_access")]);
    assert_eq!(admit(&grant, &thief, ""), Err("oidc.token.refresh_client"));
}

//= oidc-core#11-1 test
#[test]
fn a_refresh_token_is_due_where_it_was_asked_for_and_may_be_had() {
    let scopes = |text| Scopes::parse(text).unwrap();
    assert!(is_due(&rp1(), &scopes("openid offline_access")));
    assert!(!is_due(&rp1(), &scopes("openid")));
    let online = register("rp1", &ClientRegistration { offline_access: false, ..form() });
    assert!(!is_due(&online, &scopes("openid offline_access")));
}

//= rfc9700#4.14.2-2 test
#[test]
fn an_unused_refresh_token_expires() {
    let (_, expires_at) = issue(&rp1(), [1; 32], NOW);
    assert_eq!(expires_at, NOW + REFRESH_TOKEN_LIFETIME);
    let short = ClientRegistration { refresh_token_lifetime: Some(300), ..form() };
    let (_, expires_at) = issue(&register("rp1", &short), [1; 32], NOW);
    assert_eq!(expires_at.seconds(), NOW.seconds() + 300);
}
