//! Tests of what a request wishes for: a person, an agency, attributes.

use expect_test::expect;
use idp_domain::{AttributeName, Subject, transaction::Hints};

use super::Declined;
use crate::{
    idp::{
        Ticket,
        testing::{
            MAIL, PROVIDER, SP1, SP2, ask, ask_of, attribute_service, outcome, registered,
            requested, sp1_role, wanted,
        },
    },
    metadata::RequestedAttribute,
    schema::{self, NameId, Scoping, SubjectConfirmation, format, method},
};

fn about(name: &NameId) -> Result<idp_domain::AuthnRequest, Declined> {
    ask(|request| {
        let name_id = Some(name.clone());
        request.subject = Some(schema::Subject { name_id, confirmations: Vec::new() });
    })
}

//= saml-core#3.4.1.4-1 test
#[test]
fn a_person_is_named_as_the_service_provider_was_told_them() {
    let ours = NameId {
        name_qualifier: Some(PROVIDER.entity_id.clone()),
        sp_name_qualifier: Some(SP1.to_owned()),
        ..NameId::new("alice-for-sp1", format::PERSISTENT)
    };
    let subject = about(&ours).unwrap().demand.subject;
    assert_eq!(subject, Some(Subject::new("alice-for-sp1".to_owned())));
    assert!(about(&NameId { format: None, ..ours.clone() }).is_ok());
    assert!(about(&NameId { name_qualifier: None, ..ours.clone() }).is_ok());
    for name in [
        NameId { sp_name_qualifier: Some(SP2.to_owned()), ..ours.clone() },
        NameId { name_qualifier: Some("https://other".to_owned()), ..ours.clone() },
        NameId { format: Some(format::TRANSIENT.to_owned()), ..ours.clone() },
        NameId { format: Some(format::EMAIL.to_owned()), ..ours.clone() },
        NameId { sp_provided_id: Some("x".to_owned()), ..ours.clone() },
        NameId { value: "x".repeat(256), ..ours.clone() },
        NameId { value: "é".to_owned(), ..ours.clone() },
    ] {
        assert_eq!(outcome(&about(&name)), "respond Requester/UnknownPrincipal subject");
    }
}

#[test]
fn a_subject_with_confirmations_is_not_understood() {
    let confirmation =
        SubjectConfirmation { method: method::BEARER.to_owned(), name_id: None, data: None };
    for name_id in [None, Some(NameId::new("alice-for-sp1", format::PERSISTENT))] {
        let ends = outcome(&ask(|request| {
            let confirmations = vec![confirmation.clone()];
            request.subject = Some(schema::Subject { name_id, confirmations });
        }));
        assert_eq!(ends, "respond Requester/RequestUnsupported subject_confirmation");
    }
}

#[test]
fn a_list_of_providers_is_a_hint_where_it_names_one_of_our_sources() {
    let asked = |names: &[&str]| {
        ask(|request| {
            let idp_list = names.iter().map(|name| (*name).to_owned()).collect();
            request.scoping = Some(Scoping { idp_list, ..Default::default() });
        })
    };
    let (una, unb) = ("https://idp.una.example", "https://idp.unb.example");
    let hints = asked(&[una]).unwrap().hints;
    assert_eq!(hints.source.unwrap().as_str(), "una-saml");
    assert_eq!(hints.agency.unwrap().as_str(), "una");
    assert!(asked(&["https://unknown.example", una, una]).unwrap().hints.source.is_some());
    for names in [&[una, unb][..], &[&PROVIDER.entity_id], &[]] {
        assert_eq!(asked(names).unwrap().hints, Hints::default(), "{names:?}");
    }
    let ends = outcome(&asked(&["https://unknown.example"]));
    assert_eq!(ends, "respond Responder/NoSupportedIDP idp_list");
}

//= saml-core#3.4.1.5.1-1 test
#[test]
fn a_request_that_may_not_be_passed_on_is_refused() {
    let ends = |count| {
        outcome(&ask(|request| {
            request.scoping = Some(Scoping { proxy_count: Some(count), ..Default::default() });
        }))
    };
    assert_eq!(ends(0), "respond Responder/ProxyCountExceeded proxy_count");
    assert_eq!(ends(1), "ok");
}

fn names(request: &idp_domain::AuthnRequest) -> String {
    request.wanted.iter().map(AttributeName::as_str).collect::<Vec<_>>().join(" ")
}

#[test]
fn attributes_are_asked_for_in_four_ways() {
    let with_sets = registered(&sp1_role(|role| {
        role.attribute_services = vec![
            attribute_service(0, vec![requested(MAIL, true), requested("urn:x:unknown", true)]),
            attribute_service(1, vec![requested("displayName", false)]),
        ];
    }));
    let wanted_of =
        |change: fn(&mut schema::AuthnRequest)| names(&ask_of(&with_sets, change).unwrap());
    assert_eq!(wanted_of(|_| ()), "mail", "the default set");
    let by_number = |n| {
        move |r: &mut schema::AuthnRequest| {
            r.attribute_consuming_service_index = Some(n);
        }
    };
    assert_eq!(names(&ask_of(&with_sets, by_number(1)).unwrap()), "displayName");
    assert_eq!(names(&ask_of(&with_sets, by_number(7)).unwrap()), "mail", "no such set");
    let by_name = |request: &mut schema::AuthnRequest| {
        request.requested_attributes = vec![wanted("urn:oid:2.5.4.42", &[])];
    };
    assert_eq!(wanted_of(by_name), "givenName");
    // Who asks for nothing in particular is told what policy lets it be told.
    assert_eq!(ask(|_| ()).unwrap().wanted.len(), idp_domain::attribute::REGISTRY.len());
}

#[test]
fn values_that_are_asked_for_are_kept_with_the_ticket() {
    let only = |name: &str, values: &[&str]| RequestedAttribute {
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        ..requested(name, true)
    };
    let sp = registered(&sp1_role(|role| {
        role.attribute_services = vec![attribute_service(
            0,
            vec![
                only("isMemberOf", &["staff"]),
                only("isMemberOf", &["editors"]),
                only(MAIL, &["x"]),
                requested(MAIL, false),
            ],
        )];
    }));
    let request = ask_of(&sp, |_| ()).unwrap();
    let values = Ticket::open(&request.ticket, &sp).unwrap().values;
    expect![[r#"{AttributeName(isMemberOf): ["staff", "editors"]}"#]]
        .assert_eq(&format!("{values:?}"));
}

#[test]
fn idp_13_values_that_would_fill_the_shelf_are_not_kept() {
    let named = |values: Vec<String>| {
        outcome(&ask(|request| {
            let values: Vec<_> = values.iter().map(String::as_str).collect();
            request.requested_attributes = vec![wanted("isMemberOf", &values)];
        }))
    };
    let refused = "respond Requester/RequestUnsupported requested_values";
    assert_eq!(named(vec!["x".repeat(2_045)]), "ok");
    assert_eq!(named(vec!["x".repeat(2_046)]), refused);
    assert_eq!(named(vec![String::new(); 1_000]), refused);
    let sp = registered(&sp1_role(|role| {
        let values = vec!["x".repeat(3_000)];
        let one = RequestedAttribute { values, ..requested("isMemberOf", true) };
        role.attribute_services = vec![attribute_service(0, vec![one])];
    }));
    assert_eq!(outcome(&ask_of(&sp, |_| ())), refused);
}
