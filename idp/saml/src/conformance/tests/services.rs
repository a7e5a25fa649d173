//! What is found about service providers.

use expect_test::expect;
use idp_domain::{Lifetime, Timestamp};

use super::{
    LOSSES, Loss, NOW, at, broken, check, form, line, service, service_entity, service_from, sp,
    warn,
};
use crate::{
    binding::Binding,
    conformance::{Provenance, Verdict},
    dsig::testing::unhex,
    idp::{NameIdKind, ServiceProviderRegistration, service_provider::SignatureName},
    metadata::{EncryptionMethod, Entity, Flaw, KeyUse, Texts, Ui},
};

#[test]
fn what_the_metadata_of_a_service_lacks_is_told() {
    let losses: [Loss; 6] = [
        ("subject-id:req", |entity| entity.attributes.clear()),
        ("key", |entity| sp(entity).keys.0.clear()),
        ("key to encrypt to", |entity| sp(entity).keys.0[0].usage = KeyUse::Signing),
        ("key to sign with", |entity| sp(entity).keys.0[0].usage = KeyUse::Encryption),
        ("display name", |entity| sp(entity).ui.display_names = Texts::default()),
        ("all else that people see", |entity| {
            let ui = &mut sp(entity).ui;
            *ui = Ui { display_names: ui.display_names.clone(), ..Ui::default() };
        }),
    ];
    let mut lines = Vec::new();
    for (what, lose) in LOSSES.into_iter().chain(losses) {
        let mut entity = service_entity();
        lose(&mut entity);
        lines.push(format!("without {what}"));
        // Whoever has no key cannot be registered to sign.
        let form = ServiceProviderRegistration { require_signed_requests: None, ..form() };
        let found = broken(&service(&entity, &form));
        lines.extend(found.into_iter().filter(|line| !line.starts_with("signed requests")));
    }
    check(
        &lines,
        &expect![[r"
        without validUntil
        SDP-MD03 its metadata has no `validUntil`: a key in it can never be withdrawn
        without contacts
        SDP-MD11 no technical contact with a mail address is named
        SDP-SP39 its metadata lacks a technical contact
        security contact no security contact is named
        without addresses of contacts
        SDP-MD11 no technical contact with a mail address is named
        SDP-SP39 its metadata lacks a technical contact
        security contact no security contact is named
        without subject-id:req
        SDP-SP15 its metadata does not say which identifier it needs
        SDP-SP39 its metadata lacks `subject-id:req`
        without key
        SDP-MD05 there is no key
        SDP-MD08 it has no key to encrypt to
        SDP-SP10 assertions go in plaintext: its metadata has no key to encrypt to
        SDP-SP28 no signing key of it can be used
        SDP-SP33 no signing key of it can be used
        SDP-SP39 its metadata lacks a key to encrypt to, a signing key
        SDP-IDP11 assertions go in plaintext: its metadata has no key to encrypt to
        without key to encrypt to
        SDP-MD08 it has no key to encrypt to
        SDP-SP10 assertions go in plaintext: its metadata has no key to encrypt to
        SDP-SP39 its metadata lacks a key to encrypt to
        SDP-IDP11 assertions go in plaintext: its metadata has no key to encrypt to
        without key to sign with
        SDP-SP28 no signing key of it can be used
        SDP-SP33 no signing key of it can be used
        SDP-SP39 its metadata lacks a signing key
        without display name
        SDP-MD09 its metadata lacks a display name
        SDP-SP39 its metadata lacks a display name
        without all else that people see
        SDP-MD09 its metadata lacks a logo, a privacy statement
        SDP-SP39 its metadata lacks a logo, a privacy statement"]],
    );
}

#[test]
fn the_registration_of_a_service_decides_what_we_keep_towards_it() {
    let with = |change: fn(&mut ServiceProviderRegistration)| {
        let mut form = form();
        change(&mut form);
        broken(&service(&service_entity(), &form))
    };
    let mut lines = Vec::new();
    for change in [
        (|form| form.require_signed_requests = None) as fn(&mut ServiceProviderRegistration),
        |form| form.sign_response = false,
        |form| form.name_id = None,
        |form| form.name_id = Some(NameIdKind::Email),
        |form| form.signature_alg = Some(SignatureName::RsaSha512),
        |form| form.danger_plaintext_until = Some(NOW + Lifetime::hours(1)),
        |form| form.danger_plaintext_until = Some(NOW),
    ] {
        lines.push("-".to_owned());
        lines.extend(with(change));
    }
    check(
        &lines,
        &expect![[r"
        -
        signed requests anybody can send a person to sign in there
        -
        SDP-IDP09 responses are not signed, only assertions
        -
        SDP-IDP12 people are called by a name of the kind persistent
        -
        SDP-SP14 it is registered to know people by their mail address
        SDP-IDP12 people are called by a name of the kind email
        -
        SDP-ALG01 it is registered to be signed for with http://www.w3.org/2001/04/xmldsig-more#rsa-sha512
        -
        SDP-SP10 an exception lets assertions go in plaintext
        SDP-IDP11 an exception lets assertions go in plaintext
        -"]],
    );
}

#[test]
fn sloppy_metadata_is_told_though_it_is_read() {
    let small = unhex(include_str!("../../idp/service_provider/small.hex").trim());
    let mut lines = Vec::new();
    for (what, change) in [
        ("a short key", (|_| {}) as fn(&mut Entity)),
        ("a long name", |entity| entity.entity_id = format!("urn:{}", "x".repeat(253))),
        ("a name that is no URI", |entity| entity.entity_id = "peer".to_owned()),
        ("a plain address", |entity| warn(entity, "AssertionConsumerService", Flaw::PlainHttp)),
        ("a bare key", |entity| warn(entity, "KeyDescriptor", Flaw::NoCertificate)),
        ("a logo with a script", |entity| warn(entity, "Logo", Flaw::BadLogo)),
    ] {
        let mut entity = service_entity();
        change(&mut entity);
        if what == "a short key" {
            sp(&mut entity).keys.0[0].certificates.push(small.clone());
        }
        lines.push(what.to_owned());
        lines.extend(broken(&service(&entity, &form())));
    }
    check(
        &lines,
        &expect![[r"
        a short key
        SDP-MD06 an RSA key has 1024 bits; it is never used
        a long name
        SDP-G04 the entity id has 257 characters, more than 256
        a name that is no URI
        SDP-G04 the entity id is no absolute URI
        a plain address
        SDP-SP09 an address for answers is plain http
        a bare key
        SDP-MD05 a key is only named, or stands there without a certificate
        a logo with a script
        SDP-MD10 a logo is neither at https nor a picture in the metadata that is shown here"]],
    );
}

#[test]
fn a_logout_that_needs_no_browser_is_outside_of_the_profile() {
    let mut entity = service_entity();
    sp(&mut entity).slo.push(at(Binding::Soap, "soap"));
    check(
        &broken(&service(&entity, &form())),
        &expect!["SDP-IDP24 it is told of logouts by SOAP, because it offers that"],
    );
    sp(&mut entity).slo.remove(0);
    check(
        &broken(&service(&entity, &form())),
        &expect![[r"
        SDP-SP26 its endpoint for logout does not take HTTP-Redirect
        SDP-SP32 its endpoint for logout does not take HTTP-Redirect
        SDP-IDP24 it is told of logouts by SOAP, because it offers that
        SDP-IDP28 its endpoint for logout does not take HTTP-Redirect"]],
    );
    sp(&mut entity).slo.clear();
    check(&broken(&service(&entity, &form())), &expect![[""]]);
}

#[test]
fn algorithms_that_are_named_must_be_those_of_the_profile() {
    let found = |methods: &[&str], signing: &[&str]| {
        let mut entity = service_entity();
        let role = sp(&mut entity);
        role.algorithms.signing = signing.iter().map(|uri| (*uri).to_owned()).collect();
        role.keys.0[0].encryption_methods = methods
            .iter()
            .map(|uri| EncryptionMethod { algorithm: (*uri).to_owned(), ..Default::default() })
            .collect();
        let report = service(&entity, &form());
        line(report.clauses.iter().find(|one| one.clause == "SDP-ALG01").unwrap())
    };
    let gcm = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
    let cbc = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";
    let oaep = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
    let sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    let sha512 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512";
    let lines = [
        found(&[], &[]),
        found(&[gcm, cbc, oaep], &[sha512, sha256]),
        found(&[gcm], &[]),
        found(&[cbc, oaep], &[]),
        found(&["http://www.w3.org/2009/xmlenc11#rsa-oaep"], &[sha512]),
    ];
    check(
        &lines,
        &expect![[r"
        SDP-ALG01 its metadata names no algorithms
        SDP-ALG01 the algorithms in its metadata are those of the profile, or more
        SDP-ALG01 the algorithms in its metadata are those of the profile, or more
        SDP-ALG01 of the algorithms in its metadata, there is no AES-GCM of 128 or 256 bits
        SDP-ALG01 of the algorithms in its metadata, there is no RSA or ECDSA with SHA-256, no rsa-oaep-mgf1p"]],
    );
}

#[test]
fn where_metadata_comes_from_counts() {
    let found = |address: Option<&'static str>, signed| {
        let provenance = Provenance { address, signed };
        let report = service_from(&service_entity(), &form(), provenance);
        let wanted = ["SDP-MD01", "SDP-MD02"];
        let rows = report.clauses.into_iter().filter(|one| wanted.contains(&one.clause));
        rows.map(|one| one.verdict.as_str()).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(found(Some("https://peer.example/m"), false), "held, held");
    assert_eq!(found(Some("http://127.0.0.1/m"), false), "held, not held");
    assert_eq!(found(Some("HTTP://127.0.0.1/m"), true), "held, held");
    assert_eq!(found(None, false), "not held, cannot tell");
    assert_eq!(found(None, true), "not held, held");
}

#[test]
fn an_end_is_there_and_near() {
    let verdict = |end: Option<Timestamp>| {
        let entity = Entity { valid_until: end, ..service_entity() };
        let report = service(&entity, &form());
        report.clauses.iter().find(|one| one.clause == "SDP-MD03").unwrap().verdict
    };
    let days = |count: u32| Some(NOW + Lifetime::hours(24 * count));
    assert_eq!(verdict(days(28)), Verdict::Held);
    assert_eq!(verdict(days(29)), Verdict::NotHeld);
    assert_eq!(verdict(days(0)), Verdict::NotHeld);
    assert_eq!(verdict(None), Verdict::NotHeld);
}
