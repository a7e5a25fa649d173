//! What applying a file does, and what doing it again does not.

use std::{fs, path::Path};

use expect_test::expect;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    ISSUER, PARTY_SECRET, PASSWORD, SOURCE_SECRET, apply, apply_with, changed, context, context_in,
    exported, federation, mirror, saml, stored, told, trail, with,
};
use crate::federation::{ApplyError, apply::prepare, export::Format, file::FederationFile, read};

#[tokio::test]
async fn a_file_is_applied_and_the_trail_says_so() {
    let context = context().await;
    let plan = apply(&context, &federation()).await.unwrap();
    expect![[r#"
        Create agencies/una: 
        Create sources/guests: people can sign in through guests
        Create sources/staff: people can sign in through staff
        Create relying_parties/portal: portal can ask for logins
        AccountCount { source: "guests", created: 1, updated: 0 }"#]]
    .assert_eq(&told(&plan));
    let rows = trail(&context).await;
    let rows = rows.iter().filter(|row| row.kind == "federation.applied");
    let rows: Vec<_> = rows
        .map(|row| {
            let event = row.event().unwrap();
            let detail = event.detail.iter().filter(|(name, _)| *name != "subject");
            let detail: Vec<_> = detail.map(|(name, value)| format!("{name}={value}")).collect();
            format!("{} {:?} {}", event.reason, event.source, detail.join(", "))
        })
        .collect();
    expect![[r"
         None created=4, first=agencies/una sources/guests sources/staff relying_parties/portal, removed=0, updated=0, version=1
        account_created Some(SourceId(guests)) "]].assert_eq(&rows.join("\n"));
}

#[tokio::test]
async fn applying_twice_changes_nothing() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let (docs, rows) = (stored(&context).await, trail(&context).await);
    let again = apply_with(&context, &federation(), true).await.unwrap();
    assert!(again.is_empty(), "{}", told(&again));
    assert_eq!(stored(&context).await, docs);
    assert_eq!(trail(&context).await, rows);
}

#[tokio::test]
async fn a_plan_writes_nothing() {
    let context = context().await;
    let file = read::parse(&federation().to_string(), Path::new("f.json")).unwrap();
    let prepared = prepare(&context, file, true).await.unwrap();
    assert_eq!(prepared.plan.counts(), [4, 0, 0]);
    assert!(stored(&context).await.docs.is_empty());
    assert!(trail(&context).await.is_empty());
}

#[tokio::test]
async fn what_is_exported_changes_nothing_when_applied_in_any_format() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    for (format, name) in
        [(Format::Yaml, "f.yaml"), (Format::Json, "f.json"), (Format::Toml, "f.toml")]
    {
        let text = exported(&context, format).await;
        let file = read::parse(&text, Path::new(name)).unwrap();
        let plan = context.apply(file, true).await.unwrap();
        assert!(plan.is_empty(), "{name}: {}\n{text}", told(&plan));
        assert_eq!(exported(&context, format).await, text, "the same text each time");
    }
}

#[tokio::test]
async fn an_export_reads_like_a_file_that_somebody_wrote() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let text = exported(&context, Format::Yaml).await;
    let lines = text.lines().map(|line| match line.split_once("sealed: ") {
        Some((before, _)) => format!("{before}sealed: …"),
        None => line.to_owned(),
    });
    expect![[r"
        agencies:
        - id: una
          names:
            en: Agency A
            fr: Agence A
          domains:
          - una.example
          scopes:
          - una.example
        sources:
        - id: guests
          agency: una
          kind: local
        - id: staff
          agency: una
          kind: oidc
          trusted_acr:
          - https://refeds.org/profile/mfa
          connection:
            client_id: broker
            client_secret:
              sealed: …
            issuer: https://op.una.example
        relying_parties:
        - id: portal
          agency: una
          kind: oidc
          names:
            en: Portal
          connection:
            client_secrets:
            - sha256: 3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9
            redirect_uris:
            - https://portal.example/cb"]]
    .assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

#[tokio::test]
async fn no_secret_is_in_the_database_an_export_the_trail_or_a_debug_text() {
    let context = context().await;
    let parsed = read::parse(&federation().to_string(), Path::new("f.json")).unwrap();
    let mut texts = vec![format!("{parsed:?}")];
    let plan = context.apply(parsed, false).await.unwrap();
    texts.extend([format!("{plan:?}"), serde_json::to_string(&plan).unwrap()]);
    texts.push(format!("{:?}", stored(&context).await));
    for format in [Format::Yaml, Format::Json, Format::Toml] {
        texts.push(exported(&context, format).await);
    }
    texts.push(format!("{:?}", trail(&context).await));
    for text in texts {
        for secret in [SOURCE_SECRET, PARTY_SECRET, PASSWORD, "$argon2id$", "eve@una"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
}

#[tokio::test]
async fn a_new_secret_is_the_only_change() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let file = with("/sources/0/connection/client_secret", json!("another secret of ours"));
    let file = changed(file, "/relying_parties/0/connection/client_secret", json!("f".repeat(64)));
    expect![[r#"
        Update(["connection.client_secret"]) sources/staff: 
        Update(["connection.client_secrets"]) relying_parties/portal: "#]]
    .assert_eq(&told(&apply(&context, &file).await.unwrap()));
    assert!(apply(&context, &file).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_not_named_stays_unless_it_is_pruned() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let only = json!({"agencies": federation()["agencies"]});
    assert!(apply(&context, &only).await.unwrap().is_empty());
    let plan = apply_with(&context, &only, true).await.unwrap();
    expect![[r"
        Remove sources/guests: nobody can sign in through guests any more
        Remove sources/staff: nobody can sign in through staff any more
        Remove relying_parties/portal: portal gets no logins any more"]]
    .assert_eq(&told(&plan));
    assert_eq!(stored(&context).await.docs.len(), 1);
}

#[tokio::test]
async fn a_part_of_a_federation_may_rest_on_what_is_there() {
    let context = context().await;
    apply(&context, &federation()).await.unwrap();
    let party = changed(federation()["relying_parties"][0].clone(), "/id", json!("other"));
    let part = json!({"relying_parties": [party]});
    assert_eq!(apply(&context, &part).await.unwrap().counts(), [1, 0, 0]);
}

#[tokio::test]
async fn of_two_changes_made_at_once_the_later_is_refused_whole() {
    let context = context().await;
    let file = |id: &str| {
        let text = json!({"agencies": [{"id": id, "names": {"en": id}}]}).to_string();
        read::parse(&text, Path::new("f.json")).unwrap()
    };
    let first = prepare(&context, file("a"), false).await.unwrap();
    let second = prepare(&context, file("b"), false).await.unwrap();
    first.commit(&context).await.unwrap();
    let error = second.commit(&context).await.unwrap_err();
    assert!(matches!(error, ApplyError::Conflict), "{error}");
    assert_eq!(stored(&context).await.docs.len(), 1);
}

#[tokio::test]
async fn documents_of_kinds_that_are_not_known_are_left_alone() {
    use idp_store::{Act, Unit, federation::Changes, federation::DocChange};
    let context = context().await;
    let text = Some("{\"x\": 1}".to_owned());
    let doc = DocChange { kind: "policy".to_owned(), id: "p".to_owned(), text };
    let act = Act::ChangeFederation(Changes { against: 0, docs: vec![doc.clone()] });
    context.store.journal.commit(Unit::new(act, Vec::new())).await.unwrap();
    apply_with(&context, &federation(), true).await.unwrap();
    assert!(stored(&context).await.docs.iter().any(|found| found.id == doc.id));
    assert!(!exported(&context, Format::Yaml).await.contains("policy"));
}

/// The example of the documentation, with the secrets that it names beside it.
#[tokio::test]
async fn the_example_of_the_documentation_can_be_applied_and_served() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/federation.yaml");
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("secrets")).unwrap();
    for name in ["una-staff", "unb", "portal", "nightly-report", "ana"] {
        let secret = format!("{name} keeps a long and winding secret\n");
        fs::write(folder.path().join("secrets").join(name), secret).unwrap();
    }
    fs::create_dir(folder.path().join("metadata")).unwrap();
    let acs = "https://wiki.una.example/acs";
    let wiki = saml::service("https://wiki.una.example/metadata", acs, "");
    fs::write(folder.path().join("metadata/wiki.xml"), wiki).unwrap();
    let context = context_in(folder.path()).await;
    let plan = context.apply(read::read(&example).unwrap(), true).await.unwrap();
    assert_eq!(plan.counts(), [12, 0, 0]);
    assert_eq!(plan.accounts.len(), 1);
    let again = context.apply(read::read(&example).unwrap(), true).await.unwrap();
    assert!(again.is_empty(), "{}", told(&again));
    let mut mirror = mirror(&context);
    mirror.take(stored(&context).await);
    let built = mirror.news().unwrap();
    assert_eq!(built.catalog.counts(), (4, 4, 4));
    assert!(built.service_providers.called("https://wiki.una.example/metadata").is_some());
    assert_eq!(built.origins.into_iter().collect::<Vec<_>>(), ["https://map.una.example"]);
    assert_eq!(ISSUER, context.issuer);
}

/// A text that formats are tempted to read as something else.
fn nasty() -> impl Strategy<Value = String> {
    let known = [
        "\u{2000}",
        "null",
        "~",
        "yes",
        "0x1F",
        "1e3",
        "2026-01-01",
        "<<",
        "- a",
        "a: b",
        "# x",
        "'",
        "\"",
    ];
    prop_oneof![
        proptest::sample::select(known.map(str::to_owned).to_vec()),
        "[ -~]{1,20}",
        "\\PC{1,20}",
    ]
}

proptest! {
    #[test]
    fn every_text_survives_every_format(texts in proptest::collection::vec(nasty(), 3), number in 0..u32::MAX) {
        let file: FederationFile = serde_json::from_value(json!({
            "agencies": [{"id": "1e3", "names": {"en": texts[0]}, "aliases": [texts[1]]}],
            "relying_parties": [{
                "id": "007", "agency": "1e3", "kind": "oidc", "names": {"ar": texts[2]},
                "connection": {"number": number, texts[0].as_str(): [texts[1], {"x": texts[2]}], "yes": true},
            }],
        })).unwrap();
        for (format, name) in
            [(Format::Yaml, "f.yaml"), (Format::Json, "f.json"), (Format::Toml, "f.toml")]
        {
            let text = crate::federation::export::write(&file, format).unwrap();
            let back = read::parse(&text, Path::new(name));
            prop_assert_eq!(back.map_err(|error| error.to_string()), Ok(file.clone()), "{}", text);
        }
    }
}

#[test]
fn a_key_without_a_value_is_none() {
    let value: Value =
        json!({"id": "p", "agency": "a", "kind": "local", "connection": {"accounts": null}});
    let file = json!({"agencies": [{"id": "a", "names": {"en": "A"}}], "sources": [value]});
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let plan = runtime.block_on(async { apply(&context().await, &file).await.unwrap() });
    assert_eq!(plan.counts(), [2, 0, 0]);
}
