//! What agencies want of factors, what sources are trusted for, how long sessions count: from the
//! file to what is served, and what a plan says of it.

use std::path::Path;

use expect_test::{Expect, expect};
use idp_domain::{
    AttributeName, Lang, Trust,
    assurance::Worth,
    factor::EnrolWith,
    relying_party::{ACCOUNT, Protocol},
};
use serde_json::{Value, json};

use super::{
    apply, apply_with, changed, context, exported, federation, mirror, refused, stored, told, with,
};
use crate::federation::{export::Format, read};

const MFA: &str = "https://refeds.org/profile/mfa";

/// Everything that can be said of it.
fn demanding() -> Value {
    let file = with(
        "/agencies/0/factors",
        json!({
            "demand": MFA, "grace_days": 14, "nudge": true, "recovery_codes": false,
            "enrol_with": "access_pass", "remember_device_days": 7,
            "approve_access_passes": true,
            "passkeys": {
                "attestation": "trusted", "device_bound": true,
                "never": ["08080808-0808-0808-0808-080808080808"],
            },
        }),
    );
    let file = changed(file, "/agencies/0/sessions", json!({"absolute_minutes": 480}));
    let file = changed(
        file,
        "/sources/0/trust",
        json!([
            {"method": "hwk", "worth": "aal2", "phishing_resistant": true, "max_age_minutes": 60},
            {"method": "sms", "never": true},
            {"context": "urn:example:gold", "verify": true},
        ]),
    );
    let file = changed(file, "/relying_parties/0/required_acr", json!("phr"));
    changed(file, "/relying_parties/0/sessions", json!({"idle_minutes": 15, "factor_minutes": 30}))
}

#[tokio::test]
async fn what_the_file_says_of_factors_is_served() {
    let context = context().await;
    apply(&context, &demanding()).await.unwrap();
    let mut mirror = mirror(&context);
    mirror.take(stored(&context).await);
    let catalog = mirror.news().unwrap().catalog;
    let agency = catalog.agency(&"una".parse().unwrap()).unwrap();
    assert_eq!(agency.factors.demand.as_ref().unwrap().as_str(), MFA);
    assert_eq!(agency.factors.enrol_with, EnrolWith::AccessPass);
    assert!(agency.factors.totp && !agency.factors.recovery_codes, "what is left out is usual");
    assert_eq!(agency.sessions.absolute, Some(480));
    let party = catalog.relying_party(&"portal".parse().unwrap()).unwrap();
    assert_eq!((party.sessions.idle, party.sessions.factor), (Some(15), Some(30)));
    let source = catalog.source(&"staff".parse().unwrap()).unwrap();
    let trust: &Trust = &source.source.trust;
    assert_eq!(trust.rules().len(), 4, "the short form stands beside the table");
    assert_eq!(trust.ceiling(), Worth { phishing_resistant: true, ..Worth::TWO_FACTORS });
}

#[tokio::test]
async fn our_own_pages_are_in_every_federation() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let mut mirror = mirror(&context);
    mirror.take(stored(&context).await);
    let built = mirror.news().unwrap();
    let account = built.catalog.relying_party(&ACCOUNT.parse().unwrap()).unwrap();
    assert_eq!(account.protocol, Protocol::Own);
    assert_eq!(account.home.as_ref().unwrap().as_str(), "https://sso.example/account");
    for lang in Lang::ALL {
        assert!(account.names.iter().any(|(named, _)| named == lang));
    }
    assert!(!account.releasable.contains(&AttributeName::parse("mail").unwrap()));
    let file = with("/relying_parties/0/id", json!(ACCOUNT));
    let no = "relying_parties/urn:laissez-passer:account: id: this name is the broker's own; \
              choose another";
    assert_eq!(refused(&context, &file).await, no);
}

