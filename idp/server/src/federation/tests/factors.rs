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
            approve_access_passes: true
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
          sessions:
            absolute_minutes: 480
        sources:
        - id: guests
          agency: una
          kind: local
        - id: staff"]]
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
        &expect![[r"
            agencies/una: factors.demand: `https://refeds.org/profile/mfaa` is no context that can be proven here; did you mean `https://refeds.org/profile/mfa`?
            agencies/una: factors.grace_days: 365 days are too many; 180 is the most
            agencies/una: factors.remember_device_days: 400 days are too many; 90 is the most
            agencies/una: factors.passkeys.only: an AAGUID is written as a UUID: 8-4-4-4-12 hexadecimal digits
            agencies/una: factors.passkeys.only: an all-zero AAGUID is what authenticators say that name no model"]],
    )
    .await;
    let model = "08080808-0808-0808-0808-080808080808";
    check_refused(
        "/agencies/0/factors",
        json!({"grace_days": 3, "passkeys": {"only": [model], "never": [model]}}),
        &expect![[r"
            agencies/una: factors.grace_days: there is nothing to wait for: `demand` names no second factor
            agencies/una: factors.passkeys.never: 08080808-0808-0808-0808-080808080808 stands under `only`, too"]],
    )
    .await;
    check_refused(
        "/agencies/0/sessions",
        json!({"idle_minutes": 0}),
        &expect!["agencies/una: sessions.idle_minutes: it must last for a while"],
    )
    .await;
    check_refused(
        "/relying_parties/0/sessions",
        json!({"factor_minutes": 0}),
        &expect!["relying_parties/portal: sessions.factor_minutes: it must last for a while"],
    )
    .await;
    check_refused("/sources/0/trust", json!([{"method": "otp", "worth": "aal1"}]), &expect!["sources/staff: trust[0].worth: every sign-in is worth `aal1`; write `verify: true`, or leave it out"])
        .await;
}

#[test]
fn a_slip_in_the_names_of_rules_is_told_with_line_and_likely_meaning() {
    let told = |yaml: &str| read::parse(yaml, Path::new("f.yaml")).unwrap_err().to_string();
    let agency = "agencies:\n  - id: a\n    names: { en: A }\n    factors:\n";
    expect!["f.yaml:5: unknown key `totpp`; did you mean `totp`?"]
        .assert_eq(&told(&format!("{agency}      totpp: false\n")));
    expect!["f.yaml:5: unknown value `access-pass`; did you mean `access_pass`?"]
        .assert_eq(&told(&format!("{agency}      enrol_with: access-pass\n")));
    let source = "sources:\n  - id: s\n    agency: a\n    kind: local\n    trust:\n";
    expect!["f.yaml:6: unknown key `methd`; did you mean `method`?"]
        .assert_eq(&told(&format!("{source}      - methd: hwk\n        worth: aal2\n")));
    expect!["f.yaml:7: unknown value `aal4`; did you mean `aal1`?"]
        .assert_eq(&told(&format!("{source}      - method: hwk\n        worth: aal4\n")));
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
    check_plan(&usual, &demands(MFA), &expect![[r#"Update(["required_acr"]) relying_parties/portal: people of una (through guests) will be asked for a second factor"#]]).await;
    check_plan(&demands(MFA), &demands("phr"), &expect![[r#"Update(["required_acr"]) relying_parties/portal: people of una will be asked for a passkey"#]]).await;
    check_plan(&demands("phr"), &usual, &expect![[r#"Update(["required_acr"]) relying_parties/portal: people of una are no longer asked for more"#]]).await;
    let distrusted = changed(demands(MFA), "/sources/0/trusted_acr", json!([]));
    check_plan(&demands(MFA), &distrusted, &expect![[r#"Update(["trusted_acr"]) sources/staff: its claims of strong sign-in count differently; who signs in through staff will be asked for a second factor by portal"#]]).await;
    check_plan(&distrusted, &demands(MFA), &expect![[r#"Update(["trusted_acr"]) sources/staff: its claims of strong sign-in count differently; who signs in through staff is no longer asked for more by portal"#]]).await;
    let strict = with("/agencies/0/factors", json!({"demand": MFA, "grace_days": 7}));
    check_plan(&usual, &strict, &expect![[r#"Update(["factors"]) agencies/una: people of una will be asked for a second factor at every sign-in; those who come through staff prove it there; new accounts have 7 days until then"#]]).await;
    check_plan(&strict, &usual, &expect![[r#"Update(["factors"]) agencies/una: people of una are no longer asked for more than their sign-in"#]]).await;
    let no_codes = with("/agencies/0/factors", json!({"demand": MFA, "totp": false}));
    check_plan(&strict, &no_codes, &expect![[r#"Update(["factors.grace_days", "factors.totp"]) agencies/una: people of una will be asked for a passkey at every sign-in; new accounts have no grace any more; codes of apps are not accepted any more: who has nothing else must enrol a passkey"#]]).await;
}

#[tokio::test]
async fn a_plan_says_what_rules_of_factors_and_sessions_mean() {
    check_plan(&federation(), &demanding(), &expect![[r#"
        Update(["factors", "sessions"]) agencies/una: people of una will be asked for a second factor at every sign-in; those who come through staff prove it there; new accounts have 14 days until then; who has no factor is asked to enrol one, and may say later; recovery codes are not accepted any more; who has no factor needs an access pass to enrol one; a device may stand for a second factor for 7 days; each access pass waits for a second person; other passkeys can be registered than before; those that are stay; a session that began 480 minutes ago counts no longer for its people; note: makers are those of the file that [passkeys] metadata names; without it nobody can register a passkey
        Update(["trust"]) sources/staff: its claims of strong sign-in count differently
        Update(["required_acr", "sessions"]) relying_parties/portal: people of una (through guests) will be asked for a passkey; a session that was not used 15 minutes ago counts no longer towards it; a factor that was proven 30 minutes ago counts no longer towards it"#]]).await;
    check_plan(&demanding(), &federation(), &expect![[r#"
        Update(["factors", "sessions"]) agencies/una: people of una are no longer asked for more than their sign-in; nobody is asked to enrol a factor without need; recovery codes are given out and accepted; a fresh sign-in is enough to enrol a first factor; devices are not remembered any more; access passes count without a second person; other passkeys can be registered than before; those that are stay; a session that began counts as long as the broker lets it, for its people
        Update(["trust"]) sources/staff: its claims of strong sign-in count differently
        Update(["required_acr", "sessions"]) relying_parties/portal: people of una are no longer asked for more; a session that was not used counts as long as the broker lets it, towards it; a factor that was proven counts as long as the broker lets it, towards it"#]]).await;
}
