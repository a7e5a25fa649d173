//! Tests of what a request becomes, and of the table of checks.
//! Length: one table, one file of its cases.

use expect_test::expect;
use idp_domain::{Lifetime, Subject, relying_party::Protocol, transaction::Hints};
use proptest::prelude::*;

use super::{Asked, AuthorizeParams, Declined, Entry, authorize};
use crate::{
    jwt::{TokenType, mint},
    keys::{SigningAlg, testing::key},
    op::{
        Answer, ClientRegistration, Params, Ticket, checks,
        client::GrantType,
        testing::{
            ISSUER, KEYS, ask, ask_as, form, legacy, outcome, register, request, rp1, service,
        },
    },
};
use serde_json::json;

fn ends(changes: &[(&str, &str)]) -> String {
    outcome(&ask(changes))
}

#[test]
fn a_sound_request_becomes_a_wish_for_a_login() {
    let request = ask(&[
        ("prompt", "login select_account"),
        ("max_age", "300"),
        ("acr_values", "https://refeds.org/profile/mfa urn:other"),
        ("login_hint", "alice@UNA.example"),
        ("ui_locales", "ar fr-CA"),
        ("idp_hint", "una"),
        ("claims", r#"{"userinfo":{"name":null}}"#),
    ])
    .unwrap();
    assert_eq!(request.ticket.protocol, Protocol::Oidc);
    expect![[r#"
        AuthnRequest {
            relying_party: RelyingPartyId(rp1),
            demand: Demand {
                acr: [
                    Acr(https://refeds.org/profile/mfa),
                    Acr(urn:other),
                ],
                essential: false,
                max_age: Some(
                    Lifetime(
                        300,
                    ),
                ),
                factor_max_age: None,
                force: true,
                passive: false,
                consent: false,
                select: true,
                subject: None,
            },
            ticket: ReturnTicket {
                protocol: Oidc,
                ..
            },
            hints: Hints {
                source: Some(
                    SourceId(una),
                ),
                agency: Some(
                    AgencyId(una),
                ),
                domain: Some(
                    "una.example",
                ),
                login: Some(
                    "alice@UNA.example",
                ),
                locales: Some(
                    "ar fr-CA",
                ),
            },
            wanted: {
                AttributeName(displayName),
                AttributeName(mail),
            },
        }
    "#]]
    .assert_debug_eq(&request);
}

//= oidc-core#3.1.2.1-1 test
//= rfc6749#3.1-1 test
#[test]
fn both_doors_lead_to_the_same_wish() {
    let text = request(&[]);
    let params = Params::parse(text.as_bytes()).unwrap();
    let client = rp1();
    let asked = |entry, stray_query| {
        authorize(&Asked {
            entry,
            params: &params,
            stray_query,
            client: Some(&client),
            issuer: &ISSUER,
            keys: &KEYS,
        })
    };
    assert_eq!(asked(Entry::Get, false), asked(Entry::Post, false));
    let stray = outcome(&asked(Entry::Post, true));
    assert_eq!(stray, "page oidc.authorize.stray_query");
}

#[test]
fn the_table_reads_down_one_page() {
    let lines: Vec<_> = checks::rules()
        .map(|rule| [rule.code.as_str(), rule.slug.trim_start_matches("oidc.authorize.")].join(" "))
        .collect();
    expect![[r"
        invalid_request stray_query
        invalid_request repeated_way_back
        invalid_request client_unknown
        invalid_request redirect_uri_missing
        invalid_request redirect_uri
        invalid_request state_too_long
        invalid_request response_mode
        invalid_request repeated
        request_not_supported request
        request_uri_not_supported request_uri
        registration_not_supported registration
        invalid_request response_type_missing
        unsupported_response_type response_type
        unauthorized_client grant_type
        invalid_scope scope_malformed
        invalid_scope scope
        invalid_request nonce_too_long
        invalid_request pkce_method
        invalid_request pkce_challenge
        invalid_request pkce_missing
        invalid_request prompt
        invalid_request prompt_none
        invalid_request max_age
        invalid_request acr_values
        invalid_request claims
        invalid_request id_token_hint
        invalid_request two_subjects
        invalid_target resource"]]
    .assert_eq(&lines.join("\n"));
}

//= rfc6749#3.1.2.4-1 test
//= rfc9700#4.11.2-1 test
#[test]
fn who_is_not_known_is_not_answered() {
    let text = request(&[]);
    assert_eq!(outcome(&ask_as(None, &text)), "page oidc.authorize.client_unknown");
    assert_eq!(ends(&[("client_id", "")]), "page oidc.authorize.client_unknown");
    // The web looked up one client, the request names another.
    assert_eq!(ends(&[("client_id", "rp2")]), "page oidc.authorize.client_unknown");
}

//= rfc6749#3.1-3 test
#[test]
fn a_parameter_that_stands_twice_is_refused() {
    let twice = |pair: &str| outcome(&ask_as(Some(&rp1()), &format!("{}&{pair}", request(&[]))));
    for pair in ["client_id=rp1", "redirect_uri=https://rp1.example/cb", "state=x", "state="] {
        assert_eq!(twice(pair), "page oidc.authorize.repeated_way_back", "{pair}");
    }
    for pair in ["scope=openid", "nonce=n-1", "code_challenge=x"] {
        assert_eq!(twice(pair), "redirect invalid_request oidc.authorize.repeated", "{pair}");
    }
    // The first that stands twice does not hide the second.
    assert_eq!(twice("scope=openid&state=x"), "page oidc.authorize.repeated_way_back");
    assert_eq!(twice("unheard_of=1"), "ok");
}

//= rfc6749#3.1-2 test
#[test]
fn unknown_and_empty_parameters_change_nothing() {
    let plain = request(&[]);
    let more = format!("{plain}&utm_source=mail&prompt=&max_age=&display=popup&claims_locales=tlh");
    assert_eq!(ask_as(Some(&rp1()), &more), ask_as(Some(&rp1()), &plain));
}

//= oidc-core#15.1-1 test
#[test]
fn hints_and_languages_never_make_a_request_fail() {
    for (name, value) in [
        ("ui_locales", "xx-klingon;;,,"),
        ("ui_locales", &"a".repeat(300)),
        ("domain_hint", "not a domain"),
        ("idp_hint", "../../etc/passwd"),
        ("kc_idp_hint", "https://idp.example/metadata"),
        ("login_hint", &"x".repeat(400)),
    ] {
        let request = ask(&[(name, value)]).unwrap();
        assert_eq!(request.demand, ask(&[]).unwrap().demand);
    }
    assert_eq!(ask(&[("login_hint", &"x".repeat(400))]).unwrap().hints, Hints::default());
}

#[test]
fn hints_are_understood_in_four_dialects() {
    let hints = |name: &str, value: &str| ask(&[(name, value)]).unwrap().hints;
    for name in ["idp_hint", "kc_idp_hint"] {
        assert_eq!(hints(name, "una").source.unwrap().as_str(), "una");
    }
    assert_eq!(hints("domain_hint", "UNA.example").domain.as_deref(), Some("una.example"));
    assert_eq!(hints("login_hint", "alice").login.as_deref(), Some("alice"));
    let both = ask(&[("domain_hint", "unb.example"), ("login_hint", "alice@una.example")]).unwrap();
    assert_eq!(both.hints.domain.as_deref(), Some("unb.example"));
}

//= oidc-core#3.1.2.1-2 test
//= oidc-core#11-1 test
#[test]
fn scopes_that_the_client_may_not_have_are_left_out() {
    let granted = |client: &crate::op::Client, scope: &str| {
        let request = ask_as(Some(client), &request(&[("scope", scope)])).unwrap();
        Ticket::open(&request.ticket, client).unwrap().scopes.as_str().to_owned()
    };
    assert_eq!(granted(&rp1(), "openid email agency nonsense"), "openid email");
    assert_eq!(granted(&rp1(), "openid offline_access"), "openid offline_access");
    let online = register("rp1", &ClientRegistration { offline_access: false, ..form() });
    assert_eq!(granted(&online, "openid offline_access"), "openid");
    for (scope, end) in [
        ("agency", "redirect invalid_scope oidc.authorize.scope"),
        ("", "redirect invalid_scope oidc.authorize.scope_malformed"),
        ("openid \"x\"", "redirect invalid_scope oidc.authorize.scope_malformed"),
    ] {
        assert_eq!(ends(&[("scope", scope)]), end, "{scope}");
    }
}

//= oidc-core#6.1-1 test
#[test]
fn request_objects_are_refused_and_not_ignored() {
    assert_eq!(
        ends(&[("request", "eyJhbGciOiJub25lIn0.e30.")]),
        "redirect request_not_supported oidc.authorize.request"
    );
    // SSR-04: nothing is fetched from an address in a request.
    assert_eq!(
        ends(&[("request_uri", "https://evil.example/r")]),
        "redirect request_uri_not_supported oidc.authorize.request_uri"
    );
    assert_eq!(
        ends(&[("registration", "{}")]),
        "redirect registration_not_supported oidc.authorize.registration"
    );
}

#[test]
fn a_client_without_the_code_grant_has_no_business_here() {
    let form = ClientRegistration {
        grant_types: vec![GrantType::ClientCredentials],
        offline_access: false,
        ..form()
    };
    assert_eq!(
        outcome(&ask_as(Some(&register("rp1", &form)), &request(&[]))),
        "redirect unauthorized_client oidc.authorize.grant_type"
    );
    assert_eq!(
        outcome(&ask_as(Some(&service()), &request(&[("client_id", "service")]))),
        "page oidc.authorize.redirect_uri"
    );
}

#[test]
fn a_registered_default_holds_where_a_request_does_not_say() {
    let client = register(
        "rp1",
        &ClientRegistration {
            default_max_age: Some(3_600),
            default_acr_values: vec!["urn:a".parse().unwrap()],
            ..form()
        },
    );
    let demand =
        |changes: &[(&str, &str)]| ask_as(Some(&client), &request(changes)).unwrap().demand;
    assert_eq!(demand(&[]).max_age, Some(Lifetime::seconds(3_600)));
    assert_eq!(demand(&[("max_age", "9")]).max_age, Some(Lifetime::seconds(9)));
    assert_eq!(demand(&[]).acr[0].as_str(), "urn:a");
    assert_eq!(demand(&[("acr_values", "urn:b")]).acr[0].as_str(), "urn:b");
}

//= oidc-core#2-3 test
#[test]
fn auth_time_that_must_be_told_must_be_known() {
    let any_age = Some(Lifetime::seconds(u32::MAX));
    let essential = r#"{"id_token":{"auth_time":{"essential":true}}}"#;
    assert_eq!(ask(&[("claims", essential)]).unwrap().demand.max_age, any_age);
    let voluntary = r#"{"id_token":{"auth_time":null}}"#;
    assert_eq!(ask(&[("claims", voluntary)]).unwrap().demand.max_age, None);
    let client = register("rp1", &ClientRegistration { require_auth_time: true, ..form() });
    assert_eq!(ask_as(Some(&client), &request(&[])).unwrap().demand.max_age, any_age);
}

fn hint(claims: &serde_json::Value) -> String {
    mint(&key(SigningAlg::Es256), TokenType::IdToken, claims).unwrap()
}

//= oidc-core#3.1.2.2-2 test
#[test]
fn an_id_token_hint_names_the_person_even_when_it_expired() {
    let expired = json!({ "iss": ISSUER.as_str(), "aud": "rp1", "sub": "alice", "exp": 1 });
    let subject = |changes: &[(&str, &str)]| ask(changes).map(|request| request.demand.subject);
    let alice = Some(Subject::new("alice".to_owned()));
    assert_eq!(subject(&[("id_token_hint", &hint(&expired))]).unwrap(), alice);
    let same = r#"{"id_token":{"sub":{"value":"alice"}}}"#;
    let other = r#"{"id_token":{"sub":{"value":"bob"}}}"#;
    assert_eq!(subject(&[("claims", same)]).unwrap(), alice);
    assert_eq!(subject(&[("id_token_hint", &hint(&expired)), ("claims", same)]).unwrap(), alice);
    assert_eq!(
        ends(&[("id_token_hint", &hint(&expired)), ("claims", other)]),
        "redirect invalid_request oidc.authorize.two_subjects"
    );
}

#[test]
fn a_hint_that_we_did_not_give_this_client_is_refused() {
    let access = mint(
        &key(SigningAlg::Es256),
        TokenType::AccessToken,
        &json!({ "iss": ISSUER.as_str(), "aud": "rp1", "sub": "alice" }),
    )
    .unwrap();
    for token in [
        "x.y.z".to_owned(),
        access,
        hint(&json!({ "iss": "https://other.example", "aud": "rp1", "sub": "alice" })),
        hint(&json!({ "iss": ISSUER.as_str(), "aud": "rpx", "sub": "alice" })),
        hint(&json!({ "iss": ISSUER.as_str(), "aud": "rp1" })),
    ] {
        assert_eq!(
            ends(&[("id_token_hint", &token)]),
            "redirect invalid_request oidc.authorize.id_token_hint"
        );
    }
}

#[test]
fn a_resource_must_be_one_that_the_client_may_ask_for() {
    let client = rp1();
    let resources = |more: &str| {
        let request = ask_as(Some(&client), &format!("{}{more}", request(&[])))?;
        Ok(Ticket::open(&request.ticket, &client).unwrap().resources)
    };
    assert_eq!(resources("").unwrap(), [""; 0]);
    assert_eq!(
        resources("&resource=https://api.example&resource=https://files.example&resource=https://api.example")
            .unwrap(),
        ["https://api.example", "https://files.example"]
    );
    assert_eq!(resources("&resource=https://broker.example").unwrap(), [ISSUER.as_str()]);
    for other in ["https://other.example", "https://api.example/", "https://broker.example/admin"] {
        let end: Result<_, Declined> = resources(&format!("&resource={other}"));
        assert_eq!(end.unwrap_err().rule().slug, "oidc.authorize.resource", "{other}");
    }
}

#[test]
fn an_error_travels_in_a_mode_that_the_client_is_registered_for() {
    use crate::op::ResponseMode;
    let only_form = ClientRegistration { response_modes: vec![ResponseMode::FormPost], ..form() };
    let client = register("rp1", &only_form);
    for (mode, scope) in [("query", "openid"), ("form_post", "nonsense")] {
        let answer = ask_as(Some(&client), &request(&[("response_mode", mode), ("scope", scope)]));
        let Err(Declined::Redirect(error)) = answer else { panic!("{answer:?}") };
        assert!(matches!(error.answer(&ISSUER), Answer::FormPost { .. }));
    }
}

#[test]
fn a_confidential_baseline_client_may_send_a_nonce_instead_of_a_challenge() {
    let bare = [("code_challenge", ""), ("code_challenge_method", "")];
    let end = |client: crate::op::Client, changes: &[(&str, &str)]| {
        outcome(&ask_as(Some(&client), &request(&[&bare[..], changes].concat())))
    };
    let missing = "redirect invalid_request oidc.authorize.pkce_missing";
    assert_eq!(end(legacy(), &[]), "ok");
    assert_eq!(end(legacy(), &[("nonce", "")]), missing);
    // Without an ID token the nonce protects nothing.
    assert_eq!(end(legacy(), &[("scope", "email")]), missing);
    assert_eq!(end(rp1(), &[]), missing);
}

proptest! {
    #[test]
    fn any_query_is_answered_and_only_registered_uris_are_redirected_to(
        text in "[a-z_]{1,12}=[!-~]{0,20}(&(client_id=rp1|redirect_uri=[!-~]{0,30}|state=[!-~]{0,9}|[a-z_]{1,12}=[!-~]{0,20})){0,8}",
    ) {
        if let Ok(params) = Params::parse(text.as_bytes()) {
            let _ = AuthorizeParams::read(&params);
            if let Err(Declined::Redirect(error)) = ask_as(Some(&rp1()), &text) {
                prop_assert_eq!(error.way_back.redirect_uri.as_str(), "https://rp1.example/cb");
            }
        }
    }

    #[test]
    fn any_value_of_any_parameter_is_answered(
        name in "scope|prompt|max_age|acr_values|claims|id_token_hint|nonce|state|resource|response_mode|code_challenge",
        value in "[ -~]{0,60}",
    ) {
        let _ = ask(&[(&name, &value)]);
    }
}
