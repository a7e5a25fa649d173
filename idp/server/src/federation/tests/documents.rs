//! The administrators' pages explain every key and every attribute, and no others.

use std::path::Path;

use idp_domain::{FactorRules, attribute::REGISTRY, factor::PasskeyRules, session::Narrower};
use idp_oidc::op::ClientRegistration;
use idp_saml::idp::ServiceProviderRegistration;
use idp_sources::{
    oidc::OidcConnection,
    saml::{Exceptions, MetadataPlace, SamlConnection},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::federation::{
    file::{AccountEntry, AgencyEntry, RelyingPartyEntry, SourceEntry},
    trust::TrustEntry,
};

fn page() -> String {
    ["administrators", "assurance"].map(read).concat()
}

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    std::fs::read_to_string(folder.join(format!("{name}.md"))).unwrap()
}

/// The keys of `T`, as its parser lists them.
fn keys<T: DeserializeOwned>() -> Vec<String> {
    let error = serde_json::from_value::<T>(json!({"": Value::Null})).err().unwrap().to_string();
    let (_, listed) = error.split_once("expected one of ").unwrap();
    listed.split(", ").map(|key| key.trim_matches('`').to_owned()).collect()
}

#[test]
fn every_key_of_the_federation_file_is_explained() {
    let page = page();
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let keys = [
        keys::<AgencyEntry>(),
        keys::<FactorRules>(),
        keys::<PasskeyRules>(),
        keys::<Narrower>(),
        keys::<TrustEntry>(),
        keys::<SourceEntry>(),
        keys::<RelyingPartyEntry>(),
        keys::<AccountEntry>(),
        keys::<OidcConnection>(),
        keys::<ClientRegistration>(),
        keys::<SamlConnection>(),
        keys::<MetadataPlace>(),
        keys::<ServiceProviderRegistration>(),
    ]
    .concat();
    assert!(keys.len() > 100, "{keys:?}");
    for key in keys {
        let named = format!("`{key}`");
        let explains = |row: &&&str| row.split(" | ").next().unwrap().contains(&named);
        assert!(rows.iter().any(|row| explains(&row)), "{key} is not explained");
    }
}

#[test]
fn every_exception_of_encryption_is_explained() {
    let page = page();
    let row = page.lines().find(|line| line.starts_with("| `encryption` |")).unwrap();
    let exceptions = serde_json::from_value::<Exceptions>(json!({"": 1})).unwrap_err().to_string();
    let (_, listed) = exceptions.split_once("expected `").unwrap();
    for key in listed.split("` or `").map(|key| key.split('`').next().unwrap()) {
        assert!(row.contains(&format!("`{key}: ")), "{key}");
    }
}

#[test]
fn the_table_of_attributes_is_the_registry() {
    let page = page();
    let (_, table) = page.split_once("| canonical name |").unwrap();
    let rows: Vec<_> =
        table.lines().skip(2).take_while(|line| line.starts_with('|')).map(str::to_owned).collect();
    let expected = REGISTRY.iter().map(|def| {
        let values = if def.single { "one" } else { "many" };
        let scoped = if def.scoped { ", scoped" } else { "" };
        format!(
            "| `{}` | `{}` | `{}` | {values}{scoped} | `{}` |",
            def.name, def.claim, def.scope, def.uri
        )
    });
    assert_eq!(rows, expected.collect::<Vec<_>>());
}
