//! The attacks on the authorization endpoint that are decided here, each by its id.

use idp_domain::{Lifetime, assurance::REFEDS_MFA};

use super::Declined;
use crate::op::{
    Answer, ClientRegistration, ResponseMode,
    testing::{ISSUER, ask, ask_as, form, legacy, outcome, register, request, rp1, rp2},
};

fn ends(changes: &[(&str, &str)]) -> String {
    outcome(&ask(changes))
}

/// How RP2's request for an answer at `uri` ends.
fn native_ends(uri: &str) -> String {
    let text = request(&[("client_id", "rp2"), ("redirect_uri", uri)]);
    outcome(&ask_as(Some(&rp2()), &text))
}

const NOT_REGISTERED: &str = "page oidc.authorize.redirect_uri";

//= rfc9700#2.1-1 test
//= rfc9700#2.1-2 test
#[test]
fn auz_01_no_answer_goes_to_an_address_that_is_not_registered() {
    for uri in [
        "https://evil.example/cb",
        "https://rp1.example/cb/",
        "https://rp1.example/cb/..",
        "https://rp1.example/cb%2f..%2fevil",
        "https://rp1.example/cb?x=1",
        "https://rp1.example//cb",
        "https://RP1.EXAMPLE/cb",
        "https://rp1.example:443/cb",
        "https://rp1.example/CB",
        "https://rp1.example/cb ",
        " https://rp1.example/cb",
        "https://rp1.example.evil.example/cb",
        "//rp1.example/cb",
        "/cb",
        "null",
    ] {
        assert_eq!(ends(&[("redirect_uri", uri)]), NOT_REGISTERED, "{uri}");
    }
    assert_eq!(ends(&[("redirect_uri", "")]), "page oidc.authorize.redirect_uri_missing");
    let empty = format!("{}&redirect_uri=", request(&[("redirect_uri", "")]));
    assert_eq!(outcome(&ask_as(Some(&rp1()), &empty)), "page oidc.authorize.redirect_uri_missing");
}

#[test]
fn auz_03_no_userinfo_leads_elsewhere() {
    for uri in [
        "https://rp2.example@@evil.example",
        "https://a@b@evil.example/cb",
        "https://rp2.example:pw@evil.example",
        "http://127.0.0.1@evil.example/cb",
        "http://127.0.0.1:80@evil.example/cb",
    ] {
        assert_eq!(native_ends(uri), NOT_REGISTERED, "{uri}");
    }
}

#[test]
fn auz_05_fragments_and_foreign_parameters_are_another_text() {
    for uri in [
        "https://rp1.example/cb#",
        "https://rp1.example/cb#frag",
        "https://rp1.example/cb?",
        "https://rp1.example/cb?code=attacker",
        "https://rp1.example/cb?state=attacker",
    ] {
        assert_eq!(ends(&[("redirect_uri", uri)]), NOT_REGISTERED, "{uri}");
    }
}

#[test]
fn auz_06_only_the_same_literal_address_is_this_machine() {
    assert_eq!(native_ends("http://127.0.0.1:51234/cb"), "ok");
    for uri in [
        "http://localhost:1/cb",
        "http://127.1/cb",
        "http://0x7f.1/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "http://[::1]/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1:80@evil/cb",
        "http://127.0.0.1:51234/other",
    ] {
        assert_eq!(native_ends(uri), NOT_REGISTERED, "{uri}");
    }
}

#[test]
fn auz_07_a_dangerous_scheme_is_no_registered_one() {
    for uri in ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "com.app:/cb"] {
        assert_eq!(ends(&[("redirect_uri", uri)]), NOT_REGISTERED, "{uri}");
    }
    assert_eq!(native_ends("com.example.app:/cb"), "ok");
    assert_eq!(native_ends("com.example.app:/cb/x"), NOT_REGISTERED);
}