#[tokio::test]
async fn factors_are_exported_as_they_were_written_in_any_format() {
    let context = context().await;
    apply(&context, &demanding()).await.unwrap();
    let text = exported(&context, Format::Yaml).await;
    let first: Vec<_> = text.lines().skip(9).take(20).collect();
    expect![[r"
          factors:
            demand: https://refeds.org/profile/mfa
            enrol_with: access_pass
            grace_days: 14
            nudge: true
            passkeys:
              attestation: trusted
              device_bound: true
              never:
              - 08080808-0808-0808-0808-080808080808
            recovery_codes: false
            remember_device_days: 7
            approve_access_passes: true
          sessions:
            absolute_minutes: 480"]]
    .assert_eq(&first.join("\n"));
    for (format, name) in
        [(Format::Yaml, "f.yaml"), (Format::Json, "f.json"), (Format::Toml, "f.toml")]
    {
        let text = exported(&context, format).await;
        let file = read::parse(&text, Path::new(name)).unwrap();
        let plan = context.apply(file, true).await.unwrap();
        assert!(plan.is_empty(), "{name}: {}\n{text}", told(&plan));
    }
}

async fn check_refused(place: &str, value: Value, expected: &Expect) {
    let context = context().await;
    expected.assert_eq(&refused(&context, &with(place, value)).await);
}

#[tokio::test]
async fn rules_that_make_no_sense_are_refused_with_their_place() {
    check_refused(
        "/agencies/0/factors",
        json!({
            "demand": "https://refeds.org/profile/mfaa", "grace_days": 365,
            "remember_device_days": 400,
            "passkeys": {
                "only": ["yubikey", "00000000-0000-0000-0000-000000000000"],
                "never": ["08080808-0808-0808-0808-080808080808"],
            },
        }),
        &expect![[r""]],
    )
    .await;
    let model = "08080808-0808-0808-0808-080808080808";
    check_refused(
        "/agencies/0/factors",
        json!({"grace_days": 3, "passkeys": {"only": [model], "never": [model]}}),
        &expect![[r""]],
    )
    .await;
    check_refused("/agencies/0/sessions", json!({"idle_minutes": 0}), &expect![[r""]]).await;
    check_refused("/relying_parties/0/sessions", json!({"factor_minutes": 0}), &expect![[r""]])
        .await;
    check_refused("/sources/0/trust", json!([{"method": "otp", "worth": "aal1"}]), &expect![[r""]])
        .await;
}

#[test]
fn a_slip_in_the_names_of_rules_is_told_with_line_and_likely_meaning() {
    let told = |yaml: &str| read::parse(yaml, Path::new("f.yaml")).unwrap_err().to_string();
    let agency = "agencies:\n  - id: a\n    names: { en: A }\n    factors:\n";
    expect![[r""]].assert_eq(&told(&format!("{agency}      totpp: false\n")));
    expect![[r""]].assert_eq(&told(&format!("{agency}      enrol_with: access-pass\n")));
    let source = "sources:\n  - id: s\n    agency: a\n    kind: local\n    trust:\n";
    expect![[r""]].assert_eq(&told(&format!("{source}      - methd: hwk\n        worth: aal2\n")));
    expect![[r""]].assert_eq(&told(&format!("{source}      - method: hwk\n        worth: aal4\n")));
}

/// What becomes of `before` when `after` is applied.
async fn check_plan(before: &Value, after: &Value, expected: &Expect) {
    let context = context().await;
    apply(&context, before).await.unwrap();
    let plan = apply_with(&context, after, true).await.unwrap();
    expected.assert_eq(&told(&plan));
}

#[tokio::test]
async fn a_plan_says_who_is_asked_for_what() {
    let usual = federation();
    let demands = |acr: &str| with("/relying_parties/0/required_acr", json!(acr));
    // The staff's own provider is trusted for two factors; guests have a password only.
    check_plan(&usual, &demands(MFA), &expect![[r""]]).await;
    check_plan(&demands(MFA), &demands("phr"), &expect![[r""]]).await;
    check_plan(&demands("phr"), &usual, &expect![[r""]]).await;
    let distrusted = changed(demands(MFA), "/sources/0/trusted_acr", json!([]));
    check_plan(&demands(MFA), &distrusted, &expect![[r""]]).await;
    check_plan(&distrusted, &demands(MFA), &expect![[r""]]).await;
    let strict = with("/agencies/0/factors", json!({"demand": MFA, "grace_days": 7}));
    check_plan(&usual, &strict, &expect![[r""]]).await;
    check_plan(&strict, &usual, &expect![[r""]]).await;
    let no_codes = with("/agencies/0/factors", json!({"demand": MFA, "totp": false}));
    check_plan(&strict, &no_codes, &expect![[r""]]).await;
}

#[tokio::test]
async fn a_plan_says_what_rules_of_factors_and_sessions_mean() {
    check_plan(&federation(), &demanding(), &expect![[r""]]).await;
    check_plan(&demanding(), &federation(), &expect![[r""]]).await;
}
