//! The table of clauses, and what is found about peers that keep them or do not.

use expect_test::{Expect, expect};
use idp_domain::{Lifetime, Timestamp};

use super::{
    Clause, Finding, Provenance, Registered, Report, Stand, Verdict, Whose, clause,
    judge_identity_provider, judge_service_provider,
};
use crate::{
    binding::Binding,
    dsig::{DecryptionPolicy, testing::rsa},
    idp::{NameIdKind, ServiceProvider, ServiceProviderRegistration, Surroundings},
    metadata::{
        AcsEndpoint, Contact, ContactKind, Endpoint, Entity, Flaw, IdpRole, Key, KeyUse, Keys,
        Location, Logo, LogoSource, SpRole, Texts, Ui, Warning,
    },
};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const ADDRESS: Provenance<'_> =
    Provenance { address: Some("https://peer.example/metadata"), signed: false };

#[test]
fn the_table_is_whole_and_in_order() {
    let clauses = clause::read(include_str!("saml2int.toml")).unwrap();
    assert_eq!(clauses, Clause::all());
    let ids: Vec<_> = clauses.iter().map(|clause| clause.id.clone()).collect();
    let all: Vec<_> = [("G", 4), ("MD", 12), ("ALG", 1), ("SP", 39), ("IDP", 33)]
        .into_iter()
        .flat_map(|(group, last)| (1..=last).map(move |n| format!("SDP-{group}{n:02}")))
        .collect();
    assert_eq!(ids, all);
}

#[test]
fn every_clause_says_how_we_stand_and_what_shows_it() {
    for Clause { id, says, stand, how, tests, .. } in Clause::all() {
        assert!(says.ends_with('.') && how.ends_with('.'), "{id}");
        assert_eq!(tests.is_empty(), *stand == Stand::NotApplicable, "{id}");
    }
}

/// A peer that says all that it has to, in the role that `role` adds.
fn entity(role: impl FnOnce(&mut Entity)) -> Entity {
    let contact = |kind| Contact {
        kind,
        company: None,
        given_name: None,
        surname: None,
        emails: vec!["desk@peer.example".to_owned()],
        phones: Vec::new(),
    };
    let mut entity = Entity {
        entity_id: "https://peer.example/saml".to_owned(),
        valid_until: Some(NOW + Lifetime::hours(24)),
        contacts: vec![contact(ContactKind::Technical), contact(ContactKind::Security)],
        ..Entity::default()
    };
    role(&mut entity);
    entity
}

fn service_entity() -> Entity {
    entity(|entity| {
        let need = (Entity::SUBJECT_ID_REQ.to_owned(), vec!["pairwise-id".to_owned()]);
        entity.attributes.extend([need]);
        entity.sp = Some(SpRole {
            acs: vec![AcsEndpoint {
                index: 0,
                is_default: None,
                binding: Binding::Post,
                location: location("acs"),
            }],
            slo: vec![at(Binding::Redirect, "slo")],
            keys: keys(),
            ui: ui(),
            ..SpRole::default()
        });
    })
}

fn agency_entity() -> Entity {
    entity(|entity| {
        entity.idp = Some(IdpRole {
            sso: vec![at(Binding::Redirect, "sso")],
            slo: vec![at(Binding::Redirect, "slo")],
            keys: keys(),
            ui: Ui { privacy_statement_urls: Texts::default(), ..ui() },
            scopes: vec!["una.example".parse().unwrap()],
            error_url: Some(location("help")),
            ..IdpRole::default()
        });
    })
}

fn location(path: &str) -> Location {
    Location::parse(&format!("https://peer.example/{path}"), false).unwrap()
}

fn at(binding: Binding, path: &str) -> Endpoint {
    Endpoint { binding, location: location(path), response_location: None }
}

fn keys() -> Keys {
    let certificates = vec![rsa().certificate.clone()];
    Keys(vec![Key { usage: KeyUse::Both, certificates, encryption_methods: Vec::new() }])
}

