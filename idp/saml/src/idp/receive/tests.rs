//! Tests of what a request becomes, and of the table of checks.

use expect_test::expect;
use idp_domain::{
    assurance::{AAL1, AAL2, REFEDS_MFA},
    relying_party::Protocol,
};

use super::Declined;
use crate::{
    binding::Binding,
    idp::{
        NameIdKind, ServiceProviderRegistration, Ticket, checks,
        testing::{
            ACS, DISPLAY_NAME, MAIL, NOW, RELAY_STATE, SP_KEY, SP1, SP2, ask, ask_of,
            attribute_service, by_post, by_redirect, outcome, posted, register, registered,
            request, requested, send, sp1, sp1_entity, sp1_role, sp2, wanted,
        },
    },
    schema::{self, Comparison, NameIdPolicy, RequestedAuthnContext, Scoping, format},
};

fn ends(change: impl FnOnce(&mut schema::AuthnRequest)) -> String {
    outcome(&ask(change))
}

fn ticket(request: &idp_domain::AuthnRequest) -> Ticket {
    Ticket::open(&request.ticket, &sp1()).unwrap()
}

#[test]
fn a_sound_request_becomes_a_wish_for_a_login() {
    let request = ask(|request| {
        request.force_authn = true;
        request.requested_authn_context = Some(RequestedAuthnContext {
            classes: vec![AAL2.to_owned()],
            comparison: Comparison::Minimum,
            ..Default::default()
        });
        request.scoping = Some(Scoping {
            idp_list: vec!["https://idp.una.example".to_owned()],
            ..Default::default()
        });
        request.requested_attributes = vec![wanted(MAIL, &[])];
    })
    .unwrap();
    assert_eq!(request.ticket.protocol, Protocol::Saml);
    assert_eq!(request.ticket.farewell.as_deref(), Some("persistent"));
    expect![[r"
        AuthnRequest {
            relying_party: RelyingPartyId(https://sp1.example/saml),
            demand: Demand {
                acr: [
                    Acr(urn:laissez-passer:assurance:aal2),
                    Acr(https://refeds.org/profile/mfa),
                    Acr(phr),
                    Acr(urn:laissez-passer:assurance:aal3),
                    Acr(phrh),
                ],
                essential: true,
                max_age: None,
                factor_max_age: None,
                force: true,
                passive: false,
                consent: false,
                select: false,
                subject: None,
            },
            ticket: ReturnTicket {
                protocol: Saml,
                ..
            },
            hints: Hints {
                source: Some(
                    SourceId(una-saml),
                ),
                agency: Some(
                    AgencyId(una),
                ),
                domain: None,
                login: None,
                locales: None,
            },
            wanted: {
                AttributeName(mail),
            },
        }
    "]]
    .assert_debug_eq(&request);
}

//= saml-bindings#3.4.3-1 test
#[test]
fn both_doors_lead_to_the_same_wish() {
    let sp = sp1();
    let by_redirect = by_redirect(&request(SP1, Binding::Redirect), &SP_KEY);
    let by_redirect = send(&by_redirect, &[&sp], NOW).unwrap();
    let by_post = send(&by_post(&request(SP1, Binding::Post), &SP_KEY), &[&sp], NOW).unwrap();
    assert_eq!(by_redirect, by_post);
    let ticket = ticket(&by_redirect);
    assert_eq!(ticket.relay_state.as_deref(), Some(RELAY_STATE));
    assert_eq!(ticket.in_response_to.as_deref(), Some("_request-1"));
    assert_eq!(ticket.acs(), ACS);
}

#[test]
fn the_table_reads_down_one_page() {
    let lines: Vec<_> = checks::rules()
        .map(|rule| {
            assert!(rule.text.is_ascii() && !rule.text.contains('"'), "{}", rule.slug);
            let second = rule.second.unwrap_or("-").rsplit(':').next().unwrap();
            format!("{:?} {second} {}", rule.code, rule.slug)
        })
        .collect();
    expect![[r"
        Requester - destination
        Requester - not_yet_valid
        Requester - expired
        Requester - relay_state
        Requester - acs_ambiguous
        Requester - acs_unknown
        Requester UnsupportedBinding protocol_binding
        Requester InvalidNameIDPolicy name_id_format
        Requester InvalidNameIDPolicy name_id_qualifier
        Requester RequestUnsupported authn_context_count
        Responder NoAuthnContext authn_context_declaration
        Responder NoAuthnContext authn_context
        Requester RequestUnsupported subject_confirmation
        Requester UnknownPrincipal subject
        Responder ProxyCountExceeded proxy_count
        Responder NoSupportedIDP idp_list
        Requester RequestUnsupported requested_values"]]
    .assert_eq(&lines.join("\n"));
}

//= saml-core#3.4.1.1-1 test
#[test]
fn a_name_is_given_in_the_format_that_is_asked_for_or_not_at_all() {
    let ends = |format: &str| {
        let asked = ask(|request| {
            request.name_id_policy = Some(NameIdPolicy {
                format: Some(format.to_owned()),
                allow_create: true,
                ..Default::default()
            });
        });
        match &asked {
            Ok(request) => ticket(request).name_id().as_str().to_owned(),
            Err(_) => outcome(&asked),
        }
    };
    assert_eq!(ends(format::PERSISTENT), "persistent");
    assert_eq!(ends(format::TRANSIENT), "transient");
    assert_eq!(ends(format::UNSPECIFIED), "persistent");
    let refused = "respond Requester/InvalidNameIDPolicy name_id_format";
    for format in [format::EMAIL, format::ENCRYPTED, format::X509_SUBJECT, "urn:x", ""] {
        assert_eq!(ends(format), refused, "{format}");
    }
}

#[test]
fn a_mail_address_is_a_name_by_registration_alone() {
    let form = ServiceProviderRegistration {
        name_id: Some(NameIdKind::Email),
        ..ServiceProviderRegistration::default()
    };
    let of = |entity: &_| ask_of(&register(entity, &form), |_| ()).unwrap();
    let only_names = sp1_role(|role| {
        role.attribute_services = vec![attribute_service(0, vec![requested(DISPLAY_NAME, true)])];
    });
    let request = of(&only_names);
    assert_eq!(ticket(&request).name_id(), NameIdKind::Email);
    // Policy must release what the name is made of.
    assert!(request.wanted.iter().any(|name| name.as_str() == "mail"));
    // Metadata that asks for it changes nothing.
    let asks = sp1_role(|role| {
        role.name_id_formats = vec![format::EMAIL.to_owned(), format::TRANSIENT.to_owned()];
    });
    let request = ask_of(&registered(&asks), |_| ()).unwrap();
    assert_eq!(ticket(&request).name_id(), NameIdKind::Transient);
}

#[test]
fn a_name_towards_others_is_not_given() {
    let ends = |qualifier: &str| {
        ends(|request| {
            request.name_id_policy = Some(NameIdPolicy {
                sp_name_qualifier: Some(qualifier.to_owned()),
                ..Default::default()
            });
        })
    };
    assert_eq!(ends(SP1), "ok");
    for other in [SP2, "", "https://SP1.example/saml"] {
        assert_eq!(ends(other), "respond Requester/InvalidNameIDPolicy name_id_qualifier");
    }
}

fn contexts(
    classes: &[&str],
    declarations: &[&str],
    comparison: Comparison,
) -> Result<idp_domain::AuthnRequest, Declined> {
    let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    ask(|request| {
        request.requested_authn_context = Some(RequestedAuthnContext {
            classes: list(classes),
            declarations: list(declarations),
            comparison,
        });
    })
}

//= saml-core#3.3.2.2.1-1 test
#[test]
fn idp_11_a_requested_context_must_be_met() {
    let demand = contexts(&[REFEDS_MFA], &[], Comparison::Exact).unwrap().demand;
    assert_eq!(demand.acr, [REFEDS_MFA.parse().unwrap()]);
    assert!(demand.essential);
    let unknown = contexts(&["urn:example:loa9"], &[], Comparison::Exact).unwrap().demand;
    assert!(unknown.essential && unknown.acr.iter().all(|acr| acr.demands().is_none()));
    let none = ask(|_| ()).unwrap().demand;
    assert!(none.acr.is_empty() && !none.essential);
}

#[test]
fn idp_11_what_cannot_be_met_is_refused_at_once() {
    let no_context = "respond Responder/NoAuthnContext";
    for (classes, comparison) in [
        (&["urn:laissez-passer:assurance:aal3"][..], Comparison::Better),
        (&["with blank"], Comparison::Exact),
    ] {
        let ends = outcome(&contexts(classes, &[], comparison));
        assert_eq!(ends, format!("{no_context} authn_context"), "{classes:?}");
    }
    let declared = outcome(&contexts(&[], &["https://x/decl"], Comparison::Exact));
    assert_eq!(declared, format!("{no_context} authn_context_declaration"));
}

#[test]
fn idp_11_ten_contexts_are_looked_at_and_not_more() {
    let names: Vec<_> = (0..11).map(|n| format!("urn:example:{n}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    assert_eq!(contexts(&names[..10], &[], Comparison::Exact).unwrap().demand.acr.len(), 10);
    let ends = outcome(&contexts(&names, &[], Comparison::Exact));
    assert_eq!(ends, "respond Requester/RequestUnsupported authn_context_count");
}

#[test]
fn idp_08_force_and_passive_are_passed_on() {
    for (force, passive) in [(true, false), (false, true), (true, true), (false, false)] {
        let demand = ask(|request| {
            request.force_authn = force;
            request.is_passive = passive;
        })
        .unwrap()
        .demand;
        assert_eq!((demand.force, demand.passive), (force, passive));
    }
}

//= saml-profiles#4.1.2-1 test
#[test]
fn answers_go_by_post_alone() {
    let ends = |uri: &str| ends(|request| request.protocol_binding = Some(uri.to_owned()));
    assert_eq!(ends(Binding::Post.uri()), "ok");
    for uri in [
        Binding::Redirect.uri(),
        Binding::Soap.uri(),
        "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact",
        "urn:oasis:names:tc:SAML:2.0:bindings:PAOS",
        "",
    ] {
        assert_eq!(ends(uri), "respond Requester/UnsupportedBinding protocol_binding", "{uri}");
    }
}

#[test]
fn an_endpoint_is_chosen_by_number_by_address_or_by_default() {
    let acs =
        |change: fn(&mut schema::AuthnRequest)| ticket(&ask(change).unwrap()).acs().to_owned();
    assert_eq!(acs(|_| ()), ACS);
    assert_eq!(acs(|request| request.acs_index = Some(0)), "https://sp1.example/old");
    let by_url = |request: &mut schema::AuthnRequest| {
        request.acs_url = Some("https://sp1.example/acs2?x=1".to_owned());
    };
    assert_eq!(acs(by_url), "https://sp1.example/acs2?x=1");
    assert_eq!(ends(|request| request.acs_index = Some(9)), "page acs_unknown");
    let both = ends(|request| {
        request.acs_index = Some(1);
        request.acs_url = Some(ACS.to_owned());
    });
    assert_eq!(both, "page acs_ambiguous");
}

#[test]
fn a_relay_state_is_short() {
    let sp = sp2();
    let ends = |length: usize| {
        let mut message = posted(&request(SP2, Binding::Post).write().to_canonical());
        message.relay_state = Some("x".repeat(length));
        outcome(&send(&message, &[&sp], NOW))
    };
    assert_eq!(ends(2_048), "ok");
    assert_eq!(ends(2_049), "page relay_state");
}

#[test]
fn a_service_provider_whose_metadata_has_expired_is_not_served() {
    let mut entity = sp1_entity();
    entity.valid_until = Some(NOW);
    let message = by_redirect(&request(SP1, Binding::Redirect), &SP_KEY);
    assert_eq!(outcome(&send(&message, &[&registered(&entity)], NOW)), "page metadata_expired");
    entity.valid_until = Some(NOW + idp_domain::Lifetime::seconds(1));
    assert_eq!(outcome(&send(&message, &[&registered(&entity)], NOW)), "ok");
}

#[test]
fn a_context_is_one_of_those_that_satisfy_the_comparison() {
    let demand = contexts(&[AAL1], &[], Comparison::Better).unwrap().demand;
    assert!(demand.acr.iter().all(|acr| acr.demands() > Some(idp_domain::Assurance::Aal1)));
    assert!(!demand.acr.is_empty());
}
