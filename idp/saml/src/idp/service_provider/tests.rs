//! Tests of registration: what is accepted, what is told, and what is read out of metadata.

use expect_test::expect;
use idp_domain::{AttributeName, Lifetime, Timestamp, subject::SubjectKind};
use serde_json::json;

use super::{
    Encrypt, RegistrationError, ServiceProvider, ServiceProviderRegistration, SignatureName,
    Surroundings, Unencryptable,
};
use crate::{
    dsig::{
        KeyKind, SignatureAlg,
        testing::{FROM, Pair, fresh, signing, unhex},
    },
    idp::{
        IdentifierNeed, NameIdKind,
        category::{CODE_OF_CONDUCT_2, PERSONALIZED, RESEARCH_AND_SCHOLARSHIP},
        testing::{
            ACS, DISPLAY_NAME, MAIL, NOW, OTHER_KEY, SP_KEY, SP1, acs, attribute_service, key,
            register, registered, requested, sp1, sp1_entity, sp1_role,
        },
    },
    metadata::{Algorithms, EncryptionMethod, Entity, Key, KeyUse, Keys, SpRole},
    schema::format,
};

fn form() -> ServiceProviderRegistration {
    ServiceProviderRegistration::default()
}

fn slugs(errors: &[RegistrationError]) -> Vec<String> {
    errors.iter().map(|error| format!("{} {}", error.field, error.slug)).collect()
}

fn wrong(entity: &Entity, form: &ServiceProviderRegistration) -> Vec<String> {
    let id = "sp1".parse().unwrap();
    let registered = ServiceProvider::register(id, entity, form, Surroundings::default());
    registered.map_or_else(|errors| slugs(&errors), |_| Vec::new())
}

#[test]
fn what_is_left_out_is_what_is_safe() {
    let sp = sp1();
    assert_eq!((sp.id.as_str(), sp.entity_id.as_str()), (SP1, SP1));
    assert!(sp.require_signed_requests && sp.sign_assertion && sp.sign_response);
    assert!(!sp.unsolicited && !sp.email_name);
    assert_eq!(sp.name_id, NameIdKind::Persistent);
    assert_eq!(sp.subject, SubjectKind::Pairwise);
    assert_eq!(sp.sector, "entity:https://sp1.example/saml");
    assert_eq!(sp.identifier, None);
    assert_eq!(sp.session_lifetime, None);
    assert!(sp.releasable.is_empty() && sp.doubts.is_empty());
    assert_eq!(sp.acs().default().unwrap().location.as_str(), ACS);
    assert_eq!(sp.signature_alg(&signing(SignatureAlg::RsaSha256)), SignatureAlg::RsaSha256);
}

#[test]
fn the_registered_form_reads_and_refuses_what_it_does_not_know() {
    let read = |value| serde_json::from_value::<ServiceProviderRegistration>(value);
    assert_eq!(read(json!({})).unwrap(), form());
    let full = read(json!({
        "require_signed_requests": true,
        "sign_assertion": true,
        "sign_response": false,
        "signature_alg": "rsa-pss-sha256",
        "encrypt": "if_possible",
        "danger_plaintext_until": 1_900_000_000,
        "name_id": "transient",
        "subject_id": "pairwise-id",
        "sector": "example",
        "unsolicited": true,
        "session_lifetime": 3_600,
        "entity_categories": [RESEARCH_AND_SCHOLARSHIP],
    }))
    .unwrap();
    assert_eq!(full.signature_alg, Some(SignatureName::RsaPssSha256));
    assert_eq!(full.danger_plaintext_until, Some(Timestamp::from_seconds(1_900_000_000)));
    assert_eq!(full.subject_id, Some(IdentifierNeed::PairwiseId));
    assert_eq!(read(serde_json::to_value(&full).unwrap()).unwrap(), full);
    for (value, complaint) in [
        (json!({ "acs": [] }), "unknown field"),
        (json!({ "encrypt": "never" }), "unknown variant"),
        (json!({ "signature_alg": "rsa-sha1" }), "unknown variant"),
        (json!({ "name_id": "unspecified" }), "unknown variant"),
    ] {
        let error = read(value).unwrap_err().to_string();
        assert!(error.contains(complaint), "{error}");
    }
    assert_eq!(read(json!({ "encrypt": "required" })).unwrap().encrypt, Encrypt::Required);
}

#[test]
fn every_algorithm_has_a_name_in_the_file() {
    for name in [
        "rsa-sha256",
        "rsa-sha384",
        "rsa-sha512",
        "rsa-pss-sha256",
        "rsa-pss-sha384",
        "rsa-pss-sha512",
        "ecdsa-sha256",
        "ecdsa-sha384",
    ] {
        let read: SignatureName = serde_json::from_value(json!(name)).unwrap();
        let plain = format!("{:?}", SignatureAlg::from(read)).to_lowercase();
        assert_eq!(plain, name.replace('-', ""));
    }
}