#[test]
fn auz_09_case_order_and_escapes_of_the_query_count() {
    let form = ClientRegistration {
        redirect_uris: vec!["https://rp1.example/cb?a=1".to_owned()],
        ..form()
    };
    let client = register("rp1", &form);
    let end = |uri| outcome(&ask_as(Some(&client), &request(&[("redirect_uri", uri)])));
    assert_eq!(end("https://rp1.example/cb?a=1"), "ok");
    for uri in [
        "https://rp1.example/cb?A=1",
        "https://rp1.example/cb?a=1&b=2",
        "https://rp1.example/cb?b=2&a=1",
        "https://rp1.example/cb?a=%31",
        "https://rp1.example/cb",
    ] {
        assert_eq!(end(uri), NOT_REGISTERED, "{uri}");
    }
}

//= rfc9700#2.1.2-1 test
//= rfc6749#3.1.1-1 test
//= oidc-core#3.1.2.2-1 test
#[test]
fn auz_12_only_codes_are_issued_and_only_by_registered_modes() {
    for kind in ["token", "id_token", "code token", "code id_token", "none", "CODE", "code code"] {
        assert_eq!(
            ends(&[("response_type", kind)]),
            "redirect unsupported_response_type oidc.authorize.response_type",
            "{kind}"
        );
    }
    assert_eq!(
        ends(&[("response_type", "")]),
        "redirect invalid_request oidc.authorize.response_type_missing"
    );
    for mode in ["fragment", "form_post.jwt", "query.jwt", "web_message", "QUERY"] {
        assert_eq!(
            ends(&[("response_mode", mode)]),
            "redirect invalid_request oidc.authorize.response_mode",
            "{mode}"
        );
    }
    let query_only = ClientRegistration { response_modes: vec![ResponseMode::Query], ..form() };
    let text = request(&[("response_mode", "form_post")]);
    assert_eq!(
        outcome(&ask_as(Some(&register("rp1", &query_only)), &text)),
        "redirect invalid_request oidc.authorize.response_mode"
    );
}

//= rfc6749#4.1.2.1-1 test
#[test]
fn auz_13_state_comes_back_exactly_and_is_bounded() {
    let script = "\"><script>alert(1)</script>";
    let answer = ask(&[("state", script), ("scope", "nonsense"), ("response_mode", "form_post")]);
    let Err(Declined::Redirect(error)) = answer else { panic!("{answer:?}") };
    let Answer::FormPost { fields, .. } = error.answer(&ISSUER) else { panic!("a redirect") };
    assert!(fields.contains(&("state", script.to_owned())));
    assert_eq!(ends(&[("state", &"x".repeat(4_096))]), "ok");
    assert_eq!(ends(&[("state", &"x".repeat(4_097))]), "page oidc.authorize.state_too_long");
    // What a form cannot carry is refused before anybody is redirected.
    for state in ["state=a%00b", "state=a%0ab", "state=a%0db"] {
        let parsed = crate::op::Params::parse(state.as_bytes());
        assert_eq!(parsed.unwrap_err().slug, "oidc.params.control");
    }
}

//= oidc-core#3.1.2.1-3 test
//= oidc-core#3.1.2.1-5 test
#[test]
fn auz_19_prompt_and_max_age_reach_the_demand_or_are_refused() {
    let demand = |changes: &[(&str, &str)]| ask(changes).unwrap().demand;
    assert!(demand(&[("prompt", "login")]).force);
    assert!(demand(&[("prompt", "none")]).passive);
    assert_eq!(demand(&[("max_age", "0")]).max_age, Some(Lifetime::seconds(0)));
    assert_eq!(demand(&[("max_age", "60")]).max_age, Some(Lifetime::seconds(60)));
    for prompt in ["none login", "login none", "none consent", "none select_account"] {
        assert_eq!(
            ends(&[("prompt", prompt)]),
            "redirect invalid_request oidc.authorize.prompt_none",
            "{prompt}"
        );
    }
    for prompt in ["Login", "create", "login,consent"] {
        assert_eq!(
            ends(&[("prompt", prompt)]),
            "redirect invalid_request oidc.authorize.prompt",
            "{prompt}"
        );
    }
    for age in ["-1", "1000000000000", "2147483648", "1e3", "+5", "5.0", " 5", "x"] {
        assert_eq!(
            ends(&[("max_age", age)]),
            "redirect invalid_request oidc.authorize.max_age",
            "{age}"
        );
    }
}

