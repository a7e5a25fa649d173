//! What is found about sources that are identity providers.

use expect_test::expect;
use idp_domain::Lifetime;

use super::{LOSSES, Loss, agency_entity, broken, check, idp, source, warn};
use crate::{
    binding::Binding,
    conformance::Registered,
    metadata::{Flaw, Ui},
    schema::format,
};

#[test]
fn what_the_metadata_of_an_agency_lacks_is_told() {
    let losses: [Loss; 7] = [
        ("key", |entity| idp(entity).keys.0.clear()),
        ("endpoint by Redirect", |entity| idp(entity).sso[0].binding = Binding::Post),
        ("logout by Redirect", |entity| idp(entity).slo[0].binding = Binding::Post),
        ("logout", |entity| idp(entity).slo.clear()),
        ("errorURL", |entity| idp(entity).error_url = None),
        ("scope", |entity| idp(entity).scopes.clear()),
        ("name and logo", |entity| idp(entity).ui = Ui::default()),
    ];
    let mut lines = Vec::new();
    for (what, lose) in LOSSES.into_iter().chain(losses) {
        let mut entity = agency_entity();
        lose(&mut entity);
        lines.push(format!("without {what}"));
        lines.extend(broken(&source(&entity, |_| {})));
    }
    check(
        &lines,
        &expect![[r"
        without validUntil
        SDP-MD03 its metadata has no `validUntil`: a key in it can never be withdrawn
        without contacts
        SDP-MD11 no technical contact with a mail address is named
        SDP-IDP33 its metadata lacks a technical contact
        security contact no security contact is named
        without addresses of contacts
        SDP-MD11 no technical contact with a mail address is named
        SDP-IDP33 its metadata lacks a technical contact
        security contact no security contact is named
        without key
        SDP-MD05 there is no key
        SDP-MD08 it has no signing key
        SDP-IDP33 its metadata lacks a signing key
        without endpoint by Redirect
        SDP-IDP02 it does not take requests by Redirect
        SDP-SP02 it is asked by POST, for it takes nothing else
        without logout by Redirect
        SDP-IDP25 it has no endpoint for logout by Redirect
        SDP-SP25 it is asked by POST or not at all
        without logout
        SDP-IDP21 it has no endpoint for logout
        SDP-IDP25 it has no endpoint for logout by Redirect
        SDP-IDP33 its metadata lacks an endpoint for logout
        without errorURL
        SDP-MD12 it names no https page for people whom it could not help
        SDP-IDP33 its metadata lacks `errorURL`
        without scope
        SDP-IDP14 its metadata names no scope
        SDP-IDP33 its metadata lacks a scope
        without name and logo
        SDP-MD09 its metadata lacks a display name, a logo
        SDP-IDP33 its metadata lacks a display name, a logo"]],
    );
}

#[test]
fn the_registration_of_a_source_decides_what_we_keep_towards_it() {
    let mut lines = Vec::new();
    for change in [
        (|one| one.by_post = true) as fn(&mut Registered<'_>),
        |one| one.name_format = Some(format::PERSISTENT),
        |one| one.by_subject_id = false,
        |one| one.require_encryption = false,
        |one| one.policy.oaep_sha1 = false,
        |one| one.policy.cbc = true,
        |one| one.skew = Lifetime::seconds(179),
        |one| one.scopes = &[],
    ] {
        lines.push("-".to_owned());
        lines.extend(broken(&source(&agency_entity(), change)));
    }
    check(
        &lines,
        &expect![[r"
        -
        SDP-SP02 it is registered to be asked by POST
        -
        SDP-SP04 it is asked for names of the format urn:oasis:names:tc:SAML:2.0:nameid-format:persistent
        -
        SDP-SP14 people are known by other names than those of the profile
        -
        -
        SDP-ALG01 OAEP with SHA-1, the one key transport of the profile, is not opened
        -
        SDP-ALG01 an exception lets AES-CBC pass
        -
        SDP-G01 its clock may be off by 179 seconds only
        -
        scopes of the agency it claims una.example, which its agency does not own here"]],
    );
}

#[test]
fn a_scope_that_is_an_expression_is_told() {
    let mut agency = agency_entity();
    warn(&mut agency, "Scope", Flaw::RegexpScope);
    check(&broken(&source(&agency, |_| {})), &expect!["SDP-IDP14 a scope is a regular expression"]);
}