#[test]
fn every_mistake_is_told_at_once() {
    let entity = sp1_role(|role| {
        role.acs = Vec::new();
        role.keys = Keys::default();
    });
    let form = ServiceProviderRegistration {
        require_signed_requests: Some(true),
        sign_assertion: false,
        sign_response: false,
        sector: Some("https://sp1.example".to_owned()),
        session_lifetime: Some(10),
        ..form()
    };
    assert_eq!(
        wrong(&entity, &form),
        [
            "metadata sp.no_keys",
            "sign_assertion sp.unsigned",
            "metadata sp.no_acs",
            "sector sp.sector",
            "session_lifetime sp.session_lifetime",
        ]
    );
    let idp_alone = Entity { sp: None, ..sp1_entity() };
    assert_eq!(wrong(&idp_alone, &form), ["metadata sp.no_role"]);
}

#[test]
fn idp_02_plain_http_is_for_this_machine_and_where_that_is_allowed() {
    let local = sp1_role(|role| role.acs = vec![acs(0, None, "http://127.0.0.1:8081/acs")]);
    assert_eq!(wrong(&local, &form()), ["metadata sp.acs_plain"]);
    let shouted = sp1_role(|role| role.acs = vec![acs(0, None, "HTTP://localhost/acs")]);
    assert_eq!(wrong(&shouted, &form()), ["metadata sp.acs_plain"]);
    let surroundings = Surroundings { loopback_peers: true };
    let id = "sp1".parse().unwrap();
    assert!(ServiceProvider::register(id, &local, &form(), surroundings).is_ok());
}

//= saml-metadata#2.4.4-1 test
#[test]
fn idp_03_what_metadata_says_about_signatures_cannot_be_taken_back() {
    let relaxed = ServiceProviderRegistration { require_signed_requests: Some(false), ..form() };
    assert_eq!(wrong(&sp1_entity(), &relaxed), ["require_signed_requests sp.unsigned_requests"]);
    let unsigned = sp1_role(|role| role.authn_requests_signed = false);
    assert!(!registered(&unsigned).require_signed_requests);
    assert!(!register(&unsigned, &relaxed).require_signed_requests);
    let stricter = ServiceProviderRegistration { require_signed_requests: Some(true), ..form() };
    assert!(register(&unsigned, &stricter).require_signed_requests);
    let bare = ServiceProviderRegistration { sign_assertion: false, ..form() };
    let wants = sp1_role(|role| role.want_assertions_signed = true);
    assert_eq!(wrong(&wants, &bare), ["sign_assertion sp.assertion_unsigned"]);
    assert!(wrong(&sp1_entity(), &bare).is_empty());
}

#[test]
fn the_default_endpoint_is_the_marked_one_else_the_first_that_is_not_marked_off() {
    let chosen = |marks: &[Option<bool>]| {
        let entity = sp1_role(|role| {
            let endpoints = marks.iter().enumerate().map(|(n, mark)| {
                acs(u16::try_from(n).unwrap(), *mark, &format!("https://sp1.example/{n}"))
            });
            role.acs = endpoints.collect();
        });
        registered(&entity).acs().default().unwrap().index
    };
    assert_eq!(chosen(&[None, Some(true)]), 1);
    assert_eq!(chosen(&[Some(false), None, None]), 1);
    assert_eq!(chosen(&[Some(false), Some(false)]), 0);
}

#[test]
fn signatures_are_made_as_registered_or_understood_where_the_key_can() {
    let understood = sp1_role(|role| {
        role.algorithms = Algorithms {
            signing: [
                "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
                SignatureAlg::EcdsaSha256.uri(),
                SignatureAlg::RsaSha512.uri(),
            ]
            .map(str::to_owned)
            .to_vec(),
            ..Algorithms::default()
        };
    });
    let (rsa, p256) = (signing(SignatureAlg::RsaSha256), signing(SignatureAlg::EcdsaSha256));
    let sp = registered(&understood);
    assert_eq!(sp.signature_alg(&rsa), SignatureAlg::RsaSha512);
    assert_eq!(sp.signature_alg(&p256), SignatureAlg::EcdsaSha256);
    let form =
        ServiceProviderRegistration { signature_alg: Some(SignatureName::RsaPssSha256), ..form() };
    assert_eq!(register(&understood, &form).signature_alg(&rsa), SignatureAlg::RsaPssSha256);
    assert_eq!(register(&understood, &form).signature_alg(&p256), SignatureAlg::EcdsaSha256);
}

