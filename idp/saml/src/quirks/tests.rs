//! Shows that the presets are whole, and writes the page that lists them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use expect_test::expect_file;
use idp_domain::{Acr, attribute::by_name};
use serde_json::{Value, json};

use super::{FILES, Preset, Quirk, fill};

#[test]
fn every_preset_can_be_read_and_found() {
    assert_eq!(Preset::all().len(), FILES.len());
    for (name, text) in FILES {
        let preset: Result<Preset, _> = toml::from_str(text);
        assert!(preset.is_ok(), "{name}: {preset:?}");
        assert_eq!(Preset::find(name).unwrap().name, name);
    }
    assert_eq!(Preset::find("Entra-ID"), None);
}

#[test]
fn every_key_is_set_once_and_has_a_reason() {
    for preset in Preset::all() {
        for quirks in [&preset.source, &preset.service] {
            let keys: BTreeSet<_> = quirks.iter().map(|quirk| &quirk.key).collect();
            assert_eq!(keys.len(), quirks.len(), "{}", preset.name);
            let reasons = quirks.iter().map(|quirk| &quirk.because);
            for text in reasons.chain(&preset.advice) {
                assert!(text.ends_with('.') && text.len() > 20, "{}: {text}", preset.name);
            }
        }
    }
}

#[test]
fn no_preset_lets_a_weak_cipher_pass_or_people_come_unasked() {
    for preset in Preset::all() {
        for quirk in preset.source.iter().chain(&preset.service) {
            let text = quirk.value.to_string();
            assert!(!text.contains("cbc"), "{}", preset.name);
            let harmless = !quirk.key.starts_with("danger_")
                && !["idp_initiated", "unsolicited", "sign_requests"].contains(&&*quirk.key);
            assert!(harmless, "{}: {}", preset.name, quirk.key);
        }
    }
}

#[test]
fn attributes_and_contexts_are_named_as_the_house_names_them() {
    for preset in Preset::all() {
        for quirk in &preset.source {
            let Value::Object(table) = &quirk.value else { continue };
            match quirk.key.as_str() {
                "attributes" => {
                    assert!(table.keys().all(|name| by_name(name).is_some()), "{}", preset.name);
                }
                "acr" => {
                    let ours = table.values().map(|value| value.as_str().unwrap());
                    assert!(ours.clone().count() > 0);
                    assert!(ours.into_iter().all(|acr| acr.parse::<Acr>().is_ok()));
                }
                _ => {}
            }
        }
    }
}

#[test]
fn what_the_operator_wrote_stands() {
    let Value::Object(mut written) = json!({
        "request_acr": "exact",
        "attributes": { "mail": "e-mail" },
        "encryption": { "allow_oaep_sha1": false },
    }) else {
        unreachable!()
    };
    fill(&mut written, &Preset::find("entra-id").unwrap().source);
    assert_eq!(written["request_acr"], "exact");
    assert_eq!(written["attributes"]["mail"], "e-mail");
    assert_eq!(
        written["attributes"]["sn"],
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname"
    );
    assert_eq!(written["encryption"]["allow_oaep_sha1"], false);
    assert_eq!(written["name_id_format"], "persistent");
}

fn table(page: &mut String, of: &str, quirks: &[Quirk]) {
    if quirks.is_empty() {
        return;
    }
    write!(page, "\n{of}\n\n| key | value | because |\n|---|---|---|\n").unwrap();
    for Quirk { key, value, because } in quirks {
        writeln!(page, "| `{key}` | `{value}` | {because} |").unwrap();
    }
}

#[test]
fn the_page_of_the_presets_is_current() {
    let mut page = "# Presets of SAML products\n\n\
        Written by a test from `idp/saml/src/presets`; do not edit.\n\n\
        `preset: entra-id` in a connection or a registration sets the keys that are left out there.\n\
        What is written there stands; where both are tables, entry by entry.\n\
        No preset lets a weak cipher or an unsigned answer pass.\n"
        .to_owned();
    for preset in Preset::all() {
        write!(page, "\n## `{}`: {}\n", preset.name, preset.product).unwrap();
        if !preset.advice.is_empty() {
            page.push('\n');
        }
        for advice in &preset.advice {
            writeln!(page, "* {advice}").unwrap();
        }
        table(&mut page, "As a source:", &preset.source);
        table(&mut page, "As a service provider:", &preset.service);
    }
    expect_file!["../../../../docs/generated/saml-presets.md"].assert_eq(&page);
}