fn ui() -> Ui {
    let texts = |text: &str| Texts::new([("en".to_owned(), text.to_owned())]);
    let source = LogoSource::Location(location("logo.png"));
    Ui {
        display_names: texts("Peer"),
        logos: vec![Logo { source, width: 80, height: 60, lang: None }],
        privacy_statement_urls: texts("https://peer.example/privacy"),
        ..Ui::default()
    }
}

fn sp(entity: &mut Entity) -> &mut SpRole {
    entity.sp.as_mut().unwrap()
}

fn idp(entity: &mut Entity) -> &mut IdpRole {
    entity.idp.as_mut().unwrap()
}

/// A service provider that is registered so that everything is held that we can see to.
fn form() -> ServiceProviderRegistration {
    ServiceProviderRegistration {
        require_signed_requests: Some(true),
        name_id: Some(NameIdKind::Transient),
        ..ServiceProviderRegistration::default()
    }
}

fn service(entity: &Entity, form: &ServiceProviderRegistration) -> Report {
    service_from(entity, form, ADDRESS)
}

fn service_from(
    entity: &Entity,
    form: &ServiceProviderRegistration,
    provenance: Provenance<'_>,
) -> Report {
    let surroundings = Surroundings { loopback_peers: true };
    let id = "sp1".parse().unwrap();
    let provider = ServiceProvider::register(id, entity, form, surroundings).unwrap();
    judge_service_provider(entity, &provider, form, provenance, NOW)
}

fn source(entity: &Entity, change: impl FnOnce(&mut Registered<'_>)) -> Report {
    let scopes = ["una.example".parse().unwrap()];
    let mut registered = Registered {
        entity,
        provenance: ADDRESS,
        by_post: false,
        name_format: None,
        by_subject_id: true,
        require_encryption: true,
        policy: DecryptionPolicy { oaep_sha1: true, cbc: false },
        skew: Lifetime::seconds(180),
        scopes: &scopes,
        now: NOW,
    };
    change(&mut registered);
    judge_identity_provider(&registered)
}

/// What is not held, one line each.
fn broken(report: &Report) -> Vec<String> {
    let all = report.clauses.iter().chain(&report.beyond);
    all.filter(|one| one.verdict == Verdict::NotHeld).map(line).collect()
}

fn line(finding: &Finding) -> String {
    format!("{} {}", finding.clause, finding.found)
}

fn check(lines: &[String], expected: &Expect) {
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn every_clause_of_its_role_is_judged_once_and_in_order() {
    let service = service(&service_entity(), &form());
    let source = source(&agency_entity(), |_| {});
    for (report, groups, except) in [
        (&service, ["SDP-G", "SDP-MD", "SDP-ALG", "SDP-SP"], "SDP-MD12"),
        (&source, ["SDP-G", "SDP-MD", "SDP-IDP", "SDP-IDP"], ""),
    ] {
        let theirs = report.clauses.iter().filter(|one| one.whose == Whose::Peer);
        let judged: Vec<_> = theirs.map(|one| one.clause).collect();
        let all = Clause::all().iter().map(|clause| clause.id.as_str());
        let wanted: Vec<_> = all
            .filter(|id| *id != except && groups.iter().any(|group| id.starts_with(group)))
            .collect();
        assert_eq!(judged, wanted);
        for finding in &report.clauses {
            assert!(finding.text().is_some(), "{}", finding.clause);
            assert_eq!(finding.advice.is_none(), finding.verdict == Verdict::Held);
        }
    }
}

#[test]
fn a_peer_that_keeps_everything_is_found_to() {
    let found = service(&service_entity(), &form());
    check(&broken(&found), &expect![""]);
    let found = source(&agency_entity(), |_| {});
    check(&broken(&found), &expect![""]);
}

/// A change of metadata, and what it takes away.
type Loss = (&'static str, fn(&mut Entity));

/// What both kinds of peers can lack.
const LOSSES: [Loss; 3] = [
    ("validUntil", |entity| entity.valid_until = None),
    ("contacts", |entity| entity.contacts.clear()),
    ("addresses of contacts", |entity| {
        entity.contacts.iter_mut().for_each(|contact| contact.emails.clear());
    }),
];

fn warn(entity: &mut Entity, element: &'static str, flaw: Flaw) {
    entity.warnings.push(Warning { element, flaw });
}

mod services;
mod sources;