#[test]
fn weak_keys_are_told_and_not_used() {
    let entity = sp1_role(|role| {
        role.keys.0.push(key(KeyUse::Signing, &small()));
        role.keys.0.push(key(KeyUse::Both, &SP_KEY));
    });
    let sp = registered(&entity);
    assert_eq!(sp.keys.len(), 1, "the same key twice is one key");
    assert_eq!(slugs(&sp.doubts), ["metadata sp.signing_key"]);
    let alone = sp1_role(|role| role.keys = Keys(vec![key(KeyUse::Signing, &small())]));
    assert_eq!(wrong(&alone, &form()), ["metadata sp.no_keys"]);
}

/// A certificate with an RSA key of 1,024 bits.
fn small() -> Pair {
    let certificate = unhex(include_str!("small.hex").trim());
    Pair { pkcs8: Vec::new(), certificate }
}

fn with_keys(keys: Vec<Key>) -> Entity {
    sp1_role(|role: &mut SpRole| role.keys.0.extend(keys))
}

fn methods(algorithms: &[&str]) -> Key {
    let named = algorithms.iter().map(|algorithm| EncryptionMethod {
        algorithm: (*algorithm).to_owned(),
        ..EncryptionMethod::default()
    });
    Key { encryption_methods: named.collect(), ..key(KeyUse::Encryption, &SP_KEY) }
}

const AES256_CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
const TRIPLE_DES: &str = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc";
const AES128_GCM: &str = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
const RSA_1_5: &str = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";
const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";

/// To whom is encrypted at `now`: `yes`, `clear`, or why not.
fn encrypts(entity: &Entity, form: &ServiceProviderRegistration, now: Timestamp) -> &'static str {
    match register(entity, form).encryption.recipient(now) {
        Ok(Some(_)) => "yes",
        Ok(None) => "clear",
        Err(Unencryptable::NoKey) => "no key",
        Err(Unencryptable::Unsound) => "unsound",
        Err(Unencryptable::Expired) => "expired",
    }
}

#[test]
fn enc_08_where_there_is_a_key_for_it_there_is_no_way_back_to_plaintext() {
    let must = ServiceProviderRegistration { encrypt: Encrypt::Required, ..form() };
    let late = FROM + Lifetime::hours(24 * 365 * 11);
    for (keys, now, possible, required) in [
        (vec![], NOW, "clear", "no key"),
        (vec![methods(&[])], NOW, "yes", "yes"),
        (vec![methods(&[AES256_CBC, AES128_GCM, RSA_1_5, OAEP])], NOW, "yes", "yes"),
        (vec![methods(&[AES256_CBC, TRIPLE_DES])], NOW, "unsound", "unsound"),
        (vec![methods(&[AES128_GCM, RSA_1_5])], NOW, "unsound", "unsound"),
        (vec![key(KeyUse::Encryption, &small())], NOW, "unsound", "unsound"),
        (vec![key(KeyUse::Both, &small())], NOW, "unsound", "unsound"),
        (vec![key(KeyUse::Encryption, &OTHER_KEY)], NOW, "unsound", "unsound"),
        // A key on a curve that nothing is said of was meant for signatures.
        (vec![key(KeyUse::Both, &OTHER_KEY)], NOW, "clear", "no key"),
        (vec![methods(&[])], late, "expired", "expired"),
        // One that serves is enough.
        (vec![key(KeyUse::Encryption, &small()), methods(&[])], NOW, "yes", "yes"),
    ] {
        let entity = with_keys(keys);
        assert_eq!(encrypts(&entity, &form(), now), possible, "{entity:?}");
        assert_eq!(encrypts(&entity, &must, now), required, "{entity:?}");
    }
}

#[test]
fn enc_08_the_exception_ends_on_its_day() {
    let entity = with_keys(vec![methods(&[])]);
    let until = NOW + Lifetime::hours(1);
    let excepted = ServiceProviderRegistration { danger_plaintext_until: Some(until), ..form() };
    assert_eq!(encrypts(&entity, &excepted, NOW), "clear");
    assert_eq!(encrypts(&entity, &excepted, until), "yes");
    let both = ServiceProviderRegistration { encrypt: Encrypt::Required, ..excepted };
    assert_eq!(wrong(&entity, &both), ["danger_plaintext_until sp.plaintext"]);
}