//= oidc-core#5.5.1.1-1 test
#[test]
fn auz_21_an_essential_acr_binds_whatever_stands_beside_it() {
    let demand = |changes: &[(&str, &str)]| ask(changes).unwrap().demand;
    let essential =
        format!(r#"{{"id_token":{{"acr":{{"essential":true,"values":["{REFEDS_MFA}"]}}}}}}"#);
    for beside in ["", "urn:weak", "urn:weak urn:other"] {
        let demand = demand(&[("claims", &essential), ("acr_values", beside)]);
        assert!(demand.essential);
        assert_eq!(demand.acr.len(), 1);
        assert_eq!(demand.acr[0].as_str(), REFEDS_MFA);
    }
    let unnamed = r#"{"id_token":{"acr":{"essential":true}}}"#;
    let both = demand(&[("claims", unnamed), ("acr_values", REFEDS_MFA)]);
    assert!(both.essential);
    assert_eq!(both.acr[0].as_str(), REFEDS_MFA);
    let voluntary = format!(r#"{{"id_token":{{"acr":{{"value":"{REFEDS_MFA}"}}}}}}"#);
    let voluntary = demand(&[("claims", &voluntary), ("acr_values", "urn:weak")]);
    assert!(!voluntary.essential);
    assert_eq!(voluntary.acr.len(), 2);
    let many = "urn:a ".repeat(17);
    for (name, value) in
        [("claims", "{"), ("claims", r#"{"id_token":{"acr":7}}"#), ("acr_values", &many)]
    {
        assert!(ends(&[(name, value)]).starts_with("redirect invalid_request"), "{value}");
    }
}

//= rfc9700#2.1.1-1 test
//= rfc9700#2.1.1-2 test
//= rfc9700#2.1.1-3 test
//= rfc9700#2.1.1-4 test
//= rfc7636#4.4.1-1 test
#[test]
fn tok_04_pkce_is_there_and_s256() {
    let challenge = crate::op::testing::verifier().challenge();
    let cases = [
        ("", "", "pkce_missing"),
        ("", "S256", "pkce_method"),
        (challenge.as_str(), "", "pkce_method"),
        (challenge.as_str(), "plain", "pkce_method"),
        (challenge.as_str(), "S512", "pkce_method"),
        (challenge.as_str(), "s256", "pkce_method"),
        (&challenge.as_str()[1..], "S256", "pkce_challenge"),
        (&"A".repeat(129), "S256", "pkce_challenge"),
        (&challenge.as_str().replace('A', "+"), "S256", "pkce_challenge"),
        (&format!("{}=", challenge.as_str()), "S256", "pkce_challenge"),
    ];
    for (challenge, method, rule) in cases {
        let changes = [("code_challenge", challenge), ("code_challenge_method", method)];
        let expected = format!("redirect invalid_request oidc.authorize.{rule}");
        assert_eq!(ends(&changes), expected, "{challenge} {method}");
        // An exception for old software is no exception for a broken challenge.
        if rule != "pkce_missing" {
            assert_eq!(outcome(&ask_as(Some(&legacy()), &request(&changes))), expected);
        }
        let native =
            [&changes[..], &[("client_id", "rp2"), ("redirect_uri", "http://127.0.0.1/cb")]];
        assert_eq!(outcome(&ask_as(Some(&rp2()), &request(&native.concat()))), expected);
    }
    assert_eq!(ends(&[]), "ok");
}
