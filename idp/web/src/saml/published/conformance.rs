//! Our own metadata, judged by the clauses that we judge peers by.

use std::sync::{Arc, LazyLock};

use expect_test::{Expect, expect};
use idp_domain::{Lang, Lifetime, Localized, Timestamp};
use idp_saml::{
    conformance::{
        Finding, Provenance, Registered, Report, Verdict, judge_identity_provider,
        judge_service_provider,
    },
    dsig::{DecryptionKey, DecryptionPolicy, KeyKind, SigningKey, self_signed},
    idp::{NameIdKind, ServiceProvider, ServiceProviderRegistration, Surroundings},
    keys::SamlKeys,
    metadata::{Reading, Trust, read},
};

use super::{About, Known, Published, Stand};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const ADDRESS: Provenance<'_> =
    Provenance { address: Some("https://broker.example/saml/metadata"), signed: true };

static KEYS: LazyLock<Arc<SamlKeys>> = LazyLock::new(|| {
    let pair = || {
        let pkcs8 = KeyKind::Rsa2048.generate().unwrap();
        let certificate = self_signed(pkcs8.expose(), "broker.example", NOW, 10, [7; 16]).unwrap();
        (pkcs8, certificate)
    };
    let ((signing, signs), (decryption, opens)) = (pair(), pair());
    Arc::new(SamlKeys {
        signing: Arc::new(SigningKey::new(signing.expose(), &signs).unwrap()),
        published_signing_certs: vec![signs],
        decryption: vec![DecryptionKey::new(decryption.expose(), &opens).unwrap()],
        published_encryption_certs: vec![opens],
    })
});

fn published(about: About) -> Published {
    let known = Known {
        scopes: ["una.example".parse().unwrap()].into(),
        sources: ["una-saml".parse().unwrap()].into(),
    };
    let stand = Stand {
        about: Arc::new(about.or_called("Laissez-Passer")),
        base: "https://broker.example/".parse().unwrap(),
        known,
        keys: Arc::clone(&KEYS),
    };
    Published::render(stand, NOW).unwrap()
}

/// All that an operator can say.
fn complete() -> About {
    let english = |text: &str| Localized::new([(Lang::En, text.to_owned())]);
    About {
        names: english("One sign-on"),
        descriptions: english("Signs you in"),
        organization: english("Agency"),
        organization_url: Some("https://agency.example/".parse().unwrap()),
        logo: Some("https://broker.example/logo.png".parse().unwrap()),
        privacy_url: Some("https://agency.example/privacy".parse().unwrap()),
        technical_contact: Some("technical@agency.example".to_owned()),
        support_contact: Some("support@agency.example".to_owned()),
        security_contact: Some("security@agency.example".to_owned()),
        ..About::default()
    }
}

/// What a peer would find of us in both roles, registered as well as it can be.
fn found(published: &Published) -> [Report; 2] {
    let reading = Reading { trust: Trust::Unsigned, now: NOW, loopback_http: false };
    let entity = read(&published.idp, &reading).unwrap();
    let scopes: Vec<_> = entity.idp.as_ref().unwrap().scopes.clone();
    let source = judge_identity_provider(&Registered {
        entity: &entity,
        provenance: ADDRESS,
        by_post: false,
        name_format: None,
        by_subject_id: true,
        require_encryption: true,
        policy: DecryptionPolicy { oaep_sha1: true, cbc: false },
        skew: Lifetime::seconds(180),
        scopes: &scopes,
        now: NOW,
    });
    let entity = read(published.sp.as_ref().unwrap(), &reading).unwrap();
    let form = ServiceProviderRegistration {
        name_id: Some(NameIdKind::Transient),
        ..ServiceProviderRegistration::default()
    };
    let id = "broker".parse().unwrap();
    let provider = ServiceProvider::register(id, &entity, &form, Surroundings::default()).unwrap();
    [source, judge_service_provider(&entity, &provider, &form, ADDRESS, NOW)]
}

fn check(about: About, expected: &Expect) {
    let line = |one: &Finding| format!("{} {}\n", one.clause, one.found);
    let mut lines = String::new();
    for (role, report) in
        ["identity provider", "service provider"].iter().zip(found(&published(about)))
    {
        lines.extend([role, ":\n"]);
        let all = report.clauses.iter().chain(&report.beyond);
        lines.extend(all.filter(|one| one.verdict == Verdict::NotHeld).map(line));
    }
    expected.assert_eq(&lines);
}

#[test]
fn our_own_metadata_is_judged_by_the_same_clauses() {
    check(
        complete(),
        &expect![[r"
        identity provider:
        SDP-MD12 it names no https page for people whom it could not help
        SDP-IDP33 its metadata lacks `errorURL`
        service provider:
        SDP-ALG01 of the algorithms in its metadata, there is no rsa-oaep-mgf1p
        SDP-IDP24 it is told of logouts by SOAP, because it offers that
    "]],
    );
    check(
        About::default(),
        &expect![[r"
        identity provider:
        SDP-MD09 its metadata lacks a logo
        SDP-MD11 no technical contact with a mail address is named
        SDP-MD12 it names no https page for people whom it could not help
        SDP-IDP33 its metadata lacks `errorURL`, a technical contact, a logo
        security contact no security contact is named
        service provider:
        SDP-MD09 its metadata lacks a logo, a privacy statement
        SDP-MD11 no technical contact with a mail address is named
        SDP-ALG01 of the algorithms in its metadata, there is no rsa-oaep-mgf1p
        SDP-SP39 its metadata lacks a technical contact, a logo, a privacy statement
        SDP-IDP24 it is told of logouts by SOAP, because it offers that
        security contact no security contact is named
    "]],
    );
}

#[test]
fn our_metadata_says_that_either_identifier_will_do() {
    let [_, service] = found(&published(complete()));
    let need = service.clauses.iter().find(|one| one.clause == "SDP-SP15").unwrap();
    assert_eq!(need.found, "its metadata says `any`");
}
