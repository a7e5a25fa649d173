//! Tests of what a person is called: names, identifiers, attributes.

use expect_test::expect;
use idp_domain::Subject;

use super::{Unissuable, respond};
use crate::{
    idp::{
        IdentifierNeed, NameIdKind, ServiceProviderRegistration, Ticket,
        identifier::scoped,
        testing::{
            MAIL, PROVIDER, SP1, accepted, answer, ask_of, attribute_service, attributes, consume,
            issuance, lines, our_key, register, registered, requested, sp1_entity, sp1_role, vouch,
        },
    },
    metadata::{Entity, RequestedAttribute},
    schema::{NameIdPolicy, format},
    sp::Accepted,
};

fn form() -> ServiceProviderRegistration {
    ServiceProviderRegistration::default()
}

fn named(kind: &str, registered_as: Option<NameIdKind>) -> Result<Accepted, Unissuable> {
    let form = ServiceProviderRegistration { name_id: registered_as, ..form() };
    let sp = register(&sp1_entity(), &form);
    let request = ask_of(&sp, |request| {
        let format = Some(kind.to_owned());
        request.name_id_policy = Some(NameIdPolicy { format, ..NameIdPolicy::default() });
    })
    .unwrap();
    let issuance = issuance(&request);
    let ticket = Ticket::open(&request.ticket, &sp).unwrap();
    let form = respond(&ticket, &sp, &vouch(&issuance, &our_key()))?;
    Ok(consume(&form, SP1, true).unwrap())
}

#[test]
fn a_person_is_called_by_the_name_that_was_asked_for() {
    let name = |format, form| named(format, form).unwrap().name_id.unwrap();
    let persistent = name(format::PERSISTENT, None);
    assert_eq!(persistent.value, "alice-for-sp1");
    assert_eq!(persistent.name_qualifier.as_deref(), Some(PROVIDER.entity_id.as_str()));
    assert_eq!(persistent.sp_name_qualifier.as_deref(), Some(SP1));
    let transient = name(format::TRANSIENT, None);
    assert_eq!(
        (transient.value.as_str(), transient.format()),
        ("passing-alice", format::TRANSIENT)
    );
    let mail = name(format::EMAIL, Some(NameIdKind::Email));
    assert_eq!((mail.value.as_str(), mail.format()), ("alice@una.example", format::EMAIL));
    assert_eq!(mail.name_qualifier, None);
}

#[test]
fn a_person_without_the_mail_address_that_names_them_gets_no_assertion() {
    let form = ServiceProviderRegistration { name_id: Some(NameIdKind::Email), ..form() };
    let sp = register(&sp1_entity(), &form);
    let request = ask_of(&sp, |_| ()).unwrap();
    let ticket = Ticket::open(&request.ticket, &sp).unwrap();
    let mut issuance = issuance(&request);
    issuance.released = attributes(&[("displayName", "Alice")]);
    let answer = respond(&ticket, &sp, &vouch(&issuance, &our_key()));
    assert_eq!(answer, Err(Unissuable::NoMail));
}

fn identified(need: Option<IdentifierNeed>, released: &[(&str, &str)]) -> String {
    let form = ServiceProviderRegistration { subject_id: need, ..form() };
    let sp = register(&sp1_entity(), &form);
    lines(&accepted(&sp, |issuance| issuance.released = attributes(released)))
}

#[test]
fn idp_16_each_service_is_told_the_identifier_that_it_needs() {
    let ours = scoped(&Subject::new("alice-for-sp1".to_owned()), "broker.example");
    let agency = ("subject-id", "alice@una.example");
    let upstream = ("pairwise-id", "x1@una.example");
    let pairwise = format!("pairwise-id {ours}");
    let both = [agency, upstream];
    assert_eq!(identified(Some(IdentifierNeed::None), &both), "");
    assert_eq!(identified(Some(IdentifierNeed::PairwiseId), &both), pairwise);
    assert_eq!(identified(Some(IdentifierNeed::Any), &both), pairwise);
    assert_eq!(identified(Some(IdentifierNeed::SubjectId), &both), "subject-id alice@una.example");
    assert_eq!(identified(Some(IdentifierNeed::SubjectId), &[]), format!("subject-id {ours}"));
    // Where nothing is said, the agency's word is passed on as any other that policy releases; but
    // what it made for us alone never is.
    assert_eq!(identified(None, &both), "subject-id alice@una.example");
}

#[test]
fn idp_16_a_persistent_name_is_never_the_one_that_others_know() {
    let public =
        ServiceProviderRegistration { subject_id: Some(IdentifierNeed::SubjectId), ..form() };
    let other = Entity { entity_id: "https://other.example/saml".to_owned(), ..sp1_entity() };
    let name = |entity: &Entity| {
        let form = answer(&register(entity, &public), |_| ());
        consume(&form, &entity.entity_id, true).unwrap().name_id.unwrap().value
    };
    assert_ne!(name(&sp1_entity()), "alice-for-sp1");
    assert_ne!(name(&sp1_entity()), name(&other));
}

#[test]
fn only_the_values_that_are_wanted_are_told() {
    let only = RequestedAttribute {
        values: vec!["staff".to_owned(), "admins".to_owned()],
        ..requested("isMemberOf", true)
    };
    let sp = registered(&sp1_role(|role| {
        role.attribute_services = vec![attribute_service(0, vec![only, requested(MAIL, false)])];
    }));
    expect![[r"
        mail alice@una.example
        displayName Alice Ångström
        isMemberOf staff"]]
    .assert_eq(&lines(&accepted(&sp, |_| ())));
}