#[test]
fn enc_08_the_operator_is_told_why_nothing_can_be_encrypted() {
    let doubts = |entity: &Entity, encrypt| {
        slugs(&register(entity, &ServiceProviderRegistration { encrypt, ..form() }).doubts)
    };
    let weak = with_keys(vec![methods(&[RSA_1_5])]);
    assert_eq!(doubts(&weak, Encrypt::IfPossible), ["metadata sp.encryption_key"]);
    assert_eq!(doubts(&sp1_entity(), Encrypt::Required), ["encrypt sp.no_encryption_key"]);
    assert!(doubts(&with_keys(vec![methods(&[])]), Encrypt::Required).is_empty());
}

#[test]
fn the_name_is_the_registered_one_else_the_first_of_the_metadata_that_is_given() {
    let with = |formats: &[&str], name_id| {
        let entity = sp1_role(|role| {
            role.name_id_formats = formats.iter().map(|one| (*one).to_owned()).collect();
        });
        register(&entity, &ServiceProviderRegistration { name_id, ..form() }).name_id
    };
    let all = [format::UNSPECIFIED, format::EMAIL, format::TRANSIENT, format::PERSISTENT];
    assert_eq!(with(&all, None), NameIdKind::Transient);
    assert_eq!(with(&[format::EMAIL], None), NameIdKind::Persistent);
    assert_eq!(with(&all, Some(NameIdKind::Email)), NameIdKind::Email);
}

fn needing(values: &[&str], categories: &[&str]) -> Entity {
    let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut entity = sp1_entity();
    entity.attributes.insert(Entity::SUBJECT_ID_REQ.to_owned(), list(values));
    entity.attributes.insert(Entity::CATEGORY.to_owned(), list(categories));
    entity
}

#[test]
fn idp_16_a_name_that_others_know_is_not_given_because_a_service_asks_for_it() {
    let of = |entity: &Entity, subject_id| {
        let sp = register(entity, &ServiceProviderRegistration { subject_id, ..form() });
        (sp.identifier, sp.subject, sp.doubts.len())
    };
    let (pairwise, public) = (SubjectKind::Pairwise, SubjectKind::Public);
    let subject_id = Some(IdentifierNeed::SubjectId);
    assert_eq!(of(&needing(&["subject-id"], &[]), None), (None, pairwise, 1));
    assert_eq!(of(&needing(&["subject-id"], &[PERSONALIZED]), None), (subject_id, public, 0));
    assert_eq!(of(&needing(&["subject-id"], &[]), subject_id), (subject_id, public, 0));
    for (word, need) in [
        ("none", IdentifierNeed::None),
        ("pairwise-id", IdentifierNeed::PairwiseId),
        ("any", IdentifierNeed::Any),
    ] {
        assert_eq!(of(&needing(&[word], &[]), None), (Some(need), pairwise, 0));
    }
    assert_eq!(of(&needing(&["any", "none"], &[]), None), (None, pairwise, 0));
    let none = Some(IdentifierNeed::None);
    assert_eq!(of(&needing(&["any"], &[]), none), (none, pairwise, 0));
}

#[test]
fn an_identifier_can_be_asked_for_like_any_attribute() {
    let asking = |names: &[&str]| {
        let names = names.iter().map(|name| requested(name, true)).collect();
        let entity = sp1_role(|role| role.attribute_services = vec![attribute_service(0, names)]);
        registered(&entity).identifier
    };
    let uri = "urn:oasis:names:tc:SAML:attribute:pairwise-id";
    assert_eq!(asking(&[uri]), Some(IdentifierNeed::PairwiseId));
    assert_eq!(asking(&[MAIL]), None);
}

#[test]
fn what_may_be_told_follows_the_categories() {
    let told = |entity: &Entity, form: &ServiceProviderRegistration| {
        let names = register(entity, form).releasable;
        names.iter().map(AttributeName::as_str).collect::<Vec<_>>().join(" ")
    };
    let scholarly = needing(&[], &[RESEARCH_AND_SCHOLARSHIP]);
    expect!["displayName eduPersonPrincipalName eduPersonScopedAffiliation givenName mail sn"]
        .assert_eq(&told(&scholarly, &form()));
    let mut promising = needing(&[], &[CODE_OF_CONDUCT_2]);
    promising.sp.as_mut().unwrap().attribute_services =
        vec![attribute_service(0, vec![requested(MAIL, true), requested(DISPLAY_NAME, false)])];
    assert_eq!(told(&promising, &form()), "mail");
    let taken_back = ServiceProviderRegistration { entity_categories: Some(Vec::new()), ..form() };
    assert_eq!(told(&scholarly, &taken_back), "");
}

#[test]
fn a_fresh_key_of_another_kind_is_no_stranger() {
    // P-256 verifies requests as RSA does.
    let entity = sp1_role(|role| {
        role.keys = Keys(vec![key(KeyUse::Signing, &fresh(KeyKind::P256))]);
    });
    assert!(registered(&entity).doubts.is_empty());
}
