//! Tests of what a client may have in its own name.

use crate::op::{
    Client, ClientRegistration, Params,
    testing::{ISSUER, register, service, service_form},
    token::TokenRequest,
};

fn admit(client: &Client, more: &str) -> Result<String, &'static str> {
    let text = format!("grant_type=client_credentials{more}");
    let params = Params::parse(text.as_bytes()).unwrap();
    let Ok(TokenRequest::ClientCredentials(asked)) = TokenRequest::read(&params, client) else {
        panic!("another grant type")
    };
    let (scopes, resources) = asked.admit(client, &ISSUER).map_err(|rule| rule.code.as_str())?;
    Ok(format!("{} / {}", scopes.as_str(), resources.join(" ")))
}

#[test]
fn a_service_has_its_registered_scopes_or_some_of_them() {
    assert_eq!(admit(&service(), "").unwrap(), "metrics logs / ");
    assert_eq!(admit(&service(), "&scope=logs").unwrap(), "logs / ");
    assert_eq!(
        admit(&service(), "&scope=logs&resource=https://api.example").unwrap(),
        "logs / https://api.example"
    );
}

#[test]
fn tok_18_a_scope_that_is_not_registered_is_refused() {
    for scope in ["openid profile admin", "metrics admin", "openid", "offline_access", "METRICS"] {
        let more = format!("&scope={}", scope.replace(' ', "+"));
        assert_eq!(admit(&service(), &more), Err("invalid_scope"), "{scope}");
    }
}

#[test]
fn tok_18_scopes_about_people_are_nobodys_in_its_own_name() {
    let mut scopes = service_form().scopes;
    scopes.extend(["openid", "email"].map(str::to_owned));
    let client = register("service", &ClientRegistration { scopes, ..service_form() });
    assert_eq!(admit(&client, "").unwrap(), "metrics logs / ");
    assert_eq!(admit(&client, "&scope=email"), Err("invalid_scope"));
}

#[test]
fn tok_20_a_resource_that_is_not_registered_is_refused() {
    for resource in
        ["https://other.example", "https://api.example/", "https://broker.example/admin"]
    {
        assert_eq!(admit(&service(), &format!("&resource={resource}")), Err("invalid_target"));
    }
}
