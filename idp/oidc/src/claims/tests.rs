//! Tests of the claims parameter, and of attributes as claims.

use expect_test::{Expect, expect};
use idp_domain::{Acr, AttributeName, AttributeSet, Subject};
use proptest::prelude::*;
use serde::{Serializer, ser::SerializeMap};

use super::{ClaimNames, Told, parse};
use crate::scope::Scopes;

fn demand_of(claims: &str, expected: &Expect) {
    let found = match parse(claims) {
        None => "unreadable".to_owned(),
        Some((request, demand)) => {
            let acr: Vec<_> = demand.acr.iter().map(Acr::as_str).collect();
            format!(
                "{} acr {acr:?} essential {} sub {:?} auth_time {}",
                serde_json::to_string(&request).unwrap(),
                demand.essential_acr,
                demand.subject.as_ref().map(Subject::as_str),
                demand.essential_auth_time
            )
        }
    };
    expected.assert_eq(&found);
}

//= oidc-core#5.5-1 test
#[test]
fn known_claims_are_understood_and_unknown_members_are_ignored() {
    demand_of(
        r#"{"id_token":{"email":null,"auth_time":{"essential":true},"shoe_size":{"value":9}},
            "userinfo":{"name":{"essential":true},"groups":{"values":["a","b"]},"acr":null},
            "verified_claims":[1]}"#,
        &expect![[
            r#"{"id_token":["email"],"userinfo":["groups","name"]} acr [] essential false sub None auth_time true"#
        ]],
    );
    demand_of("{}", &expect!["{} acr [] essential false sub None auth_time false"]);
}

#[test]
fn an_acr_is_read_with_value_or_values() {
    demand_of(
        r#"{"id_token":{"acr":{"essential":true,"value":"https://refeds.org/profile/mfa"}}}"#,
        &expect![[
            r#"{} acr ["https://refeds.org/profile/mfa"] essential true sub None auth_time false"#
        ]],
    );
    demand_of(
        r#"{"id_token":{"acr":{"values":["urn:b","urn:a"]}}}"#,
        &expect![[r#"{} acr ["urn:b", "urn:a"] essential false sub None auth_time false"#]],
    );
}

#[test]
fn auz_21_an_acr_that_cannot_be_read_is_not_overlooked() {
    for claims in [
        r#"{"id_token":{"acr":{"essential":true,"values":[]}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"values":[7]}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"values":["a b"]}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"value":null}}}"#,
        r#"{"id_token":{"acr":{"essential":"true","value":"urn:a"}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"value":"urn:a","values":["urn:b"]}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"value":"urn:a"},"acr":null}}"#,
        r#"{"id_token":{"acr":"urn:a"}}"#,
        r#"{"id_token":{"acr":{"essential":true}},"id_token":{}}"#,
    ] {
        demand_of(claims, &expect!["unreadable"]);
    }
}

#[test]
fn what_is_not_the_right_json_is_unreadable() {
    for claims in ["", "null", "[]", "{", r#"{"id_token":[]}"#, r#"{"userinfo":{"name":7}}"#] {
        demand_of(claims, &expect!["unreadable"]);
    }
    let deep = format!("{}{}", r#"{"x":"#.repeat(50), "}".repeat(50));
    let long = format!(r#"{{"x":"{}"}}"#, "y".repeat(8_192));
    assert!(parse(&deep).is_none());
    assert!(parse(&long).is_none());
}

//= oidc-core#3.1.2.2-2 test
#[test]
fn one_person_can_be_expected_and_not_two() {
    demand_of(
        r#"{"id_token":{"sub":{"value":"alice"}},"userinfo":{"sub":{"value":"alice"}}}"#,
        &expect![[r#"{} acr [] essential false sub Some("alice") auth_time false"#]],
    );
    for claims in [
        r#"{"id_token":{"sub":{"value":"alice"}},"userinfo":{"sub":{"value":"bob"}}}"#,
        r#"{"id_token":{"sub":{"values":["alice","bob"]}}}"#,
        r#"{"id_token":{"sub":{"value":7}}}"#,
    ] {
        demand_of(claims, &expect!["unreadable"]);
    }
}

fn written(attributes: &[(&str, &str)], scopes: &str, names: &ClaimNames) -> String {
    let mut released = AttributeSet::default();
    for (name, value) in attributes {
        released.add(AttributeName::parse(name).unwrap(), (*value).to_owned());
    }
    let scopes = Scopes::parse(scopes).unwrap();
    let told = Told { released: &released, scopes: Some(&scopes), names };
    let mut text = Vec::new();
    let mut writer = serde_json::Serializer::new(&mut text);
    let mut object = writer.serialize_map(None).unwrap();
    told.write(&mut object).unwrap();
    SerializeMap::end(object).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn attributes_become_claims_by_scope_single_or_many() {
    let alice = [
        ("mail", "alice@una.example"),
        ("displayName", "Alice"),
        ("isMemberOf", "staff"),
        ("schacHomeOrganization", "una.example"),
    ];
    let none = ClaimNames::default();
    expect![[r#"{"email":"alice@una.example","email_verified":true,"name":"Alice"}"#]]
        .assert_eq(&written(&alice, "openid email profile", &none));
    expect![[r#"{"groups":["staff"]}"#]].assert_eq(&written(&alice, "groups", &none));
    expect!["{}"].assert_eq(&written(&alice, "openid", &none));
}

//= oidc-core#5.4-1 test
#[test]
fn what_was_not_released_is_left_out() {
    let none = ClaimNames::default();
    expect!["{}"].assert_eq(&written(&[], "email profile groups agency federation", &none));
}

#[test]
fn a_claim_is_told_where_it_was_asked_for_by_name() {
    let (request, _) = parse(r#"{"id_token":{"email":null}}"#).unwrap();
    let alice = [("mail", "alice@una.example"), ("displayName", "Alice")];
    expect![[r#"{"email":"alice@una.example","email_verified":true}"#]].assert_eq(&written(
        &alice,
        "",
        &request.id_token,
    ));
    expect!["{}"].assert_eq(&written(&alice, "", &request.userinfo));
}

#[test]
fn a_stored_request_reads_back_without_what_the_registry_lost() {
    let names: ClaimNames = serde_json::from_str(r#"["email","shoe_size"]"#).unwrap();
    assert_eq!(serde_json::to_string(&names).unwrap(), r#"["email"]"#);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn any_claim_in_its_place_is_read_or_refused(
        name in "acr|sub|auth_time|email|x",
        how in "(null|true|7|\"a\"|\\{\"(essential|value|values)\":(null|true|7|\"a\"|\\[\"a\",7\\])\\})",
    ) {
        let _ = parse(&format!(r#"{{"id_token":{{"{name}":{how}}}}}"#));
    }
}
